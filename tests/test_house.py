"""How the package is built: imports go down only, files are short, nothing is asked for in vain."""

import ast
import re
import tomllib
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted((ROOT / "mpl_dantinox").rglob("*.py"))
}

# What each room may import of the others, from the bottom to the top. A room that is not named is
# on the ground floor, where all may go, and imports nothing from above: contrast, files and so on.
NUMBERS = {"pareto", "devices", "cache"}
DRAWING = {*NUMBERS, "artists", "axes", "ticks", "registry"}
READING = {*NUMBERS, "tables", "statistics"}
MAY_IMPORT = {
    "pareto": set[str](),
    "devices": set[str](),
    "cache": {"devices"},
    "artists": NUMBERS,
    "ticks": NUMBERS,
    "axes": {*NUMBERS, "artists", "ticks"},
    "registry": {"artists", "axes"},
    "statistics": NUMBERS,
    "tables": NUMBERS,
    "insights": {*DRAWING, *READING, "__version__"},
    "testing": {*DRAWING, *READING, "insights"},
    "mpl_dantinox": {*DRAWING, *READING, "insights"},
    "command": {*DRAWING, *READING, "insights", "testing", "__version__"},
    "__main__": {"command"},
}
# What of others' a room does without: those that read know no matplotlib, those that draw no table.
DOES_WITHOUT = {name: {"matplotlib"} for name in READING}
DOES_WITHOUT |= {name: {"pandas", "narwhals"} for name in DRAWING - NUMBERS}


def room(module: str) -> str:
    """Return the part of the package that a module belongs to, or the package itself."""
    return module.split(".")[1] if "." in module else module


def imports(module: str) -> Iterator[str]:
    """Yield what a module imports, wherever in it, save what only a type checker reads."""
    waiting: list[ast.AST] = [ast.parse(MODULES[module].read_text("utf-8"))]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            waiting += node.orelse
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                # A name of the package itself is told from the package, which imports nearly all.
                yield inner if inner in MODULES or node.module == "mpl_dantinox" else node.module
        waiting += ast.iter_child_nodes(node)


def ours(module: str) -> set[str]:
    return {name for name in imports(module) if name.split(".")[0] == "mpl_dantinox"}


@pytest.mark.parametrize("module", MODULES)
def test_imports_go_down_only(module: str) -> None:
    here = room(module)
    ground = {room(other) for other in MODULES} - set(MAY_IMPORT)
    allowed = {here, *MAY_IMPORT.get(here, ()), *ground}
    assert {room(other) for other in ours(module)} <= allowed


def test_no_import_leads_back() -> None:
    TopologicalSorter({module: ours(module) for module in MODULES}).prepare()


@pytest.mark.parametrize("module", [name for name in MODULES if room(name) in DOES_WITHOUT])
def test_the_two_storeys_do_not_know_each_other(module: str) -> None:
    others = {name.split(".")[0] for name in imports(module)}
    assert not others & DOES_WITHOUT[room(module)]


@pytest.mark.parametrize("module", MODULES)
def test_no_file_is_long(module: str) -> None:
    assert len(MODULES[module].read_text("utf-8").splitlines()) <= 420


def test_an_underscore_name_that_is_used_is_one_of_ours() -> None:
    # A named tuple's methods are documented, and have the underscore to be no fields.
    used, defined = {}, {"_asdict", "_fields", "_make", "_replace"}
    for module, path in MODULES.items():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            match node:
                case ast.Attribute(attr=name, ctx=ast.Load()) if re.match(r"_(?!_)", name):
                    used[name] = module
                case ast.Attribute(attr=name) | ast.Name(id=name, ctx=ast.Store()):
                    defined.add(name)
                case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                    defined.add(name)
    assert {name: module for name, module in used.items() if name not in defined} == {}


@pytest.mark.parametrize("module", MODULES)
def test_nothing_is_imported_from_what_others_keep_to_themselves(module: str) -> None:
    tree = ast.parse(MODULES[module].read_text("utf-8"))
    froms = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    names = [f"{node.module}.{alias.name}" for node in froms for alias in node.names]
    names += [name for name in imports(module) if not name.startswith("mpl_dantinox")]
    theirs = [name for name in names if not name.startswith(("mpl_dantinox", "__future__"))]
    assert not [name for name in theirs if re.search(r"(^|\.)_", name)]


def requirements() -> list[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return list(project["dependencies"])


@pytest.mark.parametrize("requirement", requirements())
def test_no_package_of_others_is_capped(requirement: str) -> None:
    assert re.fullmatch(r"[\w-]+>=[\d.]+", requirement)


def test_the_package_needs_what_it_imports() -> None:
    imported = {name.split(".")[0] for module in MODULES for name in imports(module)}
    needed = {re.split(r"\W", requirement)[0] for requirement in requirements()}
    assert needed <= imported


def test_the_citation_is_of_this_version() -> None:
    code, citation = ((ROOT / name).read_text("utf-8") for name in
                      ("mpl_dantinox/__init__.py", "CITATION.cff"))  # fmt: skip
    assert re.search(r'__version__ = "(.+)"', code)[1] == re.search(r"\nversion: (.+)", citation)[1]
