"""Tables and translations for the rules of `index_build.doubts`: those they must doubt and those they must leave alone."""

from __future__ import annotations

from index_build.reading.document import Table


def table(*rows: str, unit: str = "", caption: str = "") -> Table:
    """A table of rows whose cells stand between bars; the first row names the columns."""
    return Table(
        tuple(tuple(cell.strip() for cell in row.split("|")) for row in rows), unit=unit, caption=caption
    )


_CITIES = ("대구 | 858", "나주 | 415", "울산 | 141", "제주 | 151")
# A table, and the text of its document.
DOUBTED_TABLES = {
    "table-unit": [
        (table("혁신도시 | 클러스터 면적(㎡)", *_CITIES), ()),
        (table("지구 | 면적", *_CITIES, unit="㎡"), ()),
        (table("Zone | Area (m²)", "Alpha | 91", "Beta | 134", "Gamma | 98"), ()),
    ],
    "column-sum": [
        (table("도시 | 기업 수", *_CITIES, "계 | 1,656"), ()),
        (table("도시 | 필지", "합 계 | 30", "나주 | 12", "원주 | 9", "진주 | 8"), ()),
        (table("City | Firms", "Naju | 12", "Wonju | 9", "Total | 210"), ()),
        (table("권역 | 도시 | 기업", "남 | 나주 | 5", "남 | 진주 | 6", "남 | 소계 | 12", "북 | 원주 | 4", "북 | 춘천 | 3", "북 | 소계 | 7", "합계 | 합계 | 19"), ()),
    ],
    "sum-factor": [
        (table("혁신도시 | 면적(㎡)", *_CITIES), ("클러스터는 모두 1,565,000㎡이다.",)),
        (table("Lot | Area (m²)", "A | 112.5", "B | 98.25", "C | 300"), ("The lots cover 5,107.5 m² in all.",)),
        (table("동 | 면적(㎡)", "가 | 231", "나 | 187", "다 | 96"), ("시설은 모두 5,140㎡이다.",)),
    ],
}  # fmt: skip
LEFT_ALONE_TABLES = {
    "table-unit": [
        (table("혁신도시 | 클러스터 면적(천㎡)", *_CITIES), ()),
        (table("지구 | 면적", *_CITIES, unit="천㎡"), ()),
        (table("주택 단지 | 전용면적(㎡)", "가 | 59", "나 | 84", "다 | 114"), ()),
        (table("Zone | Area (m²)", "Alpha | 91,000", "Beta | 134,000", "Gamma | 98,000"), ()),
    ],
    "column-sum": [
        (table("도시 | 기업 수", *_CITIES, "계 | 1,565"), ()),
        (table("도시 | 필지", "합 계 | 29", "나주 | 12", "원주 | 9", "진주 | 8"), ()),
        (table("도시 | 분양률(%)", "나주 | 92.8", "원주 | 100.0", "평균 | 96.4", "계 | 95.0"), ()),
        (table("도시 | 면적(천㎡)", "나주 | 12.4", "원주 | 9.4", "진주 | 8.4", "계 | 30.3"), ()),
        (table("권역 | 도시 | 기업", "남 | 나주 | 5", "남 | 진주 | 6", "남 | 소계 | 11", "북 | 원주 | 4", "북 | 춘천 | 3", "북 | 소계 | 7", "합계 | 합계 | 18"), ()),
    ],
    "sum-factor": [
        (table("혁신도시 | 면적(㎡)", *_CITIES), ("클러스터는 모두 1,565㎡이다.",)),
        (table("혁신도시 | 면적(천㎡)", *_CITIES), ("클러스터는 모두 1,565,000㎡이다.",)),
        (table("혁신도시 | 면적(㎡)", *_CITIES), ("다른 단지는 2,000,000㎡이다.",)),
    ],
}  # fmt: skip

# An English sentence and the Korean one that it translates.
DOUBTED_TRANSLATIONS = {
    "swapped-with-original": [
        ("Select 31 sites by 17.", "’31년까지 17개소를 선정한다."),
        ("4 million won for 200 years", "200만 원을 4년간 지원한다."),
        ("In May 30, 12 firms moved.", "12월에 5개, 30개 기업이 이전하였다."),
    ],
    "numbers-differ": [
        ("KRW 240 billion is paid.", "240억 원을 지급한다."),
        ("It covers 3,000 m².", "면적은 3만㎡이다."),
        ("Relief lasts 5 years.", "7년간 감면한다."),
    ],
}  # fmt: skip
LEFT_ALONE_TRANSLATIONS = [
    ("By 2025, 16 sites get up to KRW 24 billion each for three years.", "’25년까지 16개소에 3년간 240억 원씩 지원한다."),
    ("On November 8 four cities were chosen.", "11월 8일 4개 도시를 선정하였다."),
    ("50% of acquisition tax is waived.", "취득세의 100분의 50을 경감한다."),
    ("It covers 2.86 million m² (two districts).", "면적은 286만㎡(두 지구)이다."),
]  # fmt: skip
