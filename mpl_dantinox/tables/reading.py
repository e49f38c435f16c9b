"""Files of runs: from what lies on a disk, or comes through a pipe, to a frame.

A file is read once, as bytes, so that its hash is that of what was read. Text is UTF-8, UTF-16 by
its byte order mark, or else Latin-1; the separator is the one that the header line has most of.
Of a CSV file only the columns that are asked for are parsed.
"""

import codecs
import csv
import gzip
import hashlib
import io
import os
import sys
import warnings
import zlib
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import narwhals as nw
import numpy as np

__all__ = ["RunsError", "Source", "engine_errors", "open_source"]

# Under this key a pandas frame remembers, in its attrs, the file that it was read from.
_ATTRS = "mpl_dantinox"

_SEPARATORS = (",", ";", "\t", "|")
_CONTROL = bytes(set(range(32)) - {9, 10, 13})
# The bytes that are looked at for controls, and those that are counted at a time.
_HEAD, _CHUNK = 2**20, 2**16


class RunsError(ValueError):
    """The table, or what was said about it, cannot be used; the message says why in one line."""


@dataclass(frozen=True)
class Source:
    """A table and where it came from.

    Attributes
    ----------
    table : frame or CsvText
        A frame as its own library has it, or a text that is not a frame yet.
    name : str or None
        The file's name, without its folder; None for a frame that was not read from a file.
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
        if isinstance(self.table, CsvText):
            return self.table.columns
        names = nw.from_native(self.table).collect_schema().names()
        return [name for name in names if isinstance(name, str)]

    @property
    def frame(self) -> Any:
        """The whole table as a frame."""
        return self.select(self.columns) if isinstance(self.table, CsvText) else self.table

    def select(self, columns: Iterable[str]) -> Any:
        """Return a frame that has at least some columns; it may have the others too."""
        if not isinstance(self.table, CsvText):
            return self.table
        frame = self.table.read(columns)
        # Passed on to whoever is given the frame.
        frame.attrs[_ATTRS] = {key: value for key, value in vars(self).items() if key != "table"}
        return frame

    @property
    def n_rows(self) -> int:
        """Number of rows of the table."""
        frame = nw.from_native(self.select([])).lazy()
        return int(frame.select(nw.len()).collect().item())


def open_source(source: Any) -> Source:
    """Return a source of runs, read if it is a file.

    Parameters
    ----------
    source : path-like, str, frame or Source
        As `mpl_dantinox.load_runs` takes it.

    Raises
    ------
    RunsError
        If it cannot be read, or is no table.
    """
    if isinstance(source, Source):
        return source
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
            raise RunsError(f"two columns have one name. {_line(error)}") from None
        origin = getattr(source, "attrs", {}).get(_ATTRS)
        return Source(source, **origin) if isinstance(origin, dict) else Source(source)


@contextmanager
def engine_errors(what: str) -> Iterator[None]:
    """Make what a frame's library raises our own exception; there are too many to name them."""
    try:
        yield
    except RunsError:
        raise
    except OSError as error:
        raise RunsError(
            f"cannot read {what}: {(error.strerror or _line(error)).lower()}"
        ) from error
    except Exception as error:
        raise RunsError(f"{what} cannot be read: {_line(error)}") from error


def _open(path: Path) -> Source:
    with engine_errors(repr(str(path))):
        wild = any(c in path.name for c in "*?[") and not path.exists()
        if path.is_dir() or path.suffix == ".parquet" or wild:
            return _scan(path)
        data = path.read_bytes()
    return _parse(path.name, data)


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
    try:
        import polars as pl

        return pl.scan_parquet(paths)
    except ImportError:
        pass
    try:
        import duckdb

        return duckdb.read_parquet(paths)
    except ImportError:
        pass
    try:
        import pyarrow.dataset as ds

        return ds.dataset(paths).to_table()
    except ImportError:
        raise RunsError(
            "a Parquet file needs Polars, DuckDB or PyArrow: pip install 'mpl-dantinox[polars]'"
        ) from None


def _parse(name: str, data: bytes) -> Source:
    """Return the table that a file's bytes hold."""
    # Hashed beside the rest, which it takes half of the time of.
    with ThreadPoolExecutor(1) as pool:
        sha256 = pool.submit(lambda data: hashlib.sha256(data).hexdigest(), data)
        if data[:2] == b"\x1f\x8b":
            try:
                data = gzip.decompress(data)
            except (OSError, EOFError, zlib.error) as error:
                raise RunsError(f"{name!r} is not a whole gzip file: {_line(error)}") from None
        data, notes = _utf8(name, data)
        with engine_errors(repr(name)):
            if Path(name.removesuffix(".gz")).suffix in (".jsonl", ".ndjson"):
                return Source(_read_json(data), name, sha256.result(), notes)
            table = CsvText(name, data)
        return Source(table, name, sha256.result(), notes, table.decimal == ",")


