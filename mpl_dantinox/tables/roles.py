"""What the columns of a table mean, and finding the column that plays each role.

One row is one trained model. `ROLES` lists the roles with the names that are looked for when the
caller names no column.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from mpl_dantinox.nearest import advice
from mpl_dantinox.tables.errors import NoDataError, RunsError

__all__ = ["CONTROLS", "ROLES", "Role", "find_column", "known", "label"]

#: Controls could do anything to a terminal, and have no glyph in a figure.
CONTROLS = r"[\x00-\x1f\x7f-\x9f]+"


@dataclass(frozen=True)
class Role:
    """What a column of the table means.

    Attributes
    ----------
    column : str
        The name that is looked for when the caller gives none.
    kind : {"text", "number", "flag"}
        How its values are read.
    label : str
        What the column is called on a figure.
    optional : bool
        Whether a table without it is sound: it then lacks the figures that need it.
    factors : dict of str to float
        Other names for the column, in lower case, and the factor that makes its numbers those of
        `column`.
    unit : str
        The unit of the numbers of `column`, where it is fixed.
    without : str
        What becomes of the figures that can do without the column.
    family : bool
        Whether the role is played by several columns, whose names differ by a number; ``{}`` in
        `column` stands for it. Each is a role of its own, called by the family's name and the
        number: ``"tps_at 512"``.
    """

    column: str
    kind: Literal["text", "number", "flag"]
    label: str
    optional: bool = False
    factors: Mapping[str, float] = field(default_factory=dict)
    unit: str = ""
    without: str = ""
    family: bool = False

    def factor(self, column: str) -> float:
        """Return what the numbers of a column are to be multiplied by, as its name tells."""
        return self.factors.get(column.strip().lower(), 1.0)


def _names(names: str) -> dict[str, float]:
    return dict.fromkeys(names.split(), 1.0)


_MIB = 2**20 / 1e6


class _Roles(dict[str, Role]):
    """Roles by name; what is known of a family is known of its members."""

    def __missing__(self, name: str) -> Role:
        family, _, member = name.partition(" ")
        if not member:
            raise KeyError(name)
        return self[family]


#: The roles that a column can play, by the keyword that names its column.
ROLES: Mapping[str, Role] = _Roles({
    "group": Role(
        "type", "text", "Attention",
        factors=_names("attention attn attn_type attention_type attn_impl attn_kind"),
    ),
    "moe": Role(
        "moe", "flag", "Mixture of experts", optional=True,
        factors=_names("is_moe use_moe mixture_of_experts"),
        without="so every run counts as dense",
    ),
    "params": Role(
        "params_m", "number", "Parameters (M)", optional=True, unit="millions",
        factors=dict.fromkeys(["params", "n_params", "num_params", "parameters"], 1e-6)
        | {"params_b": 1e3},
        without="so the size of a model is not shown",
    ),
    "loss": Role(
        "val_loss", "number", "Validation loss",
        factors=_names(
            "loss valid_loss validation_loss eval_loss test_loss nll val_nll ppl perplexity val_ppl"
        ),
    ),
    "cache": Role(
        "theoretical_cache_mb", "number", "KV cache per sequence", unit="MB",
        factors=_names("cache_mb kv_cache_mb kv_mb")
        | {
            "cache_mib": _MIB, "kv_cache_mib": _MIB, "cache_bytes": 1e-6, "kv_cache_bytes": 1e-6,
            "kv_bytes": 1e-6, "cache_kb": 1e-3, "cache_gb": 1e3, "kv_cache_gb": 1e3,
        },
    ),
    "tps": Role(
        "tps_512", "number", "Decode throughput of one sequence", optional=True,
        factors=_names(
            "tps throughput tokens_per_s tokens_per_sec tokens_per_second tok_s decode_tps"
        ),
    ),
    "dial": Role(
        "down_dim_kv", "number", "Latent KV dimension", optional=True,
        factors=_names("kv_lora_rank latent_dim kv_latent_dim dkv d_kv"),
    ),
    "tps_at": Role(
        "tps_{}", "number", "Decode throughput of one sequence", optional=True, family=True,
        factors=_names("decode_tps_{} tok_s_{} decode_tok_s_{} throughput_{}"),
    ),
})  # fmt: skip

_MULTIPLES = {"": 1, "k": 2**10, "m": 2**20}
_MEMBER = r"(\d+(?:\.\d+)?)([kKmM]?)"


def number_of(member: str) -> float:
    """Return the number of a member of a family of columns.

    Examples
    --------
    >>> number_of("tps_at 512"), number_of("tps_at 4k")
    (512.0, 4096.0)
    """
    digits, multiple = re.fullmatch(_MEMBER, member.partition(" ")[2]).groups()  # type: ignore[union-attr] # as made below
    return float(digits) * _MULTIPLES[multiple.lower()]


def with_members(
    columns: Mapping[str, str | None], need: Iterable[str], have: Sequence[str]
) -> tuple[dict[str, str | None], list[str]]:
    """Return the columns by role, and the roles needed, with the members of families for families.

    Of the usual patterns the one that most columns have is a family's.
    """
    made: dict[str, str | None] = {}
    needed = set(need)
    for role, name in columns.items():
        if not ROLES[role].family or name is None:
            made[role] = name
            continue
        patterns = [name, *(ROLES[role].factors if name == ROLES[role].column else ())]
        members = max((_members(role, pattern, have) for pattern in patterns), key=len)
        made |= members
        if not members and role in needed:
            find_column(have, role, name, needed=True)
        needed.discard(role)
    return made, [role for role in made if role in needed]


def _members(role: str, pattern: str, have: Sequence[str]) -> dict[str, str]:
    """Return the columns whose names are a pattern with a number in it, by member of the family."""
    before, _, after = pattern.partition("{}")
    spelt = re.compile(re.escape(before) + _MEMBER + re.escape(after), re.IGNORECASE)
    found = ((spelt.fullmatch(column.strip()), column) for column in have)
    return {f"{role} {''.join(match.groups())}": column for match, column in found if match}


def known(what: str, name: str, names: Iterable[str]) -> str:
    """Return a name that is one of the names, or raise with the nearest of them."""
    names = list(names)
    if name in names:
        return name
    raise RunsError(f"no {what} {name!r}; {advice(name, names)}")


def find_column(columns: Sequence[str], role: str, name: str | None, *, needed: bool) -> str | None:
    """Return the column that plays a role, None if it may be missing and is.

    Parameters
    ----------
    columns : sequence of str
        Names of all columns of a table.
    role : str
    name : str or None
        The column that is asked for. Where that is the role's default, another usual name will do.
    needed : bool
        Whether there is nothing to show without it.

    Raises
    ------
    RunsError
        If a column that is needed, or that the caller named, is missing, or several could be meant.
    NoDataError
        If a column is needed and missing that sound tables may lack.
    """
    if name in columns:
        return name
    if name is None:
        if needed:
            raise RunsError(f"the role {role!r} is needed here and was given no column")
        return None
    spec = ROLES[role]
    by_default = name == spec.column
    if by_default:
        usual = {spec.column, *spec.factors}
        others = [column for column in columns if column.strip().lower() in usual]
        if len(others) > 1:
            raise RunsError(
                f"no column {name!r} for the role {role!r}, and {' and '.join(map(repr, others))} "
                "could both be meant; name one of them"
            )
        if others or not needed:
            return others[0] if others else None
    kind = NoDataError if by_default and spec.optional else RunsError
    raise kind(f"no column {name!r} for the role {role!r}; {advice(name, columns)}")


def label(role: str, column: str) -> str:
    """Return what a column is called on a figure: as its role, if it has a usual name for that."""
    spec, name = ROLES[role], column.strip().lower()
    if name == spec.column or (role == "cache" and name in spec.factors):
        return spec.label
    # A name that came with the data is no math.
    return re.sub(CONTROLS, " ", column).replace("$", r"\$")
