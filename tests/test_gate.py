"""The gate before publishing: what would change, what closes it, and what goes past it."""

import json
import os
import shutil
import unicodedata

import pytest

from index_build.build import build
from index_build.config import ReleaseConfig
from index_build.gate import GateClosed, evaluate, publish_checked
from index_build.questions import QUESTIONS
from index_build.release import publish, rollback
from knowledge.home import current_id, history
from knowledge.library import ReleaseError
from tests.asking import TODAY
from tests.bare import flip_bit

SHEET = """---
title: {title}
programme: general
language: ko
sources:
  S1: {{title: 안내, publisher: 국토교통부, as_of: 2026-05, status: verified}}
---

## {heading}
<!-- asked: {asked} -->
{text} [S1]
"""
LAND = (
    "나주 용지 안내",
    "나주 남은 용지",
    "나주에 남은 용지는 몇 필지인가요?",
    "나주에는 용지 30필지가 남았습니다.",
)
TAX = (
    "부산 세금 안내",
    "부산 세금 감면",
    "부산의 법인세 감면 기간은?",
    "부산의 법인세 감면 기간은 7년입니다.",
)
ASKED = [
    {"id": "land", "language": "ko", "question": LAND[2], "facts": [["30필지", "서른 필지"]], "never": ["300필지"], "documents": ["land"]},
    {"id": "tax", "language": "ko", "question": TAX[2], "facts": [["7년"]], "documents": ["tax"]},
]  # fmt: skip
RULES = ReleaseConfig(gate_right=0.95, keep=5)


def write(docs, name, parts):
    text = SHEET.format(title=parts[0], heading=parts[1], asked=parts[2], text=parts[3])
    (docs / f"{name}.md").write_text(text, encoding="utf-8")


def write_questions(docs, rows):
    (docs / QUESTIONS).write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")


@pytest.fixture(scope="module")
def published(tmp_path_factory, embedder, config):
    """A folder with documents and the home of their published release."""
    folder = tmp_path_factory.mktemp("gate")
    (folder / "docs").mkdir()
    write(folder / "docs", "land", LAND)
    write(folder / "docs", "tax", TAX)
    write_questions(folder / "docs", ASKED)
    publish(folder / "home", build(folder / "home", [folder / "docs"], embedder, config).id)
    return folder


@pytest.fixture
def docs(published, tmp_path):
    return shutil.copytree(published / "docs", tmp_path / "docs")


@pytest.fixture
def home(published, tmp_path):
    return shutil.copytree(published / "home", tmp_path / "home")


@pytest.fixture
def candidate(docs, home, embedder, config):
    """Build what lies in the folder now, into the home; its id."""
    return lambda into=home: build(into, [docs], embedder, config).id


@pytest.fixture
def judge(home, embedder, config):
    """Evaluate a candidate."""
    return lambda release_id, rules=RULES: evaluate(home, release_id, embedder, config, rules, TODAY)


@pytest.fixture
def let_in(home, embedder, config):
    """Publish a candidate through the gate."""

    def through(release_id, force="", at=home):
        return publish_checked(at, release_id, embedder, config, RULES, TODAY, "Kim", force)

    return through


def test_unchanged_documents_pass_without_a_change(home, candidate, judge):
    found = judge(candidate())

    assert (found.against, found.questions) == (current_id(home), 2)
    assert (found.right_before, found.right_after, found.changes, found.broken, found.mended) == (
        2,
        2,
        [],
        [],
        [],
    )
    assert found.passes


def test_change_is_listed_with_the_answer_before_and_after(docs, candidate, judge):
    write(docs, "land", (*LAND[:3], "나주에는 용지가 서른 필지 남았습니다."))
    found = judge(candidate())
    [change] = found.changes

    assert (change.id, change.language, change.question) == ("land", "ko", LAND[2])
    assert ("30필지가" in change.before.text, "서른 필지" in change.after.text) == (True, True)
    assert (change.before.status, change.before.documents, change.before.right) == (
        "answered",
        ["land"],
        True,
    )
    assert found.passes


def test_evaluation_is_kept_beside_the_releases(docs, home, candidate, judge):
    write(docs, "land", (*LAND[:3], "나주에는 용지 31필지가 남았습니다."))
    release_id = candidate()
    found = judge(release_id)
    kept = json.loads((home / "evaluations" / f"{release_id}.json").read_text(encoding="utf-8"))

    assert (kept["id"], kept["passes"], kept["reasons"]) == (release_id, False, found.reasons)
    assert kept["changes"][0]["after"]["text"] == found.changes[0].after.text


