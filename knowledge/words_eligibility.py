"""Words of conditions and estimates that stand in no row of `rules.csv`: `{key: (Korean, English)}`."""

from __future__ import annotations

_WORDS: dict[str, tuple[str, str]] = {
    "facility": ("옮기는 시설: {names}", "Facility that moves: {names}"),
    "regions": (
        "이전할 지역이 정해져야 판단할 수 있습니다.",
        "It depends on the place you move to, which is still open.",
    ),
    "period": (
        "감면율과 기간은 아직 확인되지 않은 조건에 따라 달라집니다.",
        "The rate and the years depend on what is not known yet.",
    ),
    "deadline": ("{date}까지여야 합니다.", "By {date} at the latest."),
    "or": ("·", " or "),
    "to": ("~", " to "),
    "a_month": ("월 {amount}", "{amount} a month"),
    "one_of": ("{formula} ({name})", "{formula} ({name})"),
}


def words(key: str, **values: object) -> tuple[str, str]:
    """The words of `key` in Korean and English, with `{names}` filled in. Raises KeyError for an unknown key."""
    korean, english = _WORDS[key]
    return korean.format(**values), english.format(**values)
