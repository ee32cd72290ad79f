"""What the guided steps ask, why they ask it, and the choices they offer. `{name: (Korean, English)}` throughout."""

from __future__ import annotations

Pair = tuple[str, str]

QUESTIONS: dict[str, Pair] = {
    "facility": ("무엇을 옮기시나요?", "What would you move?"),
    "size": ("기업 규모는 어떻게 되나요?", "How large is the company?"),
    "industry": ("어떤 업종인가요?", "What line of business are you in?"),
    "origin": ("지금 사업장은 어디에 있나요?", "Where is the company now?"),
    "regions": ("어느 지역을 생각하고 계신가요?", "Which places do you have in mind?"),
    "area_m2": ("면적은 얼마나 필요하신가요?", "How much area do you need?"),
    "budget": ("토지 예산은 얼마인가요?", "What is your budget for land?"),
    "headcount": ("새 사업장에서 일할 상시근로자는 몇 명인가요?", "How many regular employees will work at the new site?"),
    "hires": ("지역에서 새로 뽑을 인원은 몇 명인가요?", "How many people will you hire locally?"),
    "investment": ("새 사업장에 투자할 금액은 모두 얼마인가요?", "How much will you invest at the new site in all?"),
    "equipment": ("설비와 건축에 드는 금액은 얼마인가요?", "How much will equipment and building cost?"),
    "land_price": ("토지 매입가는 얼마인가요?", "What is the price of the land?"),
    "rent": ("한 달 임차료는 얼마인가요?", "What is the rent a month?"),
    "years": ("지금 자리에서 사업하신 지 몇 년 되었나요?", "For how many years have you run the business there?"),
    "start": ("새 사업장에서 언제 사업을 시작하시나요?", "When will you start business at the new site?"),
    "acquired": ("새 부동산은 언제 취득하시나요?", "When will you buy the new property?"),
    "whole_site": ("지금 시설을 전부 옮기시나요?", "Will the whole of the present site move?"),
    "same_industry": ("옮긴 뒤에도 같은 업종을 하시나요?", "Will you stay in the same line of business?"),
    "in_complex": ("산업단지에 들어가시나요?", "Will you enter an industrial complex?"),
    "relieved_before": ("같은 시설로 이전 감면을 받은 적이 있나요?", "Has this site had relocation relief before?"),
    "old_site_closed": ("기존 사업장은 닫으시나요?", "Will you close the old site?"),
    "leased_before": ("지금 사업장은 임차인가요?", "Is the present site rented?"),
    "growth_area": ("옮길 곳이 성장촉진지역인가요?", "Is the new place a growth-promotion area?"),
    "decline_area": ("옮길 곳이 인구감소지역인가요?", "Is the new place a population-decline area?"),
    "new_build": ("공장이나 본사를 새로 지으시나요?", "Will you build anew?"),
    "plan_filed": ("이전계획서를 내셨나요?", "Have you filed a relocation plan?"),
    "agreement": ("시·도와 투자협약(MOU)을 맺으셨나요?", "Have you signed an investment agreement (MOU)?"),
    "listed_industry": ("감면 대상 업종으로 확인하셨나요?", "Is your line of business on the list?"),
    "origin_in_complex": ("지금 공장이 산업단지 안에 있나요?", "Is the present plant inside an industrial complex?"),
    "programme": ("혁신도시와 도심융합특구 중 어느 쪽인가요?", "An innovation city or an urban convergence special zone?"),
}  # fmt: skip

