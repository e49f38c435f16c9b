"""What is raised where a table, or an option, cannot be used."""

from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["NoDataError", "RunsError", "engine_errors", "one_line"]

_LONGEST = 200


class RunsError(ValueError):
    """The table, or an option, cannot be used; the message says why in one line."""


class NoDataError(RunsError):
    """The table is sound but has no runs that this insight could show."""


def one_line(error: BaseException) -> str:
    """Return the message of an error in one line, which is not too long."""
    text = " ".join(str(error).split())
    return (text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…") or type(error).__name__


@contextmanager
def engine_errors(what: str) -> Iterator[None]:
    """Raise what a frame's library raises as `RunsError`; there are too many to name them."""
    try:
        yield
    except RunsError:
        raise
    except OSError as error:
        reason = (error.strerror or one_line(error)).lower()
        raise RunsError(f"cannot read {what}: {reason}") from error
    except (NameError, AttributeError):
        # A fault of ours.
        raise
    except Exception as error:
        raise RunsError(f"{what} cannot be read: {one_line(error)}") from error
