"""From what lies on a disk, or comes through a pipe, to a frame.

A file of text is read once, as bytes, so that its hash is that of what was read. Text is UTF-8,
UTF-16 by its byte order mark, or else Windows-1252; the separator of a CSV file is the one that its
header has most of.
"""

import codecs
import csv
import gzip
import hashlib
import io
import json
import os
import sys
import warnings
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from typing import Any

import narwhals as nw

from mpl_dantinox.nearest import advice
from mpl_dantinox.tables.engine import n_rows
from mpl_dantinox.tables.errors import RunsError, engine_errors, one_line

__all__ = ["RunsError", "Source", "load_runs", "open_source", "sample_runs"]

# Under this key a pandas frame remembers, in its attrs, the file that it was read from.
_ATTRS = "mpl_dantinox"

_SEPARATORS = (",", ";", "\t", "|")
_CONTROL_BYTES = bytes(set(range(32)) - {9, 10, 13})
# As many bytes of a file are searched for controls, to tell text from pictures and archives.
_HEAD = 2**20


@dataclass(frozen=True)
class Source:
    """A table and where it came from.

    Attributes
    ----------
    table : frame
        As its own library has it.
    name : str or None
        The file's name, without its folder; None for a frame that is not what a file holds.
    sha256 : str or None
        Hash of the file's bytes.
    notes : tuple of str
        What was assumed while reading.
    decimal_comma : bool
        Whether a comma in a number that could also part thousands is more likely decimal.
    """

    table: Any
    name: str | None = None
    sha256: str | None = None
    notes: tuple[str, ...] = ()
    decimal_comma: bool = False

    @property
    def columns(self) -> list[str]:
        """Names of the table's columns, as far as they are texts."""
        names = nw.from_native(self.table).collect_schema().names()
        return [name for name in names if isinstance(name, str)]

    @property
    def n_rows(self) -> int:
        """Number of rows of the table."""
        return n_rows(nw.from_native(self.table))


