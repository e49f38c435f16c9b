"""Whether the claims of a figure still hold: the facts of then against the table of now."""

import json
import math
import os
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from mpl_dantinox.insights import Claim, definitions
from mpl_dantinox.insights.core import Definition
from mpl_dantinox.insights.facts import Leaf, leaves
from mpl_dantinox.insights.report import report
from mpl_dantinox.numbers import apart
from mpl_dantinox.tables.runs import RunsError

__all__ = ["assert_claims", "check"]

# Where a run is in the table; nothing that is written about it says so.
_NOT_CLAIMS = {"row"}
# Stands for what one of the two tables does not say.
_ABSENT = "not there"
_Values = dict[tuple[tuple[str, ...], tuple[str, ...]], Leaf]


def check(
    facts: str | os.PathLike[str] | Mapping[str, Any], runs: Any, *, rtol: float = 1e-6
) -> list[str]:
    """Compute the facts again from a table, and list what no longer holds.

    Parameters
    ----------
    facts : path-like or mapping
        ``facts.json``, or what it holds. The options that it names are used again.
    runs : path-like or frame
        What `load_runs` takes.
    rtol : float
        Difference up to which two numbers are the same, relative to the size of what they are of:
        a mean to itself, a difference of means to the means.

    Returns
    -------
    list of str
        First each sentence that changed, as it was and as it is, then a line for each number;
        empty when all hold.

    Raises
    ------
    RunsError
        If the facts or the table cannot be read.

    Warns
    -----
    UserWarning
        Where the facts are of another version of this package, which told more or less: what only
        one of both tells is not compared.

    Examples
    --------
    >>> from mpl_dantinox import sample_runs
    >>> from mpl_dantinox.insights.report import report
    >>> check(report(sample_runs()).to_dict(), sample_runs())
    []
    """
    if not 0 <= rtol < math.inf:
        raise RunsError(f"rtol is a number from zero up; got {rtol!r}")
    then = facts if isinstance(facts, Mapping) else _read(Path(facts))
    told = [name for name in definitions() if isinstance(then.get(name), Mapping)]
    provenance = then.get("provenance", {})
    options = provenance.get("options", {})
    if not told or not isinstance(options, Mapping):
        raise RunsError(f"the facts hold none of {', '.join(definitions())}; expected a facts.json")
    now = report(runs, insights=told, **options).to_dict()
    versions = [
        one.get("versions", {}).get("mpl-dantinox") for one in (provenance, now["provenance"])
    ]
    labels = provenance.get("labels", {})
    found = [_compared(definitions()[n], then[n], now[n], labels, rtol, versions) for n in told]
    return [line for one in found for line in one.sentences] + [
        line for one in found for line in one.numbers
    ]


def assert_claims(
    facts: str | os.PathLike[str] | Mapping[str, Any], runs: Any, *, rtol: float = 1e-6
) -> None:
    """Assert that a table still supports what was said of it.

    Parameters
    ----------
    facts : path-like or mapping
        The ``facts.json`` of the figures, or what is in it.
    runs : path-like or frame
        The table, as `load_runs` takes it.
    rtol : float, default: 1e-6
        The relative difference up to which numbers are the same.

    Raises
    ------
    AssertionError
        With a line for each claim that no longer holds.

    Examples
    --------
    >>> from mpl_dantinox import sample_runs
    >>> from mpl_dantinox.insights.report import report
    >>> assert_claims(report(sample_runs(), insights=["serving"]).to_dict(), sample_runs())
    """
    changed = check(facts, runs, rtol=rtol)
    if changed:
        raise AssertionError("\n".join(["claims that no longer hold:", *changed]))


def _read(path: Path) -> Mapping[str, Any]:
    try:
        facts = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise RunsError(f"cannot read {str(path)!r}: {str(error.strerror).lower()}") from None
    except ValueError as error:
        raise RunsError(f"{str(path)!r} is not JSON: {error}") from None
    if not isinstance(facts, Mapping):
        raise RunsError(f"{str(path)!r} holds no facts; expected the facts.json of a figure")
    return facts


class _Changes(NamedTuple):
    """What of one insight no longer holds."""

    sentences: list[str]
    numbers: list[str]


def _compared(
    one: Definition[Any, Any],
    then: Mapping[str, Any],
    now: Mapping[str, Any],
    labels: Mapping[str, str],
    rtol: float,
    versions: list[Any],
) -> _Changes:
    skipped = [bool(told.get("skipped")) for told in (then, now)]
    if any(skipped):
        lines = [f"{one.name}: was {_drawn(then)}, is {_drawn(now)}"] * (skipped[0] != skipped[1])
        return _Changes(lines, [])
    old, new = (_values(one, told.get("facts") or {}) for told in (then, now))
    if versions[0] != versions[1]:
        old, new = _in_both(one.name, old, new, versions)
    numbers = list(_moved(one.name, old, new, rtol))
    if numbers:
        return _Changes(list(_sentences(one.name, then, now, of_claims=("resolved",))), numbers)
    # Where no number moved, the sentences are to be those that the numbers of then make, for the
    # last digit of one may be rounded either way now.
    said = _said(one, then["facts"], labels) or now
    return _Changes(list(_sentences(one.name, then, said)), [])


