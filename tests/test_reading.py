"""Reading: every way in which people's tables are written, and what is said of their rows."""

import re
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mpl_dantinox.tables.reading import Source, open_source
from mpl_dantinox.tables.runs import ROLES, Runs, RunsError, as_runs, load_runs

COLUMNS = {role: spec.column for role, spec in ROLES.items()}
TEXT = "type,val_loss,moe\nMLA,2.5,yes\nMHÄ,3,no\n"


def read(content: bytes | str, tmp_path: Path, name: str = "runs.csv", **options: Any) -> Runs:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return as_runs(path, COLUMNS, need=["group"], **options)


def losses(cells: list[str], tmp_path: Path, separator: str = ",") -> list[float | None]:
    rows = [f'MLA{separator}"{cell}"\n' for cell in cells]
    values = read(f"type{separator}val_loss\n{''.join(rows)}", tmp_path).frame["loss"].to_list()
    return [None if value != value else value for value in values]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le-bom", "utf-16-be-bom", "latin-1"]
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["unix", "windows", "old mac"])
def test_encodings_and_line_ends_make_no_difference(
    tmp_path: Path, encoding: str, end: str
) -> None:
    text = TEXT.replace("\n", end)
    if encoding.endswith("-bom"):
        text, encoding = f"\ufeff{text}", encoding.removesuffix("-bom")
    frame = read(text.encode(encoding), tmp_path).frame
    assert frame["group"].to_list() == ["MLA", "MHÄ"]
    assert frame["loss"].to_list() == [2.5, 3]


def test_a_guessed_encoding_is_said(tmp_path: Path) -> None:
    assert "Latin-1" in read(TEXT.encode("latin-1"), tmp_path).notes[0]
    loaded = load_runs(tmp_path / "runs.csv")
    assert "Latin-1" in as_runs(loaded, COLUMNS, need=["group"]).notes[0]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_separators_are_found_in_the_header(tmp_path: Path, separator: str) -> None:
    assert list(read(TEXT.replace(",", separator), tmp_path).columns) == ["group", "moe", "loss"]


@pytest.mark.parametrize(
    ("separator", "cells", "values"),
    [
        (";", ["2,5", "1,234"], [2.5, 1.234]),
        (";", ["2,5", "abc", "1.234,5"], [2.5, None, 1234.5]),
        (";", ["2.5", "1.234"], [2.5, 1.234]),
        (";", ["1.234,5", "1.200"], [1234.5, 1200]),
        ("\t", ["1,234.5", "1,200"], [1234.5, 1200]),
        (",", ["1,234.5", "1,200"], [1234.5, 1200]),
        (",", ["2,5", "x"], [2.5, None]),
        (",", ["1 234.5", "12\u202f345", "1'000"], [1234.5, 12345, 1000]),
    ],
)
def test_decimal_commas_and_thousands_are_read_as_the_column_shows(
    tmp_path: Path, separator: str, cells: list[str], values: list[float | None]
) -> None:
    assert losses(cells, tmp_path, separator) == values


@pytest.mark.parametrize("cell", ["NaN", "null", "-", "–", "", "inf", "-Infinity", "1e999", "٣"])
@pytest.mark.parametrize("other", ["2", "abc"])
def test_what_is_no_number_is_missing(tmp_path: Path, cell: str, other: str) -> None:
    assert losses([cell, other, "2.5"], tmp_path)[0] is None


@pytest.mark.parametrize("make", [pd.DataFrame, pl.DataFrame, pa.table])
@pytest.mark.parametrize("cell", ["1e999", "٣", "9" * 400, "-", "0x10", "1_000", "+.5e-1"])
def test_odd_spellings_are_the_same_to_every_engine(make: Any, cell: str) -> None:
    table = make({"type": ["a", "b"], "val_loss": [cell, "1,5"]})
    first, second = as_runs(table, COLUMNS, need=["loss"]).frame["loss"].to_list()
    assert (first == 0.05) if cell == "+.5e-1" else (first is None or first != first)
    assert second == 1.5


