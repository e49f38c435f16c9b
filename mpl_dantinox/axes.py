"""Helpers that take an Axes first, and the Axes that has them as methods."""

import inspect
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Concatenate, Literal, ParamSpec, TypeVar, cast

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.container import ErrorbarContainer
from matplotlib.lines import Line2D
from numpy.typing import ArrayLike

from mpl_dantinox import artists
from mpl_dantinox.artists.base import PropertiesOfBase
from mpl_dantinox.artists.crossings import crossings, drawn_points
from mpl_dantinox.artists.staircase import float_points, numbers_of
from mpl_dantinox.artists.text import spoken
from mpl_dantinox.pareto import Sense

__all__ = [
    "DantinoxAxes", "attainment_band", "callout", "dominated_region", "end_labels", "ideal_corner",
    "mark_best", "mark_crossing", "pareto_step", "ref_band", "vram_lines",
]  # fmt: skip

#: What has a line.
Line = Line2D | artists.RefBand | artists.VRAMReferenceLines

_A = TypeVar("_A", bound=Artist)
_P = ParamSpec("_P")


def _adding(
    artist: Callable[_P, _A], summary: str, example: str
) -> Callable[Concatenate[Axes, _P], _A]:
    """Return a helper that adds a new *artist* to an Axes and returns it.

    Its parameters are those of *artist*, and so is their description; its name is that with which
    its example begins.
    """

    def helper(ax: Axes, *args: _P.args, **kwargs: _P.kwargs) -> _A:
        added = artist(*args, **kwargs)
        # What is added as a line counts when limits are made anew, too.
        ax.add_line(added) if isinstance(added, Line2D) else ax.add_artist(added)
        return added

    kind: Any = artist
    told = (inspect.getdoc(kind) or "").partition("Parameters\n----------\n")[2]
    helper.__name__ = helper.__qualname__ = example.partition("(")[0]
    helper.__doc__ = (
        f"{summary}\n\nParameters\n----------\nax : `~matplotlib.axes.Axes`\n"
        f"{told.partition(chr(10) * 2)[0]}\n\nReturns\n-------\n{kind.__name__}\n\n"
        "Examples\n--------\n>>> from matplotlib.figure import Figure\n"
        f">>> ax = Figure().subplots()\n>>> {example}\n"
    )
    signature = inspect.signature(artist)
    ax = inspect.Parameter("ax", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=Axes)
    helper.__signature__ = signature.replace(  # type: ignore[attr-defined] # any callable's
        parameters=[ax, *signature.parameters.values()], return_annotation=artist
    )
    return cast("Callable[Concatenate[Axes, _P], _A]", helper)


dominated_region = _adding(
    artists.DominatedRegion,
    "Shade what points dominate, to the edges of the view.",
    "dominated_region(ax, [0.5], [0.5], hatch='/').get_hatch()\n'/'",
)
attainment_band = _adding(
    artists.AttainmentBand,
    "Draw the front that repeated runs attain: the median's, with a band between the quartiles'.",
    "attainment_band(ax, [1, 2, 3], [5, 5, 5], runs=['a', 'b', 'c']).get_front().tolist()\n"
    "[[2.0, 5.0]]",
)
vram_lines = _adding(
    artists.VRAMReferenceLines,
    "Draw labelled lines at the memory of accelerators. They leave the limits alone.",
    "vram_lines(ax, ['H100', 16], unit='MB').get_values().tolist()\n[16000.0, 80000.0]",
)
ref_band = _adding(
    artists.RefBand,
    "Draw a reference value with its band across the Axes. It leaves the limits alone.",
    "ref_band(ax, 2.0, spread=0.5, label='MHA').get_interval()\n(1.5, 2.5)",
)
ideal_corner = _adding(
    artists.IdealCorner,
    "Point an arrow at the corner where both values are best, clear of the data.",
    "ideal_corner(ax, sense=('min', 'max')).get_sense()\n('min', 'max')",
)
callout = _adding(
    artists.Callout,
    "Write a text beside a data point, where it lies on nothing.",
    "callout(ax, (0.5, 0.5), 'here').get_text()\n'here'",
)


