"""The claims of a table's insights as a few lines for a terminal."""

from collections.abc import Iterator, Mapping
from typing import Any

from mpl_dantinox.insights import definitions
from mpl_dantinox.insights.words import rows_left_out, spoken
from mpl_dantinox.numbers import number

__all__ = ["summary"]


def summary(facts: Mapping[str, Any]) -> Iterator[str]:
    """Yield a line per group of what ``facts.json`` holds, aligned, and what was left out.

    >>> from mpl_dantinox import sample_runs
    >>> from mpl_dantinox.insights.report import report
    >>> lines = list(summary(report(sample_runs(), insights=["serving"]).to_dict()))
    >>> lines[0].split()
    ['tok/s', 'at', '80', 'GB', 'to', 'MHA', '95%', 'interval']
    """
    told = {name: facts[name] for name in definitions() if (facts.get(name) or {}).get("facts")}
    # By what is claimed and the title.
    columns: dict[tuple[str, str], dict[str, str]] = {}
    said_by: dict[str, str] = {}
    for name, claim in ((name, claim) for name, one in told.items() for claim in one["claims"]):
        # What two insights count, such as runs that failed, is told once.
        is_said = said_by.setdefault(claim["what"], name) != name
        if claim["of"] is None or not claim["what"] or is_said:
            continue
        column = columns.setdefault((claim["what"], claim["what"]), {})
        column[claim["of"]] = ", ".join(filter(None, (column.get(claim["of"]), claim["text"])))
        if claim["kind"] == "ratio" and claim["interval"]:
            low, high = claim["interval"]
            span = f"{number(low)} {'upwards' if high is None else f'to {number(high)}'}"
            columns.setdefault((claim["what"], "95% interval"), {})[claim["of"]] = span
    columns = {key: column for key, column in columns.items() if any(column.values())}
    groups = list(dict.fromkeys(["", *(group for column in columns.values() for group in column)]))
    # The names are flush left, and what is claimed of them flush right.
    lines = [f"{group:<{max(map(len, groups))}}" for group in groups]
    for (_, title), column in columns.items():
        cells = [column.get(group, "") if group else title for group in groups]
        width = max(map(len, cells))
        lines = [f"{line}  {cell:>{width}}" for line, cell in zip(lines, cells, strict=True)]
    yield from (line.rstrip() for line in lines)
    called = spoken(facts["provenance"]["labels"])
    for name, one in told.items():
        if reasons := rows_left_out(one["facts"]["dropped"], called):
            yield f"left out of {name}: {'; '.join(reasons)}"
