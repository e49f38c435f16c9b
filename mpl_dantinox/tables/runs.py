"""A table of runs as the insights see it: a column per role, whatever engine the table is of."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypedDict

import narwhals as nw

from mpl_dantinox.tables.engine import Frame, collected, fits_in_memory, n_rows
from mpl_dantinox.tables.errors import NoDataError, RunsError, engine_errors
from mpl_dantinox.tables.quantities import (
    MOST_GROUPS,
    fill_flags,
    has_value,
    read_column,
    unread,
)
from mpl_dantinox.tables.reading import Source, load_runs, open_source, sample_runs
from mpl_dantinox.tables.roles import (
    CONTROLS,
    ROLES,
    Role,
    find_column,
    known,
    label,
    number_of,
    with_members,
)  # fmt: skip

__all__ = [
    "ROLES",
    "NoDataError",
    "Reading",
    "Role",
    "Runs",
    "RunsError",
    "as_runs",
    "known",
    "load_runs",
    "sample_runs",
]

# A longer text is no name of a group.
_LONGEST_NAME = 200
# As many values of a column are listed for a caller who asked for another one.
_MOST_LISTED = 12


class Reading(TypedDict, total=False):
    """Keywords that every insight takes for how its table is read and its columns are named.

    Keys
    ----
    where : mapping of str to value
        Columns and the value that a run must have there to be shown.
    scales : mapping of role to float
        Factors that make a column's numbers MB (10^6 bytes), millions or tokens/s.
    labels : mapping of role to str
        What a column is called on the figure.
    log : mapping of role to bool
        Whether the axis of a column is logarithmic; by default it is where the data span a decade
        or more. The axis of memory budgets is that of the cache.
    """

    where: Mapping[str, Any] | None
    scales: Mapping[str, float] | None
    labels: Mapping[str, str] | None
    log: Mapping[str, bool] | None


@dataclass(frozen=True)
class Runs:
    """A table whose columns have been found and read.

    Attributes
    ----------
    frame : narwhals.DataFrame or narwhals.LazyFrame
        One column per role that the table has: text, or float64 in which missing and infinite
        values are null; a flag is 1.0, 0.0 or null, but 0.0 for null where no row says no. A lazy
        frame of more than a million rows stays so; others also have ``row``, the zero-based row in
        the source.
    columns : dict of str to str
        The name in the table of each role's column.
    labels : dict of str to str
        What each role's column is called on a figure.
    notes_by_role : dict of str to sequence of str
        What was assumed of a role's column, and what in it could not be read.
    source : Source
    log : dict of str to bool
        Whether the axis of a role is logarithmic, where the caller said so.
    groups : list of str
        The names in the group column, sorted.
    """

    frame: Frame
    columns: dict[str, str]
    labels: dict[str, str]
    notes_by_role: Mapping[str, Sequence[str]]
    source: Source
    log: Mapping[str, bool]
    groups: list[str]

    @property
    def notes(self) -> tuple[str, ...]:
        """What was assumed while reading, and what could not be read."""
        notes = (note for notes in self.notes_by_role.values() for note in notes)
        return (*self.source.notes, *notes)

    @property
    def name(self) -> str:
        """The name of the file, or what else the table is called on a figure."""
        return re.sub(CONTROLS, " ", self.source.name or "table")

    @property
    def origin(self) -> str:
        """The name, the hash and the number of rows of the table, for a file's metadata."""
        sha256 = f", sha256 {self.source.sha256}" if self.source.sha256 else ""
        return f"{self.name}{sha256}, {self.source.n_rows} rows"

    def require(self, role: str) -> None:
        """Raise if the table has no column for a role."""
        if role not in self.columns:
            find_column(self.source.columns, role, ROLES[role].column, needed=True)

    def members(self, role: str) -> dict[float, str]:
        """Return the numbers of a family of columns in order, and what `frame` calls the columns.

        "4k" and "1M" in the name of a column are 4,096 and 1,048,576, as of context lengths.
        """
        found = {number_of(m): m for m in self.columns if m.startswith(f"{role} ")}
        return {number: found[number] for number in sorted(found)}

    def dense(self, roles: Iterable[str]) -> Frame:
        """Return the columns of roles, as far as there are any, of the runs known to be dense.

        Where no column tells, all runs are dense.
        """
        wanted = [role for role in roles if role in self.columns]
        if "moe" not in self.columns:
            return self.frame.select(wanted)
        return self.frame.select("moe", *wanted).filter(nw.col("moe") == 0).select(wanted)


