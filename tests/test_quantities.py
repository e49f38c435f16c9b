"""Numbers are read with the unit that the caller, the name or the cells say, and it is said."""

from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from mpl_dantinox import insight_pareto
from mpl_dantinox.tables import roles
from mpl_dantinox.tables.runs import ROLES, NoDataError, Runs, RunsError, as_runs

COLUMNS = {role: spec.column for role, spec in ROLES.items()}
MAKERS = [pd.DataFrame, pl.DataFrame, pl.LazyFrame, pa.table]


def read(
    role: str, name: str, cells: list[Any], make: Any = pd.DataFrame, *, need: str = "group",
    **options: Any,
) -> Runs:  # fmt: skip
    table = make({"type": ["MLA"] * len(cells), name: cells})
    return as_runs(table, COLUMNS | {role: name}, need=[need], **options)


def values(runs: Runs, role: str) -> list[float | None]:
    cells = runs.frame[role].to_list()
    return [None if cell is None or cell != cell else round(cell, 9) for cell in cells]


@pytest.mark.parametrize(
    ("role", "name", "given", "cells", "read_as", "note"),
    [
        ("cache", "vram_gb", None, [2.5], [2500], "cache: using 'vram_gb', in GB by its name"),
        ("cache", "mem_GiB", None, [1.0], [1073.741824], "in GiB by its name"),
        ("cache", "mem_GiB", "MB", [1.0], [1], "in MB as asked"),
        ("cache", "mem", "bytes", [5e6], [5], "in bytes as asked"),
        ("cache", "Size (B)", None, [5e6], [5], "in bytes by its name"),
        ("params", "Model Size (B)", None, [7.0], [7000], "in billions by its name"),
        ("params", "Size (B)", None, [7.0], [7000], "in billions by its name"),
        ("params", "n_params", None, [7e9], [7000], "in ones by its name"),
        ("params", "size", "B", [7.0], [7000], "in billions as asked"),
        ("tps", "Decode (tok/s)", None, [9.0], [9], "in tok/s by its name"),
        ("tps", "speed", None, [9.0], [9], "tps: using 'speed'"),
    ],
)
@pytest.mark.parametrize("make", MAKERS)
def test_the_unit_is_the_callers_or_else_the_names(
    make: Any, role: str, name: str, given: str | None, cells: list[Any], read_as: list[float],
    note: str,
) -> None:  # fmt: skip
    runs = read(role, name, cells, make, units={role: given} if given else None)
    assert values(runs, role) == read_as
    if name != "speed":
        assert any(said.endswith(note) for said in runs.notes)


@pytest.mark.parametrize(
    ("role", "cells", "read_as", "unit"),
    [
        ("cache", ["2.34 MB", "1.5GB", "512 KiB", "3MB"], [2.34, 1500, 0.524288, 3], "MB"),
        ("cache", ["2,34 MB", "1,5 GB", "3 MB"], [2.34, 1500, 3], "MB"),
        ("cache", ["2 GB", "3", "1 GB"], [2000, None, 1000], "GB"),
        ("quality", ["7B", "13B"], [7, 13], "billions"),
        ("params", ["7B", "13B", "350M"], [7000, 13000, 350], "billions"),
        ("quality", ["5.70 ± 0.1", "5.6 +/- 0.2", "5.5±1e-2"], [5.7, 5.6, 5.5], None),
        ("quality", ["45%", "50 %", "n/a"], [45, 50, None], "%"),
        ("quality", ["$0.57", "$1,200"], [0.57, 1200], "$"),
        ("quality", ["34 ms", "1.5 s", "20 ± 3 ms"], [34, 1500, 20], "ms"),
        ("quality", ["34 ms", "2 MB", "20 ms"], [34, None, 20], "ms"),
        ("quality", ["v2", "12 of 30", "abc", "1"], [None, None, None, 1], None),
    ],
)
@pytest.mark.parametrize("make", MAKERS)
def test_cells_may_have_their_unit_or_their_error_beside_them(
    make: Any, role: str, cells: list[str], read_as: list[float | None], unit: str | None
) -> None:
    runs = read(role, "x", cells, make)
    assert values(runs, role) == read_as
    if unit:
        assert f"{role}: using 'x', in {unit} as its cells say" in runs.notes


