"""The commands, their options and their help."""

import argparse
import contextlib
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from mpl_dantinox import __version__
from mpl_dantinox.command import sheets
from mpl_dantinox.devices import DEVICES
from mpl_dantinox.numbers import count, exact

__all__ = ["PROG", "manual", "parser"]

PROG = "mpl-dantinox"

_EXAMPLES = f"""\
examples:
  {PROG} plot
      the figures of the bundled table, in ./figures
  {PROG} plot runs.csv -o paper --format pdf --style dantinox-paper
      as PDF files in ./paper, one column wide
  {PROG} plot runs.csv --column quality=ppl --unit cost=MiB --baseline "mha (flash)"
      of a table with names of its own
  {PROG} plot sweep.parquet --where dataset=c4 --insight pareto
      one figure, of some of the runs
  {PROG} plot runs.csv --json | jq .serving.headline
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


class _Parser(argparse.ArgumentParser):
    """A parser whose errors are one line, and whose help keeps the lines of its examples.

    Parameters
    ----------
    describe : function, optional
        Adds the arguments, once they are wanted: those of one command may be slow to import, and
        no matter of another.
    """

    def __init__(
        self, *, describe: Callable[["_Parser"], None] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(formatter_class=_Help, **kwargs)
        self._describe = describe

    def parse_known_args(self, *args: Any, **kwargs: Any) -> Any:
        describe, self._describe = self._describe, None
        if describe is not None:
            describe(self)
        return super().parse_known_args(*args, **kwargs)

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {' '.join(message.split())}; see {self.prog} --help\n")


class _Help(argparse.RawDescriptionHelpFormatter):
    """Help of one width everywhere, as the page of the manual has it."""

    def __init__(self, prog: str, **kwargs: Any) -> None:
        super().__init__(prog, **{**kwargs, "width": 80, "max_help_position": 30})


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line; a command's ``run`` takes what was parsed."""
    made = _Parser(
        prog=PROG, usage="%(prog)s COMMAND [options]",
        description="Figures from a table, the style sheets, the catalogue of devices.",
        epilog=f"{PROG} COMMAND --help tells the options of a command.\n\n{_EXAMPLES}\n{_STATUS}",
    )  # fmt: skip
    made.add_argument("--version", action="version", version=f"{PROG} {__version__}")
    commands = made.add_subparsers(
        required=True, metavar="COMMAND", title="commands", parser_class=_Parser, prog=PROG
    )

    def command(name: str, describe: Callable[[_Parser], None], **said: Any) -> None:
        commands.add_parser(name, describe=describe, **said)

    command(
        "plot", _plot, usage="%(prog)s [RUNS] [-o DIR] [options]", epilog=_EXAMPLES,
        help="draw the insight figures from a table of runs",
        description="Draw the insight figures from a table of runs, and write their facts.",
    )  # fmt: skip
    command(
        "check", _check, usage="%(prog)s FACTS.json RUNS [--rtol R]",
        help="tell which claims a table no longer supports",
        description="Compute the facts again, and tell which claims no longer hold.",
        epilog=f"examples:\n  {PROG} check figures/facts.json runs.csv",
    )  # fmt: skip
    command(
        "columns", _columns, usage="%(prog)s [RUNS] [--roles]",
        help="tell what the columns of a table look like",
        description="Tell what each column looks like, and a plot command that would work.",
        epilog=f"examples:\n  {PROG} columns runs.csv\n  {PROG} columns --roles",
    )  # fmt: skip
    command(
        "styles", _styles, usage="%(prog)s [--install | --uninstall] [--force]",
        help="list the style sheets, or install them",
        description="List the style sheets, or install them for use without an import.",
        epilog=f"examples:\n  {PROG} styles --install",
    )  # fmt: skip
    command(
        "devices", _devices, usage="%(prog)s [--match TEXT]",
        help="list the memory of accelerators",
        description="List the memory of accelerators, and where the numbers are from.",
        epilog=f"examples:\n  {PROG} devices --match h100",
    )  # fmt: skip
    command(
        "cache", _cache, usage="%(prog)s CONFIG.json --tokens N",
        help="tell the size of a model's KV cache",
        description="Tell the size of the KV cache of one sequence, of a model's config.json.",
        epilog=f"examples:\n  {PROG} cache config.json --tokens 8192",
    )  # fmt: skip
    return made


def _runs(one: _Parser, run: Callable[[argparse.Namespace], int]) -> None:
    one.add_argument("--debug", action="store_true", help="show where an error came from")
    one.set_defaults(run=run)


