"""The bounds that a question sets to a figure: over 60 %, at least 30,000 pyeong, 7 years."""

from __future__ import annotations

import re
from dataclasses import dataclass

UNIT_OF = {
    "left": "m2",
    "area": "m2",
    "sold_area": "m2",
    "sold_share": "%",
    "occupied": "%",
    "firms": "firms",
    "lots": "lots",
    "price": "KRW",
    "cost": "KRW",
    "relief_full": "years",
    "relief_half": "years",
    "relief_total": "years",
}
PLACES_ASKED = re.compile(
    r"어디|어느|어떤|곳|도시|지역|몇|군데|목록|리스트|\bwhich\b|\bwhere\b|how many|\bwhat\b|\blist\b|\bname\b|cities|places|clusters|zones|클러스터(?:는|를|가)?\s*(?:[?？]|알려|보여|찾|있)",
    re.IGNORECASE,
)
_SOLD_OUT = re.compile(
    r"완판|(?:다|모두|전부)\s*(?:팔린|팔렸|분양)|분양이?\s*(?:완료|끝난|끝났)|(?<!not )sold out|(?<!not )(?:fully|completely|entirely) sold",
    re.IGNORECASE,
)
_WORDS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "오": 5, "칠": 7}  # fmt: skip
_NUMBER = (
    r"(?P<n>\d[\d,]*(?:\.\d+)?(?:\s*(?:십만|백만|천만|[억만천백])(?:\s*\d[\d,]*\s*[천백]?(?=\s*[㎡m평제%퍼년곳개]))?|\s*(?:million|thousand|k)\b)?"
    r"|(?<![가-힣])[일이삼사오육칠팔구]?(?:십만|백만|천만|[만천십])|(?<![가-힣])[오칠](?=\s*년)|\b(?:two|three|four|five|six|seven|eight|nine|ten)\b)"
)
_SCALE = {
    "십만": 1e5,
    "백만": 1e6,
    "천만": 1e7,
    "억": 1e8,
    "만": 1e4,
    "천": 1e3,
    "백": 1e2,
    "십": 10.0,
    "million": 1e6,
    "thousand": 1e3,
    "k": 1e3,
}
_UNITS = (
    (
        "m2",
        1.0,
        r"㎡|m²|m2|m\^2|제곱\s?미터|평방\s?미터|sqm|sq\.?\s?m(?:et(?:er|re)s)?(?![a-z])|square\s?met(?:er|re)s?",
    ),
    ("m2", 400 / 121, r"평(?![균방])|pyeong|pyung"),
    ("m2", 1e4, r"헥타르|hectares?|ha(?![a-z])"),
    ("m2", 1e6, r"㎢|km²|km2|square\s?kilomet(?:er|re)s?"),
    ("%", 1.0, r"%|퍼센트|프로|per\s?cent"),
    ("years", 1.0, r"년|years?|yrs?"),
    ("firms", 1.0, r"개사|개\s*(?:업체|기업|회사)|곳|개|(?:tenant\s+)?(?:firms|companies|tenants)"),
)
_BEFORE = (
    ("to", r"최대|많아야|not more than|no more than|at most|up to|not (?:over|above|exceed(?:ing)?)"),
    ("from", r"최소|적어도|at least|no less than|not less than|minimum of|no fewer than"),
    (
        "over",
        r"more than|over|above|greater than|larger than|bigger than|higher than|longer than|exceed(?:s|ing)?",
    ),
    ("under", r"less than|under|below|fewer than|smaller than|lower than|shorter than"),
)
_AFTER = (
    ("to", r"(?:넘지\s*(?:않|못)|못\s*넘|안\s*넘)|이하|or (?:less|fewer|below|under|lower|smaller|shorter)"),
    (
        "under",
        r"(?:채\s*)?(?:안\s*[되된돼]|못\s*[되된돼])|못\s*미치|미치지\s*못|미달|미만|밑|아래|하회|보다\s*(?:더\s*)?(?:적|작|낮|좁|짧)",
    ),
    ("over", r"넘|초과|상회|웃도|보다\s*(?:더\s*)?(?:넓|크|큰|많|높|길|긴)"),
    ("from", r"이상|or (?:more|above|higher|over|larger|longer)|and (?:above|over)|\+"),
    ("is", r"(?:인|짜리)\s*(?:곳|도시|지역|혁신|클러|데)"),
)


def _groups(table: tuple[tuple[str, str], ...], prefix: str) -> str:
    return "|".join(f"(?P<{prefix}_{bound}>{pattern})" for bound, pattern in table)


_QUANTITY = re.compile(
    rf"(?:\b(?:{_groups(_BEFORE, 'b')})\s*)?{_NUMBER}\s*(?P<unit>{'|'.join(pattern for *_, pattern in _UNITS)})?"
    rf"(?:\s*(?:이|가|을|를|은|는|도|에|간|동안|면적)?\s*(?:{_groups(_AFTER, 'a')}))?",
    re.IGNORECASE,
)


