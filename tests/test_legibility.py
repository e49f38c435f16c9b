"""Every insight can be read under every sheet, whatever the table."""

from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from tables import ODD

from mpl_dantinox.insights import INSIGHTS
from mpl_dantinox.tables.runs import NoDataError
from mpl_dantinox.testing import legibility

SHEETS = {
    "dantinox": ["dantinox"],
    "paper, cvd": ["dantinox", "dantinox-paper", "dantinox-cvd"],
    "talk": ["dantinox", "dantinox-talk"],
    "dark": ["dantinox", "dantinox-dark"],
    "dark, cvd": ["dantinox", "dantinox-dark", "dantinox-cvd"],
}
# Every insight of every table, each under the next sheet: so every insight is under every sheet,
# and every table under all but one. Every day one insight of each table, in turn, and all four of
# those with the most words; where the tests are exhaustive the others, and those under every sheet.
CROWDED = ["sixty runs", "fifteen groups", "long names"]
CASES = [
    pytest.param(
        function,
        SHEETS[sheet],
        ODD[name],
        id=f"{insight}-{sheet}-{name}",
        marks=pytest.mark.exhaustive if ahead or not often else (),
    )
    for turn, (insight, function) in enumerate(INSIGHTS.items())
    for place, name in enumerate(ODD)
    for which, sheet in enumerate(SHEETS)
    for ahead in [(which - turn - place) % len(SHEETS)]
    for often in [name in CROWDED or (turn + place) % 4 == 0]
    if not ahead or name in CROWDED
]


@pytest.mark.parametrize(("function", "sheets", "frame"), CASES)
def test_nothing_is_hard_to_read(function: Any, sheets: list[str], frame: pd.DataFrame) -> None:
    with plt.style.context(sheets):
        try:
            insight = function(frame)
        except NoDataError:
            return
        assert [str(finding) for finding in legibility(insight.figure)] == []
