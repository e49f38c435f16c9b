"""All insights of one table, and what facts.json holds of them."""

import platform
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from matplotlib.figure import Figure

from mpl_dantinox.insights import Claim, Insight, definitions
from mpl_dantinox.insights.core import Told
from mpl_dantinox.insights.facts import closed, schema
from mpl_dantinox.insights.keywords import DRAWING, READING
from mpl_dantinox.nearest import advice
from mpl_dantinox.tables.reading import Source, open_source
from mpl_dantinox.tables.runs import ROLES, NoDataError, Runs, RunsError, as_runs

__all__ = ["Report", "facts_schema", "report"]

# What facts.json holds of each insight.
_WORDS = ("headline", "caption", "alt_text")
_TOLD = (*_WORDS, "claims", "facts")
_PACKAGES = ("mpl-dantinox", "matplotlib", "narwhals", "numpy", "pandas")


@dataclass(frozen=True)
class Report:
    """The insights that a table supports, and why the others are skipped.

    `provenance` has the source, its hash and number of rows, versions, options, and what each
    role's column is called; no user, host or folder. `read` is what there is to say of the table,
    even if nothing could be drawn.
    """

    insights: Mapping[str, Insight]
    skipped: Mapping[str, str]
    provenance: Mapping[str, Any]
    source: Source
    read: tuple[str, ...] = ()

    @property
    def notes(self) -> tuple[str, ...]:
        """What was assumed while reading, and what could not be read; each said once."""
        notes = [note for made in self.insights.values() for note in made.notes]
        return tuple(dict.fromkeys(notes if self.insights else self.read))

    def to_dict(self) -> dict[str, Any]:
        """Return what ``facts.json`` holds."""
        nothing = dict.fromkeys(_TOLD)
        told = {
            name: {
                **{key: getattr(insight, key) for key in _WORDS},
                "claims": [claim.to_dict() for claim in insight.claims],
                "facts": insight.facts.to_dict(),
            }
            for name, insight in self.insights.items()
        }
        skipped = {name: nothing | {"skipped": why} for name, why in self.skipped.items()}
        return {**told, **skipped, "provenance": dict(self.provenance)}


def report(source: Any, *, insights: Iterable[str] | None = None, **options: Any) -> Report:
    """Return the insights of a table, by default all, that is read once for all of them.

    *options* are keywords of the insights; each is given to those that have it.

    Examples
    --------
    >>> from mpl_dantinox import sample_runs
    >>> list(report(sample_runs(), insights=["serving"], baseline="GQA").insights)
    ['serving']
    """
    source = open_source(source)
    columns = {role: options.get(role, spec.column) for role, spec in ROLES.items()}
    reading: Any = {key: options[key] for key in READING if key in options}
    told: dict[str, Told[Any, Any]] = {}
    skipped = {}
    runs: Runs | None = None
    for name in definitions() if insights is None else insights:
        one = definitions()[name]
        try:
            runs = runs or as_runs(source, columns, need=(), **reading)
            shared = {k: v for k, v in options.items() if k in one.keywords and k not in DRAWING}
            own = {key: shared.pop(key, option.default) for key, option in one.options.items()}
            told[name] = one.tell(runs, shared, **own)
        except NoDataError as reason:
            skipped[name] = str(reason)
    told, left = _only(told, options.get("panels"))
    skipped |= left
    drawing = {key: options[key] for key in DRAWING if key in options and key != "panels"}
    # What matters to one figure has its colour in all.
    matter = [group for one in told.values() for group in one.matter]
    made = {
        name: one.draw(matter=matter, new_figure=Figure, **drawing) for name, one in told.items()
    }
    provenance = {
        "source": source.name,
        "sha256": source.sha256,
        "n_rows": source.n_rows,
        "options": options,
        "labels": runs.labels if runs else {},
        "versions": {"python": platform.python_version(), **{p: _version(p) for p in _PACKAGES}},
    }
    return Report(made, skipped, provenance, source, runs.notes if runs else ())


def _only(
    told: Mapping[str, Told[Any, Any]], panels: Sequence[str] | None
) -> tuple[dict[str, Told[Any, Any]], dict[str, str]]:
    """Return what is told by some panels, and why of other insights nothing is."""
    if not panels:
        return dict(told), {}
    names = dict.fromkeys(name for one in told.values() for name in one.panels)
    for panel in panels:
        if panel not in names:
            raise RunsError(f"no figure has a panel {panel!r}; {advice(panel, names)}")
    kept = {name: [p for p in one.panels if p in panels] for name, one in told.items()}
    left = {name: "it has no such panel" for name, wanted in kept.items() if not wanted}
    return {name: told[name].only(wanted) for name, wanted in kept.items() if wanted}, left


def facts_schema() -> dict[str, Any]:
    """Return the JSON Schema of ``facts.json``, as the insights that there are declare it.

    Examples
    --------
    >>> list(facts_schema()["properties"])
    ['pareto', 'serving', 'mla_dial', 'context', 'provenance']
    """
    definitions_: dict[str, Any] = {}
    text: dict[str, Any] = {"type": "string"}
    none = {key: {"type": "null"} for key in _TOLD}
    claims = {"type": "array", "items": schema(Claim, definitions_)}
    insights = {}
    for name, one in definitions().items():
        facts = schema(one.holds, definitions_)
        told = {**dict.fromkeys(_WORDS, text), "claims": claims, "facts": facts}
        insights[name] = {"oneOf": [closed(told), closed(none | {"skipped": text})]}
    names, or_none = {"type": "object", "additionalProperties": text}, {"type": ["string", "null"]}
    provenance = {
        "source": or_none, "sha256": or_none, "n_rows": {"type": "integer"},
        "options": {"type": "object"}, "labels": names, "versions": names,
    }  # fmt: skip
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "facts.json of mpl-dantinox",
        "description": (
            "What is true of a table of benchmark runs. GB are 10^9 bytes, MB 10^6; throughput is "
            "in tokens/s; rows are zero-based rows of the source table."
        ),
        **closed({**insights, "provenance": closed(provenance)}),
        "required": ["provenance"],
        "$defs": definitions_,
    }


def _version(package: str) -> str:
    """Return a package's version, without looking at its installation where it is imported."""
    module = sys.modules.get(package.replace("-", "_"))
    return str(module.__version__) if module else version(package)
