"""Runs what the pages show, in a folder of its own: Python blocks, and commands.

The tests run the pages' blocks with these functions too, and need no Sphinx for it.
"""

import contextlib
import io
import os
import re
import shlex
import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
from matplotlib.figure import Figure

from mpl_dantinox.command.main import main

PAGES = Path(__file__).parents[1]
_BLOCK = re.compile(r"^```\{(run|console)\}\n((?::[^\n]*\n)*)(.*?)^```$", re.MULTILINE | re.DOTALL)


class Session:
    """What a page runs: its blocks see the names and the files of those before them.

    It begins with the tables of the pages as its files, and without matplotlib's having been used.
    """

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="page"))
        shutil.copytree(PAGES / "howto" / "tables", self.folder, dirs_exist_ok=True)
        self.names: dict[str, Any] = {"__name__": "page"}
        self.params = dict(mpl.rcParamsDefault)

    @contextlib.contextmanager
    def _inside(self) -> Iterator[io.StringIO]:
        said = io.StringIO()
        # The backend is not the page's to choose.
        self.params.pop("backend", None)
        before = Path.cwd()
        os.chdir(self.folder)
        try:
            with (
                mpl.rc_context(self.params),
                warnings.catch_warnings(),
                contextlib.redirect_stdout(said),
                contextlib.redirect_stderr(said),
            ):
                warnings.simplefilter("error")
                yield said
                self.params = dict(mpl.rcParams)
        finally:
            os.chdir(before)

    def python(self, code: str) -> tuple[str, list[Figure]]:
        """Run code; return what it prints, and the figures that it leaves open."""
        with self._inside() as said:
            exec(compile(code, "page", "exec"), self.names)
            figures = [plt.figure(number) for number in plt.get_fignums()]
            for figure in figures:
                figure.canvas.draw()
        return said.getvalue(), figures

    def command(self, line: str) -> tuple[str, int]:
        """Run a command; return what it prints, and its exit status."""
        words = shlex.split(line)
        if words[0] == "mpl-dantinox":
            with self._inside() as said:
                status = main(words[1:])
            plt.close("all")
            return said.getvalue(), status
        done = subprocess.run(
            line, shell=True, cwd=self.folder, capture_output=True, text=True, check=False
        )
        return done.stdout + done.stderr, done.returncode


def blocks(page: Path) -> Iterator[tuple[str, str, str]]:
    """Yield kind, options and content of each block of a page that is run."""
    for match in _BLOCK.finditer(page.read_text("utf-8")):
        yield match[1], match[2], match[3]


def commands(content: str) -> list[str]:
    """Return the commands of a console's content, which may go on after a backslash."""
    return re.findall(r"^\$ ((?:.*\\\n)*.*)$", content, re.MULTILINE)
