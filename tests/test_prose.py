"""LaTeX and Markdown from the facts."""

import re

import pytest
from tables import MLA_WINS, table

from mpl_dantinox.command.prose import front_latex, front_markdown, macros
from mpl_dantinox.insights.report import report

HOSTILE = ["MLA", "GQA-8", "GQA 8", "50% & $x_1$", "tpa|<b>", "\\input{x}", "ñandú"]


@pytest.fixture(scope="module")
def facts() -> dict[str, object]:
    groups = {name: MLA_WINS["GQA"] | {"cache": 2.0 - 0.2 * i, "loss": 2.0 + 0.1 * i}
              for i, name in enumerate(HOSTILE)}  # fmt: skip
    groups["MLA"] = MLA_WINS["MLA"]
    return report(table(groups, noise=0.05), baseline="GQA 8").to_dict()


def test_each_macro_has_a_name_of_letters_and_stands_once(facts: dict[str, object]) -> None:
    lines = macros(facts).splitlines()
    pattern = re.compile(r"\\newcommand\{\\(dx[A-Za-z]+)\}\{(-?[\d,]+(\.\d+)?(e[+-]\d+)?)\}")
    matches = [pattern.fullmatch(line) for line in lines]
    assert all(matches), [line for line, match in zip(lines, matches, strict=True) if not match]
    names = [match[1] for match in matches if match]
    assert len(names) == len(set(names)) > 100


def test_a_macro_has_the_value_of_the_figure(facts: dict[str, object]) -> None:
    ratio = facts["serving"]["facts"]["groups"]["MLA"]["ratio"]  # type: ignore[index]
    assert f"\\newcommand{{\\dxServingRatioMLA}}{{{ratio:.3g}}}" in macros(facts)


def test_groups_whose_names_come_out_alike_are_told_apart(facts: dict[str, object]) -> None:
    text = macros(facts)
    assert "\\dxServingRatioGQAEight}" in text
    assert "\\dxServingRatioGQAEightII}" in text


def test_names_are_escaped_in_the_tables(facts: dict[str, object]) -> None:
    latex, markdown = front_latex(facts), front_markdown(facts)
    cells = re.sub(r"\\[&%$#_{}]|\\text\w+\{\}|\\\\", "", latex.split("\\midrule")[1])
    assert not re.search(r"[$#_%~^]", cells)
    assert "\\input" not in latex
    assert all(len(re.findall(r"(?<!\\)\|", row)) == 6 for row in markdown.splitlines())


def test_the_front_has_a_row_for_each_run(facts: dict[str, object]) -> None:
    front = facts["pareto"]["facts"]["panels"]["all"]["front"]  # type: ignore[index]
    assert front_latex(facts).count(r" \\") == len(front) + 1
    assert front_markdown(facts).count("\n") == len(front) + 2


def test_the_table_has_the_words_of_the_figure() -> None:
    theirs = table(MLA_WINS).rename(columns={"val_loss": "ppl"})
    facts = report(theirs, insights=["pareto"], labels={"cost": r"Memory in \$"}).to_dict()
    header = front_markdown(facts).splitlines()[0]
    assert header == "| Run | Attention | Feed-forward | Memory in $ (MB) | ppl |"
    assert r"Memory in \$ (MB) & ppl" in front_latex(facts)