def test_question_that_was_answered_and_no_longer_is_closes_the_gate(docs, home, candidate, let_in):
    served = current_id(home)
    write(docs, "land", (*LAND[:3], "나주에는 용지 31필지가 남았습니다."))
    release_id = candidate()

    with pytest.raises(
        GateClosed, match=f"(?s)Release {release_id} is not published: .*no longer: land.*--force"
    ):
        let_in(release_id)
    assert (current_id(home), len(history(home))) == (served, 1)


def test_broken_question_closes_the_gate_whatever_share_is_right(docs, candidate, judge):
    write(docs, "land", (*LAND[:3], "나주에는 용지 31필지가 남았습니다."))
    found = judge(candidate(), ReleaseConfig(gate_right=0, keep=5))

    assert found.broken == ["land"]
    assert found.reasons == ["Answered rightly today and no longer: land."]


def test_question_left_out_of_the_candidate_is_asked_all_the_same(docs, candidate, judge):
    write(docs, "land", (*LAND[:3], "나주에는 용지 31필지가 남았습니다."))
    write_questions(docs, ASKED[1:])

    assert judge(candidate()).broken == ["land"]


def test_deleted_document_breaks_its_question(docs, candidate, judge):
    (docs / "land.md").unlink()
    found = judge(candidate())

    assert (found.broken, found.right_after, found.changes[0].after.documents) == (["land"], 1, [])


def test_telling_what_must_never_be_told_closes_the_gate(docs, candidate, judge):
    write(docs, "land", (*LAND[:3], "나주에는 용지 30필지가 남았고 모두 300필지였습니다."))
    found = judge(candidate())

    assert "Tells what must never be told: land." in found.reasons


def test_never_closes_the_gate_also_where_it_was_told_before(docs, home, candidate, judge):
    write(docs, "land", (*LAND[:3], "나주에는 용지 300필지가 있었고 30필지가 남았습니다."))
    publish(home, candidate())
    found = judge(candidate(), ReleaseConfig(gate_right=0, keep=5))

    assert (found.broken, found.reasons) == ([], ["Tells what must never be told: land."])


def test_too_few_right_answers_close_the_gate(docs, candidate, judge):
    write_questions(docs, [*ASKED, ASKED[0] | {"id": "new", "facts": [["99필지"]]}])
    found = judge(candidate())

    assert found.reasons == ["2 of 3 questions are answered rightly; the gate asks for 95%."]


def test_answer_from_another_document_than_asked_for_is_not_right(docs, candidate, judge):
    write_questions(docs, [ASKED[0] | {"id": "other", "documents": ["tax"]}])

    assert judge(candidate()).right_after == 2  # land and tax of what is served; not the new one


def test_mended_question_is_told_and_opens_the_gate(docs, home, candidate, judge):
    write_questions(docs, [*ASKED, ASKED[0] | {"id": "more", "facts": [["31필지"]], "never": []}])
    publish(home, candidate())
    write(docs, "land", (*LAND[:3], "나주에는 용지 31필지가 남았습니다. 30필지는 2025년의 수입니다."))
    found = judge(candidate())

    assert (found.mended, found.broken, found.passes) == (["more"], [], True)


@pytest.mark.parametrize("name", ["land.md", "나주 계획.txt"])
def test_served_document_that_is_refused_now_closes_the_gate(docs, home, candidate, judge, name):
    (docs / "나주 계획.txt").write_text("나주 계획\n\n나주에는 길이 있습니다.", encoding="utf-8")
    publish(home, candidate())
    write_questions(docs, [])
    (docs / name).write_bytes(b"\x89PNG\r\n\x1a\n0000")
    found = judge(candidate())

    assert f"Served today, refused in this build: {name}." in found.reasons


def test_document_lost_by_a_name_in_pieces_closes_the_gate(docs, home, candidate, judge):
    path = docs / unicodedata.normalize("NFD", "나주 안내.txt")  # as macOS names it
    path.write_text("나주 계획\n\n나주에는 길이 있습니다.", encoding="utf-8")
    publish(home, candidate())
    path.write_bytes(b"\x89PNG\r\n\x1a\n0000")

    assert "Served today, refused in this build: 나주 안내.txt." in judge(candidate()).reasons


