"""What held once, does not hold yet, or is damaged: whether it is cited, and with which note."""

from dataclasses import replace
from datetime import date

import pytest

from knowledge.answer import compose
from knowledge.library import Library
from knowledge.standing import Standing, is_past, standing
from tests.asking import TODAY
from tests.releasing import released

DOCUMENTS = {
    "naju": ("나주 혁신도시의 이전기업 임대료 지원은 월 50만 원까지입니다.", "valid_until: 2025-12"),
    "jinju": ("진주 혁신도시의 이전기업 고용보조금은 한 명에 월 60만 원입니다.", "valid_from: 2027-03-01"),
    "daegu": ("대구 혁신도시의 2024년 이사비 지원은 기업당 700만 원입니다.", "as_of: 2024\nsuperseded_by: daegu-2026"),
    "gimcheon": ("김천 혁신도시 클러스터 용지의 면적은 30 mXNUMX입니다. 용지 분양 접수처는 김천시청 기업지원과입니다.", ""),
    "busan": ("부산 혁신도시의 클러스터 분양 면적은 3,000입니다.", ""),
    "wonju": ("Wonju innovation city gives relocating companies a rent subsidy of up to 500,000 won a month.", "valid_until: 2025"),
    "jeonju": ("Jeonju innovation city gives relocating companies a hiring grant of 600,000 won a month.", "valid_from: 2027"),
    "ulsan": ("Ulsan innovation city sold a cluster lot of 30 mXNUMX to relocating companies.", ""),
    "jeju": ("For relocating companies in Jeju innovation city the support budget was 3,000.", ""),
}  # fmt: skip
NAJU, NAJU_ONCE = (
    "나주 혁신도시 이전기업 임대료 지원은 얼마인가요?",
    "예전에 나주 혁신도시 이전기업 임대료 지원은 얼마였나요?",
)
JINJU = "진주 혁신도시 이전기업 고용보조금은 얼마인가요?"
DAEGU, DAEGU_ONCE = (
    "대구 혁신도시 이사비 지원은 얼마인가요?",
    "2024년 대구 혁신도시 이사비 지원은 얼마인가요?",
)
WONJU = "How much is the rent subsidy for relocating companies in Wonju innovation city?"
WONJU_ONCE = WONJU.replace("How much is", "How much was")
JEONJU = "How much is the hiring grant for relocating companies in Jeonju innovation city?"
LAST_DAY, NEW_YEAR = date(2025, 12, 31), date(2026, 1, 1)


@pytest.fixture(scope="module")
def library(tmp_path_factory, embedder, config):
    folder = tmp_path_factory.mktemp("standing")
    (folder / "docs").mkdir()
    for name, (text, about) in DOCUMENTS.items():
        (folder / "docs" / f"{name}.txt").write_text(text, encoding="utf-8")
        lines = f"title: {name} guide\n{about}\n"
        (folder / "docs" / f"{name}.txt.about.yml").write_text(lines, encoding="utf-8")
    released(folder / "home", [folder / "docs"], embedder)
    return Library(folder / "home", embedder, config)


def language_of(question):
    return "en" if question.isascii() else "ko"


@pytest.fixture
def ask(library):
    return lambda question, today=TODAY: compose(question, language_of(question), library, today)


@pytest.mark.parametrize(
    ("valid_from", "valid_until", "today", "expected"),
    [
        ("", "", "2026-11-22", Standing.CURRENT),
        ("", "2026-11-21", "2026-11-22", Standing.EXPIRED),
        ("", "2026-11-22", "2026-11-22", Standing.CURRENT),
        ("", "2026-11", "2026-11-30", Standing.CURRENT),
        ("", "2026-11", "2026-12-01", Standing.EXPIRED),
        ("", "2026", "2026-12-31", Standing.CURRENT),
        ("", "2026", "2027-01-01", Standing.EXPIRED),
        ("2026-11-23", "", "2026-11-22", Standing.NOT_YET),
        ("2026-11-22", "", "2026-11-22", Standing.CURRENT),
        ("2026-12", "", "2026-11-30", Standing.NOT_YET),
        ("2026-12", "", "2026-12-01", Standing.CURRENT),
        ("2027", "", "2026-12-31", Standing.NOT_YET),
        ("2027", "", "2027-01-01", Standing.CURRENT),
        ("2026", "2026", "2026-06-01", Standing.CURRENT),
        ("2026-03-15", "2026-09", "2026-03-14", Standing.NOT_YET),
        ("2026-03-15", "2026-09", "2026-10-01", Standing.EXPIRED),
    ],
)
def test_a_passage_stands_by_the_days_it_holds(library, valid_from, valid_until, today, expected):
    passage = replace(next(library.release.passages()), valid_from=valid_from, valid_until=valid_until)
    day = date.fromisoformat(today)

    assert standing(passage, day) == expected
    assert is_past(passage, day) == (expected == Standing.EXPIRED)


