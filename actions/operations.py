"""What a question wants computed from the catalogue: the operation, the metric and the places, or nothing where in doubt."""

from __future__ import annotations

import re
from dataclasses import dataclass

from actions.conditions import PLACES_ASKED, UNIT_OF, Condition, conditions_on, halves
from knowledge.asked import destinations
from knowledge.gazetteer import Gazetteer, Mention

# A question with one of these is about something that no column of the catalogue holds.
_ELSEWHERE = re.compile(
    r"인구(?!감소)|예산|매출|일자리|고용|직원|채용|학교|병원|아파트|주택|집값|전세|월세|오피스텔|상가|교통|보조|지원금|임대료"
    r"|임차료|용적률|건폐율|연면적|전용\s*면적|건축\s*면적|왜\s|언제(?!\s*기준)|누가(?!\s*더)|방법|절차|서류|신청|조건|요건|추천|유리|적합|가까|(?:가장|제일)\s*최근"
    r"|어떻게(?!\s*(?:되|돼|됩|나))|늘었|줄었|증가|상승|하락|추이|변화|전망|예상|올해|작년|지난해|재작년|비중|차지|려면|필요|살\s*수|구할\s*수|찾고\s*있|매입|구입"
    r"|영남|호남|경상권|경상도|전라권|전라도|충청권|충청도|(?<![구산주전천])광역시|동남권|대경권"
    r"|population|(?<!project )budget|revenue|\bjobs?\b|employ|hospital|school|apartment|housing|transport|subsid|\bgrants?\b|\brents?\b|floor area|\bwhy\b|\bwhen\b(?! (?:it was|they were) designated)"
    r"|\bwho\b|how (?:do|can|to|should)\b|procedure|\bapply|condition|requirement|recommend|suitable|should we|nearest|closest|most recent|increase"
    r"|\bgr[eo]w|\btrend|\bchanged?\b|(?:this|last) year|share of the total|\bbuy|purchas|\bneed|yeongnam|honam|chungcheong\b|metropolitan",
    re.IGNORECASE,
)
_BENEFIT = re.compile(r"지원|혜택|인센티브|support|incentive|benefit", re.IGNORECASE)
_RELIEF = re.compile(r"감면|면제|\brelief\b|\bexempt|tax (?:break|holiday|reduction|cut)", re.IGNORECASE)
_DURATION = re.compile(
    r"기간|\d\s*년|[오칠]\s*년|오래|길|긴|짧|years?\b|\blong|\bshort|duration|period", re.IGNORECASE
)
_OTHER_RELIEF = re.compile(
    r"운영|사업|영업|업력|경과|이내|안에|전에|이후|설립|operat|in business|within|founded|지방세|취득세|재산세|등록면허세|양도|관세|부가세|개발부담금|창업|환산|치면|counts? as|worth of|local tax|acquisition|property tax|licen[cs]e tax|gains|(?<!\d)20\d\d(?!\d)",
    re.IGNORECASE,
)
_LEAST = r"(?:많이|잘|덜|안|못|적게)"
# In this order: a pattern takes its words away from those after it, so that the area left is not a planned area.
_METRICS = (
    ("unsold_share", r"미분양\s*(?:률|율|비율)|unsold (?:share|rate|percentage)|(?:share|percentage) (?:still )?unsold"),
    ("left", r"(?:미분양|남은|잔여|남아\s*있는|안\s*팔린\s*(?=클러|용지|땅|면적|토지|부지)|팔리지\s*않은)\s*(?:클러스터\s*)?(?:용지|땅|토지|부지)?\s*(?:면적|규모)?"
             r"|남[은아았]|(?:area|land|space)\s+(?:that is |is |are )?(?:still )?(?:left|unsold|remaining|available)"
             r"|(?:unsold|remaining|leftover|available)\s*(?:cluster )?(?:area|land|space)?|\bland (?:is )?left\b|\bleft over\b"),
    ("sold_share", r"분양(?:된)?\s*(?:면적\s*)?(?:률|율|비율)|판매율|팔린\s*비율|(?:가장|제일)\s*" + _LEAST + r"\s*(?:분양|팔)|분양이?\s*(?:가장|제일)\s*" + _LEAST
                   + r"|(?:%|퍼센트|프로)[^.?]{0,12}(?:팔[린렸리려]|분양)|완판|(?:다|모두|전부)\s*(?:팔린|팔렸|분양)|분양이?\s*(?:완료|끝난|끝났)"
                   r"|sold share|shares? (?:of [\w -]{0,30})?(?:that (?:is|was) )?sold|(?:per ?cent|percentages?|proportion|fraction)(?: of [\w -]{0,30})? sold"
                   r"|(?:sales?|sold)[- ]rate|%[\w ,-]{0,40}\bsold|sold [\w ]{0,20}\d+\s*(?:%|per ?cent)|(?:least|most|best|worst)[- ]s(?:old|elling)|sold the (?:most|least|largest share|smallest share)"
                   r"|(?:completely |fully )?sold out|(?:fully|completely|entirely) sold"),
    ("sold_area", r"분양된?\s*(?:면적|땅|용지)|팔린\s*(?:면적|땅|용지)|sold (?:area|land)|(?:area|land) sold"),
    ("occupied", r"입주율|점유율|가동률|이용률|실제로?\s*(?:쓰|사용|이용)|occup|\bin use\b"),
    ("cost", r"(?:총\s*)?사업비|project (?:costs?|budgets?)|costs? of the (?:zones?|projects?)"),
    ("price", r"분양가|땅값|지가(?!\s)|단가|평당|(?:용지|토지|땅|부지)\s*(?:가격|값)|가격|싸|싼|비싸|비싼|저렴|\bprice|\bcheap|expensive|per pyeong"),
    ("lots", r"필지|(?<!a )\blots?\b|\bplots?\b"),
    ("firms", r"들어와\s*있(?:던|는|었던)\s*(?:기업|업체|회사)(?:\s*수)?|(?:firms|companies)(?: that)?(?: had| have)? (?:moved in|settled)|입주\s*(?:기업|업체|회사)\s*수?|입주한\s*(?:기업|업체|회사)|(?:기업|업체)\s*수|(?:기업|업체|회사)(?:이|가)\s*(?:가장|제일)\s*많|tenant(?: firms?| companies)?s?|resident (?:firms|companies)"
              r"|(?:number of|most|fewest|many|more|fewer) (?:firms|companies)|compan(?:y|ies) (?:have )?moved in"),
    ("area", r"면적|규모|넓이|크기|\b(?:cluster|planned|designated|total|land|zone|site|largest|smallest|by)\s+(?:land |cluster )?(?:area|size)|\bsizes?\b|area of\b|\ban? area (?=between|over|above|under|below|at least|at most)|\bin (?:total |planned )?area\b|몇\s*(?:㎡|평(?!균)|제곱미터)|how many (?:square met|pyeong|m2)"
             r"|(?:most|more|less|least|fewest|much|amount of|total|all) (?:planned )?cluster land"
             r"|(?:기업용|산학연)\s*(?:땅|부지|용지)|(?:company|corporate) land|(?:innovation[- ]city )?land for (?:firms|companies)(?: and institutes)?|how much (?:cluster )?land do(?:es)?\b"),
)  # fmt: skip
_BIG = r"(?:넓(?!이)|크(?!기)|큰|커|컸|큽|많|높(?!이)|길(?!이)|긴(?!급)|깁|비싸|비싼|오래)"
_SMALL = r"(?:좁|작(?!년)|적(?!합|절|극|정)|낮|짧|싸|싼|저렴)"
_SIZE = r"(?:넓(?!이)|크(?!기)|큰|커|컸|큽|좁|작(?!년))"
_SITE = r"(?:클러스터|혁신\s*도시|특구|용지|땅|부지|토지)"
_DEGREE = r"(?:가장|제일|젤|더|번째로|보다|얼마나|어디가|어느\s*쪽이)"
# An adjective of size speaks of the area where nothing else is its subject ("the city with the largest budget").
_AREA_IMPLIED = re.compile(
    rf"{_SITE}[^.?]{{0,40}}{_DEGREE}[\s가-힣]{{0,8}}?{_SIZE}|{_DEGREE}\s*(?:더\s*)?{_SIZE}\S*\s*(?:산학연\s*)?{_SITE}|{_SITE}\S*\s*{_SIZE}\S*\s*순"
    r"|클러스터[가는이]?\s*\d[\d,.]*\s*[만천]?\s*(?:㎡|m²|평|제곱미터)|(?:넘는|이상인?|초과인?|이하인?|미만인?)\s*(?:되는\s*)?(?:클러스터|혁신\s*도시)(?!\s*(?:클러스터\s*)?(?:용지|땅|부지))|clusters? (?:of |that (?:is|are) )?(?:over|above|under|below|at least|at most|more than|less than)\s*\d"
    r"|\b(?:larg|bigg|small)e(?:r|st)(?=\s*[,?.:]|\s+(?:cluster|innovation|urban|convergence|special|zone|one|than|is|are|of|in|and|or|to|among|by|the)|$)",
    re.IGNORECASE,
)
_SUBJECT = re.compile(rf"([가-힣]+?)(?:이|가)\s*(?:더|가장|제일|젤|\S+\s*번째로)\s*{_SIZE}")
_SITES = ("클러스터", "도시", "특구", "용지", "땅", "부지", "토지", "곳", "어디", "쪽", "지역")
# The area on record of an innovation city is that of its cluster; a question on the whole city is another one.
_CLUSTER = re.compile(
    r"클러스[터타]|용지|부지|땅|토지|계획\s*면적|cluster|\bland\b|\bsites?\b|planned|분양가|평당|3\.3\s*(?:㎡|m²|m2)|per pyeong|\bplots?\b",
    re.IGNORECASE,
)
_SOLD_OUT = re.compile(r"완판|분양이?\s*(?:완료|끝난|끝났)|sold[- ]out", re.IGNORECASE)
_SHARE = re.compile(r"%|퍼센트|프로|비율|per ?cent|proportion|\bshare\b|what part|portion", re.IGNORECASE)
_LONGEST = 160  # characters: a longer text asks for more than one figure
_ZONE = re.compile(r"특구|special (?:zones?|districts?)|\bzones\b", re.IGNORECASE)
# The area of a zone is that designated; what is linked with it stands beside it.
_LINKED = re.compile(
    r"연계\s*구역(?:은|는|을)?\s*(?:빼고|빼면|제외\S*)|(?:excluding|without|leaving out|not counting) (?:the )?linked areas?",
    re.IGNORECASE,
)
# A share of the whole, and not one that is a figure of its own.
_PART = re.compile(
    r"(?:전체|전국|총\s*면적|아홉\s*곳|9곳)[^.?]{0,20}?(?:중|가운데|에서)[^.?]{0,24}?(?:몇\s*(?:%|퍼센트|프로)|비중|비율|차지)"
    r"|(?:전체|전국)의?\s*몇\s*(?:%|퍼센트|프로)"
    r"|(?:what|which) (?:share|percentage|per ?cent|proportion|fraction|part) of (?:all|the (?:total|whole|country|nation)|nationwide)"
    r"|(?:share|percentage|proportion) of the (?:total|whole)",
    re.IGNORECASE,
)
_BETWEEN = r"\s*(?:[가-힣]+\s+){0,3}?"
_MOST = re.compile(
    rf"(?:가장|제일|젤|맨){_BETWEEN}(?:{_BIG}|잘)|최대\s*(?:면적\s*)?(?:인|의)?\s*(?:곳|도시|지역|혁신|클러)|최고|최다|최장|(?:1\s*[위등]|일등)(?=[^.?]*꼴)"
    r"|\b(?:largest|biggest|highest|greatest|longest|widest|most expensive|best[- ]sell\w*)\b"
    r"|\bmost\b(?=\s+(?:of\s+)?(?:its\s+|the\s+)?(?:planned|cluster|area|land|space|unsold|remaining|left|available|tenant|firm|compan|sold|years?)|\s*[?.]?$)",
    re.IGNORECASE,
)
_FEWEST = re.compile(
    rf"(?:가장|제일|젤|맨){_BETWEEN}(?:{_SMALL}|덜|조금|안\s*(?:팔|된|되)|못\s*(?:팔|된|되))|(?:곳과|도시와|지역과)\s*{_SMALL}|최소\s*(?:면적\s*)?(?:인|의)?\s*(?:곳|도시|지역|혁신|클러)|최저|최단|꼴찌|꼴등|최하위|하위(?!\s*(?:등급|지역))"
    r"|\b(?:smallest|(?<!at )least|lowest|fewest|shortest|cheapest|narrowest|bottom|last place|worst[- ]sell\w*)\b",
    re.IGNORECASE,
)
_FIRST = re.compile(r"(?<!\d)1\s*[위등]|일등|\btop\b|number one|first place", re.IGNORECASE)
_FEWER = re.compile(
    rf"(?:더|보다|번째로)\s*(?:[가-힣]+\s+){{0,2}}?{_SMALL}|(?<!면){_SMALL}은?\s*순|오름차순"
    r"|\b(?:smaller|lower|fewer|less|shorter|cheaper|ascending)\b",
    re.IGNORECASE,
)
_ORDER = re.compile(
    r"(?<![\d선])순위|순(?:으로|서대로|서로)|[은큰긴싼]\s*순(?![가-힣])|랭킹|등수|줄\s*세|\brank|\bin (?:ascending |descending |\w+ )?order\b|\b(?:sort|order|list)(?:ed)?\b.*\bby\b|\bfrom (?:the )?(?:larg|bigg|high|small|low|long|short|most|few)",
    re.IGNORECASE,
)
_PLACE_OF = re.compile(r"몇\s*(?:위|등|번째)|순위|\brank|where does .+ (?:come|stand)", re.IGNORECASE)
_COUNT = {"두": 2, "세": 3, "네": 4, "다섯": 5, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6,
          "second": 2, "third": 3, "fourth": 4, "fifth": 5, "2nd": 2, "3rd": 3, "4th": 4, "5th": 5}  # fmt: skip
