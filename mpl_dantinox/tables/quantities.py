"""Reading the cells of a column: names, flags, and numbers as people write them.

What is read is a column of text, or of float64 in which what is no such value is missing. The same
holds for every engine, so that what an engine would make of a cell plays no part.
"""

import re
import textwrap
from collections.abc import Iterator, Sequence
from typing import Any

import narwhals as nw

from mpl_dantinox.tables.engine import Frame, collected, n_rows
from mpl_dantinox.tables.errors import RunsError
from mpl_dantinox.tables.roles import CONTROLS, ROLES

__all__ = ["MOST_GROUPS", "fill_flags", "has_value", "read_column", "unread"]

# What counts as a number in a column of text, once the marks between its thousands are away and
# its decimal mark is a point. ``\d`` would also be the digits of scripts that engines cannot read.
_NUMBER = r"^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$"
_COMMA_THOUSANDS = r"^[+-]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]*)?$"
_POINT_THOUSANDS = r"^[+-]?[0-9]{1,3}(?:\.[0-9]{3})+(?:,[0-9]*)?$"
_SPACES = "[ '\u00a0\u2009\u202f]"
_SPACE_THOUSANDS = rf"^[+-]?[0-9]{{1,3}}(?:{_SPACES}[0-9]{{3}})+(?:[.,][0-9]*)?$"
_DECIMAL_COMMA = r"^[+-]?(?:[0-9]+|[0-9]{1,3}(?:\.[0-9]{3})+)?,[0-9]*(?:[eE][+-]?[0-9]+)?$"
# What people write where there is no value, in lower case.
_MISSING = ("", "-", "–", "—", "na", "n/a", "nan", "none", "null")
_TRUE = ("true", "t", "yes", "y", "on", "1", "1.0")
_FALSE = ("false", "f", "no", "n", "off", "0", "0.0")
# Numbers outside of this range are no measurements, and their ratios no numbers.
_LARGEST, _SMALLEST = 1e100, 1e-100
#: A figure cannot tell more groups apart; a column that names more is the wrong one.
MOST_GROUPS = 100


def read_column(frame: Frame, role: str, factor: float, *, decimal_comma: bool) -> nw.Expr:
    """Return the expression that reads a role's column as what the role is.

    Parameters
    ----------
    frame : narwhals.DataFrame or narwhals.LazyFrame
        With a column of the role's name.
    role : str
    factor : float
        What numbers are multiplied by.
    decimal_comma : bool
        Whether commas are decimal where all numbers of a column can be read either way.
    """
    kind, dtype, column = ROLES[role].kind, frame.collect_schema()[role], nw.col(role)
    if dtype == nw.Object or isinstance(dtype, nw.Categorical | nw.Enum) or kind == "text":
        # A cast turns the missing values of an object column into words.
        column = nw.when(~column.is_null()).then(column.cast(nw.String))
        dtype = nw.String()
    if kind == "text":
        return _clean(frame, column)
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
    return nw.when(usable).then(number * factor)


def _clean(frame: Frame, column: nw.Expr) -> nw.Expr:
    """Return words without controls and without spaces around them, missing where none is left."""
    distinct = frame.select(column.alias("word")).drop_nulls().unique()
    words = collected(distinct.head(MOST_GROUPS))["word"].to_list()
    clean = [word for word in words if word and word == re.sub(CONTROLS, " ", word).strip()]
    if len(clean) == len(words) < MOST_GROUPS:
        # As tables mostly are; looking is cheaper than cleaning.
        return column
    column = column.str.replace_all(CONTROLS, " ").str.strip_chars()
    return nw.when(column != "").then(column)


def _with_decimal_point(frame: Frame, text: nw.Expr, decimal_comma: bool) -> nw.Expr:
    """Return numbers in words with a decimal point and nothing between their thousands.

    Whether a comma is decimal is told by the numbers of the column that can be read one way only,
    and where all can be read both ways, by *decimal_comma*.
    """

    def without(marks: str, spelling: str) -> nw.Expr:
        matches = text.str.contains(spelling)
        return nw.when(matches).then(text.str.replace_all(marks, "")).otherwise(text)

    text = without(_SPACES, _SPACE_THOUSANDS)
    word = nw.col("word").str
    with_comma = frame.select(word=text).filter(word.contains(","))
    if not n_rows(with_comma):
        return text
    thousands = with_comma.filter(word.contains(_COMMA_THOUSANDS) & word.contains(r"\."))
    decimal = with_comma.filter(word.contains(_DECIMAL_COMMA) & ~word.contains(_COMMA_THOUSANDS))
    if n_rows(decimal) or (decimal_comma and not n_rows(thousands)):
        return without(r"\.", _POINT_THOUSANDS).str.replace_all(",", ".")
    return without(",", _COMMA_THOUSANDS)


def _flag(column: nw.Expr, true: Sequence[Any], false: Sequence[Any]) -> nw.Expr:
    """Read true values as 1 and false ones as 0, and leave the others missing."""
    flag = column.is_in(true).cast(nw.Float64)
    return nw.when(column.is_in(true) | column.is_in(false)).then(flag)


def fill_flags(frame: Frame, raw: str, flag: str) -> Frame | None:
    """Return a frame with no for empty flags where no row says no, else None.

    Parameters
    ----------
    frame : narwhals.DataFrame or narwhals.LazyFrame
    raw, flag : str
        The column as it is in the table, and as it was read.
    """
    both = frame.select(raw, flag)
    if n_rows(both.filter(nw.col(flag) == 0)) or not n_rows(both.filter(nw.col(flag) == 1)):
        return None
    word = nw.col(raw).cast(nw.String).str.strip_chars().str.to_lowercase()
    empty = nw.col(raw).is_null() | word.is_in(_MISSING)
    if not n_rows(both.filter(empty)):
        return None
    filled = nw.when(empty).then(nw.lit(0.0)).otherwise(nw.col(flag))
    return frame.with_columns(filled.alias(flag))


def unread(frame: Frame, role: str, raw: str, read: str) -> Iterator[str]:
    """Yield what is to be said of the rows in which a role has no value.

    Parameters
    ----------
    frame : narwhals.DataFrame or narwhals.LazyFrame
    role : str
    raw, read : str
        Its column as it is in the table, and as it was read.
    """
    lost = frame.filter(nw.col(read).is_null()).select(word=nw.col(raw))
    n_lost = n_rows(lost)
    if not n_lost:
        return
    words = lost.drop_nulls().with_columns(nw.col("word").cast(nw.String).str.strip_chars())
    words = words.filter(~nw.col("word").str.to_lowercase().is_in(_MISSING))
    n, n_words = n_rows(frame), n_rows(words)
    if n_words:
        example = textwrap.shorten(str(collected(words.head(1)).item()), 40, placeholder="…")
        wanted = "true or false" if ROLES[role].kind == "flag" else "a number"
        yield f"{role}: {n_words:,} of {n:,} rows are not {wanted}, such as {example!r}"
    if n_lost > n_words and not ROLES[role].optional:
        yield f"{role}: {n_lost - n_words:,} of {n:,} rows are empty"


def has_value(schema: nw.Schema, column: str, value: Any) -> nw.Expr:
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
