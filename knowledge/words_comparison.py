"""Words of the comparison of places, Korean and English, and how its figures are shown."""

from __future__ import annotations

from knowledge.catalogue import LandFact
from knowledge.words_sites import area_words

WORDS_COMPARISON: dict[str, dict[str, str]] = {
    "title": {"ko": "비교: {places}", "en": "Compared: {places}"},
    "column.place": {"ko": "지역", "en": "place"},
    "column.fact": {"ko": "항목", "en": "fact"},
    "column.value": {"ko": "값", "en": "value"},
    "column.as_of": {"ko": "기준일", "en": "as of"},
    "column.source": {"ko": "출처", "en": "source"},
    "column.url": {"ko": "주소", "en": "url"},
    "column.status": {"ko": "상태", "en": "status"},
    "fact.stage": {"ko": "제도와 단계", "en": "programme and stage"},
    "fact.land": {"ko": "토지 상태", "en": "state of the land"},
    "fact.left": {"ko": "남은 면적", "en": "area left"},
    "fact.planned": {"ko": "전체 면적", "en": "total area"},
    "fact.sold": {"ko": "분양률", "en": "share sold"},
    "fact.price": {"ko": "과거 분양가", "en": "past price"},
    "fact.tax": {"ko": "본사·공장 이전 세금 감면", "en": "tax relief for a head office or factory"},
    "fact.subsidy": {"ko": "투자보조금 등급", "en": "investment subsidy tier"},
    "fact.approver": {"ko": "입주승인", "en": "admission approval"},
    "fact.contact": {"ko": "문의처", "en": "contact"},
    "missing.stage": {"ko": "{programme}, 단계 기록 없음", "en": "{programme}, no record of the stage"},
    "missing.land": {"ko": "토지 기록 없음", "en": "no record of land"},
    "missing.left": {"ko": "남은 면적 기록 없음", "en": "no figure on record"},
    "missing.planned": {"ko": "면적 기록 없음", "en": "no figure on record"},
    "missing.sold": {"ko": "분양률 기록 없음", "en": "no figure on record"},
    "missing.price": {"ko": "가격 기록 없음", "en": "no price on record"},
    "missing.tax": {"ko": "감면 기간 기록 없음", "en": "no years of relief on record"},
    "missing.subsidy": {
        "ko": "확인된 등급 없음. 시·군이나 시·도에 문의해 주세요.",
        "en": "no tier on record: ask the city or province",
    },
    "missing.approver": {"ko": "승인권자 기록 없음", "en": "no approver on record"},
    "missing.contact": {"ko": "연락처 기록 없음", "en": "no contact on record"},
    "stage.left": {
        "ko": "{programme}, 클러스터 첫 분양이 끝나지 않은 기록",
        "en": "{programme}, first sale of the cluster not over on record",
    },
    "stage.resale_only": {
        "ko": "{programme}, 클러스터 첫 분양 완료",
        "en": "{programme}, first sale of the cluster over",
    },
    "stage.none": {
        "ko": "{programme}, 클러스터 용지가 없는 도심 지구",
        "en": "{programme}, in-town districts without cluster land",
    },
    "stage.designated": {"ko": "{programme}, 구역 지정됨", "en": "{programme}, area designated"},
    "stage.completion": {"ko": "목표 연도 {year}년. {note}", "en": "Target year {year}. {note}"},
    "left.some": {
        "ko": "남아 있다는 기록은 있으나 면적은 나와 있지 않음",
        "en": "land on record as left, without an area",
    },
    "left.earlier": {
        "ko": "지금은 알 수 없음. 마지막 기록 {area}",
        "en": "not known now; last figure {area}",
    },
    "planned.planned_area": {"ko": "{area}, 클러스터 계획 면적", "en": "{area}, planned cluster area"},
    "planned.designated_area": {"ko": "{area}, 지정 구역 전체", "en": "{area}, the whole designated area"},
    "price": {"ko": "{per}당 {won}원", "en": "KRW {won} per {per}"},
    "site": {"ko": "{value}, {site}", "en": "{value}, {site}"},
    "tax.years": {
        "ko": "{full_years}년간 {full}%, 이후 {half_years}년간 {half}%",
        "en": "{full}% for {full_years} years, then {half}% for {half_years} years",
    },
    "tax.past": {"ko": "{value}. 기한 {date} 지남", "en": "{value}; deadline {date} has passed"},
    "tax.not_yet": {"ko": "{value}. {date}부터 시행", "en": "{value}; in force from {date}"},
    "tax.place": {"ko": "{place}: {value}", "en": "{place}: {value}"},
    "subsidy.tier": {"ko": "{places}: {tier}", "en": "{places}: {tier}"},
    "subsidy.capital": {
        "ko": "수도권이어서 대상이 아닌 것으로 판단됨",
        "en": "appears not to apply: capital region",
    },
    "contact.no_phone": {"ko": "확인된 전화번호 없음", "en": "no phone number confirmed"},
    "as_of": {"ko": "{date} 기준", "en": "as of {date}"},
    "age": {"ko": "{years}년 전", "en": "{years} years ago"},
    "status.verified": {"ko": "출처에서 확인", "en": "read in the source"},
    "status.secondary": {"ko": "2차 자료", "en": "secondary source"},
    "status.derived": {"ko": "도출·추정한 값", "en": "worked out or estimated"},
    "status.none": {"ko": "자료 없음", "en": "not on record"},
    "note.dates": {
        "ko": "{fact}의 기준일이 서로 달라 그대로 견줄 수 없습니다: {dates}.",
        "en": "The dates differ, so the figures do not compare directly ({fact}): {dates}.",
    },
    "note.kinds.price": {
        "ko": "분양가는 단위가 서로 다릅니다(㎡당, 3.3㎡당).",
        "en": "Prices are per ㎡ in some places and per 3.3 ㎡ in others.",
    },
    "note.kinds.planned": {
        "ko": "전체 면적은 혁신도시는 클러스터 계획 면적, 특구는 지정 구역 전체라 서로 다른 것입니다.",
        "en": "The total area is that of the cluster in an innovation city and of the whole zone elsewhere: two different things.",
    },
    "headline.left": {
        "ko": "용지가 남아 있다는 기록은 {places}에 있습니다.",
        "en": "Land is on record as left in {places}.",
    },
    "headline.states": {"ko": "{states} 상태입니다.", "en": "{states}."},
    "headline.state": {"ko": "{places} ‘{state}’{dated}", "en": "{places}: {state}{dated}"},
    "headline.tax_equal": {
        "ko": "이전 세금 감면 기간은 모두 같습니다: {value}{dated}.",
        "en": "The years of tax relief are the same: {value}{dated}.",
    },
    "headline.tax": {
        "ko": "이전 세금 감면은 {best} 가장 깁니다: {value}{dated}. 가장 짧은 곳은 {worst}: {least}{least_dated}.",
        "en": "Tax relief lasts longest in {best}: {value}{dated}. It is shortest in {worst}: {least}{least_dated}.",
    },
    "headline.plain": {
        "ko": "말씀하신 항목을 표로 비교했습니다. 각 값의 기준일을 함께 봐 주세요.",
        "en": "Here is what you asked for, side by side. Mind the date of each value.",
    },
    "limited": {
        "ko": "한 번에 다섯 곳까지 비교하므로 앞의 다섯 곳만 보여 드립니다. 뺀 곳: {names}.",
        "en": "Up to five places can be compared at once, so these are the first five. Left out: {names}.",
    },
    "no_district": {
        "ko": "{names}에는 혁신도시나 도심융합특구 자료가 없어 비교하지 못했습니다.",
        "en": "Not compared, since no innovation city or zone is on record there: {names}.",
    },
    "pair": {"ko": "{first} {second}", "en": "{first} and {second}"},
    "pair.ask": {
        "ko": "{first} {second} 비교해 주세요",
        "en": "Please compare {first} and {second}",
    },
    "download.csv": {"ko": "표 내려받기(CSV)", "en": "Download the table (CSV)"},
    "print.sources": {"ko": "출처", "en": "Sources"},
    "print.notes": {"ko": "함께 볼 점", "en": "Please note"},
    "print.printed": {"ko": "{date} 출력 · 자료 판 {release}", "en": "Printed on {date} · release {release}"},
    "print.how": {
        "ko": "종이나 PDF로 남기려면 브라우저의 인쇄 기능을 쓰세요.",
        "en": "Use your browser's print function to keep it on paper or as PDF.",
    },
    "print.other": {"ko": "English", "en": "한국어"},
    "problem.places": {
        "ko": "places에 모르는 값이 있습니다: {names}. 쓸 수 있는 값: {allowed}",
        "en": "Unknown value in places: {names}. Allowed: {allowed}",
    },
    "problem.count": {
        "ko": "places에는 서로 다른 값이 {fewest}개에서 {most}개까지 있어야 하는데 {count}개입니다. 쓸 수 있는 값: {allowed}",
        "en": "places must hold {fewest} to {most} different values but holds {count}. Allowed: {allowed}",
    },
    "problem.facts": {
        "ko": "facts에 모르는 값이 있습니다: {names}. 쓸 수 있는 값: {allowed}",
        "en": "Unknown value in facts: {names}. Allowed: {allowed}",
    },
}  # fmt: skip


def compared(key: str, language: str, **values: object) -> str:
    """The words of `key` in `ko` or `en`, with `{names}` filled in. Raises KeyError for an unknown key."""
    text = WORDS_COMPARISON[key][language]
    return text.format(**values) if values else text


def figure_words(fact: LandFact, language: str) -> str:
    """The value of a numeric fact with its unit: `415,000㎡(약 125,538평)`, `92.8%`, `3.3㎡당 1,750,000원`."""
    value = float(fact.value)
    if fact.unit == "m2":
        return area_words(value, language)
    if fact.unit == "%":
        return f"{value:g}%"
    per = fact.unit.replace("KRW/", "").replace("m2", "㎡")
    return compared("price", language, per=per, won=f"{value:,.0f}")
