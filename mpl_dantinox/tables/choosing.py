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
from mpl_dantinox.tables.quantities import read_number, truth
from mpl_dantinox.tables.roles import one_of

__all__ = ["Condition", "conditions", "holds", "other_values"]

_BOUNDS: Mapping[str, Callable[[Any, Any], Any]] = {
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

    Examples
    --------
    >>> [str(one) for one in conditions(["model=a,b", "size>=8", "model=c"], ["model", "size"])]
    ['size >= 8', 'model = a or b or c']
    """
    found: list[Condition] = []
    if isinstance(where, Mapping):
        for name, value in where.items():
            column = one_of("column", name, columns)
            several = isinstance(value, list | tuple | set | frozenset)
            sign = _CONDITION.fullmatch(value) if isinstance(value, str) else None
            if sign and sign[1] in (*_BOUNDS, "!="):
                found.append(Condition(column, sign[1], (sign[2],)))
            else:
                found += _one_of(column, tuple(value) if several else (value,))
    elif not isinstance(where, Sequence):
        raise RunsError(f"where is a mapping of columns to values, or texts; got {where!r}")
    else:
        for text in [where] if isinstance(where, str) else where:
            found += _from_text(text, columns)
    # A row may have one value of several, but is within all bounds.
    values: dict[str, tuple[Any, ...]] = {}
    for one in found:
        if one.sign == "=":
            values[one.column] = (*values.get(one.column, ()), *one.values)
    others = [one for one in found if one.sign != "="]
    return (*others, *(Condition(column, "=", several) for column, several in values.items()))


def _one_of(column: str, values: tuple[Any, ...]) -> list[Condition]:
    """Return that a column has one of some values, or is between the ends of the one range."""
    span = _RANGE.fullmatch(values[0]) if len(values) == 1 and isinstance(values[0], str) else None
    if span and _is_number(span[1]) and _is_number(span[2]):
        return [Condition(column, ">=", (span[1],)), Condition(column, "<=", (span[2],))]
    return [Condition(column, "=", values)]


def _from_text(text: str, columns: Sequence[str]) -> list[Condition]:
    """Return the conditions that a text is, of the column with the longest name that it begins."""
    for column in sorted(columns, key=len, reverse=True):
        match = _CONDITION.fullmatch(text[len(column) :])
        if not (text.startswith(column) and match):
            continue
        sign, value = match[1].replace("==", "="), match[2]
        if sign in _BOUNDS:
            return [Condition(column, sign, (value,))]
        values = tuple(next(csv.reader([value], skipinitialspace=True)))
        return _one_of(column, values) if sign == "=" else [Condition(column, sign, values)]
    name = re.split(r"[<>=!]", text)[0].strip()
    if name not in columns and name != text.strip():
        one_of("column", name, columns)
    raise RunsError(f"no condition {text!r}; expected COLUMN=VALUE, COLUMN=A,B or COLUMN>=NUMBER")


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
    if condition.sign in _BOUNDS:
        (value,) = condition.values
        if not _is_number(value):
            raise RunsError(f"{condition}: {value!r} is no number to compare with")
        number = read_number(frame, column).values
        compared: nw.Expr = _BOUNDS[condition.sign](number, float(value))
        return compared
    schema = frame.collect_schema()
    matches = [_has_value(schema, column, value) for value in condition.values]
    found: nw.Expr = nw.any_horizontal(*matches, ignore_nulls=True)
    return found if condition.sign == "=" else ~found


def _has_value(schema: nw.Schema, column: str, value: Any) -> nw.Expr:
    """Return whether a column has a value, which may be a word for a number or a flag."""
    dtype = schema[column]
    if isinstance(value, str) and (dtype == nw.Boolean or dtype.is_numeric()):
        is_flag = dtype == nw.Boolean
        read = truth(value) if is_flag else float(value) if _is_number(value) else None
        if read is None:
            what = "true and false" if is_flag else "numbers"
            raise RunsError(f"a column of {what} cannot be {value!r}")
        value = read
    elif not dtype.is_numeric() and not isinstance(value, bool):
        return nw.col(column).cast(nw.String).str.strip_chars() == str(value)
    matches: nw.Expr = nw.col(column) == value
    return matches


def other_values(frame: Frame, column: str) -> str:
    """Return the values that a column has, if they are few, to end a message with."""
    distinct = frame.select(column).drop_nulls().unique()
    values = collected(distinct.head(_MOST_LISTED + 1))[column].to_list()
    if len(values) > _MOST_LISTED:
        return ""
    return f"; there are: {', '.join(sorted(map(str, values)))}"
