"""Work of more than two seconds shows a bar, on a terminal and nowhere else."""

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import TextIO

import pytest

from mpl_dantinox.command.progress import progress

pty = pytest.importorskip("pty", reason="there are no pseudo-terminals here")

RUNS = b"type,val_loss,theoretical_cache_mb\nMLA,2,1\nGQA,1,2\n"


@pytest.fixture
def terminal() -> Iterator[tuple[int, TextIO]]:
    """Give what is seen of a terminal, and the file that shows it."""
    seen, end = pty.openpty()
    with os.fdopen(seen), os.fdopen(end, "w") as file:
        yield seen, file


def shown(seen: int) -> str:
    os.set_blocking(seen, False)
    try:
        return os.read(seen, 1 << 16).decode()
    except BlockingIOError:
        return ""


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return what the command said on a terminal, quietly, and elsewhere, of a slow table."""
    out = tmp_path_factory.mktemp("out")
    command = [sys.executable, "-m", "mpl_dantinox", "plot", "-", "--insight", "pareto"]
    with contextlib.ExitStack() as stack:
        terminals = {}
        processes = {}
        for name, options in {"terminal": [], "quiet": ["--quiet"], "elsewhere": []}.items():
            stderr = subprocess.PIPE
            if name != "elsewhere":
                terminals[name], stderr = pty.openpty()
                stack.callback(os.close, terminals[name])
                stack.callback(os.close, stderr)
            processes[name] = stack.enter_context(
                subprocess.Popen(
                    [*command, "-o", str(out / name), *options],
                    stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=stderr,
                )
            )  # fmt: skip
        text, end = "", time.monotonic() + 60
        while "reading" not in text and time.monotonic() < end:
            text += shown(terminals["terminal"])
            time.sleep(0.1)
        time.sleep(1)  # for the others, which began later
        errors = [process.communicate(RUNS)[1] for process in processes.values()]
        assert [process.returncode for process in processes.values()] == [0, 0, 0]
        return {
            "terminal": text + shown(terminals["terminal"]),
            "quiet": shown(terminals["quiet"]),
            "elsewhere": errors[-1].decode(),
        }


def test_a_terminal_shows_a_bar_that_goes_away(said: dict[str, str]) -> None:
    assert "0/3" in said["terminal"]
    assert said["terminal"].rsplit("\r", 2)[1].strip() == ""


def test_quiet_shows_none(said: dict[str, str]) -> None:
    assert said["quiet"] == ""


def test_what_is_no_terminal_shows_none(said: dict[str, str]) -> None:
    assert said["elsewhere"] == ""


def test_work_that_is_done_soon_shows_none(
    terminal: tuple[int, TextIO], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen, stderr = terminal
    monkeypatch.setattr(sys, "stderr", stderr)
    with progress(2) as step:
        step("this")
    stderr.flush()
    assert shown(seen) == ""


def test_the_bar_tells_what_is_done_and_how_much_was(
    terminal: tuple[int, TextIO], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen, stderr = terminal
    monkeypatch.setattr(sys, "stderr", stderr)
    with progress(2, patience=0) as step:
        step("this")
        step("that")
        time.sleep(0.5)
    assert "that" in (text := shown(seen))
    assert "1/2" in text
