"""The same figure on every machine: fonts, salts and dates fixed while it is drawn and saved."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import matplotlib.style

__all__ = ["reproducible"]


@contextmanager
def reproducible(*sheets: str) -> Iterator[None]:
    """Draw and save as on any other machine, whatever its matplotlibrc says.

    Parameters
    ----------
    *sheets : str, default: "dantinox"
        Style sheets, on top of matplotlib's own defaults.

    Notes
    -----
    Fonts are those that come with matplotlib, ids in SVG files follow from their content, and no
    file has a date in it. `mpl_dantinox.testing.fixtures.reproducible_figures` does so for every
    test, and goes with ``@pytest.mark.mpl_image_compare(style="mpl_dantinox.styles.dantinox")``,
    which sets the sheet for its own tests once more.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> with reproducible("dantinox", "dantinox-paper"):
    ...     fig = plt.figure()
    >>> float(fig.get_figwidth())
    3.25
    """
    fixed = {
        "font.sans-serif": ["DejaVu Sans"],
        "font.serif": ["DejaVu Serif"],
        "font.monospace": ["DejaVu Sans Mono"],
        "text.usetex": False,
        "svg.hashsalt": "mpl-dantinox",
    }
    before = os.environ.get("SOURCE_DATE_EPOCH")
    os.environ["SOURCE_DATE_EPOCH"] = "0"
    try:
        with matplotlib.style.context([*(sheets or ["dantinox"]), fixed], after_reset=True):
            yield
    finally:
        del os.environ["SOURCE_DATE_EPOCH"]
        if before is not None:
            os.environ["SOURCE_DATE_EPOCH"] = before