def as_runs(
    table: Any,
    columns: Mapping[str, str | None],
    *,
    need: Iterable[str],
    where: Mapping[str, Any] | None = None,
    scales: Mapping[str, float] | None = None,
    labels: Mapping[str, str] | None = None,
    log: Mapping[str, bool] | None = None,
) -> Runs:
    """Find the columns of a table by role, and read them.

    Parameters
    ----------
    table : path-like, frame, Source or Runs
        What `load_runs` takes. Of runs that are read already, `columns` and `need` are looked up.
    columns : mapping of role to column name
        A column that the caller named must be there. For one that has its default name another
        usual name will do, and it may be missing unless it is needed; None leaves the role out.
    need : iterable of roles
        The roles without which there is nothing to show.
    where, scales, labels, log
        As in `Reading`.

    Returns
    -------
    Runs

    Raises
    ------
    RunsError
        If a column is missing, several could be meant, or one holds what is no such value at all.
    NoDataError
        If a needed column is missing that sound tables may lack.
    """
    if isinstance(table, Runs):
        return _for_one_insight(table, columns, need)
    source = open_source(table)
    for options in (scales, labels, log):
        for role in options or {}:
            known("role", role, ROLES)
    with engine_errors(repr(source.name) if source.name else "the table"):
        columns, need = with_members(columns, need, source.columns)
        found, notes = _found(source.columns, columns, need)
        factors = {role: ROLES[role].factor(column) for role, column in found.items()}
        factors |= scales or {}
        rows = _chosen(source, found, where or {})
        comma = source.decimal_comma
        read = rows.with_columns(
            read_column(rows, role, factors[role], decimal_comma=comma).alias(_read(role))
            for role in found
        )
        for role, column in found.items():
            if column != columns[role] or factors[role] != 1:
                unit = f", times {factors[role]:g} for {ROLES[role].unit}"
                told = factors[role] == 1 or role in (scales or {})
                notes[role].append(f"{role}: using {column!r}{'' if told else unit}")
            notes[role] += unread(read, role, role, _read(role))
            filled = fill_flags(read, role, _read(role)) if ROLES[role].kind == "flag" else None
            if filled is not None:
                read = filled
                notes[role].append(f"{role}: no row says no, so empty ones count as no")
        row = ["row"] if "row" in read.collect_schema().names() else []
        read = read.select(*row, *(nw.col(_read(role)).alias(role) for role in found))
        groups = _groups(read, found["group"]) if "group" in found else []
        if groups and isinstance(read, nw.DataFrame) and read.implementation.is_pandas():
            # Comparing its texts would be most of the work.
            read = read.with_columns(nw.col("group").cast(nw.Categorical))
    names = {role: (labels or {}).get(role) or label(role, found[role]) for role in found}
    families = {role.partition(" ")[0] for role in found if " " in role}
    names |= {role: (labels or {}).get(role) or ROLES[role].label for role in families}
    return Runs(read, found, names, notes, source, dict(log or {}), groups)


def _read(role: str) -> str:
    """Return the name of a column that was read, beside that of the table."""
    return f"read {role}"


def _for_one_insight(runs: Runs, columns: Mapping[str, str | None], need: Iterable[str]) -> Runs:
    """Return runs that were read for several insights, with what one of them needs to say."""
    for role in need:
        if role not in runs.columns and not runs.members(role):
            find_column(runs.source.columns, role, columns[role], needed=True)
    notes = {r: said for r, said in runs.notes_by_role.items() if r.partition(" ")[0] in columns}
    return replace(runs, notes_by_role=notes)


def _found(
    have: Sequence[str], columns: Mapping[str, str | None], need: Iterable[str]
) -> tuple[dict[str, str], dict[str, list[str]]]:
    """Return the column of each role that the table has, and notes on those that it lacks."""
    found = {}
    notes: dict[str, list[str]] = {role: [] for role in columns}
    for role, name in columns.items():
        column = find_column(have, role, name, needed=role in need)
        if column is not None:
            found[role] = column
        elif name is not None:
            notes[role].append(f"{role}: no column {name!r}, {ROLES[role].without}")
    return found, notes


def _chosen(source: Source, found: Mapping[str, str], where: Mapping[str, Any]) -> Frame:
    """Return the rows that the caller asked for, with a column per role, not read yet."""
    filters = {f"where {place}": item for place, item in enumerate(where.items())}
    columns = {alias: known("column", c, source.columns) for alias, (c, _) in filters.items()}
    # Two roles may share a column, so each is selected on its own.
    picked = nw.from_native(source.table).select(
        *(nw.col(column).alias(alias) for alias, column in (columns | {**found}).items())
    )
    if not n_rows(picked.head(1)):
        raise RunsError("the table has a header but no rows")
    schema = picked.collect_schema()
    chosen = [has_value(schema, alias, value) for alias, (_, value) in filters.items()]
    rows = collected(picked).with_row_index("row") if fits_in_memory(picked) else picked
    rows = rows.filter(*chosen) if chosen else rows
    rows = collected(rows) if fits_in_memory(rows) else rows
    if not n_rows(rows):
        wanted = " and ".join(f"{column} = {value}" for column, value in where.items())
        raise NoDataError(f"no run has {wanted}{_other_values(picked, [*filters])}")
    return rows


def _other_values(picked: Frame, filters: Sequence[str]) -> str:
    """Return the values that a column has where a single filter found none, if they are few."""
    if len(filters) > 1:
        return ""
    distinct = picked.select(filters[0]).drop_nulls().unique()
    values = collected(distinct.head(_MOST_LISTED + 1))[filters[0]]
    if len(values) > _MOST_LISTED:
        return ""
    return f"; there are: {', '.join(sorted(map(str, values.to_list())))}"


def _groups(frame: Frame, column: str) -> list[str]:
    """Return the names of the groups, or raise if there are too many, or too long ones."""
    distinct = frame.select("group").drop_nulls().unique()
    names = collected(distinct.head(MOST_GROUPS + 1))["group"].sort().to_list()
    longest = max(map(len, names), default=0)
    if len(names) > MOST_GROUPS:
        fault = (
            f"names {n_rows(distinct):,} groups, and a figure tells at most {MOST_GROUPS} apart; "
            "is it"
        )
    elif longest > _LONGEST_NAME:
        fault = f"holds a text of {longest:,} characters, which names no group; is it"
    else:
        return list(names)
    raise RunsError(f"the column {column!r} {fault} the right column for the role 'group'?")
