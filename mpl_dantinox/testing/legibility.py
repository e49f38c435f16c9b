"""Whether a figure can be read: texts that overlap, leave it, are too small or too pale."""

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axis import Tick
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.collections import PathCollection
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.legend import Legend
from matplotlib.lines import Line2D
from matplotlib.table import Cell
from matplotlib.text import Text
from matplotlib.transforms import Bbox, BboxBase
from numpy.typing import NDArray

from mpl_dantinox.artists.obstacles import has_marker
from mpl_dantinox.contrast import contrast_ratio
from mpl_dantinox.numbers import count

__all__ = ["Finding", "legibility"]

Kind = Literal["overlap", "marker", "legend", "outside", "size", "contrast"]
Array = NDArray[np.float64]

# In font heights: how far the box of a text may reach into another, for it has room for accents.
_SLACK = 0.1
# In font heights: the room for descenders, and the letters that have none.
_DESCENT = 0.2
_NO_DESCENDER = frozenset("0123456789.:%+-−×=± ABCDEFGHIKLMNOPRSTUVWXYZabcdefhiklmnorstuvwxz")


@dataclass(frozen=True)
class Finding:
    """One thing that makes a figure hard to read.

    Attributes
    ----------
    kind : {"overlap", "marker", "legend", "outside", "size", "contrast"}
        What is wrong.
    message : str
        The same for a person, naming the texts and the numbers.
    artists : tuple of matplotlib.artist.Artist
        The text it is about, and then what it collides with.
    """

    kind: Kind
    message: str
    artists: tuple[Artist, ...]

    def __str__(self) -> str:
        return f"{self.kind}: {self.message}"


def legibility(
    figure: Figure, *, min_size: float = 6.0, min_contrast: float = 4.5, min_alpha: float = 0.5
) -> list[Finding]:
    """Draw a figure, and report what makes it hard to read.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        Any figure, drawn with any backend. It is drawn twice, in memory, and left as it was.
    min_size : float, default: 6
        The least size of a font, in points at the size of the figure.
    min_contrast : float, default: 4.5
        The least contrast ratio of a text with what lies behind it, as WCAG 2 defines it.
    min_alpha : float, default: 0.5
        Markers this opaque must not lie under text. Fainter ones are context, which may, unless
        their artist has the gid ``"front"``.

    Returns
    -------
    list of Finding
        Empty if all is well. Reported are, by `Finding.kind`:

        - ``"overlap"``: two texts that lie on each other, or one on the other's box;
        - ``"marker"``: a text that lies on markers of a scatter or a line;
        - ``"legend"``: a text that lies on a legend and is not its own;
        - ``"outside"``: a text that leaves the figure, or that its clip box cuts;
        - ``"size"``: a font under *min_size*;
        - ``"contrast"``: a text too like its ground. The ground are the pixels under its letters:
          bars, images, boxes and halos. A tenth of them may fail, so a thin line may cross it.

    Notes
    -----
    Texts that are empty, invisible, or out of view are not judged, and rotated ones are by their
    rotated boxes. Texts may reach into each other by a tenth of the font size. A text is seen if
    its artist gives it among its children, as matplotlib's own all do.

    Examples
    --------
    >>> fig = Figure(figsize=(4, 3), layout="constrained")
    >>> ax = fig.subplots()
    >>> note = ax.text(0.5, 0.5, "here")
    >>> legibility(fig)
    []
    >>> other = ax.text(0.55, 0.5, "there", size=5)
    >>> for finding in legibility(fig):
    ...     print(finding)
    overlap: 'here' and 'there' overlap
    size: 'there' is in 5 pt, under 6 pt
    """
    scene = _drawn_scene(figure)
    return [
        *_overlaps(scene),
        *_on_markers(scene, min_alpha),
        *_on_legends(scene),
        *_outside(scene),
        *_too_small(scene, min_size),
        *_too_pale(scene, min_contrast),
    ]


_Renderer: Any = RendererAgg


