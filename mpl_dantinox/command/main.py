"""The command line: what was asked for is run, and what goes wrong is told in one line."""

import contextlib
import io
import os
import sys
import traceback
from collections.abc import Sequence

from mpl_dantinox.command.parser import PROG, parser
from mpl_dantinox.command.status import Status
from mpl_dantinox.nearest import UnknownNameError

__all__ = ["main"]


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line, with the arguments of the process or these; return a `Status`.

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
        status = int(args.run(args))
        sys.stdout.flush()
        return status
    except BrokenPipeError:
        # Whoever read our output has gone.
        return _stdout_is_lost(Status.FAILED)
    except KeyboardInterrupt:
        return _complain("interrupted; nothing was written", Status.INTERRUPTED)
    except Exception as error:
        if args.debug:
            traceback.print_exc()
        from mpl_dantinox.tables.errors import RunsError

        said = " ".join(str(error).split())
        if isinstance(error, UnknownNameError | RunsError):
            return _complain(said, Status.REFUSED)
        if not isinstance(error, OSError):
            said = f"a fault of this program: {type(error).__name__}: {said}; see --debug"
            return _complain(said, Status.FAILED)
        what = f"cannot write {error.filename or 'standard output'}"
        status = _complain(f"{what}: {error.strerror or said}", Status.FAILED)
        return status if error.filename else _stdout_is_lost(status)


def _complain(what: str, status: int) -> int:
    print(f"{PROG}: {what}", file=sys.stderr)
    return status


def _stdout_is_lost(status: int) -> int:
    """Keep the interpreter's own flush at its end from failing as ours did."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return status
