"""The training text: the Python standard library's own source, as bytes."""

import hashlib
import sysconfig
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

# Installed packages and test suites are not the same on every machine.
EXCLUDED = {"site-packages", "dist-packages", "test", "tests", "idle_test", "__pycache__"}


@dataclass(frozen=True)
class Split:
    """One side of the split: the files joined by a zero byte."""

    files: int
    text: Tensor  # uint8

    @property
    def fingerprint(self) -> str:
        return hashlib.sha256(self.text.numpy().tobytes()).hexdigest()[:16]


def is_validation(name: str) -> bool:
    """Whether a file is held out: one in ten, by a hash of its name, the same on every machine."""
    return hashlib.sha256(name.encode()).digest()[0] < 26


def load() -> tuple[Split, Split]:
    """Training and validation text."""
    root = Path(sysconfig.get_path("stdlib"))
    sides: tuple[list[bytes], list[bytes]] = ([], [])
    for path in sorted(root.rglob("*.py")):
        name = path.relative_to(root)
        # _sysconfigdata describes the machine that built the interpreter.
        if EXCLUDED.isdisjoint(name.parts) and not name.name.startswith("_sysconfigdata"):
            sides[is_validation(name.as_posix())].append(path.read_bytes())
    train, val = (
        Split(len(side), torch.from_numpy(np.frombuffer(b"\0".join(side), np.uint8).copy()))
        for side in sides
    )
    return train, val


def windows(text: Tensor, starts: Tensor, length: int) -> tuple[Tensor, Tensor]:
    """Inputs and the bytes that follow them, both (starts, length)."""
    piece = text[starts[:, None] + torch.arange(length + 1)].long()
    return piece[:, :-1], piece[:, 1:]
