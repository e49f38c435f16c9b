"""The command line: figures from a table, the style sheets, the catalogue of devices."""

import argparse
import contextlib
import gc
import hashlib
import io
import json
import os
import sys
import traceback
import warnings
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, NoReturn

import matplotlib
import matplotlib.style

from mpl_dantinox import __version__
from mpl_dantinox.command.progress import progress
from mpl_dantinox.devices import DEVICES
from mpl_dantinox.files import write_all, write_whole
from mpl_dantinox.nearest import Catalogue, UnknownNameError
from mpl_dantinox.registry import SHEETS
from mpl_dantinox.units import UNITS

__all__ = ["main", "manual"]

_PROG = "mpl-dantinox"
_STAMP = "# Installed by mpl-dantinox; sha256 of the lines below: "
_FIGURES = {
    "pareto": "insight_1_pareto",
    "serving": "insight_2_serving",
    "mla_dial": "insight_3_mla_dial",
}
_KINDS = ("png", "svg", "pdf")
# Options that are keywords of the insights, under the same names.
_AXES = ("linear", "log")
_OPTIONS = (
    "group", "dial", "title", "baseline", "dial_group", "sequences", "weights_bytes", "band",
)  # fmt: skip


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line.

    Parameters
    ----------
    argv : sequence of str, optional
        The arguments; by default those of the process.

    Returns
    -------
    int
        0 for done, 1 for a claim that no longer holds or a file that could not be written, 2 for a
        fault of the input, 130 for an interruption from the keyboard.

    Examples
    --------
    >>> main(["devices", "--match", "T4"])
    T4               16 GB  Hugging Face on Microsoft Azure, Supported Hardware: NVIDIA T4
    0
    """
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show a letter gets its code.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    args = _parser().parse_args(argv)
    # The collector would walk all modules again and again, for a process that is soon over.
    collecting = gc.isenabled()
    gc.disable()
    try:
        status: int = args.run(args)
        sys.stdout.flush()
        return status
    except BrokenPipeError:
        # Whoever read our output has gone.
        return _stdout_is_lost(1)
    except KeyboardInterrupt:
        return _complain("interrupted; nothing was written", 130)
    except Exception as error:
        if args.debug:
            traceback.print_exc()
        if isinstance(error, OSError):
            what = error.filename or "standard output"
            status = _complain(f"{what}: {error.strerror or error}", 1)
            return status if error.filename else _stdout_is_lost(status)
        return _complain(*_told(error))
    finally:
        if collecting:
            gc.enable()


def _told(error: Exception) -> tuple[str, int]:
    """Return the line for an error that has no file, and the exit status."""
    from mpl_dantinox.tables.reading import RunsError

    text = " ".join(str(error).split())
    if isinstance(error, UnknownNameError | RunsError):
        return text, 2
    return f"a fault of this program: {type(error).__name__}: {text}; see --debug", 1


def _complain(what: object, status: int) -> int:
    print(f"{_PROG}: {what}", file=sys.stderr)
    return status


def _stdout_is_lost(status: int) -> int:
    """Keep the interpreter's own flush at its end from failing as ours did."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return status


def manual() -> str:
    """Return the page of the manual, which is the help of every command."""
    page = [f"# {_PROG}\n"]
    for command in ("", "plot", "check", "styles", "devices"):
        text = io.StringIO()
        with contextlib.redirect_stdout(text), contextlib.suppress(SystemExit):
            _parser().parse_args([*command.split(), "--help"])
        title = f"## {_PROG} {command}\n\n" if command else ""
        page.append(f"{title}```text\n{text.getvalue()}```\n")
    return "\n".join(page)


