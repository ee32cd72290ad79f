"""Releases once built: published, rolled back, verified, damaged, and served by the library."""

import hashlib
import shutil
from random import Random

import pytest

from index_build.release import publish, releases, rollback
from knowledge.home import current_id
from knowledge.library import Library, ReleaseError
from tests.bare import flip_bit
from tests.releasing import released

BODY = """---
title: 시험 자료
programme: general
language: {language}
---

## 나주
나주에는 용지가 {state}.

## Busan
None is left in Busan.
"""
FILES = ["release.db", "vectors.ko.faiss", "vectors.en.faiss", "manifest.json"]
ALL_FILES = [
    *FILES,
    "manifest.sha256",
    *(f"{name}.{lang}.npz" for name in ("pairs", "places", "terms") for lang in ("en", "ko")),
]


@pytest.fixture(scope="module")
def built(tmp_path_factory, embedder):
    """A home with two releases, the second one served."""
    docs, home = tmp_path_factory.mktemp("docs"), tmp_path_factory.mktemp("home")
    for state in ("남았습니다", "팔렸습니다"):
        for language in ("ko", "en"):
            text = BODY.format(language=language, state=state)
            (docs / f"{language}.md").write_text(text, encoding="utf-8")
        released(home, [docs], embedder)
    return home


@pytest.fixture
def home(built, tmp_path):
    """A copy of the two releases to damage and switch."""
    return shutil.copytree(built, tmp_path / "home")


@pytest.fixture
def ids(home):
    return sorted(path.name for path in (home / "releases").iterdir())


def naju(library):
    return next(p for p in library.release.passages() if p.section == "나주")


def test_second_build_is_served(home, ids, embedder, config):
    library = Library(home, embedder, config)

    assert library.release.id == current_id(home) == ids[1]
    assert (naju(library).text, library.problem) == ("나주에는 용지가 팔렸습니다.", "")


def test_rollback_serves_the_release_before(home, ids):
    assert rollback(home) == ids[0] == current_id(home)

    with pytest.raises(ReleaseError, match=f"No whole release was published before {ids[0]}. Build one"):
        rollback(home)


def test_rollback_passes_over_a_damaged_release(home, ids):
    flip_bit(home / "releases" / ids[0] / "release.db", 5000)

    with pytest.raises(ReleaseError, match="No whole release was published before"):
        rollback(home)
    assert current_id(home) == ids[1]


@pytest.mark.parametrize("release_id", ["20200101-000000-abcdef", "", "../releases"])
def test_publish_of_an_unknown_release_changes_nothing(home, ids, release_id):
    with pytest.raises(ReleaseError, match=r"manifest.json is missing or unreadable"):
        publish(home, release_id)
    assert current_id(home) == ids[1]


def test_publish_of_a_damaged_release_changes_nothing(home, ids):
    flip_bit(home / "releases" / ids[0] / "vectors.ko.faiss", -1)

    with pytest.raises(
        ReleaseError, match=f"Release {ids[0]}: vectors.ko.faiss was altered after publishing"
    ):
        publish(home, ids[0])
    assert current_id(home) == ids[1]


def test_publish_leaves_no_temporary_file(home, ids):
    publish(home, ids[0])

    assert [p.name for p in home.iterdir() if p.name.startswith(".")] == []


def test_list_shows_the_newest_first_and_which_is_served(home, ids):
    rollback(home)
    newest, oldest = releases(home)

    assert [newest["id"], oldest["id"]] == ids[::-1]
    assert [newest["current"], oldest["current"]] == [False, True]
    assert newest["whole"]
    assert newest["counts"]["passages"] == 4


def test_list_says_what_is_wrong_with_a_damaged_release(home, ids):
    (home / "releases" / ids[0] / "vectors.en.faiss").unlink()
    damaged = releases(home)[1]

    assert not damaged["whole"]
    assert "vectors.en.faiss cannot be read" in damaged["problem"]


@pytest.mark.parametrize("name", FILES)
def test_release_with_a_flipped_bit_gives_way_to_the_one_before(home, ids, name, embedder, config):
    flip_bit(home / "releases" / ids[1] / name, -8)  # in the manifest: a digit of the last digest
    library = Library(home, embedder, config)

    assert library.release.id == ids[0]
    assert naju(library).text == "나주에는 용지가 남았습니다."
    assert f"Release {ids[1]}" in library.problem


