"""An insight of another package: how large the models of each group are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Unpack

from mpl_dantinox.insights import Claim, Definition, Facts, Insight
from mpl_dantinox.insights.core import Shared, Words
from mpl_dantinox.insights.page import Page
from mpl_dantinox.insights.rows import Quartiles, quartiles
from mpl_dantinox.numbers import exact
from mpl_dantinox.tables.runs import NoDataError, Runs


@dataclass(frozen=True)
class SizesFacts(Facts):
    """Parameters (M) of each group's runs, above a floor."""

    floor: Annotated[float, exact]
    order: str
    dropped: Mapping[str, int]
    groups: Mapping[str, Quartiles]


def insight_sizes(
    table: Any,
    *,
    floor: float = 0.0,
    order: Literal["name", "size"] = "name",
    **shared: Unpack[Shared],
) -> Insight:
    """Draw how large the models of each group are.

    Parameters
    ----------
    table : path-like or frame
        What `load_runs` takes.
    floor : float
        Smallest median that is shown, M. Groups below it are left out.
    order : {"name", "size"}
        What the bars are sorted by.
    **shared
        `mpl_dantinox.insights.core.Shared` keywords.
    """
    return SIZES.make(table, shared, floor=floor, order=order)


def _facts(runs: Runs, *, floor: float, order: str) -> tuple[SizesFacts, None]:
    found = {g: q for g, q in quartiles(runs.frame, "params").items() if q.median >= floor}
    if not found:
        raise NoDataError("no group is so large")
    key = (lambda g: found[g].median) if order == "size" else str
    return SizesFacts(floor, order, {}, {g: found[g] for g in sorted(found, key=key)}), None


def _claims(facts: SizesFacts) -> list[Claim]:
    return [
        Claim("median", g, q.median, f"{q.median:.2f}", "median M", n=1)
        for g, q in facts.groups.items()
    ]


def _words(facts: SizesFacts, claims: Sequence[Claim], labels: Mapping[str, str]) -> Words:
    largest = max(facts.groups, key=lambda g: facts.groups[g].median)
    return Words(
        headline=f"The models of {largest} are the largest",
        how_to_read="Bars: medians.",
        shown=f"{len(facts.groups)} groups",
        alt_text="Bar chart of sizes.",
    )


def _draw(page: Page, facts: SizesFacts, besides: None) -> None:
    ax = page.axes["sizes"]
    ax.bar(list(facts.groups), [q.median for q in facts.groups.values()])
    ax.set_ylabel(page.labels["params"])


SIZES = Definition(
    name="sizes",
    file="other_sizes",
    function=insight_sizes,
    needs=("group", "params"),
    uses=(),
    holds=SizesFacts,
    facts=_facts,
    claims=_claims,
    words=_words,
    draw=_draw,
    panels=lambda facts: ("sizes",),
)
