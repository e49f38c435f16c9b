"""Units of what is measured: told from a text, or from the name of a column.

A letter can mean two things, such as the B of bytes and of billions; then all that it can mean is
returned, and whoever knows more decides.
"""

import math
import re
from collections.abc import Collection, Iterator
from typing import NamedTuple

from mpl_dantinox.nearest import Catalogue

__all__ = [
    "NUMBER", "UNITS", "Unit", "parse_unit", "unit_named", "units_beside", "units_in_name",
    "without_unit",
]  # fmt: skip


class Unit(NamedTuple):
    """A unit: how it is written after a number, what it measures, and how large it is.

    Kinds are memory, time, count, compute, speed (tokens/s), rate (of all else), power, energy,
    money, share and mass; the size is in bytes, seconds, ones, FLOPs, watts, joules or grams.
    """

    symbol: str
    kind: str
    size: float = 1.0

    def beside(self, text: str) -> str:
        """Return a number in words with the unit beside it."""
        if self.kind == "money":
            return f"{self.symbol}{text}"
        is_power = self.symbol.startswith("10^")
        between = " × " if is_power else "" if self.symbol in ("", "%") else " "
        return f"{text}{between}{self.symbol}"

    @property
    def name(self) -> str:
        """Its symbol, or a word where the symbol could mean something else."""
        words = _NUMBERED if self.kind == "count" else {"B": "bytes"}
        return words.get(self.symbol, self.symbol)


def _family(kind: str, symbols: str, factor: float, first: float = 1.0) -> tuple[Unit, ...]:
    return tuple(Unit(s, kind, first * factor**n) for n, s in enumerate(symbols.split()))


_BYTES = _family("memory", "B kB MB GB TB PB", 1000)
_BINARY = _family("memory", "KiB MiB GiB TiB", 1024, 1024)
_COUNTS = (Unit("", "count"), *_family("count", "K M B T", 1000, 1000))
_SECONDS = _family("time", "ns µs ms s", 1000, 1e-9)
_JOULES = _family("energy", "mJ J kJ MJ", 1000, 1e-3)
_WATT_HOURS = _family("energy", "Wh kWh MWh", 1000, 3600)
_WATTS = _family("power", "mW W kW MW", 1000, 1e-3)
_GRAMS = _family("mass", "g kg t", 1000)
_NUMBERED = {"K": "thousands", "M": "millions", "B": "billions", "T": "trillions"}
_FLOPS = Unit("FLOPs", "compute")
_MINUTES = Unit("min", "time", 60)
_SPEEDS = {
    letter.lower(): Unit(f"{letter} tok/s".strip(), "speed", 1000.0**n)
    for n, letter in enumerate(["", *"kMG"])
}
#: The unit of bare numbers.
NUMBER = Unit("", "number")

#: The number of bytes in each unit of memory.
UNITS: Catalogue[int] = Catalogue(
    "unit",
    {"B": 1, "kB": 1000, "KB": 1000} | {u.symbol: int(u.size) for u in (*_BYTES[2:-1], *_BINARY)},
    forgiving=False,
)

