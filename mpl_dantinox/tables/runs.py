"""A table of runs: finding its columns by role, reading them, and saying what is wrong with it.

One row is one trained model. What a column means is its *role*; `ROLES` lists them with the names
that are looked for when the caller gives none. Whatever made the table (pandas, Polars, Arrow, a
database), the insights see one frame with a column per role, its numbers and flags as float64, and
what could not be read as missing.
"""

import difflib
import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal, TypedDict

import narwhals as nw

from mpl_dantinox.tables.engine import Frame, collected, size, small
from mpl_dantinox.tables.reading import RunsError, Source, engine_errors, open_source

__all__ = [
    "ROLES",
    "NoDataError",
    "Reading",
    "Role",
    "Runs",
    "RunsError",
    "as_runs",
    "load_runs",
    "sample_runs",
]

# What counts as a number in a column of text, once the marks between its thousands are away and
# its decimal mark is a point. ``\d`` would also be the digits of scripts that engines cannot read.
_NUMBER = r"^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$"
_COMMA_THOUSANDS = r"^[+-]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]*)?$"
_POINT_THOUSANDS = r"^[+-]?[0-9]{1,3}(?:\.[0-9]{3})+(?:,[0-9]*)?$"
_SPACE_THOUSANDS = "^[+-]?[0-9]{1,3}(?:[ '\u00a0\u2009\u202f][0-9]{3})+(?:[.,][0-9]*)?$"
_DECIMAL_COMMA = r"^[+-]?(?:[0-9]+|[0-9]{1,3}(?:\.[0-9]{3})+)?,[0-9]*(?:[eE][+-]?[0-9]+)?$"
# What people write where there is no value, in lower case.
_MISSING = ("", "-", "–", "—", "na", "n/a", "nan", "none", "null")
_TRUE = ("true", "t", "yes", "y", "on", "1", "1.0")
_FALSE = ("false", "f", "no", "n", "off", "0", "0.0")
# Numbers outside of this range are no measurements, and their ratios no numbers.
_LARGEST, _SMALLEST = 1e100, 1e-100
# A figure cannot tell more groups apart; a column that names more is the wrong one, and so is one
# that holds longer texts.
_MOST_GROUPS, _LONGEST_NAME = 100, 200
# As many values of a column are listed for a caller who asked for another one.
_MOST_LISTED = 12
# Controls could do anything to a terminal, and have no glyph in a figure.
_CONTROLS = r"[\x00-\x1f\x7f-\x9f]+"


class NoDataError(RunsError):
    """The table is sound but has no runs that this insight could show."""


@dataclass(frozen=True)
class Role:
    """What a column of the table means.

    Attributes
    ----------
    column : str
        The name that is looked for when the caller gives none.
    kind : {"text", "number", "flag"}
        How its values are read.
    label : str
        What the column is called on a figure.
    optional : bool
        Whether a table without it is sound: it then lacks the figures that need it.
    synonyms : dict of str to float
        Other names for the column, and the factor that makes its numbers those of `column`. Names
        are compared in lower case.
    without : str
        What becomes of the figures that can do without the column.
    """

    column: str
    kind: Literal["text", "number", "flag"]
    label: str
    optional: bool = False
    synonyms: Mapping[str, float] = field(default_factory=dict)
    without: str = ""

    def factor(self, column: str) -> float:
        """Return what the numbers of a column are to be multiplied by, as its name tells."""
        return self.synonyms.get(column.strip().lower(), 1.0)


# The units that the numbers of a role have once they are read.
_UNITS = {"cache": "MB", "params": "millions"}
_MB = 1.0
_MIB = 2**20 / 1e6

