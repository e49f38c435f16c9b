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
# Under every sheet. Each other table is under one of the first three, which change sizes, in turn;
# under all sheets where the tests are exhaustive.
CROWDED = ["sixty runs", "fifteen groups", "long names"]
CASES = [
    pytest.param(
        sheets,
        ODD[name],
        id=f"{sheet}-{name}",
        marks=() if name in CROWDED or turn == place % 3 else pytest.mark.exhaustive,
    )
    for turn, (sheet, sheets) in enumerate(SHEETS.items())
    for place, name in enumerate(ODD)
]


@pytest.mark.parametrize(("sheets", "frame"), CASES)
@pytest.mark.parametrize("function", INSIGHTS.values(), ids=INSIGHTS)
def test_nothing_is_hard_to_read(sheets: list[str], function: Any, frame: pd.DataFrame) -> None:
    with plt.style.context(sheets):
        try:
            insight = function(frame)
        except NoDataError:
            return
        assert [str(finding) for finding in legibility(insight.figure)] == []
