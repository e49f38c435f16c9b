"""Facts: what is true of the data, as frozen dataclasses of plain values.

What else is to be known of them follows from their types: the JSON that they become, its schema,
and the list of all numbers in them with what each is and of whom. A number that figures write
otherwise than to three digits is annotated with the function that writes it:
``Annotated[float, exact]``; one that may be small beside what it was computed from, such as a
difference, with a word that it shares with those: ``Annotated[float, "quality"]``.
"""

import dataclasses
import inspect
import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import NoneType, UnionType
from typing import (
    Annotated,
    Any,
    ClassVar,
    Literal,
    NamedTuple,
    Self,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)  # fmt: skip

import numpy as np

from mpl_dantinox.numbers import number

__all__ = ["Facts", "Leaf", "closed", "decimal", "fact", "fact_or_none", "leaves", "schema"]

_JSON_TYPES = {str: "string", bool: "boolean", int: "integer", float: "number", NoneType: "null"}


class Facts:
    """What is true of the data: a frozen dataclass of plain values, made before any drawing."""

    #: The field that tells such facts from others of their kind in a list, if there is one.
    key: ClassVar[str | None] = None

    def to_dict(self) -> dict[str, Any]:
        """Return the facts as dictionaries, lists, strings, numbers and None, ready for JSON."""
        told: dict[str, Any] = json.loads(json.dumps(self, default=vars))
        return told

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> Self:
        """Return the facts that `to_dict` told of; raise TypeError where a field is missing."""
        kinds = get_type_hints(cls, include_extras=True)
        return cls(**{name: _told(kinds.get(name), value) for name, value in told.items()})


def _told(kind: Any, value: Any) -> Any:
    """Return a value of a type from what `Facts.to_dict` makes of it."""
    kind, _ = _annotated(kind)
    inner = get_args(kind)
    if _is_facts(kind) and isinstance(value, Mapping):
        return kind.from_dict(value)
    if get_origin(kind) is Mapping:
        return {key: _told(inner[-1], item) for key, item in value.items()}
    return tuple(_told(inner[0], item) for item in value) if isinstance(value, list) else value


def decimal(value: float) -> float:
    """Return a number that was set, as it was written down: single precision rounds it.

    Examples
    --------
    >>> decimal(0.10000000149011612), decimal(0.1), decimal(1536.0)
    (0.1, 0.1, 1536.0)
    """
    with np.errstate(over="ignore"):
        single = np.float32(value)
    return float(str(single)) if float(single) == value else float(value)


def fact(value: Any) -> float:
    """Return a number as facts hold it: a float of twelve digits.

    The last digits of a mean depend on the order of the rows; no claim should.
    """
    return float(f"{value:.12g}")


def fact_or_none(value: Any) -> float | None:
    """Return a number as facts hold it, None for a missing one."""
    return None if value is None or not math.isfinite(value) else fact(value)


class Leaf(NamedTuple):
    """One value of an insight's facts: a number, a string, None, or a list of those.

    It has the names of fields from the outside in, such as ``("ratio",)``; those that the data
    brought, of panels, groups and dial values; how figures write its numbers; and what it shares
    with the numbers that it was computed from.
    """

    fields: tuple[str, ...]
    names: tuple[str, ...]
    value: Any
    spelling: Callable[[float], str] = number
    quantity: str | None = None


def leaves(kind: Any, value: Any) -> Iterator[Leaf]:
    """Yield each value of facts of a class, as `Facts.to_dict` has them, with what and whose it is.

    Examples
    --------
    >>> @dataclasses.dataclass(frozen=True)
    ... class Group(Facts):
    ...     ratio: float
    >>> @dataclasses.dataclass(frozen=True)
    ... class Ratios(Facts):
    ...     groups: Mapping[str, Group]
    >>> [leaf[:3] for leaf in leaves(Ratios, {"groups": {"MLA": {"ratio": 2.0}}})]
    [(('ratio',), ('MLA',), 2.0)]
    """
    return _leaves(kind, value, (), ())


def _leaves(
    kind: Any, value: Any, fields: tuple[str, ...], names: tuple[str, ...]
) -> Iterator[Leaf]:
    kind, notes = _annotated(kind)
    inner = get_args(kind)[-1] if get_origin(kind) is Mapping else None
    if _is_facts(kind) and isinstance(value, Mapping):
        kinds = get_type_hints(kind, include_extras=True)
        for field, item in value.items():
            yield from _leaves(kinds.get(field), item, (*fields, field), names)
    elif isinstance(value, Mapping):
        # Facts say themselves what they are, so the name of what holds them does not.
        outer = fields[:-1] if _is_facts(inner) else fields
        for name, item in value.items():
            yield from _leaves(inner, item, outer, (*names, name))
    elif get_origin(kind) is tuple and _is_facts(get_args(kind)[0]):
        one = get_args(kind)[0]
        for name, item in zip(_keys(one, value), value, strict=True):
            yield from _leaves(one, item, fields, (*names, name))
    else:
        yield Leaf(fields, names, value, **notes)


def _keys(kind: type[Facts], items: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return a name for each of a list of facts: its own, else its place, and never one twice."""
    names: list[str] = []
    for place, item in enumerate(items, 1):
        own = item.get(kind.key or "")
        name = f"{own:.12g}" if isinstance(own, int | float) else own or str(place)
        names.append(name if name not in names else f"{name} ({place})")
    return names


def schema(kind: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    """Return the JSON Schema of values of a type; facts are put into *definitions* by name."""
    origin, inner = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return schema(inner[0], definitions)
    if _is_facts(kind):
        if kind.__name__ not in definitions:
            definitions[kind.__name__] = {}
            hints = get_type_hints(kind)
            names = [f.name for f in dataclasses.fields(kind)]
            definitions[kind.__name__] = {
                "description": inspect.cleandoc(kind.__doc__ or "").partition("\n")[0],
                **closed({name: schema(hints[name], definitions) for name in names}),
            }
        return {"$ref": f"#/$defs/{kind.__name__}"}
    if origin in (Union, UnionType):
        return {"anyOf": [schema(one, definitions) for one in inner]}
    if origin is Literal:
        return {"enum": list(inner)}
    if origin is Mapping:
        return {"type": "object", "additionalProperties": schema(inner[1], definitions)}
    if origin is tuple and inner[-1] is Ellipsis:
        return {"type": "array", "items": schema(inner[0], definitions)}
    if origin is tuple:
        items = [schema(one, definitions) for one in inner]
        return {"type": "array", "prefixItems": items, "items": False, "minItems": len(items)}
    return {"type": _JSON_TYPES[kind]}


def closed(properties: Mapping[str, Any]) -> dict[str, Any]:
    """Return the schema of an object that has these properties and no others."""
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(properties),
        "additionalProperties": False,
    }


def _is_facts(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Facts)


def _annotated(kind: Any) -> tuple[Any, dict[str, Any]]:
    """Return a type without None, and the fields of `Leaf` that its annotations set."""
    said: dict[str, Any] = {}
    if get_origin(kind) is Annotated:
        kind, *notes = get_args(kind)
        said = {"quantity" if isinstance(note, str) else "spelling": note for note in notes}
    if get_origin(kind) in (Union, UnionType):
        kinds = [one for one in get_args(kind) if one is not NoneType]
        kind = kinds[0] if len(kinds) == 1 else kind
    return kind, said
