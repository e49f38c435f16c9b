"""Names as the figures write them, and lists of them."""

import re
from collections.abc import Mapping, Sequence

from mpl_dantinox.numbers import count
from mpl_dantinox.tables.runs import ROLES

__all__ = [
    "BETTER", "dense_runs", "equal", "listed", "named", "names", "rows_left_out",
    "runs_failed", "spoken",
]  # fmt: skip

#: The direction of better, said once per axis.
BETTER = {"min": "lower is better", "max": "higher is better"}

# What sentences call a quantity that goes by its own label.
_SHORT = {
    "quality": "loss",
    "cost": "cache",
    "cache": "cache",
    "tps": "throughput",
    "tps_at": "throughput",
}
# Names of groups with these in them would fall apart in a list, or run into a number beside them.
_AMBIGUOUS = re.compile(r"[,;:“”]|\b(?:and|or)\b|(?:^|\s)[\d.]+(?:\s|$)")


def named(group: str) -> str:
    """Return the name of a group as a sentence has it: in quotes where it could be misread.

    Examples
    --------
    >>> named("MLA"), named("sliding, full"), named("layer 2")
    ('MLA', '“sliding, full”', '“layer 2”')
    """
    return f"“{group}”" if _AMBIGUOUS.search(group) else group


def names(groups: Sequence[str], word: str = "and") -> str:
    """Return the names of groups as a list in a sentence; beyond three the rest is counted.

    Examples
    --------
    >>> names(["MLA"]), names(["MLA", "GQA"], "or"), names(list("abcde"))
    ('MLA', 'MLA or GQA', 'a, b and 3 more')
    """
    return listed([named(g) for g in groups], word)


def listed(items: Sequence[str], word: str = "and", rest: str = "more") -> str:
    """Return phrases as a list in a sentence; beyond three the *rest* is counted."""
    if len(items) > 3:
        items = [*items[:2], f"{len(items) - 2} {rest}"]
    return f" {word} ".join([", ".join(items[:-1]), items[-1]] if len(items) > 1 else items)


def spoken(labels: Mapping[str, str], *, short: bool = True) -> dict[str, str]:
    """Return what sentences call each role's column, from what its axis is called.

    Examples
    --------
    >>> labels = {"quality": "Validation loss", "cost": "KV memory", "tps": "Prefill speed"}
    >>> spoken(labels)
    {'quality': 'loss', 'cost': 'KV memory', 'tps': 'prefill speed'}
    >>> spoken(labels, short=False)["quality"], spoken({"cost": "Mean Time per MLA Token"})["cost"]
    ('validation loss', 'mean time per MLA token')
    """
    return {
        role: _SHORT[role]
        if short and role in _SHORT and label == ROLES[role].label
        else _lowered(label)
        for role, label in labels.items()
    }


def equal(columns: Sequence[str]) -> str:
    """Return what runs that are equal in some columns have in common; columns of sizes are a size.

    Examples
    --------
    >>> equal(["params_m"]), equal(["d_model", "batch_size"])
    ('equal size', 'equal size and batch_size')
    """
    sizes = (ROLES["params"], ROLES["block"])
    called = ["size" if any(r.is_usual(c) for r in sizes) else c for c in columns]
    return f"equal {' and '.join(dict.fromkeys(called))}"


def dense_runs(labels: Mapping[str, str]) -> str:
    """Return what the runs are called of which an insight tells: dense, where a column says so."""
    return "dense run" if "moe" in labels else "run"


def runs_failed(failed: Mapping[str, Mapping[str, int]]) -> list[str]:
    """Return a phrase for each group of which runs failed.

    Examples
    --------
    >>> runs_failed({"MLA": {"out of memory": 2, "diverged": 1}, "GQA": {"failed": 1}})
    ['2 MLA runs ran out of memory and 1 diverged', '1 GQA run failed']
    """
    said = []
    for group, ways in failed.items():
        verbs = {how: f"ran {how}" if how.startswith("out") else how for how in ways}
        first, *more = ways.items()
        phrase = f"{count(first[1], f'{named(group)} run')} {verbs[first[0]]}"
        said.append(listed([phrase, *(f"{n:,} {verbs[how]}" for how, n in more)]))
    return said


def rows_left_out(dropped: Mapping[str, int], called: Mapping[str, str]) -> list[str]:
    """Return a phrase for each reason for which rows of a table are not used.

    Examples
    --------
    >>> rows_left_out({"dense": 4, "quality": 1, "quality and cost": 2}, {"quality": "ppl"})
    ['4 MoE runs left out', '1 row without ppl', '2 rows without ppl and cost']
    """
    phrases = {"group": "without group", "moe": "not known to be dense", "failed": "that failed"}
    return [
        f"{count(n, 'MoE run')} left out"
        if lacking == "dense"
        else f"{count(n, 'row')} {phrases.get(lacking) or f'without {_all(lacking, called)}'}"
        for lacking, n in dropped.items()
    ]


def _all(roles: str, called: Mapping[str, str]) -> str:
    return " and ".join(called.get(r, r.replace("_", " ")) for r in roles.split(" and "))


def _lowered(label: str) -> str:
    """Return a label without capitals of words, unless it begins with an abbreviation or a name."""
    if re.match(r"[A-Z][a-z]+\b", label):
        label = re.sub(r"(?<!\S)[A-Z](?=[a-z]+\b)", lambda capital: capital[0].lower(), label)
    # What a label escapes for the sake of math is shown as it is in a sentence.
    return label.replace(r"\$", "$")
