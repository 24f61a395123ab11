"""`bin/saraban restore DIR`: puts a backup in the place that the built profile names. The programs must not run."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
from pathlib import Path

from saraban.admin import boot
from saraban.admin.backup import FORMAT, KEPT, MANIFEST, blob_files, copy_blobs, digest
from saraban.admin.dumps import dump_of
from saraban.admin.storage import store
from saraban.classification import master
from saraban.ledger import sealkey

HELP = "put a backup in place of an empty database, or with --force of what is there"


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the subcommand."""
    parser.add_argument("directory", type=Path, metavar="DIR", help="a folder that `backup` wrote")
    parser.add_argument("--force", action="store_true", help="replace the data that are there")


def run(options: argparse.Namespace) -> int:
    """Refuses what would lose data; then database, files, and away with files that are younger than the database."""
    source: Path = options.directory
    target = store()
    dump = dump_of(target)
    trouble = _trouble(source, target.kind)
    if not trouble and boot.is_running():
        trouble = "The programs run: make stop first."
    if not trouble and not options.force and not (dump.is_empty() and not any(blob_files(target.blobs))):
        trouble = "There are data already: --force replaces them."
    if trouble:
        print(trouble, file=sys.stderr)
        return 1

    os.umask(0o027)
    print(f"Database ({target.kind})", flush=True)
    dump.read(source / dump.file)
    count, size = copy_blobs(source / "blobs", target.blobs)
    dropped = _drop_younger(target.blobs, dump.last_transaction())
    for name in KEPT:
        if (source / name).is_file():
            shutil.copy2(source / name, boot.var() / name)
        elif (source / name).is_dir():
            shutil.copytree(source / name, boot.var() / name, dirs_exist_ok=True)
    # Tables and profile are brought up to date before the next start.
    for mark in boot.var().glob("created-*"):
        mark.unlink()
    print(f"Restored from {source}: {count - dropped} files of {size} bytes. Next: bin/saraban check")
    print(f"The key of secret letters is in no backup: where there are any, put its copy at {master.holder().place}.")
    print(f"So is the key of the audit trail: put its copy at {sealkey.path()}.")
    return 0


def _trouble(source: Path, kind: str) -> str:
    """Why this folder cannot be restored here; empty if it can."""
    try:
        manifest = json.loads((source / MANIFEST).read_text("utf-8"))
    except FileNotFoundError:
        return f"{source} holds no finished backup."
    if manifest["format"] != FORMAT:
        return f"The backup has format {manifest['format']}, this program reads {FORMAT}."
    if manifest["kind"] != kind:
        return f"The backup is of {manifest['kind']}, the profile's database is {kind}."
    if digest(source / manifest["database"]["file"]) != manifest["database"]["sha256"]:
        return "The database's dump is not as it was written."
    return ""


def _drop_younger(blobs: Path, last: int) -> int:
    """Files of transactions after the dump came into the backup while it was made."""
    dropped = 0
    for name in list(blob_files(blobs)):
        if int(name.name.removesuffix(".blob"), 16) > last:
            (blobs / name).unlink()
            dropped += 1
    return dropped
