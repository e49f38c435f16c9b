"""What all insights share: from a table and keywords to a finished figure and its words.

An insight is one file. It has a public function, whose signature and docstring declare its own
options, and a `Definition` with the roles that it needs and four functions, called in this order:
facts from the runs, claims from the facts, words from facts and claims, drawing from facts. What
the command line, ``facts.json``, its schema, the macros and the manual know of an insight they take
from its definition.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Generic, TypeVar

from matplotlib.axes import Axes
from matplotlib.figure import Figure, SubFigure

from mpl_dantinox.artists.base import is_straight
from mpl_dantinox.insights.claims import Claim
from mpl_dantinox.insights.facts import Facts
from mpl_dantinox.insights.keywords import DRAWING, READING, Option, Shared, options_of
from mpl_dantinox.insights.looks import looks
from mpl_dantinox.insights.page import NewFigure, Page, figure_in_use, new_page, room_for
from mpl_dantinox.insights.result import Insight
from mpl_dantinox.insights.rows import failures
from mpl_dantinox.insights.words import rows_left_out, runs_failed, spoken
from mpl_dantinox.nearest import advice
from mpl_dantinox.tables.roles import higher_is_better
from mpl_dantinox.tables.runs import ROLES, Runs, RunsError, as_runs

__all__ = ["Definition", "Option", "Shared", "Told", "Words", "senses", "wanted_panels"]


@dataclass(frozen=True)
class Words:
    """What an insight writes.

    `how_to_read` is the lighter line under the headline. `shown` is what is shown of the table, for
    the footer, which says beside it what is not, and then the `footnote`. `alt_text` is the figure
    in words, without the headline, which is put before it. `notes` are for a terminal.
    """

    headline: str
    how_to_read: str
    shown: str
    alt_text: str
    footnote: str = ""
    notes: tuple[str, ...] = ()


#: How many runs of a group failed, by how they did.
Failures = Mapping[str, Mapping[str, int]]
# Of as many groups a headline tells which of their runs failed.
_MOST_FAILED = 2

F = TypeVar("F", bound=Facts)
R = TypeVar("R")


@dataclass(frozen=True, eq=False)
class Definition(Generic[F, R]):
    """All there is to know of an insight.

    Attributes
    ----------
    name, file : str
        Its key in ``facts.json``, and the name of its figure's file without the ending.
    function : function
        ``insight_{name}``. Its keywords other than `Shared` are the insight's options.
    needs, uses : tuple of str
        The roles without which there is nothing to show, and those that it shows where they are.
    holds : type
        The class of its facts. It has a field ``dropped``, which says how many rows are not used:
        for each reason the role, or roles joined by " and ", that they lack; ``"moe"`` where it is
        not known whether a run is dense, ``"dense"`` where it is known not to be.
    facts : function
        Given the runs and the options: the facts, and what the drawing needs of the runs besides.
    claims, words, draw : function
        Given the facts: the claims. Given the facts, the claims, and what each role's column is
        called: the words. Given the page, the facts, and what else the drawing needs: the drawing.
    panels : function
        Given the facts: the names of the panels. Facts that have a field ``shown`` hold there, for
        the claims and the words, those of them that the caller wants.
    share_axes : bool
        Whether the panels have the same axes.
    dense : bool
        Whether it is about dense runs only.
    matter : function, optional
        Given the facts: the groups that matter most, which are named where not all can be.
    """

    name: str
    file: str
    function: Callable[..., Insight]
    needs: tuple[str, ...]
    uses: tuple[str, ...]
    holds: type[F]
    facts: Callable[..., tuple[F, R]]
    claims: Callable[[F], Iterable[Claim]]
    words: Callable[[F, Sequence[Claim], Mapping[str, str]], Words]
    draw: Callable[[Page, F, R], None]
    panels: Callable[[F], Sequence[str]]
    share_axes: bool = False
    dense: bool = True
    matter: Callable[[F], Sequence[str]] = lambda facts: ()

    @cached_property
    def options(self) -> Mapping[str, Option]:
        """The insight's own options by name, as the signature and the docstring declare them."""
        return options_of(self.function)

    @cached_property
    def keywords(self) -> tuple[str, ...]:
        """All keywords that the insight takes."""
        return (*self.options, *self.needs, *self.uses, *READING, *DRAWING)

    def make(self, table: Any, shared: Mapping[str, Any], **options: Any) -> Insight:
        """Return the insight of a table, given `Shared` keywords and the insight's own options.

        The table is what `load_runs` takes, or runs that have been read. A keyword that is none of
        the insight's raises TypeError; a column that is missing or cannot be read, or an option
        that makes no sense, RunsError; and a table without a run to show, NoDataError.
        """
        drawing = {key: shared[key] for key in DRAWING if shared.get(key) is not None}
        told, panels = self.tell(table, shared, **options), drawing.pop("panels", None)
        wanted = wanted_panels(told, panels, drawing.get("ax"), drawing.get("fig"))
        return told.only(wanted).draw(**drawing)

    def tell(self, table: Any, shared: Mapping[str, Any], **options: Any) -> "Told[F, R]":
        """Return what the insight tells of a table, as `make` takes it, before it is drawn."""
        for keyword in shared:
            if keyword not in self.keywords:
                raise TypeError(
                    f"insight_{self.name}() has no keyword {keyword!r}; "
                    f"{advice(keyword, self.keywords)}"
                )
        for name, value in options.items():
            self.options[name].check(value)
        columns = {r: shared.get(r, ROLES[r].column) for r in (*self.needs, *self.uses)}
        reading: Any = {key: shared[key] for key in READING if key in shared}
        runs = as_runs(table, columns, need=self.needs, **reading)
        facts, besides = self.facts(runs, **options)
        lower = tuple(options.get("minimize", ()))
        return Told(self, runs, facts, besides, tuple(self.panels(facts)), lower)


