r"""What a paper quotes: a LaTeX macro for every number, and the front as a table.

A macro is named for what the number is and of whom, ``\dxServingRatioMLA``, and expands to the
number as the figures round it.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from mpl_dantinox.insights import Definition, definitions
from mpl_dantinox.insights.facts import leaves
from mpl_dantinox.numbers import number
from mpl_dantinox.tex import escape_tex

__all__ = ["captions", "captions_latex", "front_latex", "front_markdown", "macros"]

_DIGITS = ("Zero", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")


def macros(facts: Mapping[str, Any]) -> str:
    r"""Return LaTeX definitions of every number of ``facts.json``.

    Parameters
    ----------
    facts : mapping
        What ``facts.json`` holds.

    Returns
    -------
    str
        A line ``\newcommand{\dx...}{...}`` for each number. Names are letters only: digits are
        spelt out and other characters left out; of two groups whose names come out alike, the later
        one's ends in ``II``, the next in ``III``.

    Examples
    --------
    >>> print(macros({"serving": {"facts": {"groups": {"GQA-8": {"ratio": 2.4142}}}}}), end="")
    \newcommand{\dxServingRatioGQAEight}{2.41}
    """
    lines = {}
    for insight, one in definitions().items():
        for fields, names, value, spelling, _ in leaves(one.holds, _facts_of(facts, insight)):
            # A run on the front has a table of its own, and its row is no number to quote.
            if fields[0] == "front":
                continue
            values = value if isinstance(value, list) else [value]
            ends = ("Low", "High") if len(values) == 2 else ("",)
            for end, item in zip(ends, values, strict=False):
                if isinstance(item, bool) or not isinstance(item, int | float):
                    continue
                stem = "dx" + "".join(map(_letters, (insight, *fields, end, *names)))
                name, n = stem, 1
                while name in lines:
                    n += 1
                    name = stem + "I" * n
                text = f"{item:,}" if isinstance(item, int) else spelling(item)
                lines[name] = f"\\newcommand{{\\{name}}}{{{text}}}\n"
    return "".join(lines.values())


def _facts_of(facts: Mapping[str, Any], insight: str) -> Mapping[str, Any]:
    return (facts.get(insight) or {}).get("facts") or {}


def _letters(name: str) -> str:
    words = re.split(r"[^A-Za-z0-9]+", name)
    spelt = (re.sub(r"\d", lambda digit: _DIGITS[int(digit[0])], word) for word in words)
    return "".join(word[:1].upper() + word[1:] for word in spelt)


def captions(facts: Mapping[str, Any]) -> str:
    """Return what belongs under each figure, after the name of its file."""
    return "".join(f"{one.file}\n\n{told}\n\n" for one, told in _captions(facts))


def captions_latex(facts: Mapping[str, Any]) -> str:
    r"""Return LaTeX definitions of the captions, such as ``\dxServingCaption``."""
    return "".join(
        f"\\newcommand{{\\dx{_letters(one.name)}Caption}}{{{escape_tex(told)}}}\n"
        for one, told in _captions(facts)
    )


def _captions(facts: Mapping[str, Any]) -> Iterator[tuple[Definition[Any, Any], str]]:
    for name, one in definitions().items():
        if told := (facts.get(name) or {}).get("caption"):
            yield one, told


def front_latex(facts: Mapping[str, Any]) -> str:
    """Return the front of all runs as a LaTeX table for the ``booktabs`` package."""
    rows = [
        " & ".join(escape_tex(" ".join(cell.split())) for cell in row) + r" \\"
        for row in _front_rows(facts)
    ]
    body = "\n".join(rows[1:])
    return (
        "\\begin{tabular}{lllrr}\n\\toprule\n"
        f"{rows[0]}\n\\midrule\n{body}\n\\bottomrule\n\\end{{tabular}}\n"
    )


def front_markdown(facts: Mapping[str, Any]) -> str:
    """Return the front of all runs as a Markdown table."""
    header, *rows = [f"| {' | '.join(map(_markdown, row))} |\n" for row in _front_rows(facts)]
    return "".join([header, "| --- | --- | --- | ---: | ---: |\n", *rows])


def _front_rows(facts: Mapping[str, Any]) -> list[list[str]]:
    """Return the cells of the table, its header first."""
    labels, units = facts["provenance"]["labels"], facts["pareto"]["facts"]["units"]
    cost, quality = (
        f"{labels[role]} ({units[role]})" if role in units else labels[role]
        for role in ("cost", "quality")
    )
    header = ["Run", labels["group"], "Feed-forward", cost, quality]
    kinds = {True: "MoE", False: "dense", None: "unknown"}
    runs = facts["pareto"]["facts"]["panels"]["all"]["front"]
    return [
        [cell.replace(r"\$", "$") for cell in header],
        *(
            [
                run["name"] or str(place), run["group"], kinds[run["moe"]],
                number(run["cost"]), number(run["quality"]),
            ]
            for place, run in enumerate(runs, 1)
        ),
    ]  # fmt: skip


def _markdown(text: str) -> str:
    return re.sub(r"([\\`*_\[\]<>|])", r"\\\1", " ".join(text.split()))
