"""The claims of a table's insights as a few lines for a terminal."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mpl_dantinox.insights import definitions
from mpl_dantinox.insights.words import rows_left_out, spoken
from mpl_dantinox.numbers import number

__all__ = ["summary"]


def summary(facts: Mapping[str, Any]) -> Iterator[str]:
    """Yield a line per group, aligned under a heading, and what was left out.

    Parameters
    ----------
    facts : mapping
        What ``facts.json`` holds.

    Examples
    --------
    >>> from mpl_dantinox import sample_runs
    >>> from mpl_dantinox.insights.report import report
    >>> lines = list(summary(report(sample_runs(), insights=["serving"]).to_dict()))
    >>> lines[0].split()
    ['tok/s', 'at', '80', 'GB', 'to', 'MHA', '95%', 'interval']
    """
    told = {name: facts[name] for name in definitions() if (facts.get(name) or {}).get("facts")}
    columns: dict[str, dict[str, str]] = {}
    for claim in (claim for one in told.values() for claim in one["claims"]):
        if claim["of"] is None or not claim["what"]:
            continue
        cell = columns.setdefault(claim["what"], {})
        cell[claim["of"]] = ", ".join(filter(None, (cell.get(claim["of"]), claim["text"])))
        if claim["kind"] == "ratio" and claim["interval"]:
            low, high = claim["interval"]
            span = f"{number(low)} {'upwards' if high is None else f'to {number(high)}'}"
            columns.setdefault("95% interval", {})[claim["of"]] = span
    columns = {title: column for title, column in columns.items() if any(column.values())}
    rows = list(dict.fromkeys(group for column in columns.values() for group in column))
    yield from _aligned(
        [["", *columns], *([row, *(c.get(row, "") for c in columns.values())] for row in rows)]
    )
    called = spoken(facts["provenance"]["labels"])
    for name, one in told.items():
        reasons = rows_left_out(one["facts"]["dropped"], called)
        if reasons:
            yield f"left out of {name}: {'; '.join(reasons)}"


def _aligned(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield lines whose first column is flush left and whose others are flush right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for first, *rest in rows:
        cells = [f"{cell:>{width}}" for cell, width in zip(rest, widths[1:], strict=True)]
        yield "  ".join([f"{first:<{widths[0]}}", *cells]).rstrip()
