"""Doubts in a release: what they keep from being quoted, and what an administrator's decisions change."""

import shutil

import pytest

from index_build.build import build
from index_build.decisions import Decisions
from index_build.release import publish, release_rows
from knowledge.answer import compose
from knowledge.config import load_config
from knowledge.home import current_id
from knowledge.library import Library
from tests.asking import TODAY
from tests.releasing import released

DAMAGED = "김천 혁신도시 클러스터 용지의 면적은 30 mXNUMX입니다."
DOUBTFUL = "부산 혁신도시 클러스터의 분양 면적은 3,000입니다."
TWICE_DOUBTFUL = "대구 혁신도시 클러스터의 분양 면적은 5,000입니다('19,12 기준)."
ENGLISH = "The cluster lot in Ulsan innovation city measures 30 mXNUMX."
GIMCHEON, BUSAN = "김천 혁신도시 클러스터 용지의 면적은?", "부산 혁신도시 클러스터의 분양 면적은?"
DAEGU = "대구 혁신도시 클러스터의 분양 면적은?"
SOURCE = "한국토지주택공사 분양 공고, 2026-05-12"
TEXTS = {"gimcheon": DAMAGED, "busan": DOUBTFUL, "daegu": TWICE_DOUBTFUL, "ulsan": ENGLISH}
SHEET = """---
title: 진주 안내
programme: general
language: ko
sources:
  S1: {{title: 안내, publisher: 진주시, as_of: 2026-05, status: verified}}
---

## 진주 분양
{text} [S1]
"""


def write(docs, name, text, about="title: 클러스터 안내"):
    docs.mkdir(exist_ok=True)
    (docs / f"{name}.txt").write_text(text, encoding="utf-8")
    (docs / f"{name}.txt.about.yml").write_text(about + "\n", encoding="utf-8")


@pytest.fixture(scope="module")
def published(tmp_path_factory, embedder):
    """Documents with doubtful sentences, and the home of their published release."""
    folder = tmp_path_factory.mktemp("checking")
    for name, text in TEXTS.items():
        write(folder / "docs", name, text)
    released(folder / "home", [folder / "docs"], embedder)
    return folder


@pytest.fixture
def docs(published, tmp_path):
    return shutil.copytree(published / "docs", tmp_path / "docs")


@pytest.fixture
def home(published, tmp_path):
    return shutil.copytree(published / "home", tmp_path / "home")


@pytest.fixture
def rebuild(home, docs, embedder):
    """Build and publish what lies in the folder now."""
    return lambda: released(home, [docs], embedder)


@pytest.fixture
def ask(home, embedder, config):
    """Answer from what is served now."""
    return lambda question: compose(
        question, "en" if question.isascii() else "ko", Library(home, embedder, config), TODAY
    )


@pytest.fixture
def decide(home):
    """Decide on the one doubt about a document."""

    def on(document, verdict, **words):
        [row] = doubts(home, document)
        return Decisions(home).decide(row["key"], verdict, "kim", **words)

    return on


def doubts(home, document):
    return [row for row in release_rows(home, current_id(home), "doubts") if row["document_id"] == document]


def sentences(home, embedder, document):
    passages = Library(home, embedder, load_config()).release.passages()
    return [sentence for p in passages if p.document_id == document for sentence in p.sentences]


@pytest.mark.parametrize(
    ("question", "figure"),
    [
        (GIMCHEON, "XNUMX"),
        (DAEGU, "5,000"),
        ("How large is the cluster lot in Ulsan innovation city?", "XNUMX"),
    ],
)
def test_damage_keeps_the_sentence_from_being_told(ask, question, figure):
    answer = ask(question)

    assert (answer.status, answer.reason, answer.citations) == ("no_answer", "doubtful", ())
    assert figure not in answer.text


def test_suspicion_lets_the_sentence_be_told_with_a_note(ask):
    answer = ask(BUSAN)

    assert (answer.status, DOUBTFUL in answer.text) == ("answered", True)
    assert "※ [1]의 수치는 점검에서 의심스러운 점이 발견되었습니다" in answer.text


def test_two_suspicions_of_different_rules_block_the_sentence(home, embedder):
    assert {(row["rule"], row["confidence"]) for row in doubts(home, "daegu")} == {
        ("lost-unit", "suspicion"),
        ("stray-comma", "suspicion"),
    }
    assert [s.doubt for s in sentences(home, embedder, "daegu")] == ["certain"]


