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
_NO_NUMBERS = [f"{sign}{word}" for sign in ("", "-", "+") for word in ("nan", "inf", "infinity")]


def failures(rows: Frame, columns: Mapping[str, str]) -> dict[str, nw.Expr]:
    """Return how each row failed, by the role whose column says so; missing where it did not.

    A column of states says so by a word, or by its name and a yes; a loss by being no finite
    number, which of a score says no more than that there is none.
    """
    said: dict[str, nw.Expr] = {}
    if "state" in columns:
        word = as_text(rows, "state")[0].str.strip_chars().str.to_lowercase()
        name = columns["state"].lower()
        how = "out of memory" if "oom" in name or "memory" in name else "failed"
        how = "diverged" if "diverge" in name else how
        said["state"] = nw.coalesce(
            nw.when(read_flag(rows, "state") == 1).then(nw.lit(how)),
            *(
                nw.when(word.str.contains(f"^(?:{words})")).then(nw.lit(how))
                for how, words in FAILURES.items()
            ),
        )
    if _LOSS.search(columns.get("quality", "")):
        text, is_text = as_text(rows, "quality")
        number = nw.col("quality")
        if is_text:
            diverged = text.str.strip_chars().str.to_lowercase().is_in(_NO_NUMBERS)
        elif rows.collect_schema()["quality"].is_float():
            diverged = ~number.is_null() & ~number.is_finite()
        else:
            return said
        said["quality"] = nw.when(diverged).then(nw.lit("diverged"))
    return said
