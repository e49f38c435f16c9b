"""A table of runs: reading it, checking it, and saying what is wrong with it.

One row is one trained model. What a column means is its *role*; `ROLES` lists them with the names
that are looked for when the caller gives none. Whatever made the table (pandas, Polars, Arrow, a
database), the insights see one frame with a column per role, numbers and flags as float64, and what could not be read as missing.
"""

import difflib
import hashlib
import io
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

import narwhals as nw
import numpy as np
import numpy.typing as npt

__all__ = ["ROLES", "NoDataError", "Role", "Runs", "RunsError", "as_runs", "load_runs", "origin", "sample_runs"]

#: Under this key a pandas frame remembers, in its ``attrs``, the file that it was read from.
_ATTRS = "mpl_dantinox"

# What counts as a number in a column of text; anything else is missing.
_NUMBER = r"^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$"
_TRUE = ("true", "t", "yes", "y", "on", "1", "1.0")
_FALSE = ("false", "f", "no", "n", "off", "0", "0.0")


class RunsError(ValueError):
    """The table, or what was said about it, cannot be used; the message says why in one line."""


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
    """

    column: str
    kind: Literal["text", "number", "flag"]
    label: str
    optional: bool = False


#: The roles that a column can play, by the keyword that names its column.
ROLES: Mapping[str, Role] = {
    "group": Role("type", "text", "attention"),
    "moe": Role("moe", "flag", "mixture of experts", optional=True),
    "params": Role("params_m", "number", "parameters (M)", optional=True),
    "loss": Role("val_loss", "number", "validation loss"),
    "cache": Role("theoretical_cache_mb", "number", "KV cache per sequence"),
    "tps": Role("tps_512", "number", "decode throughput of one sequence", optional=True),
    "dial": Role("down_dim_kv", "number", "latent KV dimension", optional=True),
}


@dataclass(frozen=True)
class Runs:
    """A table whose columns have been found and read.

    Attributes
    ----------
    frame : narwhals.DataFrame
        ``row``, the zero-based row in the source, and one column per role that the table has:
        text, or float64 in which missing and infinite values are null; a flag is 1.0, 0.0 or null.
    columns : dict of str to str
        The name in the table of each role's column.
    source : str
        The file's name, without its folder, or ``"table"`` for a frame.
    sha256 : str or None
        Hash of the file's bytes; None for a frame that was not read from a file.
    """

    frame: nw.DataFrame[Any]
    columns: dict[str, str]
    source: str
    sha256: str | None

    @property
    def n_rows(self) -> int:
        """Number of rows of the source table."""
        return len(self.frame)

    @property
    def groups(self) -> list[str]:
        """The names in the group column, sorted."""
        return list(self.frame["group"].drop_nulls().unique().sort().to_list())

    def dense(self) -> nw.DataFrame[Any]:
        """Return the runs that are known to be dense: all of them where no column tells."""
        return self.frame.filter(nw.col("moe") == 0) if "moe" in self.columns else self.frame

    def codes(self, groups: Sequence[str]) -> npt.NDArray[np.int64]:
        """Return each row's place in `groups`, -1 where its group is missing; shape (n,)."""
        codes = self.frame["group"].fill_null("").replace_strict(
            ["", *groups], [-1, *range(len(groups))], return_dtype=nw.Int64
        )
        return np.asarray(codes.to_numpy())


