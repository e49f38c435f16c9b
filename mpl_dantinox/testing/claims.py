"""Whether the claims of a figure still hold: the facts of then against the table of now."""

import json
import math
import os
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from mpl_dantinox.insights import Claim, Definition, definitions
from mpl_dantinox.insights.facts import Leaf, leaves
from mpl_dantinox.insights.report import report
from mpl_dantinox.numbers import apart
from mpl_dantinox.tables.runs import RunsError

__all__ = ["assert_claims", "check"]

# Where a run is in the table; nothing that is written about it says so.
_NOT_CLAIMS = {"row"}
# Stands for what one of the two tables does not say.
_ABSENT = "not there"
_Told = Mapping[str, Any]
_Values = dict[tuple[tuple[str, ...], tuple[str, ...]], Leaf]


def assert_claims(
    facts: str | os.PathLike[str] | Mapping[str, Any], runs: Any, *, rtol: float = 1e-6
) -> None:
    """Assert that a table still supports what was said of it.

    Parameters
    ----------
    facts : path-like or mapping
        The ``facts.json`` of the figures, or what is in it. The options that it names are used
        again.
    runs : path-like or frame
        The table, as `load_runs` takes it.
    rtol : float, default: 1e-6
        The difference up to which two numbers are the same, relative to the size of what they are
        of: a mean to itself, a difference of means to the means.

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


def check(
    facts: str | os.PathLike[str] | Mapping[str, Any], runs: Any, *, rtol: float = 1e-6
) -> list[str]:
    """Return what `assert_claims` would complain of: nothing where all claims hold.

    First comes each sentence that changed, as it was and as it is, then a line for each number. A
    warning says where the facts are of another version, which told more or less: what only one of
    both tells is not compared.

    >>> from mpl_dantinox import sample_runs
    >>> from mpl_dantinox.insights.report import report
    >>> check(report(sample_runs()).to_dict(), sample_runs())
    []
    """
    if not 0 <= rtol < math.inf:
        raise RunsError(f"rtol is a number from zero up; got {rtol!r}")
    then = facts if isinstance(facts, Mapping) else _read(Path(facts))
    names = [name for name in definitions() if isinstance(then.get(name), Mapping)]
    provenance = then.get("provenance", {})
    parts = [provenance, *(then[name].get("facts") or {} for name in names)]
    parts += [claim for name in names for claim in _listed(then[name].get("claims") or ())]
    if isinstance(provenance, Mapping):
        parts += [provenance.get(key, {}) for key in ("options", "labels", "versions")]
    if not names or not all(isinstance(part, Mapping) for part in parts):
        raise RunsError(f"the facts hold none of {', '.join(definitions())}; expected a facts.json")
    options = provenance.get("options", {})
    now = report(runs, insights=names, **options).to_dict()
    sentences: list[str] = []
    numbers: list[str] = []
    for name in names:
        one, old, new = definitions()[name], then[name], now[name]
        skipped = [bool(told.get("skipped")) for told in (old, new)]
        if any(skipped):
            is_other = skipped[0] != skipped[1]
            sentences += [f"{name}: was {_drawn(old)}, is {_drawn(new)}"] * is_other
            continue
        facts_then = old.get("facts") or {}
        moved = list(_moved(one, facts_then, new["facts"], rtol, (provenance, now["provenance"])))
        numbers += moved
        if moved:
            sentences += _sentences(name, old, new, ["resolved"])
        else:
            # The sentences are to be those that the numbers of then make, for the last digit of one
            # may be rounded either way now.
            said = _said(one, facts_then, provenance.get("labels", {})) or new
            sentences += _sentences(name, old, said, Claim.__dataclass_fields__)
    return sentences + numbers


def _listed(claims: Any) -> Sequence[Any]:
    return claims if isinstance(claims, Sequence) else [claims]


def _read(path: Path) -> _Told:
    try:
        facts = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise RunsError(f"cannot read {str(path)!r}: {str(error.strerror).lower()}") from None
    except ValueError as error:
        raise RunsError(f"{str(path)!r} is not JSON: {error}") from None
    if not isinstance(facts, Mapping):
        raise RunsError(f"{str(path)!r} holds no facts; expected the facts.json of a figure")
    return facts


def _drawn(told: _Told) -> str:
    return f"skipped ({told['skipped']})" if told.get("skipped") else "drawn"


def _moved(
    one: Definition[Any, Any], then: _Told, now: _Told, rtol: float, provenances: Sequence[_Told]
) -> Iterator[str]:
    """Yield a line for each value that changed."""
    old, new = (
        {leaf[:2]: leaf for leaf in leaves(one.holds, facts) if leaf.fields[-1] not in _NOT_CLAIMS}
        for facts in (then, now)
    )
    versions = [told.get("versions", {}).get("mpl-dantinox") for told in provenances]
    if versions[0] != versions[1]:
        old, new = _in_both(one.name, (old, new), versions)
    sizes: dict[str | None, float] = {}
    for leaf in (*old.values(), *new.values()):
        values = leaf.value if isinstance(leaf.value, list) else [leaf.value]
        size = max((abs(value) for value in values if isinstance(value, float)), default=0.0)
        sizes[leaf.quantity] = max(sizes.get(leaf.quantity, 0.0), size)
    sizes[None] = 0.0
    for fields, names in dict.fromkeys([*old, *new]):
        absent = Leaf(fields, names, _ABSENT)
        was, is_now = (values.get((fields, names), absent) for values in (old, new))
        quantity = (was if is_now is absent else is_now).quantity
        if not _same(was.value, is_now.value, rtol, sizes[quantity]):
            of = f" of {', '.join(names)}" if names else ""
            before, after = _shown(was.value, is_now.value)
            yield f"{one.name} {' '.join(fields)}{of}: was {before}, is {after}"


def _in_both(name: str, values: Sequence[_Values], versions: Sequence[Any]) -> list[_Values]:
    """Return what both of two versions know, and warn of the fields that only one does."""
    known = [{fields for fields, _ in one} for one in values]
    if alone := sorted(" ".join(fields) for fields in known[0] ^ known[1]):
        warnings.warn(
            f"facts of {name} by version {versions[0]}, compared by version {versions[1]}: not "
            f"compared are {', '.join(alone)}; plot again to have all compared",
            stacklevel=4,
        )
    both = known[0] & known[1]
    return [{key: leaf for key, leaf in one.items() if key[0] in both} for one in values]


def _said(one: Definition[Any, Any], facts: _Told, labels: Mapping[str, str]) -> _Told | None:
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


def _sentences(insight: str, then: _Told, now: _Told, of_claims: Iterable[str]) -> Iterator[str]:
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


def _by_subject(claims: Sequence[_Told]) -> dict[str, _Told]:
    """Return claims by what they are about."""
    found: dict[str, _Told] = {}
    for claim in claims:
        kind, of, to, panel = (claim.get(key) for key in ("kind", "of", "to", "panel"))
        subject = " ".join(filter(None, [kind, of, to and f"to {to}", panel and f"in {panel}"]))
        while subject in found:
            subject += "'"
        found[subject] = claim
    return found


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
        before, after = (f"[{', '.join(pair[side] for pair in pairs)}]" for side in (0, 1))
    elif _is_number(old) and _is_number(new):
        before, after = apart(old, new)
    else:
        before, after = ("none" if value is None else str(value) for value in (old, new))
    return before, after
