"""What a device can serve, and what none can: the models of serving, and how they are drawn."""

import re
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.figure import Figure
from tables import MLA_WINS, many, table

from mpl_dantinox import insight_serving, sample_runs
from mpl_dantinox.artists import EndLabels, RefBand
from mpl_dantinox.artists.vram_lines import VRAMReferenceLines
from mpl_dantinox.devices import DEVICES
from mpl_dantinox.insights.result import Insight
from mpl_dantinox.tables.errors import NoDataError, RunsError

pytestmark = pytest.mark.usefixtures("undrawn")

# Llama 7B, Llama 3.1 8B and DeepSeek-V2-Lite at 4,096 tokens in bfloat16.
THREE = pd.DataFrame(
    {
        "type": ["MHA", "GQA", "MLA"],
        "moe": [False, False, True],
        "params_m": [6_740.0, 8_030.0, 15_700.0],
        "active_params_m": [6_740.0, 8_030.0, 2_400.0],
        "cache_mb": [2_147.483648, 536.870912, 127.401984],
        "cache_tokens": 4096,
    }
)


def roofline(runs: pd.DataFrame = THREE, **options: Any) -> Insight:
    return insight_serving(runs, **{"model": "roofline", "device": "H100"} | options)


def words(insight: Insight) -> str:
    texts = (t.get_text() for t in insight.figure.findobj(plt.Text))
    return " ".join(" ".join(texts).split())


# By roofline


def test_three_models_on_80_gb_serve_what_bandwidth_allows() -> None:
    totals = {g: s.total_tps for g, s in roofline().facts.groups.items()}
    assert totals == pytest.approx({"MLA": 15_966, "GQA": 4_986, "MHA": 1_290}, abs=1)


@pytest.mark.parametrize(("budget", "ratio"), [(80.0, 12.4), (40.0, 5.5)])
def test_ratio_depends_on_the_memory_that_is_left(budget: float, ratio: float) -> None:
    group = roofline(budgets=(1, budget)).facts.groups["MLA"]
    assert group.ratio == pytest.approx(ratio, abs=0.05)


@pytest.mark.usefixtures("drawn")
def test_model_that_does_not_fit_serves_nothing_and_is_said_to() -> None:
    insight = roofline(device="RTX 4090")
    assert insight.facts.groups["MLA"].total_tps == 0
    assert insight.headline == (
        "On the RTX 4090 GQA cannot be told from MHA (GQA 3.28×, too few runs); no MLA run fits"
    )
    assert "MLA" not in [line.get_label() for line in insight.axes["ratio"].lines]


def test_models_of_which_none_fits_make_no_figure_of_ratios() -> None:
    insight = roofline(device="T4", weights_bytes=4)
    assert insight.headline == (
        "No group serves anything on the T4; no MLA run fits; no GQA run fits; no MHA run fits"
    )
    assert insight.notes[-1] == "no ratios: 'MHA' serves nothing, see --baseline"


@pytest.mark.usefixtures("drawn")
def test_where_nothing_fits_the_axis_has_zero_and_nothing_below() -> None:
    ax = roofline(device="T4", weights_bytes=4).axes["throughput"]
    assert (ax.get_ylim()[0], *ax.get_yticks()) == (0, 0)


def test_runs_that_do_not_fit_are_counted_beside_those_that_do() -> None:
    runs = pd.concat([THREE, THREE.assign(params_m=1e6, active_params_m=1e6)])
    facts = roofline(runs).facts
    assert {g: (s.n, s.n_failed) for g, s in facts.groups.items()} == dict.fromkeys(
        ["MLA", "GQA", "MHA"], (1, 1)
    )
    assert facts.groups["MHA"].total_tps == pytest.approx(1_290, abs=1)
    assert roofline(runs).headline.endswith("; 3 of 6 runs do not fit")


def test_mixture_without_active_parameters_is_left_out() -> None:
    facts = roofline(THREE.drop(columns="active_params_m")).facts
    assert "MLA" not in facts.groups
    assert facts.dropped == {"active_params": 1}


def test_one_sequence_of_a_mixture_reads_the_active_parameters_alone() -> None:
    runs = THREE.assign(cache_mb=30_000.0)
    mixture = roofline(runs).facts.groups["MLA"]
    assert mixture.total_tps == pytest.approx(3350 / (2 * 2.4 + 30))


