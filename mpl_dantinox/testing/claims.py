"""Whether the claims of a figure still hold: the facts of then against the table of now."""

import json
import math
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from mpl_dantinox.insights import definitions
from mpl_dantinox.insights.facts import leaves
from mpl_dantinox.insights.report import report
from mpl_dantinox.tables.runs import RunsError

__all__ = ["assert_claims", "check", "differences"]

# A run's row, and the hash of the file, may change while all that is said of the runs stays true.
_NOT_CLAIMS = {"row"}
# Stands for the value of a claim that one of the two tables does not make.
_ABSENT = "not there"


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
        Relative difference up to which two numbers are the same.

    Returns
    -------
    list of str
        A line for each number or sentence that changed; empty when all hold.

    Raises
    ------
    RunsError
        If the facts or the table cannot be read.

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
    told = [name for name in definitions() if name in then]
    options = then.get("provenance", {}).get("options", {})
    if not told or not isinstance(options, Mapping):
        raise RunsError(f"the facts hold none of {', '.join(definitions())}; expected a facts.json")
    now = report(runs, insights=told, **options).to_dict()
    return [line for name in told for line in differences(name, then[name], now[name], rtol=rtol)]


def assert_claims(
    facts: str | os.PathLike[str] | Mapping[str, Any], runs: Any, *, rtol: float = 1e-6
) -> None:
    """Assert that a table still supports what was said of it.

    Takes what `check` takes, and raises AssertionError with its lines.

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


def differences(
    insight: str, then: Mapping[str, Any], now: Mapping[str, Any], *, rtol: float
) -> Iterator[str]:
    """Yield a line for each claim of one insight that differs."""
    if then.get("skipped") or now.get("skipped"):
        if bool(then.get("skipped")) != bool(now.get("skipped")):
            yield f"{insight}: was {_drawn(then)}, is {_drawn(now)}"
        return
    kind = definitions()[insight].holds
    old, new = (
        {leaf[:2]: leaf.value for leaf in leaves(kind, told["facts"])} for told in (then, now)
    )
    fields_of_then = {fields for fields, _ in old}
    for key in dict.fromkeys([*old, *new]):
        fields, names = key
        # A field that a later version added was not there to be claimed.
        if fields[-1] in _NOT_CLAIMS or fields not in fields_of_then:
            continue
        was, is_now = old.get(key, _ABSENT), new.get(key, _ABSENT)
        if not _same(was, is_now, rtol):
            of = f" of {', '.join(names)}" if names else ""
            yield f"{insight} {' '.join(fields)}{of}: was {_show(was)}, is {_show(is_now)}"
    if then["headline"] != now["headline"]:
        yield f"{insight} headline: was {then['headline']!r}, is {now['headline']!r}"


def _drawn(told: Mapping[str, Any]) -> str:
    return f"skipped ({told['skipped']})" if told.get("skipped") else "drawn"


def _same(old: Any, new: Any, rtol: float) -> bool:
    if isinstance(old, list) and isinstance(new, list):
        return len(old) == len(new) and all(map(lambda a, b: _same(a, b, rtol), old, new))
    numbers = (int, float)
    if isinstance(old, bool) or isinstance(new, bool):
        return old is new
    if isinstance(old, numbers) and isinstance(new, numbers):
        return math.isclose(old, new, rel_tol=rtol, abs_tol=0.0)
    return bool(old == new)


def _show(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, list):
        return "[" + ", ".join(_show(item) for item in value) + "]"
    return "none" if value is None else str(value)
