"""Blocks of pages that are run when the site is built, and shown with what they make.

``{run}`` is Python, ``{console}`` are commands, and ``{made} FILE`` is a picture that a command of
the page has written.
"""

import io
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
from docutils import nodes
from docutils.parsers.rst import directives
from execution import Session, commands
from pictures import DPI, alt_text, lighter
from PIL import Image
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective


class _Running(SphinxDirective):
    has_content = True

    @property
    def session(self) -> Session:
        """The session of this page."""
        session: Session = self.env.temp_data.setdefault("session", Session())
        return session

    def _picture(self, png: bytes, inches: float, alt: str) -> nodes.Node:
        number = self.env.temp_data["pictures"] = self.env.temp_data.get("pictures", 0) + 1
        file = Path(
            self.env.srcdir, "generated", self.env.docname.replace("/", "-") + f"-{number}.png"
        )
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(lighter(png))
        width = str(round(inches * DPI))
        return nodes.image(uri=f"/generated/{file.name}", alt=alt, width=width, classes=["shown"])

    def _text(self, text: str, language: str) -> nodes.Node:
        return nodes.literal_block(text, text.rstrip("\n"), language=language)

    def _output(self, text: str) -> nodes.Node:
        return nodes.container("", self._text(text, "text"), classes=["output"])


class Run(_Running):
    """Python that is shown with what it prints and draws; with ``:words:`` only what it prints."""

    option_spec = {"words": directives.flag}  # noqa: RUF012

    def run(self) -> list[nodes.Node]:
        """Return the block, its output and its figures."""
        code = "\n".join(self.content)
        said, figures = self.session.python(code)
        shown = [self._text(code, "python")]
        if said:
            shown.append(self._output(said))
        for figure in figures if "words" not in self.options else ():
            png = io.BytesIO()
            figure.savefig(png, dpi=2 * DPI)
            alt = alt_text(figure, self.session.names.values())
            shown.append(self._picture(png.getvalue(), figure.get_figwidth(), alt))
        plt.close("all")
        return shown


class Console(_Running):
    """Commands that are shown with what they print, at most so many ``:lines:`` of it."""

    option_spec = {"lines": directives.nonnegative_int, "status": directives.nonnegative_int}  # noqa: RUF012

    def run(self) -> list[nodes.Node]:
        """Return the commands with their output."""
        told = []
        for shown in commands("\n".join(self.content) + "\n"):
            command = shown.replace("\\\n", " ")
            said, status = self.session.command(command)
            if status != self.options.get("status", 0):
                raise self.error(f"{command}: status {status}\n{said}")
            lines = said.splitlines()
            most = self.options.get("lines", len(lines))
            told += [f"$ {shown}", *lines[:most], *(["…"] if len(lines) > most > 0 else [])]
        return [self._text("\n".join(told), "console")]


class Made(_Running):
    """A picture that a command of the page has written, with the alternative text in it."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the picture."""
        file = self.session.folder / self.arguments[0]
        with Image.open(file) as image:
            alt, inches = image.text["Description"], image.width / image.info["dpi"][0]
        return [self._picture(file.read_bytes(), inches, alt)]


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directives."""
    app.add_directive("run", Run)
    app.add_directive("console", Console)
    app.add_directive("made", Made)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
