"""The command line: figures from a table, the style sheets, the catalogue of devices."""

import argparse
import difflib
import hashlib
import json
import os
import sys
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, NoReturn

import matplotlib
import matplotlib.style

from mpl_dantinox.devices import DEVICES, UNITS, device_source
from mpl_dantinox.files import write_whole
from mpl_dantinox.registry import SHEETS

__all__ = ["main"]

_PROG = "mpl-dantinox"
_STAMP = "# Installed by mpl-dantinox; sha256 of the lines below: "
_FIGURES = {
    "pareto": "insight_1_pareto",
    "serving": "insight_2_serving",
    "mla_dial": "insight_3_mla_dial",
}
_KINDS = (".png", ".svg", ".pdf")
_OPTIONS = (
    "group",
    "dial",
    "title",
    "baseline",
    "dial_group",
    "sequences",
    "weights_bytes",
    "band",
)


class _InputError(Exception):
    """A fault of what was typed or read, for the one line on stderr."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line.

    Parameters
    ----------
    argv : sequence of str, optional
        The arguments; by default those of the process.

    Returns
    -------
    int
        0 for done, 1 where a file could not be written, 2 for a fault of the input.

    Examples
    --------
    >>> main(["devices", "--match", "T4"])
    T4               16 GB  NVIDIA T4 data sheet
    0
    """
    args = _parser().parse_args(argv)
    try:
        status: int = args.run(args)
        return status
    except _InputError as error:
        return _complain(error, 2)
    except ValueError as error:
        from mpl_dantinox.runs import RunsError

        if not isinstance(error, RunsError):
            raise
        return _complain(error, 2)
    except BrokenPipeError:
        # Whoever read our output has gone; the interpreter's own flush must not complain of it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        return _complain(f"{error.filename or 'output'}: {error.strerror or error}", 1)


def _complain(what: object, status: int) -> int:
    print(f"{_PROG}: {what}", file=sys.stderr)
    return status