_N = r"(\d{1,2}|두|세|네|다섯|two|three|four|five|six)"
_EST = r"(?:larg|bigg|small|high|low|long|short|cheap|few|great|wid)est"
_FIRST_N = (
    rf"(?:상위|하위|톱|탑|\btop|\bbottom)\s*{_N}(?!\s*위\s*(?:는|가))", rf"(?:가장|제일|순)[^?.,]{{0,20}}?{_N}\s*(?:곳|군데|개)(?!\s*(?:\S+\s*)?(?:중|가운데|에서))",
    rf"{_N}\s*위\s*(?:까지|안|이내)", rf"1\s*위?\s*(?:부터|~|-|와|,|하고|랑|및)\s*{_N}\s*위", rf"\b{_N}\s+(?:{_EST}|most)\b", rf"\b{_EST}\s+{_N}\b",
)  # fmt: skip
_NTH = (
    r"(두|세|네|다섯|[2-9])\s*번\s*째", r"(?<![\d~-])([2-9])\s*위(?!\s*(?:까지|안|이내))",
    rf"\b(second|third|fourth|fifth|[2-5](?:nd|rd|th))[- ](?:{_EST}|most|least|place)", r"(?:ranks?|comes?) (second|third|fourth|fifth)",
)  # fmt: skip
_DIFFERENCE = re.compile(
    rf"차이|격차|얼마나\s*(?:더\s*)?(?:[가-힣]+\s+)?(?:{_BIG}|{_SMALL})|얼마\s*더|몇\s*\S{{1,6}}\s*(?:더|차이)"
    r"|\bdiffer|\bgap\b|\bapart\b|벌어|how much (?:\w+ )?(?:more|less|larger|bigger|smaller|higher|lower|longer|wider)|how many (?:more|fewer|years longer)|by how (?:much|many)",
    re.IGNORECASE,
)
_RATIO = re.compile(r"몇\s*배|how many times|times (?:as|larger|bigger|the|more)|\bratio\b", re.IGNORECASE)
_COMPARED = re.compile(
    rf"(?:더|보다)\s*(?:[가-힣]+\s+){{0,2}}?(?:{_BIG}|{_SMALL})|비교|각각|어느\s*쪽|누가\s*더|중(?:에서|에)?\s*(?:어디|어느)"
    r"|\b(?:larger|bigger|greater|higher|more|longer|wider|smaller|lower|fewer|less|shorter|cheaper)\b|\bcompar|\bversus\b|\bvs\b|respectively",
    re.IGNORECASE,
)
_THAN = re.compile(
    rf"보다\s*(?:더\s*)?(?:[가-힣]+\s+){{0,3}}?(?:{_BIG}|{_SMALL})"
    r"|\b(?:larger|bigger|greater|higher|more|longer|smaller|lower|fewer|less|shorter)\b.*\bthan\b",
    re.IGNORECASE,
)
_MEAN = re.compile(
    r"평균|\baverage|\bmean (?:of|area|cluster|planned|sold|share|number)\b|\bthe mean\b", re.IGNORECASE
)
_SUM = re.compile(
    r"합치|합쳐|합하|합한|합해|합계|합산|총합|총계|더하면|더한|도합|통틀어|\bcombined\b|\bsum\b|\badds? up|added up|\baltogether\b|\btogether\b|\bin total\b",
    re.IGNORECASE,
)
_WHOLE = re.compile(
    r"총\s*(?:면적|입주|기업|미분양|클러스터)|총면적|전체|전국|모든\s|모두\s*(?:몇|얼마)|\btotal\b|\boverall\b|nationwide|\bin all\b|\ball (?:the )?(?:\w+ )?(?:innovation cities|clusters|cities|zones)",
    re.IGNORECASE,
)
_WHICH = re.compile(r"어디|어느|어떤|무엇|뭐|곳|\bwhich\b|\bwhat\b", re.IGNORECASE)
_YES_OR_NO = re.compile(
    r"(?:가요|나요|까요?|니|냐|지요|죠|인가|맞아|맞나요|이야)\s*[?？]?\s*$|^(?:is|does|did|has|was)\b",
    re.IGNORECASE,
)
_AFTER_EXCLUDED = re.compile(
    r"\s*(?:혁신\s*도시|클러스터)?\s*(?:을|를|은|는|만)?\s*(?:말고|빼고|빼면|뺀|제외|외에|이외)|\s*(?:과|와|랑|,|·|및|and|or)\s*$",
    re.IGNORECASE,
)
_BEFORE_EXCLUDED = re.compile(
    r"(?:except|excluding|without|other than|apart from|besides|leaving out)(?: for)?(?: the)?(?: [a-z]+,?(?: and)?)?\s*$",
    re.IGNORECASE,
)
_EXCLUSION = re.compile(
    r"말고|빼고|빼면|뺀|제외|외에|이외|except|excluding|without|other than|apart from|besides|leaving out",
    re.IGNORECASE,
)
MONTHS = "january february march april may june july august september october november december".split()


