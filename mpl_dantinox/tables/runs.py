"""A table of runs as the insights see it: a column per role, whatever engine the table is of."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import narwhals as nw

from mpl_dantinox.tables import quantities, roles
from mpl_dantinox.tables.choosing import conditions, holds, other_values
from mpl_dantinox.tables.engine import Frame, collected, fits_in_memory, n_rows
from mpl_dantinox.tables.errors import NoDataError, RunsError, engine_errors
from mpl_dantinox.tables.failures import failures
from mpl_dantinox.tables.reading import Source, load_runs, open_source, sample_runs
from mpl_dantinox.tables.roles import ROLES, Role, find_columns
from mpl_dantinox.units import Unit

__all__ = [
    "ROLES", "NoDataError", "Role", "Runs", "RunsError", "as_runs", "load_runs", "sample_runs",
]  # fmt: skip

# A longer text is no name of a group.
_LONGEST_NAME = 200


@dataclass(frozen=True)
class Runs:
    """A table whose columns have been found and read.

    Its frame has a column per role that the table has: text, or float64 in which missing and
    infinite values are null; a flag is 1.0, 0.0 or null, but 0.0 for null where no row says no. A
    lazy frame of more than a million rows stays so; others also have ``row``, the zero-based row in
    the source.
    """

    frame: Frame
    #: By role: the name of its column in the table and on a figure, and the unit of its numbers.
    columns: Mapping[str, str]
    labels: Mapping[str, str]
    units: Mapping[str, Unit]
    #: The roles whose columns are well-known scores, of which higher is better.
    scores: frozenset[str]
    #: What was assumed of a role's column, and what in it could not be read.
    notes_by_role: Mapping[str, Sequence[str]]
    source: Source
    #: Whether the axis of a role is logarithmic, where the caller said so.
    log: Mapping[str, bool]
    #: The names in the group column, sorted.
    groups: list[str]
    #: The rows of the frame, and those of runs that failed.
    rows: Frame
    #: The rows of runs that failed by a column that an insight uses, with how: ``failure``.
    failed: Frame | None = None

    @property
    def notes(self) -> tuple[str, ...]:
        """What was assumed while reading, and what could not be read."""
        notes = (note for notes in self.notes_by_role.values() for note in notes)
        return (*self.source.notes, *notes)

    @property
    def name(self) -> str:
        """The name of the file, or what else the table is called on a figure."""
        return re.sub(roles.CONTROLS, " ", self.source.name or "table")

    @property
    def origin(self) -> str:
        """The name, the hash and the number of rows of the table, for a file's metadata."""
        sha256 = f", sha256 {self.source.sha256}" if self.source.sha256 else ""
        return f"{self.name}{sha256}, {self.source.n_rows} rows"

    def require(self, role: str) -> None:
        """Raise if the table has no column for a role."""
        if role not in self.columns:
            missing = {role: ROLES[role].column}
            find_columns(self.source.columns, missing, [role])
            # Another role has what would do.
            raise NoDataError(roles.lacking_columns(self.source.columns, missing))

    def members(self, role: str) -> dict[float, str]:
        """Return the numbers of a family of columns in order, and what `frame` calls the columns.

        "4k" and "1M" in the name of a column are 4,096 and 1,048,576, as of context lengths.
        """
        return dict(
            sorted((roles.number_of(m), m) for m in self.columns if m.startswith(f"{role} "))
        )

    def dense(self, wanted: Iterable[str]) -> Frame:
        """Return the columns of roles, as far as there are any, of the runs known to be dense.

        Where no column tells, all runs are dense.
        """
        kept = [role for role in wanted if role in self.columns and role != "moe"]
        frame = self.frame
        if "moe" in self.columns:
            frame = frame.select("moe", *kept).filter(nw.col("moe") == 0)
        return frame.select(kept)


