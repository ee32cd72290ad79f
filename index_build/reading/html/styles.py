"""What the styles within an HTML page hide: CSS rules and `style` attributes, as far as they decide what is seen."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from index_build.reading.cleaning import WHITE, unseen

Declared = Mapping[str, str]

_PROPERTIES = frozenset(
    "background background-color clip clip-path color display font-size height left list-style list-style-type max-height "
    "opacity overflow position right text-indent top transform visibility width".split()
)
_COMMENT = re.compile(r"/\*.*?\*/|<!--|-->", re.DOTALL)
_TAKEN = re.compile(r"@media\s+(?:only\s+)?(?:all|screen)|@supports\b.*|@layer\b.*", re.DOTALL | re.I)
_COLOURS = {
    "white": WHITE, "snow": "FFFAFA", "ivory": "FFFFF0", "ghostwhite": "F8F8FF", "whitesmoke": "F5F5F5", "floralwhite": "FFFAF0",
    "mintcream": "F5FFFA", "azure": "F0FFFF", "aliceblue": "F0F8FF", "black": "000000", "red": "FF0000", "blue": "0000FF",
    "navy": "000080", "green": "008000", "yellow": "FFFF00", "gray": "808080", "grey": "808080", "silver": "C0C0C0",
}  # fmt: skip
_COLOUR = re.compile(r"#[0-9a-f]{3,8}\b|rgba?\([^)]*\)|\b[a-z]+\b")
_LENGTH = re.compile(r"(-?(?:\d+\.?\d*|\.\d+))\s*(px|pt|em|rem|ex|ch|vw|vh|%|cm|mm|in)?")
_PIXELS = {"": 1.0, "pt": 4 / 3, "em": 16.0, "rem": 16.0, "ex": 8.0, "ch": 8.0, "vw": 12.8, "vh": 7.2, "%": 12.8, "cm": 37.8, "mm": 3.78, "in": 96.0}  # fmt: skip
_AWAY = -500  # pixels; what lies so far off the page is not on it
_TINY = 1.0  # pixels


@dataclass(frozen=True, slots=True)
class Look:
    """What text inherits: colours as six hexadecimal digits or "" where unknown, the size of the font in pixels."""

    colour: str = "000000"
    ground: str = WHITE
    size: float = 16.0
    visible: bool = True

    @property
    def seen(self) -> bool:
        """Whether text of this look can be seen."""
        return self.visible and self.size > _TINY and not unseen(self.colour, self.ground)

    def within(self, declared: Declared) -> Look:
        """The look of what stands in an element."""
        look = self
        for property in ("background", "background-color"):
            if property in declared and not _is_clear(declared[property]):
                look = replace(look, ground=_colour(declared[property]))
        if "color" in declared and declared["color"] not in ("inherit", "currentcolor"):
            clear = _is_clear(declared["color"])
            look = replace(look, colour=look.ground if clear else _colour(declared["color"]))
        if "visibility" in declared:
            look = replace(look, visible=declared["visibility"] not in ("hidden", "collapse"))
        return replace(look, size=_font_size(declared.get("font-size", ""), look.size))


def is_gone(declared: Declared) -> bool:
    """Whether an element with all that is in it is off the page: not displayed, transparent, cut to nothing, far outside."""
    if declared.get("display") == "none" or _is_zero(declared.get("opacity", "1")):
        return True
    placed = declared.get("position") in ("absolute", "fixed")
    if placed and any(_pixels(declared.get(side, "")) <= _AWAY for side in ("left", "top", "right")):
        return True
    if _pixels(declared.get("text-indent", "")) <= _AWAY or _is_shrunk(declared.get("transform", "")):
        return True
    if placed and re.match(r"rect\((?:[01](?:px)?[\s,]*){4}\)", declared.get("clip", "")):
        return True
    if re.match(r"inset\((?:50|100)%|circle\(0", declared.get("clip-path", "")):
        return True
    cut = declared.get("overflow", "").startswith(("hidden", "clip"))
    sizes = (declared.get(side, "") for side in ("width", "height", "max-height"))
    return cut and any(0 <= _pixels(size, 100) <= _TINY for size in sizes)


class Styles:
    """The declarations of every element of a page, from its `<style>` elements and from attributes."""

    def __init__(self, page: LexborHTMLParser) -> None:
        self._normal: dict[int, dict[str, str]] = {}
        self._important: dict[int, dict[str, str]] = {}
        for selector, normal, important in _sorted_rules(
            "".join(sheet.text() for sheet in page.css("style"))
        ):
            for node in _matching(page, selector):
                self._normal.setdefault(node.mem_id, {}).update(normal)
                self._important.setdefault(node.mem_id, {}).update(important)

    def of(self, node: LexborNode) -> Declared:
        """What is declared of an element by property, in lower case."""
        attributes, place = node.attributes, node.mem_id
        if not attributes and place not in self._normal and node.tag != "dialog":
            return {}
        normal, important = _declarations(attributes.get("style") or "")
        declared = (
            {"display": "none"}
            if "hidden" in attributes or (node.tag == "dialog" and "open" not in attributes)
            else {}
        )
        for attribute, property in (("bgcolor", "background"), ("color", "color"), ("text", "color")):
            if attributes.get(attribute) and node.tag in ("font", "body", "table", "tr", "td", "th"):
                declared[property] = (attributes[attribute] or "").strip().lower()
        return declared | self._normal.get(place, {}) | normal | self._important.get(place, {}) | important


def _sorted_rules(css: str) -> list[tuple[str, dict[str, str], dict[str, str]]]:
    """(selector, declarations, important ones), those that win last."""
    found = []
    for selectors, body in _rules(_COMMENT.sub("", css)):
        normal, important = _declarations(body)
        if normal or important:
            found += [
                (selector.strip(), normal, important) for selector in re.split(r",(?![^(]*\))", selectors)
            ]
    return sorted(found, key=lambda rule: _specificity(rule[0]))


def _rules(css: str) -> Iterator[tuple[str, str]]:
    """(selectors, declarations); of the blocks that begin with @, only those for every screen."""
    heads: list[str] = []
    for piece, brace in re.findall(r"([^{}]*)([{}])", css):
        if brace == "{":
            heads.append(piece.rpartition(";")[2].strip())
        elif heads and not (head := heads.pop()).startswith("@") and all(map(_TAKEN.fullmatch, heads)):
            yield head, piece


def _declarations(body: str) -> tuple[dict[str, str], dict[str, str]]:
    normal: dict[str, str] = {}
    important: dict[str, str] = {}
    for declaration in body.lower().split(";"):
        property, _, value = (part.strip() for part in declaration.partition(":"))
        if property in _PROPERTIES:
            plain, mark, _ = value.partition("!")
            (important if mark else normal)[property] = plain.strip()
    return normal, important


def _specificity(selector: str) -> tuple[int, int, int]:
    ids = len(re.findall(r"#[\w-]", selector))
    classes = len(re.findall(r"\.[A-Za-z_-]|\[|(?<!:):(?!:|not|is|where)[a-z]", selector))
    return ids, classes, len(re.findall(r"(?:^|[\s>+~(])[A-Za-z]", selector))


def _matching(page: LexborHTMLParser, selector: str) -> list[LexborNode]:
    try:
        return page.css(selector)
    except SelectolaxError:  # `::before` and the like choose nothing that holds text
        return []


def _is_clear(colour: str) -> bool:
    return colour in ("transparent", "none", "inherit", "initial", "unset") or bool(
        re.fullmatch(r"rgba\([^)]*[,/\s]0?\.?0+%?\)|#[0-9a-f]{3}0|#[0-9a-f]{6}00", colour)
    )


def _colour(value: str) -> str:
    """Six hexadecimal digits, or "" for a picture, a gradient, or a colour without a known name."""
    if "url(" in value or "gradient" in value or "var(" in value:
        return ""
    for word in _COLOUR.findall(value):
        if word in _COLOURS:
            return _COLOURS[word]
        if word.startswith("#"):
            digits = word[1:]
            return (digits[:6] if len(digits) >= 6 else "".join(2 * digit for digit in digits[:3])).upper()
        if word.startswith("rgb"):
            numbers = [min(int(float(number)), 255) for number in re.findall(r"\d+(?:\.\d+)?", word)[:3]]
            return "".join(f"{number:02X}" for number in numbers)
    return ""


def _pixels(length: str, missing: float = 0.0) -> float:
    found = _LENGTH.fullmatch(length)
    return float(found[1]) * _PIXELS.get(found[2] or "", 1.0) if found else missing


def _font_size(value: str, around: float) -> float:
    relative = re.fullmatch(r"(\d*\.?\d+)(em|%)", value)
    if relative:
        return around * float(relative[1]) / (100 if relative[2] == "%" else 1)
    return _pixels(value, around)


def _is_zero(value: str) -> bool:
    number = re.fullmatch(r"(\d*\.?\d+)(%?)", value)
    return number is not None and float(number[1]) / (100 if number[2] else 1) < 0.05


def _is_shrunk(transform: str) -> bool:
    moved = re.search(r"translate[xy]?\(([^,)]*)", transform)
    return bool(re.search(r"scale[xy]?\(\s*0(?:\.0+)?\s*[,)]", transform)) or bool(
        moved and _pixels(moved[1].strip()) <= _AWAY
    )
