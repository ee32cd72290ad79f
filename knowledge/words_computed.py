"""Words of computed answers, `{key: (Korean, English)}`: metrics, sentences, bounds and the labels of rows."""

from __future__ import annotations

_WORDS = {
    "planned_area": ("혁신도시 클러스터 계획 면적", "planned cluster area"),
    "designated_area": ("도심융합특구 지정 면적", "designated zone area"),
    "remaining_area": ("클러스터에 남은 면적", "cluster area left"),
    "unsold_area": ("클러스터 미분양 면적", "unsold cluster area"),
    "unsold_area_estimate": ("클러스터에 남은 면적 추정치", "estimated cluster area left"),
    "sold_share": ("클러스터 용지 분양률", "share of cluster land sold"),
    "occupied_share_of_sold": ("분양된 용지의 이용률", "share of the sold land in use"),
    "tenant_firms": ("클러스터 입주기업 수", "number of tenant firms"),
    "lots": ("클러스터 필지 수", "number of cluster lots"),
    "price": ("클러스터 용지 분양가", "price of cluster land"),
    "project_cost": ("도심융합특구 사업비(계획)", "planned project cost of the zone"),
    "relief_full": ("이전기업 소득세·법인세 100% 감면 기간", "period of 100% income or corporate tax relief"),
    "relief_half": ("이전기업 소득세·법인세 50% 감면 기간", "period of 50% income or corporate tax relief"),
    "relief_total": ("이전기업 소득세·법인세 감면 기간의 합", "total period of income or corporate tax relief"),
    "extreme": (
        "{date} 기준 {n}곳 가운데 {metric} 가장 {degree} 곳은 {places}이며, {value}입니다.",
        "Of the {n} places with a figure as of {date}, {places} {has} the {degree} {metric}: {value}.",
    ),
    "all_equal": (
        "{date} 기준 {n}곳의 {metric} 모두 {value}입니다.",
        "As of {date}, the {metric} is the same in all {n} places: {value}.",
    ),
    "nth": (
        "{date} 기준 {n}곳 가운데 {metric} {number}번째로 {degree} 곳은 {places}이며, {value}입니다.",
        "Of the {n} places with a figure as of {date}, {places} {has} the {ordinal} {degree} {metric}: {value}.",
    ),
    "before": ("그보다 앞선 곳: {places}.", "Ahead of it: {places}."),
    "list": (
        "{date} 기준 {n}곳을 {metric} {degree} 순으로 보면 {places}입니다.",
        "By {metric}, {degree} first, of {n} places as of {date}: {places}.",
    ),
    "rank": (
        "{date} 기준 {places}의 {metric} {value}이며, {n}곳 가운데 {degree} 순으로 {number}입니다.",
        "As of {date}, {places} ranks {number} of {n} places by {metric}, {degree} first: {value}.",
    ),
    "met": (
        "{date} 기준 {n}곳 가운데 {metric} {condition}인 곳은 {count}곳입니다: {places}.",
        "As of {date}, {count} of the {n} places with a figure have a {metric} of {condition}: {places}.",
    ),
    "met_none": (
        "{date} 기준 {n}곳 가운데 {metric} {condition}인 곳은 없습니다.",
        "As of {date}, none of the {n} places with a figure has a {metric} of {condition}.",
    ),
    "than": (
        "{date} 기준 {metric} {place}({value})보다 {degree} 곳은 {count}곳입니다: {places}.",
        "As of {date}, {count} of {n} other places have a {degree} {metric} than {place} ({value}): {places}.",
    ),
    "than_none": (
        "{date} 기준 {n}곳 가운데 {metric} {place}({value})보다 {degree} 곳은 없습니다.",
        "As of {date}, none of {n} other places has a {degree} {metric} than {place} ({value}).",
    ),
    "compare": (
        "{date} 기준 {metric} {first} {first_value}, {second} {second_value}이고, {first} 쪽이 {gap} 더 {degree}.",
        "As of {date}, the {metric} is {first_value} in {first} and {second_value} in {second}: {gap} {degree} in {first}.",
    ),
    "equal": (
        "{date} 기준 {metric} {first}, {second} 모두 {first_value}입니다.",
        "As of {date}, the {metric} is the same in {first} and {second}: {first_value}.",
    ),
    "ratio": (
        "{date} 기준 {metric} {first} {first_value}, {second} {second_value}이고, {first} 쪽이 {ratio}배입니다.",
        "As of {date}, the {metric} is {first_value} in {first} and {second_value} in {second}: {ratio} times as much in {first}.",
    ),
    "sum": (
        "{date} 기준 {n}곳의 {metric} 모두 더하면 {value}입니다({n}개 행의 합).",
        "As of {date}, the {metric} of {n} places adds up to {value} (a sum of {n} rows).",
    ),
    "part": (
        "{date} 기준 {place}의 {metric} {value}로, {n}곳을 모두 더한 {total}의 {share}입니다.",
        "As of {date}, the {metric} of {place} is {value}: {share} of the {total} that {n} places add up to.",
    ),
    "mean": (
        "{date} 기준 {n}곳의 {metric} 단순 평균하면 {value}입니다({n}개 행의 평균).",
        "As of {date}, the plain mean of the {metric} of {n} places is {value} (a mean of {n} rows).",
    ),
    "age": (
        "{years}년 전 수치라 지금과 다를 수 있으니, 현재 값은 담당 기관에 확인해 주세요.",
        "These are {years}-year-old figures and may differ today; confirm the present ones with the office.",
    ),
    "elsewhen": (
        "같은 기준의 수치가 없어 비교하지 않은 곳: {places}.",
        "Not compared, since their figures are of another date or kind: {places}.",
    ),
    "lacking": ("이 수치가 확인되지 않은 곳: {places}.", "No such figure is on record for: {places}."),
    "excluded": ("물으신 대로 뺀 곳: {places}.", "Left out as you asked: {places}."),
    "sources": (
        "출처가 {count}가지이므로 각 행의 출처를 함께 봐 주세요.",
        "The figures come from {count} sources, named on each row.",
    ),
    "over": ("{value} 초과", "more than {value}"),
    "from": ("{value} 이상", "at least {value}"),
    "under": ("{value} 미만", "less than {value}"),
    "to": ("{value} 이하", "at most {value}"),
    "is": ("{value}", "exactly {value}"),
    "label.rank": ("순위", "rank"),
    "rank.number": ("{number}위", "{number}."),
    "rank.single": ("{number}위", "{number}"),
    "rank.shared": ("공동 {number}위", "joint {number}"),
    "over_time.up": (
        "{place}의 {metric} {first}({first_date})에서 {second}({second_date})로 {gap} 늘었습니다.",
        "{place}: the {metric} rose from {first} ({first_date}) to {second} ({second_date}), by {gap}.",
    ),
    "over_time.down": (
        "{place}의 {metric} {first}({first_date})에서 {second}({second_date})로 {gap} 줄었습니다.",
        "{place}: the {metric} fell from {first} ({first_date}) to {second} ({second_date}), by {gap}.",
    ),
    "over_time.same": (
        "{place}의 {metric} {first_date}와 {second_date} 모두 {first}입니다.",
        "{place}: the {metric} was {first} on both dates ({first_date} and {second_date}).",
    ),
    "points": ("{value}%p", "{value} percentage points"),
    "worked.sum": ("합계", "Sum"),
    "worked.mean": ("평균", "Mean"),
    "worked.compare": ("차이", "Difference"),
    "worked.spread": ("차이", "Difference"),
    "worked.ratio": ("비율", "Ratio"),
    "worked.part": ("전체에서 차지하는 비율", "Share of the whole"),
    "worked.met": ("해당하는 곳", "Places that qualify"),
    "worked.than": ("해당하는 곳", "Places that qualify"),
    "worked.times": ("{value}배", "{value} times"),
    "worked.places": ("{value}곳", "{value}"),
    "worked.quotient": ("나눈 값", "Quotient"),
    "quoted.title": ("인용한 수치로 계산한 값", "Worked out from the figures quoted"),
    "quoted.line": ("위 두 수치로 계산하면 {calculation}입니다.", "Worked out from the two figures above: {calculation}."),
    "worked.pyeong": ("평으로 환산", "In pyeong"),
    "quoted.pyeong": ("위 면적은 {calculation}입니다.", "The area above is {calculation}."),
    "quoted.share": ("{small}은 {large}의 {share}(차이 {less})", "{small} is {share} of {large} ({less} less)"),
    "quoted.calculation": ("계산", "calculation"),
    "quoted.note": ("인용한 문장의 두 수치를 계산한 값", "worked out from two figures of the sentences quoted"),
    "worked.note": ("위 {n}개 행에서 계산한 값", "worked out from the {n} rows above"),
}  # fmt: skip


def phrase(key: str, language: str, **values: object) -> str:
    """The words of `key` in `ko` or `en`, with `{names}` filled in. Raises KeyError for an unknown key."""
    text = _WORDS[key][0 if language == "ko" else 1]
    return text.format(**values) if values else text
