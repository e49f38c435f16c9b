"""Pictures of the gallery: at twice the pixels, with the figure's own words as alternative text."""

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
from docutils import nodes
from matplotlib.animation import Animation
from matplotlib.figure import Figure
from matplotlib.text import Text
from PIL import Image
from sphinx.application import Sphinx

from mpl_dantinox import Insight

#: Pixels per inch of a page; the second picture has twice as many.
DPI = 100
#: The most pixels of a thumbnail, width and height.
THUMBNAIL = (520, 390)

#: The scripts of the gallery that most authors look for; the others follow by name.
FIRST = (
    "front",
    "higher_is_better",
    "memory_of_bars",
    "line_ends",
    "best_and_callout",
    "device_memory",
    "published_models",
    "serving_budget",
    "attention_front",
    "latent_dial",
    "long_contexts",
    "seaborn_relplot",
    "one_column",
    "three_panels",
    "modifiers",
)


def order(script: str) -> tuple[int, str]:
    """Return the key by which the scripts of a folder are sorted."""
    name = Path(script).stem
    return FIRST.index(name) if name in FIRST else len(FIRST), name


def scrape(block: Any, block_vars: dict[str, Any], gallery_conf: dict[str, Any]) -> str:
    """Save the figures that a block of a script leaves open; return what shows them."""
    shown = []
    names = block_vars["example_globals"]
    for figure in map(plt.figure, plt.get_fignums()):
        picture = Path(next(block_vars["image_path_iterator"]))
        film = picture.with_suffix(".gif")
        for moving in (one for one in names.values() if isinstance(one, Animation)):
            # Before the picture, which then is of its end.
            moving.save(film, writer="pillow", dpi=DPI)
            shown.append(_image(film, film, f"{alt_text(figure, ())} It moves.", gallery_conf))
        twice = picture.with_name(f"{picture.stem}_2_00x.png")
        for path, dpi in ((picture, DPI), (twice, 2 * DPI)):
            figure.savefig(path, dpi=dpi)
            path.write_bytes(lighter(path.read_bytes()))
        for insight in (one for one in names.values() if is_of(one, figure)):
            _save_panel(insight, picture.with_name(f"{picture.stem}_panel.png"))
        shown.append(_image(picture, twice, alt_text(figure, names.values()), gallery_conf))
    plt.close("all")
    return "\n".join(shown)


def _image(picture: Path, twice: Path, alt: str, gallery_conf: dict[str, Any]) -> str:
    one, two = (f"/{p.relative_to(gallery_conf['src_dir']).as_posix()}" for p in (picture, twice))
    return (
        f"\n.. image-sg:: {one}\n   :alt: {alt}\n   :srcset: {one}, {two} 2.00x\n"
        "   :class: sphx-glr-single-img\n"
    )


def _save_panel(insight: Insight, file: Path) -> None:
    """Save the first of two panels side by side, of which a thumbnail would show nothing well."""
    figure, (panel, *others) = insight.figure, insight.axes.values()
    if others:
        box = panel.get_tightbbox().transformed(figure.dpi_scale_trans.inverted())
        figure.savefig(file, dpi=2 * DPI, bbox_inches=box.padded(0.08))


def lighter(png: bytes) -> bytes:
    """Return a picture with 256 colours, more than most figures have, and a third of the bytes."""
    file = io.BytesIO()
    with Image.open(io.BytesIO(png)) as image:
        image.convert("RGB").quantize(256, dither=Image.Dither.NONE).save(
            file, "PNG", optimize=True
        )
    return min(png, file.getvalue(), key=len)


def is_of(one: Any, figure: Figure) -> bool:
    """Return whether this is an insight that is drawn in the figure."""
    return isinstance(one, Insight) and one.figure.canvas.figure is figure


def alt_text(figure: Figure, names: Any) -> str:
    """Return the alternative text of an insight, else all that is written in the figure."""
    for one in names:
        if is_of(one, figure):
            return " ".join(one.alt_text.split())
    said = dict.fromkeys(words(figure))
    return " ".join("; ".join(said).split()) + "."


def words(figure: Figure) -> Iterator[str]:
    """Yield what a reader of a figure reads: titles, axes, keys of legends and labels, no ticks."""
    ticks = {
        label
        for ax in figure.axes
        for axis in (ax.xaxis, ax.yaxis)
        for label in (*axis.get_ticklabels(which="both"), axis.get_offset_text())
    }
    for text in figure.findobj(Text):
        said = text.get_text().strip()
        if said and text.get_visible() and text not in ticks:
            ax = text.axes
            where = (
                [
                    f"{name} axis: "
                    for name, axis in (("x", ax.xaxis), ("y", ax.yaxis))
                    if text is axis.label
                ]
                if ax
                else []
            )
            yield (where[0] if where else "") + said.replace("\n", " ")


def make_thumbnails(app: Sphinx) -> None:
    """Make thumbnails that can be read: larger ones, of insights the first panel alone."""
    for thumbnail in Path(app.srcdir).glob("gallery/*/images/thumb/*.png"):
        name = thumbnail.stem.removesuffix("_thumb")
        script = thumbnail.parents[2] / f"{name.removeprefix('sphx_glr_')}.py"
        chosen = re.search(r"thumbnail_number = (\d+)", script.read_text("utf-8"))
        picture = thumbnail.parents[1] / f"{name}_{int(chosen[1]) if chosen else 1:03}"
        panel = picture.with_name(f"{picture.name}_panel.png")
        with Image.open(panel if panel.exists() else f"{picture}_2_00x.png") as image:
            small = image.convert("RGB")
        small.thumbnail(THUMBNAIL)
        # Half the bytes of the usual way, which also greys thin lines where colours are few.
        small = small.quantize(method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
        small.save(thumbnail, "PNG", optimize=True)


def name_thumbnails(app: Sphinx, doctree: nodes.document) -> None:
    """Give each thumbnail the title of its script in words."""
    for image in doctree.findall(nodes.image):
        if not image.get("alt"):
            title = image.next_node(nodes.raw, descend=False, siblings=False, ascend=True)
            said = re.search(r"thumbnail-title\">(.*?)</div>", title.astext()) if title else None
            image["alt"] = said[1] if said else ""


def setup(app: Sphinx) -> dict[str, Any]:
    """Work on the thumbnails after the gallery has."""
    app.connect("builder-inited", make_thumbnails, priority=900)
    app.connect("doctree-read", name_thumbnails)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
