"""What the columns of a table mean, and finding the column that plays each role."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from mpl_dantinox.nearest import advice, nearest_names, shortened
from mpl_dantinox.tables.errors import NoDataError, RunsError
from mpl_dantinox.units import Unit, parse_unit, units_in_name, without_unit

__all__ = [
    "CONTROLS", "ROLES", "Role", "find_columns", "higher_is_better", "label", "number_of", "one_of",
    "unit_of",
]  # fmt: skip

#: Controls could do anything to a terminal, and have no glyph in a figure.
CONTROLS = r"[\x00-\x1f\x7f-\x9f]+"


# Spellings of tokens per second in a name.
_PER_SECOND = r"tok(?:en)?s?_(?:per_)?s(?:ec(?:ond)?s?)?\b"


@dataclass(frozen=True)
class Role:
    """What a column of the table means.

    `names` are other usual names of the `column`, in lower case, with underscores and without a
    unit. A family is a role that several columns play, whose names differ by a number: ``{}`` in
    `column` stands for it, and each is a role of its own, such as ``"tps_at 512"``.
    """

    column: str
    kind: Literal["text", "number", "flag"]
    label: str
    help: str
    names: tuple[str, ...] = ()
    #: The kinds of units that its numbers may have; None for all.
    kinds: tuple[str, ...] | None = None
    #: The unit that its numbers are converted to, and whether those without one are taken to be in
    #: it. Without, they stay in the unit of the table.
    unit: Unit | None = None
    assumed: bool = False
    #: What becomes of the figures that can do without the column.
    without: str = ""
    #: Whether it is usual that runs have no value.
    gaps: bool = False
    family: bool = False

    def is_usual(self, column: str) -> bool:
        """Return whether a column has one of the role's usual names, in any spelling and unit."""
        units = units_in_name(column)
        if self.kinds and units and {unit.kind for unit in units}.isdisjoint(self.kinds):
            # The size of a model in GB is no number of parameters.
            return False
        words = (re.sub(r"\W+", "_", c.lower()).strip("_") for c in (column, without_unit(column)))
        spellings = (re.sub(_PER_SECOND, "tok_s", spelling) for spelling in words)
        return not {self.column.lower(), *self.names}.isdisjoint(spellings)


class _Roles(dict[str, Role]):
    """Roles by name; what is known of a family is known of its members."""

    def __missing__(self, name: str) -> Role:
        family, _, member = name.partition(" ")
        if not member:
            raise KeyError(name)
        return self[family]


def _role(
    column: str, kind: Any, label: str, help: str, names: str, unit: str = "", **rest: Any
) -> Role:
    """Return a role, with its other usual names in one text."""
    converted = parse_unit(unit)[0] if unit else None
    return Role(column, kind, label, help, tuple(names.split()), unit=converted, **rest)


_CACHES = "cache kv_cache kv theoretical_cache kv_cache_size cache_size"

#: The roles that a column can play, by the keyword that names its column.
ROLES: Mapping[str, Role] = _Roles({
    "name": _role(
        "name", "text", "Run", "what a run is called",
        "run run_name run_id model_name model experiment", gaps=True,
    ),
    "group": _role(
        "type", "text", "Attention", "the groups that are compared",
        "attention attn attn_type attention_type attn_impl attn_kind",
    ),
    "moe": _role(
        "moe", "flag", "Mixture of experts", "whether a run is a mixture of experts",
        "is_moe use_moe mixture_of_experts", gaps=True,
        without="so dense and MoE runs are not told apart",
    ),
    "params": _role(
        "params_m", "number", "Parameters (M)", "the size of a model",
        "params n_params num_params parameters num_parameters total_params model_size", "millions",
        kinds=("count",), gaps=True, without="so the size of a model is not shown",
    ),
    "active_params": _role(
        "active_params_m", "number", "Active parameters (M)",
        "the parameters that one token passes",
        "active_params n_active_params num_active_params active_parameters", "millions",
        kinds=("count",), gaps=True,
    ),
    "weights": _role(
        "weights_gb", "number", "Weights", "memory of a model's weights",
        "weights weights_memory model_memory", "GB", kinds=("memory",), gaps=True,
    ),
    "quality": _role(
        "val_loss", "number", "Validation loss", "how good a run is",
        "loss valid_loss validation_loss eval_loss test_loss nll val_nll ppl perplexity val_ppl",
    ),
    "cost": _role(
        "theoretical_cache_mb", "number", "KV cache per sequence",
        "what a run takes: memory, time, energy, money, compute or parameters", _CACHES,
    ),
    "cache": _role(
        "theoretical_cache_mb", "number", "KV cache per sequence", "memory of one sequence",
        _CACHES, "MB", kinds=("memory",),
    ),
    "cache_tokens": _role(
        "cache_tokens", "number", "Tokens of the cache", "how many tokens the cache is of",
        "cache_context cache_seq_len", kinds=(), gaps=True,
    ),
    "tps": _role(
        "tps_512", "number", "Decode throughput of one sequence", "decode speed of one sequence",
        "tps throughput tok_s decode_tps decode_tok_s decode_throughput", "tok/s",
        kinds=("speed",), assumed=True, gaps=True,
    ),
    "dial": _role(
        "down_dim_kv", "number", "Latent KV dimension", "what is turned within one group",
        "kv_lora_rank latent_dim kv_latent_dim dkv d_kv", kinds=(), gaps=True,
    ),
    "tps_at": _role(
        "tps_{}", "number", "Decode throughput of one sequence",
        "decode speed by context length, a column for each",
        "decode_tps_{} tok_s_{} decode_tok_s_{} throughput_{}", "tok/s",
        kinds=("speed",), assumed=True, gaps=True, family=True,
    ),
    "state": _role(
        "state", "text", "State", "whether a run failed: a word such as crashed, or a flag as oom",
        "status run_state oom is_oom out_of_memory diverged has_diverged failed has_failed crashed",
        gaps=True,
    ),
    "block": _role(
        "block", "text", "Block", "which runs are comparable: those that are equal here",
        "size model_size dim d_model hidden_size n_embd width", kinds=("count",), gaps=True,
    ),
})  # fmt: skip

