"""How to write a string so that TeX shows it as it is."""

__all__ = ["escape_tex"]

#: What TeX reads as a command, and how to write it so that it is shown.
_ESCAPES = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        "<": r"\textless{}",
        ">": r"\textgreater{}",
        "|": r"\textbar{}",
        '"': r'\texttt{"}',
        # Two of them in a row would become one sign.
        **{char: f"{{}}{char}{{}}" for char in "-'`"},
        **{char: f"\\{char}" for char in "{}$&#_%"},
    }
)


def escape_tex(text: str) -> str:
    r"""Return TeX code that shows *text* as it is: never as a command, never as math.

    Examples
    --------
    >>> print(escape_tex("a_b costs $5"))
    a\_b costs \$5
    """
    return text.translate(_ESCAPES)