@dataclass(frozen=True, eq=False)
class Told(Generic[F, R]):
    """What an insight tells of a table, and what it takes to draw the panels that are shown."""

    definition: Definition[F, R]
    runs: Runs
    facts: F
    besides: R
    panels: tuple[str, ...]
    #: The roles that the caller said are better the lower they are.
    minimize: tuple[str, ...] = ()

    def only(self, panels: Sequence[str]) -> "Told[F, R]":
        """Return the same of some of the panels."""
        facts: Any = self.facts
        if hasattr(facts, "shown"):
            facts = replace(facts, shown=tuple(panels))
        return replace(self, facts=facts, panels=tuple(panels))

    @cached_property
    def failed(self) -> Failures:
        """How many of the runs that it is about failed, by group."""
        return failures(self.runs, dense=self.definition.dense)

    @property
    def matter(self) -> tuple[str, ...]:
        """The groups that matter most to it."""
        return tuple(self.definition.matter(self.facts))

    def _assumed(self) -> list[str]:
        """Return a note on a quality that is better the lower it is, where nothing says so."""
        sense, is_said = getattr(self.facts, "sense", ()), "quality" in self.minimize
        if sense[1:] != ("min",) or is_said:
            return []
        column, unit = self.runs.columns["quality"], self.runs.units.get("quality")
        if higher_is_better(column, *filter(None, [unit])) is not None:
            return []
        how = "where higher is, --maximize quality"
        return [f"quality: lower {column!r} is taken as better; {how}"]

    def draw(
        self, *, matter: Sequence[str] = (), new_figure: NewFigure = figure_in_use, **given: Any
    ) -> Insight:
        """Return the insight, given the keywords of `Shared` about drawing, without ``panels``.

        *matter* are groups that matter to the other figures of a report.
        """
        one, runs = self.definition, self.runs
        facts: Any = self.facts
        failed = [
            Claim("failed", g, n, f"{n:,}", how, n=n) for g, ways in self.failed.items()
            for how, n in ways.items()
        ]  # fmt: skip
        claims = (*one.claims(facts), *failed)
        words = one.words(facts, claims, runs.labels)
        reasons = [*rows_left_out(facts.dropped, spoken(runs.labels)), *runs_failed(self.failed)]
        footer = "; ".join([f"{runs.name}: {words.shown}", *reasons]) + words.footnote
        headline = "; ".join([words.headline, *_failures_said(self.failed)])
        style = looks(
            runs.groups, [*matter, *self.matter], highlight=given.pop("highlight", ()),
            colors=given.pop("colors", {}),
        )  # fmt: skip
        page = new_page(
            self.panels, names=one.panels(facts),
            texts=(headline, words.how_to_read, footer), share_axes=one.share_axes,
            runs=runs, style=style, new_figure=new_figure, **given,
        )  # fmt: skip
        with page.caller_keeps_limits():
            one.draw(page, facts, self.besides)
        page.settle()
        return Insight(
            one.name, page.figure, dict(page.axes), facts, claims, headline,
            f"{headline}. {words.how_to_read} {footer.removesuffix('.')}.",
            f"{headline}. {words.alt_text}",
            (*runs.notes, *words.notes, *self._assumed()), runs.origin,
        )  # fmt: skip


def wanted_panels(
    told: Told[Any, Any],
    panels: str | Sequence[str] | None,
    ax: Any = None,
    fig: Figure | SubFigure | None = None,
) -> tuple[str, ...]:
    """Return the panels to show: those that are named, or that there are Axes or room for."""
    if fig is not None and not isinstance(fig, Figure | SubFigure):
        raise RunsError(f"fig is {fig!r}; expected a Figure or a SubFigure")
    names, whole = told.panels, told.definition.share_axes
    # Of panels that share their axes the last has most runs.
    by_rank = names[::-1] if whole else names
    if panels is None:
        room = 1 if ax is not None else room_for(fig) if fig else len(names)
        panels = list(ax) if isinstance(ax, Mapping) else by_rank[:room]
    wanted = [panels] if isinstance(panels, str) else panels
    for panel in wanted:
        if panel not in names:
            raise RunsError(
                f"insight_{told.definition.name} has no panel {panel!r}; {advice(panel, names)}"
            )
    if not wanted or (isinstance(ax, Axes) and len(wanted) > 1):
        raise RunsError(f"{len(wanted)} panels for one Axes; panels= names one of {list(names)}")
    for panel in wanted if ax is not None else ():
        one = ax.get(panel) if isinstance(ax, Mapping) else ax
        if not (isinstance(one, Axes) and one.get_figure() and is_straight(one)):
            raise RunsError(
                f"ax for the panel {panel!r} is {one!r}; expected an Axes of a figure, with "
                f"straight x and y axes, or a dict of such Axes by panel, of {list(names)}"
            )
    return tuple(name for name in names if name in wanted)


def _failures_said(failed: Failures) -> list[str]:
    """Return what a headline says of runs that failed, of many groups their number alone."""
    if len(failed) <= _MOST_FAILED:
        return runs_failed(failed)
    n = sum(sum(ways.values()) for ways in failed.values())
    return [f"{n:,} runs of {len(failed)} groups failed"]


def senses(runs: Runs, maximize: Sequence[str], minimize: Sequence[str]) -> Any:
    """Return the direction of better of cost and of quality: as named, else "max" for scores."""
    if twice := {*maximize}.intersection(minimize):
        raise RunsError(f"{twice.pop()} is in maximize and in minimize; it can be in one of them")
    higher = {*maximize} | runs.scores.difference(minimize)
    return tuple("max" if role in higher else "min" for role in ("cost", "quality"))