@dataclass(frozen=True, slots=True)
class Operation:
    """What to compute. `kind`: extreme, extremes, spread, nth, list, rank, met, than, compare, ratio, part, sum or mean.

    `metric` names a family of columns, `programme` whose districts are meant; `ascending` puts the smallest first. `number`
    is how many places a list shows (0: all), which place is asked for, or 2 for the ratio of first and last. `named` and `excluded` are regions; `when` is the
    year or month whose figures are asked for, ISO, or empty. `whole` says that a sum of all places is only implied.
    """

    kind: str
    metric: str
    programme: str
    ascending: bool = False
    number: int = 0
    conditions: tuple[Condition, ...] = ()
    named: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    when: str = ""
    whole: bool = False


def operation_of(text: str, programme: str, gazetteer: Gazetteer) -> Operation | None:
    """What a question wants computed, or None unless operation and metric are both certain.

    `programme` is one that the conversation names, or empty.
    """
    text = _LINKED.sub(" ", re.sub(r"\s+", " ", text)).strip()
    is_part = bool(_PART.search(text))
    if is_part:
        text = _SHARE.sub(" ", _PART.sub(" ", text))
    metric, flipped = metric_of(text, gazetteer)
    if is_part and not metric and _CLUSTER.search(text):
        metric = "area"
    if not metric or len(text) > _LONGEST or _ELSEWHERE.search(text):
        return None
    if not metric.startswith("relief"):
        text = re.sub(r"(?<![\d,.])([12]\d)\s*년", r"20\1년", text)  # the year as people say it: 21년 말
    programme = _programme(text, programme, metric, gazetteer)
    when = _when(text)
    if not programme or when is None:
        return None
    conditions = conditions_on(metric, text)
    regions = _regions(text, gazetteer)
    if conditions is None or regions is None or (flipped and conditions):
        return None
    named, excluded = regions
    found = _kind(text, conditions, named, gazetteer)
    if is_part:
        found = ("part", 0) if len(named) == 1 and not conditions else None
    if found is None:
        return None
    kind, number = found
    return Operation(
        kind, metric, programme, _ascending(text) != flipped, number, conditions, named, excluded, when, not _SUM.search(text)
    )  # fmt: skip


