"""What the README shows runs as it stands there."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import matplotlib.pyplot as plt
import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", README, flags=re.DOTALL)


@pytest.mark.parametrize("block", BLOCKS, ids=range(len(BLOCKS)))
def test_an_example_runs(block: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    exec(compile(block, "README.md", "exec"), {})
    for number in plt.get_fignums():
        plt.figure(number).canvas.draw()


def test_its_pictures_are_the_baselines() -> None:
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", README)
    assert pictures
    assert all(Path(p).parent == Path("baseline_images") for p in pictures)
    assert all((ROOT / p).is_file() for p in pictures)


def test_it_opens_with_a_picture_and_the_two_commands() -> None:
    blocks = re.findall(r"```(\w+)\n(.*?)```", README, flags=re.DOTALL)
    assert README.index("![") < README.index("```")
    assert [block for kind, block in blocks[:2] if kind == "sh"] == [
        "pip install . && mpl-dantinox plot\n",
        'pip install -e ".[test]" && pytest\n',
    ]


def test_a_release_has_the_address_of_its_repository(tmp_path: Path) -> None:
    for name in ("README.md", "pyproject.toml", "CITATION.cff"):
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / ".ci").mkdir()
    script = shutil.copy(ROOT / ".ci" / "addresses", tmp_path / ".ci")
    told = {
        "GITHUB_SERVER_URL": "https://example.com",
        "GITHUB_REPOSITORY": "one/two",
        "GITHUB_REF_NAME": "v1",
    }
    subprocess.run([sys.executable, script], env={**os.environ, **told}, check=True)
    links = re.findall(r"\]\(([^)]+)\)", (tmp_path / "README.md").read_text("utf-8"))
    assert "https://example.com/one/two/blob/v1/CONTRIBUTING.md" in links
    assert "https://example.com/one/two/raw/v1/baseline_images/insight_1_pareto.png" in links
    assert all(link.startswith("https://") for link in links)
    urls = tomllib.loads((tmp_path / "pyproject.toml").read_text("utf-8"))["project"]["urls"]
    assert urls["Repository"] == "https://example.com/one/two"
    citation = (tmp_path / "CITATION.cff").read_text("utf-8")
    assert "\nrepository-code: https://example.com/one/two\n" in citation
