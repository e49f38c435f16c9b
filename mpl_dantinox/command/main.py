"""The command line: what was asked for is run, and what goes wrong is told in one line."""

import contextlib
import io
import os
import sys
import traceback
from collections.abc import Sequence

from mpl_dantinox.command.parser import PROG, parser
from mpl_dantinox.nearest import UnknownNameError

__all__ = ["main"]


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line.

    Parameters
    ----------
    argv : sequence of str, optional
        The arguments; by default those of the process.

    Returns
    -------
    int
        0 for done, 1 for a claim that no longer holds or a file that could not be written, 2 for a
        fault of the input, 130 for an interruption from the keyboard.

    Examples
    --------
    >>> main(["columns", "sample:sweep"])  # doctest: +ELLIPSIS
    run                   text, 75 values
    ...
    0
    """
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show a letter gets its code.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    args = parser().parse_args(argv)
    try:
        status: int = args.run(args)
        sys.stdout.flush()
        return status
    except BrokenPipeError:
        # Whoever read our output has gone.
        return _stdout_is_lost(1)
    except KeyboardInterrupt:
        return _complain("interrupted; nothing was written", 130)
    except Exception as error:
        if args.debug:
            traceback.print_exc()
        if isinstance(error, OSError):
            what = f"cannot write {error.filename or 'standard output'}"
            status = _complain(f"{what}: {error.strerror or error}", 1)
            return status if error.filename else _stdout_is_lost(status)
        return _complain(*_in_one_line(error))


def _in_one_line(error: Exception) -> tuple[str, int]:
    """Return the line for an error that has no file, and the exit status."""
    from mpl_dantinox.tables.reading import RunsError

    text = " ".join(str(error).split())
    if isinstance(error, UnknownNameError | RunsError):
        return text, 2
    return f"a fault of this program: {type(error).__name__}: {text}; see --debug", 1


def _complain(what: object, status: int) -> int:
    print(f"{PROG}: {what}", file=sys.stderr)
    return status


def _stdout_is_lost(status: int) -> int:
    """Keep the interpreter's own flush at its end from failing as ours did."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return status
