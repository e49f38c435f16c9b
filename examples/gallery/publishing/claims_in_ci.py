"""
Claims that are checked by a test
=================================

`plot` writes `facts.json` beside the figures. `assert_claims` computes the claims anew from the
table and fails when one no longer holds: here after a third of the runs is gone.
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
main(["plot", str(table), "-o", str(folder), "--quiet"])
assert_claims(folder / "facts.json", table)

runs.iloc[:50].to_csv(table, index=False)
try:
    assert_claims(folder / "facts.json", table)
except AssertionError as error:
    print(*str(error).splitlines()[:6], sep="\n")

plt.style.use("dantinox")
insight = insight_mla_dial(table)
plt.show()