WHY: dict[str, Pair] = {
    "facility": ("본사, 공장, 연구소는 들어갈 수 있는 땅과 감면 조항이 서로 다릅니다.", "Head offices, factories and research institutes differ in the land they may take and in the relief articles."),
    "size": ("보조금 비율과 운영 기간 요건이 기업 규모에 따라 다릅니다.", "Subsidy rates and the years required depend on the size of the company."),
    "industry": ("지역마다 중점 업종이 다르고, 감면에서 빠지는 업종이 있습니다.", "Places favour different lines of business, and some lines get no relief."),
    "origin": ("이전 감면은 과밀억제권역을 떠나는 기업에 적용됩니다.", "Relocation relief is for companies that leave the overconcentration control region."),
    "regions": ("감면 기간과 남은 토지가 지역마다 다릅니다.", "Years of relief and land left differ from place to place."),
    "area_m2": ("남은 면적이 부족한 곳을 미리 빼기 위해서입니다.", "It rules out places with too little land left."),
    "budget": ("마지막으로 확인된 단가와 견주어 보기 위해서입니다. 오래된 단가라 참고만 합니다.", "It is compared with the last known price, which is old and only a hint."),
    "headcount": ("본사 감면은 인원 요건이 있고, 감면 한도도 인원으로 계산합니다.", "Head-office relief has a headcount test, and the ceiling of the relief counts heads."),
    "hires": ("신규 고용이 많으면 보조금 비율이 올라갑니다.", "More new hires raise the subsidy rate."),
    "investment": ("투자액 요건이 있고, 감면 한도와 보조금을 투자액으로 계산합니다.", "There is an investment test, and the ceiling and the subsidy are shares of it."),
    "equipment": ("설비 보조금은 설비·건축 투자액의 비율로 정해집니다.", "The equipment subsidy is a share of that sum."),
    "land_price": ("입지 보조금은 토지 매입가의 비율로 정해집니다.", "The land subsidy is a share of that price."),
    "rent": ("임차료 지원은 임차료의 비율과 월 한도로 정해집니다.", "Rent support is a share of the rent with a monthly cap."),
    "years": ("일정 기간 이상 운영한 사업장만 이전 감면을 받습니다.", "Only sites run for some years get relocation relief."),
    "start": ("감면마다 사업 개시 기한이 있습니다.", "Each relief has a date by which business must start."),
    "acquired": ("지방세 감면은 취득 기한이 있습니다.", "Local tax relief has a date by which the property must be bought."),
    "whole_site": ("일부만 옮기면 이전 감면을 받지 못할 수 있습니다.", "Moving only a part may lose the relief."),
    "same_industry": ("같은 업종을 이어 가는 것이 감면의 요건입니다.", "Staying in the same line of business is a condition of the relief."),
    "in_complex": ("중견·대기업이 광역시로 공장을 옮길 때에는 산업단지에 들어가야 합니다.", "A mid-sized or large company that moves a factory to a metropolitan city must enter an industrial complex."),
    "relieved_before": ("최근 10년 안에 같은 감면을 받았다면 다시 받지 못합니다.", "A site that had the relief in the last ten years cannot have it again."),
    "old_site_closed": ("기존 사업장을 닫거나 파는 것이 감면의 요건입니다.", "Closing or selling the old site is a condition of the relief."),
    "leased_before": ("임차 사업장은 운영 기간 요건이 다릅니다.", "Rented sites have another test of time."),
    "growth_area": ("성장촉진지역은 감면 기간이 더 깁니다.", "Growth-promotion areas get more years."),
    "decline_area": ("인구감소지역은 감면이 더 큽니다.", "Population-decline areas get more relief."),
    "new_build": ("신축이면 사업 개시 기한이 늘어납니다.", "A new building has a later deadline."),
    "plan_filed": ("신축의 기한 연장은 이전계획서를 내야 적용됩니다.", "The later deadline needs a filed plan."),
    "agreement": ("투자보조금은 협약이 있어야 합니다.", "The investment subsidy needs an agreement."),
    "listed_industry": ("대상 업종만 감면을 받습니다.", "Only listed lines of business get the relief."),
    "origin_in_complex": ("산업단지 안에서 나가면 지방세 감면에서 빠질 수 있습니다.", "Leaving an industrial complex may lose the local tax relief."),
    "programme": ("두 제도는 토지 공급과 지원이 다릅니다.", "The two programmes differ in land and support."),
}  # fmt: skip

# Choices to press: what is shown and sent as the answer.
CHOICES: dict[str, tuple[Pair, ...]] = {
    "facility": (("본사", "head office"), ("공장", "factory"), ("연구소", "research institute"), ("사무실", "office")),
    "size": (("중소기업", "SME"), ("중견기업", "mid-sized company"), ("대기업", "large company"), ("스타트업", "start-up")),
    "industry": (("바이오", "biotech"), ("정보통신", "ICT"), ("이차전지", "batteries"), ("기계", "machinery")),
    "origin": (("서울입니다", "We are in Seoul"), ("과밀억제권역입니다", "overconcentration control region"), ("성장관리권역입니다", "growth management region"), ("수도권 밖입니다", "outside the capital region")),
    "regions": (("나주", "Naju"), ("김천", "Gimcheon"), ("충북 혁신도시", "Chungbuk"), ("어디든 괜찮아요", "anywhere is fine")),
    "area_m2": (("1,000㎡", "1,000 m2"), ("3,000㎡", "3,000 m2"), ("10,000㎡", "10,000 m2")),
    "budget": (("10억 원", "1 billion won"), ("30억 원", "3 billion won"), ("100억 원", "10 billion won")),
    "investment": (("10억 원", "1 billion won"), ("50억 원", "5 billion won"), ("300억 원", "30 billion won")),
    "equipment": (("10억 원", "1 billion won"), ("50억 원", "5 billion won"), ("300억 원", "30 billion won")),
    "land_price": (("10억 원", "1 billion won"), ("30억 원", "3 billion won"), ("100억 원", "10 billion won")),
    "hires": (("5명", "5 people"), ("10명", "10 people"), ("30명", "30 people")),
    "acquired": (("2027년", "in 2027"), ("2028년", "in 2028"), ("2029년", "in 2029")),
    "years": (("2년", "2 years"), ("3년", "3 years"), ("10년", "10 years")),
    "headcount": (("10명", "10 people"), ("20명", "20 people"), ("50명", "50 people")),
    "start": (("2027년", "in 2027"), ("2028년", "in 2028"), ("2029년", "in 2029")),
    "programme": (("혁신도시", "innovation city"), ("도심융합특구", "urban convergence special zone")),
}  # fmt: skip
YES_NO: tuple[Pair, Pair] = (("네", "Yes"), ("아니요", "No"))
COUNTED: dict[str, Pair] = {
    "headcount": ("{number}명", "{number}"),
    "hires": ("{number}명", "{number}"),
    "years": ("{number}년", "{number}"),
}
UNKNOWN: Pair = ("모르겠어요", "I don't know")

