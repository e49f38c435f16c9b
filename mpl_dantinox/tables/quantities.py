"""Reading the cells of a column: names, flags, and numbers as people write them.

What is read is a column of text, or of float64 in which what is no such value is missing. The same
holds for every engine, so that what an engine would make of a cell plays no part.
"""

import re
import textwrap
from collections.abc import Collection, Iterator, Mapping
from typing import Any, NamedTuple

import narwhals as nw

from mpl_dantinox.tables.engine import Frame, collected, n_rows
from mpl_dantinox.tables.errors import RunsError
from mpl_dantinox.tables.roles import CONTROLS, ROLES
from mpl_dantinox.units import Unit, units_beside

__all__ = [
    "MISSING", "MOST_GROUPS", "Numbers", "as_text", "fill_flag", "holds_numbers", "holds_words",
    "read_flag", "read_number", "read_text", "truth", "unread",
]  # fmt: skip

# What counts as a number in a column of text, once the marks between its thousands are away and
# its decimal mark is a point. ``\d`` would also be the digits of scripts that engines cannot read.
_NUMBER = r"^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$"
_COMMA_THOUSANDS = r"^[+-]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]*)?$"
_POINT_THOUSANDS = r"^[+-]?[0-9]{1,3}(?:\.[0-9]{3})+(?:,[0-9]*)?$"
_SPACES = "[ '\u00a0\u2009\u202f]"
_SPACE_THOUSANDS = rf"^[+-]?[0-9]{{1,3}}(?:{_SPACES}[0-9]{{3}})+(?:[.,][0-9]*)?$"
_DECIMAL_COMMA = r"^[+-]?(?:[0-9]+|[0-9]{1,3}(?:\.[0-9]{3})+)?,[0-9]*(?:[eE][+-]?[0-9]+)?$"
# A number anywhere, what its error is written as, and what stands before and after it.
_ANY_NUMBER = r"[+-]?[0-9][0-9.,]*(?:[eE][+-]?[0-9]+)?|[+-]?\.[0-9]+(?:[eE][+-]?[0-9]+)?"
_ERROR = rf"\s*\(?(?:±|\+/-|\+-)\s*(?:{_ANY_NUMBER})\)?"
_BEFORE, _AFTER = r"^[$€£]\s*", r"\s*[^0-9.,\s][^0-9]*$"
# More different words beside numbers are no units.
_MOST_UNITS = 20
#: What people write where there is no value, in lower case.
MISSING = ("", "-", "–", "—", "na", "n/a", "nan", "none", "null")
_TRUE = ("true", "t", "yes", "y", "on", "1", "1.0", "✓", "✔", "✅")
_FALSE = ("false", "f", "no", "n", "off", "0", "0.0", "✗", "✘", "❌")
# Numbers outside of this range are no measurements, and their ratios no numbers.
_LARGEST, _SMALLEST = 1e100, 1e-100
#: A figure cannot tell more groups apart; a column that names more is the wrong one.
MOST_GROUPS = 100


class Numbers(NamedTuple):
    """A column as float64, missing where there is none; its unit; whether its cells have units."""

    values: nw.Expr
    unit: Unit | None
    in_cells: bool


def read_text(frame: Frame, column: str) -> nw.Expr:
    """Return words without controls and without spaces around them, missing where none is left."""
    text, _ = as_text(frame, column)
    distinct = frame.select(text.alias("word")).drop_nulls().unique()
    words = collected(distinct.head(MOST_GROUPS))["word"].to_list()
    clean = [word for word in words if word and word == re.sub(CONTROLS, " ", word).strip()]
    if len(clean) == len(words) < MOST_GROUPS:
        # As tables mostly are; looking is cheaper than cleaning.
        return text
    text = _once(frame, text.str.replace_all(CONTROLS, " ").str.strip_chars())
    return nw.when(text != "").then(text)


def read_flag(frame: Frame, column: str) -> nw.Expr:
    """Return 1 for yes, 0 for no, and missing for all else."""
    word = _once(frame, as_text(frame, column)[0].str.strip_chars().str.to_lowercase())
    is_true = word.is_in(_TRUE)
    return nw.when(is_true | word.is_in(_FALSE)).then(is_true.cast(nw.Float64))


