"""How a memory budget becomes throughput: by the sequences whose caches it holds."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from mpl_dantinox.insights.rows import Quartiles
from mpl_dantinox.tables.errors import RunsError

__all__ = ["MemoryModel"]


@dataclass(frozen=True)
class MemoryModel:
    """A model of serving: as many sequences as fit, each as fast as one alone.

    Attributes
    ----------
    budgets : (float, float)
        Smallest and largest budget, GB (10^9 bytes).
    sequences : {"fractional", "whole"}
        Whether part of a sequence counts.
    weights_bytes : float or None
        Bytes per parameter that are taken off the budget.
    band : {"envelope", "runs"}
        What the band of a group spans.
    """

    budgets: tuple[float, float]
    sequences: str
    weights_bytes: float | None
    band: str

    def check(self) -> None:
        """Raise if an option makes no sense."""
        low, high = self.budgets
        if not 0 < low < high < np.inf:
            raise RunsError(
                f"budgets are two sizes in GB, 0 < smallest < largest; got {self.budgets!r}"
            )
        each = self.weights_bytes
        if each is not None and not 0 < each < np.inf:
            raise RunsError(f"weights_bytes is a number of bytes above zero; got {each!r}")

    def total(self, budget_gb: Any, cache_mb: Any, tps: Any, weights_gb: Any = 0.0) -> Any:
        """Return total tokens/s; GB are 10^9 bytes, as the cache's MB are 10^6."""
        fit = np.maximum(np.asarray(budget_gb) - weights_gb, 0.0) * 1e3 / cache_mb
        return (np.floor(fit) if self.sequences == "whole" else fit) * tps

    def weights_gb(self, params_m: Quartiles | None) -> float:
        """Return the memory of weights; 0 where they are not counted, NaN where not known."""
        if self.weights_bytes is None:
            return 0.0
        return params_m.median * 1e6 * self.weights_bytes / 1e9 if params_m else np.nan

    def band_edges(
        self, budgets: Any, tps: Quartiles, cache: Quartiles, rate: Quartiles, weights_gb: float
    ) -> list[Any]:
        """Return the lower and the upper edge of a group's band."""
        factors = {
            "envelope": ((cache.q3, tps.q1), (cache.q1, tps.q3)),
            # A run's rate is what it serves from one MB; the model scales it to the budget.
            "runs": ((1 / rate.q1, 1), (1 / rate.q3, 1)),
        }[self.band]
        return [self.total(budgets, c, t, weights_gb) for c, t in factors]