# Spellings besides the symbols, in lower case.
_SPELT = {
    "byte bytes": _BYTES[0], "kilobytes": _BYTES[1], "megabytes": _BYTES[2],
    "gigabytes": _BYTES[3], "k thousand thousands": _COUNTS[1],
    "million millions mio": _COUNTS[2], "billion billions bn": _COUNTS[3],
    "t trillion trillions": _COUNTS[4], "params parameters tokens": _COUNTS[0],
    "us usec microseconds": _SECONDS[1], "msec msecs milliseconds": _SECONDS[2],
    "sec secs second seconds": _SECONDS[3], "min mins minute minutes": _MINUTES,
    "h hr hrs hour hours": Unit("h", "time", 3600), "d day days": Unit("d", "time", 86400),
    "watt watts": _WATTS[1], "milliwatt milliwatts": _WATTS[0], "joule joules": _JOULES[1],
    "flop flops": _FLOPS, "tps tok_s": _SPEEDS[""],
    "$ usd dollar dollars": Unit("$", "money"), "€ eur euro euros": Unit("€", "money"),
    "£ gbp": Unit("£", "money"), "% percent pct": Unit("%", "share"),
} | {
    f"{letter}flop {letter}flops": Unit(f"{letter.upper()}FLOPs", "compute", 1000.0**n)
    for n, letter in enumerate("mgtpezy", 2)
}  # fmt: skip
_WORDS = {word: (unit,) for words, unit in _SPELT.items() for word in words.split()}
_SYMBOLS = {
    unit.symbol: (unit,)
    for unit in (*_BYTES, *_BINARY, *_COUNTS, *_SECONDS, *_JOULES, *_WATT_HOURS, *_WATTS, *_GRAMS)
}
# As they are written. G is that of sizes of memory, 24G, and t no ton; B, m and TFLOPS mean one
# of two things, of which TFLOPs is the second.
_EXACT: dict[str, tuple[Unit, ...]] = {s: u for s, u in _SYMBOLS.items() if s not in ("", "t")} | {
    "B": (_BYTES[0], _COUNTS[3]), "m": (_MINUTES, _COUNTS[2]), "KB": (_BYTES[1],),
    "G": (_BYTES[3],), "1": (NUMBER,),
} | {
    f"{letter}FLOPS": (Unit(f"{letter}FLOP/s", "rate"), *_WORDS[f"{letter}flops".lower()])
    for letter in "MGTP"
}  # fmt: skip
# What is tried last; of mW and MW, of ms and Ms, and of g and G, the first.
_LOWER = {key.lower(): units for key, units in reversed(_EXACT.items())}

# A multiple by itself: 1E21, 10^21, ×10^6, or a letter, as in FLOPs (P). The patterns are not
# compiled here, for many an import of the package needs none of them.
_POWER = r"(?i:[x×]?\s*(?:1e\+?|10\s*(?:\^|\*\*)\s*)(\d{1,2})\s*(.*))"
_LETTERS = {letter: 1000.0**n for n, letter in enumerate("KMGTPEZ", 1)}
_PER_SECOND = r"(?i:(.+?)(?:\s*/\s*|[ _]per[ _])(?:s|sec|second)s?)"
# Also of one kind, output tokens/s.
_TOKENS = r"(?i:(?:.*?\W)??(?:([kmg])\s*)?(?:tok|tokens?)|t)"
# By what a unit is divided besides: ms/token, $ per 1M tokens.
_BY = r"\s*/\s*|\s+per\s+"
# What is done in a second, in a name: decode_tok_s, throughput_req_per_s, k tok/s.
_DONE = r"(?:\b|_)((?:[kmg] ?)?(?:tok|tokens?)|req|requests?|queries|samples?|images?)"
_RATE = rf"(?i:{_DONE}(?:[ _/·]|[ _]per[ _])(?:s|sec|secs|seconds?)(?![a-z])|\b(t)/s(?![a-z]))"
# What is behind the last space of a name, with the stroke in it: Prefill t/s.
_OVER = r"\S+\s*/.*"
# Millions of parameters, K tokens.
_COUNTED = r"(?i:(\w+)[ _](?:params?|parameters?|tokens?))"
# A name that ends in what may be a unit: in brackets, after a comma, or as the last word.
_ENDS = (
    r"(.*\S)\s*[(\[]([^()\[\]]*)[)\]][\s↓↑⬇⬆\ufe0f]*",
    r"(.+), (\S+)",
    r"(.*[^\W_])[\W_]+(\w+)",
)
# What words of a name say of a letter beside them.
_HINTS = {
    "compute": {"flop", "flops", "compute"},
    "time": {"time", "latency", "duration", "runtime", "elapsed", "wall"},
    "count": {"param", "params", "parameter", "parameters", "token", "tokens", "model", "data"},
    "memory": {"memory", "mem", "vram", "ram", "cache", "kv", "disk", "file", "weights", "bytes"},
}