def test_line_breaks_and_separators_in_quotes_belong_to_the_cell(tmp_path: Path) -> None:
    runs = read('"type","note\nof, it",val_loss\n"a\nb","x, y",1\n', tmp_path)
    assert runs.frame["group"].to_list() == ["a b"]
    assert runs.frame["loss"].to_list() == [1]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "is empty"),
        ("\ufeff\n \n", "is empty"),
        ("type,val_loss\n", "a header but no rows"),
        ("type,val_loss\nMLA,1\nMLA,1,2\n", "Expected 2 fields in line 3, saw 3"),
        ("type,val_loss\nMLA,1,2\n", "runs.csv"),
        ("type,val_loss, type\nMLA,1,2\n", "several columns named 'type'"),
        ('type,"val_loss\n"MLA,1', "a header but no rows"),
    ],
)
def test_a_file_that_is_no_table_is_refused_in_one_line(
    tmp_path: Path, content: str, message: str
) -> None:
    with pytest.raises(RunsError, match=message) as caught:
        read(content, tmp_path)
    assert "\n" not in str(caught.value)


def source(text: str, tmp_path: Path) -> Source:
    path = tmp_path / "runs.csv"
    path.write_text(text)
    return open_source(path)


def test_only_the_columns_that_are_asked_for_are_parsed(tmp_path: Path) -> None:
    runs = source("type, val_loss,note\nMLA,1,x\nMHA,2,y\n", tmp_path)
    assert runs.columns == ["type", "val_loss", "note"]
    assert list(runs.select(["val_loss"]).columns) == ["val_loss"]
    assert list(runs.select(["type"]).columns) == ["type", "val_loss"]
    assert runs.n_rows == 2


def test_a_row_that_is_too_long_is_refused_whichever_columns_are_asked_for(tmp_path: Path) -> None:
    runs = source("type,val_loss,note\nMHA,2,y\nMLA,2,5,x\n", tmp_path)
    with pytest.raises(RunsError, match="Expected 3 fields in line 3, saw 4"):
        runs.select(["type"])


