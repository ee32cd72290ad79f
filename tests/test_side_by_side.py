"""Builds, publications and questions at the same time: none disturbs another."""

import os
import shutil
import signal
import time
from threading import Event, Thread

import pytest
from filelock import FileLock

from index_build.build import build
from index_build.catalogue_files import BuildError
from index_build.progress import BUILD_LOCK
from index_build.release import publish, releases, rollback
from knowledge.home import current_id
from knowledge.library import Library
from tests.bare import flip_bit
from tests.chaos import forked, told_numbers, write_documents
from tests.releasing import released


@pytest.fixture(scope="module")
def built(tmp_path_factory, embedder):
    """A home with two published releases."""
    folder = tmp_path_factory.mktemp("two")
    for number in (1, 2):
        write_documents(folder / "docs", number)
        released(folder / "home", [folder / "docs"], embedder)
    return folder / "home"


@pytest.fixture
def home(built, tmp_path):
    """A copy of it."""
    return shutil.copytree(built, tmp_path / "home")


@pytest.fixture
def ids(home):
    return sorted(row["id"] for row in releases(home))


@pytest.fixture
def docs(tmp_path):
    write_documents(tmp_path / "docs", 1)
    return tmp_path / "docs"


def test_leftovers_of_a_killed_build_go_with_the_next(docs, tmp_path, embedder, config):
    home = tmp_path / "new"

    def die(event):
        if event.stage == "writing" and event.done == event.total:
            os.kill(os.getpid(), signal.SIGKILL)

    child, _ = forked(lambda tell: build(home, [docs], embedder, config, die))
    os.waitpid(child, 0)
    left = [path.name for path in (home / "building").iterdir()]
    report = build(home, [docs], embedder, config)

    assert len(left) == 1  # all but moved into place
    assert not (home / "building").exists()
    assert [row["id"] for row in releases(home)] == [report.id]


def test_second_build_is_refused_while_one_runs(docs, home, ids, embedder, config):
    def hold(tell):
        with FileLock(home / BUILD_LOCK):
            tell("held")
            time.sleep(30)

    child, reader = forked(hold)
    with open(reader, encoding="utf-8") as told:
        told.readline()
        with pytest.raises(
            BuildError, match=r"Another build is running here. Wait for it, or stop it: python -m"
        ):
            build(home, [docs], embedder, config)
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)

    assert current_id(home) == ids[1]
    assert build(home, [docs], embedder, config).documents == 2  # the system let go of the dead one's lock


def test_asking_whether_a_build_runs_stops_none(docs, tmp_path, embedder, config):
    home, asking = tmp_path / "new", Event()

    def ask():  # `is_building` holds the lock for a moment; here it takes long over it
        with FileLock(home / BUILD_LOCK):
            asking.set()
            time.sleep(0.3)

    thread = Thread(target=ask)
    thread.start()
    asking.wait(10)
    report = build(home, [docs], embedder, config)
    thread.join()

    assert report.documents == 2


def wait_for(library, release_id):
    deadline = time.monotonic() + 20
    while library.release.id != release_id:
        assert time.monotonic() < deadline, f"{release_id} is not served; {library.problem}"
        time.sleep(0.005)


def test_library_in_the_background_serves_the_old_release_until_the_new_is_loaded(
    home, ids, embedder, config
):
    library = Library(home, embedder, config, background=True)
    publish(home, ids[0])

    assert library.release.id == ids[1]  # at once, without waiting
    wait_for(library, ids[0])
    assert told_numbers(library) == {"1필지가 남았습니다."}
    assert library.problem == ""


def test_library_in_the_background_goes_on_where_the_new_release_is_damaged(home, ids, embedder, config):
    rollback(home)
    library = Library(home, embedder, config, background=True)
    publish(home, ids[1])
    flip_bit(home / "releases" / ids[1] / "terms.ko.npz", 100)
    library.refresh()

    assert library.release.id == ids[0]
    assert f"Release {ids[1]}: terms.ko.npz was altered" in library.problem


def test_no_question_fails_while_releases_switch(home, ids, embedder, config):
    library = Library(home, embedder, config, background=True)
    over, told, errors = Event(), set(), []

    def ask(number):
        try:
            while not over.is_set():
                hits = library.search(f"나주 용지 {number}", "ko")
                told.add(frozenset(hit.passage.text.split("용지 ")[1] for hit in hits))
        except Exception as error:  # noqa: BLE001  # whatever it is, no visitor may meet it
            errors.append(error)

    threads = [Thread(target=ask, args=(number,), daemon=True) for number in range(4)]
    for thread in threads:
        thread.start()
    try:
        for switch in range(20):
            publish(home, ids[switch % 2])
            wait_for(library, ids[switch % 2])
    finally:
        over.set()
    for thread in threads:
        thread.join(10)

    assert errors == []
    assert told == {
        frozenset([f"{number}필지가 남았습니다."]) for number in (1, 2)
    }  # never of two releases at once
