"""Image comparisons run with the matplotlib that made the baselines, and say so with another."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

import matplotlib
import matplotlib.pyplot as plt
import pytest
from hypothesis import settings

import mpl_dantinox  # noqa: F401 - registers the sheets

_EXTRAS = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text("utf-8"))
_PINNED = next(
    requirement.partition("==")[2]
    for requirement in _EXTRAS["project"]["optional-dependencies"]["test"]
    if requirement.startswith("matplotlib==")
)

# A package of somebody else's, which is not installed for every test.
collect_ignore = ["other_package"]

# The same examples each time, however slow the machine: what a run says is then about the change.
settings.register_profile("project", derandomize=True, deadline=None)
settings.load_profile("project")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip the image comparisons under a matplotlib that draws otherwise."""
    if matplotlib.__version__ == _PINNED:
        return
    reason = f"baselines are made with matplotlib {_PINNED}, this is {matplotlib.__version__}"
    for item in items:
        if item.get_closest_marker("mpl_image_compare"):
            item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(autouse=True)
def _fresh_matplotlib(request: pytest.FixtureRequest) -> Iterator[None]:
    """Give every test matplotlib's defaults and no figures of another one's."""
    if request.node.get_closest_marker("mpl_image_compare"):
        # pytest-mpl sets the style, and closes the figure that it compares.
        yield
        plt.close("all")
        return
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.use("agg")
        yield
    plt.close("all")
