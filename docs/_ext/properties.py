"""The effect of every property of an artist, as pictures: ``{properties} RefBand`` in a page.

Properties and what they accept are those that matplotlib's `ArtistInspector` finds. Each is set to
another value, and what changes the pixels is shown; the others are listed.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
from docutils import nodes
from matplotlib.artist import Artist, ArtistInspector
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke
from numpy.typing import NDArray
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from mpl_dantinox import artists

X = np.array([1.0, 2.0, 2.5, 4.0, 3.0, 5.0])
Y = np.array([8.0, 5.0, 6.5, 3.0, 7.0, 6.0])

#: An artist of each class, in an Axes with points and a line.
MAKE: dict[str, Callable[[Axes], Artist]] = {
    "ParetoStep": lambda ax: artists.ParetoStep(X, Y),
    "DominatedRegion": lambda ax: artists.DominatedRegion(X, Y),
    "AttainmentBand": lambda ax: artists.AttainmentBand(X, Y, [0, 1, 0, 1, 2, 2]),
    "VRAMReferenceLines": lambda ax: artists.VRAMReferenceLines([2, 4]),
    "RefBand": lambda ax: artists.RefBand(5.0, spread=1.0),
    "Callout": lambda ax: artists.Callout((2.0, 5.0), "here", marker="o"),
    "EndLabels": lambda ax: artists.EndLabels(ax.lines[:1], ["end"]),
    "IdealCorner": lambda ax: artists.IdealCorner(),
}

#: A value that shows what a property does. What is true or false is turned over, and colours become
#: the fourth of the cycle.
VALUES: dict[str, Any] = {
    "alpha": 0.3,
    "band_alpha": 0.6,
    "capstyle": "round",
    "dash_capstyle": "round",
    "dash_joinstyle": "bevel",
    "dashes": (6, 2),
    "devices": ["RTX 4090", 3.0],
    "drawstyle": "steps-pre",
    "fillstyle": "left",
    "hatch": "/",
    "hatch_linewidth": 4,
    "interval": (2.5, 5.5),
    "joinstyle": "round",
    "linestyle": ":",
    "linewidth": 4,
    "marker": "s",
    "markeredgewidth": 3,
    "markersize": 12,
    "markevery": 2,
    "path_effects": [withStroke(linewidth=6, foreground="gold")],
    "prefer": (-1, -1),
    "sense": ("max", "max"),
    "sketch_params": 2,
    "solid_capstyle": "round",
    "solid_joinstyle": "bevel",
    "text": "other words",
    "unit": "GiB",
    "value": 7.0,
    "xy": (4.0, 3.0),
    "zorder": 0,
}
#: What an artist needs for some of its properties to be seen.
WITH: dict[str, dict[str, Any]] = {
    "dash_": {"linestyle": "--", "linewidth": 8},
    "edge": {"linewidth": 2, "edgecolor": "0.2"},
    "fillstyle": {"marker": "o", "markersize": 12},
    "gapcolor": {"linestyle": "--", "linewidth": 4},
    "hatch_": {"hatch": "/"},
    "hatchcolor": {"hatch": "/"},
    "joinstyle": {"linewidth": 8, "edgecolor": "0.2"},
    "linestyle": {"linewidth": 3},
    "marker": {"marker": "o", "markersize": 8},
    "markerfacecoloralt": {"fillstyle": "left", "marker": "o", "markersize": 12},
    "solid_": {"linewidth": 10},
}
#: They are about files, events and places in the tree of artists, or need data of their own.
UNSEEN = (
    "data",
    "xdata",
    "ydata",
    "points",
    "label",
    "transform",
    "figure",
    "clip_box",
    "clip_path",
)

DPI = 200


def drawn(name: str, *changes: dict[str, Any]) -> tuple[Figure, Artist]:
    """Return a small figure, and the artist in it after changes of its properties."""
    fig = Figure(figsize=(1.8, 1.35))
    ax = fig.add_axes((0.03, 0.03, 0.94, 0.94))
    ax.plot(X[:4], 9 - Y[:4] / 2, color="0.75", zorder=1)
    ax.plot(X, Y, "o", color="0.6", ms=4)
    ax.set(xlim=(0, 6), ylim=(1, 9), xticks=[], yticks=[])
    artist = MAKE[name](ax)
    ax.add_artist(artist)
    for change in changes:
        artist.set(**{key: change[key] for key in change if hasattr(artist, f"set_{key}")})
    return fig, artist


def changes(name: str) -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    """Yield each property of an artist, what it needs to be seen, and the change that shows it."""
    inspector = ArtistInspector(getattr(artists, name))
    _, artist = drawn(name)
    aliases = {alias for others in inspector.aliasd.values() for alias in others}
    for key in inspector.get_setters():
        if key in UNSEEN or key in aliases or key in ("aa", "ls", "lw", "c"):
            continue
        accepts = inspector.get_valid_values(key)
        if key in VALUES:
            value = VALUES[key]
        elif "color" in accepts:
            value = "C3"
        elif accepts.startswith("bool"):
            value = not getattr(artist, f"get_{key}", lambda: False)()
        else:
            continue
        needs = [props for start, props in WITH.items() if key.startswith(start)]
        yield key, needs[-1] if needs else {}, {key: value}


def pixels(figure: Figure) -> NDArray[np.uint8]:
    """Return what a figure looks like."""
    figure.set_dpi(DPI)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    return np.asarray(canvas.buffer_rgba())


class Properties(SphinxDirective):
    """Stands for the pictures of an artist's properties, and the list of those without."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the pictures."""
        name = self.arguments[0]
        with mpl.rc_context({"font.size": 9}):
            mpl.rcdefaults()
            return self._shown(name)

    def _shown(self, name: str) -> list[nodes.Node]:
        seen = [self._figure(name, "as it is made", pixels(drawn(name)[0]))]
        known = {"as it is made"}
        for key, needs, change in changes(name):
            before, after = (pixels(drawn(name, needs, one)[0]) for one in ({}, change))
            if not np.array_equal(before, after):
                value = "[…]" if key == "path_effects" else repr(change[key])
                seen.append(self._figure(name, f"{key}={value}", after))
                known.add(key)
        setters = ArtistInspector(getattr(artists, name)).get_setters()
        unseen = [key for key in setters if key not in known]
        others = nodes.paragraph(text="Without a picture, for they change none by themselves: ")
        for key in unseen:
            others += [nodes.literal(text=key), nodes.Text(", " if key != unseen[-1] else ".")]
        return [nodes.container("", *seen, classes=["properties"]), others]

    def _figure(self, name: str, said: str, seen: NDArray[np.uint8]) -> nodes.Node:
        folder = Path(self.env.srcdir) / "generated"
        folder.mkdir(exist_ok=True)
        file = folder / f"{name}-{said.partition('=')[0].replace(' ', '-')}.png"
        plt.imsave(file, seen)
        image = nodes.image(uri=f"/generated/{file.name}", alt=f"{name}, {said}", width="180")
        return nodes.figure("", image, nodes.caption("", "", nodes.literal(text=said)))


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive."""
    app.add_directive("properties", Properties)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
