"""What is drawn on a page of a PDF: ruling lines, and which of its texts nobody sees.

Places are points from the top left corner of the page as it is shown, so a page stored on its side reads like any other.
"""

from __future__ import annotations

import ctypes
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pypdfium2 as pdfium
from pypdfium2 import raw

from index_build.reading.pdf.rulings import Line

Box = tuple[float, float, float, float]  # left, top, right, bottom
Point = tuple[float, float]
Matrix = tuple[float, float, float, float, float, float]

_STRAIGHT = 1.0  # points that a line may lean
_THIN = 3.5  # points; what is filled and thinner is a line
_TINY = 1.0  # points; text of at most this size is hidden (requirement L1)
_WHITE = 0xF5  # a colour is taken as white where its red, green and blue are all at least this
_SCAN = 0.5  # of a page; where a picture covers more, unseen text is what text recognition read in it
_MOST_SEGMENTS = 30_000  # of one page; what has more is a drawing and holds no table
_DEEPEST = 5  # forms within forms
_UNSEEN = (raw.FPDF_TEXTRENDERMODE_INVISIBLE, raw.FPDF_TEXTRENDERMODE_CLIP)
_IDENTITY: Matrix = (1, 0, 0, 1, 0, 0)


class Frame:
    """The page as it is shown: its size, and where its points are."""

    def __init__(self, page: pdfium.PdfPage) -> None:
        self._box = page.get_bbox()
        self._turned = page.get_rotation()
        self.is_on_its_side = self._turned in (90, 270)
        self.width, self.height = page.get_size()

    def shown(self, x: float, y: float) -> Point:
        """A point of the file's own space as it is shown."""
        left, bottom, right, top = self._box
        if self._turned == 90:
            return y - bottom, x - left
        if self._turned == 180:
            return right - x, y - bottom
        if self._turned == 270:
            return top - y, right - x
        return x - left, top - y

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        """A box of the file's own space as it is shown."""
        (x1, y1), (x2, y2) = self.shown(left, bottom), self.shown(right, top)
        return min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)


@dataclass(slots=True)
class Drawn:
    """The ruling lines of a page, the addresses of its unseen text objects, and what else it holds.

    `is_scan` where a picture covers most of the page; its invisible text then counts as seen.
    """

    rulings: list[Line]
    unseen: set[int]
    is_blank: bool
    is_scan: bool


def read_drawn(page: pdfium.PdfPage, frame: Frame) -> Drawn:
    """Go through the objects of a page, in the order they are drawn."""
    look = _Look(frame)
    for handle, kind, matrix in _objects(
        page.raw, raw.FPDFPage_CountObjects, raw.FPDFPage_GetObject, _IDENTITY
    ):
        look.add(handle, kind, matrix)
    is_scan = look.pictured > _SCAN * frame.width * frame.height
    unseen = look.unseen if is_scan else look.unseen | look.invisible
    return Drawn(look.rulings, unseen, look.count == 0, is_scan and bool(look.invisible))


def _objects(
    owner: Any, count: Callable[[Any], int], get: Callable[[Any, int], Any], outer: Matrix, depth: int = 0
) -> Iterator[tuple[Any, int, Matrix]]:
    """All objects with their kind and the matrix into the page's space, those in forms included."""
    for place in range(count(owner)):
        handle = get(owner, place)
        kind = raw.FPDFPageObj_GetType(handle)
        if kind == raw.FPDF_PAGEOBJ_FORM:
            if depth < _DEEPEST:
                inner = _times(_matrix(handle), outer)
                yield from _objects(
                    handle, raw.FPDFFormObj_CountObjects, raw.FPDFFormObj_GetObject, inner, depth + 1
                )
        else:
            yield handle, kind, outer


