"""Files of runs: from what lies on a disk, or comes through a pipe, to a frame.

A file is read once, as bytes, so that its hash is that of what was read. Text is UTF-8, UTF-16 by
its byte order mark, or else Latin-1; the separator is the one that the header line has most of.
"""

import csv
import gzip
import hashlib
import io
import os
import sys
import warnings
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import narwhals as nw

__all__ = ["RunsError", "Source", "open_source"]

# Under this key a pandas frame remembers, in its attrs, the file that it was read from.
_ATTRS = "mpl_dantinox"

_SEPARATORS = (",", ";", "\t", "|")
_CONTROL = set(range(32)) - {9, 10, 13}


class RunsError(ValueError):
    """The table, or what was said about it, cannot be used; the message says why in one line."""


@dataclass(frozen=True)
class Source:
    """A frame and where it came from.

    Attributes
    ----------
    frame : frame
        As its own library has it.
    name : str or None
        The file's name, without its folder; None for a frame that was not read from a file.
    sha256 : str or None
        Hash of the file's bytes.
    notes : tuple of str
        What was assumed while reading.
    """

    frame: Any
    name: str | None = None
    sha256: str | None = None
    notes: tuple[str, ...] = ()

    @property
    def n_rows(self) -> int:
        """Number of rows of the table."""
        return int(nw.from_native(self.frame).lazy().select(nw.len()).collect().item())


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
    try:
        nw.from_native(source)
    except TypeError:
        raise RunsError(
            "a table of runs is a path to a file or a frame (pandas, Polars, PyArrow, DuckDB); got "
            f"{type(source).__name__}"
        ) from None
    except nw.exceptions.DuplicateError as error:
        raise RunsError(f"two columns have one name. {' '.join(str(error).split())}") from None
    return Source(source, **getattr(source, "attrs", {}).get(_ATTRS, {}))


def _open(path: Path) -> Source:
    if path.is_dir() or path.suffix == ".parquet" or any(c in path.name for c in "*?["):
        return _scan(path)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise RunsError(
            f"cannot read {str(path)!r}: {(error.strerror or str(error)).lower()}"
        ) from None
    return _parse(path.name, data)


def _query(query: str) -> Source:
    try:
        import duckdb
    except ImportError:
        raise RunsError(
            "a duckdb: query needs DuckDB: pip install 'mpl-dantinox[duckdb]'"
        ) from None
    try:
        return Source(duckdb.sql(query), "duckdb query")
    except duckdb.Error as error:
        raise RunsError(f"DuckDB: {' '.join(str(error).split())}") from None


def _scan(path: Path) -> Source:
    """Return Parquet files as a lazy frame: one file, all of a folder, or those of a pattern."""
    pattern = path / "*.parquet" if path.is_dir() else path
    found = sorted(pattern.parent.glob(pattern.name))
    if not found:
        raise RunsError(f"no Parquet file is at {str(pattern)!r}")
    try:
        hashes = [_hash(file) for file in found]
        frame = _scan_parquet([str(file) for file in found])
    except OSError as error:
        raise RunsError(
            f"cannot read {str(path)!r}: {(error.strerror or str(error)).lower()}"
        ) from None
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
    import pandas as pd  # Slow to import, and only text needs it.

    origin = {"name": name, "sha256": hashlib.sha256(data).hexdigest()}
    if data[:2] == b"\x1f\x8b":
        try:
            data = gzip.decompress(data)
        except (OSError, EOFError, zlib.error) as error:
            raise RunsError(f"{name!r} is not a whole gzip file: {error}") from None
    encoding, note = _encoding(name, data)
    notes = (note,) if note else ()
    try:
        if Path(name.removesuffix(".gz")).suffix in (".jsonl", ".ndjson"):
            frame = pd.read_json(io.BytesIO(data), lines=True, encoding=encoding)
        else:
            frame = _read_csv(name, data, encoding)
    except (ValueError, OverflowError, pd.errors.ParserWarning) as error:
        if isinstance(error, RunsError):
            raise
        raise RunsError(f"{name!r} cannot be read: {_line(error)}") from None
    frame.attrs[_ATTRS] = origin
    return Source(frame, **origin, notes=notes)


def _line(error: BaseException) -> str:
    text = " ".join(str(error).split()).removeprefix("Error tokenizing data. C error: ")
    return text if len(text) <= 200 else f"{text[:200]}…"


def _encoding(name: str, data: bytes) -> tuple[str, str | None]:
    """Return the encoding of a text, and what is to be said of it."""
    if not data.strip():
        raise RunsError(f"{name!r} is empty; a table needs a header line and a row per run")
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16", None
    if _CONTROL.intersection(data[:65536]):
        raise RunsError(f"{name!r} is not a text file; expected a table such as CSV")
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "latin-1", "the text is not UTF-8: reading it as Latin-1"
    return "utf-8-sig", None


def _read_csv(name: str, data: bytes, encoding: str) -> Any:
    import pandas as pd

    # The first line of text is enough to tell the separator, unless a name has a line break.
    start = io.TextIOWrapper(io.BytesIO(data), encoding=encoding, newline="")
    header = next(line for line in start if line.strip())
    separator = max(_SEPARATORS, key=header.count)
    columns = [cell.strip() for cell in next(csv.reader([header], delimiter=separator))]
    twice = sorted({c for c in columns if c and columns.count(c) > 1})
    if twice:
        raise RunsError(f"{name!r} has several columns named {' and '.join(map(repr, twice))}")
    with warnings.catch_warnings():
        # Rows that are longer than the header are a fault, not something to cut off.
        warnings.simplefilter("error", pd.errors.ParserWarning)
        frame = pd.read_csv(
            io.BytesIO(data),
            sep=separator,
            encoding=encoding,
            decimal="." if separator in ",|" else ",",
            skipinitialspace=True,
            index_col=False,
            low_memory=False,
            na_values=["-", "–", "—"],
        )
    return frame.rename(columns=str.strip)
