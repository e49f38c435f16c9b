"""The site in a real browser: every page at three widths, and light and dark.

Run with ``pytest -n0 -m browser``; the first time it builds the site, which takes minutes. Each
page is visited once, and the tests ask what was seen there.
"""

import contextlib
import functools
import gzip
import http.server
import importlib.util
import os
import shutil
import subprocess
import sys
import threading
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, NamedTuple, NoReturn
from urllib.parse import unquote, urldefrag

import pytest

from mpl_dantinox import insight_pareto, insight_serving, sample_runs

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[1]
SITE = ROOT / "site"
AXE = "axe-core@4.10.3"
WIDTHS = (1440, 800, 360)
MOST_BYTES = 1_000_000


def unless_in_ci(reason: str) -> NoReturn:
    """Skip, or fail where everything has to run."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def site() -> Path:
    """The site, built; what did not change since the last time is not made again."""
    pytest.importorskip("sphinx_gallery", reason="the extra docs is not installed")
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "docs", "site"]
    subprocess.run(command, cwd=ROOT, check=True)
    return SITE


@pytest.fixture(scope="session")
def pages(site: Path) -> list[str]:
    """The addresses of all pages."""
    found = sorted(page.relative_to(site).as_posix() for page in site.rglob("*.html"))
    # The theme leaves a template there.
    return [name for name in found if not name.startswith("_static/")]


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture(scope="session")
def address(site: Path) -> Iterator[str]:
    """Where the site is served."""
    handler = functools.partial(_Quiet, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture(scope="session")
def axe() -> str:
    """The script of axe-core, from npm, kept in the user's cache."""
    cache = Path(os.environ.get("XDG_CACHE_HOME", "~/.cache")).expanduser() / "mpl-dantinox"
    script = cache / "node_modules" / "axe-core" / "axe.min.js"
    if not script.exists():
        npm = shutil.which("npm")
        if npm is None:
            unless_in_ci("there is no npm to get axe-core")
        cache.mkdir(parents=True, exist_ok=True)
        done = subprocess.run(
            [npm, "install", "--silent", "--no-save", "--prefix", str(cache), AXE], check=False
        )
        if done.returncode:
            unless_in_ci("npm could not get axe-core")
    return script.read_text("utf-8")


@pytest.fixture(scope="session")
def chromium() -> str:
    """Debian's chromium, or another that is on the path."""
    if importlib.util.find_spec("playwright") is None:
        unless_in_ci("playwright is not installed")
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    return found or unless_in_ci("there is no chromium")


@contextlib.contextmanager
def opened(chromium: str) -> Iterator[Any]:
    """A browser of its own; one may be used in the thread alone that opened it."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Any]:
    with opened(chromium) as browser:
        yield browser


class Seen(NamedTuple):
    """What was seen of a page: faults, each with where it was."""

    sideways: list[str]
    said: list[str]
    pictures: list[dict[str, Any]]
    barriers: list[str]
    files: set[str]


PICTURES = """() => [...document.images].map(image => ({
    source: image.currentSrc, alt: image.alt, loaded: image.complete && image.naturalWidth > 0,
}))"""
LOADED = """() => [location.href, ...performance.getEntriesByType("resource").map(r => r.name)]"""
SHOWN = "theme => document.documentElement.dataset.theme == theme"
WIDER = """() => document.documentElement.scrollWidth - window.innerWidth"""
BARRIERS = """async ([context, rules]) => (
        await axe.run(context, {resultTypes: ["violations"], preload: false, ...rules})
    ).violations
    .filter(one => ["serious", "critical"].includes(one.impact))
    .map(one => one.id + ": " + one.nodes.map(node => node.html.slice(0, 120)).join(" | "))"""
# What axe looks at in each theme, and with which rules. Of a theme only the colours differ, and
# the first rows of a table have them all.
WHOLE = {"include": ["html"], "exclude": []}
FIRST_ROWS = {"include": ["html"], "exclude": ["tbody > tr:nth-child(n+4)"]}
EVERYTHING = {"light": (WHOLE, {}), "dark": (FIRST_ROWS, {"runOnly": ["color-contrast"]})}
# Where pages have the same parts around what they say, a phone adds what does not fit in.
REGIONS = {"light": (FIRST_ROWS, {"runOnly": ["scrollable-region-focusable"]})}


def visited(tab: Any, page: str, stands_for_others: bool) -> Seen:
    """Load a page as on a desk and as on a phone, and look at it."""
    seen = Seen([], [], [], [], set())
    listeners = {
        "console": lambda said: seen.said.append(said.text) if said.type == "error" else None,
        "pageerror": lambda error: seen.said.append(str(error)),
    }
    for event, listener in listeners.items():
        tab.on(event, listener)
    # Between both a page has the parts of the one or of the other.
    looks = (EVERYTHING, {}, EVERYTHING if stands_for_others else REGIONS)
    for width, look in zip(WIDTHS, looks, strict=True):
        tab.set_viewport_size({"width": width, "height": 900})
        if look:
            tab.goto(page, wait_until="load")
            # Colours on their way from one theme to the other are no one's.
            tab.add_style_tag(content="* { transition: none !important; }")
            seen.pictures.extend(tab.evaluate(PICTURES))
            seen.files.update(tab.evaluate(LOADED))
        if tab.evaluate(WIDER) > 0:
            seen.sideways.append(f"{page} at {width} px")
        for theme, rules in look.items():
            tab.emulate_media(color_scheme=theme)
            tab.wait_for_function(SHOWN, arg=theme)
            found = tab.evaluate(BARRIERS, rules)
            seen.barriers.extend(f"{page} at {width} px, {theme}: {one}" for one in found)
    for event, listener in listeners.items():
        tab.remove_listener(event, listener)
    return seen


def kind(page: str) -> tuple[str, str]:
    """Return what tells pages with other parts: a folder's, its index, and each at the top."""
    folder, _, name = page.rpartition("/")
    return folder, name if name == "index.html" or not folder else ""