# "between 200 and 250 thousand m²", "more than 0.9 but under 1.5 million m²": the unit stands once for both.
_RANGE = re.compile(
    rf"(?P<from>between|more than|over|above|at least)\s+(?P<low>\d[\d,.]*)\s*(?:and|but)\s*(?P<to>under|below|less than|at most)?\s*(?P<high>\d[\d,.]*)"
    rf"\s*(?P<scale>million|thousand|k)?\s*(?P<unit>{'|'.join(pattern for *_, pattern in _UNITS)})",
    re.IGNORECASE,
)


_PYEONG_OF_PRICE = re.compile(r"(?:\bper |\ba )?3\.3\s*(?:㎡|m²|m2)(?:\s*당)?", re.IGNORECASE)


def _both_bounds(match: re.Match[str]) -> str:
    """A range with its unit after both of its ends."""
    low = "at least" if match["from"].lower() == "between" else match["from"]
    unit = f"{match['scale'] or ''} {match['unit']}"
    return f"{low} {match['low']} {unit} and {match['to'] or 'at most'} {match['high']} {unit}"


@dataclass(frozen=True, slots=True)
class Condition:
    """A bound that a value has to keep. `bound`: over, from, under, to or is; areas are in m2."""

    bound: str
    value: float

    def holds(self, value: float) -> bool:
        """Whether a value keeps it."""
        return {
            "over": value > self.value,
            "from": value >= self.value,
            "under": value < self.value,
            "to": value <= self.value,
            "is": value == self.value,
        }[self.bound]


def halves(text: str) -> str:
    """A text with `over half` as a figure."""
    text = re.sub(r"과반(?:수)?(?:을)?(?:\s*이상|\s*넘)?", "50% 초과 ", text)
    text = re.sub(r"절반|(?<![가-힣])반(?=\s*(?:이상|을|도|이\s|에\s))", "50%", text)
    return re.sub(r"\bhalf(?: of)?\b", "50%", text, flags=re.IGNORECASE)


def conditions_on(metric: str, text: str) -> tuple[Condition, ...] | None:
    """The bounds that a text sets to a metric (a key of UNIT_OF); None where it has a quantity that is not one of them."""
    if metric == "sold_share" and _SOLD_OUT.search(text):
        return (Condition("from", 100.0),) if PLACES_ASKED.search(text) else None
    text = _RANGE.sub(_both_bounds, text)
    if metric == "price":
        text = _PYEONG_OF_PRICE.sub(" ", text)
    found = []
    for match in _QUANTITY.finditer(text if UNIT_OF[metric] == "years" else halves(text)):
        condition = _condition(match, UNIT_OF[metric])
        if condition is None:
            return None
        found += [condition] if condition.bound else []
    return tuple(found)


def _condition(match: re.Match[str], unit: str) -> Condition | None:
    """The bound that a quantity sets, an empty one where it sets none; None where it bounds something else."""
    kind, value = _value(match)
    bound = next(
        (name[2:] for name, text in match.groupdict().items() if text and name[1:2] == "_"),
        "",
    )
    nothing = Condition("", 0.0)
    if kind == "years" and (value >= 1900 or unit != "years"):
        return nothing
    if bound and not kind and unit in ("%", "firms") and match["n"][0].isdigit():
        kind = unit
    if kind == unit and (bound or unit == "years"):
        return Condition(bound or "is", value)
    if kind == unit == "%" and value == 100:
        return Condition("from", value)
    if unit == "years":
        return None if bound and kind not in ("m2", "%") else nothing
    return None if bound or kind in ("m2", "%") else nothing


def _value(match: re.Match[str]) -> tuple[str, float]:
    """Unit and value of a quantity, areas in m2; the unit is empty where it has none."""
    value = number(match["n"])
    for kind, factor, pattern in _UNITS:
        if match["unit"] and re.fullmatch(pattern, match["unit"], re.IGNORECASE):
            return kind, value * factor
    return "", value


def number(text: str) -> float:
    """The value of `3만 5천`, `십만`, `1.2 million` or `seven`; 0 where it is none."""
    text = re.sub(r"[\s,]", "", text.lower())
    if text in _WORDS:
        return float(_WORDS[text])
    total = 0.0
    for digits, unit in re.findall(
        r"([\d.]+|[일이삼사오육칠팔구])?(십만|백만|천만|억|만|천|백|십|million|thousand|k)?", text
    ):
        if digits or unit:
            many = float(digits.translate(str.maketrans("일이삼사오육칠팔구", "123456789")) or 1)
            total += many * _SCALE.get(unit, 1.0)
    return total
