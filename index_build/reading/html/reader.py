"""HTML: the text of a page in its order, tables with their merged cells, without navigation and without what is hidden."""

from __future__ import annotations

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from index_build.reading.cleaning import clean, hidden_text
from index_build.reading.document import Block, Heading, Paragraph, Reading, Table
from index_build.reading.encoding import decode
from index_build.reading.html.styles import Look, Styles, is_gone
from index_build.reading.numerals import numeral, superscript
from index_build.reading.tables import Cell, attach_captions, grid, header_rows, list_sign, within_limits

_CHARSET = re.compile(rb"""<meta[^>]*charset\s*=\s*["']?\s*([\w-]+)""", re.IGNORECASE)
_HEAD = 4096  # bytes in which a page declares its encoding
_DROPPED = frozenset(
    "script style noscript template head nav button input select textarea option datalist iframe object embed canvas audio "
    "video map progress meter svg".split()
)
_ROLES = frozenset("navigation banner contentinfo search".split())
_BLOCKS = frozenset(
    "address article aside blockquote body center dd details dialog div dl dt fieldset figcaption figure footer form header "
    "h1 h2 h3 h4 h5 h6 hgroup hr html legend li main menu ol p pre search section summary table td th ul".split()
)
_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
_OWNERS = frozenset("article aside main section td th".split())  # their header and footer are not the page's
_LISTS = frozenset(("ol", "ul", "menu"))
_NUMERALS = {
    "a": "lowerLetter", "lower-alpha": "lowerLetter", "lower-latin": "lowerLetter", "A": "upperLetter",
    "upper-alpha": "upperLetter", "upper-latin": "upperLetter", "i": "lowerRoman", "lower-roman": "lowerRoman",
    "I": "upperRoman", "upper-roman": "upperRoman",
}  # fmt: skip
_NEW_LINE, _BULLET = "\f", "•"
_MOST_COLUMNS = 1000  # what browsers allow a cell to span


def read(data: bytes, name: str) -> Reading:
    """Read a page: what `<main>`, else its only `<article>`, else `<body>` shows. Raises UnreadableDocument("undecodable")."""
    declared = _CHARSET.search(data[:_HEAD])
    page = _Page(LexborHTMLParser(decode(data, name, declared[1].decode() if declared else "")))
    kept, cut = within_limits(attach_captions(page.read()))
    return Reading(kept, page.title, (*hidden_text(page.hidden), *cut))


_ROW_GROUPS = ("thead", "tbody", "tfoot")
_Group = tuple[str, list[tuple[LexborNode, Look]]]


