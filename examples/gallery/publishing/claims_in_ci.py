"""
A test that fails when a claim no longer holds
==============================================

`plot` writes `facts.json` beside the figures. `assert_claims` computes the claims anew from the
table, and fails with those that no longer hold: here after a third of the runs is lost.
"""

import tempfile
from pathlib import Path

import matplotlib.pyplot as plt

from mpl_dantinox import insight_mla_dial, sample_runs
from mpl_dantinox.command.main import main
from mpl_dantinox.testing import assert_claims

folder = Path(tempfile.mkdtemp())
table = folder / "runs.csv"
runs = sample_runs()
runs.to_csv(table, index=False)
main(["plot", str(table), "-o", str(folder), "--insight", "mla_dial", "--quiet"])
assert_claims(folder / "facts.json", table)

runs.iloc[:50].to_csv(table, index=False)
try:
    assert_claims(folder / "facts.json", table)
except AssertionError as error:
    print(*str(error).splitlines()[:4], sep="\n")

# What the claims are about, with all runs and with those that are left.
plt.style.use("dantinox")
fig, panels = plt.subplots(1, 2, figsize=(8, 3), sharey=True, layout="constrained")
for ax, some in zip(panels, (runs, runs.iloc[:50]), strict=True):
    insight_mla_dial(some, ax=ax, panels=["quality"])
    ax.set_title(f"{len(some)} runs")
    ax.label_outer()
plt.show()
