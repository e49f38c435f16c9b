"""What the columns of a table look like, and which of them could play a role."""

import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import narwhals as nw

from mpl_dantinox.numbers import compact, count
from mpl_dantinox.tables import quantities
from mpl_dantinox.tables.engine import MOST, collected
from mpl_dantinox.tables.errors import RunsError, engine_errors
from mpl_dantinox.tables.reading import Source, open_source
from mpl_dantinox.tables.roles import ROLES, find_columns, higher_is_better, unit_of
from mpl_dantinox.units import Unit, units_in_name

__all__ = ["Look", "look_at", "suggestion"]


@dataclass(frozen=True)
class Look:
    """What a column looks like.

    Its kind is "number", "flag", "text", "nothing" for one without values, or what its engine calls
    it. Its units are what its name or its cells say that its numbers are in, two where that can
    mean two things; its ends are the smallest and the largest number.
    """

    name: str
    kind: str
    n_rows: int
    n_missing: int
    n_values: int
    units: tuple[Unit, ...] = ()
    ends: tuple[float, float] = (0, 0)

    def __str__(self) -> str:
        words = {
            "number": " to ".join(map(compact, self.ends)),
            "flag": "true or false",
            "text": f"text, {count(self.n_values, 'value')}",
        }.get(self.kind, self.kind)
        units = " or ".join(unit.name or "ones" for unit in self.units)
        missing = f"{self.n_missing:,} missing" if self.n_missing else ""
        return ", ".join(filter(None, [words, units, missing]))


def look_at(table: Any) -> list[Look]:
    """Return what each column of a table looks like; of a very long one, of its first rows.

    >>> import pandas as pd
    >>> runs = pd.DataFrame({"model": ["a", "b"], "vram_gb": [1.5, None], "moe": ["yes", "no"]})
    >>> [f"{look.name}: {look}" for look in look_at(runs)]
    ['model: text, 2 values', 'vram_gb: 1.5 to 1.5, GB, 1 missing', 'moe: true or false']
    """
    source = open_source(table)
    with engine_errors(source.called):
        rows = collected(nw.from_native(source.table).lazy().head(MOST))
        return [_look(rows.select(name), name, source.decimal_comma) for name in source.columns]


def _look(rows: nw.DataFrame[Any], name: str, decimal_comma: bool) -> Look:
    text = rows.select(x=quantities.read_text(rows, name)).drop_nulls()["x"]
    words = text.filter(~text.str.to_lowercase().is_in(quantities.MISSING))
    n, n_words, n_different = len(rows), len(words), words.n_unique()
    if not n_words:
        return Look(name, "nothing", n, n, 0)
    try:
        numbers = quantities.read_number(rows, name, decimal_comma=decimal_comma)
        flags = rows.select(x=quantities.read_flag(rows, name)).drop_nulls()
    except RunsError:
        return Look(name, str(rows.schema[name]).lower(), n, n - n_words, n_different)
    values = rows.select(x=numbers.values).drop_nulls()["x"]
    if len(flags) == n_words and (n_different > 1 or not rows.schema[name].is_numeric()):
        return Look(name, "flag", n, n - n_words, n_different)
    # A number now and then among words is a word.
    if 2 * len(values) < n_words:
        return Look(name, "text", n, n - n_words, n_different)
    units = (numbers.unit,) if numbers.unit else units_in_name(name)
    ends = (float(values.min()), float(values.max()))
    return Look(name, "number", n, n - len(values), n_different, units, ends)


# Words of names that columns for a role have, the likeliest first.
_WORDS: Mapping[str, str] = {
    "group": "attn attention type family group method quant variant framework backend engine "
    "architecture optimizer config organization creator",
    "name": "name model id run",
    "moe": "moe experts expert",
    "quality": "loss nll ppl perplexity bpb error wer",
    "cost": "latency time memory energy power price cost size",
    "cache": "kv cache",
    "dial": "dim rank latent bits",
}
# The kinds of units of a quality and a cost, the likeliest first.
_KINDS: Mapping[str, tuple[str, ...]] = {
    "quality": ("rate", "time"),
    "cost": ("memory", "time", "compute", "energy", "power", "money", "mass", "count"),
}
# What tells how far a measurement scatters is not the measurement.
_SCATTER = {"std", "stdev", "stddev", "stderr", "sem", "se", "var", "min", "max", "p99", "p90"}


def _likeliest(role: str, looks: Sequence[Look]) -> list[str]:
    """Return the names of the columns that could play a role, the likeliest first."""
    ranked = [(_rank(role, look), look.name) for look in looks if look.kind == ROLES[role].kind]
    likely = [(rank, name) for rank, name in ranked if rank]
    return [name for _, name in sorted(likely, key=lambda one: one[0])]


def _rank(role: str, look: Look) -> tuple[int, ...]:
    """Return what sorts columns by how likely they play a role, nothing where one does not."""
    words = re.findall(r"[a-z]+[0-9]*", look.name.lower())
    hints = _WORDS.get(role, "").split()
    by_name = next((place for place, hint in enumerate(hints) if hint in words), len(hints))
    kinds = _KINDS.get(role, ROLES[role].kinds or ())
    places = [kinds.index(unit.kind) for unit in look.units if unit.kind in kinds]
    by_unit = min(places, default=len(kinds))
    late = not _SCATTER.isdisjoint(words)
    has_hint, has_unit = by_name < len(hints), by_unit < len(kinds)
    if role == "group":
        # Where each run has a name of its own, these are groups if nothing else is.
        each_its_own = look.n_values == look.n_rows
        are_groups = 2 <= look.n_values <= quantities.MOST_GROUPS
        return (each_its_own, by_name, look.n_values) if are_groups else ()
    if role == "quality":
        is_score = higher_is_better(look.name) and "rate" not in [u.kind for u in look.units]
        rank = (late, by_name, not is_score, by_unit)
        return rank if has_hint or is_score or has_unit else ()
    if has_unit or (has_hint and (role == "cost" or not kinds)):
        return late, by_unit, by_name
    return ()


def suggestion(
    table: Any, need: Sequence[str], shown: str = "RUNS", looks: Sequence[Look] = (),
    given: Mapping[str, str | None] | None = None,
) -> str:  # fmt: skip
    """Return a command that would draw a figure of a table, or nothing where there is none.

    The figure needs some roles, of which the columns of some are *given*; *shown* is what the
    command calls the table, and *looks* what `look_at` returns of it.
    """
    source = open_source(table)
    options: list[str] = []
    taken: set[str] = set()
    for role in need:
        named = (given or {}).get(role)
        usual = _usual(source, role)
        found = [named] if named in source.columns else usual
        if not found:
            looks = looks or look_at(source)
            likely = _likeliest(role, looks)
            found = [name for name in likely if name not in taken and _has_clear_unit(role, name)]
            if not found:
                return ""
        taken.add(found[0])
        if found != usual:
            options.append(f"--column {shlex.quote(f'{role}={found[0]}')}")
    return " ".join(["mpl-dantinox plot", shlex.quote(shown), *options])


def _usual(source: Source, role: str) -> list[str]:
    """Return the column that is taken for a role where the caller names none."""
    try:
        found = find_columns(source.columns, {role: ROLES[role].column}, ())
    except RunsError:
        return []
    return [column for one, column in found.items() if _has_clear_unit(one, column)][:1]


def _has_clear_unit(role: str, column: str) -> bool:
    spec = ROLES[role]
    try:
        return unit_of(role, column) is not None or spec.unit is None or spec.assumed
    except RunsError:
        return False