def test_a_replaced_passage_is_past_whatever_its_days(library):
    passage = replace(next(library.release.passages()), valid_until="2099", superseded_by="other")

    assert (standing(passage, TODAY), is_past(passage, TODAY)) == (Standing.SUPERSEDED, True)


@pytest.mark.parametrize("question", [NAJU, DAEGU, WONJU])
def test_what_holds_no_longer_is_not_cited_as_current(ask, question):
    answer = ask(question)

    assert (answer.status, answer.reason, answer.citations) == ("no_answer", "past", ())
    assert not any(figure in answer.text for figure in ("50만", "700만", "500,000"))


@pytest.mark.parametrize(
    ("question", "figure", "note"),
    [
        (NAJU_ONCE, "50만 원", "※ [1]은(는) 2025-12까지의 내용으로, 지금은 적용되지 않습니다."),
        (DAEGU_ONCE, "700만 원", "※ [1]은(는) 이후 다른 자료로 바뀐 예전 내용입니다."),
        (WONJU_ONCE, "500,000 won", "Note: [1] held until 2025 and no longer applies."),
    ],
)
def test_question_about_the_past_gets_what_held_then_with_the_note(ask, question, figure, note):
    answer = ask(question)

    assert (answer.status, figure in answer.text) == ("answered", True)
    assert note in answer.text.splitlines()


@pytest.mark.parametrize("question", [NAJU, WONJU])
def test_validity_ends_with_its_last_day(ask, question):
    assert (ask(question, LAST_DAY).status, ask(question, NEW_YEAR).reason) == ("answered", "past")
    assert not any(
        note in ask(question, LAST_DAY).text for note in ("적용되지 않습니다", "no longer applies")
    )


@pytest.mark.parametrize(
    ("question", "figure", "note", "eve", "first"),
    [
        (JINJU, "60만 원", "※ [1]은(는) 2027-03-01부터 시행되며, 아직 시행 전입니다.", date(2027, 2, 28), date(2027, 3, 1)),
        (JEONJU, "600,000 won", "Note: [1] takes effect on 2027 and does not apply yet.", date(2026, 12, 31), date(2027, 1, 1)),
    ],
)  # fmt: skip
def test_what_is_not_yet_in_force_is_quoted_with_the_note(ask, question, figure, note, eve, first):
    before, after = ask(question, eve), ask(question, first)

    assert (before.status, figure in before.text, note in before.text) == ("answered", True, True)
    assert (after.status, figure in after.text, note in after.text) == ("answered", True, False)


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("김천 혁신도시 클러스터 용지의 면적은?", "그 수치가 원문에서 손상되어"),
        (
            "How large is the cluster lot sold in Ulsan innovation city?",
            "its figures are damaged in the text",
        ),
    ],
)
def test_damaged_sentence_is_never_quoted(ask, question, said):
    answer = ask(question)

    assert (answer.status, answer.reason, answer.citations) == ("no_answer", "doubtful", ())
    assert said in answer.text
    assert "mXNUMX" not in answer.text


def test_sound_sentence_beside_a_damaged_one_is_quoted_alone(ask):
    answer = ask("김천 용지 분양 접수처는 어디인가요?")

    assert "접수처는 김천시청 기업지원과입니다." in answer.text
    assert not any(
        "XNUMX" in text for text in (answer.text, *(citation.quote for citation in answer.citations))
    )


@pytest.mark.parametrize(
    ("question", "figure", "note"),
    [
        ("부산 혁신도시 클러스터 분양 면적은?", "3,000", "※ [1]의 수치는 점검에서 의심스러운 점이 발견되었습니다."),
        ("How much was the support budget for relocating companies in Jeju innovation city?", "3,000", "Note: a check found the figures of [1] doubtful."),
    ],
)  # fmt: skip
def test_suspicious_sentence_is_quoted_with_the_note(ask, question, figure, note):
    answer = ask(question)

    assert (answer.status, figure in answer.text) == ("answered", True)
    assert note in answer.text


def test_passages_bear_their_days_and_doubts(library):
    found = {p.document_id: p for p in library.release.passages()}

    assert [found[name].valid_until for name in ("naju", "wonju", "jinju")] == ["2025-12", "2025", ""]
    assert (found["jinju"].valid_from, found["daegu"].superseded_by) == ("2027-03-01", "daegu-2026")
    assert [sentence.doubt for sentence in found["gimcheon"].sentences] == ["certain", ""]
