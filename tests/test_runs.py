"""Reading a table of runs, and what is said of one that cannot be read."""

from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from mpl_dantinox import insight_pareto
from mpl_dantinox.tables.runs import (
    ROLES,
    NoDataError,
    RunsError,
    as_runs,
    load_runs,
    sample_runs,
)  # fmt: skip

COLUMNS = {role: spec.column for role, spec in ROLES.items()}

MESSY: dict[str, list[Any]] = {
    "type": ["MLA", " GQA ", None, "MHA", ""],
    "moe": ["True", "0", "", "no", "perhaps"],
    "val_loss": ["1.5", "abc", " 2e3", "nan", "-inf"],
    "theoretical_cache_mb": [1.0, 2.0, float("nan"), float("inf"), None],
}

FRAMES = {
    "pandas": pd.DataFrame,
    "polars": pl.DataFrame,
    "polars lazy": pl.LazyFrame,
    "pyarrow": pa.table,
    "duckdb": lambda data: duckdb.from_arrow(pa.table(data)),
}


def column(table: Any, role: str, **columns: str) -> list[Any]:
    values = as_runs(table, COLUMNS | columns, need=["group"]).rows[role].to_list()
    return [None if value is None or value != value else value for value in values]


@pytest.mark.parametrize("make", FRAMES.values(), ids=FRAMES)
def test_every_engine_reads_the_same_values(make: Any) -> None:
    runs = make(MESSY)
    assert column(runs, "group") == ["MLA", "GQA", None, "MHA", None]
    assert column(runs, "moe") == [1, 0, None, 0, None]
    assert column(runs, "quality") == [1.5, None, 2000, None, None]
    assert column(runs, "cache") == [1, 2, None, None, None]


@pytest.mark.parametrize(
    ("spelling", "flag"),
    [
        *((true, 1) for true in (True, np.True_, 1, 1.0, "TRUE", "yes", "Y", "1", " t ")),
        *((false, 0) for false in (False, 0, "False", "no", "0.0", "off")),
        *((neither, None) for neither in (None, 2, "", "maybe")),
    ],
)
def test_booleans_are_read_in_every_usual_spelling(spelling: Any, flag: int | None) -> None:
    flags = pd.Series([spelling, None, "no"], dtype=object)
    table = pd.DataFrame({"type": ["MLA", "MLA", "MLA"], "moe": flags})
    assert column(table, "moe") == [flag, None, 0]


def test_categories_and_numbers_can_name_groups() -> None:
    assert column(pd.DataFrame({"type": pd.Categorical(["b", "a"])}), "group") == ["b", "a"]
    assert column(pl.DataFrame({"type": [2, 1]}), "group") == ["2", "1"]


def test_groups_named_like_missing_values_stay_names(tmp_path: Path) -> None:
    names = ["nan", "None", None, "NA", "null", "n/a", "b"]
    rows = pl.DataFrame({"type": names, "val_loss": ["1", "NA", "None", "null", "", "nan", "2"]})
    rows.write_csv(tmp_path / "runs.csv")
    rows.write_parquet(tmp_path / "runs.parquet")
    rows.write_ndjson(tmp_path / "runs.jsonl")
    for table in (rows, *tmp_path.iterdir()):
        assert column(table, "group") == names
        assert column(table, "quality") == [1, None, None, None, None, None, 2]


@pytest.mark.parametrize("dtype", ["Int64", "Float64", "int64[pyarrow]", "double[pyarrow]"])
def test_numbers_of_pandas_that_can_be_missing_are_numbers(dtype: str) -> None:
    table = pd.DataFrame({"type": ["a", "b", "b"], "val_loss": [1, 2, 3], "vram_gb": [3, 2, 1]})
    table["val_loss"] = pd.array([1, None, 2], dtype=dtype)
    assert column(table, "quality") == [1, None, 2]
    assert insight_pareto(table, cost="vram_gb").facts.panels["all"].n_runs == 2