class _Parser(argparse.ArgumentParser):
    """A parser whose errors are one line, and whose help keeps the lines of its examples."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(formatter_class=_Help, **kwargs)

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {' '.join(message.split())}; see {self.prog} --help\n")


class _Help(argparse.RawDescriptionHelpFormatter):
    """Help of one width everywhere, as the page of the manual has it."""

    def __init__(self, prog: str, **kwargs: Any) -> None:
        super().__init__(prog, **{**kwargs, "width": 80, "max_help_position": 30})


_EXAMPLES = f"""\
examples:
  {_PROG} plot
      the three figures of the bundled table, in ./figures
  {_PROG} plot runs.csv -o paper --format pdf --style dantinox-paper
      as PDF files in ./paper, one column wide
  {_PROG} plot runs.csv --column loss=ppl --unit cache=MiB --baseline "mha (flash)"
      of a table with names of its own
  {_PROG} plot sweep.parquet --where dataset=c4 --insight pareto
      one figure, of some of the runs
  {_PROG} plot runs.csv --json | jq .serving.headline
      what the figure says, for a script
"""
_STATUS = """\
exit status:
  0    done
  1    a claim no longer holds, or a file could not be written
  2    the table or an option cannot be used
  130  interrupted

Files are written whole or not at all, and none if a run fails.
"""


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog=_PROG, description=__doc__, usage="%(prog)s COMMAND [options]",
        epilog=f"{_PROG} COMMAND --help tells the options of a command.\n\n{_EXAMPLES}\n{_STATUS}",
    )  # fmt: skip
    parser.add_argument("--version", action="version", version=f"{_PROG} {__version__}")
    commands = parser.add_subparsers(
        required=True, metavar="COMMAND", title="commands", parser_class=_Parser, prog=_PROG
    )

    def command(name: str, run: Callable[[argparse.Namespace], int], **said: Any) -> _Parser:
        made = commands.add_parser(name, **said)
        made.add_argument("--debug", action="store_true", help="show where an error came from")
        made.set_defaults(run=run)
        return made

    several: dict[str, Any] = {"action": "append", "default": []}
    pairs = {"type": _pair, **several}

    plot = command(
        "plot", _plot, usage="%(prog)s [RUNS] [-o DIR] [options]", epilog=_EXAMPLES,
        help="draw the insight figures from a table of runs",
        description="Draw the insight figures from a table of runs, and write their facts.",
    )  # fmt: skip
    plot.add_argument(
        "table", nargs="?", metavar="RUNS",
        help="CSV (.gz), Parquet or JSON lines, - for standard input, or duckdb:QUERY "
        "[the bundled table]",
    )  # fmt: skip
    plot.add_argument(
        "-o", "--output", type=Path, default=Path("figures"), metavar="DIR",
        help="where the files go; made if it is missing [figures]",
    )  # fmt: skip
    plot.add_argument("--insight", choices=list(_FIGURES), help="may be repeated [all]", **several)
    plot.add_argument("--format", choices=_KINDS, help="may be repeated [png]", **several)
    plot.add_argument(
        "--style", metavar="SHEET",
        help=f"a sheet by name or file, may be repeated; see {_PROG} styles [dantinox]", **several,
    )  # fmt: skip
    plot.add_argument("--prose", action="store_true", help="also facts.tex, front.tex, front.md")
    said = plot.add_mutually_exclusive_group()
    said.add_argument("-q", "--quiet", action="store_true", help="print nothing but errors")
    said.add_argument(
        "--json", action="store_true", help="print facts.json, and everything else on stderr"
    )

    table = plot.add_argument_group(
        "the table",
        "Columns that are not named are looked for under their usual names; the\n"
        "command tells which it took.",
    )
    table.add_argument(
        "--column", metavar="ROLE=NAME",
        help="the column that plays a role: group, moe, params, loss, cache, tps or dial", **pairs,
    )  # fmt: skip
    table.add_argument("--group", metavar="NAME", help="the same as --column group=NAME")
    table.add_argument("--dial", metavar="NAME", help="the same as --column dial=NAME")
    table.add_argument(
        "--unit", metavar="cache=UNIT",
        help="B to TB, KiB to TiB [MB, or what the column's name says]", **pairs,
    )  # fmt: skip
    table.add_argument(
        "--where", metavar="COLUMN=VALUE",
        help="show only the runs with this value; may be repeated", **pairs,
    )  # fmt: skip

    claim = plot.add_argument_group("what is shown")
    claim.add_argument(
        "--maximize", choices=["cache", "loss"],
        help="higher is better, as of accuracy; may be repeated", **several,
    )  # fmt: skip
    claim.add_argument(
        "--label", metavar="ROLE=TEXT", help="what a column is called on the figures", **pairs
    )
    claim.add_argument(
        "--scale", metavar="ROLE=SCALE",
        help="log or linear, of an axis; by default the data tell", **pairs,
    )  # fmt: skip
    claim.add_argument("--title", metavar="TEXT", help="a line over the headline")
    claim.add_argument("--baseline", metavar="NAME", help="what ratios are to [MHA]")
    claim.add_argument("--dial-group", metavar="NAME", help="the group with the dial [MLA]")
    claim.add_argument(
        "--sequences", choices=["fractional", "whole"],
        help="whether part of a sequence counts [fractional]",
    )  # fmt: skip
    claim.add_argument(
        "--weights-bytes", type=float, metavar="N",
        help="bytes per parameter, taken off the budget [not counted]",
    )  # fmt: skip
    claim.add_argument(
        "--band", choices=["envelope", "runs"],
        help="extremes of both factors' quartiles, or quartiles over runs [envelope]",
    )  # fmt: skip

    check = command(
        "check", _check, usage="%(prog)s FACTS.json RUNS [--rtol R]",
        help="tell which claims a table no longer supports",
        description="Compute the facts again, and tell which claims no longer hold.",
        epilog=f"examples:\n  {_PROG} check figures/facts.json runs.csv",
    )  # fmt: skip
    check.add_argument("facts", metavar="FACTS.json", help="what plot wrote beside the figures")
    check.add_argument("table", metavar="RUNS", help="a table, as plot takes it")
    check.add_argument(
        "--rtol", type=float, default=1e-6, metavar="R",
        help="relative difference up to which numbers are the same [1e-6]",
    )  # fmt: skip

    styles = command(
        "styles", _styles, usage="%(prog)s [--install | --uninstall] [--force]",
        help="list the style sheets, or install them",
        description="List the style sheets, or install them for use without an import.",
        epilog=f"examples:\n  {_PROG} styles --install",
    )  # fmt: skip
    action = styles.add_mutually_exclusive_group()
    action.add_argument("--install", action="store_true", help="into matplotlib's user library")
    action.add_argument("--uninstall", action="store_true", help="take them away again")
    styles.add_argument("--force", action="store_true", help="also sheets that were edited")

    devices = command(
        "devices", _devices, usage="%(prog)s [--match TEXT]",
        help="list the memory of accelerators",
        description="List the memory of accelerators, and where the numbers are from.",
        epilog=f"examples:\n  {_PROG} devices --match h100",
    )  # fmt: skip
    devices.add_argument("--match", default="", metavar="TEXT", help="only names with this in them")
    return parser


# plot


def _pair(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not (key and equals and value):
        raise argparse.ArgumentTypeError(f"expected NAME=VALUE, got {text!r}")
    return key, value


def _plot(args: argparse.Namespace) -> int:
    from mpl_dantinox.command.prose import front_latex, front_markdown, macros
    from mpl_dantinox.command.summary import summary
    from mpl_dantinox.insights import INSIGHTS
    from mpl_dantinox.insights.report import report
    from mpl_dantinox.tables.runs import NoDataError, sample_runs

    runs = sample_runs() if args.table is None else args.table
    options = _options(args)
    names = [name for name in INSIGHTS if not args.insight or name in args.insight]
    kinds = list(dict.fromkeys(args.format or ["png"]))
    later: dict[Path, Future[bytes]] = {}
    said: list[str] = []
    with (
        progress(1 + len(names) * (1 + len(kinds)), quiet=args.quiet) as step,
        matplotlib.style.context(_sheets(args.style), after_reset=True),
        warnings.catch_warnings(record=True) as warned,
        # One figure is compressed while the next is drawn.
        ThreadPoolExecutor(1) as pool,
    ):
        warnings.simplefilter("always")
        step("reading")
        made = report(runs, insights=_stepping(step, names), **options)
        skipped = [f"{_FIGURES[name]}: skipped, {why}" for name, why in made.skipped.items()]
        if not made.insights:
            raise NoDataError(f"nothing to draw: {'; '.join(dict.fromkeys(made.skipped.values()))}")
        for name, insight in made.insights.items():
            for kind in kinds:
                step(f"saving {_FIGURES[name]}")
                path = args.output / f"{_FIGURES[name]}.{kind}"
                later[path] = pool.submit(insight.drawn(kind))
                said.append(f"{path}: {insight.headline}")
    files = {path: made_file.result() for path, made_file in later.items()}
    facts = made.to_dict()
    text = json.dumps(facts, indent=2, ensure_ascii=False, allow_nan=False)
    files[args.output / "facts.json"] = f"{text}\n".encode()
    if args.prose:
        files[args.output / "facts.tex"] = macros(facts).encode()
        if "pareto" in made.insights:
            files[args.output / "front.tex"] = front_latex(facts).encode()
            files[args.output / "front.md"] = front_markdown(facts).encode()
    write_all(files)
    others = [str(path) for path in files if path.suffix[1:] not in _KINDS]
    notes = [*made.notes, *dict.fromkeys(" ".join(str(w.message).split()) for w in warned)]
    if args.json:
        print(text)
    if not args.quiet:
        lines = [*notes, *skipped, *said, *others, "", *summary(facts)]
        print("\n".join(lines), file=sys.stderr if args.json else sys.stdout)
    return 0


def _stepping(step: Callable[[str], None], names: Sequence[str]) -> Iterator[str]:
    """Yield names, and tell the bar of each."""
    for name in names:
        step(f"drawing {_FIGURES[name]}")
        yield name


def _options(args: argparse.Namespace) -> dict[str, Any]:
    """Return the keywords of the insights that were asked for."""
    from mpl_dantinox.tables.runs import ROLES, known

    given = {key: getattr(args, key) for key in _OPTIONS if getattr(args, key) is not None}
    for role, name in args.column:
        given[known("role", role, ROLES)] = name
    scales = {}
    for role, unit in args.unit:
        known("role with a unit", role, ["cache"])
        scales[role] = UNITS[unit] / UNITS["MB"]
    log = {role: known("scale", scale, _AXES) == "log" for role, scale in args.scale}
    reading = {"where": dict(args.where), "labels": dict(args.label), "scales": scales, "log": log}
    if args.maximize:
        given["sense"] = tuple("max" if r in args.maximize else "min" for r in ("cache", "loss"))
    return given | {key: value for key, value in reading.items() if value}


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


# check


def _check(args: argparse.Namespace) -> int:
    from mpl_dantinox.testing.claims import check

    with progress(1) as step:
        step("checking")
        changed = check(args.facts, args.table, rtol=args.rtol)
    print("\n".join(changed) if changed else f"every claim of {args.facts} holds")
    return 1 if changed else 0


# styles


def _styles(args: argparse.Namespace) -> int:
    folder = Path(matplotlib.get_configdir()) / "stylelib"
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
    found = [name for name in DEVICES if args.match.casefold() in name.casefold()]
    for name in found or [DEVICES.canonical(args.match)]:
        device = DEVICES[name]
        print(f"{name:<14}{device.memory_gb:>5g} GB  {device.source}")
    return 0
