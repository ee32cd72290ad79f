"""What is kept of releases, what goes, and what of it old citations still open."""

import shutil
from pathlib import Path

import pytest
from filelock import FileLock

from index_build.progress import BUILD_LOCK
from index_build.release import collect, drop, publish, releases, rollback
from knowledge.home import current_id
from knowledge.library import Library, ReleaseError
from tests.bare import bare_release, flip_bit
from tests.chaos import write_documents
from tests.releasing import released


@pytest.fixture
def home(tmp_path):
    return tmp_path / "home"


def publish_bare(home, names):
    for name in names:
        bare_release(home, name)
        publish(home, name)


def names(home):
    return "".join(sorted(row["id"] for row in releases(home)))


def archived(home):
    return "".join(sorted(path.name for path in (home / "archive").glob("*")))


@pytest.mark.parametrize(
    ("keep", "left"), [(2, "ef"), (3, "def"), (5, "bcdef"), (6, "abcdef"), (9, "abcdef")]
)
def test_the_last_published_releases_stay(home, keep, left):
    publish_bare(home, "abcdef")
    removed = collect(home, keep)

    assert names(home) == left
    assert sorted(removed) == sorted(set("abcdef") - set(left)) == sorted(archived(home))
    assert current_id(home) == "f"


def test_candidates_are_kept_beside_the_published_ones_and_not_archived(home):
    publish_bare(home, "ab")
    for name in "cdefg":
        bare_release(home, name)
    collect(home, 2)

    assert (names(home), archived(home)) == ("abfg", "")


def test_what_is_served_after_rollbacks_and_what_comes_before_it_stay(home):
    publish_bare(home, "abcdef")
    for _ in range(4):
        rollback(home)
    collect(home, 2)

    assert current_id(home) == "b"
    assert "a" in names(home)
    assert rollback(home) == "a"


def test_collecting_twice_changes_nothing(home):
    publish_bare(home, "abcd")
    collect(home, 2)

    assert (collect(home, 2), names(home), archived(home)) == ([], "cd", "ab")


def test_damaged_release_is_neither_archived_nor_removed(home):
    publish_bare(home, "abcd")
    flip_bit(home / "releases" / "a" / "release.db", 3)
    (home / "releases" / "b" / "release.db").unlink()

    assert collect(home, 2) == []
    assert (names(home), archived(home)) == ("abcd", "")


def test_leftovers_of_killed_work_go(home):
    publish_bare(home, "ab")
    for leftover in ("building/20261122", "trash/archive.1234"):
        (home / leftover).mkdir(parents=True)
        (home / leftover / "release.db").write_bytes(b"half")
    (home / ".CURRENT.12ab").write_text("a")
    collect(home, 2)

    assert (
        sorted(
            path.name
            for path in home.rglob("*")
            if path.name in ("20261122", "archive.1234", ".CURRENT.12ab")
        )
        == []
    )


def test_what_a_running_build_writes_stays(home):
    publish_bare(home, "ab")
    (home / "building" / "20261122").mkdir(parents=True)
    with FileLock(home / BUILD_LOCK):
        collect(home, 2)

    assert (home / "building" / "20261122").is_dir()


def test_candidate_is_dropped(home):
    publish_bare(home, "a")
    bare_release(home, "b")
    drop(home, "b")

    assert (names(home), [*home.glob("trash/*")]) == ("a", [])


@pytest.mark.parametrize("name", ["a", "b"])
def test_published_release_is_not_dropped(home, name):
    publish_bare(home, "ab")

    with pytest.raises(ReleaseError, match=rf"Release {name} was published and is cited. Only candidates"):
        drop(home, name)
    assert names(home) == "ab"


@pytest.mark.parametrize(
    "name", ["", ".", "..", "x", "./b", "b/", "../releases/b", "../../home", "c/../b", "b\x00"]
)
def test_what_is_no_release_is_not_dropped(home, name):
    publish_bare(home, "b")

    with pytest.raises(ReleaseError, match="No release"):
        drop(home, name)
    assert (names(home), current_id(home)) == ("b", "b")


@pytest.mark.parametrize("name", ["", ".", "..", "../home/releases"])
def test_what_is_no_release_is_not_published(home, name):
    publish_bare(home, "b")

    with pytest.raises(ReleaseError, match=r"manifest.json is missing"):
        publish(home, name)
    assert current_id(home) == "b"


def test_release_named_by_its_folder_is_published_by_its_id(home):
    publish_bare(home, "ab")
    publish(home, "../releases/a")

    assert current_id(home) == "a"


@pytest.fixture(scope="module")
def three(tmp_path_factory, embedder):
    """A home with three published releases."""
    folder = tmp_path_factory.mktemp("three")
    for number in (1, 2, 3):
        write_documents(folder / "docs", number)
        released(folder / "home", [folder / "docs"], embedder)
    return folder / "home"


@pytest.fixture
def cited(three, tmp_path):
    """A copy of it, its ids, oldest first."""
    home = Path(shutil.copytree(three, tmp_path / "copy"))
    return home, sorted(row["id"] for row in releases(home))


def test_old_citation_opens_after_its_release_was_collected(cited, embedder, config):
    home, ids = cited
    library = Library(home, embedder, config)
    passage_id = next(library.release.passages()).id
    assert collect(home, 1) == [ids[0]]

    assert "용지 1필지" in library.passage(ids[0], passage_id).text
    assert "용지 1필지" in Library(home, embedder, config).passage(ids[0], passage_id).text
    assert sorted(p.name for p in (home / "archive" / ids[0]).iterdir()) == [
        "manifest.json", "manifest.sha256", "release.db",
    ]  # fmt: skip


def test_citation_opened_before_its_release_was_collected_stays_open(cited, embedder, config):
    home, ids = cited
    library = Library(home, embedder, config)
    passage_id = next(library.release.passages()).id
    before = library.passage(ids[0], passage_id)
    collect(home, 1)

    assert library.passage(ids[0], passage_id) == before


def test_damaged_archive_is_not_quoted(cited, embedder, config):
    home, ids = cited
    library = Library(home, embedder, config)
    passage_id = next(library.release.passages()).id
    collect(home, 1)
    flip_bit(home / "archive" / ids[0] / "release.db", 5000)

    with pytest.raises(ReleaseError, match=r"release.db was altered"):
        library.passage(ids[0], passage_id)


@pytest.mark.parametrize("release_id", ["", ".", "..", "../releases", "20200101", "x\x00"])
def test_citation_of_an_unknown_release_opens_nothing(cited, embedder, config, release_id):
    library = Library(cited[0], embedder, config)

    assert library.passage(release_id, next(library.release.passages()).id) is None


def test_archived_release_is_neither_listed_nor_rolled_back_to(cited):
    home, ids = cited
    collect(home, 1)

    assert rollback(home) == ids[1]
    with pytest.raises(ReleaseError, match="No whole release was published before"):
        rollback(home)
