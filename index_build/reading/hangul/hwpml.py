"""HWPML, the single XML file of Hangul (.hml): renamed to OWPML, which has the same elements, and read as that."""

from __future__ import annotations

import re
from collections.abc import Iterable

from lxml import etree

from index_build.reading.cleaning import hidden_text
from index_build.reading.document import Reading, UnreadableDocument
from index_build.reading.hangul.owpml import HC, HH, HP, Element, read_tree
from index_build.reading.hangul.reader import disagreement
from index_build.reading.tables import attach_captions, within_limits

# Names in HWPML (한글 문서 파일 형식 3.0, revision 1.2) and in OWPML (KS X 6101), as far as they carry text or how it looks.
_NAMES = {
    HP: {
        "P": "p", "TEXT": "run", "CHAR": "t", "PARALIST": "subList", "TABLE": "tbl", "ROW": "tr", "CELL": "tc",
        "CELLZONE": "cellzone", "CAPTION": "caption", "DRAWTEXT": "drawText", "TEXTART": "textart", "SECDEF": "secPr",
        "EQUATION": "equation", "SCRIPT": "script", "DUTMAL": "dutmal", "MAINTEXT": "mainText", "AUTONUM": "autoNum",
        "AUTONUMFORMAT": "autoNumFormat", "HEADER": "header", "FOOTER": "footer", "FOOTNOTE": "footNote",
        "ENDNOTE": "endNote", "HIDDENCOMMENT": "hiddenComment", "FIELDBEGIN": "fieldBegin", "TAB": "tab",
        "LINEBREAK": "lineBreak", "NBSPACE": "nbSpace", "FWSPACE": "fwSpace",
    },
    HH: {
        "CHARSHAPE": "charPr", "PARASHAPE": "paraPr", "PARABORDER": "border", "STYLE": "style", "NUMBERING": "numbering",
        "PARAHEAD": "paraHead", "BULLET": "bullet", "BORDERFILL": "borderFill",
    },
    HC: {"FILLBRUSH": "fillBrush", "WINDOWBRUSH": "winBrush", "GRADATION": "gradation", "IMAGEBRUSH": "imgBrush"},
}  # fmt: skip
_TAGS = {old: space + new for space, names in _NAMES.items() for old, new in names.items()}
_KEYS = {
    "ParaShape": "paraPrIDRef", "Style": "styleIDRef", "CharShape": "charPrIDRef", "BorderFill": "borderFillIDRef",
    "BorderFillId": "borderFillIDRef", "OutlineShape": "outlineShapeIDRef", "Number": "num",
}  # fmt: skip
_COLOURS = ("TextColor", "ShadeColor", "FaceColor")
_NO_COLOUR = 0xFFFFFFFF
_CONTROLS = ("header", "footer", "footNote", "endNote", "hiddenComment", "fieldBegin", "autoNum")
_DECLARATION = re.compile(rb"<\0?!\0?(?:D\0?O\0?C\0?T\0?Y\0?P\0?E|E\0?N\0?T\0?I\0?T\0?Y)")


def read(data: bytes, name: str) -> Reading:
    """Read HWPML.

    Raises UnreadableDocument: `entities` where a document type is declared, `damaged`.
    """
    if _DECLARATION.search(data):
        raise UnreadableDocument("entities", name, where="HWPML")
    # The size of a text node must not be limited: pictures stand in the file as one.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True, remove_comments=True)
    try:
        root = etree.fromstring(data, parser)
        _rename(root)
        found, hidden = read_tree(root.find("HEAD"), root.findall("BODY/SECTION"))
    except (etree.LxmlError, ValueError, RecursionError) as error:
        raise UnreadableDocument("damaged", name, detail=f"{type(error).__name__}: {error}"[:200]) from error
    blocks, cut = within_limits(attach_captions(found))
    return Reading(blocks, notices=(*hidden_text(hidden), *disagreement(data, found, hidden), *cut))


def _rename(root: Element) -> None:
    """Give a tree of HWPML the names of OWPML, in place."""
    for tail in root.findall("TAIL"):
        root.remove(tail)
    for element in list(root.iter(*_TAGS)):
        element.tag = _TAGS[element.tag]
        attributes = {
            _KEYS.get(key, key[:1].lower() + key[1:]): _value(key, v) for key, v in element.attrib.items()
        }
        element.attrib.clear()
        element.attrib.update(attributes)
    for shape in root.iter(f"{HH}paraPr"):
        _add_heading(shape)
    for cell in root.iter(f"{HP}tc"):
        _add_address(cell)
    for caption in list(root.iterfind(".//SHAPEOBJECT/" + f"{HP}caption")):
        caption.getparent().getparent().append(caption)
    _wrap(list(root.iter(*(HP + name for name in _CONTROLS))))


def _value(key: str, value: str) -> str:
    """A value as OWPML writes it: `HangulSyllable` as `HANGUL_SYLLABLE`, `true` as `1`, 255 as `#0000FF`."""
    if key in _COLOURS and value.isdecimal():
        return "none" if int(value) >= _NO_COLOUR else f"#{int(value):06X}"
    if key in ("NumFormat", "HeadingType"):
        return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", value).upper()
    return {"true": "1", "false": "0"}.get(value, value)


def _add_heading(shape: Element) -> None:
    keys = {"type": "headingType", "idRef": "heading", "level": "level"}
    etree.SubElement(shape, f"{HH}heading", {new: shape.get(old, "0") for new, old in keys.items()})


def _add_address(cell: Element) -> None:
    for child, keys in (("cellAddr", ("rowAddr", "colAddr")), ("cellSpan", ("rowSpan", "colSpan"))):
        etree.SubElement(cell, HP + child, {key: cell.get(key) for key in keys if cell.get(key)})


def _wrap(controls: Iterable[Element]) -> None:
    """Put each control into an `hp:ctrl`."""
    for control in controls:
        wrapper = etree.Element(f"{HP}ctrl")
        control.getparent().replace(control, wrapper)
        wrapper.append(control)