@given(
    st.lists(st.tuples(*[st.sampled_from(["", "-", "1", "2.5", " 3", "yes", '"a,b"'])] * 3)),
    st.sampled_from(["", "\n", "1\n", "1,2\n", "1,2,3,4\n", ",,,\n"]),
    st.sets(st.sampled_from(["a", "b", "c"]), min_size=1),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
def test_some_columns_are_those_of_the_whole_table(
    tmp_path: Path, rows: list[tuple[str, ...]], odd: str, names: set[str]
) -> None:
    text = "a, b,c\n" + "".join(",".join(row) + "\n" for row in rows) + odd
    try:
        expected = source(text, tmp_path).frame[sorted(names)]
    except RunsError as error:
        with pytest.raises(RunsError, match=re.escape(str(error))):
            source(text, tmp_path).select(names)
    else:
        pd.testing.assert_frame_equal(source(text, tmp_path).select(names)[sorted(names)], expected)


def test_a_long_column_has_one_type_however_late_its_first_word_comes(tmp_path: Path) -> None:
    cells = ["1.50"] * 300_000 + ["n/k"]
    read = source("val_loss,type\n" + "".join(f"{cell},MLA\n" for cell in cells), tmp_path)
    assert read.frame["val_loss"].tolist() == cells


def test_rows_that_are_too_short_lack_values_and_are_counted(tmp_path: Path) -> None:
    runs = read("type,val_loss\nMLA,1\nMLA\n", tmp_path)
    assert "loss: 1 of 2 rows are empty" in runs.notes


def test_rows_that_cannot_be_used_are_counted_by_reason(tmp_path: Path) -> None:
    runs = read("type,val_loss,moe\nMLA,abc,maybe\nMLA,n/a,1\n,inf,0\nMLA,2,\n", tmp_path)
    assert [note for note in runs.notes if "of 4 rows" in note] == [
        "group: 1 of 4 rows are empty",
        "moe: 1 of 4 rows are not true or false, such as 'maybe'",
        "loss: 2 of 4 rows are not a number, such as 'abc'",
        "loss: 1 of 4 rows are empty",
    ]


def test_columns_by_role_that_are_guessed_are_said_with_their_factor(tmp_path: Path) -> None:
    runs = read("Attn_Impl,PPL,cache_bytes\nMLA,9,2e6\n", tmp_path)
    assert runs.notes[:4] == (
        "group: using 'Attn_Impl'",
        "moe: no column 'moe', so every run counts as dense",
        "params: no column 'params_m', so the size of a model is not shown",
        "loss: using 'PPL'",
    )
    assert "cache: using 'cache_bytes', times 1e-06 for MB" in runs.notes
    assert runs.frame["cache"].to_list() == pytest.approx([2.0])


def test_a_unit_that_was_given_overrides_the_one_in_the_name(tmp_path: Path) -> None:
    runs = read("type,cache_bytes\nMLA,2\n", tmp_path, scales={"cache": 1.0})
    assert runs.frame["cache"].to_list() == [2.0]


def test_two_candidates_are_an_error_that_names_both(tmp_path: Path) -> None:
    with pytest.raises(RunsError, match="'ppl' and 'nll' could both be meant"):
        read("type,ppl,nll\nMLA,1,2\n", tmp_path)


def test_a_filter_of_flags_takes_flags_only() -> None:
    table = pd.DataFrame({"type": ["a", "b"], "ok": [True, False]})
    assert len(as_runs(table, COLUMNS, need=["group"], where={"ok": "yes"}).frame) == 1
    with pytest.raises(RunsError, match="cannot be 'maybe'"):
        as_runs(table, COLUMNS, need=["group"], where={"ok": "maybe"})


def test_names_of_files_with_wildcards_in_them_are_names(tmp_path: Path) -> None:
    assert len(read(TEXT, tmp_path, "runs[1].csv").frame) == 2


@pytest.mark.parametrize("name", ["a\0b", "x" * 5000, "runs.parquet"])
def test_paths_and_files_that_cannot_be_are_our_exception(tmp_path: Path, name: str) -> None:
    (tmp_path / "runs.parquet").write_bytes(b"PAR1 it is not")
    with pytest.raises(RunsError):
        as_runs(str(tmp_path / name), COLUMNS, need=["group"])


def test_a_file_that_vanishes_while_it_is_read_is_our_exception(tmp_path: Path) -> None:
    path = tmp_path / "runs.parquet"
    pl.DataFrame({"type": ["a"]}).write_parquet(path)
    source = open_source(path)
    path.unlink()
    with pytest.raises(RunsError, match=r"runs\.parquet"):
        as_runs(source, COLUMNS, need=["group"])


def test_json_lines_of_any_shape_are_a_table_or_our_exception(tmp_path: Path) -> None:
    runs = read('{"type": "a", "val_loss": "1,5"}\n{"type": "b"}\n', tmp_path, "runs.jsonl")
    assert runs.frame["loss"].to_list()[0] == 1.5
    for content in ("1\n2\n", "[1,2]\n", "{", '{"type": [1]}'):
        with pytest.raises(RunsError):
            as_runs(read(content, tmp_path, "x.jsonl").source, COLUMNS, need=["loss"])


def test_columns_that_are_numbers_are_no_columns_of_ours() -> None:
    with pytest.raises(RunsError, match="no column 'type'"):
        as_runs(pd.DataFrame([[1, 2]]), COLUMNS, need=["group"])


@pytest.mark.parametrize("query", ["SELECT", "SELECT * FROM nowhere"])
def test_a_query_without_a_table_is_our_exception(query: str) -> None:
    with pytest.raises(RunsError):
        load_runs(f"duckdb:{query}")
