"""Names that forgive spelling, and the nearest ones to a wrong name."""

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

__all__ = ["Catalogue", "UnknownNameError", "advice", "nearest_names", "shortened"]

_V = TypeVar("_V")

# As many names are listed for a caller who asked for one that is not among them.
_MOST_LISTED = 30


class UnknownNameError(KeyError, ValueError):
    """A name that a catalogue does not have; the message gives the nearest that it has."""

    def __str__(self) -> str:
        # KeyError would show the repr of the message.
        return str(self.args[0])


class Catalogue(Mapping[str, _V]):
    """A read-only mapping that answers wrong names with the nearest, and calls them by their kind.

    A forgiving one also finds names in another case, and with spaces, hyphens and underscores added
    or left out; iterating gives them as they are.
    """

    def __init__(self, kind: str, items: Mapping[str, _V], *, forgiving: bool) -> None:
        self._kind = kind
        self._items = dict(items)
        self._names = {_folded(name): name for name in items} if forgiving else {}

    def canonical(self, name: str) -> str:
        """Return the name under which the catalogue lists *name*."""
        found = name if name in self._items else self._names.get(_folded(name))
        if found is None:
            nearest = nearest_names(name, self._items)
            known = f"nearest: {', '.join(nearest)}" if nearest else f"known: {', '.join(self)}"
            raise UnknownNameError(f"unknown {self._kind} {name!r}; {known}")
        return found

    def __getitem__(self, name: str) -> _V:
        return self._items[self.canonical(name)]

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._kind!r}, {self._items!r})"


def nearest_names(name: str, known: Iterable[str], n: int = 4) -> list[str]:
    """Return up to *n* of the known names: those that *name* begins, then those spelt most alike.

    >>> nearest_names("a100", ["A100 40GB", "A100 80GB", "H100", "T4"])
    ['A100 40GB', 'A100 80GB', 'H100']
    """
    names = {_folded(each): each for each in known}
    begun = [folded for folded in names if folded.startswith(_folded(name))]
    alike = difflib.get_close_matches(_folded(name), names, n=n)
    return [names[folded] for folded in dict.fromkeys([*begun, *alike])][:n]


def _folded(name: str) -> str:
    return str(name).casefold().replace(" ", "").replace("-", "").replace("_", "")


def advice(name: str, known: Iterable[str]) -> str:
    """Return the nearest known name as a question, and all of them, or the first of many.

    >>> advice("los", ["loss", "cache"])
    "did you mean 'loss'? there are: loss, cache"
    """
    known = list(known)
    hint = "".join(f"did you mean {near!r}? " for near in nearest_names(name, known, n=1))
    return f"{hint}there are: {shortened(known)}"


def shortened(names: Sequence[str]) -> str:
    """Return names in a row, the first of many."""
    more = f" and {len(names) - _MOST_LISTED} more" if len(names) > _MOST_LISTED else ""
    return f"{', '.join(names[:_MOST_LISTED])}{more}"
