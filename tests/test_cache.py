"""What earlier builds worked out is used again, forgotten when nobody needs it, and never given when damaged."""

import os
import signal
import sqlite3
from contextlib import closing
from zlib import crc32

import numpy as np
import pytest

from index_build.build import build
from index_build.cache import Cache, text_digest
from index_build.reading.document import Heading, Paragraph, Reading, Table
from knowledge.adapter import Adapter
from knowledge.lexical import morphemes
from tests.chaos import forked

READING = Reading((Heading(1, "나주"), Paragraph("용지가 남았습니다."), Table((("면적",), ("858",)))), "계획")


@pytest.fixture
def open_cache(tmp_path):
    """Open the cache of one home, again and again."""
    opened = []

    def again(model="model-a"):
        opened.append(Cache(tmp_path / "home", model))
        return opened[-1]

    yield again
    for one in opened:
        one.close()


@pytest.fixture
def work(tmp_path):
    """The cache's own file."""
    return tmp_path / "home" / "cache" / "work.db"


def change(work, statement, *values):
    with closing(sqlite3.connect(work)) as connection, connection:
        assert connection.execute(statement, values).rowcount == 1


def select(work, statement):
    with closing(sqlite3.connect(work)) as connection:
        return connection.execute(statement).fetchall()


def vector(number):
    return np.full(384, number, dtype=np.float32)


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "plan.txt"
    path.write_text("나주 계획", encoding="utf-8")
    return path


def test_vectors_are_given_back_as_they_were(open_cache):
    kept = {"a": vector(0.25), "b": np.linspace(-1, 1, 384, dtype=np.float32)}
    cache = open_cache()
    cache.keep_vectors(kept)
    cache.close()
    given = open_cache().vectors(["a", "b", "c"])

    assert given.keys() == kept.keys()
    assert all(np.array_equal(given[digest], kept[digest]) for digest in kept)


def test_more_vectors_than_one_statement_takes_are_given(open_cache):
    cache = open_cache()
    cache.keep_vectors({str(number): vector(number) for number in range(1200)})

    assert {int(digest): v[0] for digest, v in cache.vectors(map(str, range(1300))).items()} == {
        number: number for number in range(1200)
    }


def test_vectors_of_another_model_are_not_given(open_cache):
    open_cache("model-a").keep_vectors({"a": vector(1)})
    other = open_cache("model-b")

    assert other.vectors(["a"]) == {}
    other.keep_vectors({"a": vector(2)})
    assert (open_cache("model-a").vectors(["a"])["a"][0], other.vectors(["a"])["a"][0]) == (1, 2)


def test_damaged_vector_is_not_given(open_cache, work):
    cache = open_cache()
    cache.keep_vectors({"a": vector(1), "b": vector(2)})
    cache.close()
    damaged = vector(1).tobytes()[:-1] + b"\x01"
    change(work, "UPDATE vectors SET vector = ? WHERE digest = 'a'", damaged)

    assert open_cache().vectors(["a", "b"]).keys() == {"b"}


def test_damaged_keywords_are_worked_out_again(open_cache, work):
    text = "나주에는 용지가 남았습니다."
    cache = open_cache()
    cache.terms([text])
    cache.close()
    change(work, "UPDATE terms SET terms = 'parking'")

    assert open_cache().terms([text])[text].split() == morphemes(text)


def test_known_keywords_are_not_worked_out_again(open_cache, work):
    cache = open_cache()
    cache.terms(["광주 용지", "부산 용지"])
    cache.close()
    change(work, "UPDATE terms SET terms = ?, \"check\" = ? WHERE terms LIKE '광주%'", "kept", crc32(b"kept"))

    assert open_cache().terms(["광주 용지", "부산 용지"]) == {"광주 용지": "kept", "부산 용지": "부산 용지"}


@pytest.fixture
def adapter():
    return Adapter(*(np.full((2, 2), number, dtype=np.float32) for number in range(4)))


def test_adapter_is_given_back_for_its_digest_in_place_of_the_last(open_cache, adapter):
    cache = open_cache()
    cache.keep_adapter("old", adapter)
    cache.keep_adapter("new", adapter)

    assert cache.adapter("old") is None
    assert cache.adapter("new").to_bytes() == adapter.to_bytes()


