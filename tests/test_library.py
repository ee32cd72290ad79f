"""The library notices what is published, without a visitor waiting for it."""

import hashlib
import json
import shutil
import sqlite3
import threading
import time

import pytest

from index_build.release import publish
from knowledge.library import Library, Release, ReleaseError
from tests.releasing import released

SHEET = "---\ntitle: 시험 자료\nprogramme: general\nlanguage: ko\n---\n\n## 나주\n나주에는 용지가 {}.\n"


@pytest.fixture(scope="module")
def built(tmp_path_factory, embedder):
    """A home with two releases, the second one served."""
    docs, home = tmp_path_factory.mktemp("docs"), tmp_path_factory.mktemp("home")
    for state in ("남았습니다", "팔렸습니다"):
        (docs / "sheet.md").write_text(SHEET.format(state), encoding="utf-8")
        released(home, [docs], embedder)
    return home


@pytest.fixture
def home(built, tmp_path):
    return shutil.copytree(built, tmp_path / "home")


@pytest.fixture
def ids(home):
    return sorted(path.name for path in (home / "releases").iterdir())


def until(condition, seconds=20):
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.02)
    return condition()


def hold_loading(monkeypatch):
    """Releases load only when the event that is returned is set."""
    go, load = threading.Event(), Release._open
    monkeypatch.setattr(Release, "_open", lambda *args: (go.wait(20), load(*args))[1])
    return go


def test_old_release_serves_while_the_new_one_loads(home, ids, embedder, config, monkeypatch):
    library = Library(home, embedder, config, background=True)
    go = hold_loading(monkeypatch)
    publish(home, ids[0])
    started = time.monotonic()
    meanwhile = [library.release.id for _ in range(50)]
    waited = time.monotonic() - started
    go.set()

    assert (set(meanwhile), waited < 2) == ({ids[1]}, True)
    assert until(lambda: library.release.id == ids[0])


def test_release_is_loaded_once_however_many_ask(home, ids, embedder, config, monkeypatch):
    library = Library(home, embedder, config, background=True)
    loads, load = [], Release._open
    monkeypatch.setattr(Release, "_open", lambda *args: (loads.append(1), load(*args))[1])
    publish(home, ids[0])
    askers = [threading.Thread(target=lambda: library.release) for _ in range(20)]
    for asker in askers:
        asker.start()

    assert until(lambda: library.release.id == ids[0])
    assert len(loads) == 1


def test_refresh_loads_at_once(home, ids, embedder, config):
    library = Library(home, embedder, config, background=True)
    publish(home, ids[0])

    assert library.refresh().id == ids[0] == library.release.id


def test_damaged_release_is_not_loaded_in_the_background(home, ids, embedder, config):
    library = Library(home, embedder, config, background=True)
    (home / "releases" / ids[0] / "terms.ko.npz").write_bytes(b"")
    (home / "CURRENT").write_text(ids[0], encoding="utf-8")

    assert until(lambda: library.release and library.problem)
    assert (library.release.id, "terms.ko.npz was altered" in library.problem) == (ids[1], True)


def test_release_goes_on_being_read_when_its_files_are_gone(home, embedder, config):
    library = Library(home, embedder, config)
    shutil.rmtree(home / "releases")

    assert library.search("나주 용지", "ko")[0].passage.text == "나주에는 용지가 팔렸습니다."


def test_release_of_another_layout_is_refused_with_a_remedy(home, ids, embedder, config):
    folder = home / "releases" / ids[0]
    with sqlite3.connect(folder / "release.db") as database:
        database.execute("ALTER TABLE vectors RENAME TO before")
    seal(folder)

    with pytest.raises(
        ReleaseError, match=r"another version and cannot be read \(no such table: vectors\)\. Run"
    ):
        Release(folder, embedder, config)


def seal(folder):
    """Make the digests fit the files, as if the release had been written so."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    manifest["files"] = {
        name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in manifest["files"]
    }
    text = json.dumps(manifest, ensure_ascii=False)
    (folder / "manifest.json").write_text(text, encoding="utf-8")
    (folder / "manifest.sha256").write_text(hashlib.sha256(text.encode()).hexdigest(), encoding="utf-8")


def test_old_citation_bears_its_source_as_it_was_then(tmp_path, embedder, config):
    sheet = (
        "---\ntitle: 안내\nprogramme: general\nlanguage: ko\nsources:\n"
        "  S1: {title: TITLE, publisher: 시청, as_of: 2025, status: verified}\n---\n\n## 용지\n용지가 있습니다. [S1]\n"
    )
    (tmp_path / "docs").mkdir()
    for title in ("지난해 안내", "올해 안내"):
        (tmp_path / "docs" / "sheet.md").write_text(sheet.replace("TITLE", title), encoding="utf-8")
        released(tmp_path / "home", [tmp_path / "docs"], embedder)
    library = Library(tmp_path / "home", embedder, config)
    ids = sorted(path.name for path in (tmp_path / "home" / "releases").iterdir())
    passage = library.passage(ids[0], next(library.release.passages()).id)

    titles = [library.source(release_id, passage.sentences[0].sources[0]).title for release_id in ids]
    assert titles == ["지난해 안내", "올해 안내"]