def load_runs(source: Any) -> Any:
    """Read a table of runs.

    Parameters
    ----------
    source : path-like, str or frame
        A file (CSV or JSON, also compressed with gzip; Parquet, also as a folder or with
        wildcards), ``"-"`` for text on standard input, ``"duckdb:SELECT …"``, or any frame that
        narwhals knows (pandas, Polars, PyArrow, DuckDB, …), which is returned as it is.

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


_SAMPLES = {"sweep": "benchmark_results.csv", "models": "models.csv"}


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
    """Return a source of runs, read if it is a file.

    Parameters
    ----------
    source : path-like, str, frame or Source
        As `load_runs` takes it.

    Raises
    ------
    RunsError
        If it cannot be read, or is no table.
    """
    if isinstance(source, Source):
        return source
    if isinstance(source, str) and source.startswith("sample:"):
        name = source.removeprefix("sample:")
        if name not in _SAMPLES:
            raise RunsError(f"no bundled table {name!r}; {advice(name, _SAMPLES)}")
        source = Path(str(files("mpl_dantinox.data") / _SAMPLES[name]))
    if isinstance(source, str) and source.startswith("duckdb:"):
        return _query(source.removeprefix("duckdb:"))
    if isinstance(source, str) and source == "-":
        return _parse("standard input", sys.stdin.buffer.read())
    if isinstance(source, str | os.PathLike):
        return _open(Path(source))
    with engine_errors("the table"):
        try:
            nw.from_native(source)
        except TypeError:
            raise RunsError(
                "a table of runs is a path to a file or a frame (pandas, Polars, PyArrow, DuckDB); "
                f"got {type(source).__name__}"
            ) from None
        except nw.exceptions.DuplicateError as error:
            raise RunsError(f"two columns have one name. {one_line(error)}") from None
        remembered = getattr(source, "attrs", {}).get(_ATTRS)
        return _remembered(source, **remembered) if isinstance(remembered, dict) else Source(source)


def _remembered(frame: Any, path: str, notes: tuple[str, ...], decimal_comma: bool) -> Source:
    """Return a frame that came from a file, with its name if it is still what the file holds.

    pandas hands `attrs` on to whatever is made from a frame, so they prove nothing.
    """
    try:
        again = _open(Path(path))
    except RunsError:
        again = Source(None)
    if again.table is not None and frame.equals(again.table):
        return again
    return Source(frame, notes=notes, decimal_comma=decimal_comma)


def _open(path: Path) -> Source:
    with engine_errors(repr(str(path))):
        wild = any(c in path.name for c in "*?[") and not path.exists()
        if path.is_dir() or path.suffix == ".parquet" or wild:
            return _scan(path)
        source = _parse(path.name, path.read_bytes())
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


def _scan(path: Path) -> Source:
    """Return Parquet files as a lazy frame: one file, all of a folder, or those of a pattern."""
    pattern = path / "*.parquet" if path.is_dir() else path
    found = [path] if path.is_file() else sorted(pattern.parent.glob(pattern.name))
    if not found:
        raise RunsError(f"no Parquet file is at {str(pattern)!r}")
    hashes = [_hash(file) for file in found]
    frame = _scan_parquet([str(file) for file in found])
    whole = hashes[0] if len(hashes) == 1 else hashlib.sha256("".join(hashes).encode()).hexdigest()
    return Source(frame, path.name, whole)


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
    """Return the table that the bytes of a file of text hold."""
    sha256 = hashlib.sha256(data).hexdigest()
    if data[:2] == b"\x1f\x8b":
        try:
            data = gzip.decompress(data)
        except (OSError, EOFError, zlib.error) as error:
            raise RunsError(f"{name!r} is not a whole gzip file: {one_line(error)}") from None
    data, notes = _utf8(name, data)
    with engine_errors(repr(name)):
        if data.lstrip()[:1] in (b"[", b"{"):
            return Source(_read_json(name, data), name, sha256, notes)
        frame, decimal = _read_csv(name, data)
        return Source(frame, name, sha256, notes, decimal == ",")


def _utf8(name: str, data: bytes) -> tuple[bytes, tuple[str, ...]]:
    """Return a text as UTF-8 without a byte order mark, and what is to be said of it."""
    notes: tuple[str, ...] = ()
    try:
        if data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
            data = data.decode("utf-16").encode()
        data = data.removeprefix(codecs.BOM_UTF8)
        if not data.isascii():
            data.decode()
    except UnicodeError:
        # What is called Latin-1 is mostly Windows-1252, which has letters in place of controls.
        data = data.decode("cp1252", errors="replace").encode()
        notes = ("the text is not UTF-8: reading it as Latin-1 (Windows-1252)",)
    if not data or data.isspace():
        raise RunsError(f"{name!r} is empty; a table needs a header line and a row per run")
    head = data[:_HEAD]
    if len(head.translate(None, _CONTROL_BYTES)) < len(head) or b"\0" in data:
        raise RunsError(f"{name!r} is not a text file; expected a table such as CSV")
    return data, notes


def _read_json(name: str, data: bytes) -> Any:
    """Read an array of objects, or an object per line; what is nested gets dotted names."""
    import pandas as pd

    is_array = data.lstrip().startswith(b"[")
    rows: list[Any] = []
    for start, text in enumerate([data] if is_array else data.splitlines(), 1):
        try:
            read = json.loads(text) if text.strip() else []
        except json.JSONDecodeError as error:
            line = start + error.lineno - 1
            raise RunsError(f"{name!r}, line {line}: not JSON, {error.msg.lower()}") from None
        rows += read if is_array and isinstance(read, list) else [read] if text.strip() else []
    if not all(isinstance(row, dict) for row in rows):
        raise RunsError(f"{name!r} is JSON, but no array of objects and no object per line")
    return pd.json_normalize(rows).rename(columns=str)


def _read_csv(name: str, data: bytes) -> tuple[Any, str]:
    """Return a CSV file as a `pandas.DataFrame`, and the decimal mark of its separator."""
    import pandas as pd  # Slow to import, and only text needs it.

    # The first line of text is enough to tell the separator, unless a name has a line break.
    lines = io.TextIOWrapper(io.BytesIO(data), "utf-8")
    first = next(line for line in lines if line.strip())
    separator = max(_SEPARATORS, key=first.count)
    decimal = "." if separator in ",|" else ","
    header = next(row for _, row in _csv_rows(data, separator) if any(row))
    names = [cell.strip() for cell in header]
    twice = sorted({c for c in names if c and names.count(c) > 1})
    if twice:
        raise RunsError(f"{name!r} has several columns named {' and '.join(map(repr, twice))}")
    options: dict[str, Any] = {
        "sep": separator, "decimal": decimal, "skipinitialspace": True, "index_col": False,
        "low_memory": False,
    }  # fmt: skip
    try:
        with warnings.catch_warnings():
            # Where the first rows are longer than the header, pandas warns and cuts them off.
            warnings.simplefilter("error", pd.errors.ParserWarning)
            frame = pd.read_csv(io.BytesIO(data), na_values=["-", "–", "—"], **options)
    except (pd.errors.ParserError, pd.errors.ParserWarning) as error:
        raise RunsError(f"{name!r}, {_csv_fault(data, separator, len(header), error)}") from None
    kinds = pd.api.types
    texts = [
        place
        for place, (_, column) in enumerate(frame.items())
        if not kinds.is_numeric_dtype(column) and column.hasnans
    ]
    if texts:
        # In a column of words, NA and None may be names as good as any.
        words = pd.read_csv(
            io.BytesIO(data), usecols=texts, dtype=str, keep_default_na=False, na_values=[""],
            **options,
        )  # fmt: skip
        frame[words.columns] = words
    return frame.rename(columns=str.strip), decimal


def _csv_fault(data: bytes, separator: str, width: int, error: Exception) -> str:
    """Return where a CSV file is broken, and how."""
    line = 1
    for line, row in _csv_rows(data, separator):
        if len(row) > width:
            return f"line {line}: {len(row)} cells; the header has {width}"
    if "EOF inside string" in str(error):
        return f"line {line}: a quote that is never closed"
    return f"cannot be read: {one_line(error)}"


def _csv_rows(data: bytes, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of a CSV file as Python reads them, each with the line that it begins in."""
    lines = csv.reader(io.TextIOWrapper(io.BytesIO(data), "utf-8", newline=""), delimiter=separator)
    begins = 1
    for row in lines:
        yield begins, row
        begins = lines.line_num + 1