@pytest.mark.parametrize(
    ("name", "cells", "read_as", "said"),
    [
        ("Time", ["37.5m", "70m", "2h"], [37.5, 70, 120], "min as its cells say"),
        ("Train time (h)", ["30m", "2"], [0.5, 2], "h by its name"),
        (
            "Training Time (GPU hours)",
            ["1.46M", "320k", "39"],
            [1.46e6, 3.2e5, 39],
            "h by its name",
        ),
        ("Throughput (tok/s)", ["950", "1.2k"], [950, 1200], "tok/s by its name"),
        ("Throughput", ["5.6 k tok/s", "950 tok/s"], [5.6, 0.95], "k tok/s as its cells say"),
        ("Training FLOPs", ["840E", "0.1Z"], [8.4e20, 1e20], "FLOPs by its name"),
        ("pass@1", ["81.5%", "79 %"], [81.5, 79], "% as its cells say"),
        ("Memory (MB)", ["512M", "300"], [None, 300], "MB by its name"),
        ("Output (k tok/s)", ["5.6k", "5.6"], [None, 5.6], "k tok/s by its name"),
    ],
)
def test_a_letter_in_a_cell_means_what_the_name_of_its_column_makes_of_it(
    name: str, cells: list[str], read_as: list[float | None], said: str
) -> None:
    runs = read("quality", name, cells)
    assert values(runs, "quality") == read_as
    assert f"quality: using {name!r}, in {said}" in " ".join(runs.notes)


def test_cells_are_cleaned_once(monkeypatch: pytest.MonkeyPatch) -> None:
    strings: Any = pd.Series(["a"]).str
    replace, calls = type(strings).replace, []

    def counted(*args: Any, **kwargs: Any) -> Any:
        calls.append(kwargs)
        return replace(*args, **kwargs)

    monkeypatch.setattr(type(strings), "replace", counted)
    cells = ["2,34 MB ± 1", "1 200,5 kB", "3 GB"]
    assert values(read("cache", "x", cells), "cache") == [2.34, 1.2005, 3000]
    # What is to be cleaned away, and the units, of which there are three.
    assert len(calls) <= 15


def test_a_number_that_lacks_the_unit_of_the_others_is_said() -> None:
    runs = read("cache", "x", ["2 GB", "3", "1 GB"])
    note = "cache: 1 of 3 rows are not a number with a unit, as others are, such as '3'"
    assert note in runs.notes


def test_cells_without_a_unit_have_that_of_the_name() -> None:
    runs = read("cache", "cache_gb", ["2", "3 MB"])
    assert values(runs, "cache") == [2000, 3]


@pytest.mark.parametrize(
    ("role", "name", "given", "message"),
    [
        ("quality", "Size (B)", None, "can mean bytes or billions; say which, as --unit quality="),
        ("quality", "x", "B", "the unit 'B' for the role 'quality' can mean bytes or billions"),
        ("cache", "x", "s", "no unit 's' for the role 'cache'; there are such as MB or GiB"),
        ("cache", "x", None, "cannot be told; say it, as --unit cache=MB"),
        ("quality", "x", "pages", "no unit 'pages' for the role 'quality'"),
    ],
)
def test_a_unit_that_cannot_be_told_is_asked_for(
    role: str, name: str, given: str | None, message: str
) -> None:
    with pytest.raises(RunsError, match=message):
        read(role, name, [1.0], need=role, units={role: given} if given else None)


def test_a_unit_that_cannot_be_told_stops_only_what_needs_it() -> None:
    runs = read("cost", "Size (B)", [1.0])
    assert "cost" not in runs.columns
    with pytest.raises(NoDataError, match="can mean bytes or billions; say which, as --unit cost="):
        as_runs(runs, {"cost": "Size (B)"}, need=["cost"])


