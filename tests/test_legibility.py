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
# Every insight of every table, each under the next sheet, and so every insight and all but every
# table under every sheet. The rest where the tests are exhaustive, of the last two sheets, which
# change colours, for the tables with the most words.
CROWDED = ["sixty runs", "fifteen groups", "long names"]
CASES = [
    pytest.param(
        function,
        SHEETS[sheet],
        ODD[name],
        id=f"{insight}-{sheet}-{name}",
        marks=() if (turn + place) % len(SHEETS) == which else pytest.mark.exhaustive,
    )
    for turn, (insight, function) in enumerate(INSIGHTS.items())
    for place, name in enumerate(ODD)
    for which, sheet in enumerate(SHEETS)
    if which < 3 or name in CROWDED or (turn + place) % len(SHEETS) == which
]


@pytest.mark.parametrize(("function", "sheets", "frame"), CASES)
def test_nothing_is_hard_to_read(function: Any, sheets: list[str], frame: pd.DataFrame) -> None:
    with plt.style.context(sheets):
        try:
            insight = function(frame)
        except NoDataError:
            return
        assert [str(finding) for finding in legibility(insight.figure)] == []