def test_memory_of_weights_is_taken_where_the_table_has_it() -> None:
    runs = THREE.assign(weights_gb=[10.0, np.nan, np.nan])
    facts = roofline(runs).facts
    assert facts.groups["MHA"].weights_gb == 10
    assert facts.groups["GQA"].weights_gb == pytest.approx(16.06)


def test_operations_do_not_count_where_parameters_are_not_known() -> None:
    runs = THREE.drop(columns=["params_m", "active_params_m", "moe"]).assign(weights_gb=13.48)
    group = roofline(runs).facts.groups["MHA"]
    assert group.active_params is None
    assert group.total_tps == pytest.approx(1_290, abs=1)


def test_context_scales_the_cache_from_its_own() -> None:
    facts = roofline(context=8192).facts
    assert facts.context == 8192
    assert facts.groups["MHA"].typical_cache == pytest.approx(2 * 2_147.483648)
    assert facts.groups["MHA"].total_tps < roofline().facts.groups["MHA"].total_tps / 1.8


def test_context_needs_to_know_the_tokens_of_the_cache() -> None:
    with pytest.raises(NoDataError, match="no column 'cache_tokens' for the role 'cache_tokens'"):
        roofline(THREE.drop(columns="cache_tokens"), context=8192)


def test_operations_limit_what_small_caches_would_allow() -> None:
    total = roofline(THREE.assign(cache_mb=0.01)).facts.groups["MHA"].total_tps
    assert total == pytest.approx(989e3 / (2 * 6.74), rel=0.01)


def test_efficiency_is_that_of_one_sequence() -> None:
    bound = 3350 / (2 * 6.74 + 2.147483648)
    facts = roofline(THREE.assign(tps_512=[0.4 * bound, 50, 1e9])).facts
    assert facts.groups["MHA"].efficiency == pytest.approx(0.4)
    assert facts.groups["MHA"].total_tps == pytest.approx(0.4 * 1_290, abs=1)
    # Nothing is faster than the roofline.
    assert facts.groups["MLA"].efficiency == 1


def test_typical_run_lies_between_the_runs() -> None:
    runs = pd.concat([THREE, THREE.assign(cache_mb=THREE["cache_mb"] * 2)])
    both, larger = roofline(runs).facts.groups["GQA"], roofline(runs.tail(3)).facts.groups["GQA"]
    assert both.typical_cache == pytest.approx(536.870912 * 2**0.5)
    assert larger.total_tps < both.total_tps < 4_986


def test_budgets_reach_the_memory_of_the_device() -> None:
    low, high = roofline(device="H200").facts.budgets_gb
    assert high == 141
    assert low < 13.48 + 2.15 < 2 * low


def test_device_without_a_known_bandwidth_is_refused() -> None:
    unknown = next(name for name, device in DEVICES.items() if device.bandwidth_gb_s is None)
    with pytest.raises(RunsError, match=f"no bandwidth of '{unknown}' is known; it is of T4"):
        roofline(device=unknown)


def test_published_models_are_served_without_measured_speeds() -> None:
    facts = roofline(sample_runs("models")).facts
    assert facts.context == 8192
    assert facts.groups["MLA"].n + facts.groups["MLA"].n_failed == 5


@pytest.mark.parametrize("model", ["cache", "roofline"])
def test_device_that_nobody_makes_is_refused(model: str) -> None:
    with pytest.raises(RunsError, match="device: unknown device 'H1000'; nearest: H100"):
        roofline(table(MLA_WINS), model=model, device="H1000")


def test_budgets_beyond_the_memory_of_the_device_are_refused() -> None:
    with pytest.raises(RunsError, match="budgets reach 24 GB, and T4 has 16"):
        roofline(device="t4", budgets=(1, 24))


@pytest.mark.parametrize("option", ["weights_bytes", "context"])
@pytest.mark.parametrize("value", [0, -1.0, "2", np.inf])
def test_what_is_no_number_above_zero_is_refused(option: str, value: Any) -> None:
    with pytest.raises(RunsError, match=f"{option} is a number of (bytes|tokens) above zero; got"):
        roofline(**{option: value})


@pytest.mark.parametrize("device", [80, None, ("ours", 80)])
def test_roofline_of_what_has_no_name_is_refused(device: Any) -> None:
    with pytest.raises(RunsError, match="device: unknown device"):
        roofline(device=device)