class _Canvas(_Renderer):  # type: ignore[misc]  # matplotlib gives its renderers no types
    """Pixels in memory, with or without the letters, that note the gid of whatever is drawn.

    What surrounds letters is their ground: the box of a text and the stroke of its halo stay.
    """

    def __init__(self, figure: Figure, *, letters: bool) -> None:
        super().__init__(*figure.bbox.size, figure.dpi)
        self.drawn: set[str | None] = set()
        self._letters = letters
        if not letters:
            self.draw_text = self.draw_tex = lambda *_, **__: None
        self._groups: list[str] = []

    def pixels(self) -> Array:
        return np.asarray(self.buffer_rgba())[..., :3] / 255

    def open_group(self, s: str, gid: str | None = None) -> None:
        self.drawn.add(gid)
        self._groups.append(s)

    def close_group(self, s: str) -> None:
        # A text at no finite place opens its group and never closes it.
        while self._groups and self._groups.pop() != s:
            pass

    def draw_path(self, gc: Any, path: Any, transform: Any, rgbFace: Any = None) -> None:  # noqa: N803  # as they come
        # Path effects draw letters as paths. Without faces the strokes of their halos are left.
        letter = self._groups[-1:] == ["text"] and not self._letters
        super().draw_path(gc, path, transform, None if letter else rgbFace)


@dataclass(frozen=True)
class _Box:
    """A rectangle in pixels: its centre, half its size, and its own two directions as rows."""

    center: Array
    half: Array
    along: Array

    @classmethod
    def upright(cls, extent: BboxBase) -> "_Box":
        points = extent.get_points()
        return cls(points.mean(axis=0), abs(points[1] - points[0]) / 2, np.eye(2))

    def corners(self) -> Array:
        return self.center + (_SIGNS * self.half) @ self.along

    def meets(self, other: "_Box") -> bool:
        """Return whether the two share more than an edge: no direction of either parts them."""
        axes = np.vstack([self.along, other.along])
        reach = [(abs(axes @ box.along.T) * box.half).sum(axis=1) for box in (self, other)]
        return bool((abs(axes @ (self.center - other.center)) < reach[0] + reach[1]).all())

    def distances(self, points: Array) -> Array:
        """Return how far points of shape (n, 2) are from the rectangle, 0 within it."""
        beyond = abs((points - self.center) @ self.along.T) - self.half
        return np.asarray(np.linalg.norm(beyond.clip(0), axis=1))


_SIGNS = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]])


def _clip_box(artist: Artist) -> Bbox | None:
    return artist.get_clip_box() if artist.get_clip_on() else None


class _Word:
    """A text as drawn: its letters, the box that was put around them, and where both are."""

    def __init__(self, text: Text, renderer: _Canvas) -> None:
        self.text = text
        angle = np.deg2rad(text.get_rotation())
        along = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
        upright = copy.copy(text)
        upright.set_transform_rotates_text(False)
        upright.set_rotation(0)
        # The extent of an annotation has its arrow in it; that of its text has not. The box of a
        # turned text has the centre of the text's extent.
        self.extent = Text.get_window_extent(text, renderer)
        size = Text.get_window_extent(upright, renderer).size
        height = float(text.get_fontsize()) * renderer.dpi / 72
        half = np.maximum(np.array(size) / 2 - _SLACK * height, 0.5)
        center = self.extent.get_points().mean(axis=0)
        if _NO_DESCENDER.issuperset(text.get_text().rsplit("\n", 1)[-1]):
            empty = _DESCENT * height / 2
            center, half = center + empty * along[1], half - [0, min(empty, half[1] / 2)]
        self.letters = self.frame = _Box(center, half, along)
        patch = text.get_bbox_patch()
        if patch is not None:
            drawn = patch.get_path().get_extents()
            center = patch.get_transform().transform(drawn.get_points().mean(axis=0))
            self.frame = _Box(center, np.array(drawn.size) / 2, along)

    def __str__(self) -> str:
        words = " ".join(self.text.get_text().split())
        return repr(words if len(words) <= 40 else f"{words[:39]}…")

    def finding(self, kind: Kind, told: str, *others: Artist) -> Finding:
        return Finding(kind, f"{self} {told}", (self.text, *others))

    def is_in_view(self) -> bool:
        """Return whether it has letters, at a finite place, within the box that clips it."""
        if not self.text.get_text().strip() or not np.isfinite(self.letters.corners()).all():
            return False
        clip = _clip_box(self.text)
        return clip is None or self.letters.meets(_Box.upright(clip))


