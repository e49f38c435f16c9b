"""Reading: every way in which people's tables are written, and what is said of their rows."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mpl_dantinox.tables.reading import open_source
from mpl_dantinox.tables.roles import number_of
from mpl_dantinox.tables.runs import (
    ROLES,
    NoDataError,
    Runs,
    RunsError,
    as_runs,
    load_runs,
    sample_runs,
)

COLUMNS = {role: spec.column for role, spec in ROLES.items()}
TEXT = "type,val_loss,moe\nMLA,2.5,yes\nMHÄ,3,no\n"


def read(content: bytes | str, tmp_path: Path, name: str = "runs.csv", **options: Any) -> Runs:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return as_runs(path, COLUMNS, need=["group"], **options)


def losses(cells: list[str], tmp_path: Path, separator: str = ",") -> list[float | None]:
    rows = [f'MLA{separator}"{cell}"\n' for cell in cells]
    table = read(f"type{separator}val_loss\n{''.join(rows)}", tmp_path).rows
    values = table["quality"].to_list()
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
    assert frame["quality"].to_list() == [2.5, 3]


def test_a_guessed_encoding_is_said(tmp_path: Path) -> None:
    assert "Latin-1" in read(TEXT.encode("latin-1"), tmp_path).notes[0]
    loaded = load_runs(tmp_path / "runs.csv")
    assert "Latin-1" in as_runs(loaded, COLUMNS, need=["group"]).notes[0]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_separators_are_found_in_the_header(tmp_path: Path, separator: str) -> None:
    assert list(read(TEXT.replace(",", separator), tmp_path).columns) == ["group", "moe", "quality"]


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
    first, second = as_runs(table, COLUMNS, need=["quality"]).frame["quality"].to_list()
    assert (first == 0.05) if cell == "+.5e-1" else (first is None or first != first)
    assert second == 1.5


def test_line_breaks_and_separators_in_quotes_belong_to_the_cell(tmp_path: Path) -> None:
    runs = read('"type","note\nof, it",val_loss\n"a\nb","x, y",1\n', tmp_path)
    assert runs.frame["group"].to_list() == ["a b"]
    assert runs.frame["quality"].to_list() == [1]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "is empty"),
        ("\ufeff\n \n", "is empty"),
        ("type,val_loss\n", "a header but no rows"),
        ("type,val_loss\nMLA,1\nMLA,1,2\n", "line 3: 3 cells; the header has 2"),
        ("type,val_loss\nMLA,1,2\n", "line 2: 3 cells; the header has 2"),
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


@pytest.mark.parametrize(
    ("rows", "line"),
    [
        (["MHA,2.1,8.0,a", "GQA,1,9,2.0,x", "MLA,1.8,1.0"], 3),
        (["MLA,1.8,1.0", "GQA,1,9,2.0,x", "MHA,2.1,8.0,a"], 3),
        (["GQA,1,9,2.0,x", "MLA,1.8,1.0"], 2),
        (['"two\nlines",2,8,a', "", "GQA,1,9,2.0,x"], 5),
    ],
)
def test_a_row_that_is_too_long_is_refused_even_if_a_short_one_makes_up_for_it(
    tmp_path: Path, rows: list[str], line: int
) -> None:
    text = "\n".join(["type,val_loss,theoretical_cache_mb,note", *rows])
    with pytest.raises(RunsError, match=f"'runs.csv', line {line}: 5 cells; the header has 4"):
        read(text, tmp_path)


@given(
    st.lists(st.lists(st.sampled_from(["", "1", "x y", '"a,b"', '"c\nd"']), max_size=5), min_size=1)
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100)
def test_no_row_is_read_that_has_more_filled_cells_than_the_header(
    tmp_path: Path, rows: list[list[str]]
) -> None:
    path = tmp_path / "runs.csv"
    path.write_text("a,b,c\n" + "".join(",".join(row) + "\n" for row in rows))
    if any(any(row[3:]) for row in rows):
        with pytest.raises(RunsError, match="the header has 3"):
            open_source(path)


def test_the_bytes_that_were_read_have_a_hash(tmp_path: Path) -> None:
    runs = read(TEXT, tmp_path)
    assert runs.source.sha256 == hashlib.sha256(TEXT.encode()).hexdigest()
    assert runs.name == "runs.csv"
    loaded = open_source(load_runs(tmp_path / "runs.csv"))
    assert (loaded.name, loaded.sha256) == ("runs.csv", runs.source.sha256)


CHANGES: dict[str, Callable[[pd.DataFrame], Any]] = {
    "rows chosen": lambda frame: frame[frame["type"] == "MLA"],
    "a column changed": lambda frame: frame.assign(val_loss=frame["val_loss"] / 2),
    "a column left out": lambda frame: frame.drop(columns="moe"),
    "a column renamed": lambda frame: frame.rename(columns={"moe": "mixture"}),
    "other types": lambda frame: frame.astype({"val_loss": "float32"}),
    "rows in another order": lambda frame: frame[::-1],
    "all rows twice": lambda frame: pd.concat([frame, frame]),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_table_that_was_changed_after_reading_has_neither_name_nor_hash(
    tmp_path: Path, change: Callable[[pd.DataFrame], Any]
) -> None:
    read(TEXT, tmp_path)
    changed = open_source(change(load_runs(tmp_path / "runs.csv")))
    assert (changed.name, changed.sha256) == (None, None)


def test_a_table_that_was_changed_in_place_has_neither_name_nor_hash() -> None:
    frame = sample_runs()
    assert open_source(frame).name == "benchmark_results.csv"
    frame["val_loss"] *= 0.5
    assert as_runs(frame, COLUMNS, need=["quality"]).origin == f"table, {len(frame)} rows"


@pytest.mark.parametrize("content", [TEXT + "GQA,2,no\n", None])
def test_a_table_whose_file_is_another_one_now_has_neither_name_nor_hash(
    tmp_path: Path, content: str | None
) -> None:
    read(TEXT, tmp_path)
    frame = load_runs(tmp_path / "runs.csv")
    if content is None:
        (tmp_path / "runs.csv").unlink()
    else:
        (tmp_path / "runs.csv").write_text(content)
    assert (open_source(frame).name, open_source(frame).sha256) == (None, None)


def test_a_long_column_has_one_type_however_late_its_first_word_comes(tmp_path: Path) -> None:
    cells = ["1.50"] * 300_000 + ["n/k"]
    path = tmp_path / "runs.csv"
    path.write_text("val_loss,type\n" + "".join(f"{cell},MLA\n" for cell in cells))
    assert load_runs(path)["val_loss"].tolist() == cells


def test_rows_that_are_too_short_lack_values_and_are_counted(tmp_path: Path) -> None:
    runs = read("type,val_loss\nMLA,1\nMLA\n", tmp_path)
    assert "quality: 1 of 2 rows are empty" in runs.notes


def test_rows_that_cannot_be_used_are_counted_by_reason(tmp_path: Path) -> None:
    runs = read("type,val_loss,moe\nMLA,abc,maybe\nMLA,n/a,1\n,inf,0\nMLA,2,\n", tmp_path)
    assert [note for note in runs.notes if "of 4 rows" in note] == [
        "group: 1 of 4 rows are empty",
        "moe: 1 of 4 rows are not true or false, such as 'maybe'",
        "quality: 2 of 4 rows are not a number, such as 'abc'",
        "quality: 1 of 4 rows are empty",
    ]


def test_columns_by_role_that_are_guessed_are_said_with_their_factor(tmp_path: Path) -> None:
    runs = read("Attn_Impl,PPL,cache_bytes\nMLA,9,2e6\n", tmp_path)
    assert runs.notes[:4] == (
        "group: using 'Attn_Impl'",
        "moe: no column 'moe', so dense and MoE runs are not told apart",
        "params: no column 'params_m', so the size of a model is not shown",
        "quality: using 'PPL'",
    )
    assert "cache: using 'cache_bytes', in bytes by its name" in runs.notes
    assert runs.frame["cache"].to_list() == pytest.approx([2.0])


@pytest.mark.parametrize(
    ("role", "column", "factor"),
    [
        *(("cache", name, 1) for name in ("theoretical_cache_mb", "cache_mb", "kv_cache_mb")),
        *(("cache", name, 1.048576) for name in ("cache_mib", "kv_cache_mib")),
        *(("cache", name, 1e-6) for name in ("cache_bytes", "kv_cache_bytes", "kv_bytes")),
        ("cache", "kv_mb", 1),
        ("cache", "cache_kb", 0.001),
        ("cache", "cache_gb", 1000),
        ("cache", "kv_cache_gb", 1000),
        ("params", "params_m", 1),
        ("params", "params_b", 1000),
        *(("params", name, 1e-6) for name in ("params", "n_params", "num_params", "parameters")),
    ],
)
@pytest.mark.parametrize("spelt", [str.lower, str.upper])
def test_numbers_under_a_usual_name_are_in_the_unit_that_it_says(
    role: str, column: str, factor: float, spelt: Callable[[str], str]
) -> None:
    table = pd.DataFrame({"type": ["MLA"], spelt(column): [3e6]})
    runs = as_runs(table, COLUMNS, need=["group"])
    assert runs.columns[role] == spelt(column)
    assert runs.frame[role].to_list() == pytest.approx([3e6 * factor], rel=1e-12)


#: Every name under which a role's column is looked for, by what its numbers are in.
USUAL = {
    "name": "name run run_name run_id model_name model experiment",
    "group": "type attention attn attn_type attention_type attn_impl attn_kind",
    "moe": "moe is_moe use_moe mixture_of_experts",
    "params": "params_m params n_params num_params parameters num_parameters total_params "
    "model_size",
    "active_params": "active_params_m active_params n_active_params num_active_params "
    "active_parameters",
    "weights": "weights_gb weights weights_memory model_memory",
    "quality": "val_loss loss valid_loss validation_loss eval_loss test_loss nll val_nll ppl "
    "perplexity val_ppl",
    "cost": "theoretical_cache_mb cache kv_cache kv theoretical_cache kv_cache_size cache_size",
    "cache": "theoretical_cache_mb cache kv_cache kv theoretical_cache kv_cache_size cache_size",
    "cache_tokens": "cache_tokens cache_context cache_seq_len",
    "tps": "tps_512 tps throughput tok_s decode_tps decode_tok_s decode_throughput",
    "dial": "down_dim_kv kv_lora_rank latent_dim kv_latent_dim dkv d_kv",
    "tps_at": "tps_{} decode_tps_{} tok_s_{} decode_tok_s_{} throughput_{}",
    "state": "state status run_state oom is_oom out_of_memory diverged has_diverged failed "
    "has_failed crashed",
    "block": "block size model_size dim d_model hidden_size n_embd width",
}
#: The unit that a role's numbers are read in, where there is one.
UNITS = {"params": "M", "active_params": "M", "weights": "GB", "cache": "MB", "tps": "tok/s",
         "tps_at": "tok/s"}  # fmt: skip
#: The kinds of units that they may have; those that are not here take any, or none.
KINDS = {"params": "count", "active_params": "count", "weights": "memory", "cache": "memory",
         "cache_tokens": "", "tps": "speed", "dial": "", "tps_at": "speed",
         "block": "count"}  # fmt: skip
TEXTS, NEEDS_ITS_UNIT = (
    {"name", "group", "state", "block"},
    {"params", "active_params", "weights", "cache"},
)


def test_every_role_has_its_names_and_its_unit() -> None:
    assert {role: " ".join((spec.column, *spec.names)) for role, spec in ROLES.items()} == USUAL
    assert {role: spec.unit.symbol for role, spec in ROLES.items() if spec.unit} == UNITS
    kinds = {role: spec.kinds for role, spec in ROLES.items() if spec.kinds is not None}
    assert kinds == {role: tuple(kind.split()) for role, kind in KINDS.items()}
    assert {role for role, spec in ROLES.items() if spec.assumed} == {"tps", "tps_at"}
    assert [number_of(f"tps_at {member}") for member in ("512", "4k", "1M")] == [512, 4096, 2**20]


@pytest.mark.parametrize(("role", "name"), [(r, n) for r, ns in USUAL.items() for n in ns.split()])
def test_usual_names_are_found_for_their_role(role: str, name: str) -> None:
    column = name.title().replace("{}", "512")
    units = {role: ROLES[role].unit.name} if role in NEEDS_ITS_UNIT else {}  # type: ignore[union-attr]
    runs = as_runs(pd.DataFrame({column: [1.0]}), COLUMNS, need=[role], units=units)
    found = "tps_at 512" if role == "tps_at" else role
    assert runs.columns[found] == column
    assert runs.rows[found].to_list() == (["1"] if role in TEXTS else [1.0])


@pytest.mark.parametrize("role", ["active_params", "weights", "cache_tokens", "dial", "tps"])
def test_a_role_takes_units_of_its_kind_alone(role: str) -> None:
    column = {"tps": "speed_gb", "weights": "weights_s"}.get(role, f"{role}_gb")
    runs = as_runs(pd.DataFrame({column: [1.0]}), COLUMNS | {role: column}, need=[])
    assert role not in runs.columns or runs.units.get(role) == ROLES[role].unit
    with pytest.raises(RunsError, match=f"no unit 'kg' for the role '{role}'"):
        as_runs(pd.DataFrame({column: [1.0]}), {role: column}, need=[], units={role: "kg"})


def test_a_unit_that_was_given_overrides_the_one_in_the_name(tmp_path: Path) -> None:
    runs = read("type,cache_bytes\nMLA,2\n", tmp_path, units={"cache": "MB"})
    assert runs.frame["cache"].to_list() == [2.0]


def test_two_candidates_are_an_error_that_names_both(tmp_path: Path) -> None:
    runs = read("type,ppl,nll,params,num_params\nMLA,1,2,3,4\n", tmp_path)
    assert set(runs.columns) == {"group", "params"}
    with pytest.raises(NoDataError, match="'ppl' and 'nll' could both be meant"):
        as_runs(runs, COLUMNS, need=["quality"])


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


@pytest.mark.parametrize("name", ["runs.json", "runs.jsonl", "runs.csv", "runs.txt"])
@pytest.mark.parametrize(
    "text",
    [
        '{"type": "a", "val_loss": "1,5"}\n\n{"type": "b"}\n',
        '[{"type": "a", "val_loss": "1,5"},\n {"type": "b"}]',
        ' [{"type": "a", "val_loss": 1.5, "more": {"val_loss": 3}}, {"type": "b"}]\n',
    ],
)
def test_json_is_an_array_or_an_object_per_line_whatever_the_name(
    tmp_path: Path, text: str, name: str
) -> None:
    frame = read(text, tmp_path, name).frame
    assert frame["group"].to_list() == ["a", "b"]
    assert frame["quality"].to_list()[0] == 1.5


def test_what_is_nested_in_json_has_a_dotted_name(tmp_path: Path) -> None:
    (tmp_path / "runs.json").write_text('[{"name": "a", "config": {"lr": 0.1}, "summary": {}}]')
    assert load_runs(tmp_path / "runs.json")["config.lr"].tolist() == [0.1]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"type": "a"}\n{"type": \n', "line 2: not JSON"),
        ('[\n{"type": "a"},\n]', "line 3: not JSON"),
        ('["a", "b"]', "no array of objects"),
        ('{"type": "a"}\n3\n', "no array of objects"),
        ("[]", "the table has a header but no rows|no column 'type'"),
        ("{", "line 1: not JSON"),
    ],
)
def test_json_that_is_no_table_is_refused_with_its_line(
    tmp_path: Path, text: str, message: str
) -> None:
    with pytest.raises(RunsError, match=message):
        read(text, tmp_path, "runs.json")


def test_cells_that_are_arrays_are_no_numbers(tmp_path: Path) -> None:
    runs = read('{"type": "a", "val_loss": [1]}', tmp_path)
    assert "quality: 1 of 1 rows are not a number, such as '[1]'" in runs.notes


def test_columns_that_are_numbers_are_no_columns_of_ours() -> None:
    with pytest.raises(RunsError, match="no column 'type'"):
        as_runs(pd.DataFrame([[1, 2]]), COLUMNS, need=["group"])


@pytest.mark.parametrize("query", ["SELECT", "SELECT * FROM nowhere"])
def test_a_query_without_a_table_is_our_exception(query: str) -> None:
    with pytest.raises(RunsError):
        load_runs(f"duckdb:{query}")
