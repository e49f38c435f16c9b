"""What an insight returns: its facts, the words made from them, and the figure."""

import base64
import html
import io
import os
import re
import sys
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure, SubFigure

from mpl_dantinox import __version__
from mpl_dantinox.files import write_whole
from mpl_dantinox.insights.claims import Claim
from mpl_dantinox.insights.facts import Facts
from mpl_dantinox.tex import escape_tex

__all__ = ["Insight"]


@dataclass(frozen=True, repr=False)
class Insight:
    """A finished figure with the facts and words that it was made from.

    Attributes
    ----------
    name : str
        ``"pareto"``, ``"serving"``, ``"mla_dial"``, or that of another insight.
    figure : matplotlib.figure.Figure or SubFigure
    axes : dict of str to Axes
        The panels by name.
    facts : Facts
        A frozen dataclass; ``facts.to_dict()`` is what goes into ``facts.json``.
    claims : tuple of Claim
        What is said of the data, and what each rests on.
    headline : str
        The sentence over the figure, made from the facts.
    caption : str
        What belongs under the figure in a paper: what is shown and compared, of how many runs, what
        bands and whiskers are, and the source.
    alt_text : str
        The figure in words, for readers who do not see it.
    notes : tuple of str
        What was assumed while reading the table, and what could not be read.
    source : str
        The table's name, hash and number of rows, which files of the figure carry along.

    Notes
    -----
    Where pyplot is in use, so are its ways: ``plt.show()`` shows the figure, ``plt.gcf()`` is the
    figure, and a notebook has it once, with its alt text where the insight ends a cell.
    """

    name: str
    figure: Figure | SubFigure
    axes: Mapping[str, Axes]
    facts: Facts
    claims: Sequence[Claim]
    headline: str
    caption: str
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
        # A SubFigure is saved with the whole of the figure that holds it.
        figure = self.figure.canvas.figure
        buffer = io.BytesIO()
        metadata = {**self._metadata(kind), **savefig_kwargs.pop("metadata", {})}
        with matplotlib.rc_context({"svg.hashsalt": "mpl-dantinox"}):
            figure.savefig(buffer, format=kind, metadata=metadata, **savefig_kwargs)
        return _without_last_digits(buffer.getvalue()) if kind == "svg" else buffer.getvalue()

    @property
    def caption_latex(self) -> str:
        r"""The caption as LaTeX code, for ``\caption{...}``."""
        return escape_tex(self.caption)

    def show(self) -> None:
        """Show the figure as `matplotlib.pyplot.show` does.

        Raises
        ------
        RuntimeError
            If the figure is none of pyplot's.
        """
        if not self._is_pyplots():
            raise RuntimeError(
                "the figure is none of pyplot's, and has no window: import matplotlib.pyplot "
                "before the insight is made, or save() it"
            )
        sys.modules["matplotlib.pyplot"].show()

    def __repr__(self) -> str:
        return f"<Insight {self.name}: {textwrap.shorten(self.headline, 140, placeholder=' …')}>"

    def _is_pyplots(self) -> bool:
        """Return whether the figure is one of pyplot's that has not been closed."""
        manager, pyplot = self.figure.canvas.manager, sys.modules.get("matplotlib.pyplot")
        return bool(pyplot and manager and pyplot.fignum_exists(manager.num))

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, str]:
        """Show the figure once, and its words, where the insight ends the cell of a notebook."""
        page, alt_text = self.figure.canvas.figure, html.escape(self.alt_text)
        words = f"<figcaption>{html.escape(self.headline)}</figcaption>"
        still = "inline" in matplotlib.get_backend() or matplotlib.get_backend() == "agg"
        if self._is_pyplots():
            if not still:
                # It is a widget, or has a window, and so is on the screen already.
                shown = f"<figure><p>{alt_text}</p>{words}</figure>"
                return {"text/plain": repr(self), "text/html": shown}
            # Else the inline backend would show it again at the end of the cell.
            sys.modules["matplotlib.pyplot"].close(page)
        data, vectors = (base64.b64encode(self.render(kind)).decode() for kind in ("png", "pdf"))
        picture = (
            f'<img src="data:image/png;base64,{data}" alt="{alt_text}" '
            f'width="{page.bbox.width:.0f}" style="max-width: 100%; height: auto">'
        )
        return {
            "text/plain": repr(self),
            "text/html": f"<figure>{picture}{words}</figure>",
            "image/png": data,
            "image/svg+xml": self.render("svg").decode(),
            # Without it nbconvert asks Inkscape to make one of the SVG, and gives up on LaTeX.
            "application/pdf": vectors,
        }

    def _metadata(self, kind: str) -> dict[str, Any]:
        """Return what a format can carry of the words and their source, with no date in it."""
        made_by = (
            f"mpl-dantinox {__version__}, matplotlib {matplotlib.__version__}, "
            f"numpy {np.__version__}"
        )
        origin = "; ".join([self.source, *self.notes, made_by])
        title, text = self.headline, self.alt_text
        words: dict[str, Any] = {"Title": title, "Description": text, "Source": origin}
        in_pdf = {"Title": title, "Subject": text, "Keywords": origin, "CreationDate": None}
        return {"png": words, "svg": {**words, "Date": None}, "pdf": in_pdf}.get(kind, {})


def _without_last_digits(svg: bytes) -> bytes:
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