class _Markers(NamedTuple):
    """The centres, radii in pixels, and opacities of the markers of an artist in view."""

    artist: Artist
    places: Array
    radii: Array
    alphas: Array


class _Scene(NamedTuple):
    """A figure as drawn: its words, what they may collide with, and its pixels."""

    figure: Figure
    words: list[_Word]
    markers: list[_Markers]
    legends: list[tuple[Legend, _Box]]
    full: Array
    ground: Array


def _drawn_scene(figure: Figure) -> _Scene:
    """Draw *figure* as it is and without its letters, and find what is where."""
    full, bare = _Canvas(figure, letters=True), _Canvas(figure, letters=False)
    figure.draw(full)
    texts = [*figure.findobj(Text), *(cell.get_text() for cell in figure.findobj(Cell))]
    marked = [*figure.findobj(PathCollection), *figure.findobj(Line2D)]
    tagged = {id(artist): artist for artist in [*texts, *marked]}
    gids = {key: artist.get_gid() for key, artist in tagged.items()}
    engine = figure.get_layout_engine()
    figure.set_layout_engine("none")  # so that nothing moves when it is drawn again
    try:
        for key, artist in tagged.items():
            artist.set_gid(f"legibility-{key}")
        figure.draw(bare)
    finally:
        for key, artist in tagged.items():
            artist.set_gid(gids[key])
        if engine is not None:  # else rcParams would be asked for one
            figure.set_layout_engine(engine)
    legends = [legend for legend in figure.findobj(Legend) if legend.get_visible()]
    # Neither the keys of a legend nor the ticks of an axis, which are markers too, are data.
    keys = {id(artist) for legend in legends for artist in legend.findobj()}
    keys |= {id(line) for tick in figure.findobj(Tick) for line in tick.findobj(Line2D)}
    drawn = {k: a for k, a in tagged.items() if f"legibility-{k}" in bare.drawn}
    words = [_Word(a, bare) for a in drawn.values() if isinstance(a, Text)]
    data = [a for k, a in drawn.items() if k not in keys and not isinstance(a, Text)]
    markers = [found for found in (_markers(a, bare) for a in data) if len(found.places)]
    boxes = [(legend, _Box.upright(legend.get_window_extent(bare))) for legend in legends]
    in_view = [word for word in words if word.is_in_view()]
    return _Scene(figure, in_view, markers, boxes, full.pixels(), bare.pixels())


def _markers(artist: Any, renderer: _Canvas) -> _Markers:
    """Return the markers of a scatter or a line, as far as they are in view."""
    is_line = isinstance(artist, Line2D)
    places, radii, alphas = (_of_line if is_line else _of_scatter)(artist, renderer)
    seen = np.isfinite(places).all(axis=1)
    if (clip := _clip_box(artist)) is not None:
        seen &= _Box.upright(clip).distances(np.nan_to_num(places)) == 0
    radii, alphas = np.resize(radii, seen.shape), np.resize(alphas, seen.shape)
    return _Markers(artist, places[seen], radii[seen], alphas[seen])


def _of_scatter(artist: PathCollection, renderer: _Canvas) -> tuple[Array, Any, Any]:
    places = artist.get_offset_transform().transform(np.ma.filled(artist.get_offsets(), np.nan))
    # The drawn size is that of the path, scaled by one matrix per size.
    path = artist.get_paths()[0].get_extents() if artist.get_paths() else Bbox.unit()
    scales = np.asarray(artist.get_transforms(), dtype=float)
    radii = scales[:, 0, 0] * max(path.width, path.height) / 2 if len(scales) else np.zeros(1)
    faces, edges = artist.get_facecolor(), artist.get_edgecolor()
    colors = np.asarray(faces if len(faces) else edges)
    return places, radii, np.atleast_2d(colors)[:, 3] if len(colors) else np.zeros(1)


