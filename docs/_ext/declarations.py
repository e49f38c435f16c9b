"""Tables of the reference, made of what the package declares: nothing of it is written twice.

``{declared} devices`` in a page stands for the Markdown that `devices` returns.
"""

import inspect
import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import matplotlib as mpl
from docutils import nodes
from numpydoc.docscrape import NumpyDocString
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from mpl_dantinox.command.parser import manual as all_help
from mpl_dantinox.command.status import STATUSES
from mpl_dantinox.devices import DEVICES
from mpl_dantinox.insights import Insight, definitions
from mpl_dantinox.insights.facts import Facts
from mpl_dantinox.insights.report import facts_schema
from mpl_dantinox.registry import SHEETS
from mpl_dantinox.tables.roles import ROLES
from mpl_dantinox.units import UNITS


def table(columns: str, rows: Iterable[Iterable[Any]]) -> str:
    """Return a Markdown table; columns whose heads end in a colon hold numbers."""
    heads = columns.split(", ")
    lines = [
        [head.rstrip(":") for head in heads],
        ["---:" if head.endswith(":") else "---" for head in heads],
        *rows,
    ]
    cells = ([str(cell).replace("|", r"\|").replace("\n", " ") for cell in row] for row in lines)
    return "\n".join(f"| {' | '.join(row)} |" for row in cells)


def code(text: Any) -> str:
    """Return a text as code, or nothing for nothing."""
    return f"`{text}`" if str(text) else ""


def sheets() -> str:
    """Return what each sheet sets."""
    parts = []
    for path in sorted(SHEETS.glob("*.mplstyle")):
        params = mpl.rc_params_from_file(path, use_default_template=False)
        rows = ((code(key), code(_spelt(value))) for key, value in params.items())
        parts += [
            f"## {path.stem}",
            _comment(path.read_text("utf-8")),
            table("rcParam, value", rows),
        ]
    return "\n\n".join(parts)


def _comment(text: str) -> str:
    """Return the first lines of a sheet's comment, up to its example."""
    lines = itertools.takewhile(lambda line: line.startswith("# "), text.splitlines())
    said = " ".join(line[2:] for line in lines).partition(": ")[2]
    return said[:1].upper() + said[1:]


def _spelt(value: Any) -> str:
    if hasattr(value, "by_key"):
        return ", ".join(str(one) for values in value.by_key().values() for one in values)
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def roles() -> str:
    """Return what a column can mean, and the names under which it is looked for."""
    rows = (
        (
            code(name),
            role.help,
            role.unit.name if role.unit else "as in the table" if role.kind == "number" else "",
            ", ".join(map(code, (role.column, *role.names))),
            ", ".join(
                one.name for one in definitions().values() if name in (*one.needs, *one.uses)
            ),
        )
        for name, role in ROLES.items()
    )
    return table("role, what it means, unit, looked for as, insights", rows)


def units() -> str:
    """Return the units of memory with their bytes."""
    return table("unit, bytes:", ((code(name), f"{size:,}") for name, size in UNITS.items()))


def devices() -> str:
    """Return the catalogue of accelerators."""
    rows = (
        (
            name.replace(" ", "\u00a0"),
            f"{d.memory_gb:g}",
            _or_none(d.bandwidth_gb_s),
            _or_none(d.bf16_tflops),
            d.source,
        )
        for name, d in DEVICES.items()
    )
    return table("device, GB:, GB/s:, TFLOP/s:, source", rows)


def _or_none(value: float | None) -> str:
    return "" if value is None else f"{value:,g}"


def statuses() -> str:
    """Return the exit statuses."""
    return table("status, meaning", ((status.value, told) for status, told in STATUSES.items()))


def manual() -> str:
    """Return the help of every command."""
    # Pythons before 3.13 repeat the value after each spelling of an option.
    page = re.sub(r"(-\w) [A-Z]+, --", r"\1, --", all_help())
    return page.partition("\n")[2]


def facts() -> str:
    """Return what is in ``facts.json``, from its schema."""
    schema = facts_schema()
    insights = {
        name: one["oneOf"][0]["properties"]
        for name, one in schema["properties"].items()
        if "oneOf" in one
    }
    provenance = schema["properties"]["provenance"]["properties"]
    keys, told = dict(next(iter(insights.values()))), _described(Insight)
    keys["facts"] = {"anyOf": [one["facts"] for one in insights.values()]}
    told["facts"] = "The numbers that the figure shows."
    parts = [
        "## Of each insight",
        f"Under {', '.join(map(code, insights))}. "
        "Where there is no figure, `skipped` says why, and the others are null.",
        table("key, value, what it is", _told(keys, told)),
        "## provenance",
        table("key, value", _fields(provenance)),
    ]
    holders = {one.__name__: one for one in _subclasses(Facts)}
    for name, one in schema["$defs"].items():
        rows = _told(one["properties"], _described(holders[name]))
        parts += [f"(facts-{name.lower()})=\n\n## {name}", table("key, value, what it is", rows)]
    return "\n\n".join(parts)


def _told(properties: Mapping[str, Any], told: Mapping[str, str]) -> Iterator[tuple[str, ...]]:
    return ((code(key), _kind(value), told.get(key, "")) for key, value in properties.items())


def _described(holder: type) -> dict[str, str]:
    """Return what the docstring of a class says of its attributes."""
    return {
        field: " ".join(entry.desc)
        for entry in NumpyDocString(inspect.getdoc(holder) or "")["Attributes"]
        for field in entry.name.split(", ")
    }


def _subclasses(of: type) -> Iterator[type]:
    for one in of.__subclasses__():
        yield one
        yield from _subclasses(one)


def _fields(properties: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    return ((code(key), _kind(value)) for key, value in properties.items())


def _kind(value: Mapping[str, Any]) -> str:
    """Return in words what a schema allows."""
    if "$ref" in value:
        name = value["$ref"].rpartition("/")[2]
        return f"[{name}](#facts-{name.lower()})"
    if "anyOf" in value or "oneOf" in value:
        return " or ".join(_kind(one) for one in value.get("anyOf", value.get("oneOf", ())))
    if "enum" in value or "const" in value:
        return " or ".join(code(one) for one in value.get("enum", [value.get("const")]))
    kind = value.get("type", "anything")
    if kind == "array":
        if "prefixItems" in value:
            return f"({', '.join(_kind(one) for one in value['prefixItems'])})"
        return f"list of {_kind(value.get('items', {}))}"
    if kind == "object" and isinstance(value.get("additionalProperties"), Mapping):
        return f"by name: {_kind(value['additionalProperties'])}"
    return " or ".join(kind) if isinstance(kind, list) else kind


TABLES: dict[str, Callable[[], str]] = {
    one.__name__: one for one in (sheets, roles, units, devices, statuses, manual, facts)
}


class Declared(SphinxDirective):
    """Stands for one of `TABLES`."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the table."""
        return self.parse_text_to_nodes(TABLES[self.arguments[0]](), allow_section_headings=True)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive."""
    app.add_directive("declared", Declared)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
