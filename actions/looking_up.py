"""Whether a question asks only for a look-up, so that a card of the catalogue answers it.

A card on a city's land lies near every question on that land. It answers "is there land left in Naju?" and not "what does
gas cost there?": beyond places, kinds of company and figures, the first holds only words that the card itself is made of.
"""

from __future__ import annotations

import re
from functools import cache

from knowledge.gazetteer import Gazetteer
from knowledge.lexical import morphemes

# What sticks to a name in Korean: cut off from it, it would be read as a word of its own.
_ENDING = re.compile(
    r"(?:시|군|구)?(?:으로|로|에서|에게|에|까지|부터|이나|나|이랑|랑|와|과|의|을|를|이|가|은|는|도|만|이?요|인데|이고)*(?![가-힣])"
)

_BOTH = (
    "회사 기업 업체 저희 우리 곳 지역 도시 장소 클러스터 산학연 특구 단지 안 내 쪽 정도 규모 필요 생각 계획 예정 이전 옮기 가 오 보 찾 구하 얻 알아보 "
    "현황 정보 목록 종류 전부 모두 모든 다 좀 혹시 지금 현재 아직 요즘 얼마 얼마나 몇 어느 어떤 무슨 그 이 저 나 너 제 명 년 개 말 더 또 수 말하 보이 나오 나와 되 만 새로 새 좋 크 넓 소개 안내 확인 추천 "
    "company companies firm business place places city cities cluster clusters zone zones area move moves moving relocate relocating "
    "relocation go going come need needs want wants look looking find search show list give see know get gets available currently now "
    "still today left kind kinds all some anything one new there here much many more info information details overview like "
    "interested plan planning think thinking set up open opening start us around near within size help explain"
)
_WORDS = {
    "land": (
        "토지 땅 용지 필지 부지 터 자리 공간 대지 남 분양 매물 매각 팔 사 매입 구입 구매 살 입주 면적 평 평수 제곱미터 크기 잔여 여유 비 빈 가능 공급 "
        "land lot lots plot plots site sites parcel parcels ground space sale sell selling sold buy buying purchase remain remaining "
        "leftover unsold vacant empty free offer offered offering large big square metre metres meter meters sqm pyeong m2"
    ),
    "incentives": (
        "지원 지원금 지원책 혜택 인센티브 감면 세제 세금 세액 법인세 취득세 재산세 소득세 면제 보조금 우대 받 주 제도 정책 사업 프로그램 신청 대상 조건 기간 "
        "support incentive incentives benefit benefits tax taxes relief cut cuts break breaks reduction exemption subsidy subsidies grant "
        "grants cash rent programme programmes program programs aid assistance offer offered receive apply eligible qualify advantage advantages"
    ),
}  # fmt: skip


def asks_more(task: str, text: str, gazetteer: Gazetteer) -> bool:
    """Whether a text holds a word of meaning that neither names a thing of the gazetteer, nor a number, nor belongs to `task`.

    `task` is `land` or `incentives`.
    """
    rest = list(text)
    for match in gazetteer.find(text):
        end = match.end + len(_ending(text[match.end :]))
        rest[match.start : end] = " " * (end - match.start)
    words = (word for word in morphemes("".join(rest)) if not word[:1].isdigit())
    return any(word not in _vocabulary(task) for word in words)


@cache
def _vocabulary(task: str) -> frozenset[str]:
    words = f"{_BOTH} {_WORDS[task]}".split()
    # Stems of the analyser, and the words themselves: verbs are given by their stem, which it cannot read alone.
    return frozenset(word for given in words for word in (given, *morphemes(given)))


def _ending(text: str) -> str:
    match = _ENDING.match(text)
    return match.group() if match else ""
