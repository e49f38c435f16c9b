"""Commands that read a table and draw nothing: `check` of facts, and its `columns`."""

import argparse
import sys
import warnings
from collections.abc import Iterator, Sequence
from contextlib import suppress

from mpl_dantinox.command.progress import progress
from mpl_dantinox.command.status import Status
from mpl_dantinox.insights import definitions
from mpl_dantinox.tables.describe import Look, command, look_at, suggestion
from mpl_dantinox.tables.errors import RunsError
from mpl_dantinox.tables.reading import Source, open_source
from mpl_dantinox.tables.roles import ROLES

__all__ = ["check_claims", "columns"]


def check_claims(args: argparse.Namespace) -> int:
    """Print what no longer holds of a facts.json; return 1 if there is any."""
    from mpl_dantinox.testing.claims import check  # Columns need no tests of figures.

    with progress(1) as step, warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        step("checking")
        changed = check(args.facts, args.table, rtol=args.rtol)
    for warning in warned:
        print(warning.message, file=sys.stderr)
    print("\n".join(changed) if changed else f"every claim of {args.facts} holds")
    return Status.FAILED if changed else Status.DONE


def columns(args: argparse.Namespace) -> int:
    """Print a line per column of a table and a command that draws it, or a line per role."""
    print("\n".join(_roles() if args.roles or args.table is None else _columns(args.table)))
    return Status.DONE


def _columns(table: str) -> Iterator[str]:
    source = open_source(table)
    looks = look_at(source)
    width = min(max((len(look.name) for look in looks), default=0), 40)
    yield from (f"{look.name:<{width}}  {look}" for look in looks)
    yield ""
    told: dict[str, str] | None = None
    for one in definitions().values():
        # Without options a figure of speeds needs speeds.
        need = (*one.needs, *(role for role in one.uses if ROLES[role].assumed))
        named = suggestion(source, need, looks, told)
        if named is not None:
            # The columns may be there, and no row have them all.
            with suppress(RunsError):
                one.tell(source, named, **{o.name: o.default for o in one.options.values()})
                told = (told or {}) | named
    yield _lacking(source, looks) if told is None else command(table, told)


def _lacking(source: Source, looks: Sequence[Look]) -> str:
    """Return why no figure could be drawn of a table."""
    need = next(iter(definitions().values())).needs
    tried = [*([role] for role in need), *(need[:n] for n in range(2, len(need) + 1))]
    lacking = [roles[-1] for roles in tried if suggestion(source, roles, looks) is None]
    lacking = [role for role in need if role in lacking]
    if not lacking:
        return "no run has all that a figure needs; what that is: --roles"
    options = " ".join(f"--column {role}=NAME" for role in lacking)
    return f"no column looks like a {' or a '.join(lacking)}; to plot, say which is: {options}"


def _roles() -> Iterator[str]:
    for role, spec in ROLES.items():
        users = [one.name for one in definitions().values() if role in (*one.needs, *one.uses)]
        unit = f" ({spec.unit.name})" if spec.unit else ""
        yield f"{role}: {spec.help}{unit}; by default {spec.column!r}"
        if spec.names:
            yield f"    or {', '.join(spec.names)}"
        yield f"    {'of ' + ', '.join(users) if users else 'not shown yet'}"