LABELS: dict[str, Pair] = {
    "facility": ("시설", "facility"), "size": ("규모", "size"), "industry": ("업종", "industry"),
    "origin": ("현재 위치", "present place"), "regions": ("희망 지역", "places"), "area_m2": ("면적", "area"),
    "budget": ("토지 예산", "land budget"), "headcount": ("인원", "employees"), "hires": ("신규 고용", "new hires"),
    "investment": ("투자액", "investment"), "equipment": ("설비·건축비", "equipment and building"),
    "land_price": ("토지 매입가", "land price"), "rent": ("월 임차료", "rent a month"), "years": ("운영 기간", "years in business"),
    "start": ("사업 시작", "start"), "acquired": ("부동산 취득", "purchase"), "whole_site": ("전부 이전", "whole site moves"),
    "same_industry": ("같은 업종", "same line of business"), "in_complex": ("산업단지 입주", "in an industrial complex"),
    "relieved_before": ("이전에 감면 받음", "relieved before"), "old_site_closed": ("기존 사업장 폐쇄", "old site closed"),
    "leased_before": ("임차 사업장", "present site rented"),
    "growth_area": ("성장촉진지역", "growth-promotion area"),
    "decline_area": ("인구감소지역", "population-decline area"),
    "new_build": ("신축", "new building"),
    "plan_filed": ("이전계획서 제출", "plan filed"),
    "agreement": ("투자협약", "agreement signed"),
    "listed_industry": ("대상 업종", "listed industry"),
    "origin_in_complex": ("현재 산업단지 안", "present site in a complex"),
    "programme": ("제도", "programme"),
}  # fmt: skip
ZONES: dict[str, Pair] = {
    "overconcentration": ("과밀억제권역", "overconcentration control region"),
    "growth_management": ("성장관리권역", "growth management region"),
    "nature_conservation": ("자연보전권역", "nature conservation region"),
    "outside": ("수도권 밖", "outside the capital region"),
}  # fmt: skip

OUTCOMES: dict[str, Pair] = {
    "likely": ("가능성 높음", "likely"),
    "unlikely": ("가능성 낮음", "unlikely"),
    "needs_officer": ("담당 기관 확인 필요", "ask an officer"),
}  # fmt: skip
LABELS_OF_VERDICT: dict[str, Pair] = {
    "outcome": ("판단", "outlook"), "relief": ("감면", "relief"), "estimate": ("추정", "estimate"),
    "met": ("맞는 조건", "conditions met"), "missed": ("맞지 않는 조건", "conditions missed"),
    "unknown": ("확인되지 않은 조건", "conditions not known"), "later": ("이전 뒤 의무", "duties after the move"),
    "deadline": ("기한", "deadline"), "law": ("근거", "legal basis"),
}  # fmt: skip