def test_doubts_are_kept_with_the_passage_they_are_about(home, embedder, config):
    [row] = doubts(home, "gimcheon")
    passage = Library(home, embedder, config).release.passage(row["passage_id"])

    assert (row["sentence"], row["found"], row["verdict"]) == (DAMAGED, "mXNUMX입니다.", "")
    assert passage.document_id == "gimcheon"
    assert any(warning.startswith("certain: ") for warning in passage.warnings)


def test_report_counts_doubts_by_their_confidence(docs, tmp_path, embedder, config):
    report = build(tmp_path / "new", [docs], embedder, config)

    assert report.doubts == {"certain": 3, "suspicion": 3}


def test_confirmed_doubt_blocks_the_sentence(decide, rebuild, ask, home):
    decide("busan", "confirm")
    assert ask(BUSAN).status == "answered"  # what is served never changes by itself
    rebuild()

    assert (ask(BUSAN).reason, doubts(home, "busan")[0]["verdict"]) == ("doubtful", "confirm")


def test_dismissed_doubt_lets_the_sentence_be_told_without_a_note(decide, rebuild, ask, home):
    decide("busan", "dismiss", note="원문 대조")
    rebuild()
    answer = ask(BUSAN)

    assert (answer.status, DOUBTFUL in answer.text, "의심스러운" in answer.text) == ("answered", True, False)
    assert doubts(home, "busan")[0]["verdict"] == "dismiss"


def test_dismissed_damage_is_told(decide, rebuild, home, embedder):
    decide("gimcheon", "dismiss")
    rebuild()

    assert [(s.text, s.doubt) for s in sentences(home, embedder, "gimcheon")] == [(DAMAGED, "")]


def test_one_of_two_suspicions_dismissed_leaves_the_other_a_note(rebuild, ask, home):
    for row in doubts(home, "daegu"):
        if row["rule"] == "stray-comma":
            Decisions(home).decide(row["key"], "dismiss", "kim")
    rebuild()
    answer = ask(DAEGU)

    assert (answer.status, "5,000" in answer.text) == ("answered", True)
    assert "의심스러운 점이 발견되었습니다" in answer.text


def test_correction_is_quoted_with_its_source(decide, rebuild, ask):
    right = "김천 혁신도시 클러스터 용지의 면적은 30만 ㎡입니다."
    decide("gimcheon", "correct", correction=right, source=SOURCE)
    rebuild()
    answer = ask(GIMCHEON)
    [citation] = answer.citations

    assert (answer.status, answer.text) == ("answered", f"{right} [1]")
    assert (citation.quote, citation.source.title, citation.source.status) == (right, SOURCE, "verified")


def test_correction_of_one_sentence_leaves_the_others_their_source(docs, rebuild, ask, decide):
    write(docs, "gimcheon", f"{DAMAGED} 분양 접수처는 김천시청 기업지원과입니다.")
    rebuild()
    decide(
        "gimcheon", "correct", correction="김천 혁신도시 클러스터 용지의 면적은 30만 ㎡입니다.", source=SOURCE
    )
    rebuild()
    titles = {c.quote: c.source.title for c in ask(GIMCHEON).citations}

    assert titles == {
        "김천 혁신도시 클러스터 용지의 면적은 30만 ㎡입니다.": SOURCE,
        "분양 접수처는 김천시청 기업지원과입니다.": "클러스터 안내",
    }


@pytest.mark.parametrize("verdict", ["confirm", "dismiss", "correct"])
def test_decision_outlives_an_edit_elsewhere_and_further_builds(
    docs, decide, rebuild, home, embedder, verdict
):
    words = (
        {"correction": "부산 분양 면적은 3,000㎡입니다.", "source": SOURCE} if verdict == "correct" else {}
    )
    decide("busan", verdict, **words)
    write(docs, "busan", f"{DOUBTFUL} 문의는 부산시청에 합니다.")
    for _ in range(2):
        rebuild()
    first, _ = sentences(home, embedder, "busan")

    assert doubts(home, "busan")[0]["verdict"] == verdict
    assert (first.text, first.doubt) == (
        words.get("correction", DOUBTFUL), "certain" if verdict == "confirm" else "",
    )  # fmt: skip


