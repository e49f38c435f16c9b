"""How memory becomes throughput: by the caches that fit alone, or by what a device can do."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from mpl_dantinox.devices import DEVICES
from mpl_dantinox.insights.facts import Facts
from mpl_dantinox.roofline import tokens_per_s, whole_sequences

__all__ = ["Model", "TypicalRun"]


@dataclass(frozen=True)
class TypicalRun(Facts):
    """What a group's runs need and get, by geometric means over their configurations.

    Attributes
    ----------
    typical_cache : float
        KV cache of one sequence, MB.
    typical_tps : float or None
        Throughput of one sequence, tokens/s; None where the table has none.
    weights_gb : float
        Memory of the weights, GB (10^9 bytes); 0 where it is not taken off the budget.
    active_params : float or None
        Parameters that one token uses, millions, where these count.
    active_share : float
        The share of the weights that one token reads; 1 for dense models.
    efficiency : float
        The share of its roofline that one sequence was measured at; 1 where none was.
    """

    typical_cache: float
    typical_tps: float | None = None
    weights_gb: float = 0.0
    active_params: float | None = None
    active_share: float = 1.0
    efficiency: float = 1.0


@dataclass(frozen=True)
class Model:
    """How many sequences a memory holds, *whole* ones or fractions, and what they get in all.

    Each is as fast as one alone; or, where there is a device, a step of all takes the time in which
    that reads and computes it.
    """

    whole: bool
    device: str | None = None

    def sequences(self, memory_gb: Any, run: TypicalRun) -> Any:
        """Return how many sequences fit; GB are 10^9 bytes, as the cache's MB are 10^6."""
        if self.whole:
            return whole_sequences(memory_gb, weights_gb=run.weights_gb, cache_mb=run.typical_cache)
        return np.maximum(np.asarray(memory_gb) - run.weights_gb, 0.0) * 1e3 / run.typical_cache

    def total(self, memory_gb: Any, run: TypicalRun) -> Any:
        """Return total tokens/s."""
        return self.of(self.sequences(memory_gb, run), run)

    def of(self, sequences: Any, run: TypicalRun) -> Any:
        """Return total tokens/s of so many sequences."""
        if self.device is None:
            return sequences * run.typical_tps
        device = DEVICES[self.device]
        return tokens_per_s(
            sequences,
            device.bandwidth_gb_s or np.inf,
            weights_gb=run.weights_gb,
            cache_mb=run.typical_cache,
            active_fraction=run.active_share,
            # Two for each parameter that a token uses.
            gflop_per_token=0.0 if run.active_params is None else 2e-3 * run.active_params,
            tflops=device.bf16_tflops or np.inf,
            efficiency=run.efficiency,
        )
