"""Ticks are readable: 1-2-5, plain, uncrowded, and in the units that memory is spoken in."""

import itertools
import pickle

import matplotlib as mpl
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure

from mpl_dantinox.ticks import (
    ReadableFormatter,
    ReadableLocator,
    byte_ticks,
    log_by_data,
    readable_ticks,
)
from mpl_dantinox.units import UNITS


def axes(xlim: tuple[float, float] = (0.4, 30), width: float = 6.4) -> Axes:
    ax = Figure(figsize=(width, 4.4)).subplots()
    ax.set(xlim=xlim, ylim=xlim)
    return ax


def math(text: str) -> str:
    return rf"$\mathdefault{{{text}}}$"


def labels(axis: Axis) -> list[str]:
    return [label.get_text() for label in axis.get_ticklabels()]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([1, 10], True),
        ([1, 9.99], False),
        ([0, 100], False),
        ([-1, 100], False),
        ([], False),
        ([np.nan, 1, np.inf, 20], True),
        ([[1, 2], [3, 40]], True),
        ([7], False),
    ],
)
def test_data_call_for_a_log_axis_when_positive_and_a_decade_wide(
    values: list[float], expected: bool
) -> None:
    assert log_by_data(values) is expected


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        ((0.4, 30), ["0.5", "1", "2", "5", "10", "20"]),
        ((1, 100), ["1", "2", "5", "10", "20", "50", "100"]),
        ((1, 1e4), ["1", "10", "100", "1,000", "10,000"]),
        ((1, 1e8), ["1", "100", *(math(f"10^{{{n}}}") for n in (4, 6, 8))]),
        ((1e-5, 1e-2), [math(f"10^{{{n}}}") for n in (-5, -4, -3, -2)]),
        ((2, 7), ["2", "3", "4", "5", "6", "7"]),
        ((3, 3.4), ["3.0", "3.1", "3.2", "3.3", "3.4"]),
        ((2e-6, 4e-6), [math(rf"{n}\times10^{{-6}}") for n in ("2.0", "2.5", "3.0", "3.5", "4.0")]),
    ],
)
def test_a_log_axis_has_readable_labels(limits: tuple[float, float], expected: list[str]) -> None:
    ax = axes(limits)
    readable_ticks(ax.xaxis, log=True)
    assert labels(ax.xaxis) == expected


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        ((0, 1), ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
        ((-20, 20), ["−20", "−10", "0", "10", "20"]),
        ((0, 12000), ["0", "2,000", "4,000", "6,000", "8,000", "10,000", "12,000"]),
        ((5, 5.01), ["5.000", "5.002", "5.004", "5.006", "5.008", "5.010"]),
    ],
)
def test_a_linear_axis_has_as_many_decimals_everywhere(
    limits: tuple[float, float], expected: list[str]
) -> None:
    ax = axes(limits)
    readable_ticks(ax.xaxis)
    assert labels(ax.xaxis) == expected


@settings(max_examples=40, deadline=None)
@given(
    low=st.floats(0, 12).map(lambda power: 10**power),
    decades=st.floats(0.05, 14),
    width=st.floats(3.25, 12),
    log=st.booleans(),
    unit=st.sampled_from([None, "B", "MB", "GiB"]),
)
def test_no_view_has_fewer_than_two_labels_or_labels_that_touch(
    low: float, decades: float, width: float, log: bool, unit: str | None
) -> None:
    assume(low * 10**decades < 1e15)  # bytes, if it is a view of memory: up to 1,000 TB
    scale = UNITS[unit] if unit else 1e6
    ax = axes((low / scale, low / scale * 10**decades), width)
    if unit is None:
        readable_ticks(ax.xaxis, log=log)
    else:
        byte_ticks(ax.xaxis, unit=unit, log=log)
    ax.figure.draw_without_rendering()
    boxes = [t.get_window_extent() for t in ax.get_xticklabels() if t.get_text()]
    assert len(boxes) >= 2
    assert all(a.x1 < b.x0 for a, b in itertools.pairwise(boxes))


@pytest.mark.parametrize("font", ["STIXGeneral", "cmr10", "DejaVu Sans"])
def test_powers_of_ten_are_drawn_in_any_font(font: str) -> None:
    with mpl.rc_context({"font.family": font, "axes.formatter.use_mathtext": True}):
        ax = axes((1e-7, 1e8))
        readable_ticks(ax.xaxis, log=True)
        ax.figure.draw_without_rendering()


@pytest.mark.parametrize("ends", [(1e6, 1.01e6), (1.2e7, 1.21e7), (-2e-5, 2e-5), (3e5, 1.2e6)])
def test_ticks_at_equal_steps_share_a_power_and_no_two_read_alike(
    ends: tuple[float, float],
) -> None:
    ax = axes(ends)
    readable_ticks(ax.xaxis)
    texts = [text for text in labels(ax.xaxis) if text != "0"]
    assert len({*texts}) == len(texts) > 1
    assert len({text.partition("10^")[2] for text in texts}) == 1


def test_a_short_log_axis_has_three_labels() -> None:
    ax = axes((1.1, 1.9))
    readable_ticks(ax.xaxis, log=True)
    assert labels(ax.xaxis) == ["1.2", "1.4", "1.6", "1.8"]


def test_labels_at_one_two_and_five_need_no_minor_ticks_between_them() -> None:
    ax = axes((1, 90))
    readable_ticks(ax.xaxis, log=True)
    assert len(ax.xaxis.get_minorticklocs()) == 0


