"""Every test draws as on any other machine: the style, the fonts and the salts are fixed."""

from mpl_dantinox.testing.fixtures import reproducible_figures

__all__ = ["reproducible_figures"]
