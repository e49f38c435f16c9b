"""Command line: `python -m attention_sweep run --out results.csv`."""

import argparse
import csv
import os
import sys
import time
from pathlib import Path

import torch

from . import sweep
from .data import load


def finished(path: Path) -> set[str]:
    """Names of the runs whose rows are complete; a row cut short by a kill is removed."""
    if not path.exists():
        return set()
    whole, _, torn = path.read_bytes().rpartition(b"\n")
    if torn:
        path.write_bytes(whole + b"\n" if whole else b"")
    with path.open(newline="") as file:
        return {row["run"] for row in csv.DictReader(file)}


def write_row(path: Path, row: dict[str, object]) -> None:
    new = not path.exists() or path.stat().st_size == 0
    with path.open("a", newline="") as file:
        writer = csv.DictWriter(file, sweep.COLUMNS, lineterminator="\n")
        if new:
            writer.writeheader()
        writer.writerow(row)
        file.flush()
        os.fsync(file.fileno())


def run_all(out: Path, only: list[str]) -> None:
    torch.use_deterministic_algorithms(True)
    known = {run.name: run for run in sweep.runs()}
    if unknown := set(only) - known.keys():
        sys.exit(f"no run is called {', '.join(sorted(unknown))}; see `attention_sweep list`")
    done = finished(out)
    todo = [run for name, run in known.items() if name not in done and (not only or name in only)]
    train, val = load()
    for side, split in (("training", train), ("validation", val)):
        print(f"{side}: {split.files} files, {len(split.text):,} bytes, {split.fingerprint}")
    print(f"{len(todo)} runs to do, {len(done)} rows in {out}; {sweep.TOKENS:,} tokens a run")

    def report(step: int, loss: float) -> None:
        if step % 50 == 0 and sys.stderr.isatty():
            print(f"  step {step}/{sweep.STEPS} loss {loss:.3f}", end="\r", file=sys.stderr)

    began = time.perf_counter()
    for count, run in enumerate(todo, 1):
        start = time.perf_counter()
        row = sweep.measure(run, sweep.train(run, train.text, report), val)
        write_row(out, row)
        now = time.perf_counter()
        print(
            f"[{count}/{len(todo)}] {run.name}: val_loss {row['val_loss']},"
            f" {row['theoretical_cache_mb']} MB, {row['tps_512']} tok/s, {now - start:.1f} s;"
            f" about {(now - began) / count * (len(todo) - count) / 60:.0f} min left",
            flush=True,
        )


def time_all(out: Path, rounds: int) -> None:
    done = finished(out)
    todo = [run for run in sweep.runs() if run.name in done]
    with out.open(newline="") as file:
        rows = list(csv.DictReader(file))
    draft = out.with_suffix(".new")
    for count, speeds in enumerate(sweep.time_again(todo, rounds), 1):
        draft.unlink(missing_ok=True)
        for row in rows:
            write_row(draft, row | speeds[row["run"]])
        draft.replace(out)  # in one step, so that a kill leaves a whole table
        print(f"round {count} of {rounds}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(prog="attention_sweep", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("list", help="print the names of all runs")
    run = commands.add_parser("run", help="train and measure the runs not yet in the table")
    run.add_argument("--only", action="append", default=[], metavar="NAME")
    again = commands.add_parser("time", help="measure the speeds in the table again, in rounds")
    again.add_argument("--rounds", type=int, default=9)
    for command in (run, again):
        command.add_argument("--out", type=Path, default=Path("results.csv"))
        command.add_argument("--threads", type=int, default=1)
    args = parser.parse_args()
    if args.command == "list":
        print("\n".join(run.name for run in sweep.runs()))
        return
    torch.set_num_threads(args.threads)
    if args.command == "run":
        run_all(args.out, args.only)
    else:
        time_all(args.out, args.rounds)


if __name__ == "__main__":
    main()
