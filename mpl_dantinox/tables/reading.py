"""From what lies on a disk, or comes through a pipe, to a frame.

A file is read once, as bytes, so that its hash is that of what was read.
"""

import hashlib
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from typing import Any

import narwhals as nw

from mpl_dantinox.tables.engine import n_rows
from mpl_dantinox.tables.errors import RunsError, engine_errors, one_line
from mpl_dantinox.tables.roles import one_of
from mpl_dantinox.tables.text import parse

__all__ = ["RunsError", "Source", "load_runs", "open_source", "sample_runs"]

# Under this key a pandas frame remembers, in its attrs, the file that it was read from.
_ATTRS = "mpl_dantinox"
_SAMPLES = {"sweep": "benchmark_results.csv", "models": "models.csv"}


@dataclass(frozen=True)
class Source:
    """A table as its own library has it, and where it came from.

    It has the name and the hash of a file, without its folder, only while it is what the file
    holds. A comma that could be decimal, and could part thousands, is decimal if `decimal_comma`.
    """

    table: Any
    name: str | None = None
    sha256: str | None = None
    notes: tuple[str, ...] = ()
    decimal_comma: bool = False

    @property
    def called(self) -> str:
        """What a message calls the table."""
        return repr(self.name) if self.name else "the table"

    @cached_property
    def columns(self) -> list[str]:
        """Names of the table's columns, as far as they are texts."""
        names = nw.from_native(self.table).collect_schema().names()
        return [name for name in names if isinstance(name, str)]

    @cached_property
    def n_rows(self) -> int:
        """Number of rows of the table."""
        return n_rows(nw.from_native(self.table))

    def require_rows(self) -> None:
        """Raise if the table has no rows."""
        if not self.n_rows:
            raise RunsError(f"{self.called} has a header but no rows")


