"""Hostile input does nothing but fail: in our own exception, with no file elsewhere."""

import contextlib
import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tables import MLA_WINS, table

from mpl_dantinox.command.main import main
from mpl_dantinox.insights import INSIGHTS
from mpl_dantinox.tables.runs import ROLES, RunsError, as_runs, load_runs

COLUMNS = {role: spec.column for role, spec in ROLES.items()}
NAMES = [
    r"$\frac{$", "$x$", "a_b^c", "\x1b[31mred\x07", "two\nlines", "../../up", "C:\\dir", "_hidden",
    "<script>alert(1)</script>", "&amp;", "%s {0}", "\u202eright", "#", "'\"", "50 % ünï_çødé",
]  # fmt: skip
bounded = settings(
    derandomize=True, deadline=None, max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip


def png(size: int = 64) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        crc = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + crc

    rows = zlib.compress((b"\0" + bytes(size)) * size)
    head = struct.pack(">IIBBBBB", size, size, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def test_hostile_names_are_drawn_as_they_are(tmp_path: Path) -> None:
    frame = table(MLA_WINS, noise=0.1)
    names = pd.Series([*NAMES] * len(frame))[: len(frame)].to_numpy()
    frame["type"] = np.where(frame["type"] == "GQA", names, frame["type"])
    frame["type"] = frame["type"].replace("MLA", "$x_1$")
    frame = frame.rename(columns={"val_loss": "$\\loss$ <i>"})
    (tmp_path / "in").mkdir()
    source = tmp_path / "in" / "$\\runs$ <b>.jsonl"
    frame.to_json(source, orient="records", lines=True)
    for path in tmp_path.rglob("*"):
        assert path in (source, source.parent)
    out = tmp_path / "out"
    arguments = ["plot", str(source), "-o", str(out), "--column", "quality=$\\loss$ <i>"]
    arguments += ["--title", "two\nlines", "--dial-group", "$x_1$"]
    assert main([*arguments, "--format=png", "--format=svg"]) == 0
    assert {p.parent for p in tmp_path.rglob("*.*")} == {out, source.parent}
    assert len(list(out.iterdir())) == 2 * len(INSIGHTS) + 1
    assert b"<script" not in b"".join(p.read_bytes() for p in out.glob("*.svg"))
    # A PDF of one stands for those of the others, which have the same names.
    assert main([*arguments, "--insight=pareto", "--format=pdf"]) == 0


def test_a_million_groups_are_refused() -> None:
    frame = pd.DataFrame({"type": np.arange(1_000_000)})
    with pytest.raises(RunsError, match="names 1,000,000 groups"):
        as_runs(frame, COLUMNS, need=["group"])


def test_a_cell_of_ten_megabytes_names_no_group(tmp_path: Path) -> None:
    path = tmp_path / "runs.csv"
    path.write_text("type,val_loss,note\n" + "x" * 10_000_000 + ",1,y\n")
    with pytest.raises(RunsError, match="a text of 10,000,000 characters") as caught:
        as_runs(path, COLUMNS, need=["group"])
    assert len(str(caught.value)) < 300


def test_a_cell_of_ten_megabytes_that_plays_no_role_is_no_matter(tmp_path: Path) -> None:
    path = tmp_path / "runs.csv"
    path.write_text("type,val_loss,note\nMLA,1," + "x" * 10_000_000 + "\n")
    assert as_runs(path, COLUMNS, need=["group"]).groups == ["MLA"]


@pytest.mark.parametrize(
    "content",
    [png(), b"type,val_loss\nMLA,\0\n", b"type\n" + b"a\n" * 50_000 + b"\0", b"x" * 10_000_000,
     b"\xff\xfe\0\0t\0\0\0", b"\x1f\x8b" + bytes(99), b'"' + b"x" * 1_000_000, b"\xff\xfe\x00\xd8"],
    ids=["png", "nul", "late nul", "10 MB name", "utf-32", "gzip", "open quote", "surrogate"],
)  # fmt: skip
def test_a_csv_that_is_none_is_refused_in_one_short_line(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "runs.csv"
    path.write_bytes(content)
    with pytest.raises(RunsError) as caught:
        as_runs(path, COLUMNS, need=["group"])
    assert len(str(caught.value)) < 500
    assert "\n" not in str(caught.value)


FAULTS: dict[str, dict[str, Any]] = {
    "a column that is not there": {"quality": "val_los"},
    "a filter of none": {"where": {"typ": "MLA"}},
    "a filter that nothing passes": {"where": {"type": "MQA"}},
    "a label for no role": {"labels": {"los": "x"}},
    "a unit for no role": {"units": {"los": "MB"}},
    "no such unit": {"units": {"cache": "pages"}},
    "no direction": {"maximize": ["speed"]},
    "no way to count": {"sequences": "some"},
    "no such band": {"band": "wide"},
    "no size of a weight": {"weights_bytes": -1},
}


@pytest.mark.parametrize("options", FAULTS.values(), ids=FAULTS)
def test_every_fault_is_one_exception_of_ours_which_is_a_value_error(
    options: dict[str, Any],
) -> None:
    insight = INSIGHTS["pareto" if {"quality", "labels", "maximize"} & set(options) else "serving"]
    with pytest.raises(RunsError) as caught:
        insight(table(MLA_WINS), **options)
    assert isinstance(caught.value, ValueError)
    assert "\n" not in str(caught.value)


LIMITS = [1e308, -1e308, 5e-324, -0.0, 0.0, 1e99, -1e99, 1e-99, np.nan, np.inf, -np.inf, 1.0, 2.0]


@pytest.mark.parametrize("column", ["val_loss", "theoretical_cache_mb", "tps_512", "down_dim_kv"])
def test_numbers_at_the_limits_of_float64_are_facts_or_missing(column: str) -> None:
    frame = table(MLA_WINS).astype({column: float})
    frame[column] = np.resize(LIMITS, len(frame))
    for make in INSIGHTS.values():
        try:
            facts = make(frame).facts.to_dict()
        except RunsError:
            continue
        assert "inf" not in repr(facts)
        assert "nan" not in repr(facts)


@bounded
@given(st.binary(max_size=300), st.sampled_from(["x.csv", "x.jsonl", "x.csv.gz", "x.parquet"]))
def test_any_bytes_are_a_table_or_our_exception(tmp_path: Path, data: bytes, name: str) -> None:
    (tmp_path / name).write_bytes(data)
    with contextlib.suppress(RunsError):
        as_runs(load_runs(tmp_path / name), COLUMNS, need=[])


cells = st.one_of(
    st.sampled_from([*NAMES, "MLA", "GQA", "MHA", "yes", "1,5", "1.234,5", "-", "1e308", "5e-324"]),
    st.floats(1e-3, 1e3).map(str),
    st.floats().map(str),
    st.text(max_size=5),
)
numbers = st.one_of(st.floats(0.1, 100).map(str), cells)
rows = st.fixed_dictionaries(
    {column: cells if role == "group" else numbers for role, column in COLUMNS.items()}
)


@settings(bounded, max_examples=6)
@given(st.lists(rows, max_size=8))
def test_plot_of_any_table_draws_or_fails_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], data: list[dict[str, Any]]
) -> None:
    source, out = tmp_path / "runs.csv", tmp_path / "out"
    pd.DataFrame(data, columns=list(COLUMNS.values())).to_csv(
        source, index=False, encoding="utf-8", errors="replace"
    )
    status = main(["plot", str(source), "-o", str(out), "--format", "svg"])
    said = capsys.readouterr()
    assert status in (0, 2), said.err
    assert said.err.count("\n") == (status == 2)
    assert set(tmp_path.iterdir()) <= {source, out}