TEXTS: dict[str, Pair] = {
    "heard": ("확인한 조건: {facts}", "What I took down: {facts}"),
    "more": ("조금 더 알려 주시면 정확해집니다.", "A little more makes this sharper."),
    "back": ("이어서 여쭙겠습니다. {question}", "Back to my question: {question}"),
    "unit": ("숫자 {number}의 단위를 골라 주세요.", "Which unit is {number} in?"),
    "zone": ("{place} 주소에 따라 권역이 다릅니다. 어느 권역에 있나요?", "In {place} the region depends on the address. Which region are you in?"),
    "why": ("{reason} 모르시면 건너뛰어도 됩니다.", "{reason} You may skip it."),
    "why.nothing": ("지금은 여쭌 것이 없습니다. 무엇을 알려 드릴까요?", "I have not asked anything just now. What would you like to know?"),
    "explain": ("{label} 여쭌 것입니다. {reason}", "I asked for this: {label}. {reason}"),
    "cancelled": ("안내를 멈췄습니다. 말씀하신 조건은 지웠습니다.", "I have stopped and dropped what you told me."),
    "started_over": ("처음부터 다시 하겠습니다.", "Let us start again."),
    "nothing_to_cancel": ("진행 중인 안내가 없습니다. 무엇을 도와드릴까요?", "Nothing is under way. What would you like to know?"),
    "went_back": ("앞의 답을 지웠습니다. {question}", "I dropped the last answer. {question}"),
    "no_back": ("더 돌아갈 곳이 없습니다.", "There is nothing to go back to."),
    "by": ("{date}까지", "by {date}"),
    "skipped": ("{label} 건너뛰겠습니다. 나중에 말씀하셔도 되고, 사람과 상담하실 수도 있습니다.", "I leave this out for now: {label}. You can tell me later, or talk to a person."),
    "passed": ("네, 건너뛰겠습니다.", "All right, I leave that out."),
    "same": ("결과는 앞서 안내해 드린 것과 같습니다.", "The result is the same as before."),
    "same_text": ("판단은 앞서 안내해 드린 것과 같고, 아래 표의 세부 내용만 바뀌었습니다.", "The outlook is the same as before; only details in the table below have changed."),
    "go_on": ("이어서 하기", "Go on"),
    "go_on.say": ("하던 안내를 이어서 해 주세요", "Please go on with the questions"),
    "eligibility.rest": ("그 밖의 지원 {count}건은 아래 표에 있습니다.", "{count} more are in the table below."),
    "wait": ("천천히 하세요. 준비되시면 말씀해 주세요.", "Take your time. Tell me when you are ready."),
    "nothing_to_repeat": ("아직 드린 답이 없습니다.", "I have not said anything yet."),
    "resumed": ("네, 이어서 안내하겠습니다.", "All right, let us go on."),
    "not_heard": ("말씀을 이해하지 못했습니다. 다시 말씀해 주시거나 아래에서 골라 주세요.", "I did not understand that. Please say it again or choose below."),
    "site.lead": ("조건에 맞을 만한 곳입니다. 확정이 아니므로 다음 단계에서 담당 기관에 확인해 주세요.", "These places may fit. Nothing is decided: confirm with the office named."),
    "site.none": ("조건에 맞는 곳을 찾지 못했습니다. 면적이나 지역을 넓혀 보시겠어요?", "No place fits. Would you widen the area or the places?"),
    "site.ruled_out": ("제외한 곳: {names}", "Ruled out: {names}"),
    "eligibility.lead": ("말씀하신 조건으로 살펴본 결과입니다. 약속이 아니며 담당 기관이 판단합니다.", "This is how it looks from what you told me. It is no promise: the office decides."),
    "eligibility.none": ("말씀하신 조건에 맞는 지원 규정을 찾지 못했습니다. 담당 기관에 확인해 주세요.", "No support rule fits what you told me. Please ask the office."),
    "relief.two": ("{years}년 {full}%, 그 뒤 {more}년 {half}%", "{full}% for {years} years, then {half}% for {more} years"),
    "relief.one": ("{years}년 {full}%", "{full}% for {years} years"),
    "standing.passed": ("기한이 지났습니다.", "Its deadline has passed."),
    "standing.not_yet": ("아직 시행되지 않았습니다.", "It is not in force yet."),
    "status.derived": ("도출·추정한 값", "worked out or estimated"),
    "status.secondary": ("2차 자료", "secondary source"),
    "derived": ("지역 구분은 법령에 대입해 도출한 것이므로 세무서에 확인해 주세요.", "The class of the place was worked out from the law: confirm it with the tax office."),
    "eligibility.need": ("어떤 지원을 받을 수 있는지 살펴보겠습니다.", "Let me see what you may get."),
    "site.need": ("맞는 곳을 찾아보겠습니다.", "Let me find places that fit."),
    "compare.need": ("비교할 곳을 두 곳에서 다섯 곳까지 말씀해 주세요. 예: 나주와 진주", "Name two to five places to compare, for example Naju and Jinju."),
}  # fmt: skip


def guide(key: str, language: str, **values: object) -> str:
    """A text of `TEXTS` in `ko` or `en`. Raises KeyError for an unknown key."""
    return TEXTS[key][0 if language == "ko" else 1].format(**values)


def one(pair: Pair, language: str) -> str:
    """The Korean or the English of a pair."""
    return pair[0 if language == "ko" else 1]
