"""Every test draws as on any other machine."""

from collections.abc import Iterator

import matplotlib.pyplot as plt
import pytest

from mpl_dantinox.testing import reproducible


@pytest.fixture(autouse=True)
def _figures() -> Iterator[None]:
    with reproducible():
        yield
    plt.close("all")