def _of_line(line: Line2D, renderer: _Canvas) -> tuple[Array, Any, Any]:
    if not has_marker(line):
        return np.empty((0, 2)), 0.0, 0.0
    places = line.get_transform().transform(line.get_xydata())
    color = line.get_markerfacecolor()
    if line.get_fillstyle() == "none" or to_rgba(color)[3] == 0:
        color = line.get_markeredgecolor()
    alpha = to_rgba(color)[3] if line.get_alpha() is None else line.get_alpha()
    return places, line.get_markersize() * renderer.dpi / 144, alpha


def _overlaps(scene: _Scene) -> Iterator[Finding]:
    words = scene.words
    if not words:
        return
    # Few upright boxes meet.
    corners = np.array([[word.frame.corners(), word.letters.corners()] for word in words])
    low, high = corners.min(axis=(1, 2)), corners.max(axis=(1, 2))
    meet = ((low[:, None] < high) & (high[:, None] > low)).all(axis=-1)
    for one, other in ((words[i], words[j]) for i, j in np.argwhere(np.triu(meet, 1))):
        if one.frame.meets(other.letters) or one.letters.meets(other.frame):
            yield Finding("overlap", f"{one} and {other} overlap", (one.text, other.text))


def _on_markers(scene: _Scene, min_alpha: float) -> Iterator[Finding]:
    for artist, places, radii, alphas in scene.markers:
        matter = alphas >= min_alpha if artist.get_gid() != "front" else np.isfinite(alphas)
        for word in scene.words:
            hit = matter & (word.letters.distances(places) < radii * 0.9)
            if hit.any():
                yield word.finding("marker", f"lies on {count(int(hit.sum()), 'marker')}", artist)


def _on_legends(scene: _Scene) -> Iterator[Finding]:
    for legend, box in scene.legends:
        own = {id(text) for text in legend.findobj(Text)}
        for word in scene.words:
            if id(word.text) not in own and word.letters.meets(box):
                yield word.finding("legend", "lies on a legend", legend)


def _outside(scene: _Scene) -> Iterator[Finding]:
    for word in scene.words:
        clip = _clip_box(word.text) or scene.figure.bbox
        for what, bounds in (("figure", scene.figure.bbox), ("clip box", clip)):
            beyond = _Box.upright(bounds).distances(word.letters.corners()).max()
            if beyond > 0.5:
                points = beyond * 72 / scene.figure.dpi
                yield word.finding("outside", f"leaves the {what} by {points:.1f} pt")
                break


def _too_small(scene: _Scene, min_size: float) -> Iterator[Finding]:
    for word in scene.words:
        size = float(word.text.get_fontsize())
        if size < min_size - 1e-6:
            yield word.finding("size", f"is in {size:.3g} pt, under {min_size:g} pt")


def _too_pale(scene: _Scene, min_contrast: float) -> Iterator[Finding]:
    height, width = scene.full.shape[:2]
    for word in scene.words:
        (x0, y0), (x1, y1) = np.round(word.extent.get_points()).astype(int)
        rows = slice(max(height - y1, 0), max(height - y0, 0))
        columns = slice(max(x0, 0), max(min(x1, width), 0))
        full, ground = scene.full[rows, columns], scene.ground[rows, columns]
        if not full.size:
            continue
        # The pixels under the letters; those of a text that cannot be seen at all are not known.
        inked = (full != ground).any(axis=-1)
        ground = ground[inked] if inked.any() else ground
        *rgb, alpha = to_rgba(word.text.get_color(), word.text.get_alpha())
        ratios = contrast_ratio(alpha * np.array(rgb) + (1 - alpha) * ground, ground)
        ratio = float(np.quantile(ratios, 0.1))
        if ratio < min_contrast:
            told = f"has a contrast of {ratio:.2f}, under {min_contrast:g}"
            yield word.finding("contrast", told)
        elif not inked.any():
            yield word.finding("contrast", "is hidden")
