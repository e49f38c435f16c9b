"""Wrong names are answered with the nearest right ones, in one way everywhere."""

import pytest

from mpl_dantinox.nearest import advice, nearest_names

NAMES = ["H100", "A100 40GB", "A100 80GB", "RTX 4090", "T4"]


@pytest.mark.parametrize("name", ["rtx4090", "RTX-4090", "rtx_4090", "Rtx 409"])
def test_spelling_makes_no_difference(name: str) -> None:
    assert nearest_names(name, NAMES)[0] == "RTX 4090"


def test_completions_come_before_likenesses() -> None:
    assert nearest_names("A100", NAMES) == ["A100 40GB", "A100 80GB", "H100"]
    assert nearest_names("A100", NAMES, n=1) == ["A100 40GB"]


def test_what_is_like_none_is_answered_with_all() -> None:
    assert nearest_names("abacus", NAMES) == []
    assert advice("abacus", NAMES) == "there are: H100, A100 40GB, A100 80GB, RTX 4090, T4"


def test_of_many_names_the_first_are_listed() -> None:
    assert advice("x", [f"column {n}" for n in range(99)]).endswith("column 29 and 69 more")