@pytest.fixture(scope="session")
def seen(chromium: str, address: str, pages: list[str], axe: str) -> dict[str, Seen]:
    """All pages, each browser with one tab: what pages have in common is loaded once."""
    first = {kind(name): name for name in reversed(pages)}

    def visit(some: list[str]) -> dict[str, Seen]:
        with opened(chromium) as browser:
            tab = browser.new_page(device_scale_factor=2)
            tab.add_init_script(axe)
            return {name: visited(tab, address + name, first[kind(name)] == name) for name in some}

    with ThreadPoolExecutor() as pool:
        one, other = pool.map(visit, (pages[::2], pages[1::2]))
    return one | other


def test_no_page_scrolls_sideways(seen: dict[str, Seen]) -> None:
    assert not [place for one in seen.values() for place in one.sideways]


def test_no_page_complains(seen: dict[str, Seen]) -> None:
    assert not {name: one.said for name, one in seen.items() if one.said}


def test_every_picture_is_loaded_and_told_in_words(seen: dict[str, Seen]) -> None:
    assert not [
        (name, picture)
        for name, one in seen.items()
        for picture in one.pictures
        if not (picture["loaded"] and picture["alt"].strip())
    ]


def test_axe_finds_nothing_serious(seen: dict[str, Seen]) -> None:
    assert not [barrier for one in seen.values() for barrier in one.barriers]


def test_nothing_comes_from_elsewhere(seen: dict[str, Seen], address: str) -> None:
    assert not {
        (name, file)
        for name, one in seen.items()
        for file in one.files
        if not file.startswith((address, "data:"))
    }


def test_no_page_is_heavy(seen: dict[str, Seen], address: str, site: Path) -> None:
    weights = {
        name: sum(transferred(site, file.removeprefix(address)) for file in one.files)
        for name, one in seen.items()
    }
    assert {name: weight for name, weight in weights.items() if weight > MOST_BYTES} == {}


@functools.cache
def transferred(site: Path, address: str) -> int:
    """Return the bytes of a file as servers send it: what is text is compressed."""
    file = site / unquote(urldefrag(address.partition("?")[0])[0])
    if not file.is_file():
        return 0
    packed = file.suffix in (".html", ".css", ".js", ".svg")
    return len(gzip.compress(file.read_bytes())) if packed else file.stat().st_size


@pytest.mark.parametrize(
    ("name", "insight"),
    [("attention_front", insight_pareto), ("serving_budget", insight_serving)],
)
def test_a_figure_has_the_alt_text_that_is_its_own(
    name: str, insight: Any, seen: dict[str, Seen]
) -> None:
    told = {
        picture["alt"]
        for picture in seen[f"gallery/insights/{name}.html"].pictures
        if f"sphx_glr_{name}_001" in picture["source"]
    }
    assert told == {insight(sample_runs()).alt_text}


def test_code_is_copied_without_prompts(browser: Any, address: str) -> None:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    tab = context.new_page()
    tab.goto(address + "start.html")
    for number, begins in (
        (1, "mpl-dantinox plot"),
        (2, "from mpl_dantinox import insight_serving"),
    ):
        block = tab.locator("div.highlight").nth(number)
        block.hover()
        block.locator("button.copybtn").click()
        tab.wait_for_timeout(100)
        copied = tab.evaluate("navigator.clipboard.readText()")
        assert copied.startswith(begins)
        assert "$ " not in copied
    context.close()


def test_search_finds_an_artist(browser: Any, address: str) -> None:
    tab = browser.new_page()
    tab.goto(address + "search.html?q=ParetoStep")
    results = tab.locator("#search-results li a")
    results.first.wait_for()
    found = [results.nth(k).get_attribute("href") for k in range(results.count())]
    assert any("reference/artists/ParetoStep.html" in link for link in found)


@pytest.mark.parametrize(
    "module",
    ["", ".artists", ".axes", ".insights", ".roofline", ".testing", ".testing.fixtures", ".ticks"],
)
def test_every_public_name_is_in_the_reference(module: str, site: Path) -> None:
    packed = (site / "objects.inv").read_bytes().split(b"\n", 4)[4]
    entries = zlib.decompress(packed).decode().splitlines()
    documented = {entry.split(" ")[0].rpartition(".")[2] for entry in entries if " py:" in entry}
    public = importlib.import_module(f"mpl_dantinox{module}").__all__
    assert set(public) - documented == set()


class Links(HTMLParser):
    """The links of a page, and the places in it that links may lead to."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.links: list[str] = []
        self.places: set[str] = set()
        self.feed(page.read_text("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.places |= {given[key] or "" for key in ("id", "name") if key in given}
        self.links += [given[key] or "" for key in ("href", "src") if given.get(key)]


def test_internal_links_lead_somewhere(site: Path, pages: list[str]) -> None:
    read = {name: Links(site / name) for name in pages}
    lost = []
    for name, page in read.items():
        for link in page.links:
            if link.partition(":")[0] in ("http", "https", "mailto", "data"):
                continue
            path, place = urldefrag(unquote(link.partition("?")[0] if "?" in link else link))
            file = (site / name).parent / path if path else site / name
            if not file.resolve().is_file():
                lost.append(f"{name}: {link}")
            elif place and file.suffix == ".html":
                to = read[file.resolve().relative_to(site.resolve()).as_posix()]
                if place not in to.places:
                    lost.append(f"{name}: {link}")
    assert lost == []
