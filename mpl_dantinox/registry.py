"""Everything that the package adds to matplotlib's registries, and nothing else does."""

import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType

import matplotlib
import matplotlib.style
from matplotlib import projections
from matplotlib.colors import get_named_colors_mapping
from matplotlib.legend import Legend

from mpl_dantinox.artists import LEGEND_HANDLERS
from mpl_dantinox.axes import DantinoxAxes

__all__ = ["COLORS", "SHEETS", "register", "style_library_paths"]

#: The colours of the three kinds of attention, in the order of the cycle.
COLORS = {"mla": "#3A86FF", "gqa": "#FF6B35", "mha": "#2DC653"}


def _import_styles() -> ModuleType:
    """Import ``mpl_dantinox.styles``: within the package as installed, beside it in a clone."""
    search, beside = sys.modules["mpl_dantinox"].__path__, str(Path(__file__).parents[1])
    search.append(beside)
    try:
        return import_module("mpl_dantinox.styles")
    finally:
        search.remove(beside)


#: The folder of the style sheets.
SHEETS = Path(str(_import_styles().__file__)).parent


def register() -> None:
    """Register styles, projection, legend handlers, colours and the colour sequence.

    Calling it again changes nothing.
    """
    _register_styles()
    projections.register_projection(DantinoxAxes)
    Legend.update_default_handler_map(LEGEND_HANDLERS)
    get_named_colors_mapping().update({f"dantinox:{name}": hex_ for name, hex_ in COLORS.items()})
    cycle = matplotlib.style.library["dantinox"]["axes.prop_cycle"].by_key()["color"]
    if "dantinox" not in matplotlib.color_sequences:
        matplotlib.color_sequences.register("dantinox", cycle)


def style_library_paths() -> list[str]:
    """Return matplotlib's own, mutable list of the folders in which it looks for sheets."""
    # Public at the top of matplotlib.style since 3.11, where reading it from .core warns.
    paths: list[str] | None = getattr(matplotlib.style, "USER_LIBRARY_PATHS", None)
    if paths is None:
        from matplotlib.style import core

        paths = core.USER_LIBRARY_PATHS
    return paths


def _register_styles() -> None:
    """Add the sheets to the style library, now and for every later reload of it.

    Reloading the library here would drop the styles of packages that put theirs into it by hand. A
    user's own sheet of the same name comes later in the list of folders, and so wins here too.
    """
    paths = style_library_paths()
    if str(SHEETS) not in paths:
        paths.insert(0, str(SHEETS))
    library = matplotlib.style.library
    for sheet in sorted(SHEETS.glob("*.mplstyle")):
        ours = matplotlib.rc_params_from_file(sheet, use_default_template=False)
        ours.update(library.get(sheet.stem, {}))
        library[sheet.stem] = ours
    matplotlib.style.available[:] = sorted(name for name in library if not name.startswith("_"))