def unit_named(name: str) -> Unit:
    """Return the unit that has a name, or that of bare numbers, whose name is empty."""
    return parse_unit(name)[0] if name else NUMBER


def parse_unit(text: str) -> tuple[Unit, ...]:
    """Return what units a text can stand for: none, one, or both of two.

    >>> [unit.symbol for unit in parse_unit("GiB")], [unit.kind for unit in parse_unit("B")]
    (['GiB'], ['memory', 'count'])
    >>> parse_unit("10^21 FLOPs")[0].size, parse_unit("tokens/s")[0].symbol, parse_unit("pages")
    (1e+21, 'tok/s', ())
    """
    return _undivided(text) or next((found for found, _ in _divided(text)), ())


def _divided(text: str) -> Iterator[tuple[tuple[Unit, ...], str]]:
    """Yield the units that a text begins with, and by what they are divided; the longest first."""
    for by in reversed([*re.finditer(_BY, text)]):
        if found := _undivided(text[: by.start()]):
            yield found, text[by.end() :]


def _undivided(text: str) -> tuple[Unit, ...]:
    text = text.strip().rstrip(".").replace("(s)", "s")
    lower = text.lower()
    if found := _EXACT.get(text) or _WORDS.get(lower) or _LOWER.get(lower):
        return found
    if power := re.fullmatch(_POWER, text):
        whats = parse_unit(power[2]) if power[2] else (_COUNTS[0],)
        return tuple(_multiple(unit, 10.0 ** int(power[1])) for unit in whats)
    if rate := re.fullmatch(_PER_SECOND, text):
        what = rate[1].strip()
        tokens = re.fullmatch(_TOKENS, what)
        return (_SPEEDS[(tokens[1] or "").lower()] if tokens else Unit(f"{what}/s", "rate"),)
    counted = re.fullmatch(_COUNTED, text)
    if counted and (found := tuple(u for u in parse_unit(counted[1]) if u.kind == "count")):
        return found
    return ()


def _multiple(unit: Unit, size: float) -> Unit:
    """Return so many of a unit as a unit; of plain numbers, by the usual letter."""
    for known in _COUNTS:
        if unit.kind == "count" and known.size == unit.size * size:
            return known
    exponent = round(math.log10(size))
    return Unit(f"10^{exponent} {unit.symbol}".strip(), unit.kind, unit.size * size)


def units_in_name(name: str, kinds: Collection[str] | None = None) -> tuple[Unit, ...]:
    """Return what units of some kinds the name of a column can say: none, one, or both of two.

    >>> [units_in_name(name)[0].symbol for name in ("vram_gb", "Latency (s)", "ttft_ms")]
    ['GB', 's', 'ms']
    >>> [unit.kind for unit in units_in_name("Size (B)")]
    ['memory', 'count']
    """
    for found in _readings(name):
        # The 1 of pass@1 and ROUGE-1 is no unit.
        told = (unit for unit in found if unit.kind != NUMBER.kind)
        wanted = tuple(unit for unit in told if kinds is None or unit.kind in kinds)
        if wanted:
            return wanted
    return ()


def without_unit(name: str) -> str:
    """Return the name of a column without the unit that it ends in.

    >>> [without_unit(name) for name in ("KV cache (GB)", "ttft_ms", "tokens_per_s", "val_loss")]
    ['KV cache', 'ttft', 'tokens_per_s', 'val_loss']
    >>> without_unit("Price ($/M tokens)"), without_unit("Training (GPU hours)")
    ('Price per M tokens', 'Training (GPU hours)')
    """
    found = units_in_name(name)
    # A word that says what is counted is no unit beside it.
    for pattern in _ENDS if found and found[0].symbol else ():
        if match := re.fullmatch(pattern, name):
            divided = [by for units, by in _divided(match[2]) if units == found]
            if pattern != _ENDS[-1] and divided:
                return f"{match[1]} per {divided[0]}"
            is_word = pattern == _ENDS[-1] and found[0].symbol == "FLOPs"
            is_unit = _with_hints(match[2], _hinted(name)) == found
            return match[1] if is_unit and not is_word else name
    return name


