"""The package imports wherever Python is started and however it was installed."""

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Sequence
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

# What its user types: the sheet without an import of the package, the package, the command.
STYLE = "import matplotlib.style as s; s.use('mpl_dantinox.styles.dantinox')"
WHERE = "import mpl_dantinox.styles; print(mpl_dantinox.styles.__file__)"
TYPED = {"import": ("-c", f"{STYLE}; {WHERE}"), "command": ("-m", "mpl_dantinox", "--version")}


def answer(python: str | Path, *typed: str, cwd: Path, path: Sequence[Path] = ()) -> str:
    """Return what an interpreter prints that sees nothing of ours but what ``path`` leads to."""
    done = subprocess.run(
        [str(python), "-W", "error", *typed],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, path))},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def dependencies() -> list[Path]:
    """Return the folders that this interpreter's packages are in."""
    return [Path(folder) for folder in sys.path if folder.endswith("-packages")]


@pytest.fixture(scope="session")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a clone with nothing in it that was built."""
    folder = tmp_path_factory.mktemp("clone")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, folder)
    for name in ("mpl_dantinox", "styles"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


@pytest.fixture(scope="session")
def site(clone: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the package as a wheel puts it there."""
    folder = tmp_path_factory.mktemp("site")
    shutil.copytree(clone / "mpl_dantinox", folder / "mpl_dantinox")
    shutil.copytree(clone / "styles", folder / "mpl_dantinox" / "styles")
    return folder


# Python leaves out what .pth files say with -S, and an editable installation is such a file.
@pytest.mark.parametrize("typed", TYPED.values(), ids=TYPED)
def test_in_a_clone_beside_an_installation(typed: tuple[str, ...], clone: Path, site: Path) -> None:
    answer(sys.executable, "-S", *typed, cwd=clone, path=[site, *dependencies()])


@pytest.mark.parametrize("typed", TYPED.values(), ids=TYPED)
def test_with_a_clone_on_the_path(typed: tuple[str, ...], clone: Path, tmp_path: Path) -> None:
    answer(sys.executable, "-S", *typed, cwd=tmp_path, path=[clone, *dependencies()])


def test_a_clone_has_its_own_sheets(clone: Path, site: Path) -> None:
    path = [site, *dependencies()]
    assert answer(sys.executable, "-S", "-c", WHERE, cwd=clone, path=path) == str(
        clone / "styles" / "__init__.py"
    )


def test_nothing_else_of_a_clone_is_in_the_package(clone: Path) -> None:
    code = (
        "import mpl_dantinox; from importlib.util import find_spec\n"
        "print(*(find_spec(f'mpl_dantinox.{name}') for name in ('tests', 'docs', 'mpl_dantinox')))"
    )
    path = [clone, *dependencies()]
    assert answer(sys.executable, "-S", "-c", code, cwd=clone, path=path) == "None None None"


@pytest.mark.exhaustive
@pytest.mark.parametrize(
    "how",
    [["."], ["-e", "."], ["-e", ".", "--config-settings", "editable_mode=strict"]],
    ids=["whole", "editable", "strictly editable"],
)
def test_pip_installs_it(how: list[str], clone: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(clone, tmp_path / "clone"))
    venv.create(tmp_path / "venv", symlinks=os.name != "nt")
    places = sysconfig.get_paths("venv", {"base": str(tmp_path / "venv")})
    Path(places["purelib"], "dependencies.pth").write_text(
        "\n".join(map(str, dependencies())), "utf-8"
    )
    python = Path(places["scripts"], Path(sys.executable).name)
    pip = [sys.executable, "-m", "pip", "--python", str(python)]
    subprocess.run([*pip, "install", "-q", "--no-deps", *how], cwd=copy, check=True)
    for cwd in (tmp_path, copy):
        for typed in TYPED.values():
            answer(python, *typed, cwd=cwd)
