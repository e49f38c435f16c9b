"""Answers of bounded size from a table of any size.

A table may stay where it is, in a database or in files larger than memory. What is asked of it here
is computed by its own engine, through narwhals, in a few passes; what comes back has about `MOST`
rows at most, however many the table has. Of a frame in memory all rows are looked at.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import narwhals as nw
import numpy as np
import numpy.typing as npt

__all__ = [
    "Frame", "bin_counts", "collected", "fits_in_memory", "front_candidates", "n_rows",
    "order_statistics",
]  # fmt: skip

#: A table of at most this many rows is taken into memory, and so is no more of a larger one.
MOST = 1_000_000

Frame = nw.DataFrame[Any] | nw.LazyFrame[Any]

# Bins of one pass over a column.
_BINS = 2**14


def collected(frame: Frame) -> nw.DataFrame[Any]:
    """Return a frame in memory."""
    if isinstance(frame, nw.DataFrame):
        return frame
    # The one engine that would by default load all that a query reads.
    batches: dict[str, Any] = {"engine": "streaming"} if frame.implementation.is_polars() else {}
    return frame.collect(**batches)


def n_rows(frame: Frame) -> int:
    """Return the number of rows of a frame, counted by its engine."""
    if isinstance(frame, nw.DataFrame):
        return len(frame)
    return int(collected(frame.select(nw.len())).item())


def fits_in_memory(frame: Frame) -> bool:
    """Return whether a frame is in memory, or has so few rows that it can be taken there."""
    return isinstance(frame, nw.DataFrame) or n_rows(frame) <= MOST


def order_statistics(
    frame: Frame, column: str, at: Mapping[str, npt.ArrayLike]
) -> dict[str, npt.NDArray[np.float64]]:
    """Return the values of a column at places in its sorted order, in each group.

    The frame has the text column ``"group"``, and the column finite numbers without missing ones;
    places are from 0 to n - 1, and between two whole ones the value is interpolated.

    Out of memory, a histogram finds the bins that hold the places, bins with too many rows are
    divided again, and the rows of the others are sorted here. So each value is one that the table
    holds, to the last digit, whatever engine looked for it.

    >>> import pandas as pd
    >>> runs = nw.from_native(pd.DataFrame({"group": ["A"] * 4, "x": [3.0, 1.0, 2.0, 8.0]}))
    >>> order_statistics(runs, "x", {"A": [0, 1.5, 3]})
    {'A': array([1. , 2.5, 8. ])}
    """
    places = {g: np.asarray(p, dtype=float) for g, p in at.items()}
    wanted = {g: np.unique([np.floor(p), np.ceil(p)]).astype(int) for g, p in places.items()}
    found = _ranked(frame, column, wanted)
    values = {}
    for g, p in places.items():
        low, high = (np.array([found[g][int(r)] for r in end(p)]) for end in (np.floor, np.ceil))
        values[g] = low + (high - low) * (p % 1)
    return values


def _ranked(
    frame: Frame, column: str, wanted: Mapping[str, npt.NDArray[np.int64]]
) -> dict[str, dict[int, float]]:
    """Return the values of whole ranks, by group and rank."""
    x = nw.col(column)
    if isinstance(frame, nw.LazyFrame):
        asked = frame.select(nw.len().alias("n"), x.min().alias("low"), x.max().alias("high"))
        n_all, low, high = collected(asked).row(0)
    if isinstance(frame, nw.DataFrame) or n_all <= MOST:
        return _sorted(collected(frame.select("group", column)), column, wanted)
    # Rounding keeps the order, so bins do not overlap.
    place = ((x - low) / ((high - low) / _BINS or 1.0)).floor()
    bins = collected(
        frame.select("group", column, bin=place)
        .group_by("group", "bin")
        .agg(nw.len().alias("n"), x.min().alias("low"), x.max().alias("high"))
    ).sort("group", "bin")
    found: dict[str, dict[int, float]] = {g: {} for g in wanted}
    brackets = []
    for g, ranks in wanted.items():
        n, lows, highs = bins.filter(nw.col("group") == g).select("n", "low", "high").to_numpy().T
        end = np.cumsum(n)
        for i in np.unique(np.searchsorted(end, ranks, side="right")):
            start = int(end[i] - n[i])
            inside = ranks[(ranks >= start) & (ranks < end[i])]
            if lows[i] == highs[i]:
                found[g].update(dict.fromkeys(inside.tolist(), float(lows[i])))
            else:
                rows = (nw.col("group") == g) & (x >= lows[i]) & (x <= highs[i])
                brackets.append((g, start, inside, rows, int(n[i])))
    if brackets and sum(bracket[-1] for bracket in brackets) <= MOST:
        # All of them in one pass.
        in_any = nw.any_horizontal(*(rows for *_, rows, _ in brackets), ignore_nulls=True)
        frame = collected(frame.filter(in_any).select("group", column))
    for g, start, inside, rows, _ in brackets:
        finer = _ranked(frame.filter(rows), column, {g: inside - start})[g]
        found[g].update({rank + start: value for rank, value in finer.items()})
    return found


def _sorted(
    rows: nw.DataFrame[Any], column: str, wanted: Mapping[str, npt.NDArray[np.int64]]
) -> dict[str, dict[int, float]]:
    found = {}
    for g, ranks in wanted.items():
        values = rows.filter(nw.col("group") == g)[column].to_numpy()
        values = np.partition(values, ranks)
        found[g] = dict(zip(ranks.tolist(), values[ranks].tolist(), strict=True))
    return found


def front_candidates(
    frame: Frame, x: str, y: str, *, sense: tuple[str, str], by: Sequence[str]
) -> nw.DataFrame[Any]:
    """Return the rows that may be on the Pareto front of their part of a table, and few others.

    The values of the columns *by* make a part, and two columns are finite numbers without missing
    ones. All rows of a frame in memory are returned. Of others, in each bin of one coordinate, rows
    are left out that are not better in the other than the best row of all better bins.
    """
    if isinstance(frame, nw.DataFrame):
        return frame
    signs = {c: 1.0 if s == "min" else -1.0 for c, s in zip((x, y), sense, strict=True)}
    for one, other in ((x, y), (y, x)):
        frame = _thinned(frame, (one, signs[one]), (other, signs[other]), by)
        first = collected(frame.head(MOST + 1))
        if len(first) <= MOST:
            return first
    return collected(frame)


def _thinned(
    frame: nw.LazyFrame[Any], one: tuple[str, float], other: tuple[str, float], by: Sequence[str]
) -> nw.LazyFrame[Any]:
    a, b = (nw.col(name) * sign for name, sign in (one, other))
    low, high = collected(frame.select(a.min().alias("low"), a.max().alias("high"))).row(0)
    if low < high and (low > 0 or high < 0) and max(low / high, high / low) > 10:
        # In logarithms, so that a long tail does not put all the others into one bin.
        end, start = a.abs().log(10), float(np.log10(abs(low)))
        step = (float(np.log10(abs(high))) - start) / _BINS
    else:
        end, step, start = a, (high - low) / _BINS or 1.0, low
    binned = frame.with_columns(a=a, b=b, bin=((end - start) / step).floor())
    best = binned.group_by(*by, "bin").agg(
        nw.col("b").min().alias("best"), nw.col("a").max().alias("far")
    )
    # Polars would keep what both sides of the join share, all rows, and Dask has no windows; the
    # bins are few enough to be taken through memory.
    through = best.implementation.is_polars() or best.implementation.is_dask()
    before: Any = collected(best) if through else best
    for what, so_far in (("best", nw.col("best").cum_min()), ("far", nw.col("far").cum_max())):
        before = before.with_columns(so_far.over(*by, order_by="bin").alias(what))
        before = before.with_columns(nw.col(what).shift(1).over(*by, order_by="bin"))
    before = before.lazy(best.implementation) if through else before
    beaten = (nw.col("b") >= nw.col("best")) & (nw.col("a") > nw.col("far"))
    columns = frame.collect_schema().names()
    return (
        binned.join(before, on=[*by, "bin"], how="inner")
        .filter(nw.col("best").is_null() | ~beaten)
        .select(*columns)
    )


def bin_counts(
    frame: Frame,
    columns: tuple[str, str],
    *,
    log: tuple[bool, bool],
    extent: tuple[float, float, float, float],
    shape: tuple[int, int],
) -> dict[str, npt.NDArray[np.int64]]:
    """Count the rows of each group in bins of two columns, the one across and the one up.

    Bins are even in the logarithm where *log* says so, and *extent*, left, right, bottom and top,
    is then in logarithms to base ten. The counts have the *shape* (rows, columns).
    """
    n_up, n_across = shape
    left, right, bottom, top = extent

    def place(column: str, logarithm: bool, low: float, high: float, n: int) -> nw.Expr:
        value = nw.col(column).log(10) if logarithm else nw.col(column)
        return ((value - low) * (n / (high - low))).floor().cast(nw.Int64)

    table = collected(
        frame.select(
            "group",
            column=place(columns[0], log[0], left, right, n_across),
            row=place(columns[1], log[1], bottom, top, n_up),
        )
        .group_by("group", "row", "column")
        .agg(nw.len().alias("n"))
    )
    counts = {}
    for (g,), part in table.group_by("group"):
        row, column, n = (part[name].to_numpy() for name in ("row", "column", "n"))
        counts[str(g)] = np.zeros(shape, np.int64)
        at = row.clip(0, n_up - 1), column.clip(0, n_across - 1)
        np.add.at(counts[str(g)], at, n)
    return counts