class _Page:
    """One page while it is read: the blocks found, the text of the one that is open, and what was hidden."""

    def __init__(self, page: LexborHTMLParser) -> None:
        self._page, self._styles = page, Styles(page)
        title = page.css_first("head > title")
        self.title = clean(title.text()) if title else ""
        self.hidden: list[str] = []
        self._blocks: list[Block] = []
        self._open: list[str] = []
        self._sign = ""
        self._inside = 0  # how many cells are around the text that is read

    def read(self) -> list[Block]:
        """The blocks of the first root that shows any text."""
        for root in self._roots():
            self.hidden.clear()
            look, gone = self._around(root)
            if not gone:
                self._walk(root, look)
                self._close()
            if self._blocks:
                break
        return self._blocks

    def _roots(self) -> Iterator[LexborNode]:
        for selector in ("main, [role=main]", "article"):
            found = self._page.css(selector)
            if len(found) == 1:
                yield found[0]
        if self._page.body:
            yield self._page.body

    def _around(self, root: LexborNode) -> tuple[Look, bool]:
        """What a root inherits, and whether it or anything around it is off the page."""
        line = [root]
        while (parent := line[-1].parent) is not None:
            line.append(parent)
        look, gone = Look(), False
        for node in reversed(line):
            declared = self._styles.of(node)
            look, gone = look.within(declared), gone or is_gone(declared)
        return look, gone

    def _look(self, node: LexborNode, around: Look) -> Look | None:
        """How text in an element looks, or None where the element is no part of the text or off the page."""
        if _is_dropped(node):
            return None
        declared = self._styles.of(node)
        if not declared:
            return around
        if is_gone(declared):
            self.hidden.append(_text_of(node))
            return None
        return around.within(declared)

    def _walk(self, parent: LexborNode, look: Look) -> None:
        for node in parent.iter(include_text=True):
            if node.tag == "-text":
                (self._open if look.seen else self.hidden).append(node.text_content or "")
            else:
                self._element(node, look)

    def _element(self, node: LexborNode, around: Look) -> None:
        look, tag = self._look(node, around), node.tag or ""
        if look is None:
            return
        if tag in _BLOCKS:
            self._close()
            self._block(node, look)
            self._close()
        elif tag == "br":
            self._open.append(_NEW_LINE)
        else:
            before = len(self._open)
            self._walk(node, look)
            if tag == "sup":
                self._open[before:] = [superscript("".join(self._open[before:]))]

    def _block(self, node: LexborNode, look: Look) -> None:
        if node.tag == "table":
            self._table(node, look)
        elif node.tag in _LISTS:
            self._list(node, look)
        elif node.tag in _HEADINGS:
            text = self._line(node, look)
            self._blocks += [Heading(int(node.tag[1]), text)] if text else []
        else:
            self._walk(node, look)
            if node.tag == "pre":
                self._open = ["".join(self._open).replace("\n", 2 * _NEW_LINE)]

    def _close(self) -> None:
        """End the open paragraph; two line breaks in a row part it. The sign of a list item stands before its first text."""
        text, self._open = "".join(self._open), []
        for part in filter(None, map(clean, re.split(rf"{_NEW_LINE}\s*{_NEW_LINE}", text))):
            sign = "" if self._sign == _BULLET and list_sign(part) else self._sign
            self._blocks.append(Paragraph(f"{sign} {part}".lstrip()))
            self._sign = ""

    def _line(self, node: LexborNode, look: Look) -> str:
        """All text of a heading or a cell on one line, tables inside included."""
        kept = self._blocks, self._sign
        self._blocks, self._sign = [], ""
        self._inside += 1
        self._walk(node, look)
        self._close()
        self._inside -= 1
        text = " ".join(block.text for block in self._blocks if not isinstance(block, Table))
        self._blocks, self._sign = kept
        return text

    def _list(self, node: LexborNode, look: Look) -> None:
        items = [child for child in node.iter() if child.tag == "li"]
        backwards = "reversed" in node.attributes
        number = _integer(node, "start", len(items) if backwards else 1)
        for child in node.iter():
            self._close()
            if child.tag == "li":
                number = _integer(child, "value", number)
                self._sign = self._sign_of(node, number)
                number += -1 if backwards else 1
            self._element(child, look)
            self._sign = ""

    def _sign_of(self, node: LexborNode, number: int) -> str:
        declared = self._styles.of(node)
        style = f"{declared.get('list-style', '')} {declared.get('list-style-type', '')}".split()
        if "none" in style:
            return ""
        if node.tag != "ol":
            return _BULLET
        form = next(
            (_NUMERALS[word] for word in (*style, node.attributes.get("type") or "") if word in _NUMERALS),
            "decimal",
        )
        return f"{numeral(number, form)}."

    def _table(self, node: LexborNode, look: Look) -> None:
        caption, groups = self._groups(node, look)
        if node.attributes.get("role") in ("presentation", "none") or _is_frame(groups):
            for row, around in (pair for _, group in groups for pair in group):
                for cell in _cells_of(row):
                    self._element(cell, around)
            return
        cells, marked = self._cells(groups)
        if self._inside:
            self._blocks.append(Paragraph(" ".join(filter(None, [caption, *(text for *_, text in cells)]))))
        elif any(text for *_, text in cells):
            self._blocks.append(Table(grid(cells), header_rows(cells, marked), caption))

    def _groups(self, node: LexborNode, look: Look) -> tuple[str, list[_Group]]:
        """The caption, and the groups of rows in the order in which they are shown."""
        caption = ""
        groups: list[_Group] = []
        for child in node.iter():
            inner = self._look(child, look)
            if inner is None:
                continue
            if child.tag == "caption":
                caption = self._line(child, inner)
            elif child.tag in _ROW_GROUPS:
                rows = ((row, self._look(row, inner)) for row in child.iter() if row.tag == "tr")
                groups.append((child.tag, [(row, own) for row, own in rows if own is not None]))
        return caption, sorted(groups, key=lambda group: _ROW_GROUPS.index(group[0]))

    def _cells(self, groups: list[_Group]) -> tuple[list[Cell], int]:
        """The cells with their places, and how many rows at the top are marked as headings."""
        cells: list[Cell] = []
        y = marked = 0
        for kind, rows in groups:
            free: list[int] = []  # by column, the first row that no cell from above reaches into
            for place, (row, look) in enumerate(rows):
                begun = len(cells)
                tags = self._row(row, look, y, len(rows) - place, free, cells)
                if not tags and all(reached <= y for reached in free):
                    continue
                texts = [text for *_, text in cells[begun:]]
                titles = (
                    all(tag == "th" or not text for tag, text in zip(tags, texts, strict=True))
                    and "th" in tags
                )
                if marked == y and (kind == "thead" or titles or (y and not tags)):
                    marked += 1
                y += 1
        return cells, 0 if marked == y else marked

    def _row(
        self, row: LexborNode, look: Look, y: int, left: int, free: list[int], cells: list[Cell]
    ) -> list[str]:
        """Add the cells of a row, of which `left` are in its group with those below it; the tags of those cells."""
        tags, x = [], 0
        for cell in _cells_of(row):
            inner = self._look(cell, look)
            if inner is None:
                continue
            while x < len(free) and free[x] > y:
                x += 1
            span = _integer(cell, "rowspan", 1)
            down = left if span == 0 else min(max(span, 1), left)
            across = min(max(_integer(cell, "colspan", 1), 1), _MOST_COLUMNS)
            free += [0] * (x + across - len(free))
            free[x : x + across] = [y + down] * across
            cells.append((y, x, down, across, self._line(cell, inner)))
            tags.append(cell.tag or "")
            x += across
        return tags


def _is_dropped(node: LexborNode) -> bool:
    """Whether an element is a control, a script or a part of the page's frame, or no element at all."""
    tag = node.tag or ""
    if tag.startswith("-") or tag in _DROPPED or node.attributes.get("role") in _ROLES:
        return True
    if tag not in ("header", "footer"):
        return False
    around = node.parent
    while around is not None:
        if around.tag in _OWNERS:
            return False
        around = around.parent
    return True


def _text_of(node: LexborNode) -> str:
    texts = (text for text in node.traverse(include_text=True) if text.tag == "-text")
    return " ".join(
        text.text_content or "" for text in texts if text.parent and text.parent.tag not in _DROPPED
    )


def _cells_of(row: LexborNode) -> list[LexborNode]:
    return [cell for cell in row.iter() if cell.tag in ("td", "th")]


def _is_frame(groups: list[_Group]) -> bool:
    """Whether a table has one cell only, which draws a box around text."""
    return sum(len(_cells_of(row)) for _, rows in groups for row, _ in rows) == 1


def _integer(node: LexborNode, attribute: str, default: int) -> int:
    value = (node.attributes.get(attribute) or "").strip()
    return int(value) if re.fullmatch(r"-?\d{1,9}", value) else default
