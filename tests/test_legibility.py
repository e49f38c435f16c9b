"""Every insight can be read under every sheet, whatever the table."""

from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from tables import ODD

from mpl_dantinox.insights import INSIGHTS
from mpl_dantinox.runs import NoDataError
from mpl_dantinox.testing import legibility

SHEETS = {
    "dantinox": ["dantinox"],
    "paper": ["dantinox", "dantinox-paper"],
    "paper, cvd": ["dantinox", "dantinox-paper", "dantinox-cvd"],
    "talk": ["dantinox", "dantinox-talk"],
    "dark": ["dantinox", "dantinox-dark"],
    "dark, cvd": ["dantinox", "dantinox-dark", "dantinox-cvd"],
}


@pytest.mark.parametrize("frame", ODD.values(), ids=ODD)
@pytest.mark.parametrize("function", INSIGHTS.values(), ids=INSIGHTS)
@pytest.mark.parametrize("sheets", SHEETS.values(), ids=SHEETS)
def test_nothing_is_hard_to_read(sheets: list[str], function: Any, frame: pd.DataFrame) -> None:
    with plt.style.context(sheets):
        try:
            insight = function(frame)
        except NoDataError:
            return
        assert [str(finding) for finding in legibility(insight.figure)] == []
