"""The same table gives the same bytes anywhere, and the same pixels in any order of its rows."""

import getpass
import io
import locale
import os
import platform
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from tables import MLA_WINS, table

from mpl_dantinox.insights import INSIGHTS

# What is drawn is all in an SVG; what other formats write around it is the same for every figure.
WRITTEN = [
    ("svg", "insight_1_pareto", "insight_2_serving", "insight_3_mla_dial", "insight_4_context"),
    ("png", "insight_4_context"),
    ("pdf", "insight_4_context"),
]
# Both commands in one process.
RUN = """
import sys
from mpl_dantinox.command.main import main
runs, output = sys.argv[1:]
sys.exit(
    main(["plot", runs, "-o", output, "--prose", "--format=svg"])
    or main(["plot", runs, "-o", f"{output}/of one", "--insight=context"]
            + ["--format=png", "--format=pdf"])
)
"""


def plot(runs: str, output: Path, cwd: Path, **env: str) -> dict[str, bytes]:
    """Run the command and return the bytes of what it wrote, by file."""
    done = subprocess.run(
        [sys.executable, "-c", RUN, runs, str(output)],
        cwd=cwd, env=os.environ | env, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return {
        str(path.relative_to(output)): path.read_bytes()
        for path in output.rglob("*")
        if path.is_file()
    }


def other_locale() -> str:
    """Return a locale with a comma for the decimal point where there is one."""
    before = locale.setlocale(locale.LC_ALL)
    for name in ("de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8", "C.UTF-8"):
        try:
            locale.setlocale(locale.LC_ALL, name)
        except locale.Error:
            continue
        locale.setlocale(locale.LC_ALL, before)
        return name
    return "C"


@pytest.fixture(scope="module")
def runs() -> pd.DataFrame:
    # Equal runs of two groups are on the front, so that ties have to be broken.
    frame = table(MLA_WINS, seed=2, noise=0.08)
    best = frame.loc[[frame["val_loss"].idxmin()]]
    return pd.concat([frame, best.assign(type="GQA", down_dim_kv=None)], ignore_index=True)


@pytest.fixture(scope="module")
def outputs(
    runs: pd.DataFrame, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, dict[str, bytes]]:
    """Return the files that two processes wrote of the same table."""
    here = tmp_path_factory.mktemp("here")
    there = tmp_path_factory.mktemp("a folder with spaces")
    for folder, frame in ((here, runs), (there, runs)):
        frame.to_csv(folder / "runs.csv", index=False)
    (here / "again").mkdir()
    return {
        "first": plot(
            "runs.csv", here / "out", here,
            LC_ALL="C", LANG="C", TZ="UTC", PYTHONHASHSEED="0",
        ),
        "elsewhere": plot(
            str(there / "runs.csv"), there / "figures", here / "again",
            LC_ALL=other_locale(), LANG=other_locale(), TZ="Asia/Kathmandu", PYTHONHASHSEED="4242",
        ),
    }  # fmt: skip


def test_the_bytes_do_not_depend_on_folder_locale_time_zone_or_hash_seed(
    outputs: dict[str, dict[str, bytes]],
) -> None:
    first, elsewhere = outputs["first"], outputs["elsewhere"]
    expected = {
        f"{'' if kind == 'svg' else 'of one/'}{figure}.{kind}"
        for kind, *figures in WRITTEN
        for figure in figures
    }
    assert set(first) == expected | {
        "facts.json", "facts.tex", "front.tex", "front.md", "captions.txt", "captions.tex",
        "of one/facts.json",
    }  # fmt: skip
    assert set(elsewhere) == set(first)
    assert [name for name in first if first[name] != elsewhere[name]] == []


def without_rows(node: Any) -> Any:
    """Return facts without row numbers."""
    if isinstance(node, dict):
        return {key: without_rows(value) for key, value in node.items() if key != "row"}
    return [without_rows(item) for item in node] if isinstance(node, list) else node


@pytest.mark.parametrize("name", INSIGHTS)
def test_rows_in_another_order_give_the_same_pixels_facts_and_headlines(
    name: str, runs: pd.DataFrame
) -> None:
    first, shuffled = (
        INSIGHTS[name](frame)
        for frame in (runs, runs.sample(frac=1, random_state=4, ignore_index=True))
    )
    pixels = []
    for insight in (first, shuffled):
        insight.figure.savefig(picture := io.BytesIO(), dpi=90, format="rgba")
        pixels.append(picture.getvalue())
    assert pixels[0] == pixels[1]
    assert first.headline == shuffled.headline
    assert without_rows(first.facts.to_dict()) == without_rows(shuffled.facts.to_dict())


def test_nothing_written_names_a_user_a_host_or_a_folder(
    outputs: dict[str, dict[str, bytes]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    places = [tmp_path_factory.getbasetemp(), Path.home(), Path.cwd(), Path(sys.prefix)]
    secrets = [str(place) for place in places if len(str(place)) > 1]
    secrets += [platform.node(), getpass.getuser()]
    # A name as short or plain as "root" may stand in compressed bytes by chance.
    secrets = [secret for secret in secrets if len(secret) > 5]
    assert secrets
    for which, files in outputs.items():
        for name, data in files.items():
            for secret in secrets:
                for encoding in ("utf-8", "utf-16-be"):
                    assert secret.encode(encoding) not in data, (which, name, secret)
