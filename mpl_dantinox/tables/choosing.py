"""Which rows are shown: conditions on columns, as a mapping or as a shell has them."""

import csv
import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import narwhals as nw

from mpl_dantinox.tables.engine import Frame, collected
from mpl_dantinox.tables.errors import RunsError
from mpl_dantinox.tables.quantities import read_flag, read_number, truth
from mpl_dantinox.tables.roles import one_of

__all__ = ["Condition", "conditions", "holds", "other_values"]

_BOUNDS: Mapping[str, Callable[[Any, Any], nw.Expr]] = {
    ">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt,
}  # fmt: skip
_CONDITION = re.compile(r"\s*(>=|<=|!=|==|=|>|<)\s*(.+)")
_RANGE = re.compile(r"\s*(\S+?)\s*\.\.\s*(\S+)\s*")
# As many values of a column are listed for a caller who asked for another one.
_MOST_LISTED = 12


@dataclass(frozen=True)
class Condition:
    """What a row must have in a column: one of some values, none of them, or a number in bounds."""

    column: str
    sign: str
    values: tuple[Any, ...]

    def __str__(self) -> str:
        return f"{self.column} {self.sign} {' or '.join(map(str, self.values))}"


def conditions(
    where: Mapping[str, Any] | Sequence[str], columns: Sequence[str]
) -> tuple[Condition, ...]:
    """Return the conditions that a caller gave; values that one column may have are joined.

    They are given by column, as a value, several of which a row may have one, a comparison such as
    ``">=8"`` or a range such as ``"8..64"``; or as texts, ``"model=a,b"`` and ``"batch_size>=8"``.

    >>> [str(one) for one in conditions(["model=a,b", "size>=8", "model=c"], ["model", "size"])]
    ['size >= 8', 'model = a or b or c']
    """
    if isinstance(where, Mapping):
        found = [one for column, value in where.items() for one in _of_value(column, value)]
    elif isinstance(where, Sequence):
        texts = [where] if isinstance(where, str) else where
        found = [one for text in texts for one in _of_text(text, columns)]
    else:
        raise RunsError(f"where is a mapping of columns to values, or texts; got {where!r}")
    # A row may have one value of several, but is within all bounds.
    values: dict[str, tuple[Any, ...]] = {}
    for one in found:
        one_of("column", one.column, columns)
        if one.sign == "=":
            values[one.column] = (*values.get(one.column, ()), *one.values)
    others = (one for one in found if one.sign != "=")
    return (*others, *(Condition(column, "=", several) for column, several in values.items()))


def _of_value(column: str, value: Any) -> list[Condition]:
    """Return what a value says, which may be a comparison in words, or several values."""
    match = _CONDITION.fullmatch(value) if isinstance(value, str) else None
    if match and match[1] not in ("=", "=="):
        return _made(column, match[1], (match[2],))
    if isinstance(value, list | tuple | set | frozenset):
        return [Condition(column, "=", tuple(value))]
    return _made(column, "=", (value,))


def _of_text(text: str, columns: Sequence[str]) -> list[Condition]:
    """Return the conditions that a text is, of the column with the longest name that it begins."""
    for column in sorted(columns, key=len, reverse=True):
        match = _CONDITION.fullmatch(text[len(column) :]) if text.startswith(column) else None
        if match:
            sign, value = match[1].replace("==", "="), match[2]
            words = [value] if sign in _BOUNDS else next(csv.reader([value], skipinitialspace=True))
            return _made(column, sign, tuple(words))
    name = re.split(r"[<>=!]", text)[0].strip()
    if name not in columns and name != text.strip():
        one_of("column", name, columns)
    raise RunsError(f"no condition {text!r}; expected COLUMN=VALUE, COLUMN=A,B or COLUMN>=NUMBER")


def _made(column: str, sign: str, words: tuple[Any, ...]) -> list[Condition]:
    """Return a condition, or the two that a range is."""
    span = _RANGE.fullmatch(str(words[0])) if sign == "=" and len(words) == 1 else None
    if span and _is_number(span[1]) and _is_number(span[2]):
        return [Condition(column, ">=", (span[1],)), Condition(column, "<=", (span[2],))]
    return [Condition(column, sign, words)]


def _is_number(text: Any) -> bool:
    try:
        float(text)
    except (TypeError, ValueError):
        return False
    return True


def holds(frame: Frame, column: str, condition: Condition) -> nw.Expr:
    """Return whether a condition holds in what the frame calls *column*.

    RunsError says that the column cannot have such a value.
    """
    try:
        if condition.sign in _BOUNDS:
            (value,) = condition.values
            if not _is_number(value):
                raise RunsError(f"{value!r} is no number to compare with")
            return _BOUNDS[condition.sign](read_number(frame, column).values, float(value))
        matches = [_has_value(frame, column, value) for value in condition.values]
    except RunsError as error:
        raise RunsError(f"{condition}: {error}") from None
    found: nw.Expr = nw.any_horizontal(*matches, ignore_nulls=True)
    return found if condition.sign == "=" else ~found


def _has_value(frame: Frame, column: str, value: Any) -> nw.Expr:
    """Return whether a column has a value, which may be a word for a number or a flag."""
    dtype = frame.collect_schema()[column]
    if dtype == nw.Boolean or isinstance(value, bool):
        flag = truth(str(value))
        if flag is None:
            raise RunsError(f"a column of true and false cannot be {value!r}")
        return read_flag(frame, column) == float(flag)
    if dtype.is_numeric():
        if not _is_number(value):
            raise RunsError(f"a column of numbers cannot be {value!r}")
        return nw.col(column) == float(value)
    return nw.col(column).cast(nw.String).str.strip_chars() == str(value)


def other_values(frame: Frame, column: str) -> str:
    """Return the values that a column has, if they are few, to end a message with."""
    distinct = frame.select(column).drop_nulls().unique()
    values = collected(distinct.head(_MOST_LISTED + 1))[column].to_list()
    return f"; there are: {', '.join(sorted(map(str, values)))}" * (len(values) <= _MOST_LISTED)
