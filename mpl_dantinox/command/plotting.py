"""`plot`: figures from a table, and their facts, written whole or not at all."""

import argparse
import json
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib.style

from mpl_dantinox.command.options import keywords
from mpl_dantinox.command.progress import progress
from mpl_dantinox.command.prose import (
    captions,
    captions_latex,
    front_latex,
    front_markdown,
    macros,
)
from mpl_dantinox.command.summary import summary
from mpl_dantinox.files import write_all
from mpl_dantinox.insights import definitions
from mpl_dantinox.insights.report import Report, report
from mpl_dantinox.nearest import Catalogue
from mpl_dantinox.tables.describe import suggestion
from mpl_dantinox.tables.runs import NoDataError

__all__ = ["KINDS", "plot"]

#: The formats of the figures.
KINDS = ("png", "svg", "pdf")
_PROSE = ("facts.tex", "captions.tex", "captions.txt", "front.tex", "front.md")


def plot(args: argparse.Namespace) -> int:
    """Draw the figures that were asked for, write them and their facts, and say what they say."""
    options = keywords(args)
    names = [name for name in definitions() if not args.insight or name in args.insight]
    kinds = list(dict.fromkeys(args.format or ["png"]))
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
        figures = {}
        for name, insight in made.insights.items():
            for kind in kinds:
                step(f"saving {_file(name)}")
                figures[args.output / f"{_file(name)}.{kind}"] = insight.render(kind)
    facts = made.to_dict()
    texts = _texts(facts, prose=args.prose)
    files = figures | {args.output / name: text.encode() for name, text in texts.items()}
    stale = [path for path in _drawn_before(args.output) if path not in files]
    write_all(files)
    for path in stale:
        path.unlink()
    if args.json:
        print(texts["facts.json"], end="")
    if not args.quiet:
        notes = [*made.notes, *dict.fromkeys(" ".join(str(w.message).split()) for w in warned)]
        said = [
            *notes,
            *(f"{_file(name)}: skipped, {why}" for name, why in made.skipped.items()),
            *_drawn(made, figures),
            *(str(args.output / name) for name in texts),
            *(f"{path}: removed, it was of the facts before" for path in stale),
            "",
            *summary(facts),
        ]
        print("\n".join(said), file=sys.stderr if args.json else sys.stdout)
    return 0


def _nothing(
    made: Report, need: Sequence[str], args: argparse.Namespace, options: Mapping[str, Any]
) -> str:
    """Return why there is nothing to draw, and a command that would draw the first figure."""
    # What the first figure lacks will do, and what is wrong with the rows of others.
    first, *others = dict.fromkeys(made.skipped.values())
    reasons = [first, *(reason for reason in others if not reason.startswith("no column"))]
    try_this = suggestion(made.source, need, args.table, given=options)
    hint = f"try {try_this}" if "no column" in first and try_this else ""
    more = "see mpl-dantinox columns" if "no column" in first else ""
    return "; ".join(filter(None, [*made.notes, "nothing to draw", *reasons, hint or more]))


def _file(name: str) -> str:
    return definitions()[name].file


def _stepping(step: Callable[[str], None], names: Sequence[str]) -> Iterator[str]:
    """Yield names, and tell the bar of each."""
    for name in names:
        step(f"drawing {_file(name)}")
        yield name


def _texts(facts: Mapping[str, Any], *, prose: bool) -> dict[str, str]:
    """Return what is written beside the figures, by the name of the file."""
    text = json.dumps(facts, indent=2, ensure_ascii=False, allow_nan=False)
    texts = {"facts.json": f"{text}\n"}
    if prose:
        texts |= {
            "facts.tex": macros(facts), "captions.tex": captions_latex(facts),
            "captions.txt": captions(facts),
        }  # fmt: skip
        if (facts.get("pareto") or {}).get("facts"):
            texts |= {"front.tex": front_latex(facts), "front.md": front_markdown(facts)}
    return texts


def _drawn_before(folder: Path) -> list[Path]:
    """Return the figures and texts of the insights that the facts of a folder tell of."""
    try:
        facts = json.loads((folder / "facts.json").read_text("utf-8"))
        names = [name for name in definitions() if facts.get(name, {}).get("facts")]
    except (OSError, ValueError, AttributeError):
        return []
    files = [f"{_file(name)}.{kind}" for name in names for kind in KINDS]
    texts = _PROSE if names else ()
    return [path for name in (*files, *texts) if (path := folder / name).exists()]


def _drawn(made: Report, figures: Mapping[Path, bytes]) -> Iterator[str]:
    """Yield each figure's file with its headline."""
    headlines = {_file(name): insight.headline for name, insight in made.insights.items()}
    for path in figures:
        yield f"{path}: {headlines[path.stem]}"


def _sheets(given: Sequence[str] | None) -> list[str]:
    """Return the sheets to use; a modifier alone is put on top of the sheet it modifies."""
    sheets = list(given or ["dantinox"])
    known = Catalogue("style sheet", dict.fromkeys(matplotlib.style.available), forgiving=False)
    for sheet in sheets:
        if not Path(sheet).is_file():
            known.canonical(sheet)
    if all(sheet.startswith("dantinox-") for sheet in sheets):
        sheets.insert(0, "dantinox")
    return sheets
