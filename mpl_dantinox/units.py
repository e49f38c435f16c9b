"""The units of bytes."""

from mpl_dantinox.nearest import Catalogue

__all__ = ["UNITS"]

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