@pytest.mark.parametrize(
    ("name", "label", "higher"),
    [
        ("vram_gb", "vram", False),
        ("Latency (s)", "Latency", False),
        ("MMLU", "MMLU", True),
        ("Accuracy (%)", "Accuracy", True),
        ("Average ⬆️", "Average ⬆️", True),
        ("Throughput (tok/s)", "Throughput", True),
        ("val_accuracy_error", "val_accuracy_error", False),
        ("price $", r"price \$", False),
    ],
)
def test_names_tell_the_label_and_what_is_better(name: str, label: str, higher: bool) -> None:
    for role in ("quality", "cost"):
        runs = read(role, name, [1.0])
        assert runs.labels[role] == label
        assert (role in runs.scores) == higher
        assert any("of which higher is better" in note for note in runs.notes) == higher


def test_sizes_of_unknown_unit_are_left_out_and_said() -> None:
    runs = read("params", "Model Size", [7.0])
    assert "params" not in runs.frame.columns
    assert "params" not in runs.columns
    assert (
        "params: using 'Model Size', but its unit cannot be told; say it, as "
        "--unit params=millions, so the size of a model is not shown"
    ) in runs.notes


def test_all_roles_that_lack_a_column_are_told_at_once_with_their_options() -> None:
    table = pd.DataFrame({"a": ["x"], "b": [1.0]})
    with pytest.raises(RunsError) as caught:
        as_runs(table, COLUMNS | {"tps": "tpx"}, need=["group", "quality", "cache"])
    for role in ("group", "quality", "cache", "tps"):
        assert f"--column {role}=NAME" in str(caught.value)
    assert str(caught.value).endswith("there are: a, b")


HIGHER = (
    "acc accuracy arc auc average bbh bleu core elo em f1 glue gpqa gsm8k hellaswag humaneval "
    "ifeval lambada mbpp mmlu musr needle pass piqa recall precision reward rouge score speedup "
    "squad tps throughput tput truthfulqa win winogrande"
)
LOWER = "loss nll ppl perplexity bpb bpc error err wer cer latency degradation"


def test_the_words_that_tell_what_is_better_are_these() -> None:
    assert {*HIGHER.split()} == roles._HIGHER
    assert {*LOWER.split()} == roles._LOWER


@pytest.mark.parametrize("word", HIGHER.split())
def test_well_known_scores_are_better_the_higher_they_are(word: str) -> None:
    assert roles.higher_is_better(f"val/{word.upper()}")
    assert not roles.higher_is_better(f"{word}_ms")
    assert not roles.higher_is_better(f"{word} ↓")


def test_flops_in_a_second_are_better_the_more_and_of_others_nothing_tells() -> None:
    names = ("TFLOP/s", "tflops", "FLOPs (1E21)")
    assert [*map(roles.higher_is_better, names)] == [True, None, None]


@pytest.mark.parametrize(("unit", "sense"), [("TFLOP/s", "max"), ("TFLOPs", "min")])
def test_whether_flops_are_those_of_a_second_is_asked(unit: str, sense: str) -> None:
    table = pd.DataFrame({"type": ["a", "b"], "fwd (TFLOPS)": [1, 2], "ms": [3, 4]})
    named: Any = {"quality": "fwd (TFLOPS)", "cost": "ms"}
    with pytest.raises(RunsError, match=r"can mean TFLOP/s or TFLOPs; say which, as --unit qual"):
        insight_pareto(table, **named)
    facts = insight_pareto(table, **named, units={"quality": unit}).facts
    assert (facts.sense[1], facts.units["quality"]) == (sense, unit)


def test_a_direction_that_nothing_tells_is_said_with_the_option_that_turns_it() -> None:
    table = pd.DataFrame({"type": ["a", "b"], "tokens_per_joule": [1, 2], "vram_gb": [1, 2]})
    named: Any = {"quality": "tokens_per_joule", "cost": "vram_gb"}
    note = (
        "quality: lower 'tokens_per_joule' is taken as better; where higher is, --maximize quality"
    )
    assert note in insight_pareto(table, **named).notes
    assert note not in insight_pareto(table, **named, minimize=["quality"]).notes
    assert note not in insight_pareto(table, **named, maximize=["quality"]).notes
    loss = table.rename(columns={"tokens_per_joule": "val_loss"})
    assert "--maximize" not in " ".join(insight_pareto(loss, cost="vram_gb").notes)