def test_refused_upload_that_an_older_document_stands_in_for_closes_the_gate(
    docs, home, tmp_path, embedder, config, judge
):
    (tmp_path / "uploads").mkdir()
    write(tmp_path / "uploads", "tax", (*TAX[:3], "부산의 법인세 감면 기간은 7년이고 연장됩니다."))
    both = [docs, tmp_path / "uploads"]
    publish(home, build(home, both, embedder, config).id)
    (tmp_path / "uploads" / "tax.md").write_bytes(b"\x89PNG\r\n\x1a\n0000")
    report = build(home, both, embedder, config)

    assert report.lost == ["tax.md"]
    assert "Served today, refused in this build: tax.md." in judge(report.id).reasons


def test_new_file_that_is_refused_leaves_the_gate_open(docs, candidate, judge):
    (docs / "new.txt").write_bytes(b"\x89PNG\r\n\x1a\n0000")

    assert judge(candidate()).passes


def test_force_publishes_and_its_reason_stays_in_the_history(docs, home, candidate, let_in):
    write(docs, "land", (*LAND[:3], "나주에는 용지 31필지가 남았습니다."))
    release_id = candidate()
    found = let_in(release_id, force="나주시 공고 2026-11 확인")
    last = history(home)[-1]

    assert not found.passes
    assert (current_id(home), last["id"], last["by"]) == (release_id, release_id, "Kim")
    assert last["reason"] == "나주시 공고 2026-11 확인"


def test_force_that_was_not_needed_leaves_no_reason(home, candidate, let_in):
    release_id = candidate()
    let_in(release_id, force="in case")

    assert (current_id(home), history(home)[-1]["reason"]) == (release_id, "")


def test_what_was_published_before_needs_no_gate(docs, home, candidate, let_in):
    first = current_id(home)
    write(docs, "land", (*LAND[:3], "나주에는 용지 31필지가 남았습니다."))
    second = candidate()
    let_in(second, force="checked")
    rollback(home)

    assert let_in(second) is None
    assert let_in(first) is None
    assert current_id(home) == first


def test_first_release_passes_without_questions(docs, tmp_path, candidate, let_in):
    (docs / QUESTIONS).unlink()
    release_id = candidate(tmp_path / "new")
    found = let_in(release_id, at=tmp_path / "new")

    assert (found.against, found.questions, found.changes, found.passes) == ("", 0, [], True)
    assert current_id(tmp_path / "new") == release_id


def test_first_release_is_asked_its_questions(docs, tmp_path, candidate, let_in):
    write(docs, "land", (*LAND[:3], "나주에는 용지 31필지가 남았습니다."))
    release_id = candidate(tmp_path / "new")

    with pytest.raises(GateClosed, match="1 of 2 questions are answered rightly"):
        let_in(release_id, at=tmp_path / "new")
    assert current_id(tmp_path / "new") == ""


def test_a_whole_candidate_gets_through_where_all_published_releases_are_damaged(home, candidate, let_in):
    flip_bit(home / "releases" / current_id(home) / "release.db", 5000)
    release_id = candidate()
    found = let_in(release_id)

    assert (found.against, found.passes, current_id(home)) == ("", True, release_id)


def test_gate_knows_what_is_served_also_where_the_pointer_is_lost(docs, home, candidate, judge):
    served = current_id(home)
    os.unlink(home / "CURRENT")
    write(docs, "land", (*LAND[:3], "나주에는 용지 31필지가 남았습니다."))
    found = judge(candidate())

    assert (found.against, found.broken) == (served, ["land"])


@pytest.mark.parametrize("release_id", ["20200101-000000-000000", "", ".."])
def test_unknown_release_is_neither_evaluated_nor_published(home, let_in, release_id):
    served = current_id(home)

    with pytest.raises(ReleaseError, match=r"manifest.json is missing"):
        let_in(release_id, force="please")
    assert (current_id(home), (home / "evaluations").exists()) == (served, False)


def test_damaged_candidate_is_not_published_by_force(home, candidate, let_in):
    release_id = candidate()
    flip_bit(home / "releases" / release_id / "vectors.ko.faiss", -1)

    with pytest.raises(ReleaseError, match=r"vectors.ko.faiss was altered"):
        let_in(release_id, force="please")
    assert current_id(home) != release_id