def metric_of(text: str, gazetteer: Gazetteer) -> tuple[str, bool]:
    """The one metric that a text speaks of, and whether it stands for its reverse; empty where there is none or more than one."""
    if _RELIEF.search(text):
        if _OTHER_RELIEF.search(text) or not _DURATION.search(text):
            return "", False
        if re.search(r"총|합[쳐해친한]|\btotal\b|altogether", text, re.IGNORECASE):
            return "relief_total", False
        half = re.search(r"50\s*%|절반|\bhalf\b", text, re.IGNORECASE) and not re.search(r"100\s*%", text)
        return ("relief_half" if half else "relief_full"), False
    if _BENEFIT.search(text):
        return "", False
    rest, found = halves(text), []
    for name, pattern in _METRICS:
        rest, times = re.subn(pattern, " ", rest, flags=re.IGNORECASE)
        if times:
            found.append(name)
    if "left" in found and "area" in found:
        found.remove("area")
    if not found and _AREA_IMPLIED.search(text):
        others = [m[1] for m in _SUBJECT.finditer(text) if not m[1].endswith(_SITES)]
        found = ["area"] if all(gazetteer.ids(other, "region") for other in others) else []
    if _SUM.search(text) and found == ["sold_share", "area"] and _SOLD_OUT.search(text):
        found = ["area"]  # that the places are sold out only says which are meant
    if len(found) != 1 or (UNIT_OF.get(found[0], "%") != "%" and _SHARE.search(rest)):
        return "", False
    return ("sold_share", True) if found[0] == "unsold_share" else (found[0], False)