_MULTIPLES = {"": 1, "k": 2**10, "m": 2**20}
_MEMBER = r"(\d+(?:\.\d+)?)([kKmM]?)"

# Words of names whose numbers are better the higher they are, and the lower.
_HIGHER = {
    "acc", "accuracy", "arc", "auc", "average", "bbh", "bleu", "core", "elo", "em", "f1",
    "glue", "gpqa", "gsm8k", "hellaswag", "humaneval", "ifeval", "lambada", "mbpp", "mmlu", "musr",
    "needle", "pass", "piqa", "recall", "precision", "reward", "rouge", "score", "speedup", "squad",
    "tps", "throughput", "tput", "truthfulqa", "win", "winogrande",
}  # fmt: skip
_LOWER = {
    "loss", "nll", "ppl", "perplexity", "bpb", "bpc", "error", "err", "wer", "cer", "latency",
    "degradation",
}  # fmt: skip


def higher_is_better(column: str, *units: Unit) -> bool | None:
    """Return whether a column is a well-known score, by its name and units; None where none says.

    >>> [higher_is_better(name) for name in ("MMLU", "val_loss", "Accuracy (%)", "size")]
    [True, False, True, None]
    """
    words = re.findall(r"[a-z]+[0-9]*[a-z]*", column.lower())
    named = {unit.kind for unit in units_in_name(column)}
    kinds = {unit.kind for unit in units} or named
    # A drop in accuracy; DROP is a benchmark too.
    is_lower = not _LOWER.isdisjoint(words) or words[-1:] == ["drop"]
    # As a quality, FLOPs may well be those of a second.
    is_taken = kinds - {"rate", "speed", "share", "count", "number", "compute"}
    if is_lower or "↓" in column or "⬇" in column or is_taken:
        return False
    is_score = not _HIGHER.isdisjoint(words) or "↑" in column or "⬆" in column
    return True if (is_score or kinds & {"rate", "speed"}) and "count" not in named else None


def number_of(member: str) -> float:
    """Return the number of a member of a family of columns.

    >>> number_of("tps_at 512"), number_of("tps_at 4k")
    (512.0, 4096.0)
    """
    digits, multiple = re.fullmatch(_MEMBER, member.partition(" ")[2]).groups()  # type: ignore[union-attr] # as made below
    return float(digits) * _MULTIPLES[multiple.lower()]


def one_of(what: str, name: str, names: Iterable[str]) -> str:
    """Return a name that is one of the names, or raise with the nearest of them."""
    names = list(names)
    if name in names:
        return name
    raise RunsError(f"no {what} {name!r}; {advice(name, names)}")


def each_column(columns: Mapping[str, str | Sequence[str] | None]) -> dict[str, str | None]:
    """Return columns by role, each of several that play one under a name of its own.

    >>> each_column({"group": "type", "block": ["width", "depth"]})
    {'group': 'type', 'block 1': 'width', 'block 2': 'depth'}
    """
    found: dict[str, str | None] = {}
    for role, name in columns.items():
        if name is None or isinstance(name, str):
            found[role] = name
        elif isinstance(name, Iterable):
            found |= {f"{role} {place}": one for place, one in enumerate(name, 1)}
        else:
            raise RunsError(f"the role {role!r} is played by a column, or several; got {name!r}")
    return found


