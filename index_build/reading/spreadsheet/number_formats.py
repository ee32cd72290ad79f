"""Numbers and dates of a spreadsheet as its cells show them."""

from __future__ import annotations

import datetime
import re
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

Value = int | float | str | bool | datetime.time | datetime.date | datetime.datetime | datetime.timedelta

# The formats that a file names by number only (ECMA-376, 18.8.30). Those of dates come as dates.
BUILT_IN = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 37: "#,##0;-#,##0", 38: "#,##0;-#,##0",
    39: "#,##0.00;-#,##0.00", 40: "#,##0.00;-#,##0.00", 41: "#,##0;-#,##0;-", 42: "₩#,##0;-₩#,##0;₩-",
    43: "#,##0.00;-#,##0.00;-", 44: "₩#,##0.00;-₩#,##0.00;₩-", 49: "@",
}  # fmt: skip
# Quoted words, escaped signs, skips (_x), fills (*x), currencies and colours ([$₩-412], [Red]), digits, or one sign.
_TOKEN = re.compile(
    r'(?P<general>General)|"(?P<words>[^"]*)"|\\(?P<sign>.)|[_*].|\[(?P<inside>[^\]]*)\]|(?P<digits>[0#?][0#?,.]*)|(?P<other>.)'
)
_UNKNOWN = re.compile(r"[eE][+-]|[0#?]\s*/|\[[<>=]")
_SECTION_END = re.compile(r';(?=(?:[^"]*"[^"]*")*[^"]*$)')


def shown(value: Value, form: str = "General") -> str:
    """A cell's value as it is shown in the number format `form`: dates in ISO form, whole numbers without `.0`.

    Formats with conditions, fractions, powers of ten or several groups of digits, which policy tables do not use, are taken for General.
    """
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return _number(Decimal(repr(value)), form)
    if isinstance(value, datetime.datetime | datetime.date):
        return _date(value, form)
    if isinstance(value, datetime.timedelta):
        minutes = round(value.total_seconds() / 60)
        return f"{minutes // 60}:{minutes % 60:02}"
    return value.isoformat("minutes") if isinstance(value, datetime.time) else _text(value, form)


def _text(value: str, form: str) -> str:
    """The fourth section of a format is that of texts; an empty one hides them."""
    sections = _split(form)
    return "" if len(sections) == 4 and not sections[3] else value


def _date(value: datetime.datetime | datetime.date, form: str) -> str:
    """ISO, only as fine as the format: `2026` where it names no month."""
    letters = re.sub(r'"[^"]*"|\[[^\]]*\]|\\.', "", form).lower()
    if "y" in letters and "d" not in letters and "h" not in letters:
        return f"{value:%Y-%m}" if "m" in letters else f"{value:%Y}"
    if isinstance(value, datetime.datetime) and (value.hour or value.minute or value.second):
        return value.strftime("%Y-%m-%d %H:%M")
    return value.strftime("%Y-%m-%d")


def _number(value: Decimal, form: str) -> str:
    sections = _split(form)
    if not value.is_finite() or _UNKNOWN.search(form) or form in ("General", "@", ""):
        return _general(value)
    place = 1 if value < 0 else 2 if value == 0 else 0
    if place < len(sections):
        return _written(value.copy_abs() if place == 1 else value, sections[place])
    text = _written(abs(value), sections[0])
    return f"-{text}" if value < 0 and re.search("[1-9]", text) else text


@lru_cache
def _split(form: str) -> tuple[str, ...]:
    """The sections of a format: for positive numbers, negative ones, zero, and texts."""
    return tuple(_SECTION_END.split(form))


def _general(value: Decimal) -> str:
    """At most ten decimals, as Excel shows them, without the noise of binary fractions."""
    if not value.is_finite():
        return str(value)
    text = f"{round(value, 10):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _written(value: Decimal, section: str) -> str:
    """A number without its sign in one section of a format."""
    value *= 100 ** re.sub(r'"[^"]*"|\\.', "", section).count("%")
    parts: list[str] = []
    tokens = list(_TOKEN.finditer(section))
    if sum(bool(token["digits"]) for token in tokens) > 1:
        return _general(value)
    for token in tokens:
        if token["general"]:
            parts.append(_general(value))
        elif token["digits"]:
            parts.append(_digits(value, token["digits"]))
        elif token["inside"]:
            parts += re.findall(r"^\$([^-]*)", token["inside"])
        else:
            parts.append(token["words"] or token["sign"] or token["other"] or "")
    return "".join(parts).strip()


def _digits(value: Decimal, pattern: str) -> str:
    """A number in a pattern of digits such as `#,##0.0#`; a comma at its end means thousands."""
    whole, _, decimals = pattern.partition(".")
    ending = len(pattern) - len(pattern.rstrip(","))
    value /= 1000**ending
    most, least = len(re.findall("[0#?]", decimals)), decimals.count("0")
    value = value.quantize(Decimal(1).scaleb(-most), ROUND_HALF_UP)
    grouped = "," in whole.rstrip(",")
    text, point, rest = f"{value:{',' if grouped else ''}f}".partition(".")
    text = "" if text == "0" and "0" not in whole else text.zfill(0 if grouped else whole.count("0"))
    rest = rest[:least] + rest[least:].rstrip("0")
    return f"{text}{point}{rest}" if rest else text
