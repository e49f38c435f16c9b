"""What the pages of the site run, runs."""

import importlib.util
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[1] / "docs"
_spec = importlib.util.spec_from_file_location("execution", DOCS / "_ext" / "execution.py")
assert _spec
assert _spec.loader
execution = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(execution)

# Those that a newcomer reads; the site runs all of them when it is built.
EVERY_DAY = ("start", "your_figure", "serving")
PAGES = [
    pytest.param(page, id=page.stem, marks=() if page.stem in EVERY_DAY else pytest.mark.exhaustive)
    for page in sorted(DOCS.rglob("*.md"))
    if list(execution.blocks(page))
]


@pytest.fixture(autouse=True)
def _files_hold_no_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """The site has them made; here it is enough that a figure is made without a word."""
    monkeypatch.setattr("mpl_dantinox.insights.result.Insight.render", lambda *_, **__: b"none")


@pytest.mark.parametrize("page", PAGES)
def test_the_blocks_of_a_page_run(page: Path) -> None:
    session = execution.Session()
    for kind, options, content in execution.blocks(page):
        if kind == "run":
            session.python(content)
            execution.plt.close("all")
            continue
        expected = int(options.partition(":status: ")[2].partition("\n")[0] or 0)
        for command in execution.commands(content):
            said, status = session.command(command.replace("\\\n", " "))
            assert status == expected, said


def test_plain_python_is_no_way_around_being_run() -> None:
    for page in DOCS.rglob("*.md"):
        assert "```python" not in page.read_text("utf-8"), f"{page.name}: use {{run}}"
