"""The keywords of insights: those that they share, and how each one's own are declared."""

import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypedDict, get_args, get_origin, get_type_hints

from matplotlib.axes import Axes
from matplotlib.figure import Figure, SubFigure
from matplotlib.typing import ColorType

from mpl_dantinox.tables.errors import RunsError

__all__ = ["DRAWING", "READING", "Option", "Shared", "options_of"]


class Shared(TypedDict, total=False):
    """Keywords that insights share, beside a keyword of each one's own options.

    Attributes
    ----------
    group, name, moe, params, quality, cost, cache, tps, dial, tps_at, state, ... : str or None
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
        What to draw into. By default a new figure is made, of pyplot's where pyplot is in use.
    ax : Axes, or dict of str to Axes, optional
        Axes of a figure of one's own to draw into: one for one panel, by default the first, or the
        last of panels that share their axes; or those of panels by name. Nothing is written
        outside of them: what belongs under the figure is the insight's `caption`.
    panels : str or sequence of str, optional
        The panels to show, by default all.
    legend : bool, default: True
        Whether there is a legend.
    words : bool, default: True
        Whether there are a headline, the line under it that says how to read the figure, and a
        footer.
    highlight : sequence of str, optional
        Groups to name and colour, beside those that matter most to the insight; the others are
        context. By default all groups have colours where there are no more than eight.
    colors : dict of str to color, optional
        Colours of groups; the others have those of the cycle.
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
    cache_tokens: str | None
    tps: str | None
    dial: str
    tps_at: str
    state: str | None
    where: Mapping[str, Any] | Sequence[str] | None
    units: Mapping[str, str] | None
    labels: Mapping[str, str] | None
    log: Mapping[str, bool] | None
    title: str | None
    fig: Figure | SubFigure | None
    ax: Axes | Mapping[str, Axes] | None
    panels: str | Sequence[str] | None
    legend: bool
    words: bool
    highlight: Sequence[str]
    colors: Mapping[str, ColorType]


#: The shared keywords that say how a table is read, and how what it tells is drawn.
READING = ("where", "units", "labels", "log")
DRAWING = ("title", "fig", "ax", "panels", "legend", "words", "highlight", "colors")


@dataclass(frozen=True)
class Option:
    """A keyword of one insight's own: its annotation, and what its description says first."""

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


def options_of(function: Callable[..., Any]) -> dict[str, Option]:
    """Return the options that the signature and the docstring of a function declare, by name."""
    kinds, described = get_type_hints(function), _described(function)
    return {
        name: Option(name, parameter.default, kinds[name], described.get(name, ""))
        for name, parameter in inspect.signature(function).parameters.items()
        if parameter.kind is parameter.KEYWORD_ONLY
    }


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
