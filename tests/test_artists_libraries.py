"""The artists beside other libraries: units, cursors, styles, TeX and fonts."""

import datetime
import decimal
import inspect
import io
import shutil
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib import font_manager, units
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backend_bases import MouseEvent
from matplotlib.colors import to_rgba
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.text import Text

from mpl_dantinox.artists import Callout, RefBand, VRAMReferenceLines
from mpl_dantinox.axes import (
    attainment_band,
    callout,
    dominated_region,
    end_labels,
    ideal_corner,
    mark_best,
    mark_crossing,
    pareto_step,
    ref_band,
    vram_lines,
)
from mpl_dantinox.contrast import contrast

X = np.array([1.0, 2.0, 4.0, 3.0])
Y = np.array([8.0, 5.0, 4.0, 7.0])


@pytest.fixture
def ax() -> Axes:
    return plt.figure(figsize=(4, 3), dpi=72).add_subplot()


# Units


class Metres:
    """A quantity as a small library has it: no number, and with a unit of its own."""

    def __init__(self, value: float, factor: float = 1) -> None:
        self.value, self.factor = value, factor

    def __sub__(self, other: "Metres") -> "Metres":
        return Metres(self.value * self.factor - other.value * other.factor)

    def __add__(self, other: "Metres") -> "Metres":
        return Metres(self.value * self.factor + other.value * other.factor)

    def __mul__(self, by: float) -> "Metres":
        return Metres(self.value * by, self.factor)

    def __lt__(self, other: "Metres") -> bool:
        return self.value * self.factor < other.value * other.factor

    def __le__(self, other: "Metres") -> bool:
        return not other < self


class MetresConverter(units.ConversionInterface):
    @staticmethod
    def convert(value: Any, unit: float, axis: object) -> Any:
        if isinstance(value, Metres):
            return value.value * value.factor / unit
        return [MetresConverter.convert(one, unit, axis) for one in value]

    @staticmethod
    def default_units(x: Any, axis: object) -> float:
        return (x if isinstance(x, Metres) else x[0]).factor


@pytest.fixture(params=["own", "pint"])
def metres(request: pytest.FixtureRequest) -> Iterator[Callable[[float], Any]]:
    """How to make a quantity of so many metres."""
    if request.param == "own":
        units.registry[Metres] = MetresConverter()
        yield Metres
        del units.registry[Metres]
    else:
        registry = pytest.importorskip("pint").UnitRegistry()
        registry.setup_matplotlib()
        yield lambda value: value * registry.metre
        registry.setup_matplotlib(False)


def test_quantities_of_a_registered_type_are_drawn_as_numbers(
    metres: Callable[[float], Any], ax: Axes
) -> None:
    x = [metres(value) for value in X]
    front = pareto_step(ax, x, Y, shade=True)
    band = attainment_band(ax, x, Y, [0, 1, 0, 1])
    ref_band(ax, metres(2.0), spread=metres(0.5), axis="x")
    callout(ax, (metres(2.0), 5.0), "here")
    best = mark_best(ax, x, Y)
    (crossing,) = mark_crossing(ax, (x[:3], Y[:3]), 6.0)
    ax.figure.canvas.draw()
    assert front.get_front().tolist() == [[1, 8], [2, 5], [4, 4]]
    assert band.get_surfaces()[2].tolist() == [[2, 8], [4, 5]]
    assert best.get_xy()[0] is x[2] or best.get_xy()[0] == x[2]
    assert crossing.get_xy() == (pytest.approx(5 / 3), 6)


def test_quantities_are_in_the_units_of_the_axes() -> None:
    pint = pytest.importorskip("pint")
    registry = pint.UnitRegistry()
    registry.setup_matplotlib()
    ax = plt.figure().add_subplot()
    ax.plot([100, 400] * registry.centimetre, [4, 8])
    x = X * registry.metre
    front = pareto_step(ax, x, Y)
    band = attainment_band(ax, x, Y, [0, 0, 0, 0])
    region = dominated_region(ax, x, Y)
    reference = ref_band(ax, 2 * registry.metre, spread=50 * registry.centimetre, axis="x")
    ax.figure.canvas.draw()
    registry.setup_matplotlib(False)
    wanted = [[100, 8], [200, 5], [400, 4]]
    assert front.get_front().tolist() == wanted
    assert band.get_front().tolist() == wanted
    corners = (ax.transAxes - ax.transData).transform(region.get_path().vertices)
    assert min(abs(corners[:, 0] - 200)) < 1e-6
    assert np.allclose(np.unique(reference.get_children()[0].get_xy()[:, 0]), [150, 250])


