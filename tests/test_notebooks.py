"""An insight at the end of a notebook's cell, and the notebook among the examples."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

EXAMPLE = Path(__file__).parents[1] / "examples" / "notebook" / "tour.ipynb"


def run(notebook: Any, folder: Path) -> Any:
    """Return the notebook after all its cells have run, in order, in a kernel of its own."""
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": folder}}).execute()
    return notebook


WIDGET = "application/vnd.jupyter.widget-view+json"


def pictures(cell: Any) -> list[str]:
    """Return what a cell shows: pictures, and widgets with what stands for them."""
    shown = [output.get("data", {}) for output in cell.outputs]
    return [
        "widget" if WIDGET in data else "picture"
        for data in shown
        if WIDGET in data or "image/png" in data or "<img" in data.get("text/html", "")
    ]


def insights(notebook: Any) -> Iterator[dict[str, str]]:
    """Yield the representations of each insight that a cell of the notebook ends with."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if "<figcaption>" in output.get("data", {}).get("text/html", ""):
                yield output.data


def alt_text(shown: dict[str, str]) -> str:
    (found,) = re.findall(r'<img [^>]*alt="([^"]+)"', shown["text/html"])
    return found


CELLS = [
    "import matplotlib.pyplot as plt\nfrom mpl_dantinox import insight_serving, sample_runs",
    "own = insight_serving(sample_runs())\nown",
    "pyplots = insight_serving(sample_runs(), fig=plt.figure())\npyplots",
    "own",
    # Not at the end of a cell: once, as the figure of any library.
    "insight_serving(sample_runs()); print('done')",
]


@pytest.mark.parametrize(
    ("backend", "of_pyplot"),
    [("inline", "picture"), pytest.param("widget", "widget", marks=pytest.mark.exhaustive)],
)
def test_an_insight_shows_its_figure_once_and_its_words(
    backend: str, of_pyplot: str, tmp_path: Path
) -> None:
    cells = [f"%matplotlib {backend}", *CELLS]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in cells])
    shown = run(notebook, tmp_path).cells
    again = [] if backend == "widget" else ["picture"]
    seen = [[], [], [of_pyplot], [of_pyplot], again, [of_pyplot]]
    assert [pictures(cell) for cell in shown] == seen
    found = list(insights(notebook))
    assert len(found) == 3
    for data in found:
        (headline,) = re.findall(r"<figcaption>(.*)</figcaption>", data["text/html"])
        assert data["text/plain"].startswith(f"<Insight serving: {headline[:20]}")


@pytest.mark.exhaustive
def test_the_example_says_again_what_it_said() -> None:
    then = nbformat.read(EXAMPLE, as_version=4)
    now = run(nbformat.read(EXAMPLE, as_version=4), EXAMPLE.parent)
    told = [data["text/plain"] for data in insights(now)]
    assert len(told) >= 3
    assert told == [data["text/plain"] for data in insights(then)]
    assert all(alt_text(data) for data in insights(then))
    assert all(cell.outputs for cell in then.cells if cell.cell_type == "code")
