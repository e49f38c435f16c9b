"""`styles`: the sheets listed, and installed into matplotlib's user library."""

import argparse
import hashlib
from pathlib import Path

import matplotlib

from mpl_dantinox.command.status import Status
from mpl_dantinox.files import write_whole
from mpl_dantinox.registry import SHEETS

__all__ = ["styles"]

_STAMP = "# Installed by mpl-dantinox; sha256 of the lines below: "


def styles(args: argparse.Namespace) -> int:
    """List, install or uninstall the sheets; one that was edited is left alone unless forced."""
    folder = Path(matplotlib.get_configdir()) / "stylelib"
    for sheet in sorted(SHEETS.glob("*.mplstyle"), key=lambda sheet: sheet.stem):
        target = folder / sheet.name
        if not (args.install or args.uninstall):
            # The first sentence of its opening comment, after its name.
            words = sheet.read_text(encoding="utf-8").partition("\n")[0].lstrip("# ")
            print(f"{sheet.stem:<18}{words.partition(': ')[2] or words}")
        elif target.exists() and _edited(target) and not args.force:
            print(f"{target}: left alone, it was edited; --force overrides")
        elif args.install:
            body = sheet.read_bytes()
            write_whole(target, f"{_STAMP}{hashlib.sha256(body).hexdigest()}\n".encode() + body)
            print(f"{target}: installed")
        elif target.exists():
            target.unlink()
            print(f"{target}: removed")
    return Status.DONE


def _edited(installed: Path) -> bool:
    """Tell whether a sheet in the user library is not as it was installed."""
    stamp, _, body = installed.read_bytes().partition(b"\n")
    return stamp.decode(errors="replace") != f"{_STAMP}{hashlib.sha256(body).hexdigest()}"