@pytest.mark.parametrize("name", ["pareto_step", "attainment_band"])
def test_units_that_the_axes_is_given_later_count(ax: Axes, name: str) -> None:
    registry = pytest.importorskip("pint").UnitRegistry()
    registry.setup_matplotlib()
    x = X * registry.metre
    made = {"pareto_step": pareto_step, "attainment_band": attainment_band}[name]
    front = made(ax, x, Y, *([[0, 0, 0, 0]] if name == "attainment_band" else []))
    ax.xaxis.set_units(registry.centimetre)
    ax.figure.canvas.draw()
    registry.setup_matplotlib(False)
    assert front.get_front()[:, 0].tolist() == [100, 200, 400]


def test_decimals_and_timestamps_are_quantities_too(ax: Axes) -> None:
    exact = [decimal.Decimal("1.5"), decimal.Decimal(3)]
    assert pareto_step(ax, exact, [2, 1]).get_front().tolist() == [[1.5, 2], [3, 1]]
    other = plt.figure().add_subplot()
    days = [datetime.date(2024, 1, 1), datetime.date(2024, 1, 2)]
    assert pareto_step(other, days, [2, 1]).get_front()[:, 0].tolist() == [19723, 19724]


# Cursors


@pytest.mark.parametrize(
    ("make", "at", "told"),
    [
        (lambda ax: pareto_step(ax, X, Y), (2, 6), "x=2"),
        (lambda ax: attainment_band(ax, X, Y, [0, 0, 0, 0]), (2, 6), "x=2"),
        (lambda ax: dominated_region(ax, X, Y), (2, 6), "x=2"),
        (lambda ax: ref_band(ax, 5.0, spread=1.0, label="mean"), (3, 5.5), "mean: 5.0"),
        (lambda ax: vram_lines(ax, [2, ("mine", 3)]), (3, 6), "mine: 3 GB"),
        (lambda ax: callout(ax, (3, 6), "here", marker="o"), (3, 6), "here"),
        (lambda ax: mark_crossing(ax, (X[:3], Y[:3]), 6.0)[0], (5 / 3, 6), "1.667"),
    ],
)
def test_mplcursors_hovers_over_everything(
    make: Callable[[Axes], Any], at: tuple[float, float], told: str, ax: Axes
) -> None:
    mplcursors = pytest.importorskip("mplcursors")
    ax.plot(X, Y, "o")
    make(ax)
    ax.set(xlim=(0, 5), ylim=(3, 9))
    ax.figure.canvas.draw()
    ax.lines[0].remove()
    cursor = mplcursors.cursor(ax, hover=True)
    pixel = ax.transData.transform(at)
    event = MouseEvent("motion_notify_event", ax.figure.canvas, *pixel)
    ax.figure.canvas.callbacks.process("motion_notify_event", event)
    (selection,) = cursor.selections
    assert selection.target == pytest.approx(at, abs=0.05)
    assert selection.annotation.get_text().startswith(told)
    ax.figure.canvas.draw()


# Styles


def _sheets() -> dict[str, Any]:
    found: dict[str, Any] = {
        name: name for name in ("dark_background", "ggplot", "grayscale", "bmh", "default")
    }
    with warnings.catch_warnings():
        # What the other libraries do when they are imported is their own affair.
        warnings.simplefilter("ignore")
        try:
            import mplhep
            import scienceplots  # noqa: F401 - registers its sheets
            import tueplots.bundles
        except ImportError:
            return found
    for name, sheet in vars(mplhep.style).items():
        if isinstance(sheet, dict) and name.isupper():
            found[f"mplhep.{name}"] = sheet
    for name, bundle in vars(tueplots.bundles).items():
        if inspect.isfunction(bundle) and not name.startswith("_"):
            found[f"tueplots.{name}"] = bundle() | {"text.usetex": False}
    return found | {"science": ["science", "no-latex"]}


