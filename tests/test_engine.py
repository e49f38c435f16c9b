"""Tables of any engine, in memory or not, make the same facts; what comes back is bounded."""

from collections.abc import Callable
from typing import Any

import duckdb
import narwhals as nw
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from mpl_dantinox import pareto_front
from mpl_dantinox.insights import compared, density, front_shares
from mpl_dantinox.insights.report import report
from mpl_dantinox.tables import engine

pytestmark = pytest.mark.usefixtures("undrawn")

INSIGHTS = ("pareto", "serving", "mla_dial")


def table(n: int = 3000) -> pd.DataFrame:
    """Return runs with gaps, ties, text that is no plain name, and groups of every size."""
    rng = np.random.default_rng(3)
    group = rng.choice(["MLA", "GQA", "MHA", "Ünder $x$"], n, p=[0.5, 0.3, 0.15, 0.05])
    dial = np.where(group == "MLA", rng.choice([16, 32, 64, 96, 128], n), np.nan)
    cache = np.where(group == "MLA", dial * 0.05, np.where(group == "GQA", 4, 10))
    cache = cache * rng.choice([1, 2, 4], n)
    cache[::501] = np.nan
    runs = pd.DataFrame(
        {
            "type": group,
            "moe": rng.choice([True, False], n, p=[0.2, 0.8]),
            "params_m": rng.integers(10, 500, n).astype(float),
            "val_loss": 2 + rng.gamma(3, 0.1, n) + 0.3 / cache.clip(1, None),
            "theoretical_cache_mb": cache,
            "tps_512": rng.lognormal(4, 0.4, n),
            "down_dim_kv": dial,
        }
    )
    runs.loc[::97, "type"] = None
    return runs


def dask(runs: pd.DataFrame) -> Any:
    return pytest.importorskip("dask.dataframe").from_pandas(runs, npartitions=4)


def ibis(runs: pd.DataFrame) -> Any:
    return pytest.importorskip("ibis").memtable(runs)


def modin(runs: pd.DataFrame) -> Any:
    return pytest.importorskip("modin.pandas").DataFrame(runs)


def pyspark(runs: pd.DataFrame) -> Any:
    sql = pytest.importorskip("pyspark.sql")
    settings = {"spark.ui.enabled": "false", "spark.sql.shuffle.partitions": "2"}
    session = sql.SparkSession.builder.master("local[2]").config(map=settings).getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    return session.createDataFrame(runs)


EAGER: dict[str, Callable[[pd.DataFrame], Any]] = {
    "polars": pl.from_pandas,
    "pyarrow": pa.Table.from_pandas,
}
LAZY: dict[str, Callable[[pd.DataFrame], Any]] = {
    "polars lazy": lambda runs: pl.from_pandas(runs).lazy(),
    "duckdb": duckdb.from_df,
}


def told(runs: Any) -> dict[str, Any]:
    """Return all that is said of runs, but for row numbers, which not every engine has."""
    facts = report(runs, insights=INSIGHTS).to_dict()
    facts = {name: facts[name] for name in INSIGHTS}
    for panel in facts["pareto"]["facts"]["panels"].values():
        for run in panel["front"]:
            run["row"] = None
    return facts


@pytest.fixture(scope="module")
def expected() -> dict[str, Any]:
    return told(table())


@pytest.mark.parametrize("make", (EAGER | LAZY).values(), ids=EAGER | LAZY)
def test_every_engine_makes_the_same_facts(make: Any, expected: dict[str, Any]) -> None:
    assert told(make(table())) == expected


@pytest.mark.parametrize("make", LAZY.values(), ids=LAZY)
def test_a_table_that_stays_in_its_engine_makes_the_same_facts(
    make: Any, expected: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "MOST", 200)
    assert told(make(table())) == expected


@pytest.mark.engines
@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("make", [dask, ibis, modin, pyspark])
@pytest.mark.parametrize("most", [10**6, 200])
def test_engines_of_clusters_make_the_same_facts(
    make: Any, most: int, expected: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "MOST", most)
    assert told(make(table())) == expected


