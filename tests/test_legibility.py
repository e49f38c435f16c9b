"""Every insight can be read under every sheet, whatever the table."""

from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from tables import ODD

from mpl_dantinox.insights import INSIGHTS
from mpl_dantinox.tables.runs import NoDataError
from mpl_dantinox.testing import legibility

SIZES = {
    "dantinox": ["dantinox"],
    "paper, cvd": ["dantinox", "dantinox-paper", "dantinox-cvd"],
    "talk": ["dantinox", "dantinox-talk"],
}
# These change colours only, so that a few tables tell what all would.
COLORS = {
    "dark": ["dantinox", "dantinox-dark"],
    "dark, cvd": ["dantinox", "dantinox-dark", "dantinox-cvd"],
}
FEW = ["sixty runs", "fifteen groups", "GQA wins"]
CASES = [
    *(pytest.param(s, ODD[t], id=f"{n}-{t}") for n, s in SIZES.items() for t in ODD),
    *(pytest.param(s, ODD[t], id=f"{n}-{t}") for n, s in COLORS.items() for t in FEW),
    *(
        pytest.param(s, ODD[t], id=f"{n}-{t}", marks=pytest.mark.exhaustive)
        for n, s in COLORS.items()
        for t in ODD
        if t not in FEW
    ),
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
