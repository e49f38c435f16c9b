"""Helpers that take an Axes first, and the Axes that has them as methods."""

from matplotlib.axes import Axes

__all__ = ["DantinoxAxes"]


class DantinoxAxes(Axes):
    """The Axes of ``projection="dantinox"``: an ordinary Axes whose methods include the helpers."""

    name = "dantinox"
