"""The options of `plot`: those of the table, and those that the insights declare."""

import argparse
from collections.abc import Mapping, Sequence
from types import NoneType
from typing import Any, get_args, get_origin

from mpl_dantinox.insights import definitions
from mpl_dantinox.insights.core import Option
from mpl_dantinox.nearest import advice
from mpl_dantinox.tables.runs import ROLES, RunsError

__all__ = ["add_insight_options", "add_table_options", "keywords"]

SEVERAL: Mapping[str, Any] = {"action": "append", "default": []}
_ANSWERS = ("yes", "no")


def add_table_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that say how a table is read, and what its columns are called."""
    pairs = {"type": _pair, **SEVERAL}
    table = parser.add_argument_group(
        "the table",
        "Columns that are not named are looked for under their usual names; the\n"
        "command tells which it took.",
    )
    table.add_argument(
        "--column", metavar="ROLE=NAME",
        help=f"the column that plays a role: {', '.join(ROLES)}", **pairs,
    )  # fmt: skip
    table.add_argument("--group", metavar="NAME", help="the same as --column group=NAME")
    table.add_argument("--dial", metavar="NAME", help="the same as --column dial=NAME")
    table.add_argument(
        "--block", metavar="NAME", action="append",
        help="a column whose values say which runs are comparable; may be repeated\n"
        "[a column of sizes, else params]",
    )  # fmt: skip
    table.add_argument(
        "--unit", metavar="ROLE=UNIT",
        help="the unit of a column, such as MiB, ms, W or billions [as names and cells say]",
        **pairs,
    )  # fmt: skip
    table.add_argument(
        "--where", metavar="COLUMN=VALUE",
        help="show only these runs; also A,B or >=8 or 8..64; may be repeated", **SEVERAL,
    )  # fmt: skip
    shown = parser.add_argument_group("what is shown")
    shown.add_argument(
        "--label", metavar="ROLE=TEXT", help="what a column is called on the figures", **pairs
    )
    shown.add_argument(
        "--log", metavar="ROLE=yes|no",
        help="whether an axis is logarithmic [as the data tell]", **pairs,
    )  # fmt: skip
    shown.add_argument(
        "--panel", metavar="NAME", help="only this panel of a figure; may be repeated", **SEVERAL
    )
    shown.add_argument(
        "--highlight", metavar="GROUP",
        help="a group to name and colour, before a context of others; may be repeated", **SEVERAL,
    )  # fmt: skip
    shown.add_argument(
        "--color", metavar="GROUP=COLOR", help="the colour of a group; may be repeated", **pairs
    )
    shown.add_argument("--no-legend", action="store_true", help="no legend")
    shown.add_argument(
        "--no-words", action="store_true", help="no headline, line under it and footer"
    )
    shown.add_argument("--title", metavar="TEXT", help="a line over the headline")


def add_insight_options(parser: argparse.ArgumentParser) -> None:
    """Add an option for each keyword of an insight's own; insights may have one in common."""
    owners: dict[str, list[str]] = {}
    options: dict[str, Option] = {}
    for name, one in definitions().items():
        for option in one.options.values():
            owners.setdefault(option.name, []).append(name)
            options.setdefault(option.name, option)
    groups: dict[str, Any] = {}
    for keyword, option in options.items():
        title = "of " + " and ".join(owners[keyword])
        group = groups.get(title) or groups.setdefault(title, parser.add_argument_group(title))
        group.add_argument(f"--{keyword.replace('_', '-')}", **_argument(option))


def _argument(option: Option) -> dict[str, Any]:
    """Return how an option is given in a shell, as its type says."""
    kind = _unless_none(option.kind)
    made: dict[str, Any] = {"help": option.help, "default": None}
    if option.choices:
        made |= {"choices": option.choices}
    if option.choices and option.repeats:
        made |= {"action": "append", "help": f"{option.help}; may be repeated"}
    elif option.repeats:
        made |= {"type": _item, "nargs": "*", "metavar": "ITEM"}
    elif kind is bool:
        # Three states: yes, no, and what the insight does when nothing is said.
        made |= {"action": argparse.BooleanOptionalAction}
    elif kind is float or kind is int:
        made |= {"type": kind, "metavar": "N"}
    elif get_origin(kind) is tuple:
        made |= {"type": get_args(kind)[0], "nargs": len(get_args(kind)), "metavar": "N"}
    elif not option.choices:
        made |= {"metavar": "NAME"}
    if option.default not in (None, ()):
        shown = [option.default] if isinstance(option.default, str) else option.default
        words = shown if isinstance(shown, list | tuple) else [shown]
        made["help"] += f" [{', '.join(map(str, words))}]".replace("%", "%%")
    return made


def _unless_none(kind: Any) -> Any:
    kinds = [one for one in get_args(kind) if one is not NoneType]
    return kinds[0] if NoneType in get_args(kind) and len(kinds) == 1 else kind


def _pair(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not (key and equals and value):
        raise argparse.ArgumentTypeError(f"expected NAME=VALUE, got {text!r}")
    return key, value


def _item(text: str) -> str | float | tuple[str, float]:
    """Return a number where a word is one, and a pair where a name is given a number."""
    name, equals, value = text.rpartition("=")
    try:
        return (name, float(value)) if equals else float(text)
    except ValueError:
        return text


def keywords(args: argparse.Namespace) -> dict[str, Any]:
    """Return the keywords of the insights that were asked for."""
    own = {keyword for one in definitions().values() for keyword in one.options}
    given = {key: getattr(args, key) for key in ("group", "dial", "block", "title", *sorted(own))}
    given = {key: value for key, value in given.items() if value is not None}
    for role, name in args.column:
        given[_known("role", role, ROLES)] = name
    reading = {
        "where": args.where,
        "labels": dict(args.label),
        "units": dict(args.unit),
        "log": {role: _known("answer", answer, _ANSWERS) == "yes" for role, answer in args.log},
        "panels": args.panel,
        "highlight": args.highlight,
        "colors": dict(args.color),
    }
    given |= {key: False for key in ("legend", "words") if getattr(args, f"no_{key}")}
    return given | {key: value for key, value in reading.items() if value}


def _known(what: str, name: str, names: Sequence[str] | Mapping[str, Any]) -> str:
    if name not in names:
        raise RunsError(f"no {what} {name!r}; {advice(name, names)}")
    return name
