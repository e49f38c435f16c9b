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

__all__ = ["Look", "command", "look_at", "suggestion"]


@dataclass(frozen=True)
class Look:
    """What a column looks like.

    Its kind is "number", "flag", "text", "nothing" for one without values, or what its engine calls
    it. Its units are those that its name or its cells can mean, its ends the least and the largest.
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
        source.require_rows()
        rows = collected(nw.from_native(source.table).lazy().head(MOST))
        return [_look(rows.select(name), name, source.decimal_comma) for name in source.columns]


def _look(rows: nw.DataFrame[Any], name: str, decimal_comma: bool) -> Look:
    n, dtype = len(rows), rows.schema[name]
    if not (quantities.holds_words(dtype) or quantities.holds_numbers(dtype)):
        return Look(name, str(dtype).lower(), n, rows[name].null_count(), 0)
    text = rows.select(x=quantities.read_text(rows, name)).drop_nulls()["x"]
    words = text.filter(~text.str.to_lowercase().is_in(quantities.MISSING))
    n_words, n_different = len(words), words.n_unique()
    if not n_words:
        return Look(name, "nothing", n, n, 0)
    named = units_in_name(name)
    # What is counted is told better by cells: 7B.
    unit = named[0] if len(named) == 1 and named[0].kind != "count" else None
    numbers = quantities.read_number(rows, name, unit, decimal_comma=decimal_comma)
    flags = rows.select(x=quantities.read_flag(rows, name)).drop_nulls()
    values = rows.select(x=numbers.values).drop_nulls()["x"]
    if len(flags) == n_words and (n_different > 1 or not dtype.is_numeric()):
        return Look(name, "flag", n, n - n_words, n_different)
    # A number now and then among words is a word.
    if 2 * len(values) < n_words:
        return Look(name, "text", n, n - n_words, n_different)
    units = (numbers.unit,) if numbers.unit else named
    ends = (float(values.min()), float(values.max()))
    return Look(name, "number", n, n - len(values), values.n_unique(), units, ends)


# Words of names that columns for a role have, the likeliest first.
_WORDS: Mapping[str, str] = {
    "group": "attn attention type family group method quant variant framework backend engine "
    "architecture optimizer config organization creator",
    "name": "name model id run",
    "moe": "moe experts expert",
    "quality": "loss nll ppl perplexity bpb error wer",
    "cost": "latency time duration runtime memory mem vram energy power price cost size",
    "cache": "kv cache",
    "tps": "decode generation output tok tokens tps",
    "dial": "dim rank latent bits",
}
# The kinds of units of a quality and a cost, the likeliest first.
_KINDS: Mapping[str, tuple[str, ...]] = {
    "quality": ("rate", "speed", "time"),
    "cost": ("memory", "time", "compute", "energy", "power", "money", "mass", "count"),
}
# What tells how far a measurement scatters, or how a run ended, is not the measurement.
_BESIDE = {
    "std", "stdev", "stddev", "stderr", "sem", "se", "var", "min", "max", "p90", "p95", "p99",
    "saved", "saving", "savings", "reduction", "status", "state", "error", "errors", "success",
    "ok", "oom", "reason",
}  # fmt: skip
# What is set and not measured, unless it has a unit.
_SET = {"batch", "block", "chunk", "group", "hidden", "page", "vocab", "window"}
_NAMING = {"model", "models", "name"}
# Numbers that have more different values do not name groups.
_MOST_LEVELS = 12


def _rank(role: str, look: Look) -> tuple[int, ...]:
    """Return what sorts columns by how likely they play a role, nothing where one does not."""
    words = set(re.findall(r"[a-z]+[0-9]*", look.name.lower()))
    hints = _WORDS.get(role, "").split()
    by_name = next((place for place, hint in enumerate(hints) if hint in words), len(hints))
    if role == "group":
        is_text = look.kind == "text"
        each_its_own = look.n_values == look.n_rows - look.n_missing
        # What has a unit is measured, unless it is a count.
        are_levels = look.kind == "number" and {u.kind for u in look.units} <= {"count"}
        levels = _MOST_LEVELS if are_levels and not each_its_own else 0
        are_groups = 2 <= look.n_values <= (quantities.MOST_GROUPS if is_text else levels)
        # A few runs are compared by their names, before numbers are, and many if nothing else is.
        are_few = look.n_values <= _MOST_LEVELS and not words.isdisjoint({*hints, *_NAMING})
        order = (1 if are_few else 3) if each_its_own else 0 if is_text else 2
        late = not words.isdisjoint(_BESIDE)
        return (order, late, by_name, look.n_values) if are_groups else ()
    if look.kind != ROLES[role].kind:
        return ()
    kinds = _KINDS.get(role, ROLES[role].kinds or ())
    by_unit = min((kinds.index(u.kind) for u in look.units if u.kind in kinds), default=len(kinds))
    late = not words.isdisjoint(_BESIDE)
    has_hint, has_unit = by_name < len(hints), by_unit < len(kinds)
    # Nor is a setting that is the same in all runs.
    is_set = look.n_values == 1 < look.n_rows or not (has_unit or words.isdisjoint(_SET))
    if role in ("quality", "cost") and is_set:
        return ()
    if role == "quality":
        is_score = higher_is_better(look.name, *look.units) and not by_unit < kinds.index("time")
        rank = (late, by_name, not is_score, by_unit)
        return rank if has_hint or is_score or has_unit else ()
    if role == "cost":
        is_likely = has_unit or has_hint
    else:
        # The cache of a token is not that of a sequence.
        is_likely = (
            has_hint and (has_unit or not kinds) and not (role == "cache" and "token" in words)
        )
    return (late, by_unit, by_name) if is_likely else ()


def suggestion(
    source: Source, need: Sequence[str], looks: Sequence[Look] = (),
    given: Mapping[str, str | None] | None = None,
) -> dict[str, str] | None:  # fmt: skip
    """Return the columns to name, by role, for a figure that needs some, None where there are none.

    The columns of some roles are *given*; *looks* is what `look_at` returns of the table.
    """
    looks = looks or look_at(source)
    columns: dict[str, str] = {}
    taken: set[str] = set()
    for role in need:
        named = (given or {}).get(role)
        usual = _usual(source, role, looks)
        found = [named] if named in source.columns else usual
        if not found:
            ranks = {one.name: rank for one in looks if (rank := _rank(role, one))}
            likely = sorted((one for one in ranks if one not in taken), key=lambda one: ranks[one])
            found = [one for one in likely if _has_clear_unit(role, one)]
        if not found:
            return None
        taken.add(found[0])
        # What is named for one role is no guess for another.
        if found[:1] != usual or found[0] in (given or {}).values():
            columns[role] = found[0]
    return columns


def command(shown: str, columns: Mapping[str, str]) -> str:
    """Return a command that draws what a command calls so, with these columns by role."""
    options = (f" --column {shlex.quote(f'{role}={name}')}" for role, name in columns.items())
    return f"mpl-dantinox plot {shlex.quote(shown)}{''.join(options)}"


def _usual(source: Source, role: str, looks: Sequence[Look]) -> list[str]:
    """Return the column that is taken for a role where the caller names none, if it will do."""
    is_text = ROLES[role].kind == "text"
    fitting = [look.name for look in looks if is_text or look.kind == ROLES[role].kind]
    try:
        found = find_columns(source.columns, {role: ROLES[role].column}, ())
    except RunsError:
        return []
    return [c for one, c in found.items() if c in fitting and _has_clear_unit(one, c)][:1]


def _has_clear_unit(role: str, column: str) -> bool:
    spec = ROLES[role]
    try:
        return unit_of(role, column) is not None or spec.unit is None or spec.assumed
    except RunsError:
        return False