def find_columns(
    have: Sequence[str], columns: Mapping[str, str | None], need: Collection[str]
) -> dict[str, str]:
    """Return the column of each role that a table, which has these columns, has one for.

    Where the column that is asked for is the role's default, another usual name will do; None
    leaves the role out. A missing one raises RunsError if the caller named it, and NoDataError if
    it is needed, as do several that could be meant. All that are missing are named.
    """
    found: dict[str, str] = {}
    lacking: dict[str, str | None] = {}
    named = {role: name for role, name in columns.items() if name not in (None, ROLES[role].column)}
    for role, name in columns.items():
        # What the caller named for one role is no guess for another, unless both usually share a
        # column; but it may be what a run is called.
        others = {c for r, c in named.items() if ROLES[r].column != ROLES[role].column}
        guesses = [column for column in have if role == "name" or column not in others]
        members = _found(have, guesses, role, name, needed=role in need) if name else {}
        found |= members
        if not members and (role in need or role in named):
            lacking[role] = name
    if lacking:
        raise (RunsError if named.keys() & lacking else NoDataError)(lacking_columns(have, lacking))
    return found


def _found(
    have: Sequence[str], guesses: Sequence[str], role: str, name: str, *, needed: bool
) -> dict[str, str]:
    """Return the column of a role, or the columns of the members of a family."""
    spec = ROLES[role]
    if spec.family:
        # Of the usual patterns the one that most columns have.
        patterns = [name, *(spec.names if name == spec.column else ())]
        return max((_members(role, pattern, have) for pattern in patterns), key=len)
    if name in have:
        return {role: name}
    usual = [column for column in guesses if spec.is_usual(column)] if name == spec.column else []
    usual.sort(key=lambda column: column.lower() != name)
    if not usual and role == "quality" and name == spec.column:
        # The only score will do, but none of speed.
        scores = (c for c in guesses if higher_is_better(c) and "speedup" not in c.lower())
        usual = [c for c in scores if not units_in_name(c, ["rate", "speed"])]
        usual = usual if len(usual) == 1 else []
    # Of what is shown beside the claims, the first one will do.
    if len(usual) > 1 and not (spec.gaps and (spec.without or spec.kind == "text")):
        if not needed:
            return {}
        raise NoDataError(
            f"no column {name!r} for the role {role!r}, and {' and '.join(map(repr, usual))} "
            f"could both be meant; name one of them with --column {role}=NAME"
        )
    return {role: usual[0]} if usual else {}


def _members(role: str, pattern: str, have: Sequence[str]) -> dict[str, str]:
    """Return the columns whose names are a pattern with a number in it, by member of the family."""
    before, _, after = pattern.partition("{}")
    spelt = re.compile(re.escape(before) + _MEMBER + re.escape(after), re.IGNORECASE)
    found = ((spelt.fullmatch(column.strip()), column) for column in have)
    return {f"{role} {''.join(match.groups())}": column for match, column in found if match}


def lacking_columns(have: Sequence[str], lacking: Mapping[str, str | None]) -> str:
    """Return which roles lack a column, with the option that would name it and what is near."""
    parts = []
    for role, name in lacking.items():
        column = f"no column {name!r}" if name else "no column was given"
        near = [f", did you mean {one!r}?" for one in nearest_names(name or "", have, n=1) if name]
        role = role.partition(" ")[0]
        parts.append(f"{column} for the role {role!r} (--column {role}=NAME){''.join(near)}")
    there_are = f"there are: {shortened(have)}"
    return "; ".join(
        [*parts, there_are if have else "no column of the table has a text for its name"]
    )


def unit_of(role: str, column: str, given: str | None = None) -> Unit | None:
    """Return the unit of a role's column: the one that is given, or that its name tells.

    RunsError says that what is given is no unit of that role's, or that it can mean two.
    """
    kinds = ROLES[role].kinds
    if given is None:
        found = units_in_name(column, kinds)
        said = f"the unit of {column!r}"
        # What is counted may be the tokens of the context.
        others = [unit for unit in units_in_name(column) if unit.kind != "count"]
        if ROLES[role].assumed and not found and others:
            raise RunsError(
                f"{said} is {others[0].name}, and the role {role!r} takes tok/s; where the name "
                f"misleads, say --unit {role}=tok/s"
            )
    else:
        found = tuple(u for u in parse_unit(given) if kinds is None or u.kind in (*kinds, "number"))
        said = f"the unit {given!r}"
        if not found:
            of = {"memory": "MB or GiB", "count": "M or billions", "speed": "tok/s"}
            usual = ", ".join(of.get(kind, "MB, s, W or FLOPs") for kind in kinds or [""])
            raise RunsError(f"no unit {given!r} for the role {role!r}; there are such as {usual}")
    if len(found) > 1:
        meanings = " or ".join(unit.name for unit in found)
        raise RunsError(
            f"{said} for the role {role!r} can mean {meanings}; say which, as --unit "
            f"{role}={found[-1].name}"
        )
    return found[0] if found else None


def label(role: str, column: str, unit: Unit | None = None) -> str:
    """Return what a column is called on a figure: as its role, if it has a usual name for that.

    What its name says of its unit is left out, for the unit is written beside it.
    """
    spec = ROLES[role]
    if column.strip().lower() == spec.column or (
        spec.label == ROLES["cache"].label and spec.is_usual(column)
    ):
        return spec.label
    # A name that came with the data is no math.
    name = without_unit(column) if unit in units_in_name(column) else column
    return re.sub(CONTROLS, " ", name).replace("$", r"\$")