def test_damaged_adapter_is_not_given(open_cache, work, adapter):
    cache = open_cache()
    cache.keep_adapter("a", adapter)
    cache.close()
    change(work, "UPDATE adapters SET arrays = ?", b"damaged")

    assert open_cache().adapter("a") is None


def test_reading_is_given_back_for_the_same_bytes_and_extension(open_cache, file, tmp_path):
    open_cache().keep_reading(file, READING)
    copy, other = tmp_path / "copy.TXT", tmp_path / "plan.md"
    for path in (copy, other):
        path.write_bytes(file.read_bytes())

    assert (open_cache().reading(file), open_cache().reading(copy)) == (READING, READING)
    assert open_cache().reading(other) is None


def test_reading_of_changed_bytes_is_not_given(open_cache, file):
    open_cache().keep_reading(file, READING)
    file.write_text("부산 계획", encoding="utf-8")

    assert open_cache().reading(file) is None


@pytest.mark.parametrize("damage", [b"", b"\x00\x01", None])
def test_damaged_reading_is_not_given(open_cache, file, work, damage):
    open_cache().keep_reading(file, READING)
    [(whole,)] = select(work, "SELECT reading FROM readings")
    damaged = whole[:20] + bytes([whole[20] ^ 4]) + whole[21:] if damage is None else damage
    change(work, "UPDATE readings SET reading = ?", damaged)

    assert open_cache().reading(file) is None


def test_forgetting_keeps_what_is_needed_only(open_cache, file, work):
    cache = open_cache()
    cache.keep_vectors({"a": vector(1), "b": vector(2)})
    cache.terms(["나주 용지", "부산 용지"])
    cache.keep_reading(file, READING)
    cache.forget(["b"], ["부산 용지"])

    assert cache.vectors(["a", "b"]).keys() == {"b"}
    assert select(work, "SELECT digest FROM terms") == [(text_digest("부산 용지"),)]
    assert cache.reading(file) == READING


def test_forgetting_drops_readings_of_older_readers(open_cache, file, work):
    cache = open_cache()
    cache.keep_reading(file, READING)
    change(work, "UPDATE readings SET key = 'abc.txt 0123456789abcdef'")
    cache.forget([], [])

    assert select(work, "SELECT * FROM readings") == []


def test_forgetting_everything_leaves_a_cache_that_works(open_cache):
    cache = open_cache()
    cache.keep_vectors({"a": vector(1)})
    cache.forget([], [])
    cache.keep_vectors({"b": vector(2)})

    assert cache.vectors(["a", "b"]).keys() == {"b"}


@pytest.mark.parametrize("at", [0, 30, 4096 + 3])
def test_damaged_file_is_begun_anew(open_cache, work, at):
    cache = open_cache()
    cache.keep_vectors({str(number): vector(number) for number in range(50)})
    cache.close()
    data = bytearray(work.read_bytes())
    data[at : at + 60] = b"\xff" * 60
    work.write_bytes(data)
    fresh = open_cache()
    fresh.keep_vectors({"a": vector(1)})

    assert fresh.vectors(["a"]).keys() == {"a"}


def test_cache_of_an_older_version_goes_on_being_used(open_cache, work):
    work.parent.mkdir(parents=True)
    with closing(sqlite3.connect(work)) as connection, connection:
        connection.execute("CREATE TABLE terms (digest TEXT PRIMARY KEY, terms TEXT)")
        connection.execute("INSERT INTO terms VALUES (?, 'parking')", [text_digest("부산 용지")])

    assert open_cache().terms(["부산 용지"]) == {"부산 용지": "부산 용지"}


def test_killed_build_goes_on_where_it_was(tmp_path, embedder, config):
    docs, home = tmp_path / "docs", tmp_path / "home"
    docs.mkdir()
    paragraphs = "\n\n".join(f"# 구역 {number}\n\n구역 {number}에는 용지가 있습니다." for number in range(70))
    (docs / "plan.md").write_text(paragraphs, encoding="utf-8")

    def die(event):
        if event.stage == "embedding" and event.done >= 32:
            os.kill(os.getpid(), signal.SIGKILL)

    child, _ = forked(lambda tell: build(home, [docs], embedder, config, die))
    _, status = os.waitpid(child, 0)
    report = build(home, [docs], embedder, config)

    assert os.WTERMSIG(status) == signal.SIGKILL
    assert (report.passages, report.embedded, report.reused) == (70, 38, 32)
