"""Accelerators: how much memory they have, how fast they read it, and how fast they compute."""

import math
import numbers
from pathlib import Path
from typing import NamedTuple

from mpl_dantinox.nearest import Catalogue
from mpl_dantinox.units import UNITS

__all__ = ["DEVICES", "Device", "resolve_device"]


class Device(NamedTuple):
    """What the vendor prints about one accelerator, None for what no page was found to give.

    Attributes
    ----------
    memory_gb : float
        The memory, whether the vendor writes GB or GiB. Vendors use the two loosely ("80 GB" is
        often 80 x 2^30 bytes), so the number is nominal; here a GB is 10^9 bytes.
    bandwidth_gb_s : float or None
        The peak bandwidth of that memory, in GB/s.
    bf16_tflops : float or None
        The peak of dense matrix products in bfloat16, in 10^12 operations per second.
    source : str
        The pages where the numbers were read: the vendor's own where one was at hand.
    """

    memory_gb: float
    bandwidth_gb_s: float | None
    bf16_tflops: float | None
    source: str


def _read_devices() -> dict[str, Device]:
    # importlib.resources, and csv, would take longer to import than the file to read. Of its
    # columns only the last has commas in it, and quotes around it.
    _, *lines = Path(__file__).with_name("devices.csv").read_text(encoding="utf-8").splitlines()
    return {
        name: Device(float(gb), float(r) if r else None, float(p) if p else None, at.strip('"'))
        for name, gb, r, p, at in (line.split(",", 4) for line in lines)
    }


#: The accelerators by name, each a `Device`; names are found in any case, with or without spaces,
#: hyphens and underscores.
DEVICES: Catalogue[Device] = Catalogue("device", _read_devices(), forgiving=True)


def resolve_device(device: str | float | tuple[str, float], unit: str = "GB") -> tuple[str, float]:
    """Return the label of a device and its memory in a unit.

    Parameters
    ----------
    device : str, float or (str, float)
        A name in `DEVICES`, a number of GB, or a pair of label and GB. A GB is 10^9 bytes.
    unit : str, default: "GB"
        A name in `mpl_dantinox.units.UNITS`: B, kB, MB, GB, TB, KiB, MiB, GiB or TiB.

    Returns
    -------
    label : str
        The name as the catalogue has it, the number with its unit, or the label given.
    value : float
        The memory in *unit*.

    Raises
    ------
    TypeError
        If *device* is none of the three.
    ValueError
        If the memory is not positive and finite, or the catalogue has no such device or unit.

    Examples
    --------
    >>> resolve_device("rtx4090"), resolve_device(("our cluster", 640), unit="TB")
    (('RTX 4090', 24.0), ('our cluster', 0.64))
    """
    label, gb = device if isinstance(device, tuple | list) and len(device) == 2 else ("", device)
    if isinstance(device, str):
        label = DEVICES.canonical(device)
        gb = DEVICES[label].memory_gb
    if not isinstance(label, str) or not isinstance(gb, numbers.Real) or isinstance(gb, bool):
        raise TypeError(
            f"device is {device!r}; expected a name in DEVICES, a number of GB, or (label, GB)"
        )
    gb = float(gb)
    label = label or f"{gb:g} GB"
    if not 0 < gb < math.inf:
        raise ValueError(f"device {label!r} has {gb} GB; expected a positive, finite number")
    return label, gb * UNITS["GB"] / UNITS[unit]
