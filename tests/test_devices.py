"""The catalogue of accelerators and the units of their memory."""

import pickle
import re

import numpy as np
import pytest

from mpl_dantinox.devices import DEVICES, resolve_device
from mpl_dantinox.units import UNITS

Given = str | float | tuple[str, float]


def test_catalogue_has_at_least_fifty_devices() -> None:
    assert len(DEVICES) >= 50


@pytest.mark.parametrize("name", DEVICES)
def test_device_has_positive_memory(name: str) -> None:
    assert DEVICES[name].memory_gb > 0


@pytest.mark.parametrize("name", DEVICES)
def test_device_has_a_source_that_names_its_vendor(name: str) -> None:
    assert re.search("NVIDIA|AMD|Intel|Google|AWS|Apple", DEVICES[name].source)


@pytest.mark.parametrize("name", [name for name in DEVICES if name.endswith("GB")])
def test_memory_agrees_with_the_size_in_the_name(name: str) -> None:
    assert name.endswith(f" {DEVICES[name].memory_gb:g}GB")


@pytest.mark.parametrize(
    ("name", "gb"),
    [("H100", 80.0), ("A100 40GB", 40.0), ("RTX 4090", 24.0), ("H200", 141.0), ("MI300X", 192.0)],
)
def test_memory_of_a_well_known_device(name: str, gb: float) -> None:
    assert DEVICES[name].memory_gb == gb


@pytest.mark.parametrize(
    ("name", "bandwidth", "peak"),
    [
        ("A100 80GB", 2039, 312),
        ("H100", 3350, 989),
        ("H200", 4800, 989),
        ("L4", 300, 121),
        ("MI300X", 5300, 1307.4),
        ("TPU v5e", 819, 197),
        ("Trainium2", 2900, 667),
    ],
)
def test_speed_of_a_well_known_device(name: str, bandwidth: float, peak: float) -> None:
    assert DEVICES[name][1:3] == (bandwidth, peak)


@pytest.mark.parametrize("name", ["T4", "V100 32GB"])
def test_chip_without_bfloat16_has_no_peak_of_it(name: str) -> None:
    assert DEVICES[name].bf16_tflops is None


def test_speeds_are_positive_where_they_are_known() -> None:
    assert all(speed is None or speed > 0 for device in DEVICES.values() for speed in device[1:3])


def test_speed_is_known_of_most_devices() -> None:
    known = [d for d in DEVICES.values() if d.bandwidth_gb_s and d.bf16_tflops]
    assert len(known) > len(DEVICES) / 2


@pytest.mark.parametrize("name", ["rtx4090", "RTX-4090", "rtx_4090", "Rtx 4090"])
def test_name_is_found_in_another_spelling(name: str) -> None:
    assert DEVICES[name].memory_gb == 24.0


def test_no_two_names_differ_only_in_spelling() -> None:
    assert len({re.sub("[ _-]", "", name.casefold()) for name in DEVICES}) == len(DEVICES)


@pytest.mark.parametrize("error", [KeyError, ValueError])
def test_wrong_name_is_answered_with_the_nearest(error: type[Exception]) -> None:
    with pytest.raises(error, match=r"unknown device 'H10'; nearest: H100"):
        DEVICES["H10"]


def test_incomplete_name_is_answered_with_its_completions() -> None:
    with pytest.raises(KeyError, match=r"^unknown device 'A100'; nearest: A100 40GB, A100 80GB"):
        DEVICES["A100"]


def test_name_near_none_is_answered_with_all() -> None:
    with pytest.raises(KeyError, match=r"known: .*T4, .*H100"):
        DEVICES["abacus"]


def test_catalogue_is_read_only() -> None:
    with pytest.raises(TypeError):
        DEVICES["H100"] = None  # type: ignore[index]  # what is tested


def test_catalogue_is_a_mapping() -> None:
    assert ("H100" in DEVICES, "abacus" in DEVICES) == (True, False)


def test_catalogue_pickles() -> None:
    assert pickle.loads(pickle.dumps(DEVICES)) == DEVICES


def test_wrong_unit_is_answered_with_the_nearest() -> None:
    with pytest.raises(ValueError, match="unknown unit 'gb'; nearest: GB"):
        UNITS["gb"]


@pytest.mark.parametrize(
    ("unit", "value"),
    [("B", 80e9), ("MB", 80e3), ("GB", 80.0), ("TB", 0.08), ("GiB", 74.505806), ("MiB", 76293.945)],
)
def test_memory_is_given_in_the_unit(unit: str, value: float) -> None:
    assert resolve_device("H100", unit)[1] == pytest.approx(value, rel=1e-7)


@pytest.mark.parametrize(
    ("device", "resolved"),
    [
        ("h100", ("H100", 80.0)),
        (24, ("24 GB", 24.0)),
        (0.5, ("0.5 GB", 0.5)),
        (np.float32(16), ("16 GB", 16.0)),
        (np.int64(16), ("16 GB", 16.0)),
        (("mine", 12), ("mine", 12.0)),
        (["mine", 12.5], ("mine", 12.5)),
    ],
)
def test_device_is_a_name_a_number_or_a_pair(device: Given, resolved: tuple[str, float]) -> None:
    assert resolve_device(device) == resolved


@pytest.mark.parametrize("gb", [0, -1, float("nan"), float("inf")])
def test_memory_that_is_not_positive_and_finite_is_refused(gb: float) -> None:
    with pytest.raises(ValueError, match="expected a positive, finite number"):
        resolve_device(gb)


@pytest.mark.parametrize("device", [None, True, ("mine",), ("mine", "big"), (1, 2), ("a", True)])
def test_what_is_not_a_device_is_refused(device: Given) -> None:
    with pytest.raises(TypeError, match=r"expected a name in DEVICES, a number of GB, or \(label"):
        resolve_device(device)


@pytest.mark.parametrize("name", ["RTX 4091", "mi300"])
def test_wrong_device_to_resolve_is_answered_with_the_nearest(name: str) -> None:
    with pytest.raises(ValueError, match=r"nearest: (RTX 4090|MI300A, MI300X)"):
        resolve_device(name)
