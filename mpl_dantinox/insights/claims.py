"""Claims: what an insight says of the data, each with what it rests on."""

from dataclasses import dataclass

from mpl_dantinox.insights.facts import Facts

__all__ = ["Claim"]


@dataclass(frozen=True)
class Claim(Facts):
    """One thing that is said of the data.

    Attributes
    ----------
    kind : str
        ``"count"``, ``"front"``, ``"dominates"``, ``"total"``, ``"ratio"``, ``"order"``,
        ``"effect"``, ``"best"``, ``"crossing"``, ``"fit"``, or another of an insight's own.
    of, to : str or None
        Whom it is about, and with whom that is compared.
    value : float or None
        The number that is claimed; None where there is none to claim.
    interval : (float, float or None) or None
        Its 95 % interval, open above where the second is None.
    n : int or None
        The runs that it rests on.
    resolved : bool or None
        Whether the data tell it from nothing; None where nothing is inferred, as of a count.
    what : str
        What the number is, as a column of numbers would be headed.
    text : str
        The number as figures write it.
    panel : str or None
        The panel that it is about, where the panels differ.
    """

    kind: str
    of: str | None
    value: float | None
    text: str
    what: str
    to: str | None = None
    interval: tuple[float, float | None] | None = None
    n: int | None = None
    resolved: bool | None = None
    panel: str | None = None