def _programme(text: str, said: str, metric: str, gazetteer: Gazetteer) -> str:
    """Whose districts are compared: innovation cities or convergence zones; empty where it is another or cannot be told."""
    programmes = set(gazetteer.ids(text, "programme")) | ({said} if said else set())
    if re.search(r"혁신\s*도시", text):
        programmes.add("innovation_city")
    if not programmes and _ZONE.search(text):
        programmes = {"urban_convergence_zone"}
    if not programmes:
        programmes = {"innovation_city"}
    if metric in ("area", "price") and "innovation_city" in programmes and not _CLUSTER.search(text):
        return ""
    [only] = programmes if len(programmes) == 1 else [""]
    return only if only in ("innovation_city", "urban_convergence_zone") else ""


def _when(text: str) -> str | None:
    """The year or month asked for, ISO; empty where none is, None where there are several."""
    found = re.findall(
        r"(?<![\d,.])(20\d\d)(?:\s*년\s*(\d{1,2})\s*월|-(\d\d)(?!\d)|\s*년|(?![\d㎡%]|[,.]\d|\s*(?:㎡|m2|m²|평|개|곳|firm|py|sq)))", text
    )  # fmt: skip
    if not found:
        return ""
    if len({year for year, _, _ in found}) > 1:
        return None
    year, *months = found[0]
    month = next((int(month) for month in months if month), 0)
    named = re.search(rf"\b({'|'.join(MONTHS)})\s+{year}", text, re.IGNORECASE)
    if named:
        month = MONTHS.index(named.group(1).lower()) + 1
    elif re.search(rf"{year}\s*년?\s*(?:연?말|12월\s*말)|end(?: of|-)\s*{year}", text, re.IGNORECASE):
        month = 12
    return f"{year}-{month:02}" if month else str(year)


