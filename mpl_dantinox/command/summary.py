"""The facts of a table's insights as a few lines for a terminal."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mpl_dantinox.insights.words import compact, count, number, spoken, times

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
    pareto, serving, dial = (
        (facts.get(name) or {}).get("facts") for name in ("pareto", "serving", "mla_dial")
    )
    columns: dict[str, dict[str, str]] = {}
    left_out: list[str] = []
    if pareto:
        panel = pareto["panels"]["all"]
        columns["runs"] = {g: f"{n:,}" for g, n in panel["groups"].items()}
        columns["on the front"] = {g: f"{n:,}" for g, n in panel["front_counts"].items()}
        left_out += [f"{count(n, 'run')} without {what}" for what, n in panel["dropped"].items()]
    if serving:
        groups, base = serving["groups"], serving["baseline"]
        columns[f"tok/s at {compact(serving['budgets_gb'][1])} GB"] = {
            g: number(s["total_tps"]) for g, s in groups.items()
        }
        if base is not None:
            columns[f"to {base}"] = {g: times(s["ratio"]) for g, s in groups.items()}
            spans = {g: s["ratio_interval"] for g, s in groups.items()}
            columns["95% interval"] = {
                g: f"{number(span[0])} to {number(span[1])}" for g, span in spans.items() if span
            }
        lacking = {role: serving["dropped"].get(role) for role in ("cache", "tps")}
        left_out += [f"{count(n, 'dense run')} without {r}" for r, n in lacking.items() if n]
    if dial:
        columns["dial"] = {
            g: f"meets it at {compact(r['crossing'])}"
            for g, r in dial["references"].items()
            if r["crossing"] is not None
        }
        if dial["best"]:
            best = dial["best"]
            loss = f"{spoken(facts['provenance']['labels'])['loss']} {number(best['loss_mean'])}"
            columns["dial"][dial["dial_group"]] = f"best {compact(best['value'])}, {loss}"
    rows = list(dict.fromkeys(group for column in columns.values() for group in column))
    columns = {title: column for title, column in columns.items() if column}
    yield from _aligned(
        [["", *columns], *([row, *(c.get(row, "") for c in columns.values())] for row in rows)]
    )
    if serving and serving["baseline"] is None:
        asked = facts["provenance"]["options"].get("baseline", "MHA")
        yield f"no ratios: no group is called {asked!r}, see --baseline"
    if left_out:
        yield f"left out: {'; '.join(left_out)}"


def _aligned(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield lines whose first column is flush left and whose others are flush right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for first, *rest in rows:
        cells = [f"{cell:>{width}}" for cell, width in zip(rest, widths[1:], strict=True)]
        yield "  ".join([f"{first:<{widths[0]}}", *cells]).rstrip()