@pytest.mark.parametrize("budgets", [(2, 1), (0, 1), (1,), 80, (1, 2, 3), (1, np.nan), ("1", 2)])
def test_budgets_that_are_no_two_sizes_are_refused(budgets: Any) -> None:
    with pytest.raises(RunsError, match="budgets are two sizes in GB, 0 < smallest < largest"):
        roofline(budgets=budgets)


@st.composite
def models(draw: st.DrawFn) -> pd.DataFrame:
    n = draw(st.integers(1, 12))
    of = {
        "type": st.sampled_from(["MHA", "GQA", "MLA"]),
        "moe": st.booleans(),
        "params_m": st.floats(1, 200_000),
        "share": st.floats(0.01, 1),
        "cache_mb": st.floats(0.01, 50_000),
        "tps_512": st.none() | st.floats(0, 1e6),
    }
    rows = [{name: draw(kind) for name, kind in of.items()} for _ in range(n)]
    frame = pd.DataFrame(rows).astype({"tps_512": float})
    frame["active_params_m"] = frame["params_m"] * frame.pop("share").where(frame["moe"], 1)
    return frame if draw(st.booleans()) else frame.drop(columns="tps_512")


@settings(max_examples=25, deadline=None)
@given(models(), st.sampled_from(["H100", "L4", "MI300X"]), st.sampled_from([0.5, 1.0, 2.0]))
def test_no_total_is_above_bandwidth_over_cache_nor_any_run_s(
    frame: pd.DataFrame, device: str, weights_bytes: float
) -> None:
    from mpl_dantinox.insights.serving_facts import serving_facts
    from mpl_dantinox.tables.runs import ROLES, as_runs

    roles = ["group", "cache", "moe", "params", "active_params", "weights", "cache_tokens"]
    roles += ["tps"] * ("tps_512" in frame)
    runs = as_runs(frame, {role: ROLES[role].column for role in roles}, need=["group", "cache"])
    options = {"model": "roofline", "device": device, "weights_bytes": weights_bytes}
    rest: dict[str, Any] = {
        "context": None, "baseline": "MHA", "budgets": None, "devices": (), "guides": (),
        "sequences": "fractional", "band": "envelope",
    }  # fmt: skip
    try:
        facts, (serve, _) = serving_facts(runs, **options, **rest)
    except NoDataError:
        return
    has = DEVICES[device]
    for group in facts.groups.values():
        for memory in np.geomspace(1, has.memory_gb, 20):
            total = serve.total(memory, group)
            bound = (has.bandwidth_gb_s or 0) / (group.typical_cache / 1e3)
            assert 0 <= total <= bound * (1 + 1e-9)
            assert total <= (has.bf16_tflops or 0) * 1e6 / (2 * group.active_params) * (1 + 1e-9)
        assert group.total_tps <= serve.total(has.memory_gb, group) * (1 + 1e-9)


# By cache alone


@pytest.mark.usefixtures("drawn")
def test_speeds_of_one_cpu_thread_are_no_device_s() -> None:
    insight = insight_serving(sample_runs())
    said = words(insight)
    assert "An upper bound by cache alone" in said
    assert "No H100 does this: it reads 3.35 TB/s, and 80 GB at these speeds take 125." in said
    assert set(insight.facts.beyond) == {"RTX 4090", "A100 40GB", "H100"}
    assert list(insight.facts.devices) == ["24 GB", "40 GB", "80 GB"]
    (lines,) = insight.axes["throughput"].findobj(VRAMReferenceLines)
    assert lines.get_texts() == ["24 GB", "40 GB", "80 GB"]


def test_what_a_device_would_have_to_do_is_told() -> None:
    runs = pd.DataFrame(
        {"type": ["MHA", "A"], "params_m": 7000.0, "cache_mb": [100.0, 50.0], "tps_512": [10.0, 50]}
    )
    beyond = insight_serving(runs).facts.beyond
    assert beyond["H100"].gb_s == pytest.approx(80 * 50)
    assert beyond["H100"].tflops == pytest.approx(80e3 / 50 * 50 * 2 * 7e9 / 1e12)


@pytest.mark.usefixtures("drawn")
def test_devices_that_can_do_it_keep_their_names() -> None:
    runs = pd.DataFrame({"type": ["MHA", "A"], "cache_mb": [100.0, 50.0], "tps_512": [10.0, 12.0]})
    insight = insight_serving(runs, devices=["RTX 4090", "H100", ("ours", 50)])
    assert insight.facts.beyond == {}
    assert list(insight.facts.devices) == ["RTX 4090", "H100", "ours"]
    assert "does this" not in words(insight)


