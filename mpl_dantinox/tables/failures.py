"""Runs that failed, and how: that is a result, and no missing value."""

import re
from collections.abc import Mapping

import narwhals as nw

from mpl_dantinox.tables.engine import Frame
from mpl_dantinox.tables.quantities import as_text, read_flag

__all__ = ["FAILURES", "failures"]

#: How runs fail, and how a word that says so begins.
FAILURES = {
    "out of memory": "oom|out.of.memory|cuda.*memory",
    "diverged": "diverge|nan|inf",
    "failed": "fail|crash|error|kill|time.?out|timed.?out|abort|preempt",
}
_LOSS = re.compile("loss|nll|ppl|perplex|entropy|bits|bp[bcw]", re.IGNORECASE)
_NO_NUMBERS = ["nan", "inf", "infinity"]
_MEASURED = ("quality", "cost", "cache", "tps")


def failures(rows: Frame, columns: Mapping[str, str]) -> dict[str, nw.Expr]:
    """Return how each row failed, by the role whose column says so; missing where it did not.

    A column of states says so by a word, or by its name and a yes; what is measured by a word in
    place of a number; a loss by being no finite number, which of all else says no more than that
    there is none.
    """
    said: dict[str, nw.Expr] = {}
    if "state" in columns:
        name = columns["state"].lower()
        how = "out of memory" if "oom" in name or "memory" in name else "failed"
        how = "diverged" if "diverge" in name else how
        is_so = nw.when(read_flag(rows, "state") == 1).then(nw.lit(how))
        said["state"] = nw.coalesce(is_so, _by_word(_words(rows, "state")))
    for role in filter(columns.__contains__, _MEASURED):
        is_loss = role == "quality" and _LOSS.search(columns[role])
        if as_text(rows, role)[1]:
            word = _words(rows, role).str.replace("^[+-]", "")
            told = _by_word(word)
            said[role] = told if is_loss else nw.when(~word.is_in(_NO_NUMBERS)).then(told)
        elif is_loss and rows.collect_schema()[role].is_float():
            diverged = ~nw.col(role).is_null() & ~nw.col(role).is_finite()
            said[role] = nw.when(diverged).then(nw.lit("diverged"))
    return said


def _words(rows: Frame, role: str) -> nw.Expr:
    return as_text(rows, role)[0].str.strip_chars().str.to_lowercase()


def _by_word(word: nw.Expr) -> nw.Expr:
    """Return how a run failed of which a word is written."""
    begins = {how: word.str.contains(f"^(?:{words})") for how, words in FAILURES.items()}
    return nw.coalesce(*(nw.when(does).then(nw.lit(how)) for how, does in begins.items()))
