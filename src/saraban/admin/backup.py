"""`bin/saraban backup DIR`: the database as of one moment and every file that it names, while the programs run.

The database goes first: a file that it names was written before and is never changed, so it is still there. Run again into
the same folder it copies only the files that are new.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from tqdm import tqdm

from saraban.admin import boot, lastbackup
from saraban.admin.dumps import dump_of
from saraban.admin.storage import store
from saraban.classification import master
from saraban.ledger import sealkey

HELP = "copy the database and all files to a folder; a second run copies what is new"
MANIFEST = "backup.json"
FORMAT = 1
KEPT = ("demo-password", "admin-password", "demo-ca")
"""What else of SARABAN_VAR cannot be made again. Not the key of secret letters: who gets the backup must not read them. Not
the key of the audit trail: who has both can write another trail."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the subcommand."""
    parser.add_argument("directory", type=Path, metavar="DIR", help="an empty folder, or one with an earlier backup")


def run(options: argparse.Namespace) -> int:
    """Dump, files, manifest; the manifest goes away first and comes back last, so that a half backup has none."""
    target: Path = options.directory
    if target.exists() and any(target.iterdir()) and not (target / "blobs").is_dir():
        print(f"{target} holds something that is not a backup.", file=sys.stderr)
        return 2
    os.umask(0o027)
    (target / "blobs").mkdir(parents=True, exist_ok=True)
    (target / MANIFEST).unlink(missing_ok=True)

    source = store()
    dump = dump_of(source)
    if dump.is_empty():
        print("There is nothing to back up yet.", file=sys.stderr)
        return 1
    print(f"Database ({source.kind})", flush=True)
    beside = target / f"new-{dump.file}"
    dump.write(beside)
    beside.replace(target / dump.file)
    count, size = copy_blobs(source.blobs, target / "blobs")
    for name in KEPT:
        _keep(boot.var() / name, target / name)
    manifest = {
        "format": FORMAT,
        "kind": source.kind,
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "database": {"file": dump.file, "sha256": digest(target / dump.file), "size": (target / dump.file).stat().st_size},
        "blobs": {"count": count, "size": size},
    }
    (target / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n", "utf-8")
    lastbackup.note(target, manifest)
    print(f"Backed up to {target}: database {manifest['database']['size']} bytes, {count} files of {size} bytes")  # type: ignore[index]
    if master.holder().exists():
        print(f"Not in it: {master.holder().place}. Without a copy elsewhere secret letters can never be read again.")
    if sealkey.path().exists():
        print(f"Not in it: {sealkey.path()}. Without a copy elsewhere the audit trail can neither be checked nor go on.")
    return 0


def blob_files(folder: Path) -> Iterator[Path]:
    """The files of documents, below RelStorage's folder, as paths relative to it; its own bookkeeping left out."""
    for path, folders, names in os.walk(folder):
        here = Path(path)
        if here == folder and "tmp" in folders:
            folders.remove("tmp")
        folders.sort()
        for name in sorted(names):
            if name.endswith(".blob"):
                yield (here / name).relative_to(folder)


def copy_blobs(source: Path, target: Path) -> tuple[int, int]:
    """Copies the files that are not there in the same size, and the layout's name; how many there are, and their size."""
    count = size = 0
    layout = source / ".layout"
    if layout.exists():
        shutil.copy2(layout, target / ".layout")
    wanted = set()
    for name in tqdm(blob_files(source), desc="files", unit="file", disable=None):
        wanted.add(name)
        length = (source / name).stat().st_size
        copy = target / name
        if not (copy.exists() and copy.stat().st_size == length):
            copy.parent.mkdir(parents=True, exist_ok=True)
            beside = copy.with_name(copy.name + ".new")
            shutil.copy2(source / name, beside)
            beside.replace(copy)
        count += 1
        size += length
    for name in blob_files(target):
        if name not in wanted:
            (target / name).unlink()
    return count, size


def _keep(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, dirs_exist_ok=True)
    elif source.exists():
        shutil.copy2(source, target)


def digest(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