def pareto_step(
    ax: Axes,
    x: ArrayLike,
    y: ArrayLike,
    *,
    sense: Sense = ("min", "min"),
    extend: bool = True,
    shade: bool = False,
    **line_props: Any,
) -> artists.ParetoStep:
    """Draw the staircase through the non-dominated points of x and y.

    Parameters
    ----------
    ax : `~matplotlib.axes.Axes`
    x, y, sense, extend
        As `ParetoStep` takes them.
    shade : bool, default: False
        Whether to shade what the front dominates, too, in the line's colour.
    **line_props
        As `ParetoStep` takes them.

    Returns
    -------
    ParetoStep

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax = Figure().subplots()
    >>> pareto_step(ax, [1, 2, 3], [3, 4, 1]).front_indices
    array([0, 2])
    """
    front = artists.ParetoStep(x, y, sense=sense, extend=extend, **line_props)
    ax.add_line(front)
    if shade:
        front.add_shade()
    return front


def end_labels(
    ax: Axes,
    lines: Iterable[Line2D | artists.RefBand] | None = None,
    *,
    labels: Sequence[str] | None = None,
    **text_props: Any,
) -> artists.EndLabels:
    """Label lines at their right ends, in their colours, with no label on another.

    Parameters
    ----------
    ax : `~matplotlib.axes.Axes`
    lines : iterable of `~matplotlib.lines.Line2D` or `RefBand`, optional
        The lines; by default those of the Axes that have a label for the legend.
    labels, **text_props
        As `EndLabels` takes them.

    Returns
    -------
    EndLabels

    Raises
    ------
    ValueError
        If there is no line with a label, or not one label for each line.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax = Figure().subplots()
    >>> _ = ax.plot([1, 2], [3, 4], label="MLA")
    >>> end_labels(ax).get_texts()
    ['MLA']
    """
    if lines is None:
        named = {
            child: str(child.get_label())
            for child in ax.get_children()
            if isinstance(child, Line2D | artists.RefBand)
        }
        # The line of error bars has no name of its own.
        for bars in ax.containers:
            if isinstance(bars, ErrorbarContainer) and bars.lines[0] is not None:
                named[bars.lines[0]] = str(bars.get_label())
        named = {line: name for line, name in named.items() if name and not name.startswith("_")}
        if not named:
            raise ValueError("no line of the Axes has a label; expected one, or lines and labels")
        lines, labels = list(named), list(named.values()) if labels is None else labels
    added = artists.EndLabels(lines, labels, **text_props)
    ax.add_artist(added)
    return added


def mark_best(
    ax: Axes,
    x: ArrayLike,
    y: ArrayLike,
    *,
    sense: Literal["min", "max"] = "min",
    text: str | None = None,
    **props: Any,
) -> artists.Callout:
    """Mark the point with the best y, and say so beside it.

    Parameters
    ----------
    ax : `~matplotlib.axes.Axes`
    x, y : array-like, shape (n,)
        The points; of equally good ones the first is marked.
    sense : {"min", "max"}, default: "min"
        Whether lower or higher is better.
    text : str, optional
        What to say; by default the coordinates.
    **props
        As `Callout` takes them; *marker* is a circle by default.

    Returns
    -------
    Callout

    Raises
    ------
    ValueError
        If no point is finite, or *sense* is neither of its choices.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax = Figure().subplots()
    >>> mark_best(ax, [8, 16, 32], [3.0, 2.5, 2.75], text="best").get_xy()
    (16, 2.5)
    """
    if sense not in ("min", "max"):
        raise ValueError(f"sense is {sense!r}; expected 'min' or 'max'")
    try:
        given_x, x_numbers = numbers_of(x, "x")
    except TypeError:
        # Categories along x need no order.
        given_x = np.asarray(x)
        x_numbers = np.arange(len(given_x))
    given_y, y_numbers = numbers_of(y, "y")
    points = float_points(x_numbers, y_numbers)
    score = np.where(np.isfinite(points).all(axis=1), points[:, 1], np.nan)
    if not np.isfinite(score).any():
        raise ValueError("no point has two finite coordinates; expected at least one")
    best = int(np.nanargmin(score) if sense == "min" else np.nanargmax(score))
    # Numbers of Python's, which print alike everywhere.
    x, y = (v.item() if isinstance(v, np.number) else v for v in (given_x[best], given_y[best]))
    mark = callout(ax, (x, y), text or "", **{"marker": "o", **props})
    if text is None:
        # Only now has the Axes seen what the coordinates are.
        along, height = (float(np.ravel(number)[0]) for number in mark._as_numbers(x, y))
        mark.set_text(f"{spoken(ax.xaxis, along)}, {spoken(ax.yaxis, height)}")
    return mark