def truth(word: str) -> bool | None:
    """Return what a word says in a column of true and false, None if it says neither."""
    spelt = word.strip().lower()
    return spelt in _TRUE if spelt in (*_TRUE, *_FALSE) else None


def fill_flag(frame: Frame, column: str, flag: nw.Expr) -> tuple[Any, bool]:
    """Return a flag with no for empty cells if no row says no, and whether that is so."""
    word = nw.col(column).cast(nw.String).str.strip_chars().str.to_lowercase()
    empty = nw.col(column).is_null() | word.is_in(MISSING)
    flag = _once(frame, flag)
    asked = frame.select(no=flag == 0, yes=flag == 1, empty=empty)
    no, yes, n_empty = collected(asked.select(nw.col("no", "yes", "empty").sum())).row(0)
    if no or not yes or not n_empty:
        return flag, False
    return nw.when(empty).then(nw.lit(0.0)).otherwise(flag), True


def read_number(
    frame: Frame, column: str, unit: Unit | None = None, *, called: str = "",
    decimal_comma: bool = False, kinds: Collection[str] | None = None,
) -> Numbers:  # fmt: skip
    """Return how a column is read as numbers; RunsError says of dates that it "holds" these.

    What the column is *called* in the table tells minutes from millions, where m is in its cells.
    Numbers without a unit beside them are in *unit*. Without it, cells with a unit are converted to
    the one that most of them have, and numbers that have none are missing. Units in cells are of
    these *kinds*, by default of any. Commas are decimal, where all numbers of the column can be
    read either way, if *decimal_comma*.
    """
    text, is_text = as_text(frame, column)
    if not is_text:
        return Numbers(_usable(_float(frame, column)), unit, False)
    text = text.str.strip_chars().str.replace_all("\u2212", "-").str.replace_all(_ERROR, "")
    text = _once(frame, text)
    # So many times, as speedups are.
    is_times = text.str.contains(r"^[0-9][0-9.,]*\s*[x×]$")
    text = _once(frame, nw.when(is_times).then(text.str.strip_chars("x× ")).otherwise(text))
    beside = text.str.replace_all(_ANY_NUMBER, "").str.strip_chars()
    beside = _once(frame, nw.when(text.str.contains(_ANY_NUMBER)).then(beside))
    units = _units_in_cells(frame, beside, called or column, unit, kinds)
    alone: nw.Expr = nw.lit(1.0 if unit or not units else None, dtype=nw.Float64())
    if units and not unit and {u.name for u in units.values()} == {"thousands"}:
        # 950 beside 1.2k.
        alone = nw.lit(1e-3)
    factor: nw.Expr = nw.when(beside == "").then(alone)
    for word, found in units.items():
        unit = unit or found
        if found.kind == unit.kind:
            factor = nw.when(beside == word).then(nw.lit(found.size / unit.size)).otherwise(factor)
    if units:
        text = _once(frame, text.str.replace_all(_BEFORE, "").str.replace_all(_AFTER, ""))
    text = _with_decimal_point(frame, text, decimal_comma)
    number = nw.when(text.str.contains(_NUMBER)).then(text).cast(nw.Float64)
    number = _once(frame, number * factor if units else number)
    return Numbers(_usable(number), unit, bool(units))


def _once(frame: Frame, values: Any) -> Any:
    """Return a column of a frame in memory as it is, not as an expression.

    That would be computed wherever it stands in another one; other engines know it again.
    """
    return frame.select(once=values)["once"] if isinstance(frame, nw.DataFrame) else values


def holds_words(dtype: Any) -> bool:
    """Return whether a column of a type holds texts, whatever its library calls them."""
    return dtype in (nw.String, nw.Object) or isinstance(dtype, nw.Categorical | nw.Enum)


def holds_numbers(dtype: Any) -> bool:
    """Return whether a column of a type holds numbers or flags."""
    return bool(dtype.is_numeric() or dtype in (nw.Boolean, nw.Unknown))