def test_what_pandas_grouped_by_is_a_column() -> None:
    table = pd.DataFrame({"type": ["b", "a", "a"], "moe": ["no"] * 3, "val_loss": [1.0, 2.0, 4.0]})
    for keys in ("type", ["type", "moe"]):
        medians = table.groupby(keys)[["val_loss"]].median()
        assert column(medians, "group") == ["a", "b"]
        assert column(medians, "quality") == [3, 1]


def test_columns_without_a_text_for_a_name_are_said() -> None:
    table = pd.DataFrame([[1, 2]], columns=pd.MultiIndex.from_tuples([("a", "type"), ("a", "x")]))
    with pytest.raises(RunsError, match="no column of the table has a text for its name"):
        as_runs(table, COLUMNS, need=["group"])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"columns": {"group": 3}}, "the role 'group' is played by a column, or several; got 3"),
        ({"columns": {"group": "type"}, "where": 3}, "where is a mapping of columns .* got 3"),
    ],
)
def test_what_is_no_name_and_no_condition_is_said(options: Any, message: str) -> None:
    with pytest.raises(RunsError, match=message):
        as_runs(pd.DataFrame({"type": ["a"]}), need=["group"], **options)


def test_a_column_is_found_under_the_name_it_was_given() -> None:
    assert column(pd.DataFrame({"type": ["MLA"], "nll": [1.0]}), "quality", quality="nll") == [1.0]


def test_a_missing_column_is_named_with_the_nearest(tmp_path: Path) -> None:
    table = pd.DataFrame({"type": ["MLA"], "val_los": [1.0]})
    message = (
        r"no column 'val_loss' for the role 'quality' \(--column quality=NAME\), "
        r"did you mean 'val_los'\?; there are: type, val_los"
    )
    with pytest.raises(RunsError, match=message):
        as_runs(table, COLUMNS, need=["quality"])


def test_an_explicit_column_must_be_there_even_for_an_optional_role() -> None:
    with pytest.raises(RunsError, match="no column 'experts'"):
        as_runs(pd.DataFrame({"type": ["MLA"]}), COLUMNS | {"moe": "experts"}, need=["group"])


def test_columns_of_one_name_are_refused() -> None:
    table = pd.DataFrame([["MLA", 1, 2]], columns=["type", "val_loss", "val_loss"])
    with pytest.raises(RunsError, match=r"two columns have one name.*val_loss"):
        as_runs(table, COLUMNS, need=["quality"])


