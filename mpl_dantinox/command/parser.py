"""The commands, their options and their help."""

import argparse
import contextlib
import inspect
import io
import re
import textwrap
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

from mpl_dantinox import __version__
from mpl_dantinox.command.status import STATUSES, Status
from mpl_dantinox.devices import DEVICES
from mpl_dantinox.nearest import nearest_names
from mpl_dantinox.numbers import count, exact

__all__ = ["PROG", "manual", "parser"]

PROG = "mpl-dantinox"

_Run = Callable[[argparse.Namespace], int]
# Help of one width everywhere, as the page of the manual has it.
_HELP = partial(argparse.RawDescriptionHelpFormatter, width=80, max_help_position=30)


class _Parser(argparse.ArgumentParser):
    """A parser whose errors are one line, and whose help keeps the lines of its examples.

    *describe* adds the arguments of a command, once they are wanted, and returns what runs it: what
    one command imports may be slow, and no matter of another. Its docstring is the help: what the
    command does, and examples.
    """

    def __init__(
        self, *, describe: Callable[["_Parser"], _Run] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(formatter_class=_HELP, allow_abbrev=False, **kwargs)
        self._describe = describe

    def parse_known_args(self, *args: Any, **kwargs: Any) -> Any:
        describe, self._describe = self._describe, None
        if describe is None:
            return super().parse_known_args(*args, **kwargs)
        self.set_defaults(run=describe(self))
        self.add_argument("--debug", action="store_true", help="show where an error came from")
        parsed, unknown = super().parse_known_args(*args, **kwargs)
        if unknown:
            near = nearest_names(unknown[0], re.findall(r"--[a-z-]+", self.format_help()), n=1)
            meant = f"; did you mean {near[0]}?" if near else ""
            self.error(f"unrecognized argument: {unknown[0]}{meant}")
        return parsed, unknown

    def error(self, message: str) -> NoReturn:
        said = f"{self.prog}: {' '.join(message.split())}; see {self.prog} --help\n"
        self.exit(Status.REFUSED, said)


def _plot(one: _Parser) -> _Run:
    """Draw the insight figures of a table of runs, and write their facts.

    mpl-dantinox plot
        the figures of the bundled table, in ./figures
    mpl-dantinox plot runs.csv -o paper --format pdf --style dantinox-paper
        as PDF files in ./paper, one column wide
    mpl-dantinox plot runs.csv --column quality=ppl --unit cost=MiB --baseline "mha (flash)"
        of a table with names of its own
    mpl-dantinox plot sweep.parquet --where dataset=c4 --insight pareto
        one figure, of some of the runs
    mpl-dantinox plot runs.csv --json | jq .serving.headline
        what the figure says, for a script
    """
    from mpl_dantinox.command.options import SEVERAL, add_insight_options, add_table_options
    from mpl_dantinox.command.plotting import KINDS, plot
    from mpl_dantinox.insights import definitions

    one.usage = "%(prog)s [RUNS] [-o DIR] [options]"
    one.add_argument(
        "table", nargs="?", metavar="RUNS", default="sample:sweep",
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
    return plot


def _check(one: _Parser) -> _Run:
    """Tell which claims of a facts.json a table no longer supports.

    mpl-dantinox check figures/facts.json runs.csv
    """
    from mpl_dantinox.command.inspecting import check_claims

    one.add_argument("facts", metavar="FACTS.json", help="what plot wrote beside the figures")
    one.add_argument("table", metavar="RUNS", help="a table, as plot takes it")
    one.add_argument(
        "--rtol", type=float, default=1e-6, metavar="R",
        help="relative difference up to which numbers are the same [1e-6]",
    )  # fmt: skip
    return check_claims


def _columns(one: _Parser) -> _Run:
    """Tell what the columns of a table look like, and a plot command that would work.

    mpl-dantinox columns runs.csv
    mpl-dantinox columns --roles
    """
    from mpl_dantinox.command.inspecting import columns

    one.add_argument("table", nargs="?", metavar="RUNS", help="a table, as plot takes it")
    one.add_argument("--roles", action="store_true", help="list what a column can mean [no RUNS]")
    return columns


def _styles(one: _Parser) -> _Run:
    """List the style sheets, or install them for use without an import.

    mpl-dantinox styles --install
    """
    from mpl_dantinox.command.sheets import styles

    action = one.add_mutually_exclusive_group()
    action.add_argument("--install", action="store_true", help="into matplotlib's user library")
    action.add_argument("--uninstall", action="store_true", help="take them away again")
    one.add_argument("--force", action="store_true", help="also sheets that were edited")
    return styles


def _devices(one: _Parser) -> _Run:
    """List the memory of accelerators, and where the numbers are from.

    mpl-dantinox devices --match h100
    """

    def run(args: argparse.Namespace) -> int:
        found = [name for name in DEVICES if args.match.casefold() in name.casefold()]
        for name in found or [DEVICES.canonical(args.match)]:
            device = DEVICES[name]
            print(f"{name:<14}{device.memory_gb:>5g} GB  {device.source}")
        return Status.DONE

    one.add_argument("--match", default="", metavar="TEXT", help="only names with this in them")
    return run


def _cache(one: _Parser) -> _Run:
    """Tell the size of the KV cache of one sequence, of a model's config.json.

    mpl-dantinox cache config.json --tokens 8192
    """

    def run(args: argparse.Namespace) -> int:
        from mpl_dantinox.cache import kv_cache_mb
        from mpl_dantinox.tables.errors import RunsError, engine_errors

        with engine_errors(repr(args.config)):
            try:
                sizes = {"tokens": args.tokens, "bytes_per_value": args.bytes_per_value}
                size = kv_cache_mb(args.config, **sizes)
            except ValueError as error:
                raise RunsError(str(error)) from None
        print(f"{exact(size)} MB for {count(args.tokens, 'token')}, of 10^6 bytes")
        return Status.DONE

    one.add_argument("config", metavar="CONFIG.json", help="as Hugging Face models have it")
    one.add_argument("--tokens", type=int, required=True, metavar="N", help="of the sequence")
    one.add_argument(
        "--bytes-per-value", type=float, default=2, metavar="N",
        help="2 for bfloat16, 1 for 8-bit caches [2]",
    )  # fmt: skip
    return run


_COMMANDS = {
    "plot": _plot, "check": _check, "columns": _columns, "styles": _styles, "devices": _devices,
    "cache": _cache,
}  # fmt: skip


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line; a command's ``run`` takes what was parsed."""
    statuses = "\n".join(f"  {status.value:<4} {told}" for status, told in STATUSES.items())
    made = _Parser(
        prog=PROG, usage="%(prog)s COMMAND [options]",
        description="Figures from a table, the style sheets, the catalogue of devices.",
        epilog=f"{PROG} COMMAND --help tells the options of a command.\n\n"
        f"{_told(_plot)[1]}\n\nexit status:\n{statuses}\n\n"
        "Files are written whole or not at all, and none if a run fails.\n",
    )  # fmt: skip
    made.add_argument("--version", action="version", version=f"{PROG} {__version__}")
    commands = made.add_subparsers(
        required=True, metavar="COMMAND", title="commands", parser_class=_Parser, prog=PROG
    )
    for name, describe in _COMMANDS.items():
        does, examples = _told(describe)
        commands.add_parser(
            name, describe=describe, description=does, epilog=examples,
            help=f"{does[0].lower()}{does[1:-1]}",
        )  # fmt: skip
    return made


def _told(describe: Callable[[_Parser], _Run]) -> tuple[str, str]:
    """Return what a command does, and examples."""
    does, _, examples = inspect.cleandoc(describe.__doc__ or "").partition("\n\n")
    return does, "examples:\n" + textwrap.indent(examples, "  ")


def manual() -> str:
    """Return the page of the manual, which is the help of every command."""

    def printed(*arguments: str) -> str:
        text = io.StringIO()
        with contextlib.redirect_stdout(text), contextlib.suppress(SystemExit):
            args = parser().parse_args(arguments)
            args.run(args)
        return f"```text\n{text.getvalue()}```\n"

    page = [f"# {PROG}\n", printed("--help")]
    page += [f"## {PROG} {name}\n\n{printed(name, '--help')}" for name in _COMMANDS]
    return "\n".join([*page, f"## Roles\n\n{printed('columns', '--roles')}"])
