"""Reads the sentences of the figures back into what they claim.

Written from the grammar of the sentences, as a person reads them who knows the names of the groups
and nothing of the package. A sentence that fits no pattern, or fits two, is an error.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

_NUMBER = r"-?[\d,]+(?:\.\d+)?(?:e[+-]\d+)?"
_COUNT = r"\d[\d,]*"
_UNITS = {"tok/s": 1.0, "k tok/s": 1e3, "M tok/s": 1e6, "G tok/s": 1e9, "T tok/s": 1e12}
# Parts of a sentence that are the name of one group.
_WHO = {"g", "h", "b", "b1", "b2", "b3", "dominator"}
_RATE = rf"{_NUMBER} (?:[kMGT] )?tok/s"


@dataclass(frozen=True)
class Number:
    """A number as it was written, and half a unit of its last digit."""

    text: str
    value: float
    half: float

    def means(self, value: float) -> bool:
        """Tell whether a value is written like this."""
        return abs(value - self.value) <= self.half * (1 + 1e-9) + 1e-12 * abs(value)


def to_number(text: str) -> Number:
    bare = text.replace(",", "")
    mantissa, _, exponent = bare.partition("e")
    decimals = len(mantissa.partition(".")[2])
    half = 0.5 * 10.0 ** (int(exponent or 0) - decimals)
    value = float(bare)
    if not decimals and not exponent:
        # A number of more than three digits may have been rounded to three of them.
        zeros = len(bare) - len(bare.rstrip("0")) if value else 0
        half = 0.5 * 10.0 ** min(zeros, max(len(bare.lstrip("-")) - 3, 0))
    return Number(text, value, half)


@dataclass(frozen=True)
class Share:
    """Groups with a number each; `rest` counts those that were not named."""

    of: Mapping[str, Number]
    rest: int = 0
    rest_sum: int | None = None


@dataclass(frozen=True)
class Places:
    """Values that were told, and how many more were not."""

    told: tuple[Number, ...]
    rest: int = 0


@dataclass(frozen=True)
class Groups:
    """Groups that were named, and how many more were not."""

    named: tuple[str, ...]
    rest: int = 0

    @property
    def size(self) -> int:
        return len(self.named) + self.rest


@dataclass(frozen=True)
class Pareto:
    """What a headline says of the front."""

    n_runs: int | None = None
    total: int | None = None
    # How many runs on the front each of these groups has.
    held: Mapping[str, int] = field(default_factory=dict)
    # These have as many each, and no group has more.
    equal: Groups | None = None
    each: int | None = None
    # Groups beside the first that share the front, unnamed.
    rest: int = 0
    rest_sum: int | None = None
    only_group: str | None = None
    alone: str | None = None
    # None of these has a run on the front.
    off: Groups | None = None
    dominates: str | None = None
    # How many runs each of the named groups has, and who holds more than by chance.
    runs: Mapping[str, int] = field(default_factory=dict)
    beyond_chance: Groups | None = None
    panel: str | None = None
    tested: bool = False


@dataclass(frozen=True)
class Serving:
    """What a headline says of throughput."""

    at_gb: float | None = None
    base: str | None = None
    # Ratios claimed as differences, as equal, as unclear.
    differs: Share | None = None
    same: tuple[Groups, Share] | None = None
    unclear: tuple[Groups, Share] | None = None
    base_is_first: bool = False
    first: str | None = None
    second: str | None = None
    ratio: Number | None = None
    kind: str | None = None
    total: tuple[float, float] | None = None
    # Pairs that cannot be told apart, and the columns that are equal in what is compared.
    not_apart: tuple[tuple[str, str], ...] = ()
    equal: str | None = None
    few: bool = False
    sizes: tuple[str, Number, str] | None = None
    failed: Mapping[str, tuple[int, int]] = field(default_factory=dict)


@dataclass(frozen=True)
class Dial:
    """What a headline says of the dial."""

    group: str
    effect: str
    losses: tuple[Number, ...] = ()
    span: tuple[Number, ...] = ()
    best: Number | None = None
    # Where the cache meets that of each named group, and of how many it does that were not named.
    meets: dict[str, Places] | None = None
    meets_more: int = 0
    below: Groups | None = None
    above: Groups | None = None
    slope: Number | None = None
    explained: int | None = None
    from_to: tuple[Number, Number] | None = None
    nothing_known: str | None = None


def misread(name: str) -> bool:
    """Tell whether a name could be taken for several, or for a number."""
    words = re.split(r"[\s\-]+", name)
    is_number = (word.replace(".", "").isdigit() for word in name.split())
    return bool({"and", "or"} & {*words}) or any(is_number) or any(c in name for c in ",;“”")


class Reader:
    """Reads sentences about groups of these names, and quantities that are called so.

    A name that could be misread in a list is in quotes, which are no part of it.
    """

    def __init__(self, groups: Iterable[str], *, loss: str = "loss", cache: str = "cache") -> None:
        groups = {*groups}
        self.groups = {f"“{g}”": g for g in groups} | {g: g for g in groups if not misread(g)}
        # The longest first, so that a name which begins like another is read whole.
        ordered = sorted(self.groups, key=len, reverse=True)
        self.name = "(?:" + "|".join(map(re.escape, ordered)) + ")"
        self.loss, self.cache = map(re.escape, (loss, cache))
        self.list = rf"{self.name}(?:, {self.name})*(?: and (?:{self.name}|\d+ more))?"
        self.either = rf"{self.name}(?:, {self.name})*(?: or {self.name})?"
        self.ratios = rf"{self.name} {_NUMBER}×(?:, {self.name} {_NUMBER}×)*(?: and \d+ more)?"

    def _match(self, text: str, patterns: Mapping[str, str]) -> tuple[str, dict[str, str]]:
        found = {key: m for key, p in patterns.items() if (m := re.fullmatch(p, text))}
        if len(found) != 1:
            raise AssertionError(f"{len(found)} readings of {text!r}")
        ((key, match),) = found.items()
        got = {k: v for k, v in match.groupdict().items() if v is not None}
        return key, {k: self.groups.get(v, v) if k in _WHO else v for k, v in got.items()}

    def read_groups(self, text: str) -> Groups:
        """Read 'A, B and 2 more'."""
        more = re.search(r" and (\d+) more$", text)
        known = more is not None and text not in self.groups
        rest = int(more[1]) if more and known else 0
        text = text[: more.start()] if more and known else text
        named = re.findall(rf"{self.name}(?=, | and | or |$)", text)
        return Groups(tuple(self.groups[n] for n in named), rest)

    def _rest(self, text: str) -> Groups:
        """Read 'A and B', 'A or B', or 'the other 5 groups'."""
        other = re.fullmatch(r"the other (\d+) groups", text)
        return Groups((), int(other[1])) if other else self.read_groups(text)

    def _ratios(self, text: str) -> Share:
        found = re.findall(rf"({self.name}) ({_NUMBER})×", text)
        of = {self.groups[g]: to_number(r) for g, r in found}
        more = re.search(r" and (\d+) more$", text)
        return Share(of, int(more[1]) if more else 0)

    def pareto(self, headline: str) -> Pareto:
        """Read what is said of the front, of which panel, and of chance."""
        panel = re.match(r"(Dense \+ MoE|All runs|MoE): ", headline)
        headline = headline[panel.end() :] if panel else headline
        verdict = re.search(
            rf"; (?:(?:none|(?P<who>{self.list})) holds? more than (?:its|their) number of runs "
            rf"would give by chance|with {_COUNT} of the {_COUNT} runs that may be chance)"
            r"(?:, at equal (?P<equal>.+))?$",
            headline,
        )
        said = self._front(headline[: verdict.start()] if verdict else headline)
        who = self.read_groups(verdict["who"]) if verdict and verdict["who"] else None
        return replace(
            said, beyond_chance=who, panel=panel[1] if panel else None, tested=verdict is not None
        )

    def _front(self, headline: str) -> Pareto:
        off = (
            rf"(?:; (?:no (?P<off>{self.either}) run is on it"
            rf"|no run of (?P<off_many>the other \d+ groups) is on it"
            rf"|(?P<dominator>{self.name}) dominates every (?:(?P<beaten>{self.list}) run"
            r"|run of (?P<beaten_many>the other \d+ groups))))?"
        )
        share = rf"{self.name} {_COUNT} of {_COUNT}"
        key, got = self._match(
            headline,
            {
                "single": rf"A single (?P<g>{self.name}) run: nothing to compare it with",
                "one group": rf"(?P<k>{_COUNT}) of (?P<n>{_COUNT}) (?P<g>{self.name}) runs "
                r"(?:are|is) Pareto-optimal",
                "alone": rf"(?P<g>{self.name}) alone holds the Pareto front: every "
                rf"(?:(?P<off>{self.list}) run|run of (?P<off_many>the other \d+ groups)) "
                "is dominated",
                "equal": rf"(?P<list>{self.list}) hold (?P<k>{_COUNT}) runs? each on the Pareto "
                rf"front{off}",
                "some equal": rf"(?P<list>{self.list}) hold (?P<k>{_COUNT}) each of the "
                rf"(?P<n>{_COUNT}) runs on the Pareto front{off}",
                "most": rf"(?P<g>{self.name}) has (?P<k>{_COUNT}) of its (?P<n>{_COUNT}) runs? on "
                rf"the Pareto front, (?P<shares>{share}(?:, {share})*"
                rf"(?: and (?:{share}|\d+ more groups {_COUNT}))?){off}",
            },
        )
        k, n = (int(got[c].replace(",", "")) if c in got else None for c in ("k", "n"))
        beaten = next(
            (got[c] for c in ("off", "off_many", "beaten", "beaten_many") if c in got), None
        )
        lost = self._rest(beaten) if beaten else None
        if key == "single":
            return Pareto(n_runs=1, total=1, only_group=got["g"], held={got["g"]: 1})
        if key == "one group":
            assert k is not None
            assert (" is " in headline[-20:]) == (k == 1), f"number of the verb in {headline!r}"
            return Pareto(n_runs=n, total=k, only_group=got["g"], held={got["g"]: k})
        if key == "alone":
            return Pareto(alone=got["g"], off=lost, dominates=got["g"])
        if key in ("equal", "some equal"):
            who = self.read_groups(got["list"])
            total = who.size * (k or 0) if key == "equal" else n
            if key == "equal":
                assert ("runs each" in headline) == (k != 1), f"number of {headline!r}"
            return Pareto(
                total=total, equal=who, each=k, off=lost, dominates=got.get("dominator"),
                held=dict.fromkeys(who.named, k or 0),
            )  # fmt: skip
        assert k is not None
        more = re.search(rf" and (\d+) more groups ({_COUNT})$", got["shares"])
        shares = got["shares"][: more.start()] if more else got["shares"]
        held = {
            self.groups[g]: int(c.replace(",", ""))
            for g, c in re.findall(rf"({self.name}) ({_COUNT}) of", shares)
        }
        runs = {
            self.groups[g]: int(c.replace(",", ""))
            for g, c in re.findall(rf"({self.name}) {_COUNT} of ({_COUNT})", shares)
        }
        return Pareto(
            held={got["g"]: k} | held, off=lost, dominates=got.get("dominator"),
            runs={got["g"]: n} | runs,
            rest=int(more[1]) if more else 0, rest_sum=int(more[2]) if more else 0,
        )  # fmt: skip

    def serving(self, headline: str) -> Serving:
        headline, sizes, failed = self._asides(headline)
        headline, equal = self._without_equal(headline)
        at = rf"(?:equal memory|(?P<at>{_NUMBER}) GB)"
        why = r"(?:within the spread of runs|(?P<few>too few (?:runs|sequences)))"
        pair = rf"{self.name} and {self.name}"
        apart = rf"(?:(?:^|; )(?P<apart>{pair}(?:, nor {pair})*) cannot be told apart)?"
        near = rf"\((?P<r>{_NUMBER})×\)"
        total = rf"(?P<g>{self.name}) serves (?P<rate>{_RATE}) at (?P<gb>{_NUMBER}) GB"
        clear = (
            rf"(?:At {at} (?P<clear>{self.name} serves {_NUMBER}× the tokens of "
            rf"(?P<b>{self.name})(?:, {self.ratios})?)"
            rf"|(?P<b1>{self.name}) serves the most at {at.replace('<at>', '<at1>')}: "
            rf"(?P<less>{self.ratios}) its tokens)"
        )
        same = (
            rf"(?:At {at.replace('<at>', '<at2>')} )?(?P<same>{self.list}) serves? as much as "
            rf"(?P<b2>{self.name}) \((?P<sames>{self.ratios})\)"
        )
        unclear = (
            rf"(?:At {at.replace('<at>', '<at3>')} )?(?P<unclear>{self.list}) "
            rf"cannot be told from (?P<b3>{self.name}) "
            rf"\((?P<unclears>{self.ratios}), {why}\)"
        )
        key, got = self._match(
            headline,
            {
                "nothing": rf"No group serves anything at (?P<gb>{_NUMBER}) GB",
                "one": rf"{total}; there is no other group to compare it with",
                "rest nothing": rf"{total}, the others nothing",
                "pair same": rf"(?P<g>{self.name}) and (?P<h>{self.name}) serve the same at "
                rf"{at} {near}",
                "pair unclear": rf"(?P<g>{self.name}) and (?P<h>{self.name}) cannot be told apart "
                rf"at {at} \((?P<r>{_NUMBER})×, {why}\)",
                "lead": rf"{total}, (?P<r>{_NUMBER})× the tokens of (?P<h>{self.name}), the next",
                "ratios": rf"(?=.)(?:{clear})?{apart}(?:(?:^|; )(?:{same}))?"
                rf"(?:(?:^|; )(?:{unclear}))?",
            },
        )
        gb = next((got[k] for k in ("gb", "at", "at1", "at2", "at3") if k in got), None)
        at_gb = to_number(gb).value if gb else None
        if key != "ratios":
            rate = None
            if "rate" in got:
                value, _, unit = got["rate"].partition(" ")
                number = to_number(value)
                rate = (number.value * _UNITS[unit], number.half * _UNITS[unit])
            return Serving(
                at_gb=at_gb, kind=key, first=got.get("g"), second=got.get("h"), total=rate,
                ratio=to_number(got["r"]) if "r" in got else None, equal=equal,
                few="few" in got, sizes=sizes, failed=failed,
            )  # fmt: skip
        bases = {got[b] for b in ("b", "b1", "b2", "b3") if b in got}
        assert len(bases) == 1, f"baselines {bases} in {headline!r}"
        differs = None
        if "clear" in got:
            # The first ratio stands in words, the others in a list.
            verb = rf"({self.name}) serves ({_NUMBER})× the tokens of {self.name}"
            differs = self._ratios(re.sub(verb, r"\1 \2×", got["clear"]))
        elif "less" in got:
            differs = self._ratios(got["less"])
        return Serving(
            at_gb=at_gb, kind="ratios", base=bases.pop(), differs=differs,
            same=self._both(got, "same"), unclear=self._both(got, "unclear"),
            base_is_first="less" in got, not_apart=self._pairs(got.get("apart", "")),
            equal=equal, few="few" in got, sizes=sizes, failed=failed,
        )  # fmt: skip

    def _pairs(self, text: str) -> tuple[tuple[str, str], ...]:
        found = re.findall(rf"({self.name}) and ({self.name})(?=, nor |$)", text)
        return tuple((self.groups[a], self.groups[b]) for a, b in found)

    def _without_equal(self, headline: str) -> tuple[str, str | None]:
        """Take 'and equal width' off what is said of the memory."""
        found = re.search(
            r"(?:(?<=memory)|(?<= GB)) and equal ((?:\w+ and )*\w+)(?=: | |$)", headline
        )
        if found is None:
            return headline, None
        return headline.replace(found[0], "", 1), found[1]

    def _asides(
        self, headline: str
    ) -> tuple[str, tuple[str, Number, str] | None, dict[str, tuple[int, int]]]:
        """Take off what is said of the sizes of models, and of runs that serve nothing."""
        failed, sizes = {}, None
        some = rf"; ({_COUNT}) of ({_COUNT}) ({self.name}) runs serves? nothing$"
        while found := re.search(some, headline):
            failed[self.groups[found[3]]] = (int(found[1]), int(found[2]))
            headline = headline[: found.start()]
        models = rf"; ({self.name})'s models are ({_NUMBER})× (smaller|larger)$"
        if found := re.search(models, headline):
            sizes = (self.groups[found[1]], to_number(found[2]), found[3])
            headline = headline[: found.start()]
        return headline, sizes, failed

    def _both(self, got: Mapping[str, str], key: str) -> tuple[Groups, Share] | None:
        return (self.read_groups(got[key]), self._ratios(got[f"{key}s"])) if key in got else None

    def dial(self, headline: str) -> Dial:
        g = rf"(?P<g>{self.name})"
        a, b, v, lo, hi = (rf"(?P<{k}>{_NUMBER})" for k in ("a", "b", "v", "lo", "hi"))
        loss = {
            "unknown": rf"{g}'s {self.loss} is not known",
            "one value": rf"{g} has one dial value, {v}",
            "nothing": rf"The dial does nothing to {g}'s {self.loss}: {lo} from {a} to {b}",
            "inside": rf"{g}'s best mean {self.loss} is inside the dial: {lo} at {v}",
            "somewhere inside": rf"{g}'s best mean {self.loss} is inside the dial: "
            rf"between {lo} and {hi}",
            "few": rf"Too few runs to tell what the dial does to {g}'s {self.loss} from {a} to {b}",
            "unclear": rf"No effect of the dial on {g}'s {self.loss} is told from {a} to {b}: "
            rf"up to ±{hi} is possible",
            "ends same": rf"{g}'s {self.loss} is the same at both ends of the dial: "
            rf"{lo} from {a} to {b}",
            "helps": rf"Turning {g}'s dial up helps: {self.loss} {lo} to {hi} from {a} to {b}",
            "hurts": rf"Turning {g}'s dial up hurts: {self.loss} {lo} to {hi} from {a} to {b}",
        }
        places = rf"{_NUMBER}(?:(?:, {_NUMBER})* and {_NUMBER}(?: more values|(?![\d.]| more)))?"
        meet = rf"{self.name}'s at {places}"
        cache = {
            "meets": rf"its {self.cache} meets "
            rf"(?P<meets>{meet}(?:, {meet})*(?: and (?:{meet}|(?P<more>\d+) more groups'))?)",
            "stays": rf"its {self.cache} stays (?:below (?P<below>{self.list}))?(?: and )?"
            rf"(?:above (?P<above>{self.list}))? throughout",
            "linear": rf"its {self.cache} is linear in it, (?P<slope>{_NUMBER}) MB a dimension",
            "constant": rf"its {self.cache} does not change with it",
            "not linear": rf"a line explains (?P<share>\d+)% of its {self.cache}",
            "two": rf"its {self.cache} goes from (?P<c0>{_NUMBER}) to (?P<c1>{_NUMBER}) MB",
            "one": rf"one value tells nothing of the growth of its {self.cache}",
            "none": rf"its {self.cache} is not known",
        }
        key, got = self._match(
            headline,
            {
                f"{one}|{two}": f"{first}; {second}"
                for one, first in loss.items()
                for two, second in cache.items()
            },
        )
        effect, _, shape = key.partition("|")
        meets = None
        if "meets" in got:
            meets = {}
            for one in re.finditer(rf"(?P<g>{self.name})'s at (?P<at>{places})", got["meets"]):
                rest = re.search(r" and (\d+) more values$", one["at"])
                at = one["at"][: rest.start()] if rest else one["at"]
                numbers = tuple(map(to_number, re.findall(_NUMBER, at)))
                meets[self.groups[one["g"]]] = Places(numbers, int(rest[1]) if rest else 0)
        return Dial(
            got["g"],
            effect,
            losses=tuple(to_number(got[k]) for k in ("lo", "hi") if k in got),
            span=tuple(to_number(got[k]) for k in ("a", "b") if k in got),
            best=to_number(got["v"]) if "v" in got else None,
            meets=meets,
            meets_more=int(got.get("more", 0)),
            below=self.read_groups(got["below"]) if "below" in got else None,
            above=self.read_groups(got["above"]) if "above" in got else None,
            slope=to_number(got["slope"])
            if "slope" in got
            else to_number("0")
            if shape == "constant"
            else None,
            explained=int(got["share"]) if "share" in got else None,
            from_to=(to_number(got["c0"]), to_number(got["c1"])) if "c0" in got else None,
            nothing_known=shape if shape in ("one", "none") else None,
        )
