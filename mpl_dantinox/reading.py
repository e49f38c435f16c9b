"""Files of runs: from what lies on a disk, or comes through a pipe, to a frame.

A file is read once, as bytes, so that its hash is that of what was read. Text is UTF-8, UTF-16 by
its byte order mark, or else Latin-1; the separator is the one that the header line has most of.
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
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import narwhals as nw

__all__ = ["RunsError", "Source", "engine_errors", "open_source"]

# Under this key a pandas frame remembers, in its attrs, the file that it was read from.
_ATTRS = "mpl_dantinox"

_SEPARATORS = (",", ";", "\t", "|")
_CONTROL = bytes(set(range(32)) - {9, 10, 13})


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
    decimal_comma : bool
        Whether a comma in a number that could also part thousands is more likely decimal.
    """

    frame: Any
    name: str | None = None
    sha256: str | None = None
    notes: tuple[str, ...] = ()
    decimal_comma: bool = False

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
    sha256 = hashlib.sha256(data).hexdigest()
    if data[:2] == b"\x1f\x8b":
        try:
            data = gzip.decompress(data)
        except (OSError, EOFError, zlib.error) as error:
            raise RunsError(f"{name!r} is not a whole gzip file: {_line(error)}") from None
    data, notes = _utf8(name, data)
    with engine_errors(repr(name)):
        if Path(name.removesuffix(".gz")).suffix in (".jsonl", ".ndjson"):
            frame, decimal_comma = _read_json(data), False
        else:
            frame, decimal_comma = _read_csv(name, data)
    origin: dict[str, Any] = {
        "name": name,
        "sha256": sha256,
        "notes": notes,
        "decimal_comma": decimal_comma,
    }
    frame.attrs[_ATTRS] = origin
    return Source(frame, **origin)


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
        data.decode()
    except UnicodeError:
        # What is called Latin-1 is mostly Windows-1252, which has letters in place of controls.
        data = data.decode("cp1252", errors="replace").encode()
        notes = ("the text is not UTF-8: reading it as Latin-1 (Windows-1252)",)
    if not data.strip():
        raise RunsError(f"{name!r} is empty; a table needs a header line and a row per run")
    if len(data.translate(None, _CONTROL)) < len(data):
        raise RunsError(f"{name!r} is not a text file; expected a table such as CSV")
    return data, notes


def _read_json(data: bytes) -> Any:
    import pandas as pd  # Slow to import, and only text needs it.

    frame = pd.read_json(io.BytesIO(data), lines=True)
    return frame.set_axis(frame.columns.map(str), axis=1)


def _read_csv(name: str, data: bytes) -> tuple[Any, bool]:
    """Return a frame, and whether a comma in its numbers is likely to be a decimal one."""
    import pandas as pd

    # The first line of text is enough to tell the separator, unless a name has a line break.
    lines = io.TextIOWrapper(io.BytesIO(data), encoding="utf-8", newline="")
    first = next(line for line in lines if line.strip())
    separator = max(_SEPARATORS, key=first.count)
    lines.seek(0)
    header = next(row for row in csv.reader(lines, delimiter=separator) if any(row))
    columns = [cell.strip() for cell in header]
    twice = sorted({c for c in columns if c and columns.count(c) > 1})
    if twice:
        raise RunsError(f"{name!r} has several columns named {' and '.join(map(repr, twice))}")
    decimal = "." if separator in ",|" else ","
    with warnings.catch_warnings():
        # Rows that are longer than the header are a fault, not something to cut off.
        warnings.simplefilter("error", pd.errors.ParserWarning)
        frame = pd.read_csv(
            io.BytesIO(data),
            sep=separator,
            decimal=decimal,
            skipinitialspace=True,
            index_col=False,
            low_memory=False,
            na_values=["-", "–", "—"],
        )
    return frame.rename(columns=str.strip), decimal == ","
