"""A frame from the bytes of a file of text: CSV, JSON, or a table in Markdown.

Text is UTF-8, UTF-16 by its byte order mark, or else Windows-1252. The separator of a CSV file is
the one that its header has most of.
"""

import codecs
import csv
import gzip
import io
import json
import re
import warnings
import zlib
from collections.abc import Iterator
from itertools import chain
from typing import Any

from mpl_dantinox.tables.errors import RunsError, engine_errors, one_line

__all__ = ["parse"]

_SEPARATORS = (",", ";", "\t", "|")
_CONTROL_BYTES = bytes(set(range(32)) - {9, 10, 13})
# As many bytes of a file are searched for controls, to tell text from pictures and archives.
_HEAD = 2**20
_DECIMAL_COMMA = r"[+-]?\d+,(?:\d{1,2}|\d{4,})"
_POINTS_IN_THREES = r"[+-]?\d{1,3}(?:\.\d{3})+"
# Lines that a terminal draws around cells.
_BOXES = dict.fromkeys(range(0x2500, 0x2580), "-") | dict.fromkeys(map(ord, "│┃║"), "|")
# A header, a line of dashes, and rows, all between bars; rows may lack their first one.
_MARKDOWN = re.compile(
    rb"^[ \t]*(\|.*)\n[ \t]*\|[ \t]*:?-[ \t:|-]*\n((?:[^\n|]*\|.*(?:\n|\Z))*)", re.MULTILINE
)
# Of a link its text is the cell, and of bold type, code and tags what they are around.
_LINK = re.compile(rb"!?\[((?:[^][|]|\[[^][|]*\])*)\]\((?:[^()|\s]|\([^()|\s]*\))*\)")
_TAGS = b"a|b|br|code|del|em|font|i|img|ins|kbd|mark|p|s|small|span|strong|sub|sup|u"
_MARKS = re.compile(rb"\*\*|`|</?(?:%b)\b[^<>|]*>" % _TAGS)


def parse(name: str, data: bytes) -> tuple[Any, tuple[str, ...], bool]:
    """Return the frame that a file of text holds, notes, and whether its commas are decimal.

    The file may be compressed with gzip. Notes say what was assumed while reading. A comma is more
    likely decimal where that is how the separator leaves it; single columns may tell otherwise. A
    file that holds no table raises RunsError, which names it and the line.
    """
    if data[:2] == b"\x1f\x8b":
        try:
            data = gzip.decompress(data)
        except (OSError, EOFError, zlib.error) as error:
            raise RunsError(f"{name!r} is not a whole gzip file: {one_line(error)}") from None
    data, notes = _utf8(name, data)
    if b"\xe2\x94" in data:
        data = data.decode().translate(_BOXES).encode()
    with engine_errors(repr(name)):
        start = data.lstrip()[:1]
        if start in (b"[", b"{"):
            return _read_json(name, data), tuple(notes), False
        is_markdown = start == b"|" or name.endswith(".md")
        if is_markdown and (tables := [*_MARKDOWN.finditer(data)]):
            table = tables[0]
            before = data.count(b"\n", 0, table.start())
            others = f"; save another of the {len(tables)} on its own" * (len(tables) > 1)
            notes.append(f"reading the Markdown table in line {before + 1}{others}")
            rows = [table[1], b"", *table[2].splitlines()]
            bare = [_MARKS.sub(b"", _LINK.sub(rb"\1", row.strip().strip(b"|"))) for row in rows]
            # On the lines on which it stood.
            data = b"\n" * before + b"\n".join(bare) + b"\n"
        if (is_markdown or start == b"<") and re.search(rb"(?im)^[ \t]*<table\b", data):
            how = "pandas.read_html reads it, and to_csv saves it"
            raise RunsError(f"{name!r} holds a table in HTML; save it as CSV: {how}")
        frame, decimal = _read_csv(name, data, notes)
        return frame, tuple(notes), decimal == ","


def _utf8(name: str, data: bytes) -> tuple[bytes, list[str]]:
    """Return a text as UTF-8 without a byte order mark, and what is to be said of it."""
    notes = []
    try:
        if data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
            data = data.decode("utf-16").encode()
        data = data.removeprefix(codecs.BOM_UTF8)
        data.decode()
    except UnicodeError:
        # What is called Latin-1 is mostly Windows-1252, which has letters in place of controls.
        data = data.decode("cp1252", errors="replace").encode()
        notes = ["the text is not UTF-8: reading it as Latin-1 (Windows-1252)"]
    if not data or data.isspace():
        raise RunsError(f"{name!r} is empty; a table needs a header line and a row per run")
    head = data[:_HEAD]
    if len(head.translate(None, _CONTROL_BYTES)) < len(head) or b"\0" in data:
        is_workbook = re.search(r"\.(xls.?|ods|numbers)$", name, re.IGNORECASE)
        what = "workbook; save the sheet" if is_workbook else "not a text file; save the table"
        raise RunsError(f"{name!r} is {'a ' * bool(is_workbook)}{what} as CSV or Parquet")
    return data, notes


def _read_json(name: str, data: bytes) -> Any:
    """Read a table in one of the ways in which JSON has it; what is nested gets dotted names."""
    import pandas as pd

    def no_json(line: int, error: json.JSONDecodeError) -> RunsError:
        return RunsError(f"{name!r}, line {line}: not JSON, {error.msg.lower()}")

    try:
        read = json.loads(data)
    except json.JSONDecodeError as fault:
        if data.lstrip().startswith(b"["):
            raise no_json(fault.lineno, fault) from None
        read = []
        for line, text in enumerate(data.splitlines(), 1):
            try:
                read += [json.loads(text)] if text.strip() else []
            except json.JSONDecodeError as error:
                raise no_json(line, error) from None
    rows = _rows_of(read) if isinstance(read, dict) else read
    if not (isinstance(rows, list) and all(isinstance(row, dict) for row in rows)):
        raise RunsError(f"{name!r} is JSON, but no array of objects and no object per line")
    return pd.json_normalize(rows).rename(columns=str)


