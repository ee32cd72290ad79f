"""What the assistant says besides quoting: one table, Korean and English, so that no sentence is written twice."""

from __future__ import annotations

_WORDS = {
    "no_answer.nothing_found": (
        "확인된 자료에서 이 질문의 답을 찾지 못했습니다. 지역이나 제도 이름을 넣어 다시 물어보시거나, 아래 버튼으로 담당 기관 연락처를 확인해 주세요.",
        "The sources do not answer this. Try again with the name of a place or programme, or use the button below for the office to ask.",
    ),
    "no_answer.unheard": (
        "자료 어디에도 {matters} 이야기가 없습니다.",
        "No document speaks of {matters}.",
    ),
    "no_answer.place": (
        "물어보신 지역에 대한 내용은 확인된 자료에 없습니다. 다른 지역의 내용으로 대신 답하지 않겠습니다. 관할 시·군·구나 시·도에 문의해 주세요.",
        "The sources say nothing about that place, and another place's figures would not answer for it. Please ask the city or province.",
    ),
    "no_answer.year": (
        "물어보신 연도의 내용은 확인된 자료에 없습니다. 다른 연도의 수치로 대신 답하지 않겠습니다.",
        "The sources hold nothing for that year, and another year's figure would not answer for it.",
    ),
    "no_answer.figure": (
        "물어보신 수치는 확인된 자료에 없습니다. 추정해서 말씀드리지 않겠습니다. 아래 버튼으로 담당 기관 연락처를 확인해 주세요.",
        "The sources do not give the figure you ask for, and I do not guess. Use the button below for the office to ask.",
    ),
    "no_answer.past": (
        "찾은 자료는 이미 효력이 끝났거나 다른 자료로 바뀌었습니다. 지금 적용되는 내용으로 안내하지 않겠습니다. 아래 버튼으로 담당 기관 연락처를 확인해 주세요.",
        "What the sources hold on this has expired or was replaced, so I do not give it as what applies now. Use the button below for the office to ask.",
    ),
    "no_answer.doubtful": (
        "관련 자료를 찾았지만 그 수치가 원문에서 손상되어 있어 말씀드리지 않습니다. 아래 버튼으로 담당 기관 연락처를 확인해 주세요.",
        "I found a document on this, but its figures are damaged in the text, so I do not repeat them. Use the button below for the office to ask.",
    ),
    "doubtful_figure": (
        "※ {numbers}의 수치는 점검에서 의심스러운 점이 발견되었습니다. 쓰기 전에 담당 기관에 확인해 주세요.",
        "Note: a check found the figures of {numbers} doubtful. Confirm them with the office before you rely on them.",
    ),
    "standing.not_yet": (
        "※ {numbers}은(는) {day}부터 시행되며, 아직 시행 전입니다.",
        "Note: {numbers} takes effect on {day} and does not apply yet.",
    ),
    "standing.expired": (
        "※ {numbers}은(는) {day}까지의 내용으로, 지금은 적용되지 않습니다.",
        "Note: {numbers} held until {day} and no longer applies.",
    ),
    "standing.superseded": (
        "※ {numbers}은(는) 이후 다른 자료로 바뀐 예전 내용입니다.",
        "Note: {numbers} was replaced by a later document.",
    ),
    "withheld": (
        "[손상된 수치가 있어 이 문장은 보이지 않습니다]",
        "[this sentence is withheld: its figures are damaged]",
    ),
    "unlikely": (
        "물으신 것에 꼭 맞는 답이 아닐 수 있습니다. 자료에서 가장 가까운 내용입니다.",
        "This may not be the answer to your question; it is the nearest that the sources hold.",
    ),
    "partial.part": (
        "다음 부분은 확인된 자료에서 답을 찾지 못했습니다: “{part}”",
        "The sources do not answer this part: “{part}”",
    ),
    "partial.place": (
        "{places}에 대해서는 확인된 자료에 내용이 없습니다.",
        "The sources say nothing on this about {places}.",
    ),
    "old_figure": (
        "※ 오래된 수치가 들어 있습니다: {dates}. 현재 값은 담당 기관에 확인해 주세요.",
        "Note: old figures: {dates}. Please confirm the present values with the office.",
    ),
    "old_figure.date": (
        "{numbers} {as_of} 기준({years}년 전)",
        "{numbers} as of {as_of} ({years} years ago)",
    ),
    "other_language": ("(영어 자료의 원문입니다: {summary})", "(quoted from a Korean document: {summary})"),
    "contradiction": (
        "※ {numbers}의 값은 자료마다 다릅니다: “{title}”에는 {value}({as_of})로 나옵니다. {newer}",
        "Note: sources differ on {numbers}: “{title}” gives {value} ({as_of}). {newer}",
    ),
    "contradiction.this": ("위에 인용한 자료가 더 최근입니다.", "The one quoted above is newer."),
    "contradiction.other": ("그 자료가 더 최근입니다.", "That one is newer."),
    "contradiction.unknown": ("어느 쪽이 더 최근인지는 알 수 없습니다.", "Which is newer is not known."),
    "contradiction.undated": ("날짜 없음", "undated"),
    "read_as": ("‘{typed}’을(를) ‘{meant}’(으)로 읽었습니다.", "I read ‘{typed}’ as ‘{meant}’."),
    "which_meant": ("‘{typed}’은(는) 어느 곳을 말씀하시나요?", "Which of these do you mean by ‘{typed}’?"),
    "term": ("{term}: {meaning}", "{term}: {meaning}"),
    "scope.out_of_scope": (
        "제가 아는 범위 밖의 질문입니다. 혁신도시·도심융합특구로의 기업 이전과 그 지원에 대해 답해 드립니다.",
        "That is outside what I know. I answer on moving a company to innovation cities, urban convergence special zones and related support.",
    ),
    "scope.out_of_scope_property": (
        "개인 부동산 거래나 투자에 대해서는 안내하지 않습니다. 실거래가는 국토교통부 실거래가 공개시스템(rt.molit.go.kr)에서 확인하실 수 있고, 기업이 들어갈 클러스터 용지는 제가 찾아 드릴 수 있습니다.",
        "I do not advise on private property or investment. For actual transaction prices see the land ministry's disclosure system (rt.molit.go.kr); for company sites in a cluster, ask me about land.",
    ),
    "scope.out_of_scope_agency": (
        "다른 기관에서 담당하는 업무입니다. 정부민원안내 콜센터(국번 없이 110)나 정부24(gov.kr)에서 담당 기관을 안내받으실 수 있습니다.",
        "Another office answers that. The government call centre (dial 110) or gov.kr leads to the right one.",
    ),
    "land.lead.all": (
        "혁신도시 클러스터 용지의 마지막으로 확인된 상황입니다.",
        "This is the last known state of innovation-city cluster land.",
    ),
    "land.lead.place": (
        "{places}의 클러스터·특구 토지에 대해 확인된 내용입니다.",
        "This is what is known of cluster or zone land in {places}.",
    ),
    "land.lead.area": (
        "{area} 이상 남아 있던 것으로 확인되는 곳을 먼저 보여 드립니다. 한 필지의 크기는 LH나 시·도에 확인해야 합니다.",
        "Places last known to have at least {area} left come first. Ask LH or the province for the size of a single lot.",
    ),
    "land.not_live": (
        "실시간 분양 목록이 아니라 각 기준일의 기록입니다. 지금 살 수 있는지는 담당 기관에 확인해 주세요.",
        "These are records of the dates shown, not a live list. Confirm with the office what can be bought now.",
    ),
    "land.none_here": (
        "{places}에는 클러스터 용지나 도심융합특구 자료가 없습니다. 다른 지역을 골라 주세요.",
        "There is no cluster or convergence-zone land on record in {places}. Please choose another place.",
    ),
    "land.left": ("남은 용지 기록 있음", "land left on record"),
    "land.none": ("클러스터 용지 없음", "no cluster land"),
    "land.resale_only": ("첫 분양 완료, 재매입만 가능", "first sale over, resale only"),
    "land.unknown": ("최근 기록 없음", "no recent record"),
    "land.not_on_sale": ("분양 기록 없음", "no sale on record"),
    "land.not_offered": ("이전 기업 공급 대상 아님", "not offered to relocating companies"),
    "label.left": ("남은 면적", "area left"),
    "label.planned": ("전체 면적", "total area"),
    "label.sold": ("분양률", "sold share"),
    "label.price": ("과거 분양가", "past price"),
    "label.state": ("상태", "state"),
    "label.benefit": ("내용", "benefit"),
    "label.period": ("기간", "period"),
    "label.conditions": ("조건", "conditions"),
    "label.deadline": ("기한", "deadline"),
    "label.law": ("근거", "legal basis"),
    "label.meaning": ("뜻", "meaning"),
    "term.title": ("용어 설명", "Terms"),
    "vague": (
        "무엇을 물어보시는지 조금 더 알려 주세요. 아래에서 고르셔도 됩니다.",
        "Please tell me a little more of what you are asking, or choose below.",
    ),
    "label.clawback": ("추징", "clawback"),
    "label.phone": ("전화", "phone"),
    "label.web": ("누리집", "website"),
    "label.for": ("담당", "answers for"),
    "as_of": ("{date} 기준", "as of {date}"),
    "years_old": ("{years}년 전", "{years} years ago"),
    "status.verified": ("출처에서 확인", "read in the source"),
    "status.secondary": ("2차 자료", "secondary source"),
    "status.derived": (
        "도출하거나 추정한 값, 담당 기관 확인 필요",
        "worked out or estimated, to be confirmed with the office",
    ),
    "demo": ("시연용 자료", "demonstration data"),
    "incentives.years": (
        "{place} {what} 옮기면 법인세(개인사업자의 공장은 소득세)가 {full_years}년간 {full}%, 그 뒤 {half_years}년간 {half}% 감면될 수 있습니다.",
        "Moving a {what} to {place} can bring {full} % relief from corporate tax (income tax for a sole proprietor's factory) for {full_years} years, then {half} % for {half_years} years.",
    ),
    "incentives.tests": (
        "과밀억제권역에서 3년 이상 운영하는 등의 요건과 감면 한도가 있고, 지역 구분은 법령에서 도출한 것이라 세무서나 세무사의 확인이 필요합니다.",
        "Tests apply (such as three years in the overconcentration control region) and a ceiling; the place's class is worked out from the law and must be confirmed by the tax office or a tax adviser.",
    ),
    "incentives.capital": (
        "{place} 지역은 수도권이어서 지방이전 세금 감면과 지방투자촉진보조금이 적용되지 않는 것으로 판단됩니다.",
        "{place} lies in the capital region, so relocation tax relief and the local investment subsidy appear not to apply.",
    ),
    "incentives.lead": (
        "조건에 맞을 수 있는 지원입니다. 적용을 보장하지 않으며, 각 항목의 조건과 근거를 확인해 주세요.",
        "These may fit. None is promised: check the conditions and legal basis of each.",
    ),
    "incentives.lead.place": (
        "{places} 이전에 해당할 수 있는 지원입니다. 적용을 보장하지 않습니다.",
        "These may fit a move to {places}. None is promised.",
    ),
    "incentives.none": (
        "조건에 맞는 지원을 확인된 자료에서 찾지 못했습니다.",
        "The sources hold no incentive that fits.",
    ),
    "incentives.tier": (
        "지방투자촉진보조금 비율은 그 지역의 균형발전 등급에 따라 다르므로, 등급을 먼저 시·군에 확인해야 합니다.",
        "The rate of the local investment subsidy depends on the place's tier; ask the city for its tier first.",
    ),
    "incentives.ask_place": ("어느 지역으로 옮기실 계획인가요?", "Which place do you plan to move to?"),
    "handoff": (
        "사람과 상담하시려면 아래 담당 기관에 연락해 주세요.",
        "To talk to a person, please contact the office below.",
    ),
    "handoff.no_phone": (
        "확인된 전화번호가 없어 기관 이름과 누리집을 안내해 드립니다.",
        "No phone number is confirmed; the office and its website are given.",
    ),
    "decision": (
        "개별 기업에 적용되는지는 제가 판단하거나 보장할 수 없습니다. 규정과 조건을 알려 드릴 수는 있으며, 판단은 아래 기관이 합니다.",
        "I cannot judge or guarantee that it applies to your company. I can tell the rules and conditions; the office below decides.",
    ),
    "follow_up.unclear": (
        "무엇을 알고 싶으신지 골라 주세요.",
        "Please choose what you would like to know.",
    ),
    "button.person": ("사람과 상담", "Talk to a person"),
    "button.incentives": ("{place} 지원", "Incentives in {place}"),
    "button.all_land": ("전체 지역 토지", "Land in all places"),
    "engine_down": (
        "지금은 대화 기능이 일부 멈춰 있어 자료 검색 결과로만 답합니다. 단계별 안내는 잠시 뒤 다시 이용해 주세요.",
        "Part of the dialogue is unavailable just now; this answer comes from the documents alone. Please try guided steps again later.",
    ),
    "switched": ("이제 한국어로 안내해 드리겠습니다.", "I will go on in English."),
    "failed": (
        "답을 만드는 중에 문제가 생겼습니다. 질문은 저장되어 있습니다. 잠시 뒤 다시 시도하시거나 담당 기관에 문의해 주세요.",
        "Something went wrong while answering. Your question is kept. Please try again shortly, or ask the office.",
    ),
}


def say(key: str, language: str, **values: object) -> str:
    """The words of `key` in `ko` or `en`, with `{names}` filled in. Raises KeyError for an unknown key."""
    text = _WORDS[key][0 if language == "ko" else 1]
    return text.format(**values) if values else text