def as_text(frame: Frame, column: str) -> tuple[nw.Expr, bool]:
    """Return a column as text, and whether that is what it holds."""
    dtype = frame.collect_schema()[column]
    if dtype == nw.String:
        return nw.col(column), True
    # A cast turns the missing values of an object column into words.
    text = nw.when(~nw.col(column).is_null()).then(nw.col(column).cast(nw.String))
    # Whole numbers are floats where one of them is missing.
    return text.str.replace(r"\.0$", "") if dtype.is_float() else text, holds_words(dtype)


def _float(frame: Frame, column: str) -> nw.Expr:
    dtype = frame.collect_schema()[column]
    if not holds_numbers(dtype):
        raise RunsError(f"holds {dtype}; expected a number")
    return nw.col(column).cast(nw.Float64)


def _usable(number: nw.Expr) -> nw.Expr:
    usable = (number.abs() < _LARGEST) & ((number == 0) | (number.abs() > _SMALLEST))
    return nw.when(usable).then(number)


def _units_in_cells(
    frame: Frame, beside: nw.Expr, name: str, unit: Unit | None, kinds: Collection[str] | None
) -> Mapping[str, Unit]:
    """Return the units that stand beside numbers by what is written there, the usual one first."""
    words = frame.select(word=beside).drop_nulls().filter(nw.col("word") != "")
    table = collected(words.group_by("word").agg(n=nw.len()).head(_MOST_UNITS + 1))
    if len(table) > _MOST_UNITS:
        return {}
    found = {}
    for word in table.sort("n", "word", descending=[True, False])["word"].to_list():
        units = units_beside(word, name, unit)
        if unit is None and kinds is not None:
            units = tuple(one for one in units if one.kind in kinds)
        # Of bytes and billions beside a number, people mean billions: 7B.
        if units and word[:1] not in "0123456789+-.":
            found[word] = units[-1]
    return found


def _with_decimal_point(frame: Frame, text: Any, decimal_comma: bool) -> Any:
    """Return numbers in words with a decimal point and nothing between their thousands.

    Whether a comma is decimal is told by the numbers of the column that can be read one way only,
    and where all can be read both ways, by *decimal_comma*.
    """

    def without(marks: str, spelling: str) -> Any:
        matches = text.str.contains(spelling)
        return _once(frame, nw.when(matches).then(text.str.replace_all(marks, "")).otherwise(text))

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


def unread(frame: Frame, roles: Mapping[str, bool]) -> Iterator[tuple[str, str]]:
    """Yield roles that have no value in some rows, each with what is to be said of these.

    The frame has the column of each role as it is in the table and, called ``"read ROLE"``, as it
    was read; *roles* says of each whether its numbers need a unit beside them.
    """
    missing = [nw.col(f"read {role}").is_null().sum().alias(role) for role in roles]
    n, *n_missing = collected(frame.select(nw.len().alias("n"), *missing)).row(0)
    for (role, with_unit), n_lost in zip(roles.items(), n_missing, strict=True):
        if not n_lost:
            continue
        lost = frame.filter(nw.col(f"read {role}").is_null()).select(word=nw.col(role))
        words = lost.drop_nulls().with_columns(nw.col("word").cast(nw.String).str.strip_chars())
        words = words.filter(~nw.col("word").str.to_lowercase().is_in(MISSING))
        n_words = n_rows(words)
        if n_words:
            example = textwrap.shorten(str(collected(words.head(1)).item()), 40, placeholder="…")
            wanted = "true or false" if ROLES[role].kind == "flag" else "a number"
            wanted += " above zero" if ROLES[role].kinds == ("count",) else ""
            wanted += " with a unit, as others are" if with_unit else ""
            yield role, f"{role}: {n_words:,} of {n:,} rows are not {wanted}, such as {example!r}"
        if n_lost > n_words and not ROLES[role].gaps:
            named = frame.select(nw.col(f"read {role}")).drop_nulls()
            # As cells of a sheet are that were merged.
            is_once = role == "group" and n_rows(named) == n_rows(named.unique())
            how = "; where a cell stands for several rows, write it into each" * is_once
            yield role, f"{role}: {n_lost - n_words:,} of {n:,} rows are empty{how}"
