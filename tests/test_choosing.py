"""Which rows are shown: values, comparisons and ranges, in Python and in a shell."""

from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from mpl_dantinox.tables.runs import NoDataError, RunsError, as_runs

TABLE = {
    "type": ["a", "b", "c", "d, e"],
    "batch_size": [1, 8, 16, 64],
    "text": ["1", "8", "sixteen", "1,000"],
    "ok": [True, False, True, False],
    "a=b": ["x", "y", "x", "y"],
}


def chosen(where: Any, make: Any = pd.DataFrame) -> list[str]:
    frame = as_runs(make(TABLE), {"group": "type"}, need=["group"], where=where).frame
    return list(frame["group"].to_list())


@pytest.mark.parametrize(
    ("where", "groups"),
    [
        (["type=a"], ["a"]),
        (["type=a,b"], ["a", "b"]),
        (["type = a", "type == b"], ["a", "b"]),
        (['type="d, e",a'], ["a", "d, e"]),
        (["type!=a,b"], ["c", "d, e"]),
        (["type!=a", "type!=b"], ["c", "d, e"]),
        (["batch_size>=8"], ["b", "c", "d, e"]),
        (["batch_size>8", "batch_size < 64"], ["c"]),
        (["batch_size=8..16"], ["b", "c"]),
        (["batch_size=8,64"], ["b", "d, e"]),
        (["batch_size=8.0"], ["b"]),
        (["text>=8"], ["b", "d, e"]),
        (["ok=yes"], ["a", "c"]),
        (["a=b=x"], ["a", "c"]),
        ("type=a", ["a"]),
        ({"type": "d, e"}, ["d, e"]),
        ({"type": ["a", "b"]}, ["a", "b"]),
        ({"type": ("a",), "batch_size": 1}, ["a"]),
        ({"batch_size": ">=8"}, ["b", "c", "d, e"]),
        ({"batch_size": "8..16"}, ["b", "c"]),
        ({"batch_size": {8, 16}}, ["b", "c"]),
        ({"ok": True}, ["a", "c"]),
        ({}, ["a", "b", "c", "d, e"]),
    ],
)
@pytest.mark.parametrize("make", [pd.DataFrame, pl.DataFrame, pl.LazyFrame, pa.table])
def test_rows_are_chosen_by_value_bound_and_range(make: Any, where: Any, groups: list[str]) -> None:
    assert chosen(where, make) == groups


@pytest.mark.parametrize(
    ("where", "message"),
    [
        (["typ=a"], "no column 'typ'; did you mean 'type'"),
        ({"typ": "a"}, "no column 'typ'; did you mean 'type'"),
        (["type"], "no condition 'type'; expected COLUMN=VALUE, COLUMN=A,B or COLUMN>=NUMBER"),
        (["type="], "no condition 'type='"),
        (["batch_size>=many"], "batch_size >= many: 'many' is no number"),
        (["batch_size=many"], "a column of numbers cannot be 'many'"),
        (["type=z"], "no run has type = z; there are: a, b, c, d, e"),
        (["type=z", "ok=yes"], "no run has type = z and ok = yes$"),
    ],
)
def test_a_condition_that_cannot_be_met_is_answered(where: Any, message: str) -> None:
    with pytest.raises(RunsError, match=message):
        chosen(where)


def test_no_row_is_no_fault_of_the_table() -> None:
    with pytest.raises(NoDataError):
        chosen(["batch_size>1000"])
