"""What an insight returns: its facts, the words made from them, and the figure."""

import base64
import dataclasses
import html
import io
import math
import os
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import matplotlib
import narwhals as nw
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure, SubFigure
from matplotlib.image import imsave

import mpl_dantinox
from mpl_dantinox.files import write_whole
from mpl_dantinox.pareto import Sense
from mpl_dantinox.tables.engine import collected
from mpl_dantinox.tables.reading import RunsError
from mpl_dantinox.tables.runs import Runs

__all__ = ["Facts", "Insight", "check_sense", "fact", "fact_or_none", "left_out"]


class Facts:
    """What is true of the data: a frozen dataclass of plain values, made before any drawing."""

    def to_dict(self) -> dict[str, Any]:
        """Return the facts as dictionaries, lists, strings, numbers and None, ready for JSON."""
        assert dataclasses.is_dataclass(self)
        return {f.name: _plain(getattr(self, f.name)) for f in dataclasses.fields(self)}


def _plain(value: Any) -> Any:
    if isinstance(value, Facts):
        return value.to_dict()
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    return value


def fact(value: Any) -> float:
    """Return a number as facts hold it: a float of twelve digits.

    The last digits of a mean depend on the order of the rows; no claim should.
    """
    return float(f"{value:.12g}")


def fact_or_none(value: Any) -> float | None:
    """Return a number as facts hold it, None for a missing one."""
    return None if value is None or not math.isfinite(value) else fact(value)


def left_out(runs: Runs, wanted: Mapping[str, nw.Expr]) -> dict[str, int]:
    """Return how many rows are not dense runs of a group, or else fail each further condition.

    A row that fails two is counted under the first. ``"moe"`` are those that are not known to be
    dense, ``"dense"`` those that are known not to be.
    """
    first = {"group": ~nw.col("group").is_null()}
    if "moe" in runs.columns:
        first |= {"moe": ~nw.col("moe").is_null(), "dense": nw.col("moe") == 0}
    kept, before = [], nw.lit(True)
    for condition in (first | dict(wanted)).values():
        before = before & condition
        kept.append(before)
    sums = [k.cast(nw.Int64).sum().alias(str(place)) for place, k in enumerate(kept)]
    n = [int(left or 0) for left in collected(runs.frame.select(nw.len(), *sums)).row(0)]
    lost = zip(first | dict(wanted), n[:-1], n[1:], strict=True)
    return {what: more - fewer for what, more, fewer in lost if more > fewer}


def check_sense(sense: Any) -> Sense:
    """Return the direction of better for cache and for loss, or say what it should be."""
    if not isinstance(sense, Sequence) or [s in ("min", "max") for s in sense] != [True, True]:
        raise RunsError(f"sense is a pair of 'min' or 'max', for cache and for loss; got {sense!r}")
    return (sense[0], sense[1])


def _settled(svg: bytes) -> bytes:
    """Return an SVG file without the last digits of its layout.

    They differ from one process to another, for the layout's solver goes through its variables by
    their addresses. Coordinates keep four decimals, a ten-thousandth of a point, and clip paths,
    which are named for their coordinates, are numbered.
    """
    found = re.findall(rb'<clipPath id="(\w+)"', svg)
    numbers = {name: b"clip%d" % n for n, name in enumerate(found, 1)}
    svg = re.sub(
        rb'(<clipPath id="|clip-path="url\(#)(\w+)',
        lambda match: match[1] + numbers.get(match[2], match[2]),
        svg,
    )
    # In tags alone: a number in the words is what it says.
    return re.sub(rb"<[^>]+>", lambda tag: re.sub(rb"-?\d+\.\d{5,}", _short, tag[0]), svg)


def _short(number: re.Match[bytes]) -> bytes:
    text = b"%.4f" % float(number[0])
    return b"0" if text == b"-0.0000" else text


def _saved_as_it_is() -> bool:
    """Return whether files of a figure look like the figure, as far as rcParams tell."""
    rc = matplotlib.rcParams
    asked = [rc["savefig.facecolor"], rc["savefig.edgecolor"], rc["savefig.bbox"]]
    return asked == ["auto", "auto", None] and not rc["savefig.transparent"]


def _drawn(figure: Figure, metadata: Mapping[str, str]) -> Callable[[], bytes]:
    """Draw a figure once, where `Figure.savefig` does so twice, the first time for its layout."""
    canvas, dpi = figure.canvas, figure.dpi
    wanted = matplotlib.rcParams["savefig.dpi"]
    try:
        if wanted != "figure":
            figure.dpi = wanted
        agg: Any = FigureCanvasAgg(figure)
        agg.draw()
        return partial(_png, agg.buffer_rgba(), figure.dpi, metadata)
    finally:
        figure.dpi = dpi
        figure.set_canvas(canvas)


def _png(pixels: Any, dpi: float, metadata: Mapping[str, str]) -> bytes:
    buffer = io.BytesIO()
    # Compressing harder takes twice the time for a seventh less.
    imsave(
        buffer, pixels, format="png", origin="upper", dpi=dpi, metadata=dict(metadata),
        pil_kwargs={"compress_level": 1},
    )  # fmt: skip
    return buffer.getvalue()