#: The roles that a column can play, by the keyword that names its column.
ROLES: Mapping[str, Role] = {
    "group": Role(
        "type", "text", "Attention",
        synonyms=dict.fromkeys(
            ["attention", "attn", "attn_type", "attention_type", "attn_impl", "attn_kind"], 1.0
        ),
    ),
    "moe": Role(
        "moe", "flag", "Mixture of experts", optional=True,
        synonyms=dict.fromkeys(["is_moe", "use_moe", "mixture_of_experts"], 1.0),
        without="so every run counts as dense",
    ),
    "params": Role(
        "params_m", "number", "Parameters (M)", optional=True,
        synonyms={
            "params": 1e-6, "n_params": 1e-6, "num_params": 1e-6, "parameters": 1e-6,
            "params_b": 1e3,
        },
        without="so the size of a model is not shown",
    ),
    "loss": Role(
        "val_loss", "number", "Validation loss",
        synonyms=dict.fromkeys(
            ["loss", "valid_loss", "validation_loss", "eval_loss", "test_loss", "nll", "val_nll",
             "ppl", "perplexity", "val_ppl"],
            1.0,
        ),
    ),
    "cache": Role(
        "theoretical_cache_mb", "number", "KV cache per sequence",
        synonyms={
            "cache_mb": _MB, "kv_cache_mb": _MB, "kv_mb": _MB, "cache_mib": _MIB,
            "kv_cache_mib": _MIB, "cache_bytes": 1e-6, "kv_cache_bytes": 1e-6, "kv_bytes": 1e-6,
            "cache_kb": 1e-3, "cache_gb": 1e3, "kv_cache_gb": 1e3,
        },
    ),
    "tps": Role(
        "tps_512", "number", "Decode throughput of one sequence", optional=True,
        synonyms=dict.fromkeys(
            ["tps", "throughput", "tokens_per_s", "tokens_per_sec", "tokens_per_second", "tok_s",
             "decode_tps"],
            1.0,
        ),
    ),
    "dial": Role(
        "down_dim_kv", "number", "Latent KV dimension", optional=True,
        synonyms=dict.fromkeys(["kv_lora_rank", "latent_dim", "kv_latent_dim", "dkv", "d_kv"], 1.0),
    ),
}  # fmt: skip


class Reading(TypedDict, total=False):
    """Keywords that every insight takes for how it reads its table, and names what it read.

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
    said : dict of str to sequence of str
        What was assumed while reading, and what could not be read, by role; of the whole table
        under the empty name.
    source : Source
    log : dict of str to bool
        Whether the axis of a role is logarithmic, where the caller said so.
    groups : list of str
        The names in the group column, sorted.
    """

    frame: Frame
    columns: dict[str, str]
    labels: dict[str, str]
    said: Mapping[str, Sequence[str]]
    source: Source
    log: Mapping[str, bool]
    groups: list[str]

    @property
    def notes(self) -> tuple[str, ...]:
        """What was assumed while reading, and what could not be read."""
        return tuple(note for notes in self.said.values() for note in notes)

    @property
    def name(self) -> str:
        """The name of the file, or what else the table is called on a figure."""
        return re.sub(_CONTROLS, " ", self.source.name or "table")

    @property
    def origin(self) -> str:
        """The name, the hash and the number of rows of the table, for a file's metadata."""
        sha256 = f", sha256 {self.source.sha256}" if self.source.sha256 else ""
        return f"{self.name}{sha256}, {self.source.n_rows} rows"

    def require(self, role: str) -> None:
        """Raise if the table has no column for a role."""
        if role not in self.columns:
            _find(self.source.columns, role, ROLES[role].column, needed=True)

    def dense(self, roles: Iterable[str]) -> Frame:
        """Return the columns of roles, as far as there are any, of the runs known to be dense.

        Where no column tells, all runs are dense.
        """
        wanted = [role for role in roles if role in self.columns]
        if "moe" not in self.columns:
            return self.frame.select(wanted)
        return self.frame.select("moe", *wanted).filter(nw.col("moe") == 0).select(wanted)


def load_runs(source: Any) -> Any:
    """Read a table of runs.

    Parameters
    ----------
    source : path-like, str or frame
        A file (CSV, also compressed with gzip; Parquet, also as a folder or with wildcards; JSON
        lines), ``"-"`` for a CSV on standard input, ``"duckdb:SELECT …"``, or any frame that
        narwhals knows (pandas, Polars, PyArrow, DuckDB, …), which is returned as it is.

    Returns
    -------
    frame
        A `pandas.DataFrame` for a CSV file, with one row per run and the file's own columns.

    Raises
    ------
    RunsError
        If the file cannot be read as a table, or the object is no table.

    Examples
    --------
    >>> from mpl_dantinox import load_runs, sample_runs
    >>> runs = load_runs(sample_runs())
    >>> "val_loss" in runs.columns
    True
    """
    return open_source(source).frame


