"""What the exit status of the command says."""

from enum import IntEnum

__all__ = ["STATUSES", "Status"]


class Status(IntEnum):
    """The exit status of the command."""

    DONE = 0
    FAILED = 1
    REFUSED = 2
    INTERRUPTED = 130


#: What each exit status says.
STATUSES = {
    Status.DONE: "done",
    Status.FAILED: "a claim no longer holds, or a file could not be written",
    Status.REFUSED: "the table or an option cannot be used",
    Status.INTERRUPTED: "interrupted",
}
