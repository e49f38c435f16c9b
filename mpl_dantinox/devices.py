"""The memory of accelerators that people report on, and the units to draw it in."""

import difflib
import math
import numbers
from collections.abc import Iterator, Mapping
from typing import NamedTuple, TypeGuard, TypeVar

__all__ = ["DEVICES", "UNITS", "device_source", "resolve_device"]

_V = TypeVar("_V")


class UnknownNameError(KeyError, ValueError):
    """A name that a catalogue does not have; the message gives the nearest that it has."""

    def __str__(self) -> str:
        # KeyError would show the repr of the message.
        return str(self.args[0])


class Catalogue(Mapping[str, _V]):
    """A read-only mapping that forgives spelling and answers wrong names with the nearest.

    Parameters
    ----------
    kind : str
        What the names stand for, used in error messages.
    items : mapping of str
        The names, which iterating gives back as they are, and their values.
    forgiving : bool
        Whether names are also found in another case, and with spaces, hyphens and underscores
        added or left out.
    """

    def __init__(self, kind: str, items: Mapping[str, _V], *, forgiving: bool) -> None:
        self._kind = kind
        self._items = dict(items)
        self._names = {_folded(name): name for name in items} if forgiving else {}

    def canonical(self, name: str) -> str:
        """Return the name under which the catalogue lists *name*."""
        if name in self._items:
            return name
        try:
            return self._names[_folded(name)]
        except KeyError:
            raise UnknownNameError(f"unknown {self._kind} {name!r}; {self._advice(name)}") from None

    def _advice(self, name: str) -> str:
        """Say which names *name* begins, or is nearest to."""
        names = {_folded(known): known for known in self._items}
        begun = [known for folded, known in names.items() if folded.startswith(_folded(name))]
        close = difflib.get_close_matches(_folded(name), names, n=4)
        nearest = list(dict.fromkeys([*begun, *(names[folded] for folded in close)]))[:4]
        return f"nearest: {', '.join(nearest)}" if nearest else f"known: {', '.join(self._items)}"

    def __getitem__(self, name: str) -> _V:
        return self._items[self.canonical(name)]

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._kind!r}, {self._items!r})"


def _folded(name: str) -> str:
    return str(name).casefold().translate({ord(c): None for c in " -_"})


class _Entry(NamedTuple):
    gb: float
    source: str


_MIG = "NVIDIA Multi-Instance GPU User Guide, Supported GPUs"
_NIM = "NVIDIA NIM for LLMs, Supported Models"
_GENMOL = "NVIDIA GenMol NIM, Support Matrix"
_ROCM = "AMD ROCm documentation, AMD GPU specifications"
_GAUDI = "Hugging Face Transformers documentation, Intel Gaudi"
_NEURON = "AWS Neuron documentation, {} Architecture Guide for NKI"
_TPU = "Google Cloud TPU documentation, {}"

_CATALOGUE = {
    # NVIDIA, data centre
    "T4": _Entry(16, "Hugging Face on Microsoft Azure, Supported Hardware: NVIDIA T4"),
    "V100 16GB": _Entry(16, "Lambda LLM Calculator, gpu_specs.csv: NVIDIA V100 SXM2 16 GB"),
    "V100 32GB": _Entry(32, "Lambda LLM Calculator, gpu_specs.csv: NVIDIA V100S PCIe 32 GB"),
    "A10": _Entry(24, "Microsoft Azure documentation, NV A10 v5-series: NVIDIA A10"),
    "A10G": _Entry(24, _NIM),
    "A30": _Entry(24, _MIG),
    "A40": _Entry(48, "NVIDIA A40 data sheet, as resellers reprint it"),
    "L4": _Entry(24, "NVIDIA NeMo Retriever Text Reranking NIM, Support Matrix"),
    "L40": _Entry(48, "HMC-Tech, NVIDIA L40 vs NVIDIA A40"),
    "L40S": _Entry(48, _NIM),
    "A100 40GB": _Entry(40, _MIG),
    "A100 80GB": _Entry(80, _MIG),
    "H100": _Entry(80, _MIG),
    "H100 NVL": _Entry(94, _NIM),
    "H20": _Entry(96, _MIG),
    "H200": _Entry(141, _MIG),
    "GH200 96GB": _Entry(96, _MIG),
    "GH200 144GB": _Entry(144, _GENMOL),
    # Other pages of NVIDIA's print 192 GB for the B200 and the GB200.
    "B200": _Entry(180, _MIG),
    "GB200": _Entry(186, _MIG),
    "B300": _Entry(288, _GENMOL),
    "GB300": _Entry(288, _GENMOL),
    # NVIDIA, workstation and desktop
    "RTX 3090": _Entry(24, "Hugging Face, Hardware: NVIDIA RTX 3090"),
    "RTX 4080": _Entry(16, _NIM),
    "RTX 4090": _Entry(24, _NIM),
    "RTX 5080": _Entry(16, _NIM),
    "RTX 5090": _Entry(32, _NIM),
    "RTX A4000": _Entry(16, "gpu_spec data set, nvidia_gpu.csv: NVIDIA RTX A4000"),
    "RTX A5000": _Entry(24, "gpu_spec data set, nvidia_gpu.csv: NVIDIA RTX A5000"),
    "RTX A6000": _Entry(48, "Hugging Face, Hardware: NVIDIA RTX A6000"),
    "RTX 6000 Ada": _Entry(48, _NIM),
    "RTX PRO 4500": _Entry(32, _MIG),
    "RTX PRO 5000": _Entry(48, _MIG),
    "RTX PRO 6000": _Entry(96, _MIG),
    "DGX Spark": _Entry(128, _NIM),
    # AMD
    "MI100": _Entry(32, "Hugging Face, Hardware: AMD Instinct MI100"),
    "MI210": _Entry(64, "TweakTown, AMD Instinct MI210 with 64GB HBM2e"),
    "MI250X": _Entry(128, "AMD Instinct MI200 series announcement, as reported by Zexron"),
    "MI300X": _Entry(192, "Hugging Face HUGS documentation, Supported Hardware: AMD MI300X"),
    "MI325X": _Entry(256, _ROCM),
    "MI350X": _Entry(288, _ROCM),
    "MI355X": _Entry(288, _ROCM),
    "MI455X": _Entry(432, "Hugging Face on AMD Instinct MI455X: First Transformers Results"),
    "RX 7900 XT": _Entry(20, "Hugging Face, Hardware: AMD RX 7900 XT"),
    # Intel
    "Gaudi 2": _Entry(96, _GAUDI),
    "Gaudi 3": _Entry(128, _GAUDI),
    # Google, one chip
    "TPU v3": _Entry(32, _TPU.format("TPU v3")),
    "TPU v4": _Entry(32, _TPU.format("TPU v4")),
    "TPU v5e": _Entry(16, _TPU.format("TPU v5e")),
    "TPU v5p": _Entry(95, _TPU.format("TPU v5p")),
    "TPU v6e": _Entry(32, _TPU.format("TPU7x (Ironwood)")),
    "TPU7x": _Entry(192, _TPU.format("TPU7x (Ironwood)")),
    # AWS, one chip
    "Inferentia2": _Entry(32, _NEURON.format("Trainium/Inferentia2")),
    "Trainium": _Entry(32, _NEURON.format("Trainium/Inferentia2")),
    "Trainium2": _Entry(96, _NEURON.format("Trainium2")),
    # Apple: unified memory, the most there is
    "M2 Ultra": _Entry(192, "Ars Technica on the Apple Mac Studio with M2 Ultra"),
    "M3 Ultra": _Entry(512, "TechPowerUp on the Apple Mac Studio with M3 Ultra"),
}

