"""
An insight of your own
======================

Facts from runs, claims from facts, words from both, a drawing: four functions and a `Definition`.
Page, footer, alt text, files and the command's options follow.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import matplotlib.pyplot as plt

from mpl_dantinox import sample_runs
from mpl_dantinox.insights import Claim, Definition, Facts
from mpl_dantinox.insights.core import Words
from mpl_dantinox.insights.rows import Quartiles, quartiles


@dataclass(frozen=True)
class SizesFacts(Facts):
    """Parameters (M) of each group's runs."""

    dropped: Mapping[str, int]
    groups: Mapping[str, Quartiles]


def insight_sizes(table, **shared):
    """Draw how large the models of each group are."""
    return SIZES.make(table, shared)


def facts(runs):
    """Medians and quartiles."""
    return SizesFacts({}, quartiles(runs.frame, "params")), None


def claims(facts):
    """A median is a count of nothing: it needs no verdict."""
    return [
        Claim("median", g, q.median, f"{q.median:.2f} M", "size") for g, q in facts.groups.items()
    ]


def words(facts, claims, labels):
    """The sentence is made of the claims."""
    largest = max(claims, key=lambda claim: claim.value)
    return Words(
        headline=f"The typical {largest.of} model has {largest.text} parameters",
        how_to_read="Dots: medians. Lines: from the lower to the upper quartile.",
        shown=f"{len(claims)} groups",
        alt_text="; ".join(f"{claim.of} {claim.text}" for claim in claims),
    )


def draw(page, facts, besides):
    """Into the panel that the page has made."""
    ax = page.axes["sizes"]
    for place, (group, q) in enumerate(facts.groups.items()):
        ax.plot([q.q1, q.q3], [place, place], lw=3, color=f"dantinox:{group.lower()}")
        ax.plot(q.median, place, "o", ms=8, color=f"dantinox:{group.lower()}")
    ax.set_yticks(range(len(facts.groups)), list(facts.groups))
    ax.set(xlabel="Parameters (M)", ylim=(-0.5, len(facts.groups) - 0.5))


SIZES = Definition(
    name="sizes",
    file="sizes",
    function=insight_sizes,
    needs=("group", "params"),
    uses=(),
    holds=SizesFacts,
    facts=facts,
    claims=claims,
    words=words,
    draw=draw,
    panels=lambda facts: ("sizes",),
)

plt.style.use("dantinox")
insight = insight_sizes(sample_runs())
plt.show()