def load_runs(source: Any) -> Any:
    """Read a table of runs.

    Parameters
    ----------
    source : path-like, str or frame
        A file of text (CSV, JSON, a table in Markdown or as a terminal prints it; also compressed
        with gzip); Parquet; a folder of Parquet files, or of JSON files with a run or more each, or
        a pattern such as ``"runs/*.csv"``; ``"-"`` for text on standard input;
        ``"duckdb:SELECT …"``; or any frame that narwhals knows (pandas, Polars, PyArrow, DuckDB,
        …), which is returned as it is.

    Returns
    -------
    frame
        A `pandas.DataFrame` for a file of text, with one row per run and the file's own columns.

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
    return open_source(source).table


def sample_runs(name: str = "sweep") -> Any:
    """Return a bundled table, a `pandas.DataFrame`.

    Parameters
    ----------
    name : {"sweep", "models"}
        Small models that were trained and measured, or published models with the KV cache of a
        sequence of 8,192 tokens and 5-shot MMLU. What takes a path takes ``sample:models`` too.

    Examples
    --------
    >>> from mpl_dantinox import sample_runs
    >>> sorted(sample_runs()["type"].unique())
    ['GQA', 'MHA', 'MLA']
    >>> sorted(sample_runs("models")["attention"].unique())
    ['GQA', 'MHA', 'MLA', 'MQA']
    """
    return load_runs(f"sample:{name}")


def open_source(source: Any) -> Source:
    """Return a source of runs, read if it is a file; RunsError says that it is no table."""
    if isinstance(source, Source):
        return source
    if isinstance(source, str):
        scheme, _, rest = source.partition(":")
        if scheme == "sample":
            sample = _SAMPLES[one_of("bundled table", rest, _SAMPLES)]
            source = str(files("mpl_dantinox.data") / sample)
        elif scheme == "duckdb":
            return _query(rest)
        elif source == "-":
            return _parse("standard input", sys.stdin.buffer.read())
    if isinstance(source, str | os.PathLike):
        return _open(Path(source))
    with engine_errors("the table"):
        try:
            nw.from_native(source)
        except TypeError:
            raise RunsError(
                "a table of runs is a path to a file or a frame (pandas, Polars, PyArrow, DuckDB); "
                f"got {type(source).__name__}, of which pandas.DataFrame may make one"
            ) from None
        except nw.exceptions.DuplicateError as error:
            raise RunsError(f"two columns have one name. {one_line(error)}") from None
        remembered = getattr(source, "attrs", {}).get(_ATTRS)
        # The index of a pandas frame, as one has it after grouping.
        levels = getattr(getattr(source, "index", None), "names", ())
        named = [level for level in levels if isinstance(level, str) and level not in source]
        source = source.reset_index(level=named) if named else source
        return _remembered(source, **remembered) if isinstance(remembered, dict) else Source(source)


def _remembered(frame: Any, path: str, notes: tuple[str, ...], decimal_comma: bool) -> Source:
    """Return a frame that came from a file, with its name if it is still what the file holds.

    pandas hands `attrs` on to whatever is made from a frame, so they prove nothing.
    """
    with suppress(RunsError):
        again = _open(Path(path))
        if frame.equals(again.table):
            return again
    return Source(frame, notes=notes, decimal_comma=decimal_comma)


def _open(path: Path) -> Source:
    with engine_errors(repr(str(path))):
        if path.is_dir():
            found = sorted(path.glob("*.parquet")) or sorted(path.glob("*.json"))
        elif any(c in path.name for c in "*?[") and not path.exists():
            found = sorted(path.parent.glob(path.name))
        else:
            found = [path]
        if not found:
            hint = f"; name others by a pattern such as {str(path / '*.csv')!r}" * path.is_dir()
            what = "Parquet or JSON file is in" if path.is_dir() else "file is at"
            raise RunsError(f"no {what} {str(path)!r}{hint}")
        if all(map(_is_parquet, found)):
            whole = _one_hash([_hash(file) for file in found])
            return Source(_scan_parquet([str(file) for file in found]), path.name, whole)
        parts = [_parse(file.name, file.read_bytes()) for file in found]
        if found != [path]:
            return _joined(path.name, parts)
        (source,) = parts
        source.table.attrs[_ATTRS] = {
            "path": str(path.absolute()),
            "notes": source.notes,
            "decimal_comma": source.decimal_comma,
        }
        return source


def _query(query: str) -> Source:
    try:
        import duckdb
    except ImportError:
        raise RunsError(
            "a duckdb: query needs DuckDB: pip install 'mpl-dantinox[duckdb]'"
        ) from None
    with engine_errors("the DuckDB query"):
        frame = duckdb.sql(query)
        if frame is None:
            raise RunsError("the DuckDB query has no result; expected a SELECT")
        return Source(frame, "duckdb query")


def _joined(name: str, parts: list[Source]) -> Source:
    """Return the rows of several files as one table."""
    import pandas as pd

    table = pd.concat([part.table for part in parts], ignore_index=True)
    notes = dict.fromkeys(note for part in parts for note in part.notes)
    comma = any(part.decimal_comma for part in parts)
    return Source(table, name, _one_hash([str(part.sha256) for part in parts]), (*notes,), comma)


def _one_hash(hashes: list[str]) -> str:
    if len(hashes) == 1:
        return hashes[0]
    return hashlib.sha256("".join(hashes).encode()).hexdigest()


def _is_parquet(file: Path) -> bool:
    if file.suffix == ".parquet" or not file.is_file():
        return file.suffix == ".parquet"
    with file.open("rb") as opened:
        return opened.read(4) == b"PAR1"


def _hash(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _scan_parquet(paths: list[str]) -> Any:
    """Scan Parquet files with the first engine that is installed."""
    engines: dict[str, Callable[[Any], Any]] = {
        "polars": lambda polars: polars.scan_parquet(paths),
        "duckdb": lambda duckdb: duckdb.read_parquet(paths),
        "pyarrow.dataset": lambda dataset: dataset.dataset(paths).to_table(),
    }
    for name, scan in engines.items():
        with suppress(ImportError):
            return scan(import_module(name))
    raise RunsError(
        "a Parquet file needs Polars, DuckDB or PyArrow: pip install 'mpl-dantinox[polars]'"
    )


def _parse(name: str, data: bytes) -> Source:
    """Return the table in a file of text, with the hash of its bytes."""
    table, notes, decimal_comma = parse(name, data)
    return Source(table, name, hashlib.sha256(data).hexdigest(), notes, decimal_comma)
