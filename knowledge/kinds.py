"""The kind of answer a question asks for (a sum, a phone number, a company, a number, a period, a date), and whether a text holds one.

What is asked decides, and not what is told on the way.
"""

from __future__ import annotations

import re

from knowledge.lexical import morphemes

# "land has become dear, must the tax on the gain be paid at once?" asks for no sum.
_MONEY_ASKED = re.compile(
    r"얼마(?!나|\s*(?:만|동안|뒤|안|이내|지나))|(?:비용|가격|금액|분양가|땅값)[^.?!]{0,12}(?:얼마|몇|알려|궁금|[?？]|$)"
    r"|최소\s*투자(?:금|액|금액)?(?:은|이|는)?\s*(?:얼마|몇|[?？])"
    r"|how much (?:money|does|do|is|are|would|will)|\b(?:least|minimum) (?:money|investment)\b"
    r"|\b(?:what|which|tell me|give me)\b[^.?!]{0,40}\b(?:prices?|costs?|fees?)\b(?! (?:ceiling|cap|limit))"
    r"|\b(?:prices?|costs?|fees?)\b(?! (?:ceiling|cap|limit))[^.?!]{0,20}(?:\?|$)",
    re.IGNORECASE,
)
_MONEY = re.compile(
    r"\d[\d,.]*\s*(?:억|만|천)?\s*원|won|KRW|%|\d\s*(?:㎡|m²|제곱미터)|면제|전액|exempt|waive|in full|\bno (?:\w+ )?tax\b",
    re.IGNORECASE,
)
_PHONE_ASKED = re.compile(r"전화\s*번호|연락처|phone|telephone|\bnumber to call\b", re.IGNORECASE)
_PHONE = re.compile(r"0\d{1,2}-\d{3,4}-\d{4}|1\d{3}-\d{4}")
_PERSON_ASKED = re.compile(
    r"성함|담당자\s*이름|주무관|직통|name of the (?:director|officer|official|person|manager)|direct (?:phone )?line",
    re.IGNORECASE,
)
# Who built, bought or won: a company by its name, and not "which companies qualify".
_COMPANY_ASKED = re.compile(
    r"(?:어느|어떤|무슨)\s*(?:회사|업체|기업|건설사|공사|시공사)\S*\s*(?:[가-힣]+\s){0,2}(?:샀|사\s?갔|지었|짓|시공|낙찰|수주|맡|당선|뽑)"
    r"|당선(?:된|작)|(?:뽑힌|맡은|선정된)\s*(?:회사|업체|기업)|(?:기업|업체|회사|입주사)(?:들)?의?\s*(?:이름|명단|목록)"
    r"|\bwhich (?:private )?(?:company|companies|firms?|contractors?|developers?|builders?)\b[^.?!]{0,30}"
    r"\b(?:won|bought|built|building|builds|partners?|purchased|constructing|signed)\b"
    r"|\b(?:names?|list) of (?:the )?(?:companies|firms|tenants|buyers)\b",
    re.IGNORECASE,
)
_COMPANY = re.compile(r"㈜|주식회사|\(주\)|\b(?:Co|Inc|Ltd|Corp)\b|\bLH\b|공사")
_COUNTED_KO = re.compile(
    r"([가-힣A-Za-z]+?)(?:이|가|은|는|을|를|도)?\s*몇\s*(?:개|곳|군데|명|세대|채|실|대|층|호선|석)(?!\s*(?:정도\s*)?[가-힣]+려[고는면])"
)
_COUNTED_EN = re.compile(
    r"how many ((?:[a-z-]+ ){0,2}?[a-z-]+)\s+(?:are|is|do|does|did|were|was|has|have|had|will|can|in|within|at|of|there|from|per|would|must|should)\b",
    re.IGNORECASE,
)
# "각각 몇 개씩": the noun that is counted stands elsewhere.
_ADVERBS = frozenset(
    "각각 각기 모두 전부 총 다 대략 대충 지금 현재 전체 합쳐서 합하면 도대체 보통 최대 최소".split()
)
_SAME = tuple(
    frozenset(words.split())
    for words in (
        "회사 기업 업체 입주사 입주기업 firm compani busi tenant startup start-up",
        "필지 구획 lot plot parcel",
        "기관 공공기관 agenc institut bodi",
        "사람 인원 직원 근로자 종사자 인력 peopl staff employe worker",
    )
)
# Of companies, "there are companies" does not do: their number stands beside them.
_COMPANIES_ASKED = re.compile(
    r"(?:기업|회사|업체|입주사)(?:이|가|은|는|을|를|들이)?\s*(?:[가-힣]+\s){0,2}몇\s*(?:개|곳|군데)|how many (?:\w+ )?(?:companies|firms|businesses|tenants)\b",
    re.IGNORECASE,
)
_COMPANIES = re.compile(
    r"(?:기업|회사|업체)[이은]? 없|\bno (?:\w+ )?(?:compan|firm|tenant)|\d[\d,]*\s*(?:여\s*)?(?:개|곳)|\d[\d,]*\s*(?:기업|회사|업체)|\d[\d,]* (?:\w+ ){0,3}(?:compan|firm|business|tenant)"
    r"|(?:compan|firm|business|tenant)[^.]{0,60}\b\d[\d,]*\b(?!\s*(?:%|m²|㎡|years?|months?|thousand|million|billion))",
    re.IGNORECASE,
)
_PERIOD_ASKED = re.compile(
    r"며칠(?!자|이에요|이죠|인가)|몇\s*(?:영업일|일|주일?|달|개월)(?!\s*(?:부터|째))|몇\s*년(?:간|\s*(?:안|이내|만|동안|걸|이나|뒤|후))|얼마나\s*(?:걸|오래)|얼마\s*(?:만에|동안)"
    r"|\bhow (?:long|soon|quickly)\b|\b(?:how many|number of) (?:working |business |calendar )?(?:days|weeks|months|years)\b",
    re.IGNORECASE,
)
_PERIOD = re.compile(
    r"(?<!\d)\d{1,2}\s*년(?!\s*\d+\s*월)|\d+\s*개월|\d+\s*주(?![가-힣])|(?<!월)(?<!월 )(?<!\d)\d+\s*일|반년|무기한|기한(?:이|은)? 없"
    r"|(?:19|20)\d{2}\s*년?\s*(?:부터|까지|~|–|-)|\b(?:since|to|until) (?:\w+ )?(?:19|20)\d{2}|\bno minimum\b|최소.{0,12}없"
    r"|\b(?:\d+|a|an|one|two|three|four|five|six|seven|eight|nine|ten|twelve)[- ](?:\w+ )?(?:day|week|month|year)s?\b|\bno (?:time )?limit\b",
    re.IGNORECASE,
)
_DATE_ASKED = re.compile(
    r"언제(?!든)|\bwhen (?:is|are|was|were|will|does|do|did|can|must|should)\b|\b(?:what|which) (?:date|year|month)\b|몇\s*월|며칠날",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"(?:19|20)\d{2}|\d+\s*(?:월|년|개월|일)|\b(?:jan|feb|mar|apr|may|june?|july?|aug|sep|oct|nov|dec)[a-z]*\b|\d+ (?:\w+ )?(?:year|month|day|week)s?\b"
    # what is told before or after something else happens, or told to be unknown
    r"|전에|뒤에|후에|즉시|바로|때|먼저|확인되지|알려지지|정해지지|before|after|until|once|first|at once|as soon|not (?:known|published|confirmed|set)|none is",
    re.IGNORECASE,
)
_FORM_ASKED = re.compile(
    r"(?:무슨|어떤|어느|몇\s*호|번호)\s*(?:신청\s*)?서식|서식(?:이|은|을|는)?\s*(?:뭐|무엇|몇\s*호|번호)"
    r"|\b(?:which|what) (?:서식|(?:\w+ )?form)\b(?! of)|\bform number\b",
    re.IGNORECASE,
)
_FORM = re.compile(
    r"제?\s*\d+\s*호|서식.{0,12}없|\bform (?:no\. ?)?\d|\bno (?:set |fixed )?form\b", re.IGNORECASE
)
_SHARE_ASKED = re.compile(
    r"몇\s*(?:%|퍼센트|프로(?![가-힣]))|비율(?:은|이)?\s*(?:얼마|몇)"
    r"|\bwhat (?:share|percentage|percent|fraction|proportion|part)\b|\bhow many (?:percent|per cent)\b",
    re.IGNORECASE,
)
_SHARE = re.compile(
    r"\d\s*(?:%|퍼센트|배)|절반|전액|전부|면제|\b(?:half|third|quarter|in full|all|whole|exempt\w*)\b|percent|(?:㎡|m²).*(?:㎡|m²)|아닙니다|정해져 있지|^no\b|not (?:set|published|known)|확인되지",
    re.IGNORECASE,
)
_DEADLINE_ASKED = re.compile(
    r"언제까지|마감(?:일|은|이)\s*(?:언제|며칠)|기한(?:은|이)\s*언제|몇\s*(?:년|월|일)까지"
    r"|\b(?:until|by) (?:when|what (?:date|year))\b|\bwhen(?:'s| is) the (?:deadline|last)\b|\b(?:last|latest) (?:\w+ )?dates?\b|\bhow late\b",
    re.IGNORECASE,
)
_DEADLINE = re.compile(
    r"\d[^.]{0,14}(?:까지|안에|이내|내에|전에|시한|기한)|(?:목표|기한|시한|마지막|기간)[^.]{0,20}\d|\d년?\s*[~–-]\s*(?:19|20)\d{2}|끝[나났]|종료|만료|폐지|없[다습었]|않"
    r"|\b(?:until|by|within|before|end(?:s|ed|ing)?|closed|expire\w*|runs? (?:from|to|out)|target|deadline|no longer|not (?:set|known|fixed|been|published))\b",
    re.IGNORECASE,
)
# When a law came into force, or what a table is from, is no date that anybody asks for by "when must it be done?"
_SOURCED = re.compile(
    r"\([^()]*(?:시행|법령|기준|페이지|표\b)[^()]*\)|(?:19|20)\d{2}년\s*\d+월\s*\d+일\s*시행(?!하|되|했)"
    r"|\([^()]*\b(?:in force|as of|decree|page|table)\b[^()]*\)|\bas of \d+ \w+ \d{4}",
    re.IGNORECASE,
)
_EACH = (
    (_FORM_ASKED, _FORM),
    (_SHARE_ASKED, _SHARE),
    (_PHONE_ASKED, _PHONE),
    (_MONEY_ASKED, _MONEY),
    (_COMPANY_ASKED, _COMPANY),
    (_COMPANIES_ASKED, _COMPANIES),
    (_PERIOD_ASKED, _PERIOD),
    (_DATE_ASKED, _DATE),
)


def lacks_kind_asked(question: str, text: str) -> bool:
    """Whether a question asks for a kind of answer that a text does not hold."""
    if any(asked.search(question) and not held.search(text) for asked, held in _EACH):
        return True
    return bool(_DEADLINE_ASKED.search(question)) and not _DEADLINE.search(_SOURCED.sub(" ", text))


def asks_for_official(question: str) -> bool:
    """Whether a question asks for an official by name or for a direct line: no source tells these."""
    return _PERSON_ASKED.search(question) is not None


def counted(question: str) -> list[str]:
    """What a question asks the number of: `school` in "how many schools are there", 초등학교 in "초등학교가 몇 개".

    Other words for the same come with it: who asks for plots may be told of lots.
    """
    match = _COUNTED_KO.search(question) or _COUNTED_EN.search(question)
    if not match or match.group(1) in _ADVERBS:
        return []
    terms = morphemes(match.group(1))
    return list(
        dict.fromkeys([*terms, *(word for same in _SAME if same & {*terms} for word in sorted(same))])
    )
