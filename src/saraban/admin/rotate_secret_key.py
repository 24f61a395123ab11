"""`bin/saraban rotate-secret-key`: a new key of the installation for secret letters."""

from __future__ import annotations

import argparse
import sys

from saraban.admin import boot

HELP = "give the installation a new key for secret letters, and wrap the key of every letter with it"


def arguments(parser: argparse.ArgumentParser) -> None:
    """None."""


def run(options: argparse.Namespace) -> int:
    """The programs may run meanwhile, where they reach the same key."""
    from tqdm import tqdm

    from saraban.classification import master, rotation
    from saraban.classification.errors import SecretKeyMissing

    with boot.site() as site:
        try:
            with tqdm(total=rotation.count(site), unit="letter", desc="keys", disable=None) as bar:
                number = rotation.rotate(site, bar.update)
        except SecretKeyMissing:
            print(f"The key that letters are sealed with is not in {master.holder().place}.", file=sys.stderr)
            return 1
    place = master.holder().place
    print(f"{number} keys wrapped anew. Keep a copy of {place}, and of the former one as long as backups need it.")
    return 0
