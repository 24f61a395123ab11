"""When the last backup was made, for the administration page. A note beside the data, and in no backup."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from saraban.admin import boot
from saraban.ledger import clock

NAME = "last-backup.json"
LATE = timedelta(days=2)
"""A backup each night is meant; one may fail."""


@dataclass(frozen=True)
class LastBackup:
    """What was backed up last."""

    made_at: datetime
    """UTC, without zone."""
    place: str
    database: int
    """Bytes."""
    files: int
    files_size: int

    @property
    def late(self) -> bool:
        """Whether it is time for another."""
        return clock.now() - self.made_at > LATE


def note(target: Path, manifest: Mapping[str, Any]) -> None:
    """Keeps what a backup's manifest says, where the pages find it; says so where it cannot: the backup is whole without."""
    try:
        (boot.var() / NAME).write_text(json.dumps({"place": str(target.resolve()), **manifest}) + "\n", "utf-8")
    except OSError as error:
        print(f"The administration page cannot tell of this backup: {error}", file=sys.stderr)


def last_backup() -> LastBackup | None:
    """The last backup of this machine; None where none was made, or the note cannot be read."""
    try:
        found = json.loads((boot.var() / NAME).read_text("utf-8"))
        made_at = datetime.fromisoformat(found["made_at"]).astimezone(UTC).replace(tzinfo=None)
        blobs = found["blobs"]
        return LastBackup(made_at, found["place"], found["database"]["size"], blobs["count"], blobs["size"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
