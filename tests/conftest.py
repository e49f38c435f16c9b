"""Image comparisons run with the matplotlib that made the baselines, and say so with another."""

import gc
import tomllib
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from unittest.mock import MagicMock

import matplotlib
import matplotlib.pyplot as plt
import pytest
from hypothesis import settings

from mpl_dantinox.insights import Insight, core, definitions

_EXTRAS = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text("utf-8"))
_PINNED = next(
    requirement.partition("==")[2]
    for requirement in _EXTRAS["project"]["optional-dependencies"]["test"]
    if requirement.startswith("matplotlib==")
)

# A package of somebody else's, which is not installed for every test.
collect_ignore = ["other_package"]

# A figure is a ring of references to itself: looking for such rings less often saves a tenth of
# the time.
gc.set_threshold(20_000, 10, 20)

# The same examples each time, however slow the machine: what a run says is then about the change.
settings.register_profile("project", derandomize=True, deadline=None, max_examples=50)
settings.load_profile("project")


# What draws, and may do so in another way with another matplotlib.
_DRAWS = (
    "matplotlib", "mpl_dantinox.artists", "mpl_dantinox.axes", "mpl_dantinox.command",
    "mpl_dantinox.insights", "mpl_dantinox.registry", "mpl_dantinox.testing", "mpl_dantinox.ticks",
    "nbclient",
)  # fmt: skip


def draws(item: pytest.Item) -> bool:
    """Tell whether matplotlib has a part in a test, by what its file imports and its fixtures."""
    # A doctest has no module of its own.
    names = vars(getattr(item, "module", matplotlib)).values()
    origins = (getattr(it, "__module__", None) or getattr(it, "__name__", "") for it in names)
    fixtures = getattr(item, "fixturenames", ())
    return ("undrawn" not in fixtures or "drawn" in fixtures) and any(
        str(origin).startswith(_DRAWS) for origin in origins
    )


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what draws; skip the image comparisons under a matplotlib that draws otherwise."""
    for item in filter(draws, items):
        item.add_marker("drawing")
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


@pytest.fixture
def drawn() -> None:
    """Have the insights of a test draw although those of its file do not."""


@pytest.fixture
def undrawn(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Have the insights of a test tell without drawing, and write files that hold no picture."""
    if "drawn" in request.fixturenames:
        yield
        return
    monkeypatch.setattr(core, "new_page", lambda *args, **kwargs: MagicMock(axes={}))
    monkeypatch.setattr(Insight, "render", lambda *args, **kwargs: b"no picture")
    with ExitStack() as stack:
        for one in definitions().values():
            # Frozen, as a definition is for everybody else.
            stack.callback(object.__setattr__, one, "draw", one.draw)
            object.__setattr__(one, "draw", lambda *_: None)
        yield
