"""What the child process tells its parent, as JSON. The parent believes none of it: every type and gap is checked."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

from index_build.reading.document import Block, Heading, Notice, Paragraph, Reading, Table, UnreadableDocument
from index_build.reading.limits import MAX_CELLS, MAX_CHARACTERS

_MAX_LEVEL = 99
_MAX_DEPTH = 20
_MAX_FRONT = 10_000  # values
# Each value but the first of its list stands behind a comma, so that this bounds what the parent's memory must hold.
_MAX_COMMAS = MAX_CHARACTERS + MAX_CELLS


class WireError(Exception):
    """A message is none of ours, or what is to be sent cannot be."""


def to_json(result: Reading | UnreadableDocument) -> bytes:
    """A reading or a refusal as UTF-8 JSON; half characters (lone surrogates) become question marks.

    Raises WireError for a front matter of too many values (YAML aliases unfold) or of other types than YAML has.
    """
    if isinstance(result, UnreadableDocument):
        message: dict[str, Any] = {"refused": [result.code, _plain_gaps(result.values)]}
    else:
        message = {
            "title": result.title,
            "blocks": [_packed(block) for block in result.blocks],
            "notices": [[notice.code, _plain_gaps(notice.values)] for notice in result.notices],
            "front": _sendable(result.front, [_MAX_FRONT]),
        }
    return json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def _plain_gaps(values: Mapping[str, object]) -> dict[str, str | int]:
    return {key: value if type(value) is int else str(value) for key, value in values.items()}


def _packed(block: Block) -> list[Any]:
    match block:
        case Heading(level, text):
            return ["heading", level, text]
        case Paragraph(text):
            return ["paragraph", text]
        case Table(rows, header_rows, caption, unit):
            return ["table", rows, header_rows, caption, unit]


def _sendable(value: Any, left: list[int], depth: int = 0) -> Any:
    """Plain values; dates and the like as text. `left` holds how many more values may come."""
    left[0] -= 1
    if left[0] < 0 or depth > _MAX_DEPTH:
        raise WireError("front matter")
    if isinstance(value, dict):
        return {str(key): _sendable(entry, left, depth + 1) for key, entry in value.items()}
    if isinstance(value, list | tuple | set):
        return [_sendable(entry, left, depth + 1) for entry in value]
    if value is None or isinstance(value, str | bool | int):
        return value
    return value if isinstance(value, float) and math.isfinite(value) else str(value)


def from_json(data: bytes, name: str) -> Reading:
    """The reading that a message holds. `name` is the file's, for a refusal.

    Raises UnreadableDocument where the message is a refusal, and WireError where it is anything but ours.
    """
    try:
        if data.count(b",") > _MAX_COMMAS:
            _fail("size")
        message = json.loads(data.decode("utf-8"), parse_constant=_fail)
    except (ValueError, RecursionError) as error:
        raise WireError("JSON") from error
    if isinstance(message, dict) and message.keys() == {"refused"}:
        raise _refusal(message["refused"], name)
    if not isinstance(message, dict) or message.keys() != {"title", "blocks", "notices", "front"}:
        _fail("keys")
    return Reading(
        tuple(_block(block) for block in _list(message["blocks"])),
        _text(message["title"]),
        tuple(_notice(notice) for notice in _list(message["notices"])),
        _front(message["front"]),
    )


def _fail(what: str) -> NoReturn:
    raise WireError(what)


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else _fail("list")


def _text(value: object) -> str:
    if not isinstance(value, str):
        _fail("text")
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise WireError("text") from error
    return value


def _whole(value: object, least: int, most: int) -> int:
    if type(value) is not int or not least <= value <= most:
        _fail("number")
    return value


def _block(value: object) -> Block:
    match value:
        case ["heading", level, text]:
            return Heading(_whole(level, 1, _MAX_LEVEL), _text(text))
        case ["paragraph", text]:
            return Paragraph(_text(text))
        case ["table", list(rows), header_rows, caption, unit]:
            return Table(_rows(rows), _whole(header_rows, 0, max(1, len(rows))), _text(caption), _text(unit))
    _fail("block")


def _rows(rows: Sequence[object]) -> tuple[tuple[str, ...], ...]:
    read = tuple(tuple(_text(cell) for cell in _list(row)) for row in rows)
    if len({len(row) for row in read}) > 1:
        _fail("rows")
    return read


def _notice(value: object) -> Notice:
    match value:
        case [str(code), dict(values)]:
            notice = Notice(code, _gaps(values))
            _try_texts(notice)
            return notice
    _fail("notice")


def _refusal(value: object, name: str) -> UnreadableDocument:
    match value:
        case [str(code), dict(values)] if not values.keys() & {"self", "code", "file"}:
            try:
                refusal = UnreadableDocument(code, name, **_gaps(values))
            except (LookupError, ValueError) as error:
                raise WireError("reason") from error
            return refusal
    _fail("refusal")


def _gaps(values: dict[str, object]) -> dict[str, str | int]:
    return {
        _text(key): _text(v) if isinstance(v, str) else _whole(v, -(2**63), 2**63)
        for key, v in values.items()
    }


def _try_texts(notice: Notice) -> None:
    try:
        notice.text("ko"), notice.text("en")
    except (LookupError, ValueError, TypeError) as error:
        raise WireError("notice") from error


def _front(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        _fail("front")
    try:
        _text(json.dumps(value, ensure_ascii=False))
    except RecursionError as error:
        raise WireError("front") from error
    return value