def _values(one: Definition[Any, Any], facts: Mapping[str, Any]) -> _Values:
    return {
        leaf[:2]: leaf for leaf in leaves(one.holds, facts) if leaf.fields[-1] not in _NOT_CLAIMS
    }


def _in_both(name: str, old: _Values, new: _Values, versions: list[Any]) -> tuple[_Values, _Values]:
    """Leave out the fields that one of two versions does not know, and warn of it."""
    known = [{fields for fields, _ in values} for values in (old, new)]
    alone = sorted(" ".join(fields) for fields in known[0] ^ known[1])
    if alone:
        warnings.warn(
            f"facts of {name} by version {versions[0]}, compared by version {versions[1]}: not "
            f"compared are {', '.join(alone)}; plot again to have all compared",
            stacklevel=4,
        )
    both = known[0] & known[1]
    kept = [{k: leaf for k, leaf in values.items() if k[0] in both} for values in (old, new)]
    return kept[0], kept[1]


def _moved(insight: str, old: _Values, new: _Values, rtol: float) -> Iterator[str]:
    """Yield a line for each value that changed."""
    sizes: dict[str | None, float] = {}
    for leaf in (*old.values(), *new.values()):
        size = max(map(abs, _floats(leaf.value)), default=0.0)
        sizes[leaf.quantity] = max(sizes.get(leaf.quantity, 0.0), size)
    sizes[None] = 0.0
    for fields, names in dict.fromkeys([*old, *new]):
        was, now = (values.get((fields, names)) for values in (old, new))
        quantity = (now or was or Leaf(fields, names, None)).quantity
        pair = [_ABSENT if leaf is None else leaf.value for leaf in (was, now)]
        if not _same(pair[0], pair[1], rtol, sizes[quantity]):
            of = f" of {', '.join(names)}" if names else ""
            before, after = _shown(*pair)
            yield f"{insight} {' '.join(fields)}{of}: was {before}, is {after}"


def _floats(value: Any) -> list[float]:
    values = value if isinstance(value, list) else [value]
    return [v for v in values if isinstance(v, float)]


def _said(
    one: Definition[Any, Any], facts: Mapping[str, Any], labels: Mapping[str, str]
) -> dict[str, Any] | None:
    """Return what an insight says of facts, None of those of another version."""
    try:
        held = one.holds.from_dict(facts)
    except TypeError:
        return None
    claims = tuple(one.claims(held))
    words = one.words(held, claims, labels)
    return {
        "headline": words.headline,
        "alt_text": f"{words.headline}. {words.alt_text}",
        "claims": [claim.to_dict() for claim in claims],
    }


def _sentences(
    insight: str,
    then: Mapping[str, Any],
    now: Mapping[str, Any],
    of_claims: tuple[str, ...] = tuple(Claim.__dataclass_fields__),
) -> Iterator[str]:
    """Yield what is said otherwise: the headline, the alt text, and claims, by these keys."""
    for what in ("headline", "alt_text"):
        if then.get(what) != now[what]:
            title = f"{insight} {what.replace('_', ' ')}"
            yield f"{title}\n  was: {then.get(what, _ABSENT)}\n  is:  {now[what]}"
    old, new = (_by_subject(told.get("claims") or []) for told in (then, now))
    for subject in dict.fromkeys([*old, *new]):
        if subject not in old or subject not in new:
            yield f"{insight} claim of {subject}: {'was' if subject in new else 'is'} {_ABSENT}"
            continue
        for key in of_claims:
            was, is_now = (claims[subject].get(key, _ABSENT) for claims in (old, new))
            if was != is_now:
                before, after = _shown(was, is_now)
                yield f"{insight} claim of {subject}, {key}: was {before}, is {after}"


def _by_subject(claims: list[Any]) -> dict[str, Mapping[str, Any]]:
    """Return claims by what they are about."""
    found: dict[str, Mapping[str, Any]] = {}
    for claim in claims:
        kind, of, to, panel = (claim.get(key) for key in ("kind", "of", "to", "panel"))
        subject = " ".join(filter(None, [kind, of, to and f"to {to}", panel and f"in {panel}"]))
        while subject in found:
            subject += "'"
        found[subject] = claim
    return found


def _drawn(told: Mapping[str, Any]) -> str:
    return f"skipped ({told['skipped']})" if told.get("skipped") else "drawn"


def _same(old: Any, new: Any, rtol: float, size: float) -> bool:
    if isinstance(old, list) and isinstance(new, list):
        pairs = zip(old, new, strict=False)
        return len(old) == len(new) and all(_same(a, b, rtol, size) for a, b in pairs)
    if _is_number(old) and _is_number(new):
        return math.isclose(old, new, rel_tol=rtol, abs_tol=rtol * size)
    return bool(old == new)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _shown(old: Any, new: Any) -> tuple[str, str]:
    """Return two values with as many digits as it takes to see where they differ."""
    if isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        pairs = [_shown(a, b) for a, b in zip(old, new, strict=True)]
        before, after = (
            (", ".join(side) for side in zip(*pairs, strict=True)) if pairs else ("", "")
        )
        return f"[{before}]", f"[{after}]"
    if _is_number(old) and _is_number(new):
        words = apart(old, new)
        return words[0], words[1]
    before, after = ("none" if value is None else str(value) for value in (old, new))
    return before, after
