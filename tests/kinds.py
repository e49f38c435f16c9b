"""Sixteen kinds of plot, as anybody types them: no size, width or layout but the sheet's own.

Colours are the sheet's too. The two things that matplotlib draws in black under any sheet, arrows
and the error bars of bars, are given the ink of the text, as are labels of contours, which have
the colours of their lines. A twin and an image go without a grid, which no sheet can say either.
"""

from collections.abc import Callable

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle

_X = np.linspace(0, 4, 41)
_GRID = np.meshgrid(np.linspace(-2, 2, 25), np.linspace(-2, 2, 25))
_HILL = np.exp(-((_GRID[0] - 0.5) ** 2) - _GRID[1] ** 2) - np.exp(
    -((_GRID[0] + 1) ** 2) - _GRID[1] ** 2
)
_NAMES = ["MLA", "GQA", "MHA"]


def _samples(groups: int = 3, size: int = 60) -> list[np.ndarray]:
    rng = np.random.default_rng(3)
    return [rng.normal(10 + 2 * k, 1 + 0.5 * k, size) for k in range(groups)]


def lines(ax: Axes) -> None:
    for k, name in enumerate(_NAMES):
        y = (3 - 0.7 * k) * (1 - np.exp(-_X))
        ax.plot(_X, y, label=name)
        ax.fill_between(_X, 0.9 * y, 1.1 * y, alpha=0.2)
    ax.set(title="Lines and bands", xlabel="Budget (GB)", ylabel="Throughput\n(k tok/s)")
    ax.legend()


def log_log(ax: Axes) -> None:
    x = np.array([0.5, 3, 20, 120, 900])
    for k, name in enumerate(_NAMES):
        y = 40 * x ** (0.9 - 0.2 * k)
        ax.errorbar(x, y, yerr=[0.3 * y, 0.5 * y], fmt="o", label=name)
    ax.set(title="Error bars", xlabel="Cache (MB)", ylabel="Time (ms)", xscale="log", yscale="log")
    ax.legend()


def bars(ax: Axes) -> None:
    at = np.arange(3)
    for k, hatch in enumerate(("", "//", "..")):
        ax.bar(
            at + 0.28 * k,
            [4 - k, 6 - 2 * k, 3 + k],
            0.28,
            yerr=0.4,
            ecolor=mpl.rcParams["text.color"],
            hatch=hatch,
        )
    ax.set_xticks(at + 0.28, _NAMES)
    ax.set(title="Bars and hatches", ylabel="Requests (1/s)")


def histogram(ax: Axes) -> None:
    for sample, name in zip(_samples(), _NAMES, strict=True):
        ax.hist(sample, bins=np.arange(6, 22), alpha=0.6, label=name)
    ax.set(title="Histogram", xlabel="Latency (ms)", ylabel="Requests")
    ax.legend()


def box(ax: Axes) -> None:
    ax.boxplot(_samples(4, 90))
    ax.set_xticks([1, 2, 3, 4], [*_NAMES, "MQA"])
    ax.set(title="Box plot", ylabel="Latency (ms)")


def violin(ax: Axes) -> None:
    ax.violinplot(_samples(4), showmedians=True)
    ax.set_xticks([1, 2, 3, 4], [*_NAMES, "MQA"])
    ax.set(title="Violins", ylabel="Latency (ms)")


def twins(ax: Axes) -> None:
    other = ax.twinx()
    other.grid(False)
    ax.plot(_X, 2.9 - 0.2 * _X)
    other.plot(_X, 10 + 37 * _X, "C1--")
    ax.set(title="Twin axes", xlabel="Latent dimension", ylabel="Validation loss")
    other.set_ylabel("Cache (MB)")


def image(ax: Axes) -> None:
    shown = ax.imshow(_HILL, extent=(-2, 2, -2, 2))
    ax.grid(False)
    ax.figure.colorbar(shown, label="Loss")
    ax.add_patch(Circle((0.5, 0), 1, fill=False))
    ax.set(title="Image", xlabel="Head", ylabel="Layer")


def hexagons(ax: Axes) -> None:
    rng = np.random.default_rng(4)
    ax.hexbin(rng.normal(size=3000), rng.normal(size=3000), gridsize=16)
    ax.set(title="Hexagons", xlabel="Score", ylabel="Loss")


def contours(ax: Axes) -> None:
    levels = [-0.75, -0.5, -0.25, 0.25, 0.5, 0.75]
    ax.clabel(ax.contour(*_GRID, _HILL, levels), colors=mpl.rcParams["text.color"])
    ax.set(title="Contours", xlabel="Log rate", ylabel="Log width")


def flow(ax: Axes) -> None:
    x, y = _GRID
    ax.streamplot(x, y, -y, x + 0.3 * y, density=0.5)
    x, y = x[3::6, 3::6], y[3::6, 3::6]
    ax.quiver(x, y, -y, x, color=mpl.rcParams["text.color"])
    ax.set(title="Arrows and streams", xlabel="x", ylabel="y")


def stack(ax: Axes) -> None:
    layers = [1.8 + np.sin(_X + k) for k in range(8)]
    ax.stackplot(_X, *layers, labels=[f"Layer {k}" for k in range(8)])
    ax.set(title="Stack of eight", xlabel="Time (h)", ylabel="Memory (GB)", ylim=(0, 32))
    ax.legend(loc="upper left", ncols=2)


def stems(ax: Axes) -> None:
    ax.stem(_X[::3], np.exp(-_X[::3]) * np.cos(3 * _X[::3]))
    ax.axhline(0.3, ls="--")
    ax.set(title="Stems", xlabel="Lag", ylabel="Correlation")
    ax.minorticks_on()


def pie(ax: Axes) -> None:
    ax.pie([5, 3, 2, 1], labels=["Weights", "Cache", "Activations", "Rest"], startangle=90)
    ax.set_title("Pie")


def polar(ax: Axes) -> None:
    angle = np.linspace(0, 2 * np.pi, 7)
    for k in range(2):
        r = 3 + np.cos((k + 1) * angle)
        ax.plot(angle, r)
        ax.fill(angle, r, alpha=0.2)
    ax.set_rticks([1, 2, 3])
    ax.set_rlabel_position(0)
    ax.set_title("Polar")


def surface(ax: Axes) -> None:
    ax.plot_surface(*_GRID, _HILL, cmap="viridis")
    ax.set(title="Three dimensions", xlabel="Rate", ylabel="Width", zlabel="Loss")
    ax.set(xticks=[-2, 0, 2], yticks=[-2, 0, 2], zticks=[-0.5, 0.5])


KINDS: list[Callable[[Axes], None]] = [
    lines, log_log, bars, histogram,
    box, violin, twins, image,
    hexagons, contours, flow, stack,
    stems, pie, polar, surface,
]  # fmt: skip


def contact_sheet() -> Figure:
    """Return the sixteen, each laid out as the one plot of a figure of the sheet's size."""
    width, height = mpl.rcParams["figure.figsize"]
    page = plt.figure(figsize=(4 * width, 4 * height))
    for draw, part in zip(KINDS, page.subfigures(4, 4).flat, strict=True):
        projection = {polar: "polar", surface: "3d"}.get(draw)
        draw(part.add_subplot(projection=projection))
    return page