@dataclass(frozen=True)
class Insight:
    """A finished figure with the facts and words that it was made from.

    Attributes
    ----------
    name : str
        ``"pareto"``, ``"serving"`` or ``"mla_dial"``.
    figure : matplotlib.figure.Figure or SubFigure
    axes : dict of str to Axes
        The panels by name.
    facts : Facts
        A frozen dataclass; ``facts.to_dict()`` is what goes into ``facts.json``.
    headline : str
        The sentence over the figure, made from the facts.
    alt_text : str
        The figure in words, for readers who do not see it.
    notes : tuple of str
        What was assumed while reading the table, and what could not be read.
    source : str
        The table's name, hash and number of rows, which files of the figure carry along.

    Notes
    -----
    As the last expression of a notebook's cell it shows its figure, with its alt text, and its
    headline. For a figure that can be zoomed under ``%matplotlib widget``, let it draw into one of
    pyplot's: ``insight_pareto(runs, fig=plt.figure())``.
    """

    name: str
    figure: Figure | SubFigure
    axes: Mapping[str, Axes]
    facts: Facts
    headline: str
    alt_text: str
    notes: tuple[str, ...] = ()
    source: str = ""

    def save(self, path: str | os.PathLike[str], **savefig_kwargs: Any) -> Path:
        """Write the figure to a file, whole or not at all, and the same bytes every time.

        Parameters
        ----------
        path : path-like
            The ending chooses the format; the folder is made if it is missing.
        **savefig_kwargs
            Passed to `matplotlib.figure.Figure.savefig`.

        Returns
        -------
        pathlib.Path
            The file.

        Raises
        ------
        OSError
            If the file cannot be written; a file that was there before stays as it was.
        """
        path = Path(path)
        kind = savefig_kwargs.pop("format", None) or path.suffix[1:] or "png"
        write_whole(path, self.render(kind, **savefig_kwargs))
        return path

    def render(self, kind: str, **savefig_kwargs: Any) -> bytes:
        """Return the bytes of the file that `save` would write in a format."""
        return self.drawn(kind, **savefig_kwargs)()

    def drawn(self, kind: str, **savefig_kwargs: Any) -> Callable[[], bytes]:
        """Draw the figure, and return a function that returns the bytes of its file.

        The function may be called in another thread, while the next figure is drawn.
        """
        metadata = {**self._metadata(kind), **savefig_kwargs.pop("metadata", {})}
        # A SubFigure is saved with the whole of the figure that holds it.
        figure = self.figure.canvas.figure
        if kind == "png" and not savefig_kwargs and _saved_as_it_is():
            return _drawn(figure, metadata)
        buffer = io.BytesIO()
        with matplotlib.rc_context({"svg.hashsalt": "mpl-dantinox"}):
            figure.savefig(buffer, format=kind, metadata=metadata, **savefig_kwargs)
        data = buffer.getvalue()
        return partial(_settled, data) if kind == "svg" else partial(bytes, data)

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, str]:
        """Show the figure once, and its words, where the insight ends the cell of a notebook."""
        page = self.figure.canvas.figure
        manager, pyplot = page.canvas.manager, sys.modules.get("matplotlib.pyplot")
        words, picture = html.escape(self.headline), f"<p>{html.escape(self.alt_text)}</p>"
        kept = pyplot and manager and pyplot.fignum_exists(manager.num)
        still = "inline" in matplotlib.get_backend() or matplotlib.get_backend() == "agg"
        # A figure of pyplot's that is a widget, or has a window, is on the screen already.
        if still or not kept:
            data = base64.b64encode(self.render("png")).decode()
            picture = (
                f'<img src="data:image/png;base64,{data}" alt="{html.escape(self.alt_text)}" '
                f'width="{page.bbox.width:.0f}" style="max-width: 100%; height: auto">'
            )
            if pyplot and kept:
                # Else the inline backend would show it again at the end of the cell.
                pyplot.close(page)
        return {
            "text/plain": f"{self.headline}\n{self.alt_text}",
            "text/html": f"<figure>{picture}<figcaption>{words}</figcaption></figure>",
        }

    def _metadata(self, kind: str) -> dict[str, Any]:
        """Return what a format can carry of the words and their source, with no date in it."""
        made_by = (
            f"mpl-dantinox {mpl_dantinox.__version__}, matplotlib {matplotlib.__version__}, "
            f"numpy {np.__version__}"
        )
        origin = "; ".join([self.source, *self.notes, made_by])
        words = {"Title": self.headline, "Description": self.alt_text, "Source": origin}
        if kind == "png":
            return words
        if kind == "svg":
            return {**words, "Date": None}
        if kind == "pdf":
            words = {"Title": self.headline, "Subject": self.alt_text, "Keywords": origin}
            return {**words, "CreationDate": None}
        return {}