def _plot(one: _Parser) -> None:
    from mpl_dantinox.command.options import SEVERAL, add_insight_options, add_table_options
    from mpl_dantinox.command.plotting import KINDS, plot
    from mpl_dantinox.insights import definitions

    _runs(one, plot)
    one.add_argument(
        "table", nargs="?", metavar="RUNS",
        help="a file (CSV, JSON, Markdown, Parquet) or a folder of them, - for standard input, "
        "duckdb:QUERY or sample:models [the bundled table]",
    )  # fmt: skip
    one.add_argument(
        "-o", "--output", type=Path, default=Path("figures"), metavar="DIR",
        help="where the files go; made if it is missing [figures]",
    )  # fmt: skip
    one.add_argument(
        "--insight", choices=list(definitions()), help="may be repeated [all]", **SEVERAL
    )
    one.add_argument("--format", choices=KINDS, help="may be repeated [png]", **SEVERAL)
    one.add_argument(
        "--style", metavar="SHEET",
        help=f"a sheet by name or file, may be repeated; see {PROG} styles [dantinox]", **SEVERAL,
    )  # fmt: skip
    one.add_argument("--prose", action="store_true", help="also facts.tex, captions, front.tex")
    said = one.add_mutually_exclusive_group()
    said.add_argument("-q", "--quiet", action="store_true", help="print nothing but errors")
    said.add_argument(
        "--json", action="store_true", help="print facts.json, and everything else on stderr"
    )
    add_table_options(one)
    add_insight_options(one)


def _check(one: _Parser) -> None:
    from mpl_dantinox.command.checking import check_claims

    _runs(one, check_claims)
    one.add_argument("facts", metavar="FACTS.json", help="what plot wrote beside the figures")
    one.add_argument("table", metavar="RUNS", help="a table, as plot takes it")
    one.add_argument(
        "--rtol", type=float, default=1e-6, metavar="R",
        help="relative difference up to which numbers are the same [1e-6]",
    )  # fmt: skip


def _columns(one: _Parser) -> None:
    from mpl_dantinox.command.columns import columns

    _runs(one, columns)
    one.add_argument("table", nargs="?", metavar="RUNS", help="a table, as plot takes it")
    one.add_argument("--roles", action="store_true", help="list what a column can mean [no RUNS]")


def _styles(one: _Parser) -> None:
    _runs(one, sheets.styles)
    action = one.add_mutually_exclusive_group()
    action.add_argument("--install", action="store_true", help="into matplotlib's user library")
    action.add_argument("--uninstall", action="store_true", help="take them away again")
    one.add_argument("--force", action="store_true", help="also sheets that were edited")


def _devices(one: _Parser) -> None:
    _runs(one, _list_devices)
    one.add_argument("--match", default="", metavar="TEXT", help="only names with this in them")


def _list_devices(args: argparse.Namespace) -> int:
    found = [name for name in DEVICES if args.match.casefold() in name.casefold()]
    for name in found or [DEVICES.canonical(args.match)]:
        device = DEVICES[name]
        print(f"{name:<14}{device.memory_gb:>5g} GB  {device.source}")
    return 0


def _cache(one: _Parser) -> None:
    _runs(one, _tell_cache)
    one.add_argument("config", metavar="CONFIG.json", help="as Hugging Face models have it")
    one.add_argument("--tokens", type=int, required=True, metavar="N", help="of the sequence")
    one.add_argument(
        "--bytes-per-value", type=float, default=2, metavar="N",
        help="2 for bfloat16, 1 for 8-bit caches [2]",
    )  # fmt: skip


def _tell_cache(args: argparse.Namespace) -> int:
    from mpl_dantinox.cache import kv_cache_mb
    from mpl_dantinox.tables.errors import RunsError

    try:
        size = kv_cache_mb(
            args.config, tokens=args.tokens, bytes_per_value=args.bytes_per_value
        )  # fmt: skip
    except ValueError as error:
        raise RunsError(str(error)) from None
    print(f"{exact(size)} MB for {count(args.tokens, 'token')}, of 10^6 bytes")
    return 0


def manual() -> str:
    """Return the page of the manual, which is the help of every command."""
    page = [f"# {PROG}\n"]
    for command in ("", "plot", "check", "columns", "styles", "devices", "cache"):
        text = io.StringIO()
        with contextlib.redirect_stdout(text), contextlib.suppress(SystemExit):
            parser().parse_args([*command.split(), "--help"])
        title = f"## {PROG} {command}\n\n" if command else ""
        page.append(f"{title}```text\n{text.getvalue()}```\n")
    text = io.StringIO()
    with contextlib.redirect_stdout(text):
        args = parser().parse_args(["columns", "--roles"])
        args.run(args)
    page.append(f"## Roles\n\n```text\n{text.getvalue()}```\n")
    return "\n".join(page)
