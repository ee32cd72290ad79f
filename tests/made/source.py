"""The one source of the made documents: headings, articles, a list, and tables with merged cells and units."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Cell:
    """A cell at its top left place, with how many rows and columns it covers."""

    text: str
    rows: int = 1
    columns: int = 1


@dataclass(frozen=True)
class SourceTable:
    """A table as it is drawn: each row lists the cells that begin in it. `grid` is what a reader must return."""

    caption: str
    unit: str
    header_rows: int
    drawn: tuple[tuple[Cell, ...], ...]

    @property
    def grid(self) -> tuple[tuple[str, ...], ...]:
        """The full grid, the text of a merged cell in every place it covers."""
        places: dict[tuple[int, int], str] = {}
        for row, cells in enumerate(self.drawn):
            column = 0
            for cell in cells:
                while (row, column) in places:
                    column += 1
                for down in range(cell.rows):
                    for right in range(cell.columns):
                        places[row + down, column + right] = cell.text
                column += cell.columns
        width = max(column for _, column in places) + 1
        return tuple(tuple(places[row, column] for column in range(width)) for row in range(len(self.drawn)))


TITLE = "혁신도시 산학연 클러스터 현황"
PARAGRAPHS = (
    "산학연 클러스터 용지의 공급 현황을 다음과 같이 알립니다.",
    "입주를 원하는 기업은 관할 지방자치단체의 입주승인을 받아야 합니다.",
)
ITEMS = ("1. 입주승인 신청서", "2. 사업계획서", "3. 법인등기부 등본")
ARTICLES = (
    ("제1조(목적)", "이 지침은 클러스터 용지의 공급에 필요한 사항을 정함을 목적으로 한다."),
    (
        "제2조의3(공급가격)",
        "① 용지의 가격은 조성원가로 한다. ② 제1항에도 불구하고 다음 각 호의 경우에는 감정가격으로 한다.",
    ),
)
SIMPLE = SourceTable(
    "혁신도시별 클러스터 면적",
    "천㎡",
    1,
    (
        (Cell("혁신도시"), Cell("면적"), Cell("분양률(%)")),
        (Cell("대구"), Cell("858"), Cell("96.7")),
        (Cell("광주·전남(나주)"), Cell("415"), Cell("77.0")),
        (Cell("제주(서귀포)"), Cell("151"), Cell("100.0")),
    ),
)
MERGED = SourceTable(
    "지원 내용과 한도",
    "백만원",
    2,
    (
        (Cell("구분", rows=2), Cell("이전 기업", columns=2), Cell("신설 기업", columns=2)),
        (Cell("대기업"), Cell("중소기업"), Cell("대기업"), Cell("중소기업")),
        (Cell("수도권 인접", rows=2), Cell("1,000"), Cell("3,000"), Cell("500"), Cell("2,000")),
        (Cell("9%", columns=2), Cell("6%"), Cell("-")),
        (Cell("그 밖의 지역"), Cell("1,500", columns=4)),
    ),
)
TABLES = (SIMPLE, MERGED)