def test_later_decision_takes_the_place_of_an_earlier_one(decide, rebuild, ask):
    decide("busan", "confirm")
    decide("busan", "dismiss")
    rebuild()

    assert ask(BUSAN).status == "answered"


def test_decision_does_not_reach_a_changed_figure(docs, decide, rebuild, home):
    decide("busan", "dismiss")
    write(docs, "busan", DOUBTFUL.replace("3,000", "4,000"))
    rebuild()

    assert [(row["sentence"], row["verdict"]) for row in doubts(home, "busan")] == [
        (DOUBTFUL.replace("3,000", "4,000"), "")
    ]


def test_decision_does_not_reach_the_same_sentence_of_another_document(docs, decide, rebuild, home):
    decide("busan", "dismiss")
    write(docs, "copy", DOUBTFUL)
    rebuild()

    assert [doubts(home, name)[0]["verdict"] for name in ("busan", "copy")] == ["dismiss", ""]


def test_candidate_bears_the_decisions_of_its_build(docs, home, decide, embedder, config):
    decide("busan", "dismiss")
    before = build(home, [docs], embedder, config).id
    decide("busan", "confirm")
    publish(home, before)

    assert [s.doubt for s in sentences(home, embedder, "busan")] == [""]


def test_in_a_sheet_only_certain_damage_counts(tmp_path, embedder):
    docs, home = tmp_path / "sheets", tmp_path / "new"
    docs.mkdir()
    text = "진주 클러스터의 분양 면적은 3,000입니다. [S1]\n\n남은 용지는 30 mXNUMX입니다."
    (docs / "jinju.md").write_text(SHEET.format(text=text), encoding="utf-8")
    released(home, [docs], embedder)

    assert {row["confidence"] for row in doubts(home, "jinju")} == {"certain"}
    assert [s.doubt for s in sentences(home, embedder, "jinju")] == ["", "certain"]


TITLES = {
    "first-line": ("plain.txt", "나주 혁신도시 클러스터 용지 30 mXNUMX 공급 안내\n\n나주에는 용지가 있습니다. 문의는 나주시청에 합니다.", ""),
    "heading": ("plain.md", "# 나주 클러스터 용지 30 mXNUMX 공급 안내\n\n나주에는 용지가 있습니다.", ""),
    "about": ("plain.txt", "나주에는 용지가 있습니다.", "title: 나주 용지 30 mXNUMX 안내"),
}  # fmt: skip


@pytest.mark.parametrize("kind", ["first-line", "heading", "about"])
def test_title_with_a_damaged_figure_is_not_used(tmp_path, embedder, config, kind):
    name, text, about = TITLES[kind]
    docs, home = tmp_path / "titles", tmp_path / "new"
    docs.mkdir()
    (docs / name).write_text(text, encoding="utf-8")
    if about:
        (docs / f"{name}.about.yml").write_text(about, encoding="utf-8")
    released(home, [docs], embedder)
    titles = {p.title for p in Library(home, embedder, config).release.passages()}

    assert titles == {"plain"}


def test_sound_title_stays_beside_a_damaged_sentence(home, embedder, config):
    found = Library(home, embedder, config).release.passages()

    assert {p.title for p in found} == {"클러스터 안내"}


def test_sound_title_inside_a_damaged_sentence_stays(tmp_path, embedder, config):
    docs, home = tmp_path / "titles", tmp_path / "new"
    write(docs, "plan", "나주 클러스터 계획의 면적은 30 mXNUMX입니다.", "title: 나주 클러스터 계획")
    released(home, [docs], embedder)

    assert {p.title for p in Library(home, embedder, config).release.passages()} == {"나주 클러스터 계획"}


def test_heading_with_a_damaged_figure_is_not_shown(tmp_path, embedder, config):
    docs, home = tmp_path / "headings", tmp_path / "new"
    docs.mkdir()
    text = "# 나주 클러스터 안내\n\n## 용지 30 mXNUMX 공급\n\n나주에는 용지가 있습니다."
    (docs / "plan.md").write_text(text, encoding="utf-8")
    released(home, [docs], embedder)

    assert not any("XNUMX" in p.section for p in Library(home, embedder, config).release.passages())