def as_runs(
    table: Any,
    columns: Mapping[str, str | Sequence[str] | None],
    *,
    need: Collection[str],
    where: Mapping[str, Any] | Sequence[str] | None = None,
    units: Mapping[str, str] | None = None,
    labels: Mapping[str, str] | None = None,
    log: Mapping[str, bool] | None = None,
) -> Runs:
    """Find the columns of a table, which is what `load_runs` takes, by role, and read them.

    A column that the caller named must be there. For one that has its default name another usual
    name will do, and it may be missing unless it is needed; None leaves the role out. Of runs that
    are read already, what is needed is looked up.

    RunsError says that a column which the caller named is missing, several could be meant, a unit
    cannot be told, or a column holds what is no such value at all; NoDataError that a needed column
    is missing, or no row is as asked for.
    """
    by_role = roles.each_column(columns)
    if isinstance(table, Runs):
        return _for_one_insight(table, by_role, need)
    source = open_source(table)
    units, labels, log = units or {}, labels or {}, log or {}
    for role in (*units, *labels, *log):
        roles.one_of("role", role, ROLES)
    with engine_errors(source.called):
        found = find_columns(source.columns, by_role, need)
        rows = _chosen(source, found, where or {})
        tried = {
            role: _read(rows, role, column, source, units.get(role.partition(" ")[0]))
            for role, column in found.items()
        }
        read = {role: one for role, one in tried.items() if one.values is not None}
        notes: dict[str, list[str]] = {role: [] for role in (*by_role, *found)}
        for role, asked in by_role.items():
            if role in found:
                is_told = found[role] == asked and tried[role].as_expected
                notes[role] += tried[role].notes[is_told:]
            elif asked and ROLES[role].without:
                notes[role] += [f"{role}: no column {asked!r}, {ROLES[role].without}"]
        frame = rows.with_columns(one.values.alias(f"read {r}") for r, one in read.items())
        how = {f"{role} failed": said for role, said in failures(rows, found).items()}
        frame = frame.with_columns(**how) if how else frame
        for role, note in quantities.unread(frame, {r: one.in_cells for r, one in read.items()}):
            notes[role].append(note)
        row = ["row"] if "row" in frame.collect_schema().names() else []
        kept: list[Any] = [*row, *(nw.col(f"read {role}").alias(role) for role in read)]
        kept += how
        frame = frame.select(kept) if kept else frame
        groups = _groups(frame, found["group"]) if "group" in found else []
        if isinstance(frame, nw.DataFrame) and frame.implementation.is_pandas():
            # Comparing texts would be most of the work, and NA is no number to numpy.
            kinds = {r: "float64" for r in read if ROLES[r].kind != "text"}
            kinds |= {"group": "category"} if groups else {}
            frame = nw.from_native(frame.to_native().astype(kinds), eager_only=True)
    names = {role: roles.label(role, found[role], one.by_name) for role, one in read.items()}
    names |= {r.partition(" ")[0]: ROLES[r].label for r in read if ROLES[r].family}
    names |= {role: text for role, text in labels.items() if text and role in names}
    return _for_one_insight(
        Runs(
            frame, {role: found[role] for role in read}, names,
            {role: one.unit for role, one in read.items() if one.unit},
            frozenset(role for role in read if _is_score(role, found[role], read[role].unit)),
            notes, source, log, groups, frame,
        ),
        by_role, need,
    )  # fmt: skip


@dataclass(frozen=True)
class _Read:
    """A column that was read: None for its values where they cannot be used, and what to say.

    The first note is that the column was taken, which goes without saying where it is `as_expected`
    and the caller named it.
    """

    values: Any
    notes: Sequence[str]
    as_expected: bool = True
    unit: Unit | None = None
    in_cells: bool = False
    by_name: Unit | None = None


def _is_score(role: str, column: str, unit: Unit | None) -> bool:
    units = [unit] if unit else []
    return role in ("quality", "cost") and bool(roles.higher_is_better(column, *units))