def _regions(text: str, gazetteer: Gazetteer) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """The places that a text names to be compared, and those it leaves out; None where it is not clear which it leaves out.

    A province that only says where a named city lies is not one, nor is a place in the capital region that one comes from.
    """
    mentions = [m for m in gazetteer.find(text) if m.entry.kind == "region" and m.entry.id != "nation"]
    left_out = _left_out(text, mentions) if _EXCLUSION.search(text) else set()
    if left_out is None:
        return None
    ids = list(dict.fromkeys(m.entry.id for m in mentions))
    parents = {entry.parent for id in ids if (entry := gazetteer.get("region", id))}
    kept = [id for id in ids if id not in parents and destinations(text, [id], gazetteer)]
    return tuple(id for id in kept if id not in left_out), tuple(id for id in kept if id in left_out)


def _left_out(text: str, mentions: list[Mention]) -> set[str] | None:
    """The regions before 제외 or after `except`, with those joined to them; None where there are none."""
    found: set[str] = set()
    chained = False
    for position in range(len(mentions) - 1, -1, -1):
        mention = mentions[position]
        end = mentions[position + 1].start if position + 1 < len(mentions) else len(text)
        after = _AFTER_EXCLUDED.match(text[mention.end : end] if chained else text[mention.end :])
        joined = chained or (after is not None and _EXCLUSION.search(after.group()) is not None)
        if (after and joined) or _BEFORE_EXCLUDED.search(text[: mention.start]):
            found.add(mention.entry.id)
        chained = bool(after and joined)
    return found or None


