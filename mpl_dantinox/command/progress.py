"""A bar on the terminal for work that keeps somebody waiting."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from shutil import get_terminal_size
from threading import Event, Thread

__all__ = ["progress"]


@contextmanager
def progress(
    steps: int, *, quiet: bool = False, patience: float = 2.0
) -> Iterator[Callable[[str], None]]:
    """Show how far work has come once it has lasted some seconds, if somebody can see it.

    Each of so many *steps* is told, as what it does, to the function that this yields. The bar goes
    away when the work is done.
    """
    begun: list[str] = []
    if quiet or not sys.stderr.isatty():
        yield begun.append
        return
    done = Event()

    def show() -> None:
        if done.wait(patience):
            return
        from tqdm import tqdm  # Most work is done before this would be.

        # Where a terminal does not tell its size, tqdm would show nothing.
        columns, rows = get_terminal_size()
        with tqdm(
            total=steps, file=sys.stderr, leave=False, ncols=columns, nrows=rows,
            bar_format="{desc} {bar:30} {n}/{total}",
        ) as bar:  # fmt: skip
            while not done.wait(0.1):
                bar.n = max(len(begun) - 1, 0)
                bar.set_description_str(begun[-1] if begun else "")

    # A step may keep Python to itself for long, so it cannot be the one that shows the bar.
    thread = Thread(target=show, daemon=True)
    thread.start()
    try:
        yield begun.append
    finally:
        done.set()
        thread.join()