def load_runs(source: Any) -> Any:
    """Read a table of runs.

    Parameters
    ----------
    source : path-like or frame
        A CSV file, or any frame that narwhals knows (pandas, Polars, PyArrow, DuckDB, …), which is
        returned as it is.

    Returns
    -------
    frame
        A `pandas.DataFrame` for a file, with one row per run and the file's own columns.

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
    if isinstance(source, str | os.PathLike):
        return _read_csv(Path(source))
    _frame(source)
    return source


def sample_runs() -> Any:
    """Return the bundled table of runs, a `pandas.DataFrame`.

    Examples
    --------
    >>> from mpl_dantinox import sample_runs
    >>> sorted(sample_runs()["type"].unique())
    ['GQA', 'MHA', 'MLA']
    """
    return load_runs(Path(str(files("mpl_dantinox.data") / "benchmark_results.csv")))


def _read_csv(path: Path) -> Any:
    """Read a CSV file into a pandas frame that remembers its name and hash."""
    import pandas as pd  # Slow to import, and only a CSV needs it.

    try:
        data = path.read_bytes()
    except OSError as error:
        raise RunsError(f"cannot read {str(path)!r}: {(error.strerror or str(error)).lower()}") from None
    if not data.strip():
        raise RunsError(f"{str(path)!r} is empty; a table needs a header line and a row per run")
    if b"\0" in data[:4096]:
        raise RunsError(f"{str(path)!r} is not a text file; expected a CSV table")
    try:
        frame = pd.read_csv(io.BytesIO(data), skipinitialspace=True, encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise RunsError(f"{str(path)!r} is not UTF-8 text (byte {error.start})") from None
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise RunsError(f"{str(path)!r} is not a CSV table: {' '.join(str(error).split())}") from None
    frame.attrs[_ATTRS] = {"source": path.name, "sha256": hashlib.sha256(data).hexdigest()}
    return frame


def as_runs(table: Any, columns: Mapping[str, str | None], *, need: Iterable[str]) -> Runs:
    """Find the columns of a table by role, and read them.

    Parameters
    ----------
    table : path-like or frame
        What `load_runs` takes.
    columns : mapping of role to column name
        A column that the caller named must be there. One that has its default name may be missing
        unless it is needed; None leaves the role out.
    need : iterable of roles
        The roles without which there is nothing to show.

    Returns
    -------
    Runs

    Raises
    ------
    RunsError
        If a column is missing, stands twice in the table, or holds what is no such value at all.
    NoDataError
        If a needed column is missing that sound tables may lack.
    """
    native = load_runs(table)
    known = origin(native)
    frame = _frame(native)
    have = list(frame.collect_schema())
    found = {}
    for role, name in columns.items():
        if name is not None and _has_column(have, role, name, needed=role in need):
            found[role] = name
        elif role in need and name is None:
            raise RunsError(f"the role {role!r} is needed here and was given no column")
    # Two roles may share a column, so each is selected on its own.
    picked = frame.select(*(nw.col(name).alias(role) for role, name in found.items()))
    if isinstance(picked, nw.LazyFrame):
        picked = picked.collect()
    if not len(picked):
        raise RunsError("the table has a header but no rows")
    read = picked.select(*(_read(picked, role) for role in found)).with_row_index("row")
    return Runs(read, found, known["source"] or "table", known["sha256"])


def _frame(table: Any) -> nw.DataFrame[Any] | nw.LazyFrame[Any]:
    """Return any frame as narwhals', or say what it is instead."""
    try:
        frame: nw.DataFrame[Any] | nw.LazyFrame[Any] = nw.from_native(table)
    except TypeError:
        raise RunsError(
            "a table of runs is a path to a CSV file or a frame (pandas, Polars, PyArrow, DuckDB); "
            f"got {type(table).__name__}"
        ) from None
    except nw.exceptions.DuplicateError as error:
        raise RunsError(f"two columns have one name. {' '.join(str(error).split())}") from None
    return frame


def origin(frame: Any) -> dict[str, str | None]:
    """Return the name and the hash of the file that a frame was read from, None where unknown."""
    return {"source": None, "sha256": None} | getattr(frame, "attrs", {}).get(_ATTRS, {})


def _has_column(have: Sequence[str], role: str, name: str, *, needed: bool) -> bool:
    """Tell whether the table has the column, or raise if it had to."""
    if name in have:
        return True
    if not needed and name == ROLES[role].column:
        return False
    close = difflib.get_close_matches(name, have, n=1)
    hint = f"; did you mean {close[0]!r}?" if close else ";"
    kind = NoDataError if name == ROLES[role].column and ROLES[role].optional else RunsError
    raise kind(f"no column {name!r} for the role {role!r}{hint} the table has: {', '.join(have)}")


def _read(frame: nw.DataFrame[Any], role: str) -> nw.Expr:
    """Return the expression that reads a role's column as what the role is."""
    kind, dtype, column = ROLES[role].kind, frame.schema[role], nw.col(role)
    if dtype == nw.Object or isinstance(dtype, nw.Categorical | nw.Enum) or kind == "text":
        # A cast turns the missing values of an object column into words.
        column = nw.when(~column.is_null()).then(column.cast(nw.String))
        dtype = nw.String()
    if kind == "text":
        column = column.str.strip_chars()
        return nw.when(column != "").then(column).alias(role)
    if dtype == nw.String:
        text = column.str.strip_chars()
        if kind == "flag":
            return _flag(text.str.to_lowercase(), _TRUE, _FALSE).alias(role)
        column = nw.when(text.str.contains(_NUMBER)).then(text)
    elif not (dtype.is_numeric() or dtype == nw.Boolean or dtype == nw.Unknown):
        raise RunsError(f"the column for the role {role!r} holds {dtype}; expected a {kind}")
    number = column.cast(nw.Float64)
    if kind == "flag":
        return _flag(number, (1.0,), (0.0,)).alias(role)
    return nw.when(number.is_finite()).then(number).alias(role)


def _flag(column: nw.Expr, true: Sequence[Any], false: Sequence[Any]) -> nw.Expr:
    """Read true values as 1 and false ones as 0, and leave the others missing."""
    flag = column.is_in(true).cast(nw.Float64)
    return nw.when(column.is_in(true) | column.is_in(false)).then(flag)
