"""What all insights share: from a table and keywords to a finished figure and its words.

An insight is one file. It has a public function, whose signature and docstring declare its own
options, and a `Definition` with the roles that it needs and four functions, called in this order:
facts from the runs, claims from the facts, words from facts and claims, drawing from facts. What
the command line, ``facts.json``, its schema, the macros and the manual know of an insight they take
from its definition.
"""

import inspect
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import (
    Any,
    Generic,
    Literal,
    TypedDict,
    TypeVar,
    get_args,
    get_origin,
    get_type_hints,
)  # fmt: skip

from matplotlib.figure import Figure, SubFigure

from mpl_dantinox.insights.claims import Claim
from mpl_dantinox.insights.facts import Facts
from mpl_dantinox.insights.page import Page, new_page
from mpl_dantinox.insights.result import Insight
from mpl_dantinox.insights.words import rows_left_out, spoken
from mpl_dantinox.nearest import advice
from mpl_dantinox.tables.runs import ROLES, Runs, RunsError, as_runs

__all__ = ["Definition", "Option", "Shared", "Words", "senses"]


class Shared(TypedDict, total=False):
    """Keywords that insights share, beside a keyword of each one's own options.

    Attributes
    ----------
    group, name, moe, params, quality, cost, cache, tps, dial, tps_at, ... : str or None
        The column that plays a role, by default the one that `ROLES` names; None for none. An
        insight takes those that it uses.
    block : str or sequence of str, optional
        The columns that say which runs are comparable: those with the same values there. By default
        a column of sizes, else `params`; None for none.
    where : dict of str to value, or list of str, optional
        What a run must have in a column to be shown: one of some values, or a number in bounds, as
        ``{"model": ["a", "b"], "batch_size": ">=8"}`` or ``["model=a,b", "batch_size>=8"]``.
    units : dict of role to str, optional
        Units of columns, such as ``{"cache": "MiB"}``; by default those that names and cells tell.
    labels : dict of str to str, optional
        What the column of a role is called on the figure.
    log : dict of str to bool, optional
        Whether the axis of a role is logarithmic; by default it is where the data span a decade or
        more. The axis of memory budgets is that of the cache.
    title : str, optional
        A line over the headline.
    fig : Figure or SubFigure, optional
        What to draw into.
    """

    group: str
    moe: str | None
    name: str | None
    params: str | None
    active_params: str | None
    weights: str | None
    quality: str
    cost: str
    cache: str
    tps: str
    dial: str
    tps_at: str
    where: Mapping[str, Any] | Sequence[str] | None
    units: Mapping[str, str] | None
    labels: Mapping[str, str] | None
    log: Mapping[str, bool] | None
    title: str | None
    fig: Figure | SubFigure | None


#: The shared keywords that say how a table is read.
READING = ("where", "units", "labels", "log")
_DRAWING = ("title", "fig")


@dataclass(frozen=True)
class Words:
    """What an insight writes.

    Attributes
    ----------
    headline : str
        The sentence over the figure.
    how_to_read : str
        The lighter line under it.
    shown : str
        What is shown of the table, for the footer, which says beside it what is not.
    alt_text : str
        The figure in words; the headline is put before it.
    footnote : str
        What else the footer says.
    notes : tuple of str
        What a terminal is told beside the notes on the table.
    """

    headline: str
    how_to_read: str
    shown: str
    alt_text: str
    footnote: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Option:
    """A keyword of one insight's own.

    Attributes
    ----------
    name : str
    default : object
    kind : type
        Its annotation.
    help : str
        The first sentence of its description.
    """

    name: str
    default: Any
    kind: Any
    help: str

    @property
    def choices(self) -> tuple[str, ...]:
        """The words that its value, or each item of it, is one of; none where any will do."""
        inner = get_args(self.kind)
        literal = self.kind if get_origin(self.kind) is Literal else inner[0] if inner else None
        return get_args(literal) if get_origin(literal) is Literal else ()

    def check(self, value: Any) -> None:
        """Raise if a value has a word that is no choice."""
        choices = self.choices
        for item in [value] if isinstance(value, str) or not self.repeats else value:
            if choices and item not in choices:
                raise RunsError(f"{self.name} is {' or '.join(map(repr, choices))}; got {item!r}")

    @property
    def repeats(self) -> bool:
        """Whether its value is a sequence of any length."""
        return get_origin(self.kind) is Sequence