def test_minor_ticks_have_no_labels() -> None:
    ax = axes((1, 1e6))
    readable_ticks(ax.xaxis, log=True)
    assert len(ax.xaxis.get_minorticklocs())
    assert {label.get_text() for label in ax.get_xticklabels(minor=True)} == {""}


def test_ticks_follow_the_zoom() -> None:
    ax = axes((1, 1e8))
    readable_ticks(ax.xaxis, log=True)
    ax.set_xlim(4, 60)
    assert labels(ax.xaxis) == ["5", "10", "20", "50"]


def test_ticks_follow_the_size_of_the_axis() -> None:
    ax = axes((0.4, 30))
    readable_ticks(ax.xaxis, log=True)
    wide = labels(ax.xaxis)
    ax.figure.set_size_inches(1, 4.4)
    assert len(labels(ax.xaxis)) < len(wide)
    ax.figure.set_size_inches(6.4, 4.4)
    assert labels(ax.xaxis) == wide


def test_an_inverted_axis_has_the_same_ticks() -> None:
    ax = axes((30, 0.4))
    readable_ticks(ax.xaxis, log=True)
    assert sorted(ax.get_xticks()) == [0.5, 1, 2, 5, 10, 20]


def test_the_scale_stays_unless_it_is_given() -> None:
    ax = axes()
    ax.set_yscale("log")
    readable_ticks(ax.xaxis)
    readable_ticks(ax.yaxis)
    assert (ax.get_xscale(), ax.get_yscale()) == ("linear", "log")


def test_another_scale_is_left_alone() -> None:
    ax = axes((-10, 10))
    ax.set_xscale("symlog")
    before = ax.xaxis.get_major_locator()
    readable_ticks(ax.xaxis)
    assert ax.xaxis.get_major_locator() is before


def test_autoscaling_a_log_axis_without_positive_data_still_draws() -> None:
    ax = Figure().subplots()
    readable_ticks(ax.xaxis, log=True)
    ax.plot([-1, 0], [1, 2])
    with pytest.warns(UserWarning, match="no positive values"):
        ax.figure.draw_without_rendering()


@pytest.mark.parametrize(
    ("limits", "label", "ticks"),
    [
        ((0.4, 30), "KV cache (MB)", ["0.5", "1", "2", "5", "10", "20"]),
        ((400, 90000), "KV cache (GB)", ["0.5", "1", "2", "5", "10", "20", "50"]),
        ((1, 1500), "KV cache (MB)", ["1", "10", "100", "1,000"]),
        ((2e-6, 9e-6), "KV cache (B)", ["2", "3", "4", "5", "6", "7", "8", "9"]),
        ((1e-5, 1e6), "KV cache", ["1 kB", "1 MB", "1 GB", "1 TB"]),
    ],
)
def test_memory_is_in_one_unit_where_it_can_be(
    limits: tuple[float, float], label: str, ticks: list[str]
) -> None:
    ax = axes(limits)
    byte_ticks(ax.xaxis, "KV cache", log=True)
    assert (ax.get_xlabel(), labels(ax.xaxis)) == (label, ticks)


def test_memory_on_a_linear_axis_is_in_the_unit_of_its_far_end() -> None:
    ax = axes((0, 1500))
    assert byte_ticks(ax.xaxis, "KV cache") == "GB"
    assert labels(ax.xaxis) == ["0.0", "0.5", "1.0", "1.5"]


def test_without_a_label_each_tick_says_its_unit() -> None:
    ax = axes((0.4, 3000), 12)
    byte_ticks(ax.xaxis, log=True)
    assert labels(ax.xaxis) == ["1 MB", "10 MB", "100 MB", "1 GB"]
    assert ax.get_xlabel() == ""


def test_binary_units_have_ticks_of_their_own() -> None:
    ax = axes((0.9, 3000), 12)
    byte_ticks(ax.xaxis, unit="MiB", log=True)
    assert labels(ax.xaxis) == ["1 MiB", "10 MiB", "100 MiB", "1 GiB"]
    assert ax.get_xticks()[-1] == 1024


@pytest.mark.parametrize("unit", ["B", "kB", "MB", "GB", "TB", "KiB", "MiB", "GiB", "TiB"])
def test_one_unit_of_anything_is_called_one(unit: str | None) -> None:
    assert ReadableFormatter("B")(UNITS[unit]) == f"1 {unit}" or "i" in unit
    assert ReadableFormatter(unit)(1) == f"1 {unit}"


def test_the_cursor_reads_more_digits_than_the_ticks() -> None:
    assert ReadableFormatter().format_data(12.3456) == "12.346"
    assert ReadableFormatter("MB").format_data(1234.5) == "1.2345 GB"


def test_an_unknown_unit_is_answered_with_the_nearest() -> None:
    with pytest.raises(ValueError, match="unknown unit 'Mb'; nearest: MB"):
        ReadableLocator("Mb")


def test_ticks_survive_pickling() -> None:
    ax = axes((1, 1500))
    byte_ticks(ax.xaxis, "KV cache", log=True)
    copy = pickle.loads(pickle.dumps(ax.figure)).axes[0]
    assert labels(copy.xaxis) == labels(ax.xaxis)


def test_limits_that_are_not_numbers_have_no_ticks() -> None:
    assert not len(ReadableLocator().tick_values(np.nan, 1))
