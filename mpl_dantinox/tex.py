"""How to write a string so that TeX shows it as it is."""

import re

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
        **{char: f"\\{char}" for char in "{}$&#_%"},
    }
)


def escape_tex(text: str) -> str:
    r"""Return TeX code that shows *text* as it is: never as a command, never as math.

    Examples
    --------
    >>> print(escape_tex("a_b -- costs $5"))
    a\_b -{}- costs \$5
    """
    # Two of them in a row would become one sign, and so would a mark before a backtick.
    return re.sub(r"(?<=[-'`,!?])(?=[-'`,])", "{}", text.translate(_ESCAPES))
