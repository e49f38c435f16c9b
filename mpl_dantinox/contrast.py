"""How well a colour can be read on another, and the nearest colour that can.

Relative luminance and contrast ratio as in the Web Content Accessibility Guidelines 2.2, from
1 for equal colours to 21 for black on white; text is read well from 4.5 on.
"""

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.colors import to_rgb
from numpy.typing import NDArray

if TYPE_CHECKING:
    # Slow to import, and of no use to a program that runs.
    from matplotlib.typing import ColorType

__all__ = ["at_contrast", "contrast", "contrast_ratio", "legible"]

_Floats = NDArray[np.float64]


def contrast(first: "ColorType", second: "ColorType") -> float:
    """Return the contrast ratio of two opaque colours.

    Examples
    --------
    >>> contrast("black", "white")
    21.0
    """
    return round(float(contrast_ratio(np.array(to_rgb(first)), np.array(to_rgb(second)))), 6)


def contrast_ratio(first: _Floats, second: _Floats) -> _Floats:
    """Return the contrast ratios of sRGB colours, arrays of shape (..., 3) from 0 to 1."""
    lights = [_luminance(first) + 0.05, _luminance(second) + 0.05]
    return np.asarray(np.maximum(*lights) / np.minimum(*lights))


def _luminance(rgb: _Floats) -> _Floats:
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    return np.asarray(linear @ np.array([0.2126, 0.7152, 0.0722]))


def legible(color: "ColorType", ground: "ColorType", ratio: float = 4.5) -> "ColorType":
    """Return a colour darkened, or on a dark ground lightened, until text in it can be read.

    Examples
    --------
    >>> legible("navy", "white")
    'navy'
    >>> contrast(legible("gold", "white"), "white") >= 4.5
    True
    """
    if contrast(color, ground) >= ratio:
        return color
    end = max(("black", "white"), key=lambda ink: contrast(ink, ground))
    shares = np.linspace(0.05, 1, 20)[:, None]
    mixed = (1 - shares) * to_rgb(color) + shares * to_rgb(end)
    enough = contrast_ratio(mixed, np.array(to_rgb(ground))) >= ratio
    return tuple(mixed[np.argmax(enough) if enough.any() else -1].tolist())


def at_contrast(colors: _Floats, ground: "ColorType", ratio: float | _Floats) -> _Floats:
    """Return colours, an array of shape (..., 3), so pale that their contrast is just *ratio*.

    They are mixed with the ground, in steps of a fortieth, and with black or white where they have
    too little contrast.

    Examples
    --------
    >>> at_contrast(np.array([0.0, 0.0, 0.0]), "white", 3.0).round(2).tolist()
    [0.57, 0.57, 0.57]
    """
    page = np.array(to_rgb(ground))
    ink = np.array(max(((0, 0, 0), (1, 1, 1)), key=lambda end: contrast(end, ground)))
    shares = np.linspace(0, 1, 41).reshape(-1, *[1] * np.ndim(colors))
    mixed = np.concatenate([page + shares * (colors - page), colors + shares * (ink - colors)])
    enough = contrast_ratio(mixed, page) >= np.asarray(ratio)
    first = np.where(enough.any(axis=0), enough.argmax(axis=0), len(mixed) - 1)
    found: _Floats = np.take_along_axis(mixed, first[None, ..., None], axis=0)[0]
    return found
