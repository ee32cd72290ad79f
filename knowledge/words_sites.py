"""Words of the ranking of sites: one entry a reason code, Korean and English, and how their figures are shown."""

from __future__ import annotations

from datetime import date
from typing import Any

from knowledge.gazetteer import Gazetteer
from knowledge.site_reasons import Reason
from knowledge.source import age_in_years

# Older than this, in whole years, a figure says its age.
_OLD = 2
PYEONG_M2 = 400 / 121
_AREAS = frozenset({"wanted", "left", "total", "area"})
_WON = frozenset({"budget", "cost", "price", "least"})
_KINDS = {"facility": "facility_type", "industry": "industry", "programme": "programme"}

WORDS_SITES: dict[str, dict[str, str]] = {
    "kind.for": {"ko": "맞는 점", "en": "Speaks for it"},
    "kind.against": {"ko": "걸리는 점", "en": "Speaks against it"},
    "kind.rules_out": {"ko": "제외한 까닭", "en": "Why it is left out"},
    "kind.unknown": {"ko": "확인할 점", "en": "To be checked"},
    "as_of": {"ko": "{date} 기준", "en": "as of {date}"},
    "age": {"ko": "{years}년 전", "en": "{years} years ago"},
    "status.derived": {"ko": "도출·추정한 값", "en": "worked out or estimated"},
    "status.secondary": {"ko": "2차 자료", "en": "secondary source"},
    "region.wished": {"ko": "말씀하신 지역에 있습니다.", "en": "It lies in a place you named."},
    "region.other": {"ko": "말씀하신 지역 밖에 있습니다.", "en": "It lies outside the places you named."},
    "region.only": {
        "ko": "말씀하신 지역만 찾기로 하셔서 뺐습니다.",
        "en": "You asked for the places you named only.",
    },
    "programme.wished": {
        "ko": "말씀하신 {programme}입니다.",
        "en": "It is of the programme you named ({programme}).",
    },
    "programme.other": {
        "ko": "말씀하신 제도({programme})의 구역이 아닙니다.",
        "en": "It is not of the programme you named ({programme}).",
    },
    "programme.only": {
        "ko": "말씀하신 제도({programme})만 찾기로 하셔서 뺐습니다.",
        "en": "You asked for one programme only ({programme}).",
    },
    "land.left": {
        "ko": "기록된 남은 클러스터 용지는 {left}입니다({dated}). 지금도 남아 있는지는 확인해야 합니다.",
        "en": "Cluster land left on record: {left} ({dated}). Whether it is still left must be confirmed.",
    },
    "land.left_some": {
        "ko": "용지가 남아 있다는 기록이 있으나 면적은 나와 있지 않습니다({dated}).",
        "en": "Land is on record as left, without an area ({dated}).",
    },
    "land.small_rest": {
        "ko": "전체의 {rest}%쯤만 남아 있던 기록이어서({dated}) 그 뒤에 다 나갔을 수 있습니다.",
        "en": "Only about {rest} % was left then ({dated}), so all may be gone by now.",
    },
    "land.unknown": {
        "ko": "지금 남은 용지가 있는지 알려 주는 최근 기록이 없습니다.",
        "en": "No recent record says whether land is left.",
    },
    "land.no_record": {"ko": "용지에 대한 기록이 없습니다.", "en": "There is no record of its land."},
    "land.resale_only": {
        "ko": "첫 분양이 끝나, 입주승인을 받고 지금 소유자에게서 사거나 빌리는 길만 남아 있습니다({dated}).",
        "en": "First sale is over: the only way in is to buy or rent from a present owner, with admission approval ({dated}).",
    },
    "land.not_on_sale": {
        "ko": "특구로 지정되었지만({dated}) 용지를 분양한다는 공고는 찾지 못했습니다.",
        "en": "The zone is designated ({dated}), but no notice of land on sale was found.",
    },
    "land.not_offered": {
        "ko": "이전 기업에 공급하는 용지가 있는 곳이 아닙니다({dated}).",
        "en": "No land is offered to relocating companies here ({dated}).",
    },
    "land.none": {
        "ko": "산학연 클러스터 용지가 없는 곳입니다({dated}).",
        "en": "It has no cluster land at all ({dated}).",
    },
    "area.enough": {
        "ko": "필요한 면적은 {wanted}, 기록된 남은 면적은 {left}입니다({dated}). 한 필지의 크기는 확인해야 합니다.",
        "en": "You need {wanted}; {left} was on record as left ({dated}). The size of a single lot must be confirmed.",
    },
    "area.short": {
        "ko": "필요한 면적은 {wanted}인데 기록된 남은 용지는 {left}뿐입니다({dated}).",
        "en": "You need {wanted}, but only {left} was on record as left ({dated}).",
    },
    "area.over_total": {
        "ko": "필요한 면적은 {wanted}인데 전체 면적이 {total}입니다({dated}).",
        "en": "You need {wanted}, but the whole area is {total} ({dated}).",
    },
    "area.unknown": {
        "ko": "필요한 면적 {wanted}만큼 구할 수 있는지 기록이 없습니다.",
        "en": "No record says whether {wanted} can be had.",
    },
    "area.last": {
        "ko": "지금 남은 면적은 알 수 없습니다. 마지막 기록은 {left}입니다({dated}).",
        "en": "What is left now is not known; the last figure is {left} ({dated}).",
    },
    "area.floor": {
        "ko": "필요한 {wanted}만큼 건물 공간이 나와 있는지는 기록이 없습니다.",
        "en": "No record says whether {wanted} of floor space is on offer.",
    },
    "price.within": {
        "ko": "예전 가격(㎡당 약 {price}, {dated})으로 셈하면 {area}에 약 {cost}으로, 토지 예산 {budget} 안에 듭니다. 지금 가격이 아닙니다.",
        "en": "At a past price (about {price} per ㎡, {dated}), {area} comes to about {cost}, within your land budget of {budget}. It is not today's price.",
    },
    "price.over": {
        "ko": "예전 가격(㎡당 약 {price}, {dated})으로 셈해도 {area}에 약 {cost}으로, 토지 예산 {budget}을 넘습니다. 지금 가격이 아닙니다.",
        "en": "Even at a past price (about {price} per ㎡, {dated}), {area} comes to about {cost}, over your land budget of {budget}. It is not today's price.",
    },
    "price.unknown": {
        "ko": "가격 기록이 없어 토지 예산 {budget}에 맞는지 알 수 없습니다.",
        "en": "No price is on record, so whether your land budget of {budget} is enough is not known.",
    },
    "facility.complex": {
        "ko": "구역 안에 산업단지가 있어 공장이 들어갈 가능성이 있습니다({dated}). 필지마다 확인해야 합니다.",
        "en": "An industrial complex lies within it, so a factory may fit ({dated}). Check lot by lot.",
    },
    "facility.no_complex": {
        "ko": "공장이 들어갈 산업용지의 기록이 없습니다. 허용 용도는 지방자치단체에 확인해야 합니다.",
        "en": "No industrial land for a factory is on record. Ask the local government for the permitted uses.",
    },
    "facility.fits.innovation_city": {
        "ko": "기업과 연구기관을 모으는 클러스터여서 {facility} 용도와 맞습니다. 자세한 용도 기준은 지방자치단체가 정합니다({dated}).",
        "en": "A cluster gathers firms and institutes, so the use ({facility}) fits. The local government sets the criteria ({dated}).",
    },
    "facility.fits.urban_convergence_zone": {
        "ko": "도심에 기업과 연구기관을 모으는 특구여서 {facility} 용도와 맞습니다. 용도 등의 조건이 붙을 수 있습니다({dated}).",
        "en": "The zone gathers firms and institutes in town, so the use ({facility}) fits. Conditions on use may be set ({dated}).",
    },
    "facility.unknown": {
        "ko": "{facility} 용도가 허용되는지 기록이 없습니다.",
        "en": "No record says whether the use is permitted ({facility}).",
    },
    "industry.named": {
        "ko": "{industry} 분야가 이곳이 내세운 산업에 들어 있습니다({note}, {dated}).",
        "en": "It names your industry ({industry}) among its own ({note}; {dated}).",
    },
    "industry.other": {
        "ko": "{industry} 분야는 이곳이 내세운 산업에 없습니다({dated}). 업종이 맞는지는 담당 기관에 확인해야 합니다.",
        "en": "It does not name your industry ({industry}) among its own ({dated}). Ask the office whether it is admitted.",
    },
    "industry.none_named": {
        "ko": "이곳이 내세운 업종이 자료에 없습니다. 업종이 맞는지는 담당 기관에 확인해야 합니다.",
        "en": "The sources name no industry of its own. Ask the office whether yours is admitted.",
    },
    "start.after_plan": {
        "ko": "계획의 목표 연도가 {year}년이어서({dated}) {start} 시작에 맞을 수 있습니다. 계획은 늦어질 수 있습니다.",
        "en": "The plan's target year is {year} ({dated}), so a start in {start} may be possible. Plans may slip.",
    },
    "start.before_plan": {
        "ko": "계획의 목표 연도가 {year}년이어서({dated}) {start} 시작에 맞추기 어려울 수 있습니다.",
        "en": "The plan's target year is {year} ({dated}), so a start in {start} may come too early.",
    },
    "start.unknown": {
        "ko": "언제 분양하는지 기록이 없어 {start} 시작에 맞출 수 있는지 알 수 없습니다.",
        "en": "No record says when land will be sold, so whether a start in {start} is possible is not known.",
    },
    "tax.years": {
        "ko": "{place}: 이전 뒤 법인세(개인사업자의 공장은 소득세)가 {full}년간 100%, 이어 {half}년간 50% 감면될 수 있습니다({dated}). 요건과 한도가 있어 세무서 확인이 필요합니다.",
        "en": "{place}: corporate tax (income tax for a sole proprietor's factory) may fall by 100 % for {full} years, then 50 % for {half} ({dated}). Tests and a ceiling apply; the tax office must confirm.",
    },
    "tax.years_if": {
        "ko": "{place}: 과밀억제권역의 본사나 공장을 옮기는 경우라면 법인세 등이 {full}년간 100%, 이어 {half}년간 50% 감면될 수 있습니다({dated}). 해당하는지 확인해야 합니다.",
        "en": "{place}: if you move a head office or factory out of the overconcentration zone, corporate tax may fall by 100 % for {full} years, then 50 % for {half} ({dated}). Whether that is so must be checked.",
    },
    "tax.years_late": {
        "ko": "{place}: 이전 감면은 {full}년간 100%, 이어 {half}년간 50%이지만({dated}) {deadline}까지 사업을 시작해야 합니다. 계획의 목표 연도가 그보다 늦어 받을 수 있는지 확실하지 않습니다.",
        "en": "{place}: the relief is 100 % for {full} years, then 50 % for {half} ({dated}), but business must start by {deadline}. The plan's target year is later, so it may come too late.",
    },
    "tax.years_in_complex": {
        "ko": "{place}: 중소기업이 아니면 산업단지 구역에 공장이 들어가야 합니다. 그 구역이라면 법인세 등이 {full}년간 100%, 이어 {half}년간 50% 감면될 수 있습니다({dated}).",
        "en": "{place}: a factory of a company that is no SME must enter an industrial complex. Inside one, corporate tax may fall by 100 % for {full} years, then 50 % for {half} ({dated}).",
    },
    "tax.no_complex": {
        "ko": "중소기업이 아닌 기업이 광역시로 공장을 옮기면 산업단지에 들어가야 이전 감면을 받을 수 있는데({dated}), 산업단지의 기록이 없습니다.",
        "en": "A company that is no SME gets relief for a factory in a metropolitan city only inside an industrial complex ({dated}), and none is on record here.",
    },
    "tax.capital": {
        "ko": "수도권이어서 지방이전 세금 감면이 적용되지 않는 것으로 판단됩니다({dated}).",
        "en": "It lies in the capital region, so relocation tax relief appears not to apply ({dated}).",
    },
    "tax.origin": {
        "ko": "이전 세금 감면은 과밀억제권역에서 옮기는 기업을 위한 것이어서 받기 어려워 보입니다({dated}).",
        "en": "Relocation relief is for companies that leave the overconcentration zone, so it is unlikely here ({dated}).",
    },
    "tax.facility": {
        "ko": "이전 세금 감면은 본사와 공장을 위한 것이어서 받기 어려워 보입니다({dated}).",
        "en": "Relocation relief is for head offices and factories, so it is unlikely here ({dated}).",
    },
    "tax.years_there": {
        "ko": "이전 세금 감면을 받으려면 옮기기 전 {years}년 이상 운영했어야 하므로({dated}) 받기 어려워 보입니다.",
        "en": "Relocation relief asks for {years} years of business before the move ({dated}), so it is unlikely here.",
    },
    "tax.deadline": {
        "ko": "이전 세금 감면은 {deadline}까지 사업을 시작해야 하므로({dated}) 받기 어려워 보입니다. 보유한 땅에 새로 짓는 경우는 세무서에 확인해야 합니다.",
        "en": "Relocation relief asks for a start by {deadline} ({dated}), so it is unlikely here. Ask the tax office about a new building on land already held.",
    },
    "tax.industry": {
        "ko": "본사 이전 감면에서 제외되는 업종({industry})이어서 받기 어려워 보입니다({dated}).",
        "en": "Head-office relief leaves out this industry ({industry}), so it is unlikely here ({dated}).",
    },
    "tax.headcount": {
        "ko": "본사 이전 감면은 옮긴 본사의 근무 인원이 {staff}명 이상이어야 하므로({dated}) 지금 인원으로는 받기 어려워 보입니다.",
        "en": "Head-office relief asks for at least {staff} staff at the new head office ({dated}), so it is unlikely with the number given.",
    },
    "tax.investment": {
        "ko": "본사 이전 감면은 옮긴 본사에 {least} 이상 투자해야 하므로({dated}) 지금 계획으로는 받기 어려워 보입니다.",
        "en": "Head-office relief asks for an investment of at least {least} at the new head office ({dated}), so it is unlikely with the sum given.",
    },
    "next.left": {
        "ko": "다음 단계: {office}에 지금 남은 필지와 가격 확인",
        "en": "Next: ask {office} which lots are left and at what price",
    },
    "next.unknown": {
        "ko": "다음 단계: {office}에 남은 필지가 있는지 확인",
        "en": "Next: ask {office} whether any lot is left",
    },
    "next.resale_only": {
        "ko": "다음 단계: {office}에 나온 매물과 입주승인 절차 확인",
        "en": "Next: ask {office} for sites on offer and how to get admission approval",
    },
    "next.not_on_sale": {
        "ko": "다음 단계: {office}에 용지 공급 시기 확인",
        "en": "Next: ask {office} when land will be supplied",
    },
    "next.none": {
        "ko": "다음 단계: {office}에 들어갈 수 있는 건물 확인",
        "en": "Next: ask {office} which buildings have room",
    },
    "next.not_offered": {
        "ko": "다음 단계: {office}에 들어갈 수 있는 건물과 특례 확인",
        "en": "Next: ask {office} which buildings have room and which special rules apply",
    },
    "next.no_record": {
        "ko": "다음 단계: {office}에 들어갈 수 있는 곳 확인",
        "en": "Next: ask {office} where there is room",
    },
}


