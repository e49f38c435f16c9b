"""All insights of one table: what facts.json holds, and how its numbers are called."""

import inspect
import platform
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from mpl_dantinox.insights import INSIGHTS, Insight
from mpl_dantinox.tables.reading import open_source
from mpl_dantinox.tables.runs import ROLES, NoDataError, Reading, Runs, as_runs

__all__ = ["Report", "leaves", "report"]

_PACKAGES = ("mpl-dantinox", "matplotlib", "narwhals", "numpy", "pandas")
# Under these keys of the facts stand names that the data brought, not fields of ours.
_NAMED = {"panels", "groups", "references", "front_counts", "dropped"}


@dataclass(frozen=True)
class Report:
    """The insights that a table supports.

    Attributes
    ----------
    insights : dict of str to Insight
    skipped : dict of str to str
        Why the others could not be drawn.
    provenance : dict
        Source, hash, number of rows, versions, options, and what each role's column is called;
        no user, host or folder.
    """

    insights: Mapping[str, Insight]
    skipped: Mapping[str, str]
    provenance: Mapping[str, Any]

    @property
    def notes(self) -> tuple[str, ...]:
        """What was assumed while reading, and what could not be read; each said once."""
        return tuple(dict.fromkeys(n for made in self.insights.values() for n in made.notes))

    def to_dict(self) -> dict[str, Any]:
        """Return what ``facts.json`` holds."""
        nothing = {"headline": None, "alt_text": None, "facts": None}
        told = {
            name: {
                "headline": insight.headline,
                "alt_text": insight.alt_text,
                "facts": insight.facts.to_dict(),
            }
            for name, insight in self.insights.items()
        }
        skipped = {name: nothing | {"skipped": why} for name, why in self.skipped.items()}
        return {**told, **skipped, "provenance": dict(self.provenance)}


def report(source: Any, *, insights: Iterable[str] = tuple(INSIGHTS), **options: Any) -> Report:
    """Make the insights of a table.

    Parameters
    ----------
    source : path-like or frame
        What `load_runs` takes.
    insights : iterable of str
        Names of insights.
    **options
        Keywords of the insights; each is given to those that have it.

    Returns
    -------
    Report

    Raises
    ------
    RunsError
        If the table or an option cannot be used.

    Examples
    --------
    >>> from mpl_dantinox import sample_runs
    >>> list(report(sample_runs(), insights=["serving"], baseline="GQA").insights)
    ['serving']
    """
    source = open_source(source)
    columns = {role: options.get(role, spec.column) for role, spec in ROLES.items()}
    reading: Any = {key: options[key] for key in Reading.__annotations__ if key in options}
    made, skipped = {}, {}
    runs: Runs | None = None
    for name in insights:
        function = INSIGHTS[name]
        known = inspect.signature(function).parameters
        try:
            # Read once for all of them, and when the first is wanted.
            runs = runs or as_runs(source, columns, need=(), **reading)
            made[name] = function(runs, **{k: v for k, v in options.items() if k in known})
        except NoDataError as reason:
            skipped[name] = str(reason)
    provenance = {
        "source": source.name,
        "sha256": source.sha256,
        "n_rows": source.n_rows,
        "options": options,
        "labels": runs.labels if runs else {},
        "versions": {"python": platform.python_version(), **{p: _version(p) for p in _PACKAGES}},
    }
    return Report(made, skipped, provenance)


def leaves(
    facts: Any, fields: tuple[str, ...] = (), names: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], tuple[str, ...], Any]]:
    """Yield each number, word or pair of one insight's facts with what it is and of whom.

    Parameters
    ----------
    facts : dict
        What `Facts.to_dict` returns, or a part of it.
    fields, names : tuple of str
        Where that part is.

    Yields
    ------
    fields : tuple of str
        Names of ours, from the outside in; for example ``("ratio",)``.
    names : tuple of str
        Names that the data brought: panels, groups, dial values.
    value
        A number, a string, None, or a list of those.

    Examples
    --------
    >>> list(leaves({"groups": {"MLA": {"n": 3, "ratio": 2.0}}}))
    [(('n',), ('MLA',), 3), (('ratio',), ('MLA',), 2.0)]
    """
    if isinstance(facts, Mapping):
        for key, child in facts.items():
            if key in _NAMED and isinstance(child, Mapping):
                for name, item in child.items():
                    inner = fields if isinstance(item, Mapping) else (*fields, key)
                    yield from leaves(item, inner, (*names, name))
            else:
                yield from leaves(child, (*fields, key), names)
    elif isinstance(facts, list) and facts and all(isinstance(item, Mapping) for item in facts):
        for place, item in enumerate(facts):
            # A value of the dial has a name of its own; a run on the front is known by its place.
            name = f"{item['value']:.12g}" if "value" in item else str(place + 1)
            yield from leaves(item, fields, (*names, name))
    else:
        yield fields, names, facts


def _version(package: str) -> str:
    """Return a package's version, without looking at its installation where it is imported."""
    module = sys.modules.get(package.replace("-", "_"))
    return str(module.__version__) if module else version(package)