F = TypeVar("F", bound=Facts)
R = TypeVar("R")


@dataclass(frozen=True, eq=False)
class Definition(Generic[F, R]):
    """All there is to know of an insight.

    Attributes
    ----------
    name : str
        Its key in ``facts.json``; its function is ``insight_{name}``.
    file : str
        The name of its figure's file, without the ending.
    function : function
        The public one. Its keywords other than `Shared` are the insight's options.
    needs, uses : tuple of str
        The roles without which there is nothing to show, and those that it shows where they are.
    holds : type
        The class of its facts. It has a field ``dropped``, which says how many rows are not used:
        for each reason the role, or roles joined by " and ", that they lack; ``"moe"`` where it is
        not known whether a run is dense, ``"dense"`` where it is known not to be.
    facts : function
        Given the runs and the options: the facts, and what the drawing needs of the runs besides.
    claims : function
        Given the facts: the claims.
    words : function
        Given the facts, the claims, and what each role's column is called: the words.
    draw : function
        Given the page, the facts, and what the drawing needs of the runs besides.
    panels : function
        Given the facts: the names of the panels.
    share_axes : bool
        Whether the panels have the same axes.
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

    @cached_property
    def options(self) -> Mapping[str, Option]:
        """The insight's own options by name, as the signature and the docstring declare them."""
        kinds, described = get_type_hints(self.function), _described(self.function)
        own = [
            parameter
            for parameter in inspect.signature(self.function).parameters.values()
            if parameter.kind is parameter.KEYWORD_ONLY
        ]
        return {
            p.name: Option(p.name, p.default, kinds[p.name], described.get(p.name, "")) for p in own
        }

    @cached_property
    def keywords(self) -> tuple[str, ...]:
        """All keywords that the insight takes."""
        return (*self.options, *self.needs, *self.uses, *READING, *_DRAWING)

    @property
    def summary(self) -> str:
        """What the insight shows, in one sentence."""
        return inspect.cleandoc(self.function.__doc__ or "").partition("\n")[0]

    def make(self, table: Any, shared: Mapping[str, Any], **options: Any) -> Insight:
        """Return the insight of a table.

        Parameters
        ----------
        table : path-like, frame or Runs
            What `load_runs` takes, or runs that have been read.
        shared : mapping
            `Shared` keywords.
        **options
            The insight's own.

        Raises
        ------
        TypeError
            If a keyword is none of the insight's.
        RunsError
            If a column is missing or cannot be read, or an option makes no sense.
        NoDataError
            If no run has what the insight shows.
        """
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
        claims = tuple(self.claims(facts))
        words = self.words(facts, claims, runs.labels)
        page = new_page(
            self.panels(facts), headline=words.headline, how_to_read=words.how_to_read,
            footer=_footer(runs, words, facts), share_axes=self.share_axes, runs=runs,
            **{key: shared.get(key) for key in _DRAWING},
        )  # fmt: skip
        self.draw(page, facts, besides)
        return Insight(
            self.name, page.figure, page.axes, facts, claims, words.headline,
            f"{words.headline}. {words.alt_text}", (*runs.notes, *words.notes), runs.origin,
        )  # fmt: skip


def _footer(runs: Runs, words: Words, facts: Any) -> str:
    """Return the table's name, what is shown of it, and how many rows are not, by reason."""
    reasons = rows_left_out(facts.dropped, spoken(runs.labels))
    return "; ".join([f"{runs.name}: {words.shown}", *reasons]) + words.footnote


def _described(function: Callable[..., Any]) -> dict[str, str]:
    """Return the first sentence of what a docstring says of each parameter."""
    text = inspect.cleandoc(function.__doc__ or "")
    found = re.findall(r"^([\w, *]+) : .*\n((?: {4}.*\n?)+)", text, re.MULTILINE)
    sentences = {
        name: re.split(r"[.;:](?:\s|$)", " ".join(said.split()), maxsplit=1)[0]
        for names, said in found
        for name in names.split(", ")
    }
    return {name: sentence[:1].lower() + sentence[1:] for name, sentence in sentences.items()}


def senses(runs: Runs, maximize: Sequence[str], *roles: str) -> tuple[Any, ...]:
    """Return the direction of better of each role: "max" for those named and for scores."""
    return tuple("max" if role in maximize or role in runs.scores else "min" for role in roles)
