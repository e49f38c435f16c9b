"""The options of `plot`: those of the table, and those that the insights declare."""

import argparse
from collections.abc import Mapping
from types import NoneType
from typing import Any, get_args, get_origin

from mpl_dantinox.insights import definitions
from mpl_dantinox.insights.core import Option
from mpl_dantinox.tables.errors import RunsError
from mpl_dantinox.tables.roles import ROLES, one_of

__all__ = ["SEVERAL", "add_insight_options", "add_table_options", "keywords"]

_PAIRS = ("columns", "units", "labels", "log", "colors")
SEVERAL: Mapping[str, Any] = {"action": "append", "default": []}


def add_table_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that say how a table is read and shown, under the names of keywords."""
    pairs = {"type": _pair, **SEVERAL}
    answers = {"type": _answer, **SEVERAL}
    off: Mapping[str, Any] = {"action": "store_false", "default": None}
    table = parser.add_argument_group(
        "the table",
        "Columns that are not named are looked for under their usual names; the\n"
        "command tells which it took.",
    )
    shown = parser.add_argument_group("what is shown")
    for group, flag, keyword, metavar, kind, said in (
        (table, "--column", "columns", "ROLE=NAME", pairs,
         f"the column that plays a role: {', '.join(ROLES)}"),
        (table, "--group", "group", "NAME", {}, "the same as --column group=NAME"),
        (table, "--dial", "dial", "NAME", {}, "the same as --column dial=NAME"),
        (table, "--block", "block", "NAME", SEVERAL,
         "a column whose values say which runs are comparable; may be repeated\n"
         "[a column of sizes, else params]"),
        (table, "--unit", "units", "ROLE=UNIT", pairs,
         "the unit of a column, such as MiB, ms, W or billions [as names and cells say]"),
        (table, "--where", "where", "COLUMN=VALUE", SEVERAL,
         "show only these runs; also A,B or >=8 or 8..64; may be repeated"),
        (shown, "--label", "labels", "ROLE=TEXT", pairs, "what a column is called on the figures"),
        (shown, "--log", "log", "ROLE=yes|no", answers,
         "whether an axis is logarithmic [as the data tell]"),
        (shown, "--panel", "panels", "NAME", SEVERAL,
         "only this panel of a figure; may be repeated"),
        (shown, "--highlight", "highlight", "GROUP", SEVERAL,
         "a group to name and colour, before a context of others; may be repeated"),
        (shown, "--color", "colors", "GROUP=COLOR", pairs,
         "the colour of a group; may be repeated"),
        (shown, "--no-legend", "legend", None, off, "no legend"),
        (shown, "--no-words", "words", None, off, "no headline, line under it and footer"),
        (shown, "--title", "title", "TEXT", {}, "a line over the headline"),
    ):  # fmt: skip
        named: dict[str, Any] = {"metavar": metavar} if metavar else {}
        group.add_argument(flag, dest=keyword, help=said, **named, **kind)


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
    kinds = [one for one in get_args(option.kind) if one is not NoneType]
    kind = kinds[0] if NoneType in get_args(option.kind) and len(kinds) == 1 else option.kind
    made: dict[str, Any] = {"help": option.help, "default": None}
    if option.choices:
        made |= {"choices": option.choices}
        if option.repeats:
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
    else:
        made |= {"metavar": "NAME"}
    if option.default not in (None, ()):
        several = isinstance(option.default, list | tuple)
        words = map(str, option.default if several else [option.default])
        made["help"] += f" [{', '.join(words)}]".replace("%", "%%")
    return made


def _pair(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not (key and equals and value):
        raise argparse.ArgumentTypeError(f"expected NAME=VALUE, got {text!r}")
    return key, value


def _answer(text: str) -> tuple[str, bool]:
    key, answer = _pair(text)
    if answer not in ("yes", "no"):
        raise argparse.ArgumentTypeError(f"expected {key}=yes or {key}=no, got {text!r}")
    return key, answer == "yes"


def _item(text: str) -> str | float | tuple[str, float]:
    """Return a number where a word is one, and a pair where a name is given a number."""
    name, equals, value = text.rpartition("=")
    try:
        return (name, float(value)) if equals else float(text)
    except ValueError:
        return text


def keywords(args: argparse.Namespace) -> dict[str, Any]:
    """Return the keywords of the insights that were asked for."""
    known = {"columns"}.union(*(one.keywords for one in definitions().values()))
    given = {key: value for key, value in vars(args).items() if key in known}
    for key in _PAIRS:
        names = [name for name, _ in given[key]]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice:
            raise RunsError(f"{twice!r} is given two {key}; name one")
        given[key] = dict(given[key])
    columns = {one_of("role", role, ROLES): name for role, name in given.pop("columns").items()}
    return {key: value for key, value in given.items() if value not in (None, [], {})} | columns