def reason_words(reason: Reason, language: str, today: date, gazetteer: Gazetteer) -> str:
    """A reason as one or two sentences in `ko` or `en`, its figures with their date, and their age from two years on."""
    values = {key: _shown(key, value, language, gazetteer) for key, value in reason.values.items()}
    for name in ("note", "place"):
        if f"{name}_{language}" in values:
            values[name] = values[f"{name}_{language}"]
    text = WORDS_SITES[reason.code][language].format(dated=dated_words(reason, language, today), **values)
    text = text.replace(" ()", "").replace("()", "")
    return text[:1].upper() + text[1:]


def dated_words(reason: Reason, language: str, today: date) -> str:
    """`2021-12 기준, 4년 전, 도출·추정한 값`: date, age from two years on, and what the figure is where not read in its source."""
    parts = []
    if reason.as_of:
        parts.append(WORDS_SITES["as_of"][language].format(date=reason.as_of))
        years = age_in_years(reason.as_of, today)
        if years >= _OLD:
            parts.append(WORDS_SITES["age"][language].format(years=years))
    if status := WORDS_SITES.get(f"status.{reason.status}"):
        parts.append(status[language])
    return ", ".join(parts)


def _shown(key: str, value: Any, language: str, gazetteer: Gazetteer) -> str:
    if key in _AREAS:
        return area_words(value, language)
    if key in _WON:
        return won_words(value, language)
    if key in _KINDS:
        entry = gazetteer.get(_KINDS[key], value)
        return entry.name(language) if entry else str(value)
    if isinstance(value, date):
        return f"{value.year}년 {value.month}월" if language == "ko" else f"{value:%Y-%m}"
    return str(value)


def area_words(square_metres: float, language: str) -> str:
    """`30,000㎡(약 9,075평)`."""
    pyeong = square_metres / PYEONG_M2
    return (
        f"{square_metres:,.0f}㎡(약 {pyeong:,.0f}평)"
        if language == "ko"
        else f"{square_metres:,.0f} ㎡ (about {pyeong:,.0f} pyeong)"
    )


def won_words(won: float, language: str) -> str:
    """`14억 4,547만 원` from a hundred million won on, to the nearest ten thousand; below, and in English, in full."""
    if language == "en":
        return f"KRW {won:,.0f}"
    hundred_millions, rest = divmod(round(won / 1e4), 10_000)
    if not hundred_millions:
        return f"{won:,.0f}원"
    return f"{hundred_millions:,}억 {rest:,}만 원" if rest else f"{hundred_millions:,}억 원"