def _kind(
    text: str, conditions: tuple[Condition, ...], named: tuple[str, ...], gazetteer: Gazetteer
) -> tuple[str, int] | None:
    """The operation, with its number of places; None where a text does not clearly ask for one."""
    fewest = bool(_FEWEST.search(text))
    most = bool(_MOST.search(text)) or (not fewest and bool(_FIRST.search(text)))
    if conditions:
        asked = PLACES_ASKED.search(text) and not (most or fewest or _MEAN.search(text) or _SUM.search(text))
        return ("met", 0) if asked and len(named) != 1 else None
    if _MEAN.search(text):
        return None if most or fewest or _THAN.search(text) else ("mean", 0)
    if _DIFFERENCE.search(text) or _RATIO.search(text):
        kind = "ratio" if _RATIO.search(text) else "compare"
        if most and fewest:
            return ("spread", 0) if kind == "compare" else ("ratio", 2)
        return (kind, 0) if len(named) > 1 else None
    if len(named) == 1:
        return _kind_of_one(text, most or fewest, named[0], gazetteer)
    for kind, patterns in (("list", _FIRST_N), ("nth", _NTH)):
        for pattern in patterns:
            if match := re.search(pattern, text, re.IGNORECASE):
                if "번" in match[0] and re.search(r"가장|제일|1\s*위", text):
                    kind = "list"  # the first and the second
                return kind, _COUNT.get(match[1].lower()) or int(match[1])
    if _ORDER.search(text):
        return "list", 0
    if most or fewest:
        return ("extremes" if most and fewest else "extreme"), 0
    return _kind_of_many(text, named)


def _kind_of_many(text: str, named: tuple[str, ...]) -> tuple[str, int] | None:
    if _SUM.search(text):
        return "sum", 0
    if len(named) > 1:
        return ("compare", 0) if _COMPARED.search(text) else None
    return ("sum", 0) if _WHOLE.search(text) else None


def _kind_of_one(text: str, superlative: bool, region: str, gazetteer: Gazetteer) -> tuple[str, int] | None:
    """One place is compared with all others, or is where the others lie; else its value is asked for, which is no computation."""
    [mention, *_] = [m for m in gazetteer.find(text) if m.entry.id == region]
    if _PLACE_OF.search(text):
        return "rank", 0
    if _THAN.search(text) and PLACES_ASKED.search(text):
        return "than", 0
    subject = re.match(r"(?!에서)[가-힣 ]{0,14}?[은는이가] ", text[mention.end :]) or re.match(
        r"[a-z]", text, re.IGNORECASE
    )
    if superlative and subject and _YES_OR_NO.search(text) and not _WHICH.search(text):
        return "rank", 0
    return ("extreme", 0) if superlative else None


def _ascending(text: str) -> bool:
    """Whether the smallest comes first: what is said first counts."""
    found = [
        (match.start(), ascending)
        for pattern, ascending in ((_MOST, False), (_FEWEST, True), (_FEWER, True))
        if (match := pattern.search(text))
    ]
    return min(found)[1] if found else False
