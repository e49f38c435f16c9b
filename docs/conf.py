"""How the site is built: ``sphinx-build -W docs site``, without a network."""

import os
import sys
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent
sys.path.insert(0, str(HERE / "_ext"))

import mpl_dantinox  # noqa: E402

project = "mpl-dantinox"
author = "The mpl-dantinox developers"
copyright = "the mpl-dantinox developers"
version = release = mpl_dantinox.__version__

extensions = [
    "sphinx.ext.autodoc",
    "matplotlib.sphinxext.roles",
    "myst_parser",
    "numpydoc",
    "sphinx_copybutton",
    "sphinx_design",
    "sphinx_gallery.gen_gallery",
    "declarations",
    "mathml",
    "pictures",
    "properties",
    "running",
]
default_role = "py:obj"
exclude_patterns = ["_ext"]
templates_path = ["_templates"]

# Pages that are written by hand are Markdown; what is in docstrings is reStructuredText.
myst_enable_extensions = ["colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 3

autodoc_default_options = {"members": True, "member-order": "bysource", "exclude-members": "set"}
autodoc_typehints = "none"
toc_object_entries_show_parents = "hide"
numpydoc_show_class_members = False
# What stays out: examples, links and longer texts are not wanted everywhere; the type of a result
# is enough where the summary says the rest; a context manager yields nothing; ruff sees quotes.
numpydoc_validation_checks = {"all", "ES01", "EX01", "SA01", "PR07", "RT03", "YD01", "GL02"}
numpydoc_validation_overrides = {
    # The fields of a dataclass are its attributes.
    "PR01": [r"Attributes\n *---", " are those of"],
    "PR04": [r"As `\w+` takes them"],
    "RT01": ["[Rr]eturn"],
}
# Members are as short as matplotlib's own, whose names they often have: the summary says it all.
numpydoc_validation_exclude = {r"\.[A-Z]\w+\.\w+$", r"\.[A-Z_]+$", r"\.DantinoxAxes$"}

sphinx_gallery_conf = {
    "examples_dirs": "../examples/gallery",
    "gallery_dirs": "gallery",
    "filename_pattern": r"\.py$",
    "within_subsection_order": "pictures.order",
    "image_scrapers": ("pictures.scrape",),
    "image_srcset": ["2x"],
    "thumbnail_size": (400, 300),
    "abort_on_example_error": True,
    "download_all_examples": False,
    "show_memory": False,
    "write_computation_times": False,
    "show_signature": False,
    # That of no script is of interest, and it would differ with each build.
    "min_reported_time": float("inf"),
    "plot_gallery": "True",
}

# Where the site is served, and where its repository is, only those who publish it can say.
html_baseurl = os.environ.get("SITE_ADDRESS", "")
html_context = {"default_mode": "auto"}
html_favicon = "_static/icon.svg"
html_math_renderer = "mathml"
html_theme = "pydata_sphinx_theme"
html_title = "mpl-dantinox"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_js_files = ["site.js"]
html_show_sourcelink = False
html_copy_source = False
# Pages that are alone in their part of the site have nothing beside them to go to.
html_sidebars = {
    "**": ["sidebar-nav-bs"],
    **{page: [] for page in ("index", "start", "changes", "genindex", "py-modindex", "search")},
}
html_theme_options = {
    "navbar_align": "left",
    "navbar_end": ["theme-switcher", "navbar-icon-links"],
    "secondary_sidebar_items": ["page-toc"],
    "footer_start": ["copyright"],
    "footer_end": [],
    "show_prev_next": False,
    "collapse_navigation": True,
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
}
copybutton_prompt_text = r">>> |\.\.\. |\$ "
copybutton_prompt_is_regexp = True
if "GITHUB_REPOSITORY" in os.environ:
    server, repository = os.environ["GITHUB_SERVER_URL"], os.environ["GITHUB_REPOSITORY"]
    html_theme_options["github_url"] = f"{server}/{repository}"
