"""`plot`: figures from a table, and their facts, written whole or not at all."""

import argparse
import json
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib.style

from mpl_dantinox.command import prose
from mpl_dantinox.command.options import keywords
from mpl_dantinox.command.progress import progress
from mpl_dantinox.command.status import Status
from mpl_dantinox.command.summary import summary
from mpl_dantinox.files import write_all
from mpl_dantinox.insights import definitions
from mpl_dantinox.insights.report import Report, report
from mpl_dantinox.nearest import Catalogue
from mpl_dantinox.tables.describe import command, suggestion
from mpl_dantinox.tables.runs import ROLES, NoDataError

__all__ = ["KINDS", "plot"]

#: The formats of the figures.
KINDS = ("png", "svg", "pdf")


def plot(args: argparse.Namespace) -> int:
    """Draw the figures that were asked for, write them and their facts, and say what they say."""
    options = keywords(args)
    names = [name for name in definitions() if not args.insight or name in args.insight]
    kinds = list(dict.fromkeys(args.format or ["png"]))
    figures: dict[Path, bytes] = {}
    headlines = []
    with (
        progress(1 + len(names) * (1 + len(kinds)), quiet=args.quiet) as step,
        matplotlib.style.context(_sheets(args.style), after_reset=True),
        warnings.catch_warnings(record=True) as warned,
    ):
        warnings.simplefilter("always")
        step("reading")
        made = report(args.table, insights=_stepping(step, names), **options)
        if not made.insights:
            raise NoDataError(_nothing(made, definitions()[names[0]].needs, args, options))
        for name, insight in made.insights.items():
            for kind in kinds:
                step(f"saving {_file(name)}")
                path = args.output / f"{_file(name)}.{kind}"
                figures[path] = insight.render(kind)
                headlines.append(f"{path}: {insight.headline}")
    facts = made.to_dict()
    texts = {"facts.json": json.dumps(facts, indent=2, ensure_ascii=False, allow_nan=False) + "\n"}
    texts |= prose.files(facts) if args.prose else {}
    files = figures | {args.output / name: text.encode() for name, text in texts.items()}
    stale = [path for path in _drawn_before(args.output) if path not in files]
    write_all(files)
    for path in stale:
        path.unlink()
    if args.json:
        print(texts["facts.json"], end="")
    if not args.quiet:
        said = [
            *made.notes,
            *_warnings_said(str(warning.message) for warning in warned),
            *(f"{_file(name)}: skipped, {why}" for name, why in made.skipped.items()),
            *headlines,
            *(str(args.output / name) for name in texts),
            *(f"{path}: removed, it was of the facts before" for path in stale),
            "",
            *summary(facts),
        ]
        print("\n".join(said), file=sys.stderr if args.json else sys.stdout)
    return Status.DONE


def _warnings_said(messages: Iterable[str]) -> list[str]:
    """Return each warning once, and those on glyphs that the font lacks as one."""
    said = list(dict.fromkeys(" ".join(message.split()) for message in messages))
    lacking = [one for one in said if one.startswith("Glyph ")]
    glyphs = "".join(chr(int(one.split()[1])) for one in lacking)
    how = "name one that has in a --style sheet, as font.family, or other words with --label"
    told = [f"the font has no glyphs for {glyphs}; {how}"] * bool(glyphs)
    return [*(one for one in said if one not in lacking), *told]


def _file(name: str) -> str:
    return definitions()[name].file


def _stepping(step: Callable[[str], None], names: Sequence[str]) -> Iterator[str]:
    """Yield names, and tell the bar of each."""
    for name in names:
        step(f"drawing {_file(name)}")
        yield name


def _sheets(given: Sequence[str]) -> list[str]:
    """Return the sheets to use; a modifier alone is put on top of the sheet it modifies."""
    known = Catalogue("style sheet", dict.fromkeys(matplotlib.style.available), forgiving=False)
    for sheet in given:
        if not Path(sheet).is_file():
            known.canonical(sheet)
    is_alone = all(sheet.startswith("dantinox-") for sheet in given)
    return ["dantinox", *given] if is_alone else [*given]


def _nothing(
    made: Report, need: Sequence[str], args: argparse.Namespace, options: Mapping[str, Any]
) -> str:
    """Return why there is nothing to draw, and a command that would draw the first figure."""
    # What the first figure lacks will do, and what is wrong with the rows of others.
    first, *others = dict.fromkeys(made.skipped.values())
    reasons = [first, *(reason for reason in others if not reason.startswith("no column"))]
    hint = ""
    if "no column" in first:
        named = suggestion(made.source, need, given=options)
        hint = f"try {command(args.table, named)}" if named else "see mpl-dantinox columns"
    # What only adds to a figure is no reason; and what is one is said once.
    notes = [one for one in made.notes if one.partition(":")[0] not in {*ROLES} - {*need}]
    return "; ".join(dict.fromkeys(filter(None, [*notes, "nothing to draw", *reasons, hint])))


def _drawn_before(folder: Path) -> list[Path]:
    """Return the figures and texts of the insights that the facts of a folder tell of."""
    try:
        facts = json.loads((folder / "facts.json").read_text("utf-8"))
        names = [name for name in definitions() if facts.get(name, {}).get("facts")]
    except (OSError, ValueError, AttributeError):
        return []
    files = [f"{_file(name)}.{kind}" for name in names for kind in KINDS]
    return [folder / f for f in [*files, *prose.FILES * bool(names)] if (folder / f).exists()]