def test_dates_are_no_numbers() -> None:
    table = pd.DataFrame({"type": ["MLA"], "val_loss": pd.to_datetime(["2026-01-01"])})
    with pytest.raises(RunsError, match=r"'quality' holds Datetime.*expected a number"):
        as_runs(table, COLUMNS, need=["quality"])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b" \n\n", "is empty"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "is not a text file"),
        (b'type,val_loss\n"MLA,1\n', "line 2: a quote that is never closed"),
        (b"\x1f\x8bnothing", "is not a whole gzip file"),
    ],
)
def test_files_that_are_no_table_are_named(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "runs.csv"
    path.write_bytes(content)
    with pytest.raises(RunsError, match=f"runs.csv.*{message}"):
        load_runs(path)


def test_a_header_alone_is_no_table(tmp_path: Path) -> None:
    path = tmp_path / "runs.csv"
    path.write_text("type,val_loss\n")
    with pytest.raises(RunsError, match="no rows"):
        as_runs(path, COLUMNS, need=["group"])


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(RunsError, match=r"cannot read .*gone\.csv.*no such file"):
        load_runs(tmp_path / "gone.csv")


def test_what_is_no_table_is_named() -> None:
    with pytest.raises(RunsError, match="got int"):
        load_runs(3)


def test_a_byte_order_mark_is_not_part_of_a_name(tmp_path: Path) -> None:
    path = tmp_path / "runs.csv"
    path.write_bytes("\ufefftype\nMLA\n".encode())
    assert list(load_runs(path).columns) == ["type"]


def test_the_bundled_table_has_what_the_figures_need() -> None:
    runs = sample_runs()
    assert len(runs) >= 72
    assert set(runs["type"]) == {"MLA", "GQA", "MHA"}
    assert runs["moe"].sum() >= 15
    assert runs["down_dim_kv"].nunique() >= 6


def test_the_bundled_caches_hold_the_bytes_that_the_formula_says() -> None:
    runs = sample_runs()
    ratio = runs["measured_cache_mb"] / runs["theoretical_cache_mb"]
    assert ratio.between(0.99, 1.01).all()


@pytest.mark.parametrize("make", FRAMES.values(), ids=FRAMES)
def test_flags_that_say_yes_or_nothing_mean_no_by_nothing(make: Any) -> None:
    runs = as_runs(
        make({"type": ["a", "b", "c"], "moe": ["yes", None, ""]}), COLUMNS, need=["group"]
    )
    assert runs.frame["moe"].to_list() == [1, 0, 0]
    assert "moe: no row says no, so empty ones count as no" in runs.notes


def test_flags_of_both_kinds_leave_empty_ones_unknown() -> None:
    assert column(pd.DataFrame({"type": ["a"] * 3, "moe": ["yes", "no", None]}), "moe") == [
        1,
        0,
        None,
    ]


@pytest.mark.parametrize("make", FRAMES.values(), ids=FRAMES)
def test_a_table_of_other_names_has_rows_all_the_same(make: Any) -> None:
    runs = as_runs(make({"a": ["x", "y"], "b": [1, 2]}), COLUMNS, need=[])
    assert (runs.columns, runs.source.n_rows) == ({}, 2)


@pytest.mark.parametrize("make", FRAMES.values(), ids=FRAMES)
def test_runs_without_any_group_have_no_front(make: Any) -> None:
    table = make({"type": ["", None], "val_loss": [1, 2], "theoretical_cache_mb": [1, 2]})
    with pytest.raises(NoDataError, match="no run has a group"):
        insight_pareto(table)


def test_a_filter_that_finds_nothing_lists_what_there_is() -> None:
    with pytest.raises(RunsError, match="no run has type = MQA; there are: GQA, MHA"):
        as_runs(
            pd.DataFrame({"type": ["MHA", "GQA"]}), COLUMNS, need=["group"], where={"type": "MQA"}
        )


def test_a_role_may_be_a_family_of_columns() -> None:
    frame = pd.DataFrame(
        {"type": ["A"], "tok_s_512": [3.0], "tok_s_4k": ["2,5"], "tok_s_64": [4], "tps_64": [9.0]}
    )
    runs = as_runs(frame, {"group": "type", "tps_at": "tps_{}"}, need=["tps_at"])
    assert runs.members("tps_at") == {64: "tps_at 64", 512: "tps_at 512", 4096: "tps_at 4k"}
    assert [runs.frame[m].to_list() for m in runs.members("tps_at").values()] == [[4], [3], [2.5]]


def test_a_family_that_the_table_lacks_is_an_error_where_it_is_needed() -> None:
    frame = pd.DataFrame({"type": ["A"], "speed": [3.0]})
    with pytest.raises(NoDataError, match=r"no column 'tps_{}' for the role 'tps_at'"):
        as_runs(frame, {"group": "type", "tps_at": "tps_{}"}, need=["tps_at"])
    with pytest.raises(RunsError, match=r"no column 'fast_{}' for the role 'tps_at'"):
        as_runs(frame, {"group": "type", "tps_at": "fast_{}"}, need=["tps_at"])


def test_of_one_score_it_is_clear_that_it_is_the_quality() -> None:
    from mpl_dantinox.tables.roles import find_columns

    for have, found in (
        (["MMLU (%)", "tps_512"], {"quality": "MMLU (%)"}),
        (["MMLU", "GSM8K"], {}),
        (["MMLU", "loss"], {"quality": "loss"}),
    ):
        assert find_columns(have, {"quality": "val_loss"}, ()) == found
