"""What the README shows runs as it stands there."""

import re
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