#: The memory of one device in GB, by name: the number that its vendor prints, whether with GB or
#: with GiB. Vendors use the labels loosely ("80 GB" is often 80 x 2^30 bytes, and a program can
#: have a little less than either), so the number is nominal; here a GB is 10^9 bytes.
DEVICES: Catalogue[float] = Catalogue(
    "device", {name: float(entry.gb) for name, entry in _CATALOGUE.items()}, forgiving=True
)

#: The number of bytes in each unit.
UNITS: Catalogue[int] = Catalogue(
    "unit",
    {
        "B": 1,
        "kB": 10**3,
        "KB": 10**3,
        "MB": 10**6,
        "GB": 10**9,
        "TB": 10**12,
        "KiB": 2**10,
        "MiB": 2**20,
        "GiB": 2**30,
        "TiB": 2**40,
    },
    forgiving=False,
)


def device_source(name: str) -> str:
    """Return where the memory of a device of the catalogue was looked up.

    Parameters
    ----------
    name : str
        A name in `DEVICES`.

    Returns
    -------
    str
        The title of the page: the vendor's own where one was at hand.

    Raises
    ------
    KeyError, ValueError
        If there is no such device: one error that is both.

    Examples
    --------
    >>> device_source("TPU v5p")
    'Google Cloud TPU documentation, TPU v5p'
    """
    return _CATALOGUE[DEVICES.canonical(name)].source


def resolve_device(device: str | float | tuple[str, float], unit: str = "GB") -> tuple[str, float]:
    """Return the label of a device and its memory in a unit.

    Parameters
    ----------
    device : str, float or (str, float)
        A name in `DEVICES`, a number of GB, or a pair of label and GB. A GB is 10^9 bytes.
    unit : str, default: "GB"
        A name in `UNITS`: B, kB, MB, GB, TB, KiB, MiB, GiB or TiB.

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
    >>> resolve_device("rtx4090")
    ('RTX 4090', 24.0)
    >>> resolve_device(("our cluster", 640), unit="TB")
    ('our cluster', 0.64)
    >>> label, value = resolve_device(80, unit="GiB")
    >>> label, round(value, 1)
    ('80 GB', 74.5)
    """
    label, gb = _label_and_gb(device)
    if not (math.isfinite(gb) and gb > 0):
        raise ValueError(f"device {label!r} has {gb} GB; expected a positive, finite number")
    return label, gb * UNITS["GB"] / UNITS[unit]


def _label_and_gb(device: str | float | tuple[str, float]) -> tuple[str, float]:
    if isinstance(device, str):
        name = DEVICES.canonical(device)
        return name, DEVICES[name]
    if _is_number(device):
        return f"{float(device):g} GB", float(device)
    if isinstance(device, tuple | list) and len(device) == 2:
        label, gb = device
        if isinstance(label, str) and _is_number(gb):
            return label, float(gb)
    raise TypeError(
        f"device is {device!r}; expected a name in DEVICES, a number of GB, or (label, GB)"
    )


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, numbers.Real) and not isinstance(value, bool)