def _line(error: BaseException) -> str:
    text = " ".join(str(error).split()).removeprefix("Error tokenizing data. C error: ")
    text = text if len(text) <= 200 else f"{text[:200]}…"
    return text or type(error).__name__


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
    if len(head.translate(None, _CONTROL)) < len(head) or b"\0" in data:
        raise RunsError(f"{name!r} is not a text file; expected a table such as CSV")
    return data, notes


def _read_json(data: bytes) -> Any:
    import pandas as pd

    frame = pd.read_json(io.BytesIO(data), lines=True)
    return frame.set_axis(frame.columns.map(str), axis=1)


class CsvText:
    """The text of a CSV file, of which columns become a frame when they are asked for.

    Parameters
    ----------
    name : str
        Of the file, for messages.
    data : bytes
        The text, as UTF-8.

    Raises
    ------
    RunsError
        If two columns have one name.
    """

    def __init__(self, name: str, data: bytes) -> None:
        # The first line of text is enough to tell the separator, unless a name has a line break.
        lines = io.TextIOWrapper(io.BytesIO(data), encoding="utf-8", newline="")
        first = next(line for line in lines if line.strip())
        self._separator = max(_SEPARATORS, key=first.count)
        lines.seek(0)
        header = next(row for row in csv.reader(lines, delimiter=self._separator) if any(row))
        self._header = [cell.strip() for cell in header]
        twice = sorted({c for c in self._header if c and self._header.count(c) > 1})
        if twice:
            raise RunsError(f"{name!r} has several columns named {' and '.join(map(repr, twice))}")
        #: The decimal mark that goes with the separator.
        self.decimal = "." if self._separator in ",|" else ","
        self._name, self._data = name, data
        self._frame: Any = None
        self._is_even = all(self._header) and _is_even(data, self._separator, len(header))

    @property
    def columns(self) -> list[str]:
        """Names of the columns."""
        return self._header if self._is_even else list(self.read([]).columns)

    def read(self, columns: Iterable[str]) -> Any:
        """Return a `pandas.DataFrame` that has at least some columns."""
        have = set() if self._frame is None else set(self._frame.columns)
        wanted = have.union(columns)
        if self._frame is None or (self._is_even and wanted > have):
            places = None
            if self._is_even:
                # Not by their names, which the parser knows with the spaces around them.
                places = sorted({self._header.index(name) for name in wanted} or {0})
            self._frame = None
            with engine_errors(repr(self._name)):
                self._frame = self._parsed(places)
        return self._frame

    def _parsed(self, places: list[int] | None) -> Any:
        import pandas as pd  # Slow to import, and only text needs it.

        with warnings.catch_warnings():
            # Rows that are longer than the header are a fault, not something to cut off.
            warnings.simplefilter("error", pd.errors.ParserWarning)
            # A column whose parts seem to be of different types is read again in one piece.
            warnings.simplefilter("error", pd.errors.DtypeWarning)
            for by_parts in (True, False):
                with suppress(pd.errors.DtypeWarning):
                    frame = pd.read_csv(
                        io.BytesIO(self._data),
                        usecols=places,
                        sep=self._separator,
                        decimal=self.decimal,
                        # Where there is no space, the parser is faster for knowing it.
                        skipinitialspace=b" " in self._data,
                        index_col=False,
                        low_memory=by_parts,
                        na_values=["-", "–", "—"],
                    )
                    break
        return frame.rename(columns=str.strip)


def _is_even(data: bytes, separator: str, width: int) -> bool:
    """Return whether each line has as many cells as the header, as far as counting can tell.

    Only then can some columns be read alone: the parser does not look at the length of a row then.
    """
    if b'"' in data:
        return False
    values = np.frombuffer(data, np.uint8)
    between = lines = 0
    for start in range(0, values.size, _CHUNK):
        chunk = values[start : start + _CHUNK]
        between += int(np.count_nonzero(chunk == ord(separator)))
        lines += int(np.count_nonzero(chunk == ord("\n")))
    return between == (lines + (data[-1:] != b"\n")) * (width - 1)
