"""`bin/saraban announce`: waits until the site answers, then says where it is and who may log in."""

from __future__ import annotations

import argparse
import http.client
import os
import time

from saraban.admin import boot
from saraban.admin.passwords import demo_password

HELP = "wait until the site answers; print its address and the demo accounts"

ACCOUNTS = (
    ("registrar.district-dusit", "ลงรับและส่งหนังสือ สำนักงานเขตดุสิต"),
    ("officer.district-dusit", "เจ้าหน้าที่ฝ่ายปกครองของเขต ร่างหนังสือ"),
    ("director.district-dusit", "ผู้อำนวยการเขต ลงนามและสั่งการ"),
    ("registrar.permanent-secretary-secretariat", "ลงรับและส่งหนังสือ สำนักงานเลขานุการปลัดกรุงเทพมหานคร"),
    ("site-admin", "ผู้ดูแลระบบ"),
    ("auditor", "ผู้ตรวจสอบ"),
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the subcommand."""
    parser.add_argument("--seconds", type=int, default=300, help="give up after so many seconds (300)")
    parser.add_argument("--stop", default="", metavar="TEXT", help="how the reader stops it again")


def answers(host: str, port: int) -> bool:
    """Whether the site answers a request now, with anything but an error of its own."""
    connection = http.client.HTTPConnection(host, port, timeout=30)
    try:
        connection.request("GET", f"/{boot.SITE}/login")
        return connection.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def run(options: argparse.Namespace) -> int:
    """Polls the login page; the first answer also warms the process up for the first person."""
    host = os.environ.get("SARABAN_HOST", "127.0.0.1")
    port = int(os.environ.get("SARABAN_PORT", "8080"))
    asked = "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104 - only compared
    end = time.monotonic() + options.seconds
    while not answers(asked, port):
        if time.monotonic() > end:
            print(f"The site did not answer within {options.seconds} s: see {boot.var()}/log")
            return 1
        time.sleep(0.25)
    shown = "localhost" if host in ("127.0.0.1", "::1") else host
    print(f"\n  Saraban: http://{shown}:{port}/{boot.SITE}\n  Logs:    {boot.var()}/log", flush=True)
    password = demo_password()
    if password:
        print(text(password), end="")
    if options.stop:
        print(f"\n  {options.stop}")
    print(flush=True)
    return 0


def text(password: str) -> str:
    """What the terminal shows of the demo accounts."""
    shown = [f"    {person:<45} {what}" for person, what in ACCOUNTS]
    return "\n".join(["", f"  Demo accounts, password {password}", *shown, "  All accounts: README.md", ""])
