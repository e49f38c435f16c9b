"""What a repository that guards its own figures with pytest puts into its ``conftest.py``.

>>> from mpl_dantinox.testing.fixtures import reproducible_figures
"""

from collections.abc import Iterator

import matplotlib.pyplot as plt
import pytest

from mpl_dantinox.testing import reproducible

__all__ = ["reproducible_figures"]


@pytest.fixture(autouse=True)
def reproducible_figures() -> Iterator[None]:
    """Let every test draw as within `mpl_dantinox.testing.reproducible`, and close its figures."""
    with reproducible():
        yield
    plt.close("all")
