"""`columns`: what the columns of a table look like, and a command that would draw it."""

import argparse
from collections.abc import Iterator

from mpl_dantinox.insights import definitions
from mpl_dantinox.tables.describe import look_at, suggestion
from mpl_dantinox.tables.reading import open_source
from mpl_dantinox.tables.roles import ROLES

__all__ = ["columns"]


def columns(args: argparse.Namespace) -> int:
    """Print a line per column of a table, or per role that a column can play."""
    print("\n".join(_roles() if args.roles or args.table is None else _columns(args.table)))
    return 0


def _columns(table: str) -> Iterator[str]:
    source = open_source(table)
    looks = look_at(source)
    width = min(max((len(look.name) for look in looks), default=0), 40)
    yield from (f"{look.name:<{width}}  {look}" for look in looks)
    needs = (one.needs for one in definitions().values())
    yield ""
    yield next(
        filter(None, (suggestion(source, need, table, looks) for need in needs)),
        "no figure could be drawn of these columns alone; what a figure needs: --roles",
    )


def _roles() -> Iterator[str]:
    users = {
        role: [one.name for one in definitions().values() if role in (*one.needs, *one.uses)]
        for role in ROLES
    }
    for role, spec in ROLES.items():
        unit = f" ({spec.unit.name})" if spec.unit else ""
        yield f"{role}: {spec.help}{unit}; by default {spec.column!r}"
        if spec.names:
            yield f"    or {', '.join(spec.names)}"
        yield f"    {'of ' + ', '.join(users[role]) if users[role] else 'not shown yet'}"