@pytest.mark.usefixtures("drawn")
def test_operations_beyond_a_device_are_told_where_reading_is_not() -> None:
    runs = pd.DataFrame({"type": "MHA", "params_m": 7e4, "cache_mb": [10.0], "tps_512": [10.0]})
    assert "No H100 does this: it computes 989 TFLOPS, and 80 GB at these speeds take" in words(
        insight_serving(runs, devices=["H100"])
    )


def test_memory_of_weights_in_the_table_is_taken_off_the_budget() -> None:
    runs = pd.DataFrame(
        {"type": "MHA", "cache_mb": [1000.0], "tps_512": [10.0], "weights_gb": [16.0]}
    )
    facts = insight_serving(runs, budgets=(1, 24)).facts
    assert facts.groups["MHA"].total_tps == pytest.approx(80)


@pytest.mark.parametrize(
    ("devices", "message"),
    [([("ours", -5.0)], "device 'ours' has -5.0 GB"), (["H1000"], "unknown device 'H1000'")],
)
def test_devices_that_cannot_be_are_refused(devices: list[Any], message: str) -> None:
    with pytest.raises(RunsError, match=message):
        insight_serving(table(MLA_WINS), devices=devices)


# Of all runs on one side, and of equal runs on the other


def of_sizes(n: dict[str, tuple[int, int, int]], slower: float = 0.7) -> pd.DataFrame:
    """Return so many runs of each group of 10, 100 and 1,000 million parameters."""
    rng = np.random.default_rng(0)
    group = np.repeat(list(n), [sum(of) for of in n.values()])
    size = np.concatenate([np.repeat([10, 100, 1000], of) for of in n.values()])
    cache, noise = (rng.lognormal(0, 0.01, len(size)) for _ in range(2))
    tps = 1e5 / size * noise * np.where(group == "MHA", 1, slower)
    return pd.DataFrame({"type": group, "params_m": size, "cache_mb": size * cache, "tps_512": tps})


@pytest.mark.usefixtures("drawn")
def test_lines_and_ratios_of_other_runs_are_said_to_be() -> None:
    insight = insight_serving(of_sizes({"MHA": (4, 16, 0), "GQA": (16, 4, 0)}))
    groups = insight.facts.groups
    assert groups["GQA"].total_tps > groups["MHA"].total_tps
    assert insight.headline.startswith("MHA serves the most at equal memory and equal size: GQA 0.")
    assert "Ratios compare runs of equal size, lines show all runs." in words(insight)
    assert re.search(r"× MHA at equal size \(95% interval", insight.alt_text)


@pytest.mark.usefixtures("drawn")
def test_lines_and_ratios_that_agree_are_not_explained() -> None:
    insight = insight_serving(of_sizes({"MHA": (6, 6, 0), "GQA": (6, 6, 0)}))
    assert insight.facts.within
    assert "Ratios compare" not in words(insight)


@pytest.mark.usefixtures("drawn")
def test_group_of_other_sizes_alone_has_no_ratio_at_equal_size() -> None:
    insight = insight_serving(of_sizes({"MHA": (8, 8, 0), "GQA": (8, 8, 0), "Mamba": (0, 0, 3)}))
    assert insight.facts.groups["Mamba"].matched is None
    assert "; no MHA run of equal size to compare Mamba with; " in insight.headline
    assert "Mamba 0." not in insight.headline
    said = "Ratios compare runs of equal size where both groups have some, lines show all runs."
    assert said in words(insight)
    assert re.search(r"Mamba \(3 runs\) reaches [^;]*× MHA\.$", insight.alt_text)


def test_ratio_of_few_whole_sequences_is_of_all_runs_and_not_said_to_be_at_equal_size() -> None:
    runs = of_sizes({"MHA": (4, 16, 0), "GQA": (16, 4, 0)})
    insight = insight_serving(runs, sequences="whole", budgets=(0.5, 2))
    assert insight.facts.within == ()
    assert "equal size" not in insight.headline


# Drawing


def ratio_labels(insight: Insight) -> list[str]:
    return [t for e in insight.axes["ratio"].findobj(EndLabels) for t in e.get_texts()]