@pytest.mark.parametrize("word", LOWER.split())
def test_well_known_losses_are_better_the_lower_they_are(word: str) -> None:
    assert not roles.higher_is_better(f"score_{word}")
    assert not roles.higher_is_better(word)
    assert roles.higher_is_better(f"x{word} ↑")


def test_a_drop_in_a_score_is_none_but_the_benchmark_of_that_name_is() -> None:
    assert not roles.higher_is_better("Accuracy drop (%)")
    assert roles.higher_is_better("DROP (F1)")
    assert roles.higher_is_better("results.drop.f1,none")


def test_a_speedup_is_better_the_higher_but_no_quality_unless_it_is_named() -> None:
    table = pd.DataFrame({"type": ["a"], "Speedup": ["2.1x"], "cache_mb": [1]})
    with pytest.raises(RunsError, match="no column 'val_loss' for the role 'quality'"):
        insight_pareto(table)
    assert insight_pareto(table, quality="Speedup").facts.sense[1] == "max"


@pytest.mark.parametrize(
    "name", ["tokens/s", "tok_per_sec", "tokens_per_second", "Decode tok/s", "decode_tokens_per_s"]
)
def test_tokens_per_second_are_a_usual_name_in_any_spelling(name: str) -> None:
    runs = as_runs(pd.DataFrame({name: [1.0]}), {"tps": "tps_512"}, need=["tps"])
    assert runs.columns == {"tps": name}


@pytest.mark.parametrize("name", ["req_per_s", "mean_ttft_ms"])
def test_requests_and_milliseconds_are_no_tokens_per_second(name: str) -> None:
    table = pd.DataFrame({name: [1.0]})
    with pytest.raises(RunsError, match="takes tok/s; where the name misleads, say --unit tps="):
        as_runs(table, {"tps": name}, need=["tps"])
    assert as_runs(table, {"tps": name}, need=["tps"], units={"tps": "tok/s"}).columns


def test_sizes_that_are_not_above_zero_are_not_known() -> None:
    runs = read("params", "#Params (B)", [7.0, -1.0, 0.0])
    assert runs.frame["params"].to_list()[0] == 7000
    assert runs.frame["params"].null_count() == 2
    assert "params: 2 of 3 rows are not a number above zero, such as '-1.0'" in runs.notes


@pytest.mark.usefixtures("undrawn")
def test_whole_numbers_name_groups_without_a_point() -> None:
    table = {"bits": [4.0, 8.0, None], "val_loss": [2, 1, 3], "cache_mb": [1, 2, 3]}
    assert insight_pareto(pd.DataFrame(table), group="bits").facts.panels["all"].groups.keys() == {
        "4", "8",
    }  # fmt: skip


@pytest.mark.usefixtures("undrawn")
def test_sentences_have_the_digits_that_tell_runs_apart_and_no_more() -> None:
    table = {"type": ["INT4", "INT8"], "val_loss": [4.613, 4.6104], "cache_mb": [1, 2]}
    assert (
        "from 1 MB at loss 4.613 to 2 MB at loss 4.610"
        in insight_pareto(pd.DataFrame(table)).alt_text
    )
    table = {"type": ["a"], "val_loss": [0.000765324882467], "cache_mb": [12345.678]}
    assert "12,346 MB at loss 0.000765 " in insight_pareto(pd.DataFrame(table)).alt_text


def test_the_caller_may_say_that_lower_is_better() -> None:
    table = pd.DataFrame({"type": ["a", "b"], "loss": [1.0, 2.0], "traffic (GB/s)": [30, 20]})
    named: Any = {"cost": "traffic (GB/s)"}
    taken = insight_pareto(table, **named)
    assert taken.facts.sense == ("max", "min")
    assert any("unless --minimize cost says otherwise" in note for note in taken.notes)
    assert insight_pareto(table, **named, minimize=["cost"]).facts.sense == ("min", "min")
    message = "cost is in maximize and in minimize; it can be in one of them"
    with pytest.raises(RunsError, match=message):
        insight_pareto(table, **named, minimize=["cost"], maximize=["cost"])
