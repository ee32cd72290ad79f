"""Building releases: what is embedded, what is refused, what stops a build."""

import hashlib
import json

import numpy as np
import pytest

from index_build.catalogue_files import BuildError
from index_build.release import releases
from knowledge.adapter import Adapter
from knowledge.home import current_id
from knowledge.library import Library, verify
from tests.releasing import released

HEAD = """---
title: 시험 자료
programme: general
language: ko
sources:
  S1: {title: 안내, publisher: 국토교통부, as_of: 2019, status: verified}
---
"""
NAJU, BUSAN = "\n## 나주\n나주에는 용지가 남았습니다. [S1]\n", "\n## 부산\n부산에는 없습니다. 물어보세요.\n"
FILES = [
    "release.db",
    *(
        f"{name}.{lang}.npz"
        for name in ("concepts", "glosses", "pairs", "places", "terms")
        for lang in ("en", "ko")
    ),
]
FILES += [
    f"{name}.{lang}.{form}"
    for name, form in (("vectors", "faiss"), ("not_covered", "npy"))
    for lang in ("en", "ko")
]


@pytest.fixture
def docs(tmp_path):
    folder = tmp_path / "docs"
    folder.mkdir()
    (folder / "sheet.md").write_text(HEAD + NAJU + BUSAN, encoding="utf-8")
    (folder / "plan.txt").write_text("Yangjae plan\n\nThe city supports companies.", encoding="utf-8")
    return folder


@pytest.fixture
def home(tmp_path):
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


def test_build_publishes_a_whole_release(docs, home, embedder):
    report = released(home, [docs], embedder)
    manifest = verify(home / "releases" / report.id)

    assert current_id(home) == report.id == manifest["id"]
    assert (report.documents, report.passages, report.embedded, report.refused) == (2, 3, 3, {})
    assert manifest["counts"]["passages"] == 3


def test_build_with_few_questions_keeps_the_adapter_of_what_is_served(docs, home, embedder):
    first = home / "releases" / released(home, [docs], embedder).id
    adapter = Adapter(
        *(np.eye(384, dtype=np.float32) for _ in range(2)),
        *(np.zeros((2, 384), dtype=np.float32) for _ in range(2)),
    )
    assert Adapter.load(first) is None
    adapter.save(first)
    second = home / "releases" / released(home, [docs], embedder).id

    assert Adapter.load(second).to_bytes() == adapter.to_bytes()
    assert "adapter.npz" in verify(second)["files"]


def test_manifest_holds_the_digest_of_every_file(docs, home, embedder):
    folder = home / "releases" / released(home, [docs], embedder).id
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    files = {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.iterdir()}

    assert sorted(files) == sorted([*FILES, "manifest.json", "manifest.sha256"])
    assert manifest["files"] == {name: files[name] for name in FILES}
    assert manifest["embedding_model"] == embedder.name


def test_rebuild_of_the_same_documents_embeds_nothing(docs, home, embedder):
    released(home, [docs], embedder)
    report = released(home, [docs], embedder)

    assert (report.embedded, report.reused, report.passages) == (0, 3, 3)


def test_changed_section_is_the_only_one_embedded(docs, home, embedder):
    released(home, [docs], embedder)
    (docs / "sheet.md").write_text(HEAD + NAJU.replace("남았", "팔렸") + BUSAN, encoding="utf-8")
    report = released(home, [docs], embedder)

    assert (report.embedded, report.reused) == (1, 2)


def test_changed_question_embeds_no_passage_and_is_found(docs, home, embedder, config):
    released(home, [docs], embedder)
    asked = BUSAN.replace("부산\n", "부산\n<!-- asked: 해운대 필지 문의 -->\n")
    (docs / "sheet.md").write_text(HEAD + NAJU + asked, encoding="utf-8")
    report = released(home, [docs], embedder)
    hit = Library(home, embedder, config).search("해운대 필지 문의", "ko")[0]

    assert report.embedded == 0
    assert hit.passage.text == "부산에는 없습니다. 물어보세요."


def test_unreadable_file_is_refused_and_the_others_are_built(docs, home, embedder):
    (docs / "old.txt").write_bytes(b"\x89PNG\r\n\x1a\n0000")
    report = released(home, [docs], embedder)

    assert report.documents == 2
    assert report.refused["old.txt"]["ko"].startswith("old.txt: 읽을 수 있는 형식이 아닙니다")


def test_refused_files_of_one_name_are_all_reported(docs, home, embedder):
    for language in ("ko", "en"):
        (docs / language).mkdir()
        (docs / language / "old.md").write_bytes(b"\x89PNG\r\n\x1a\n0000")

    assert len(released(home, [docs], embedder).refused) == 2


@pytest.mark.parametrize("folder", ["nowhere", "empty"])
def test_build_without_documents_says_what_to_do(folder, tmp_path, home, embedder):
    (tmp_path / "empty").mkdir()

    with pytest.raises(BuildError, match=rf"{folder}.*[Nn]ame (another folder|a folder that)"):
        released(home, [tmp_path / folder], embedder)


@pytest.mark.parametrize(
    ("mark", "said"), [("L999", "nothing"), ("S2", "nothing"), ("L044", "a row of status unverified")]
)
def test_mark_to_what_may_not_be_told_stops_the_build(mark, said, docs, home, embedder):
    (docs / "sheet.md").write_text(HEAD + NAJU.replace("S1", mark), encoding="utf-8")

    with pytest.raises(BuildError, match=rf"sheet \(ko\), section '나주': mark \[{mark}\] points to {said}"):
        released(home, [docs], embedder)
    assert current_id(home) == ""


def test_mark_to_an_unverified_row_may_stand_where_nothing_is_published(docs, home, embedder):
    text = HEAD + NAJU.replace("S1", "L044").replace("나주\n", "나주 {.unpublished}\n")
    (docs / "sheet.md").write_text(text, encoding="utf-8")

    assert released(home, [docs], embedder).passages == 2


def test_wrong_row_of_the_catalogue_stops_the_build(docs, home, embedder):
    (docs / "contacts.csv").write_text("id,name\nx,y\n", encoding="utf-8")

    with pytest.raises(BuildError, match=r"contacts.csv: its columns are id, name"):
        released(home, [docs], embedder)


def test_brackets_in_plain_text_are_no_marks(docs, home, embedder):
    (docs / "plan.txt").write_text("신청서는 [A4] 용지로 냅니다.", encoding="utf-8")

    assert released(home, [docs], embedder).documents == 2


def test_document_that_stands_twice_is_reported(docs, home, embedder):
    (docs / "more").mkdir()
    (docs / "more" / "sheet.md").write_text(HEAD + BUSAN, encoding="utf-8")
    report = released(home, [docs], embedder)

    assert report.refused or report.warnings


def test_document_of_a_later_folder_takes_the_place_of_an_earlier_one(docs, tmp_path, home, embedder, config):
    (tmp_path / "uploads").mkdir()
    (tmp_path / "uploads" / "sheet.md").write_text(HEAD + BUSAN, encoding="utf-8")
    report = released(home, [docs, tmp_path / "uploads"], embedder)
    release = Library(home, embedder, config).release

    assert report.documents == 2
    assert [p.section for p in release.passages() if p.document_id == "sheet"] == ["부산"]


def test_failed_build_leaves_the_served_release(docs, home, embedder):
    served = released(home, [docs], embedder).id
    (docs / "sheet.md").write_text(HEAD + NAJU.replace("S1", "L999"), encoding="utf-8")

    with pytest.raises(BuildError):
        released(home, [docs], embedder)
    assert [r["id"] for r in releases(home)] == [served] == [current_id(home)]
