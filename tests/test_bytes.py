"""The same table gives the same bytes anywhere, and the same pixels in any order of its rows."""

import getpass
import io
import json
import locale
import os
import platform
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib.image
import numpy as np
import pandas as pd
import pytest
from tables import MLA_WINS, table

FORMATS = ("png", "svg", "pdf")
FIGURES = ["insight_1_pareto", "insight_2_serving", "insight_3_mla_dial", "insight_4_context"]


def plot(
    runs: str, output: Path, cwd: Path, formats: Sequence[str] = FORMATS, **env: str
) -> dict[str, bytes]:
    """Run the command and return the bytes of what it wrote, by file."""
    command = [sys.executable, "-m", "mpl_dantinox", "plot", runs, "-o", str(output), "--prose"]
    command += [f"--format={name}" for name in formats]
    done = subprocess.run(
        command, cwd=cwd, env=os.environ | env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return {path.name: path.read_bytes() for path in sorted(output.iterdir())}


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
    """Return the files that three processes wrote: two of the same table, one of it shuffled."""
    here = tmp_path_factory.mktemp("here")
    there = tmp_path_factory.mktemp("a folder with spaces")
    for folder, frame in ((here, runs), (there, runs)):
        frame.to_csv(folder / "runs.csv", index=False)
    (here / "again").mkdir()
    shuffled = runs.sample(frac=1, random_state=4)
    shuffled.to_csv(here / "again" / "runs.csv", index=False)
    return {
        "first": plot(
            "runs.csv", here / "out", here,
            LC_ALL="C", LANG="C", TZ="UTC", PYTHONHASHSEED="0",
        ),
        "elsewhere": plot(
            str(there / "runs.csv"), there / "figures", here / "again",
            LC_ALL=other_locale(), LANG=other_locale(), TZ="Asia/Kathmandu", PYTHONHASHSEED="4242",
        ),
        "shuffled": plot(
            "runs.csv", here / "again" / "out", here / "again", ["png"], PYTHONHASHSEED="7"
        ),
    }  # fmt: skip


def test_the_bytes_do_not_depend_on_folder_locale_time_zone_or_hash_seed(
    outputs: dict[str, dict[str, bytes]],
) -> None:
    first, elsewhere = outputs["first"], outputs["elsewhere"]
    expected = {f"{figure}.{kind}" for figure in FIGURES for kind in FORMATS}
    assert set(first) == expected | {
        "facts.json", "facts.tex", "front.tex", "front.md", "captions.txt", "captions.tex"
    }  # fmt: skip
    assert set(elsewhere) == set(first)
    assert [name for name in first if first[name] != elsewhere[name]] == []


def test_rows_in_another_order_give_the_same_pixels(
    outputs: dict[str, dict[str, bytes]],
) -> None:
    for figure in FIGURES:
        pixels = [
            matplotlib.image.imread(io.BytesIO(outputs[which][f"{figure}.png"]))
            for which in ("first", "shuffled")
        ]
        assert np.array_equal(*pixels), figure


def without_rows(node: Any) -> Any:
    """Return facts without row numbers and the hash of the file."""
    if isinstance(node, dict):
        return {k: without_rows(v) for k, v in node.items() if k not in ("row", "sha256")}
    return [without_rows(item) for item in node] if isinstance(node, list) else node


def test_rows_in_another_order_give_the_same_facts_and_headlines(
    outputs: dict[str, dict[str, bytes]],
) -> None:
    first, shuffled = (json.loads(outputs[which]["facts.json"]) for which in ("first", "shuffled"))
    assert first != shuffled
    assert without_rows(first) == without_rows(shuffled)


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
