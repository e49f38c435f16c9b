"""Formulas as MathML, which browsers draw by themselves: no script of anybody else's."""

import re
from typing import Any

from docutils import nodes
from docutils.utils.math.latex2mathml import tex2mathml
from sphinx.application import Sphinx


def mathml(node: nodes.Element, *, as_block: bool) -> str:
    """Return a formula as MathML, whose brackets and bars have the size that they need."""
    return tex2mathml(re.sub(r"\\[bB]ig+[lrm]?\b", "", node.astext()), as_block=as_block)


def inline(translator: Any, node: nodes.Element) -> None:
    """Write a formula within a line."""
    translator.body.append(mathml(node, as_block=False))
    raise nodes.SkipNode


def block(translator: Any, node: nodes.Element) -> None:
    """Write a formula of its own, which scrolls where the page is narrow."""
    formula = mathml(node, as_block=True)
    translator.body.append(f'<div class="formula" tabindex="0">{formula}</div>')
    raise nodes.SkipNode


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the renderer."""
    app.add_html_math_renderer("mathml", (inline, None), (block, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