SHEETS = _sheets()


def _is_for_every_day(name: str) -> bool:
    """Tell whether a sheet is one of the first two of its library; most differ in sizes only."""
    library, dot, _ = name.partition(".")
    return not dot or [one for one in SHEETS if one.startswith(library + dot)].index(name) < 2


def _inks(artist: Artist) -> Iterator[tuple[Artist, Any]]:
    """Yield every line, area and text that is drawn, with its colour."""
    for part in artist.findobj(lambda part: part is not artist or isinstance(part, Patch)):
        if not part.get_visible():
            continue
        if isinstance(part, Text):
            if part.get_text():
                yield part, part.get_color()
        elif isinstance(part, Line2D):
            yield part, part.get_color()
        elif isinstance(part, Patch) and part.get_linewidth() and to_rgba(part.get_edgecolor())[3]:
            yield part, part.get_edgecolor()


@pytest.mark.parametrize(
    "sheet",
    [
        pytest.param(name, marks=() if _is_for_every_day(name) else pytest.mark.exhaustive)
        for name in SHEETS
    ],
)
def test_every_line_and_label_stands_out_from_what_it_lies_on(sheet: str) -> None:
    with warnings.catch_warnings():
        # Fonts that a sheet asks for and this machine has not.
        warnings.simplefilter("ignore")
        with mpl.style.context(SHEETS[sheet]):
            fig, ax = plt.subplots()
            (line,) = ax.plot(X[:3], Y[:3], color=mpl.rcParams["text.color"])
            artists = [
                pareto_step(ax, X, Y, shade=True),
                attainment_band(ax, X, Y, [0, 1, 0, 1]),
                vram_lines(ax, [1.5, 3.5]),
                ref_band(ax, 6.0, spread=0.5),
                ideal_corner(ax),
                callout(ax, (2.0, 5.0), "here"),
                mark_best(ax, X, Y),
                *mark_crossing(ax, line, 6.5),
                end_labels(ax, [line], labels=["end"]),
            ]
            fig.canvas.draw()
            paper = [patch.get_facecolor() for patch in (fig.patch, ax.patch)]
            # A transparent page is printed on paper.
            page, panel = ("white" if to_rgba(color)[3] == 0 else color for color in paper)
            # Lines and labels may lie on a band or a shade of the colour of the text.
            ink, ground = (np.array(to_rgba(c)[:3]) for c in (mpl.rcParams["text.color"], panel))
            shaded = 0.15 * ink + 0.85 * ground
            seen = [
                (part, color, page if artist is artists[-1] else under)
                for artist in artists
                for part, color in _inks(artist)
                for under in (panel, shaded)
            ]
            pale = [(part, color) for part, color, under in seen if contrast(color, under) < 3]
    assert len(seen) > 20
    assert pale == []


def test_end_labels_in_colours_too_pale_for_the_page_are_darkened(ax: Axes) -> None:
    (line,) = ax.plot(X[:3], Y[:3], color="yellow")
    labels = end_labels(ax, [line], labels=["end"])
    ax.figure.canvas.draw()
    assert contrast(labels.get_children()[-1].get_color(), "white") >= 4.5


# Text from data, as it is

NAMES = [
    r"$\frac{a}$",
    "a_b^c",
    r"\alpha{",
    "50 % & #1 ~",
    "two\nlines",
    '<>|"',
    "-- --- `` '' ?`",
    "\\",
    "",
    " ",
    "שלום",
    "é",
]

needs_tex = pytest.mark.skipif(
    not (shutil.which("latex") and shutil.which("dvipng")),
    reason="TeX is not installed: needs latex and dvipng",
)
needs_pgf = pytest.mark.skipif(
    not shutil.which("xelatex"), reason="TeX is not installed: PGF needs xelatex"
)


def named(ax: Axes, name: str) -> list[Artist]:
    """Add every artist that shows a name."""
    (line,) = ax.plot(X[:3], Y[:3])
    return [
        vram_lines(ax, [(name, 3.0)]),
        callout(ax, (2.0, 5.0), name),
        ideal_corner(ax, text=name),
        end_labels(ax, [line], labels=[name]),
    ]


