"""What the figures say, for every case that data can bring."""

import re
from typing import Any

import numpy as np
import pandas as pd
import pytest
from tables import GQA_WINS, MLA_WINS, table

from mpl_dantinox import insight_context, insight_mla_dial, insight_pareto, insight_serving

pytestmark = pytest.mark.usefixtures("undrawn")


def points(*rows: tuple[str, float, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["type", "theoretical_cache_mb", "val_loss"])


BY_CHANCE = "none holds more than its number of runs would give by chance"


@pytest.mark.parametrize(
    ("rows", "headline"),
    [
        ([("A", 1, 1)], "A single A run: nothing to compare it with"),
        ([("A", 1, 2), ("A", 2, 1), ("A", 3, 3)], "2 of 3 A runs are Pareto-optimal"),
        ([("A", 1, 1), ("B", 2, 2)], "A alone holds the Pareto front: every B run is dominated"),
        ([("A", 1, 2), ("B", 2, 1)], "A and B hold 1 run each on the Pareto front"),
        (
            [("A", 1, 4), ("A", 2, 3), ("B", 3, 2), ("C", 9, 9)],
            "A has 2 of its 2 runs on the Pareto front, B 1 of 1; A dominates every C run",
        ),
        (
            [("A", 1, 4), ("B", 2, 3), ("C", 3, 2), ("C", 4, 1)],
            "C has 2 of its 2 runs on the Pareto front, A 1 of 1 and B 1 of 1",
        ),
        ([("A", 1, 1), ("B", 1, 1)], "A and B hold 1 run each on the Pareto front"),
        ([("A", 1, 1), ("A", 2, 2)], "1 of 2 A runs is Pareto-optimal"),
        (
            [("A", 1, 4), ("B", 4, 1), ("C", 2, 5), ("D", 5, 2)],
            "A and B hold 1 run each on the Pareto front; no C or D run is on it",
        ),
        (
            [("A", 1, 1), *((g, 2, 2) for g in "BCDE")],
            "A alone holds the Pareto front: every run of the other 4 groups is dominated",
        ),
        (
            [("A", 1, 7), ("A", 2, 6), *((g, 3 + i, 5 - i) for i, g in enumerate("BCDE"))],
            "A has 2 of its 2 runs on the Pareto front, B 1 of 1, C 1 of 1 and 2 more groups 2",
        ),
    ],
)
def test_pareto_headline(rows: list[Any], headline: str) -> None:
    several = len({group for group, _, _ in rows}) > 1
    of_a, runs = sum(group == "A" for group, _, _ in rows), len(rows)
    alone = f"with {of_a} of the {runs} runs that may be chance"
    chance = alone if "A alone" in headline else BY_CHANCE
    expected = f"{headline}; {chance}" if several else headline
    assert insight_pareto(points(*rows)).headline == expected


def test_a_run_that_is_logged_twice_changes_no_headline() -> None:
    runs = table(MLA_WINS, seed=1, noise=0.1)
    named = runs.assign(run=[f"run {place}" for place in range(len(runs))])
    for frame in (runs, named):
        twice = pd.concat([frame, frame], ignore_index=True)
        for insight in (insight_pareto, insight_serving, insight_mla_dial, insight_context):
            assert insight(twice).headline == insight(frame).headline


def test_two_panels_have_two_counts() -> None:
    runs = table(GQA_WINS, seed=1, noise=0.3)
    insight = insight_pareto(runs)
    held = insight.facts.panels["dense"].front_counts
    assert insight.headline.startswith("Dense + MoE: ")
    assert all(
        f"{g} {n} of 6" in insight.caption.split("front of dense runs alone: ")[1] or g == "MLA"
        for g, n in held.items()
    )


def test_larger_models_that_hold_the_front_are_said_to_be_larger() -> None:
    rng = np.random.default_rng(0)
    runs = pd.DataFrame({"type": ["MLA"] * 9 + ["GQA"] * 9,
                         "params_m": np.repeat([100.0, 10.0], 9) + rng.random(18),
                         "val_loss": np.repeat([2.0, 3.0], 9) + rng.random(18) / 10,
                         "theoretical_cache_mb": 1 + rng.random(18)})  # fmt: skip
    headline = insight_pareto(runs).headline
    assert "chance" not in headline
    assert re.search(r"; MLA's models are 9\.\d+× as large as GQA's$", headline)


def noisy(group: list[str], seed: int = 0, lead: float = 0.0) -> pd.DataFrame:
    """Return runs of whom those of the first group are better, by so much."""
    rng = np.random.default_rng(seed)
    cost = rng.random(len(group))
    loss = 2 - cost + rng.exponential(0.3, len(group)) - lead * (np.array(group) == group[0])
    return pd.DataFrame({"type": group, "theoretical_cache_mb": cost, "val_loss": loss})


def test_more_runs_hold_more_of_the_front_by_chance() -> None:
    told = [
        BY_CHANCE not in insight_pareto(noisy(["A"] * 40 + ["B"] * 10, seed)).headline
        for seed in range(20)
    ]
    assert sum(told) <= 2


def test_a_group_that_is_better_holds_more_than_by_chance() -> None:
    insight = insight_pareto(noisy(["A"] * 20 + ["B"] * 20, lead=0.3))
    assert "A holds more than its number of runs would give by chance" in insight.headline


def test_rows_that_were_logged_twice_change_no_verdict() -> None:
    frame = noisy(["A"] * 12 + ["B"] * 12, lead=0.1)
    panel = insight_pareto(frame).facts.panels["all"]
    again = insight_pareto(pd.concat([frame, frame, frame])).facts.panels["all"]
    assert again.chances == panel.chances


def test_a_group_of_larger_models_is_given_no_credit_for_the_front() -> None:
    frame = noisy(["A"] * 20 + ["B"] * 20, lead=0.3)
    assert insight_pareto(frame).facts.panels["all"].beyond_chance == ("A",)
    sizes = np.where(frame["type"] == "A", 1000.0, 100.0) + np.arange(40)
    headline = insight_pareto(frame.assign(params_m=sizes)).headline
    assert "chance" not in headline


def serving(**rates: list[float]) -> pd.DataFrame:
    rows = [(g, 1.0, tps) for g, values in rates.items() for tps in values]
    return pd.DataFrame(rows, columns=["type", "theoretical_cache_mb", "tps_512"])


@pytest.mark.parametrize(
    ("rates", "headline"),
    [
        ({"MHA": [100], "A": [412]}, "A cannot be told from MHA (A 4.12×, too few runs)"),
        (
            {"MHA": [100, 100, 101], "A": [240, 241, 242]},
            "At equal memory A serves 2.40× the tokens of MHA",
        ),
        (
            {"MHA": [100, 100, 100], "A": [240, 241, 242], "B": [50, 50, 50]},
            "At equal memory A serves 2.41× the tokens of MHA, B 0.500×",
        ),
        (
            {"MHA": [9, 10, 11], "A": [70, 80, 90], "B": [60, 70, 80]},
            "At equal memory A serves 7.98× the tokens of MHA, B 6.98×; "
            "A and B cannot be told apart",
        ),
        (
            {"MHA": [99, 100, 101], "A": [241, 240, 242, 0], "B": [0, 0]},
            "At equal memory A serves 2.41× the tokens of MHA; 1 of 4 A runs serves nothing",
        ),
        (
            {"MHA": [100] * 3, "A": [40] * 3, "B": [50] * 3},
            "MHA serves the most at equal memory: B 0.500×, A 0.400× its tokens",
        ),
        ({"MHA": [100], "A": [101]}, "A cannot be told from MHA (A 1.01×, too few runs)"),
        (
            {"MHA": [80, 100, 120], "A": [70, 110, 150]},
            "A cannot be told from MHA (A 1.06×, within the spread of runs)",
        ),
        (
            {"A": [100]},
            "A serves 8,000 k tok/s at 80 GB; there is no other group to compare it with",
        ),
        (
            {"A": [100], "B": [90]},
            "A and B cannot be told apart at equal memory (1.11×, too few runs)",
        ),
        (
            {"A": [100] * 3, "B": [90] * 3},
            "A serves 8,000 k tok/s at 80 GB, 1.11× the tokens of B, the next",
        ),
        (
            {"A": [80, 100, 120], "B": [70, 95, 150]},
            "B and A cannot be told apart at equal memory (1.01×, within the spread of runs)",
        ),
        (
            {"MHA": [80, 100, 120], "A": [70, 101, 150]},
            "A cannot be told from MHA (A 1.03×, within the spread of runs)",
        ),
        (
            {"MHA": [100, 100, 100], "A": [101, 101, 101]},
            "At equal memory A serves as much as MHA (A 1.01×)",
        ),
        ({"A": [100] * 3, "B": [100] * 3}, "A and B serve the same at equal memory (1.00×)"),
        (
            {"MHA": [100]},
            "MHA serves 8,000 k tok/s at 80 GB; there is no other group to compare it with",
        ),
    ],
)
def test_serving_headline(rates: dict[str, list[float]], headline: str) -> None:
    assert insight_serving(serving(**rates)).headline == headline


@pytest.mark.parametrize("model", [{"sequences": "whole"}, {"weights_bytes": 2.0}])
def test_a_ratio_that_depends_on_the_budget_is_said_to_be_for_one(model: dict[str, Any]) -> None:
    runs = serving(MHA=[100] * 3, A=[200] * 3).assign(params_m=10.0)
    headline = insight_serving(runs, budgets=(1.0, 1536.0), **model).headline
    assert headline == "At 1,536 GB A serves 2.00× the tokens of MHA"


def two_sizes() -> pd.DataFrame:
    """Return runs of which GQA's are slower at either size, and mostly of the small, fast one."""
    rng = np.random.default_rng(0)
    group = np.repeat(["GQA", "MHA"], 20)
    size = np.repeat([1.0, 30.0, 1.0, 30.0], [16, 4, 4, 16])
    cache = size * rng.lognormal(0, 0.01, 40)
    rate = np.where(group == "GQA", 0.73, 1.0) * 1000 / size**2 * rng.lognormal(0, 0.03, 40)
    return pd.DataFrame(
        {"type": group, "params_m": size, "theoretical_cache_mb": cache, "tps_512": rate * cache}
    )


def test_a_group_of_smaller_models_is_compared_at_equal_size() -> None:
    insight = insight_serving(two_sizes())
    group = insight.facts.groups["GQA"]
    assert group.ratio > 10
    assert group.matched.ratio == pytest.approx(0.73, rel=0.05)
    assert group.matched.interval[1] < 1
    assert (group.matched.blocks, group.matched.runs) == (2, 40)
    assert re.fullmatch(
        r"MHA serves the most at equal memory and equal size: GQA 0\.7\d+× its tokens; "
        r"GQA's models are 30\.0× smaller",
        insight.headline,
    )


@pytest.mark.usefixtures("undrawn")
def test_without_a_baseline_the_first_is_first_at_equal_size() -> None:
    headline = insight_serving(two_sizes(), baseline="nobody").headline
    start = "At equal memory and equal size MHA serves 1.37× the tokens of GQA, the next"
    assert headline.startswith(start)


def test_a_block_may_be_any_columns() -> None:
    frame = two_sizes().rename(columns={"params_m": "width"}).assign(depth=2)
    insight = insight_serving(frame, block=["width", "depth"])
    assert insight.facts.within == ("width", "depth")
    assert insight.facts.groups["GQA"].matched.ratio == pytest.approx(0.73, rel=0.05)
    assert insight_serving(frame, block=None).facts.groups["GQA"].matched is None


def test_where_nothing_fits_no_group_is_credited() -> None:
    runs = serving(MHA=[100], A=[200]).assign(theoretical_cache_mb=1e6)
    headline = insight_serving(runs, sequences="whole").headline
    assert headline == "No group serves anything at 80 GB"


def near(loss: float) -> list[float]:
    return [loss - 0.01, loss, loss + 0.01]


def dial(losses: list[Any], caches: list[float], reference: float | None = 10.0) -> pd.DataFrame:
    rows = [
        ("MLA", 8 * 2**i, loss, cache)
        for i, (values, cache) in enumerate(zip(losses, caches, strict=True))
        for loss in (values if isinstance(values, list) else [values])
    ]
    if reference is not None:
        rows.append(("MHA", None, 2.0, reference))
    columns = ["type", "down_dim_kv", "val_loss", "theoretical_cache_mb"]
    return pd.DataFrame(rows, columns=columns)


@pytest.mark.parametrize(
    ("frame", "headline"),
    [
        (
            dial([near(3.0), near(2.5), near(2.0)], [1, 2, 4]),
            "Turning MLA's dial up helps: loss 3.00 to 2.00 from 8 to 32; "
            "its cache stays below MHA throughout",
        ),
        (
            dial([3.0, 2.5, 2.0], [1, 2, 4]),
            "Too few runs to tell what the dial does to MLA's loss from 8 to 32; "
            "its cache stays below MHA throughout",
        ),
        (
            dial([near(2.0), near(2.5), near(3.0)], [1, 2, 4], 0.5),
            "Turning MLA's dial up hurts: loss 2.00 to 3.00 from 8 to 32; "
            "its cache stays above MHA throughout",
        ),
        (
            dial([[2.0] * 3] * 3, [1, 2, 4], 3.0),
            "The dial does nothing to MLA's loss: 2.00 from 8 to 32; its cache meets MHA's at 24",
        ),
        (
            dial([near(3.0), near(2.0), near(2.5)], [1, 2, 4], None),
            "MLA's best mean loss is inside the dial: 2.00 at 16; "
            "its cache is linear in it, 0.125 MB a dimension",
        ),
        (
            dial([near(3.0), near(2.0), near(2.001), near(2.5)], [1, 2, 4, 8], None),
            "MLA's best mean loss is inside the dial: between 16 and 32; "
            "its cache is linear in it, 0.125 MB a dimension",
        ),
        (
            dial([[1.8, 2.0, 2.2], [1.9, 2.0, 2.2]], [1, 2]),
            "No effect of the dial on MLA's loss is told from 8 to 16: up to ±0.44 is possible; "
            "its cache stays below MHA throughout",
        ),
        (
            dial([[2.0] * 3, [3.0] * 3, [2.0] * 3], [1, 2, 4]),
            "MLA's loss is the same at both ends of the dial: 2.00 from 8 to 32; "
            "its cache stays below MHA throughout",
        ),
        (
            dial([[2.004] * 3, [2.001] * 3], [1, 2], None),
            "Turning MLA's dial up helps: loss 2.004 to 2.001 from 8 to 16; "
            "its cache goes from 1.00 to 2.00 MB",
        ),
        (
            pd.concat([dial([near(3.0), near(2.0)], [4, 5]), points(("A", 9, 2), ("B", 1, 2))]),
            "Turning MLA's dial up helps: loss 3.00 to 2.00 from 8 to 16; "
            "its cache stays below MHA and A and above B throughout",
        ),
        (
            dial([near(3.0), near(2.0)], [1, 2]).replace({"down_dim_kv": {16: 1024}}),
            "Turning MLA's dial up helps: loss 3.00 to 2.00 from 8 to 1,024; "
            "its cache stays below MHA throughout",
        ),
        (dial([2.0], [1]), "MLA has one dial value, 8; its cache stays below MHA throughout"),
    ],
)
def test_dial_headline(frame: pd.DataFrame, headline: str) -> None:
    assert insight_mla_dial(frame).headline == headline


def test_a_dial_that_helps_at_every_width_does_so_though_larger_models_have_smaller_values() -> (
    None
):
    rng = np.random.default_rng(2)
    dials, widths = np.tile([8, 16, 32], 30), np.repeat([64, 128, 256], 30)
    keep = ~(
        (widths == 64) & (dials == 8) | (widths == 256) & (dials == 32) & (rng.random(90) < 0.8)
    )
    loss = 3 - 0.004 * widths - 0.01 * dials + rng.normal(0, 0.005, 90)
    frame = pd.DataFrame({"type": "MLA", "down_dim_kv": dials, "val_loss": loss, "width": widths,
                          "theoretical_cache_mb": dials / 100})[keep]  # fmt: skip
    insight = insight_mla_dial(frame)
    assert insight.facts.effect.change > 0
    assert insight.facts.effect.matched.change == pytest.approx(-0.24, abs=0.01)
    assert insight.facts.effect.matched.blocks == 2
    assert insight.headline.startswith("Turning MLA's dial up helps: loss falls by 0.24")
    assert " from 8 to 32 at equal size; " in insight.headline


def words(insight: Any) -> str:
    texts = [t.get_text() for t in insight.figure.findobj(lambda a: hasattr(a, "get_text"))]
    return "\n".join([insight.headline, *texts])


LABELS = {
    "quality": "MMLU accuracy", "cost": "State size", "cache": "State size",
    "tps": "Prefill speed",
}  # fmt: skip


@pytest.mark.usefixtures("drawn")
def test_sentences_call_a_quantity_what_its_axis_does() -> None:
    front, served, dialled = (
        f(table(MLA_WINS), labels=LABELS)
        for f in (insight_pareto, insight_serving, insight_mla_dial)
    )
    assert "scatter of MMLU accuracy against state size for" in front.alt_text
    assert ": sequences that fit × prefill speed of one" in " ".join(words(served).split())
    start = "The dial does nothing to MLA's MMLU accuracy from the smallest to the largest at equal"
    assert dialled.headline.startswith(start)
    assert "; its state size stays below " in dialled.headline
    assert "±3% of MMLU accuracy and ±15% of state size" in " ".join(words(dialled).split())
    for insight in (front, served, dialled):
        assert not any(word in words(insight).lower() for word in ("loss", "cache", "throughput"))


def test_a_name_that_could_be_misread_is_in_quotes() -> None:
    headline = insight_pareto(points(("A and B", 1, 2), ("layer 2", 2, 1), ("C", 3, 3))).headline
    assert headline == (
        "“A and B” and “layer 2” hold 1 run each on the Pareto front; "
        f"“A and B” dominates every C run; {BY_CHANCE}"
    )


@pytest.mark.usefixtures("drawn")
def test_what_is_not_shown_is_counted_in_the_footer() -> None:
    runs = table(MLA_WINS).astype({"moe": object})
    runs.loc[0, "moe"] = None
    runs.loc[1, "tps_512"] = None
    said = " ".join(words(insight_serving(runs)).split())
    assert (
        "table: 22 dense runs; 1 row not known to be dense; 6 MoE runs left out; "
        "1 row without throughput. Model" in said
    )


@pytest.mark.parametrize("function", [insight_pareto, insight_serving])
@pytest.mark.usefixtures("drawn")
def test_where_gqa_wins_nothing_credits_mla(function: Any) -> None:
    said = words(function(table(GQA_WINS, noise=0.02)))
    for credit in ("MLA alone", "MLA has", "MLA more", "MLA serves", "MLA dominates", "MLA Pareto"):
        assert credit not in said


def test_where_mla_wins_it_is_credited() -> None:
    runs = table(MLA_WINS, noise=0.02)
    assert insight_pareto(runs).headline.startswith("Dense + MoE: MLA ")
    assert "MLA serves" in insight_serving(runs).headline


@pytest.mark.parametrize(
    ("band", "called"),
    [
        ("envelope", "Bands: the envelope of both factors' quartiles."),
        ("runs", "Bands: the quartiles over runs."),
    ],
)
@pytest.mark.usefixtures("drawn")
def test_bands_are_named_for_what_they_are(band: Any, called: str) -> None:
    assert called in " ".join(words(insight_serving(table(MLA_WINS), band=band)).split())


@pytest.mark.usefixtures("drawn")
def test_the_band_of_the_dial_is_named_for_what_it_is() -> None:
    said = " ".join(words(insight_mla_dial(table(MLA_WINS), params=None)).split())
    assert "means of the MLA runs at each dial value; bands: smallest to largest; " in said


@pytest.mark.usefixtures("drawn")
def test_runs_that_are_not_known_to_be_dense_are_not_called_so() -> None:
    runs = points(("A", 1, 2), ("A", 2, 1), ("B", 3, 3))
    titles = {
        moe: insight_pareto(runs.assign(moe=pd.Series(moe, dtype=object))).axes["all"].get_title()
        for moe in ((False, False, None), (False, False, True))
    }
    assert list(titles.values()) == ["All runs, 3 runs", "Dense + MoE, 3 runs"]
    assert "MoE: scatter" in insight_pareto(runs.assign(moe=True)).alt_text
    assert "Dense" not in insight_pareto(runs.assign(moe=True)).alt_text