@pytest.mark.parametrize("make", LAZY.values(), ids=LAZY)
def test_what_comes_back_of_a_lazy_table_is_bounded(
    make: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes = []
    collect = nw.LazyFrame.collect

    def counted(frame: Any, *args: Any, **kwargs: Any) -> Any:
        rows = collect(frame, *args, **kwargs)
        sizes.append(len(rows))
        return rows

    monkeypatch.setattr(nw.LazyFrame, "collect", counted)
    monkeypatch.setattr(engine, "MOST", 200)
    monkeypatch.setattr(engine, "_BINS", 64)
    monkeypatch.setattr(compared, "MOST", 200)
    monkeypatch.setattr(front_shares, "MOST", 200)
    monkeypatch.setattr(density, "_SHAPE", (12, 18))
    runs = table(6_000)
    runs["theoretical_cache_mb"] *= np.random.default_rng(0).lognormal(0, 0.3, len(runs))
    report(make(runs), density=True)
    assert max(sizes) < 1000


@pytest.mark.usefixtures("drawn")
def test_a_lazy_table_whose_runs_are_all_wanted_is_drawn_whole(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(engine, "MOST", 200)
    insight = report(duckdb.from_df(table()), insights=["pareto"], density=False).insights["pareto"]
    drawn = sum(len(points.get_offsets()) for points in insight.axes["all"].collections)
    assert drawn == insight.facts.to_dict()["panels"]["all"]["n_runs"]


# What is asked for by the hundred is asked of one engine here, of the other where there is time.
ASKED_OFTEN = [
    pytest.param(make, id=name, marks=() if name == "polars lazy" else pytest.mark.exhaustive)
    for name, make in LAZY.items()
]

groups = st.sampled_from([["A"], ["A", "B"], ["A", "B", "C"]])
values = st.one_of(
    st.floats(-1e9, 1e9, allow_subnormal=False),
    st.sampled_from([0.0, 1.0, 1e-30, 1e30]),
    st.integers(-3, 3).map(float),
)


@pytest.mark.parametrize("make", ASKED_OFTEN)
@given(x=arrays(float, st.integers(1, 60), elements=values), names=groups, most=st.integers(1, 20))
def test_order_statistics_are_those_of_the_sorted_values(
    make: Any, x: Any, names: list[str], most: int
) -> None:
    frame = pd.DataFrame({"group": [names[i % len(names)] for i in range(len(x))], "x": x})
    at = {g: np.linspace(0, n - 1, 5) for g, n in frame["group"].value_counts().items()}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "MOST", most)
        patch.setattr(engine, "_BINS", 4)
        found = engine.order_statistics(nw.from_native(make(frame)), "x", at)
    for g, places in at.items():
        mine = np.sort(frame["x"][frame["group"] == g])
        low, high = mine[np.floor(places).astype(int)], mine[np.ceil(places).astype(int)]
        np.testing.assert_array_equal(found[g], low + (high - low) * (places % 1))


@pytest.mark.parametrize("make", ASKED_OFTEN)
@given(
    xy=arrays(float, st.tuples(st.integers(1, 60), st.just(2)), elements=values),
    sense=st.tuples(*[st.sampled_from(["min", "max"])] * 2),
    most=st.integers(1, 20),
)
def test_everything_on_the_front_is_among_the_candidates(
    make: Any, xy: Any, sense: tuple[str, str], most: int
) -> None:
    frame = pd.DataFrame({"part": np.arange(len(xy)) % 2, "x": xy[:, 0], "y": xy[:, 1]})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "MOST", most)
        patch.setattr(engine, "_BINS", 8)
        kept = engine.front_candidates(
            nw.from_native(make(frame)), "x", "y", sense=sense, by=["part"]
        )
    for part, rows in frame.groupby("part"):
        mine = kept.filter(nw.col("part") == part).select("x", "y").to_numpy()
        front = rows.iloc[pareto_front(rows["x"], rows["y"], sense=sense)]
        again = mine[pareto_front(mine[:, 0], mine[:, 1], sense=sense)]
        np.testing.assert_array_equal(again, front[["x", "y"]].to_numpy())


def test_candidates_are_few() -> None:
    rng = np.random.default_rng(0)
    frame = pl.DataFrame({"part": 0, "x": rng.random(100_000), "y": rng.random(100_000)})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "MOST", 1000)
        kept = engine.front_candidates(
            nw.from_native(frame.lazy()), "x", "y", sense=("min", "min"), by=["part"]
        )
    assert len(kept) < 1000


@pytest.mark.parametrize("make", (EAGER | LAZY).values(), ids=EAGER | LAZY)
@pytest.mark.parametrize("log", [False, True])
def test_bins_count_every_row_once(make: Any, log: bool) -> None:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(
        {"group": rng.choice(["A", "B"], 500), "x": rng.uniform(1, 9, 500), "y": rng.random(500)}
    )
    ends = (0.0, 1.0) if log else (1.0, 9.0)
    counts = engine.bin_counts(
        nw.from_native(make(frame)),
        ("x", "y"),
        log=(log, False),
        extent=(*ends, 0, 1),
        shape=(4, 6),
    )
    across = np.log10(frame["x"]) if log else frame["x"]
    for g, n in counts.items():
        mine = frame["group"] == g
        wanted, _, _ = np.histogram2d(
            frame["y"][mine], across[mine], bins=(4, 6), range=((0, 1), ends)
        )
        np.testing.assert_array_equal(n, wanted)
