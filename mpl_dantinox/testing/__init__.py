"""For tests of figures, anybody's: whether they can be read, stay the same, and are still true."""

from typing import TYPE_CHECKING, Any

from mpl_dantinox.testing.legibility import Finding, legibility
from mpl_dantinox.testing.reproducible import reproducible

if TYPE_CHECKING:
    from mpl_dantinox.testing.claims import assert_claims

__all__ = ["Finding", "assert_claims", "legibility", "reproducible"]


def __getattr__(name: str) -> Any:
    if name != "assert_claims":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    # Whoever tests figures alone needs no tables.
    from mpl_dantinox.testing.claims import assert_claims

    return assert_claims