def units_beside(text: str, name: str, unit: Unit | None = None) -> tuple[Unit, ...]:
    """Return what a text beside numbers can stand for in a column of this name, and of this unit.

    >>> [[unit.symbol for unit in units_beside("m", name)] for name in ("Time", "Params", "x")]
    [['min'], ['M'], ['min', 'M']]
    >>> units_beside("M", "GPU hours", parse_unit("h")[0])[0].size / 3600
    1000000.0
    """
    found = _with_hints(text, _hinted(name))
    if unit is None:
        return found
    # Millions of hours; but what a letter adds to MB is none.
    scales = unit.kind not in ("memory", "count") and unit.symbol[:1] not in {"k", *_LETTERS}
    scaled = (Unit(text, unit.kind, one.size * unit.size) for one in found if one.kind == "count")
    return tuple(one for one in found if one.kind == unit.kind) or tuple(scaled) * scales


def _hinted(name: str) -> list[str]:
    words = {word.lower() for word in re.findall(r"[A-Za-z]+", name)}
    return [kind for kind, hints in _HINTS.items() if hints & words]


def _readings(name: str) -> Iterator[tuple[Unit, ...]]:
    """Yield what the parts of a name say, the clearest part first."""
    kinds = _hinted(name)

    def told(text: str) -> tuple[Unit, ...]:
        # The T of SeqLen (T) is tokens, or time.
        is_bare = text.strip() in ("T", "t") and not {"count", "compute"}.intersection(kinds)
        return () if is_bare else _with_hints(text, kinds)

    for inner in reversed(re.findall(r"[(\[]([^)\]]*)[)\]]", name)):
        yield told(inner)
    if rate := re.search(_RATE, name):
        yield parse_unit(f"{rate[1] or rate[2]}/s")
    if over := re.search(_OVER, name):
        yield parse_unit(over[0])
    if ", " in name:
        yield told(name.split(", ")[-1])
    # In brackets, what is behind a stroke is no unit: bits/byte.
    plainly = re.sub(r"[(\[][^()\[\]]*/[^()\[\]]*[)\]]", " ", name)
    parts = [part for part in re.split(r"[^A-Za-z0-9µ%$€£]+", plainly) if part]
    lowered = [part.lower() for part in parts]
    is_ratio = "per" in lowered
    parts = parts[: lowered.index("per")] if is_ratio else parts
    plain = []
    for place, part in enumerate(reversed(parts)):
        # A letter tells only at the end, and min is mostly the smallest.
        if part.lower() == "min" or (len(part) == 1 and (place > 0 or len(parts) == 1)):
            continue
        camel = re.search(r"(?<=[a-z])(?:[KMGT]i?B|Ms|Sec|Seconds|Bytes)$", part)
        found = told(camel[0] if camel else part)
        if {unit.symbol for unit in found} <= {"", "FLOPs"}:
            plain.append(found)
        else:
            yield found
    # What is counted, params, says less than in what, params_millions; per another it is neither.
    yield from plain if not is_ratio else ()


def _with_hints(text: str, kinds: Collection[str]) -> tuple[Unit, ...]:
    """Return what a text can stand for in a name whose words hint at kinds of units."""
    power = re.fullmatch(_POWER, text)
    size = 10.0 ** int(power[1]) if power else _LETTERS.get(text.strip())
    if "compute" in kinds and size:
        return (_multiple(_FLOPS, size),)
    found = parse_unit(text)
    return tuple(unit for unit in found if unit.kind in kinds) or found
