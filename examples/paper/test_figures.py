# ruff: noqa: D103 - the names of the tests say it all
"""The figure is the one that was approved, can be read, and its claims hold."""

import pytest
from figures import HERE, TABLE, front
from matplotlib.figure import Figure

from mpl_dantinox.testing import assert_claims, legibility


@pytest.mark.mpl_image_compare(style="mpl_dantinox.styles.dantinox", filename="front.png")
def test_the_figure_is_the_one_that_was_approved() -> Figure:
    return front()


def test_the_figure_can_be_read() -> None:
    assert not legibility(front())


def test_the_claims_hold() -> None:
    assert_claims(HERE / "facts.json", TABLE)
