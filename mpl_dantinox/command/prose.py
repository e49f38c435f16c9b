r"""What a paper quotes: a LaTeX macro for every number, captions, and the front as a table.

A macro is named for what the number is and of whom, ``\dxServingRatioMLA``, and expands to the
number as the figures round it.
"""

import re
from collections.abc import Mapping
from typing import Any

from mpl_dantinox.insights import definitions
from mpl_dantinox.insights.facts import leaves
from mpl_dantinox.numbers import number
from mpl_dantinox.tex import escape_tex

__all__ = ["FILES", "files", "front_latex", "front_markdown", "macros"]

FILES = ("facts.tex", "captions.tex", "captions.txt", "front.tex", "front.md")
_DIGITS = ("Zero", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")


def files(facts: Mapping[str, Any]) -> dict[str, str]:
    """Return what a paper quotes of what ``facts.json`` holds, by the name of the file."""
    told = {name: one for name, one in definitions().items() if _of(facts, name, "caption")}
    captions = {name: facts[name]["caption"] for name in told}
    made = [
        macros(facts),
        "".join(
            f"\\newcommand{{\\dx{_letters(name)}Caption}}{{{escape_tex(caption)}}}\n"
            for name, caption in captions.items()
        ),
        "".join(f"{told[name].file}\n\n{caption}\n\n" for name, caption in captions.items()),
    ]
    if _of(facts, "pareto", "facts"):
        made += [front_latex(facts), front_markdown(facts)]
    return dict(zip(FILES, made, strict=False))


def macros(facts: Mapping[str, Any]) -> str:
    r"""Return a LaTeX definition of every number of ``facts.json``.

    Names are letters only: digits are spelt out and other characters left out; of two groups whose
    names come out alike, the later one's ends in ``II``, the next in ``III``.

    >>> print(macros({"serving": {"facts": {"groups": {"GQA-8": {"ratio": 2.4142}}}}}), end="")
    \newcommand{\dxServingRatioGQAEight}{2.41}
    """
    lines = {}
    for insight, one in definitions().items():
        for fields, names, value, spelling, _ in leaves(one.holds, _of(facts, insight, "facts")):
            # A run on the front has a table of its own, and its row is no number to quote.
            if fields[0] == "front":
                continue
            values = value if isinstance(value, list) else [value]
            ends = ("Low", "High") if len(values) == 2 else ("",)
            for end, item in zip(ends, values, strict=False):
                if isinstance(item, bool) or not isinstance(item, int | float):
                    continue
                stem = name = "dx" + "".join(map(_letters, (insight, *fields, end, *names)))
                n = 1
                while name in lines:
                    n += 1
                    name = stem + "I" * n
                text = f"{item:,}" if isinstance(item, int) else spelling(item)
                lines[name] = f"\\newcommand{{\\{name}}}{{{text}}}\n"
    return "".join(lines.values())


def _of(facts: Mapping[str, Any], insight: str, key: str) -> Any:
    return (facts.get(insight) or {}).get(key) or {}


def _letters(name: str) -> str:
    words = re.split(r"[^A-Za-z0-9]+", name)
    spelt = (re.sub(r"\d", lambda digit: _DIGITS[int(digit[0])], word) for word in words)
    return "".join(word[:1].upper() + word[1:] for word in spelt)


def front_latex(facts: Mapping[str, Any]) -> str:
    """Return the front of all runs as a LaTeX table for the ``booktabs`` package."""
    header, *rows = [" & ".join(map(escape_tex, row)) + r" \\" for row in _front(facts)]
    lines = [r"\begin{tabular}{lllrr}", r"\toprule", header, r"\midrule", *rows, r"\bottomrule"]
    return "\n".join([*lines, r"\end{tabular}", ""])


def front_markdown(facts: Mapping[str, Any]) -> str:
    """Return the front of all runs as a Markdown table."""
    cells = ([re.sub(r"([\\`*_\[\]<>|])", r"\\\1", cell) for cell in row] for row in _front(facts))
    header, *rows = [f"| {' | '.join(row)} |" for row in cells]
    return "\n".join([header, "| --- | --- | --- | ---: | ---: |", *rows, ""])


def _front(facts: Mapping[str, Any]) -> list[list[str]]:
    """Return the cells of the table, its header first."""
    labels, units = facts["provenance"]["labels"], facts["pareto"]["facts"]["units"]
    measured = [
        f"{labels[role]} ({units[role]})" if role in units else labels[role]
        for role in ("cost", "quality")
    ]
    header = ["Run", labels["group"], "Feed-forward", *measured]
    kinds = {True: "MoE", False: "dense", None: "unknown"}
    rows = [[cell.replace(r"\$", "$") for cell in header]]
    for place, run in enumerate(facts["pareto"]["facts"]["panels"]["all"]["front"], 1):
        who = [run["name"] or str(place), run["group"], kinds[run["moe"]]]
        rows.append([*who, number(run["cost"]), number(run["quality"])])
    return [[" ".join(cell.split()) for cell in row] for row in rows]