@pytest.mark.usefixtures("drawn")
def test_guides_are_named_at_their_ends() -> None:
    labels = ratio_labels(insight_serving(table(MLA_WINS)))
    assert [label for label in labels if label[0].isdigit()] == ["2×", "2.5×"]


@pytest.mark.parametrize("guides", [(), (3.0,)])
@pytest.mark.usefixtures("drawn")
def test_guides_are_changed_or_removed(guides: tuple[float, ...]) -> None:
    insight = insight_serving(table(MLA_WINS), guides=guides)
    found = {b.get_value() for b in insight.axes["ratio"].findobj(RefBand)}
    assert found == {1.0, *guides}


@pytest.mark.parametrize("guides", [(0,), (-1.0,), ("two",), (np.nan,)])
def test_guides_that_are_no_ratios_are_refused(guides: tuple[Any, ...]) -> None:
    with pytest.raises(RunsError, match="guides are ratios above zero; got"):
        insight_serving(table(MLA_WINS), guides=guides)


@pytest.mark.usefixtures("drawn")
def test_every_label_of_a_ratio_has_its_number_of_runs() -> None:
    labels = ratio_labels(insight_serving(table(MLA_WINS, noise=0.02)))
    named = {label[:3]: label for label in labels if not label[0].isdigit()}
    assert {g: label.split()[-1] for g, label in named.items()} == {
        "MLA": "(12)", "GQA": "(6)", "MHA": "(6)"
    }  # fmt: skip


@pytest.mark.usefixtures("drawn")
def test_whiskers_stand_beside_the_panel_and_lines_hold_data() -> None:
    insight = insight_serving(table(MLA_WINS, noise=0.02))
    ax = insight.axes["ratio"]
    assert [line.get_label() for line in ax.lines] == ["MLA", "GQA"]
    (beside,) = ax.child_axes
    insight.figure.draw_without_rendering()
    assert beside.get_window_extent().x0 >= ax.get_window_extent().x1 - 1
    intervals = [r.interval for r in insight.facts.ratios().values() if r.interval]
    drawn = [tuple(line.get_ydata()) for line in beside.lines if line.get_marker() == "_"]
    assert sorted(drawn) == sorted(intervals)


@pytest.mark.usefixtures("drawn")
def test_in_axes_of_the_caller_s_whiskers_are_at_the_edge_and_no_line_lacks_a_name() -> None:
    ax = plt.figure().subplots()
    insight_serving(table(MLA_WINS, noise=0.02), ax={"ratio": ax})
    assert not ax.child_axes
    assert {band.get_value() for band in ax.findobj(RefBand)} == {1.0}
    assert [line.get_label() for line in ax.lines] == ["MLA", "GQA", "_interval", "_interval"]


@pytest.mark.usefixtures("drawn")
def test_line_of_a_ratio_ends_at_the_ratio_that_is_told() -> None:
    insight = insight_serving(sample_runs())
    for line in insight.axes["ratio"].lines:
        told = insight.facts.ratios()[str(line.get_label())]
        assert line.get_ydata()[-1] == pytest.approx(told.value)


@pytest.mark.usefixtures("drawn")
def test_ratio_panel_has_a_scale_of_its_own() -> None:
    for log in (True, False):
        insight = insight_serving(table(MLA_WINS), log={"tps": log})
        assert insight.axes["throughput"].get_yscale() == ("log" if log else "linear")
        assert insight.axes["ratio"].get_yscale() == "log"


@pytest.mark.usefixtures("drawn")
def test_whiskers_of_a_crowd_are_left_out_and_not_spoken_of() -> None:
    insight = insight_serving(many(400, 8), baseline="G1")
    assert not insight.axes["ratio"].child_axes
    assert "Whiskers" not in words(insight)


@pytest.mark.usefixtures("drawn")
def test_of_many_groups_the_highest_are_named_and_the_others_are_context() -> None:
    insight = insight_serving(many(2000, 47), baseline="G1")
    for ax in insight.axes.values():
        labels = [t for e in ax.findobj(EndLabels) for t in e.get_texts()]
        assert len([label for label in labels if "(" in label]) == 8
        assert any(label.endswith(" other groups") for label in labels)
        assert any(label.startswith("G1 ") for label in labels)


@pytest.mark.mpl_image_compare
@pytest.mark.usefixtures("drawn")
def test_insight_serving_of_published_models_on_an_h100() -> Figure:
    return roofline(sample_runs("models")).figure
