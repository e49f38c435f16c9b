"""Run the benchmarks, and print the table of ratios with the limits that hold.

    python -m benchmarks [NAME ...] [--write]

NAME picks the files bench_NAME.py; ``--write`` also makes docs/benchmarks.md of the table. Times
are the shortest of several rounds, as pytest-benchmark takes them.
"""

import argparse
import json
import os
import platform
import sys
import tempfile
import textwrap
from collections.abc import Iterator, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import pytest

from benchmarks.conftest import OURS

HERE = Path(__file__).parent
PAGE = HERE.parent / "docs" / "benchmarks.md"
PACKAGES = ("mpl-dantinox", "matplotlib", "numpy", "pandas", "narwhals", "moocore", "paretoset",
            "numba", "SciencePlots", "mplhep", "seaborn", "polars", "pyarrow")  # fmt: skip
HEADER = """\
| case | who | time | memory | ratio | limit | |
|---|---|---:|---:|---:|---:|---|"""
# From here on the page is not made by the command.
BY_HAND = "\n## Run by hand\n"
INTRODUCTION = """\
# Benchmarks

Made by `python -m benchmarks --write`, which needs `pip install -e ".[bench]"`; `python -m
benchmarks front` runs one part. Times are the shortest of several rounds. A ratio is the time of
the other to that of the package: at 2, the other takes twice as long. The machine: {machine}.
"""

Entry = dict[str, Any]


def measured(names: Sequence[str]) -> list[Entry]:
    """Run the benchmarks and return their entries."""
    files = [str(HERE / f"bench_{name}.py") for name in names] or [str(HERE)]
    with tempfile.TemporaryDirectory() as folder:
        results = Path(folder) / "results.json"
        status = pytest.main(
            ["-q", "-p", "no:cacheprovider", "-W", "ignore", "-o", "addopts=", "--no-header",
             "-o", "python_files=bench_*.py", "-o", "python_functions=bench_*", "--tb=short",
             "--benchmark-quiet", "--benchmark-disable-gc", "--benchmark-max-time=0.5",
             f"--benchmark-json={results}", *files]
        )  # fmt: skip
        if status or not results.exists():
            raise SystemExit(f"the benchmarks failed: {status!r}")
        found = json.loads(results.read_text())["benchmarks"]
    return [{"seconds": one["stats"]["min"], **one["extra_info"]} for one in found]


def tables(entries: Sequence[Entry]) -> Iterator[str]:
    """Yield the tables by section, in lines of Markdown."""
    for section in dict.fromkeys(entry["section"] for entry in entries):
        yield f"\n## {section}\n"
        yield HEADER
        for entry in entries:
            if entry["section"] == section:
                yield row(entry, peers_of(entry, entries))


def peers_of(entry: Entry, entries: Sequence[Entry]) -> dict[str, Entry]:
    """Return what an entry is compared with, by name."""
    return {
        one["who"]: one
        for one in entries
        if (one["section"], one["case"]) == (entry["section"], entry["case"])
    }


def row(entry: Entry, peers: dict[str, Entry]) -> str:
    who, limits, ratio = entry["who"], [], None
    seconds = entry["seconds"]
    if "times" in entry:
        who = f"{entry['times']} × {who} + {entry['plus']} s"
        seconds = entry["times"] * seconds + entry["plus"]
    if OURS in peers and who != OURS:
        ratio = seconds / peers[OURS]["seconds"]
    elif "base" in entry:
        ratio = seconds / peers[entry["base"]]["seconds"]
    for key, sign, value in (
        ("least", "≥", ratio),
        ("most", "≤", ratio),
        ("most_seconds", "≤", seconds),
        ("most_memory", "≤", entry.get("memory")),
    ):
        if key in entry and value is not None:
            holds = value >= entry[key] if sign == "≥" else value <= entry[key]
            unit = time if key == "most_seconds" else size if key == "most_memory" else factor
            limits.append((f"{sign} {unit(entry[key])}", holds))
    cells = [
        entry["case"],
        who,
        time(seconds),
        size(entry["memory"]) if "memory" in entry else "",
        factor(ratio) if ratio is not None else "",
        ", ".join(text for text, _ in limits),
        "" if not limits else "holds" if all(holds for _, holds in limits) else "**fails**",
    ]
    return f"| {' | '.join(cells)} |"


def time(seconds: float) -> str:
    for unit, name in ((1, "s"), (1e-3, "ms")):
        if seconds >= unit:
            return f"{seconds / unit:.3g} {name}"
    return f"{seconds * 1e6:.3g} µs"


def size(memory: float) -> str:
    return f"{memory / 1e6:,.0f} MB"


def factor(ratio: float) -> str:
    return f"{ratio:.0f}×" if ratio >= 100 else f"{ratio:.3g}×"


def machine() -> str:
    """Return what the numbers depend on."""
    processor = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        models = [
            line for line in cpuinfo.read_text().splitlines() if line.startswith("model name")
        ]
        processor = models[0].partition(": ")[2] if models else processor
    versions = []
    for package in PACKAGES:
        try:
            versions.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            continue
    load = f", load {os.getloadavg()[0]:.1f} before" if hasattr(os, "getloadavg") else ""
    return (
        f"{os.cpu_count()} cores, {processor}, {platform.system()}{load}; "
        f"Python {platform.python_version()}, {', '.join(versions)}"
    )


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; the status is 1 if a limit does not hold."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args(argv)
    start = machine()
    words = INTRODUCTION.format(machine=start).split("\n\n")
    wrapped = [textwrap.fill(" ".join(w.split()), 100, break_on_hyphens=False) for w in words]
    lines = ["\n\n".join(wrapped), *tables(measured(options.names))]
    text = "\n".join(lines) + "\n"
    print(text)
    if options.write:
        kept = PAGE.read_text("utf-8").partition(BY_HAND)[1:] if PAGE.exists() else ()
        PAGE.write_text("".join([text, *kept]), encoding="utf-8")
    return int("**fails**" in text)


if __name__ == "__main__":
    sys.exit(main())