class _Parser(argparse.ArgumentParser):
    """A parser whose errors are one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog=_PROG, description=__doc__)
    parser.add_argument("--version", action="version", version=f"{_PROG} {version(_PROG)}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND", parser_class=_Parser)

    plot = commands.add_parser("plot", help="draw the insight figures from a table of runs")
    plot.add_argument(
        "table", nargs="?", metavar="RUNS",
        help="CSV (.gz), Parquet or JSON lines, - for standard input, or duckdb:QUERY "
        "[the bundled table]",
    )  # fmt: skip
    plot.add_argument("-o", "--output", type=Path, default=Path("figures"), metavar="DIR")
    plot.add_argument("--insight", action="append", choices=list(_FIGURES), help="[all]")
    plot.add_argument("--format", action="append", choices=["png", "svg", "pdf"], help="[png]")
    plot.add_argument("--style", action="append", metavar="SHEET", help="[dantinox]")
    plot.add_argument("--prose", action="store_true", help="also facts.tex, front.tex, front.md")

    table = plot.add_argument_group("the table")
    table.add_argument(
        "--column", type=_pair, action="append", default=[], metavar="ROLE=NAME",
        help="the column that plays a role: group, moe, params, loss, cache, tps or dial",
    )  # fmt: skip
    table.add_argument("--group", metavar="NAME", help="the same as --column group=NAME")
    table.add_argument("--dial", metavar="NAME", help="the same as --column dial=NAME")
    table.add_argument(
        "--unit", type=_pair, action="append", default=[], metavar="cache=UNIT", help="[MB]"
    )
    table.add_argument(
        "--where", type=_pair, action="append", default=[], metavar="COLUMN=VALUE",
        help="show only the runs with this value; may be repeated",
    )  # fmt: skip

    claim = plot.add_argument_group("what is shown")
    claim.add_argument(
        "--maximize",
        action="append",
        choices=["cache", "loss"],
        default=[],
        help="higher is better",
    )
    claim.add_argument("--label", type=_pair, action="append", default=[], metavar="ROLE=TEXT")
    claim.add_argument("--title", metavar="TEXT", help="a line over the headline")
    claim.add_argument("--baseline", metavar="NAME", help="what ratios are to [MHA]")
    claim.add_argument("--dial-group", metavar="NAME", help="the group with the dial [MLA]")
    claim.add_argument("--sequences", choices=["fractional", "whole"], help="[fractional]")
    claim.add_argument(
        "--weights-bytes", type=float, metavar="N", help="per parameter [not counted]"
    )
    claim.add_argument("--band", choices=["envelope", "runs"], help="[envelope]")
    plot.set_defaults(run=_plot)

    check = commands.add_parser("check", help="tell which claims a table no longer supports")
    check.add_argument("facts", metavar="FACTS.json", help="what plot wrote beside the figures")
    check.add_argument("table", metavar="RUNS", help="a CSV file")
    check.add_argument("--rtol", type=float, default=1e-6, metavar="R", help="[1e-6]")
    check.set_defaults(run=_check)

    styles = commands.add_parser("styles", help="list the style sheets, or install them")
    styles.add_argument("--install", action="store_true", help="into matplotlib's user library")
    styles.add_argument("--uninstall", action="store_true")
    styles.add_argument("--force", action="store_true", help="also sheets that were edited")
    styles.set_defaults(run=_styles)

    devices = commands.add_parser("devices", help="list the memory of accelerators")
    devices.add_argument("--match", default="", metavar="TEXT", help="only names with this in them")
    devices.set_defaults(run=_devices)
    return parser


# plot


def _pair(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not (key and equals and value):
        raise argparse.ArgumentTypeError(f"expected NAME=VALUE, got {text!r}")
    return key, value


def _plot(args: argparse.Namespace) -> int:
    from mpl_dantinox.insights import INSIGHTS
    from mpl_dantinox.prose import front_latex, front_markdown, macros
    from mpl_dantinox.report import report
    from mpl_dantinox.runs import NoDataError, sample_runs

    runs = sample_runs() if args.table is None else args.table
    options = _options(args)
    names = [name for name in INSIGHTS if not args.insight or name in args.insight]
    files: dict[Path, bytes] = {}
    with matplotlib.style.context(_sheets(args.style), after_reset=True):
        made = report(runs, insights=names, **options)
        said = [f"{_FIGURES[name]}: skipped, {why}" for name, why in made.skipped.items()]
        if not made.insights:
            raise NoDataError("; ".join(said))
        for name, insight in made.insights.items():
            for kind in dict.fromkeys(args.format or ["png"]):
                path = args.output / f"{_FIGURES[name]}.{kind}"
                files[path] = insight.render(kind)
                said.append(f"{path}: {insight.headline}")
    facts = made.to_dict()
    text = json.dumps(facts, indent=2, ensure_ascii=False, allow_nan=False)
    files[args.output / "facts.json"] = f"{text}\n".encode()
    if args.prose:
        files[args.output / "facts.tex"] = macros(facts).encode()
        if "pareto" in made.insights:
            files[args.output / "front.tex"] = front_latex(facts).encode()
            files[args.output / "front.md"] = front_markdown(facts).encode()
    for path, data in files.items():
        write_whole(path, data)
    print("\n".join([*said, *(str(path) for path in files if path.suffix not in _KINDS)]))
    return 0


def _options(args: argparse.Namespace) -> dict[str, Any]:
    """Return the keywords of the insights that were asked for."""
    from mpl_dantinox.runs import ROLES, known

    given = {key: getattr(args, key) for key in _OPTIONS if getattr(args, key) is not None}
    for role, name in args.column:
        given[known("role", role, ROLES)] = name
    scales = {}
    for role, unit in args.unit:
        known("role with a unit", role, ["cache"])
        scales[role] = UNITS[known("unit", unit, UNITS)] / UNITS["MB"]
    reading = {"where": dict(args.where), "labels": dict(args.label), "scales": scales}
    if args.maximize:
        given["sense"] = tuple("max" if r in args.maximize else "min" for r in ("cache", "loss"))
    return given | {key: value for key, value in reading.items() if value}


def _sheets(given: Sequence[str] | None) -> list[str]:
    """Return the sheets to use; a modifier alone is put on top of the sheet it modifies."""
    sheets = list(given or ["dantinox"])
    for sheet in sheets:
        if sheet not in matplotlib.style.library and not Path(sheet).is_file():
            known = matplotlib.style.available
            raise _InputError(
                f"no style sheet {sheet!r}{_nearest(sheet, known)} see: {_PROG} styles"
            )
    if all(sheet.startswith("dantinox-") for sheet in sheets):
        sheets.insert(0, "dantinox")
    return sheets


def _nearest(name: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(name, list(known), n=1)
    return f"; did you mean {close[0]!r}?" if close else ";"


# check


def _check(args: argparse.Namespace) -> int:
    from mpl_dantinox.claims import check

    changed = check(args.facts, args.table, rtol=args.rtol)
    print("\n".join(changed) if changed else f"every claim of {args.facts} holds")
    return 1 if changed else 0


# styles


def _styles(args: argparse.Namespace) -> int:
    folder = Path(matplotlib.get_configdir()) / "stylelib"
    if args.install and args.uninstall:
        raise _InputError("--install and --uninstall exclude each other")
    for sheet in sorted(SHEETS.glob("*.mplstyle"), key=lambda sheet: sheet.stem):
        target = folder / sheet.name
        if not (args.install or args.uninstall):
            print(f"{sheet.stem:<18}{_about(sheet)}")
        elif target.exists() and _edited(target) and not args.force:
            print(f"{target}: left alone, it was edited; --force overrides")
        elif args.install:
            body = sheet.read_bytes()
            write_whole(target, f"{_STAMP}{hashlib.sha256(body).hexdigest()}\n".encode() + body)
            print(f"{target}: installed")
        elif target.exists():
            target.unlink()
            print(f"{target}: removed")
    return 0


def _about(sheet: Path) -> str:
    """Return the first sentence of a sheet's opening comment."""
    words = sheet.read_text(encoding="utf-8").splitlines()[0].lstrip("# ")
    return words.partition(": ")[2] or words


def _edited(installed: Path) -> bool:
    """Tell whether a sheet in the user library is not as it was installed."""
    stamp, _, body = installed.read_bytes().partition(b"\n")
    return stamp.decode(errors="replace") != f"{_STAMP}{hashlib.sha256(body).hexdigest()}"


# devices


def _devices(args: argparse.Namespace) -> int:
    for name, gb in DEVICES.items():
        if args.match.casefold() in name.casefold():
            print(f"{name:<14}{gb:>5g} GB  {device_source(name)}")
    return 0