class _Look:
    """One look over a page: collects lines, coloured grounds and unseen texts."""

    def __init__(self, frame: Frame) -> None:
        self.rulings: list[Line] = []
        self.unseen: set[int] = set()
        self.invisible: set[int] = set()
        self.pictured = 0.0  # square points under pictures
        self.count = 0
        self._frame = frame
        self._grounds: list[Box] = []
        self._segments = 0
        # PDFium writes its answers here.
        self._colour = tuple(ctypes.c_uint() for _ in range(4))
        self._number, self._found = ctypes.c_float(), raw.FS_MATRIX()

    def add(self, handle: Any, kind: int, outer: Matrix) -> None:
        """Take in one object."""
        self.count += 1
        if kind == raw.FPDF_PAGEOBJ_TEXT:
            self._add_text(handle, outer)
        elif kind == raw.FPDF_PAGEOBJ_PATH:
            self._add_path(handle, outer)
        else:
            box = self._bounds(handle, outer)
            self._grounds.append(box)
            if kind == raw.FPDF_PAGEOBJ_IMAGE:
                self.pictured += (box[2] - box[0]) * (box[3] - box[1])

    def _add_text(self, handle: Any, outer: Matrix) -> None:
        # Browsers make an object of each character: this runs millions of times, so it takes the short ways.
        if raw.FPDFTextObj_GetTextRenderMode(handle) in _UNSEEN:
            self.invisible.add(address_of(handle))
            return
        alpha, is_white = self._fill(handle)
        if is_white:
            is_white = not self._is_on_ground(self._bounds(handle, outer))
        if is_white or not alpha or self._size(handle, outer) <= _TINY:
            self.unseen.add(address_of(handle))

    def _fill(self, handle: Any) -> tuple[int, bool]:
        """How far an object's fill covers (0 to 255), and whether it is white."""
        red, green, blue, alpha = self._colour
        raw.FPDFPageObj_GetFillColor(handle, red, green, blue, alpha)
        return alpha.value, red.value >= _WHITE and green.value >= _WHITE and blue.value >= _WHITE

    def _size(self, handle: Any, outer: Matrix) -> float:
        """The size of a text as it is shown, in points."""
        raw.FPDFTextObj_GetFontSize(handle, self._number)
        matrix = self._matrix(handle)
        if outer is not _IDENTITY:
            matrix = _times(matrix, outer)
        return abs(self._number.value) * math.hypot(matrix[2], matrix[3])

    def _matrix(self, handle: Any) -> Matrix:
        found = self._found
        raw.FPDFPageObj_GetMatrix(handle, found)
        return found.a, found.b, found.c, found.d, found.e, found.f

    def _is_on_ground(self, box: Box) -> bool:
        x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        return any(left <= x <= right and top <= y <= bottom for left, top, right, bottom in self._grounds)

    def _add_path(self, handle: Any, outer: Matrix) -> None:
        fill, stroke = ctypes.c_int(), ctypes.c_int()
        raw.FPDFPath_GetDrawMode(handle, fill, stroke)
        if not fill.value and not stroke.value:
            return
        alpha, is_white = self._fill(handle)
        if fill.value and alpha and not is_white:
            self._grounds.append(self._bounds(handle, outer))
        self._segments += raw.FPDFPath_CountSegments(handle)
        if self._segments > _MOST_SEGMENTS:
            self.rulings.clear()
            return
        matrix = _times(self._matrix(handle), outer)
        for points in _outlines(handle):
            shown = [self._frame.shown(*_applied(matrix, point)) for point in points]
            self.rulings += _lines(shown) if stroke.value else _thin(shown)

    def _bounds(self, handle: Any, outer: Matrix) -> Box:
        left, bottom, right, top = (ctypes.c_float() for _ in range(4))
        if not raw.FPDFPageObj_GetBounds(handle, left, bottom, right, top):
            return 0, 0, 0, 0
        corners = _applied(outer, (left.value, bottom.value)), _applied(outer, (right.value, top.value))
        return self._frame.box(*corners[0], *corners[1])


def _lines(points: list[Point]) -> Iterator[Line]:
    """The level and upright lines along an outline."""
    for (x1, y1), (x2, y2) in pairwise(points):
        if abs(y1 - y2) <= _STRAIGHT < abs(x1 - x2):
            yield Line(True, (y1 + y2) / 2, min(x1, x2), max(x1, x2))
        elif abs(x1 - x2) <= _STRAIGHT < abs(y1 - y2):
            yield Line(False, (x1 + x2) / 2, min(y1, y2), max(y1, y2))


def _thin(points: list[Point]) -> Iterator[Line]:
    """The line that a thin filled outline is; a broad one is the ground of something."""
    across, down = [x for x, _ in points], [y for _, y in points]
    width, height = max(across) - min(across), max(down) - min(down)
    if height <= _THIN < width:
        yield Line(True, (min(down) + max(down)) / 2, min(across), max(across))
    elif width <= _THIN < height:
        yield Line(False, (min(across) + max(across)) / 2, min(down), max(down))


def _outlines(handle: Any) -> Iterator[list[Point]]:
    """The corners of each part of a path; where it is closed, the first corner again."""
    points: list[Point] = []
    x, y = ctypes.c_float(), ctypes.c_float()
    for place in range(raw.FPDFPath_CountSegments(handle)):
        segment = raw.FPDFPath_GetPathSegment(handle, place)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        if raw.FPDFPathSegment_GetType(segment) == raw.FPDF_SEGMENT_MOVETO:
            if len(points) > 1:
                yield points
            points = []
        points.append((x.value, y.value))
        if raw.FPDFPathSegment_GetClose(segment):
            points.append(points[0])
    if len(points) > 1:
        yield points


def address_of(handle: Any) -> int:
    """Where PDFium keeps an object: the same for a text object of the page and that of its characters."""
    return ctypes.cast(handle, ctypes.c_void_p).value or 0


def _matrix(handle: Any) -> Matrix:
    found = raw.FS_MATRIX()
    raw.FPDFPageObj_GetMatrix(handle, found)
    return found.a, found.b, found.c, found.d, found.e, found.f


def _times(first: Matrix, then: Matrix) -> Matrix:
    a, b, c, d, e, f = first
    g, h, i, j, k, m = then
    return a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m


def _applied(matrix: Matrix, point: Point) -> Point:
    a, b, c, d, e, f = matrix
    x, y = point
    return a * x + c * y + e, b * x + d * y + f