def sample_runs() -> Any:
    """Return the bundled table of runs, a `pandas.DataFrame`.

    Examples
    --------
    >>> from mpl_dantinox import sample_runs
    >>> sorted(sample_runs()["type"].unique())
    ['GQA', 'MHA', 'MLA']
    """
    return load_runs(Path(str(files("mpl_dantinox.data") / "benchmark_results.csv")))


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
        A column that the caller named must be there. For one that has its default name a synonym
        will do, and it may be missing unless it is needed; None leaves the role out.
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
        return _part(table, columns, need)
    source = open_source(table)
    what = repr(source.name) if source.name else "the table"
    with engine_errors(what):
        have = source.columns
    scales, labels, where = dict(scales or {}), dict(labels or {}), dict(where or {})
    for given in (scales, labels, log or {}):
        for role in given:
            known("role", role, ROLES)
    found: dict[str, str] = {}
    said: dict[str, list[str]] = {"": list(source.notes)} | {role: [] for role in columns}
    for role, name in columns.items():
        column = _find(have, role, name, needed=role in need)
        if column is None:
            if name is not None:
                said[role].append(f"{role}: no column {name!r}, {ROLES[role].without}")
            continue
        found[role] = column
        factor = ROLES[role].factor(column)
        scaled = "" if role in scales or factor == 1 else f", times {factor:g} for {_UNITS[role]}"
        scales.setdefault(role, factor)
        if column != name or scaled:
            said[role].append(f"{role}: using {column!r}{scaled}")
    filters = {
        f"where {i}": (known("column", c, have), v) for i, (c, v) in enumerate(where.items())
    }
    with engine_errors(what):
        used = {*found.values(), *(column for column, _ in filters.values())}
        # Two roles may share a column, so each is selected on its own.
        picked = nw.from_native(source.select(used)).select(
            *(nw.col(name).alias(role) for role, name in found.items()),
            *(nw.col(name).alias(alias) for alias, (name, _) in filters.items()),
        )
        if not size(picked.head(1)):
            raise RunsError("the table has a header but no rows")
        schema = picked.collect_schema()
        chosen = [_matches(schema, alias, value) for alias, (_, value) in filters.items()]
        numbered = small(picked)
        rows: Frame = collected(picked).with_row_index("row") if numbered else picked
        rows = rows.filter(*chosen) if chosen else rows
        rows = collected(rows) if small(rows) else rows
        n = size(rows)
        if not n:
            wanted = " and ".join(f"{c} = {v}" for c, v in where.items())
            raise NoDataError(f"no run has {wanted}{_others(picked, filters)}")
        comma = source.decimal_comma
        read = rows.with_columns(
            _read(rows, role, scales.get(role, 1.0), comma).alias(f"read {role}") for role in found
        )
        for role in found:
            said[role] += _unread(role, read, n)
            if ROLES[role].kind == "flag" and (filled := _only_yes(role, read)) is not None:
                read = filled
                said[role].append(f"{role}: no row says no, so empty ones count as no")
        read = read.select(
            *(["row"] if numbered else []),
            *(nw.col(f"read {role}").alias(role) for role in found),
        )
        groups = _groups(read, found["group"]) if "group" in found else []
        if groups and isinstance(read, nw.DataFrame) and read.implementation.is_pandas():
            # Comparing its texts would be most of the work.
            read = read.with_columns(nw.col("group").cast(nw.Categorical))
    return Runs(
        read,
        found,
        {role: labels.get(role) or _label(role, name) for role, name in found.items()},
        said,
        source,
        dict(log or {}),
        groups,
    )


def _others(picked: Frame, filters: Mapping[str, tuple[str, Any]]) -> str:
    """Return the values that a column has where a single filter found none, if they are few."""
    if len(filters) > 1:
        return ""
    (alias,) = filters
    values = collected(picked.select(alias).drop_nulls().unique().head(_MOST_LISTED + 1))[alias]
    if len(values) > _MOST_LISTED:
        return ""
    return f"; there are: {', '.join(sorted(map(str, values.to_list())))}"


def _part(runs: Runs, columns: Mapping[str, str | None], need: Iterable[str]) -> Runs:
    """Return runs that were read for several insights, as one of them sees them."""
    for role in need:
        if role not in runs.columns:
            _find(runs.source.columns, role, columns[role], needed=True)
    return replace(runs, said={role: runs.said.get(role, ()) for role in ("", *columns)})