def _read(rows: Frame, role: str, column: str, source: Source, given: str | None) -> _Read:
    """Read a column for a role, in a unit that is given, or that its name or its cells say."""
    spec = ROLES[role]
    taken = f"{role}: using {column!r}"
    if spec.kind == "text":
        return _Read(quantities.read_text(rows, role), [taken])
    if spec.kind == "flag":
        values, is_filled = quantities.fill_flag(rows, role, quantities.read_flag(rows, role))
        filled = [f"{role}: no row says no, so empty ones count as no"] * is_filled
        return _Read(values, [taken, *filled])
    try:
        said = roles.unit_of(role, column, given)
    except RunsError as error:
        if given is not None:
            raise
        return _Read(None, [f"{taken}, but {error}"], False)
    try:
        values, unit, in_cells = quantities.read_number(
            rows, role, said, called=column, decimal_comma=source.decimal_comma, kinds=spec.kinds
        )
    except RunsError as error:
        hint = f"--column {role}=NAME names another"
        raise RunsError(f"the column {column!r} for the role {role!r} {error}; {hint}") from None
    by_name = None if given else said
    if unit is None and spec.unit is not None and not spec.assumed:
        fault = f", but its unit cannot be told; say it, as --unit {role}={spec.unit.name}"
        return _Read(None, [f"{taken}{fault}{', ' * bool(spec.without)}{spec.without}"], False)
    if unit is not None:
        how = "as asked" if given else "by its name" if said else "as its cells say"
        taken += f", in {unit.name or 'ones'} {how}"
    better = f", of which higher is better unless --minimize {role} says otherwise"
    higher = better if _is_score(role, column, unit) else ""
    expected = not (unit or higher) or (column == spec.column and by_name is not None)
    if unit is not None and spec.unit is not None:
        values = values * (unit.size / spec.unit.size)
    if spec.kinds == ("count",):
        # Some write -1 for a size that is not known.
        values = nw.when(values > 0).then(values)
    return _Read(values, [taken + higher], expected, spec.unit or unit, in_cells, by_name)


def _for_one_insight(runs: Runs, columns: Mapping[str, Any], need: Iterable[str]) -> Runs:
    """Return runs that were read for several insights, with what one of them needs to say."""
    lacking = [role for role in need if role not in runs.columns and not runs.members(role)]
    for role in lacking:
        for note in runs.notes_by_role.get(role, ()):
            if note.startswith(f"{role}: using"):
                # There is a column, but it could not be read.
                raise NoDataError(note)
    if lacking:
        missing = {role: columns[role] for role in lacking}
        find_columns(runs.source.columns, missing, lacking)
        # Another role has what would do.
        raise NoDataError(roles.lacking_columns(runs.source.columns, missing))
    notes = {r: said for r, said in runs.notes_by_role.items() if r.partition(" ")[0] in columns}
    said = [c for c in runs.rows.collect_schema().names() if c.endswith(" failed")]
    used = [nw.col(c) for c in said if c.removesuffix(" failed") in columns]
    if not used:
        return replace(runs, notes_by_role=notes, frame=runs.rows.drop(said))
    rows = runs.rows.with_columns(failure=nw.coalesce(*used)).drop(said)
    alive = nw.col("failure").is_null()
    return replace(
        runs, notes_by_role=notes, frame=rows.filter(alive).drop("failure"),
        failed=rows.filter(~alive),
    )  # fmt: skip


def _chosen(source: Source, found: Mapping[str, str], where: Any) -> Frame:
    """Return the rows that the caller asked for, with a column per role, not read yet."""
    asked = {f"where {n}": one for n, one in enumerate(conditions(where, source.columns))}
    names = {alias: condition.column for alias, condition in asked.items()} | {**found}
    source.require_rows()
    # Two roles may share a column, so each is selected on its own; engines want one at least.
    picked = nw.from_native(source.table).select(
        *(nw.col(c).alias(alias) for alias, c in (names or {"none": source.columns[0]}).items())
    )
    rows = collected(picked).with_row_index("row") if fits_in_memory(picked) else picked
    if asked:
        rows = rows.filter(*(holds(rows, alias, one) for alias, one in asked.items()))
        rows = collected(rows) if fits_in_memory(rows) else rows
    if asked and not n_rows(rows):
        hint = other_values(picked, "where 0") if len(asked) == 1 else ""
        raise NoDataError(f"no run has {' and '.join(map(str, asked.values()))}{hint}")
    return rows


def _groups(frame: Frame, column: str) -> list[str]:
    """Return the names of the groups, or raise if there are too many, or too long ones."""
    distinct = frame.select("group").drop_nulls().unique()
    names = collected(distinct.head(quantities.MOST_GROUPS + 1))["group"].sort().to_list()
    longest = max(map(len, names), default=0)
    if len(names) > quantities.MOST_GROUPS:
        most = quantities.MOST_GROUPS
        fault = f"names {n_rows(distinct):,} groups, and a figure tells at most {most} apart; is it"
    elif longest > _LONGEST_NAME:
        fault = f"holds a text of {longest:,} characters, which names no group; is it"
    else:
        return list(names)
    raise RunsError(f"the column {column!r} {fault} the right column for the role 'group'?")