def _rows_of(whole: dict[str, Any]) -> list[Any]:
    """Return the rows of a table that is one object: a run, runs by name, columns, or an array."""
    values = list(whole.values())
    if isinstance(whole.get("columns"), list) and isinstance(whole.get("data"), list):
        return [dict(zip(whole["columns"], row, strict=False)) for row in whole["data"]]
    arrays = [
        v for v in values if isinstance(v, list) and v and all(isinstance(o, dict) for o in v)
    ]
    if len(arrays) == 1:
        besides = {k: v for k, v in whole.items() if not isinstance(v, list | dict)}
        return [besides | row for row in arrays[0]]
    if len(whole) > 1 and all(isinstance(v, list) and len(v) == len(values[0]) for v in values):
        return [dict(zip(whole, row, strict=True)) for row in zip(*values, strict=True)]
    if len(whole) > 1 and all(isinstance(v, dict) for v in values):
        is_even = all(v.keys() == values[0].keys() for v in values)
        if is_even and all(key.isdigit() for key in values[0]):
            return [{c: cells[key] for c, cells in whole.items()} for key in values[0]]
        # Runs that lack some numbers have others in common.
        shared = set(values[0]).intersection(*values)
        if is_even or any(all(isinstance(v[k], int | float) for v in values) for k in shared):
            return [{"name": name, **row} for name, row in whole.items()]
    return [whole]


def _read_csv(name: str, data: bytes, notes: list[str]) -> tuple[Any, str]:
    """Return a CSV file as a `pandas.DataFrame`, and the decimal mark of its separator."""
    import pandas as pd  # Slow to import, and only text needs it.

    lines = io.TextIOWrapper(io.BytesIO(data), "utf-8")
    first = next((line for line in lines if any(mark in line for mark in _SEPARATORS)), "")
    separator = max(_SEPARATORS, key=first.count)
    if not first:
        # As a frame is printed; a single space may be part of a name.
        data, separator = re.sub(rb" {2,}", b"\t", data), "\t"
    if separator in "|\t":
        # A line that is ruled is no row, and has its number.
        data = re.sub(rb"(?m)^[ \t|+:=-]*(?:--|==)[ \t|+:=-]*$", b"", data)
    # Nor is one of empty cells, which part the models of a table.
    data = re.sub(rb"(?m)^ *(?:%b *)+\r?$" % re.escape(separator.encode()), b"", data)
    decimal = "." if separator in ",|" else ","
    # A title above the header fills no cell but the first.
    filled = (row for row in _csv_rows(data, separator) if any(row[1]))
    top = next(filled)
    start, header = next((row for row in chain([top], filled) if any(row[1][1:])), top)
    if start != top[0]:
        notes.append(f"reading the table from line {start} on, which is its header")
    names = [cell.strip() for cell in header]
    if twice := sorted({c for c in names if c and names.count(c) > 1}):
        columns = " and ".join(map(repr, twice))
        raise RunsError(f"{name!r} has several columns named {columns}; rename all but one")
    options: dict[str, Any] = {
        "sep": separator, "decimal": decimal, "skipinitialspace": True, "index_col": False,
        "low_memory": False, "skiprows": start - 1,
    }  # fmt: skip
    try:
        with warnings.catch_warnings():
            # Where the first rows are longer than the header, pandas warns and cuts them off.
            warnings.simplefilter("error", pd.errors.ParserWarning)
            frame = pd.read_csv(io.BytesIO(data), na_values=["-", "–", "—"], **options)
    except (pd.errors.ParserError, pd.errors.ParserWarning) as error:
        raise RunsError(f"{name!r}, {_csv_fault(data, separator, len(header), error)}") from None
    texts = [
        n for n, c in enumerate(frame) if frame[c].dtype.kind not in "biuf" and frame[c].hasnans
    ]
    if texts:
        # In a column of words, NA and None may be names as good as any.
        options |= {"usecols": texts, "dtype": str, "keep_default_na": False, "na_values": [""]}
        words = pd.read_csv(io.BytesIO(data), **options)
        frame[words.columns] = words
    frame = frame.rename(columns=str.strip)
    if decimal == ".":
        notes += _points_and_commas(frame)
    if decimal == "," and (frame.select_dtypes("float") % 1 > 0).any(axis=None):
        # Where commas are decimal in a whole column, points in threes are no decimals in others.
        for column in frame.select_dtypes(exclude="number"):
            words = frame[column].dropna().astype(str).str.strip()
            if len(words) and words.str.fullmatch(_POINTS_IN_THREES).all():
                frame[column] = pd.to_numeric(frame[column].str.replace(".", ""))
                notes.append(f"reading {words.iloc[0]} in {column!r} as {frame[column].iloc[0]:,}")
    return frame, decimal


def _points_and_commas(frame: Any) -> Iterator[str]:
    """Yield a note on a column whose points may part thousands, where commas are decimal."""
    texts = frame.select_dtypes(["object", "string"])
    commas = [c for c in texts if texts[c].dropna().astype(str).str.fullmatch(_DECIMAL_COMMA).all()]
    for column in frame.select_dtypes("float") if commas else ():
        numbers = frame[column].dropna()
        if (numbers % 1 > 0).any() and ((numbers * 1000).round(6) % 1 == 0).all():
            yield (
                f"reading {numbers.iloc[0]} in {column!r} with a decimal point, though "
                f"{commas[0]!r} has decimal commas; where points part thousands, save the table "
                "with semicolons"
            )


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
