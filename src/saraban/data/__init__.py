"""Tables that the programs read: the agencies of the demo city and their sections."""

from __future__ import annotations

import csv
from importlib import resources


def table(name: str) -> list[dict[str, str]]:
    """The rows of a CSV file of this folder."""
    text = resources.files("saraban.data").joinpath(f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
