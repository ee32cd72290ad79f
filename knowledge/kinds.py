"""The kind of answer a question asks for (a sum, a phone number, a company, a number, a period, a date), and whether a text holds one.

What is asked decides, and not what is told on the way.
"""

from __future__ import annotations

import re

from knowledge.lexical import morphemes

# "land has become dear, must the tax on the gain be paid at once?" asks for no sum.
_MONEY_ASKED = re.compile(
    r"얼마(?!나|\s*(?:만|동안|뒤|안|이내|지나))|(?:비용|가격|금액|분양가|땅값)[^.?!]{0,12}(?:얼마|몇|알려|궁금|[?？]|$)"
    r"|how much (?:money|does|do|is|are|would|will)"
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
    r"([가-힣A-Za-z]+?)(?:이|가|은|는|을|를|도)?\s*몇\s*(?:개|곳|군데|명|세대|채|실|대|층|호선|석)"
)
_COUNTED_EN = re.compile(
    r"how many ((?:[a-z-]+ ){0,2}?[a-z-]+)\s+(?:are|is|do|does|did|were|was|has|have|had|will|can|in|within|at|of|there|from|per|would|must|should)\b",
    re.IGNORECASE,
)
# "각각 몇 개씩": the noun that is counted stands elsewhere.
_ADVERBS = frozenset(
    "각각 각기 모두 전부 총 다 대략 대충 지금 현재 전체 합쳐서 합하면 도대체 보통 최대 최소".split()
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
_EACH = (
    (_PHONE_ASKED, _PHONE),
    (_MONEY_ASKED, _MONEY),
    (_COMPANY_ASKED, _COMPANY),
    (_COMPANIES_ASKED, _COMPANIES),
    (_PERIOD_ASKED, _PERIOD),
    (_DATE_ASKED, _DATE),
)


def lacks_kind_asked(question: str, text: str) -> bool:
    """Whether a question asks for a kind of answer that a text does not hold."""
    return any(asked.search(question) and not held.search(text) for asked, held in _EACH)


def asks_for_official(question: str) -> bool:
    """Whether a question asks for an official by name or for a direct line: no source tells these."""
    return _PERSON_ASKED.search(question) is not None


def counted(question: str) -> list[str]:
    """What a question asks the number of: `school` in "how many schools are there", 초등학교 in "초등학교가 몇 개"."""
    match = _COUNTED_KO.search(question) or _COUNTED_EN.search(question)
    return morphemes(match.group(1)) if match and match.group(1) not in _ADVERBS else []