def mark_crossing(
    ax: Axes,
    line: Line | tuple[ArrayLike, ArrayLike],
    other: Line | tuple[ArrayLike, ArrayLike] | Any,
    *,
    which: Literal["all", "first", "last"] = "all",
    text: str | None = None,
    **props: Any,
) -> list[artists.Callout]:
    """Mark where a line crosses another line or a level, with a dotted line down to the x axis.

    That is where they cross as they are drawn: between points they are straight on the scales that
    the Axes has now, steps are steps, gaps are gaps, and a guide ends where the view does.

    Parameters
    ----------
    ax : `~matplotlib.axes.Axes`
    line, other : `~matplotlib.lines.Line2D`, `RefBand`, `VRAMReferenceLines` or (x, y)
        The lines; *other* may also be a level along y.
    which : {"all", "first", "last"}, default: "all"
        Which crossings to mark, from left to right.
    text : str, optional
        What to say; by default the x of the crossing.
    **props
        As `Callout` takes them.

    Returns
    -------
    list of Callout
        Empty where the lines do not cross.

    Raises
    ------
    ValueError
        If a line is not in this Axes, or *which* is not one of its choices.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax = Figure().subplots()
    >>> crossing, = mark_crossing(ax, ([0, 10], [0, 5]), 2.0)
    >>> crossing.get_xy()
    (4.0, 2.0)
    """
    choices = {"all": slice(None), "first": slice(1), "last": slice(-1, None)}
    if which not in choices:
        raise ValueError(f"which is {which!r}; expected 'all', 'first' or 'last'")
    first = drawn_points(ax, line, "line")
    if isinstance(other, Artist | tuple | list):
        second = drawn_points(ax, other, "other")
    else:
        x = ax.transScale.inverted().transform(first)[:, 0]
        ends = [np.min(x, initial=np.inf, where=x == x), np.max(x, initial=-np.inf, where=x == x)]
        second = drawn_points(ax, (ends, [other, other]), "other")
    found = ax.transScale.inverted().transform(crossings(first, second).reshape(-1, 2))
    props = {"drop": "x", "marker": "o", **props}
    return [
        callout(ax, (x, y), spoken(ax.xaxis, x) if text is None else text, **props)
        for x, y in found[choices[which]].tolist()
    ]


class DantinoxAxes(PropertiesOfBase, Axes, has_own=False):
    """The Axes of ``projection="dantinox"``: an ordinary Axes whose methods include the helpers.

    Where a style sheet gives every Axes a grid, its twins have none, which would lie between the
    lines of its own, and it has none over an image.

    Examples
    --------
    >>> import mpl_dantinox
    >>> from matplotlib.figure import Figure
    >>> ax = Figure().add_subplot(projection="dantinox")
    >>> ax.pareto_step([1, 2, 3], [3, 4, 1]).front_indices
    array([0, 2])
    """

    name = "dantinox"

    pareto_step, dominated_region = pareto_step, dominated_region
    attainment_band, end_labels = attainment_band, end_labels
    vram_lines, ref_band, ideal_corner = vram_lines, ref_band, ideal_corner
    callout, mark_best, mark_crossing = callout, mark_best, mark_crossing

    def twinx(self, *args: Any, **kwargs: Any) -> Any:
        """Return a twin that shares the x axis, as `matplotlib.axes.Axes.twinx`; without a grid."""
        twin = super().twinx(*args, **kwargs)
        twin.grid(visible=False)
        return twin

    def twiny(self, *args: Any, **kwargs: Any) -> Any:
        """Return a twin that shares the y axis, as `matplotlib.axes.Axes.twiny`; without a grid."""
        twin = super().twiny(*args, **kwargs)
        twin.grid(visible=False)
        return twin

    def imshow(self, *args: Any, **kwargs: Any) -> Any:
        """Show an image, as `matplotlib.axes.Axes.imshow`, without a grid over it."""
        self.grid(visible=False)
        return super().imshow(*args, **kwargs)