def _groups(frame: Frame, column: str) -> list[str]:
    """Return the names of the groups, or raise if there are too many, or too long ones."""
    distinct = frame.select("group").drop_nulls().unique()
    names = collected(distinct.head(_MOST_GROUPS + 1))["group"].sort().to_list()
    longest = max(map(len, names), default=0)
    if len(names) > _MOST_GROUPS:
        n = size(distinct)
        fault = f"names {n:,} groups, and a figure tells at most {_MOST_GROUPS} apart; is it"
    elif longest > _LONGEST_NAME:
        fault = f"holds a text of {longest:,} characters, which names no group; is it"
    else:
        return list(names)
    raise RunsError(f"the column {column!r} {fault} the right column for the role 'group'?")


def _unread(role: str, read: Frame, n: int) -> Iterator[str]:
    """Yield what is to be said of the rows in which a role has no value."""
    both = read.select(word=nw.col(role), read=nw.col(f"read {role}"))
    lost = both.filter(nw.col("read").is_null()).select("word")
    n_lost = size(lost)
    if not n_lost:
        return
    words = lost.drop_nulls().with_columns(nw.col("word").cast(nw.String).str.strip_chars())
    words = words.filter(~nw.col("word").str.to_lowercase().is_in(_MISSING))
    n_words = size(words)
    if n_words:
        example = textwrap.shorten(str(collected(words.head(1)).item()), 40, placeholder="…")
        wanted = {"flag": "true or false"}.get(ROLES[role].kind, "a number")
        yield f"{role}: {n_words:,} of {n:,} rows are not {wanted}, such as {example!r}"
    if n_lost > n_words and not ROLES[role].optional:
        yield f"{role}: {n_lost - n_words:,} of {n:,} rows are empty"


def _only_yes(role: str, read: Frame) -> Frame | None:
    """Return the frame with false where a column is empty that has values for true alone."""
    flag, raw = nw.col(f"read {role}"), nw.col(role)
    both = read.select(raw, flag)
    if size(both.filter(flag == 0)) or not size(both.filter(flag == 1)):
        return None
    word = raw.cast(nw.String).str.strip_chars().str.to_lowercase()
    empty = raw.is_null() | word.is_in(_MISSING)
    if not size(both.filter(empty)):
        return None
    return read.with_columns(nw.when(empty).then(nw.lit(0.0)).otherwise(flag).alias(f"read {role}"))


def known(what: str, name: str, names: Iterable[str]) -> str:
    """Return a name that is one of the names, or raise with the nearest of them."""
    names = list(names)
    if name in names:
        return name
    close = difflib.get_close_matches(name, names, n=1)
    hint = f"did you mean {close[0]!r}? " if close else ""
    raise RunsError(f"no {what} {name!r}; {hint}there are: {', '.join(names)}")


def _find(have: Sequence[str], role: str, name: str | None, *, needed: bool) -> str | None:
    """Return the column that plays a role, None if it may be and is missing."""
    if name is None:
        if needed:
            raise RunsError(f"the role {role!r} is needed here and was given no column")
        return None
    if name in have:
        return name
    spec = ROLES[role]
    by_default = name == spec.column
    if by_default:
        spellings = {spec.column, *spec.synonyms}
        others = [column for column in have if column.strip().lower() in spellings]
        if len(others) == 1:
            return others[0]
        if len(others) > 1:
            raise RunsError(
                f"no column {name!r} for the role {role!r}, and {' and '.join(map(repr, others))} "
                "could both be meant; name one of them"
            )
        if not needed:
            return None
    close = difflib.get_close_matches(name, have, n=1)
    hint = f"; did you mean {close[0]!r}?" if close else ";"
    kind = NoDataError if by_default and spec.optional else RunsError
    listed = ", ".join(have[:30]) + (f" and {len(have) - 30} more" if len(have) > 30 else "")
    raise kind(f"no column {name!r} for the role {role!r}{hint} the table has: {listed}")


