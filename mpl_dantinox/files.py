"""Files that are written whole or not at all."""

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

__all__ = ["write_all", "write_whole"]


def write_whole(path: Path, data: bytes) -> None:
    """Write a file by way of another name beside it, so that it is never seen half-written."""
    write_all({path: data})


def write_all(files: Mapping[Path, bytes]) -> None:
    """Write several files, none of which takes its place before all of them are on the disk."""
    # mkstemp's files are private; those that take their places have the usual mode.
    umask = os.umask(0)
    os.umask(umask)
    parts: dict[Path, Path] = {}
    try:
        for path, data in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=path.parent, prefix=".mpl-dantinox-")
            parts[path] = Path(name)
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            parts[path].chmod(0o666 & ~umask)
        for path, part in parts.items():
            part.replace(path)
    except OSError as error:
        # Whoever reads of it knows the file by its own name, and a full disk names none.
        error.filename, error.filename2 = str(path), None
        raise
    finally:
        for part in parts.values():
            part.unlink(missing_ok=True)