@needs_tex
@pytest.mark.parametrize("name", [*NAMES, "\t"])
def test_tex_draws_names_as_they_are(name: str) -> None:
    with mpl.rc_context({"text.usetex": True}):
        ax = plt.figure(figsize=(4, 3), dpi=72).add_subplot()
        named(ax, name)
        for form in ("png", "pdf", "svg"):
            ax.figure.savefig(io.BytesIO(), format=form, bbox_inches="tight")


@needs_tex
@pytest.mark.parametrize(("longer", "shorter"), [("$x$", "x"), ("--", "-"), ("````", "``")])
def test_what_tex_would_join_or_read_as_math_is_as_wide_as_its_letters(
    longer: str, shorter: str
) -> None:
    widths = []
    for name in (longer, shorter):
        with mpl.rc_context({"text.usetex": True}):
            ax = plt.figure().add_subplot()
            made = callout(ax, (0.5, 0.5), name)
            ax.figure.canvas.draw()
            widths.append(made.text.get_window_extent().width)
    assert widths[0] > 1.8 * widths[1]


@needs_pgf
def test_pgf_draws_names_as_they_are(ax: Axes, tmp_path: Path) -> None:
    for name in NAMES:
        named(ax, name)
    ax.figure.savefig(tmp_path / "names.pdf", backend="pgf", bbox_inches="tight")
    # And the next renderer too.
    ax.figure.canvas.draw()
    (first, *_) = ax.findobj(Callout)
    assert first.text.get_text() == NAMES[0]


@needs_pgf
def test_pgf_draws_all_artists_in_its_own_format(ax: Axes) -> None:
    pareto_step(ax, X, Y, shade=True, marker="o")
    attainment_band(ax, X, Y, [0, 1, 0, 1])
    ref_band(ax, 6.0, spread=0.5)
    named(ax, "name_of_it")
    file = io.StringIO()
    with mpl.rc_context({"pgf.rcfonts": False}):
        ax.figure.savefig(file, format="pgf")
    assert file.getvalue().count(r"name\_of\_it") == 4


CHINESE = "中文 模型"


def font_with(letters: str) -> str | None:
    """Return the file of a font that has all of *letters*, if there is one on this machine."""
    for path in font_manager.findSystemFonts():
        try:
            face = font_manager.get_font(path)
            if all(face.get_char_index(ord(letter)) for letter in letters):
                return path
        except (OSError, RuntimeError):
            continue
    return None


def test_names_in_chinese_are_shown_in_a_font_that_has_the_letters(ax: Axes) -> None:
    path = font_with(CHINESE)
    if path is None:
        pytest.skip("no font on this machine has Chinese letters")
    font_manager.fontManager.addfont(path)
    family = font_manager.FontProperties(fname=path).get_name()
    with mpl.rc_context({"font.family": ["DejaVu Sans", family]}):
        for artist in named(ax, CHINESE):
            shown = [text.get_text() for text in artist.findobj(Text)]
            assert CHINESE in shown
        for form in ("png", "svg", "pdf"):
            ax.figure.savefig(io.BytesIO(), format=form)


def test_a_font_without_the_letters_gives_matplotlibs_own_warning_and_no_other(ax: Axes) -> None:
    # As for a title in the same letters: which font to use is the user's to say.
    named(ax, CHINESE)
    with pytest.warns(UserWarning, match="Glyph") as caught:
        ax.figure.canvas.draw()
    assert all("missing from" in str(one.message) for one in caught)


@pytest.mark.parametrize("name", ["שלום", "سلام", "abc שלום"])
def test_names_from_right_to_left_are_handed_on_as_they_are(name: str, ax: Axes) -> None:
    for artist in named(ax, name):
        assert name in [text.get_text() for text in artist.findobj(Text)]
    ax.figure.canvas.draw()


def test_an_explicit_property_wins_over_a_style() -> None:
    with mpl.style.context("dark_background"):
        assert RefBand(1.0, color="red").get_color() == "red"
        assert VRAMReferenceLines([1], lw=3).get_linewidth() == 3