def _label(role: str, column: str) -> str:
    """Return the role's own label for a column that we chose, the name of one that was given."""
    spec = ROLES[role]
    name = column.strip().lower()
    if name == spec.column or (role == "cache" and name in spec.synonyms):
        return spec.label
    # A name that came with the data is no math.
    return re.sub(_CONTROLS, " ", column).replace("$", r"\$")


def _matches(schema: nw.Schema, column: str, value: Any) -> nw.Expr:
    """Return whether a column has a value, which may be a word for a number or a flag."""
    if schema[column] == nw.Boolean and isinstance(value, str):
        if value.lower() not in (*_TRUE, *_FALSE):
            raise RunsError(f"a column of true and false cannot be {value!r}")
        value = value.lower() in _TRUE
    elif schema[column].is_numeric() and isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            raise RunsError(f"a column of numbers cannot be {value!r}") from None
    elif not schema[column].is_numeric() and not isinstance(value, bool):
        return nw.col(column).cast(nw.String).str.strip_chars() == str(value)
    matches: nw.Expr = nw.col(column) == value
    return matches


def _read(frame: Frame, role: str, scale: float, decimal_comma: bool) -> nw.Expr:
    """Return the expression that reads a role's column as what the role is."""
    kind, dtype, column = ROLES[role].kind, frame.collect_schema()[role], nw.col(role)
    if dtype == nw.Object or isinstance(dtype, nw.Categorical | nw.Enum) or kind == "text":
        # A cast turns the missing values of an object column into words.
        column = nw.when(~column.is_null()).then(column.cast(nw.String))
        dtype = nw.String()
    if kind == "text":
        distinct = frame.select(column.alias("word")).drop_nulls().unique()
        words = collected(distinct.head(_MOST_GROUPS))["word"].to_list()
        clean = [word for word in words if word and word == re.sub(_CONTROLS, " ", word).strip()]
        if len(clean) == len(words) < _MOST_GROUPS:
            # As tables mostly are; looking is cheaper than cleaning.
            return column
        column = column.str.replace_all(_CONTROLS, " ").str.strip_chars()
        return nw.when(column != "").then(column)
    if dtype == nw.String:
        text = column.str.strip_chars()
        if kind == "flag":
            return _flag(text.str.to_lowercase(), _TRUE, _FALSE)
        text = _with_decimal_point(frame, text, decimal_comma)
        column = nw.when(text.str.contains(_NUMBER)).then(text)
    elif not (dtype.is_numeric() or dtype == nw.Boolean or dtype == nw.Unknown):
        raise RunsError(f"the column for the role {role!r} holds {dtype}; expected a {kind}")
    number = column.cast(nw.Float64)
    if kind == "flag":
        return _flag(number, (1.0,), (0.0,))
    usable = (number.abs() < _LARGEST) & ((number == 0) | (number.abs() > _SMALLEST))
    return nw.when(usable).then(number * scale)


def _with_decimal_point(frame: Frame, text: nw.Expr, decimal_comma: bool) -> nw.Expr:
    """Return numbers in words with a decimal point and nothing between their thousands.

    Whether a comma is decimal is told by the numbers of the column that can be read one way only,
    and where all can be read both ways, by *decimal_comma*.
    """

    def without(marks: str, spelling: str) -> nw.Expr:
        return (
            nw.when(text.str.contains(spelling))
            .then(text.str.replace_all(marks, ""))
            .otherwise(text)
        )

    text = without("[ '\u00a0\u2009\u202f]", _SPACE_THOUSANDS)
    word = nw.col("word").str
    with_comma = frame.select(word=text).filter(word.contains(","))
    if not size(with_comma):
        return text
    thousands = with_comma.filter(word.contains(_COMMA_THOUSANDS) & word.contains(r"\."))
    decimal = with_comma.filter(word.contains(_DECIMAL_COMMA) & ~word.contains(_COMMA_THOUSANDS))
    if size(decimal) or (decimal_comma and not size(thousands)):
        return without(r"\.", _POINT_THOUSANDS).str.replace_all(",", ".")
    return without(",", _COMMA_THOUSANDS)


def _flag(column: nw.Expr, true: Sequence[Any], false: Sequence[Any]) -> nw.Expr:
    """Read true values as 1 and false ones as 0, and leave the others missing."""
    flag = column.is_in(true).cast(nw.Float64)
    return nw.when(column.is_in(true) | column.is_in(false)).then(flag)