@pytest.mark.parametrize("name", ALL_FILES)
def test_release_with_a_bit_flipped_anywhere_gives_way(home, ids, name, embedder, config):
    path = home / "releases" / ids[1] / name
    whole = path.read_bytes()
    for seed in range(3):
        at = Random(f"{name} {seed}").randrange(
            min(len(whole), 64) if name == "manifest.sha256" else len(whole)
        )
        flip_bit(path, at, seed)
        library = Library(home, embedder, config)
        path.write_bytes(whole)

        assert library.release.id == ids[0]
        assert (
            name.replace("sha256", "json") in library.problem
        )  # of the two nobody can tell which was altered


@pytest.mark.parametrize("name", ["CURRENT", "history.jsonl"])
def test_bit_flipped_in_what_names_the_release_changes_nothing(home, ids, name, embedder, config):
    whole = (home / name).read_bytes()
    for at in range(0, len(whole), 7):
        flip_bit(home / name, at, at % 8)
        library = Library(home, embedder, config)
        (home / name).write_bytes(whole)

        assert naju(library).text == "나주에는 용지가 팔렸습니다."
        assert library.problem == "" or library.problem.startswith("CURRENT is missing or was altered")


def test_lost_pointer_is_told_with_the_way_to_mend_it(home, ids, embedder, config):
    (home / "CURRENT").unlink()
    library = Library(home, embedder, config)

    assert library.release.id == ids[1]
    assert library.problem.endswith(f"Run: python -m index_build publish {ids[1]}")


@pytest.mark.parametrize("place", ['"id": "202', '"id', '"created_at": "202', '"embedding_model'])
def test_release_with_a_flipped_bit_in_its_manifest_gives_way(home, ids, place, embedder, config):
    manifest = home / "releases" / ids[1] / "manifest.json"
    flip_bit(manifest, manifest.read_text().index(place) + len(place) - 1)

    assert Library(home, embedder, config).release.id == ids[0]


@pytest.mark.parametrize("name", FILES)
def test_release_with_a_lost_file_gives_way_to_the_one_before(home, ids, name, embedder, config):
    (home / "releases" / ids[1] / name).unlink()
    library = Library(home, embedder, config)

    assert library.release.id == ids[0]
    assert name in library.problem


def test_library_without_any_whole_release_says_so(home, ids, tmp_path, embedder, config):
    for release_id in ids:
        flip_bit(home / "releases" / release_id / "release.db", 5000)

    with pytest.raises(ReleaseError, match=f"Release {ids[1]}: release.db was altered"):
        Library(home, embedder, config)
    with pytest.raises(ReleaseError, match="Run: python -m index_build build"):
        Library(tmp_path / "nowhere", embedder, config)


def test_open_library_notices_what_is_published(home, ids, embedder, config):
    library = Library(home, embedder, config)
    served = library.release.id
    rollback(home)

    assert (served, library.release.id) == (ids[1], ids[0])
    assert library.search("나주 용지", "ko")[0].passage.text == "나주에는 용지가 남았습니다."


def test_open_library_goes_on_when_all_releases_are_damaged(home, ids, embedder, config):
    library = Library(home, embedder, config)
    for release_id in ids:
        flip_bit(home / "releases" / release_id / "release.db", 5000)
    (home / "CURRENT").write_text(ids[0], encoding="utf-8")

    assert naju(library).text == "나주에는 용지가 팔렸습니다."
    assert ids[0] in library.problem


def test_passage_of_an_older_release_stays_readable(home, ids, embedder, config):
    library = Library(home, embedder, config)
    passage_id = naju(library).id

    assert library.passage(ids[0], passage_id).text == "나주에는 용지가 남았습니다."
    assert library.passage(ids[1], passage_id).text == "나주에는 용지가 팔렸습니다."
    assert library.passage("20200101-000000-abcdef", passage_id) is None


def test_release_of_another_model_is_not_served(home, ids, embedder, config):
    for release_id in ids:
        manifest = home / "releases" / release_id / "manifest.json"
        manifest.write_text(manifest.read_text().replace(embedder.name, "other-model"))
        seal = hashlib.sha256(manifest.read_bytes()).hexdigest()
        manifest.with_name("manifest.sha256").write_text(seal)

    with pytest.raises(ReleaseError, match=r"made with 'other-model' but config.yml asks for"):
        Library(home, embedder, config)
