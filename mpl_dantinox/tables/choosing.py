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

_COMPARISONS: Mapping[str, Callable[[Any, Any], Any]] = {
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

    Parameters
    ----------
    where : mapping of str to value, or sequence of str
        By column a value, several of which a row may have one, or a comparison such as ``">=8"`` or
        a range such as ``"8..64"``; or texts such as ``"model=a,b"`` and ``"batch_size>=8"``.
    columns : sequence of str
        Names of all columns of the table.

    Examples
    --------
    >>> [str(one) for one in conditions(["model=a,b", "size>=8", "model=c"], ["model", "size"])]
    ['model = a or b or c', 'size >= 8']
    """
    found: list[Condition] = []
    if isinstance(where, Mapping):
        for name, value in where.items():
            column = one_of("column", name, columns)
            several = isinstance(value, list | tuple | set | frozenset)
            found += [Condition(column, "=", tuple(value))] if several else [_one(column, value)]
    else:
        for text in [where] if isinstance(where, str) else where:
            found.append(_from_text(text, columns))
    joined: dict[tuple[str, str], Condition] = {}
    for place, one in enumerate(found):
        # A row may have one value of several, but is within all bounds.
        key = (one.column, "=") if one.sign == "=" else (one.column, f"{one.sign} {place}")
        before = joined[key].values if key in joined else ()
        joined[key] = Condition(one.column, one.sign, (*before, *one.values))
    return tuple(joined.values())


def _one(column: str, value: Any) -> Condition:
    """Return the condition that a value is, which may be a comparison or a range in words."""
    if isinstance(value, str):
        comparison, span = _CONDITION.fullmatch(value), _RANGE.fullmatch(value)
        if comparison and comparison[1] in (*_COMPARISONS, "!="):
            return Condition(column, comparison[1], (comparison[2],))
        if span and _is_number(span[1]) and _is_number(span[2]):
            return Condition(column, "in", (span[1], span[2]))
    return Condition(column, "=", (value,))


def _from_text(text: str, columns: Sequence[str]) -> Condition:
    """Return the condition that a text is, of the column with the longest name that it begins."""
    for column in sorted(columns, key=len, reverse=True):
        match = _CONDITION.fullmatch(text[len(column) :])
        if not (text.startswith(column) and match):
            continue
        sign, value = match[1].replace("==", "="), match[2]
        if sign in _COMPARISONS:
            return Condition(column, sign, (value,))
        one = _one(column, value)
        if sign == "=" and one.sign == "in":
            return one
        values = next(csv.reader([value], skipinitialspace=True))
        return Condition(column, sign, tuple(values))
    name = re.split(r"[<>=!]", text)[0].strip()
    if name in columns or name == text.strip():
        raise RunsError(
            f"no condition {text!r}; expected COLUMN=VALUE, COLUMN=A,B or COLUMN>=NUMBER"
        )
    one_of("column", name, columns)
    raise AssertionError("a column that there is has matched")


def _is_number(text: Any) -> bool:
    try:
        float(text)
    except (TypeError, ValueError):
        return False
    return True


def holds(frame: Frame, column: str, condition: Condition) -> nw.Expr:
    """Return whether a condition holds.

    Parameters
    ----------
    frame : narwhals.DataFrame or narwhals.LazyFrame
    column : str
        What the frame calls the condition's column.
    condition : Condition

    Raises
    ------
    RunsError
        If the column cannot have such a value.
    """
    if condition.sign in ("=", "!="):
        schema = frame.collect_schema()
        matches = [_has_value(schema, column, value) for value in condition.values]
        found: nw.Expr = nw.any_horizontal(*matches, ignore_nulls=True)
        return found if condition.sign == "=" else ~found
    bounds = []
    for value in condition.values:
        if not _is_number(value):
            raise RunsError(f"{condition}: {value!r} is no number to compare with")
        bounds.append(float(value))
    number = read_number(frame, column).values
    if condition.sign == "in":
        return (number >= bounds[0]) & (number <= bounds[1])
    compared: nw.Expr = _COMPARISONS[condition.sign](number, bounds[0])
    return compared


def _has_value(schema: nw.Schema, column: str, value: Any) -> nw.Expr:
    """Return whether a column has a value, which may be a word for a number or a flag."""
    if schema[column] == nw.Boolean and isinstance(value, str):
        if truth(value) is None:
            raise RunsError(f"a column of true and false cannot be {value!r}")
        value = truth(value)
    elif schema[column].is_numeric() and isinstance(value, str):
        if not _is_number(value):
            raise RunsError(f"a column of numbers cannot be {value!r}")
        value = float(value)
    elif not schema[column].is_numeric() and not isinstance(value, bool):
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
