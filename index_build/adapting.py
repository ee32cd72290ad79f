"""Fits the adapter of a release to the questions that stand beside its passages.

Each step takes two questions of every section. The one should find the other among those of all sections and among
questions that no document answers; both should find their passage among all (InfoNCE). Korean and English
count as one: a section asked about in Korean is the one that the English questions beside its translation ask about.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from index_build.catalogue_files import Tables
from index_build.passages import DraftPassage, question_digest
from knowledge.adapter import Adapter
from knowledge.config import LANGUAGES, OTHER
from knowledge.embedding import Vectors
from knowledge.vectors import stacked

if TYPE_CHECKING:
    import torch

# Fewer sections than this would be learned by heart: the served release's adapter stays instead.
FEWEST_SECTIONS = 200
# Set on the tuning questions: 200 steps of half the size, or 400, find no more; 64 or 128 dimensions find less.
_STEPS, _RATE, _TEMPERATURE, _DROPPED = 100, 2e-3, 0.05, 0.1
_NOT_COVERED = 600  # of the questions that no document answers, at each step
_BESIDE_QUESTIONS = 0.5  # weight of finding the other question, against 1 for finding the passage


@dataclass(frozen=True, slots=True)
class Pairs:
    """Vectors of shape (n, dimension); `languages` index LANGUAGES, `sections` number what is asked about in both languages."""

    questions: Vectors
    question_languages: NDArray[np.int64]
    question_sections: NDArray[np.int64]
    passages: Vectors
    passage_languages: NDArray[np.int64]
    passage_sections: NDArray[np.int64]
    not_covered: Vectors
    not_covered_languages: NDArray[np.int64]

    def digest(self) -> str:
        """SHA-256 of all of it and of how it is fitted: of equal ones the adapter is equal."""
        settings = f"{_STEPS} {_RATE} {_TEMPERATURE} {_DROPPED} {_NOT_COVERED} {_BESIDE_QUESTIONS}"
        digest = hashlib.sha256(settings.encode())
        for field in fields(self):
            digest.update(np.ascontiguousarray(getattr(self, field.name)).tobytes())
        return digest.hexdigest()

    def sections_to_learn_from(self) -> NDArray[np.int64]:
        """Sections with two questions or more."""
        return np.flatnonzero(np.bincount(self.question_sections, minlength=1) > 1)


def pairs_of(
    drafts: Sequence[DraftPassage], tables: Tables, vectors: Mapping[str, Vectors], dimension: int
) -> Pairs:
    """What can be learned from: the passages with questions beside them, and the questions that no document answers.

    The n-th such passage of a document in one language is that of the other, where both have as many.
    """
    asked = [draft for draft in drafts if draft.asked]
    each = Counter((draft.document_id, draft.language) for draft in asked)
    seen: Counter[tuple[str, str]] = Counter()
    keys: list[object] = []
    for draft in asked:
        document, language = draft.document_id, draft.language
        is_translated = each[document, language] == each[document, OTHER[language]]
        keys.append((document, seen[document, language], "" if is_translated else language))
        seen[document, language] += 1
    sections = numbered(keys)
    questions = [
        (vectors[question_digest(text)], LANGUAGES.index(draft.language), section)
        for draft, section in zip(asked, sections, strict=True)
        for text in draft.asked
    ]
    nowhere = [
        (vectors[question_digest(row[language])], number)
        for row in tables["not_covered"]
        for number, language in enumerate(LANGUAGES)
    ]
    return Pairs(
        stacked([vector for vector, _, _ in questions], dimension),
        _integers(number for _, number, _ in questions),
        _integers(section for _, _, section in questions),
        stacked([vectors[draft.digest] for draft in asked], dimension),
        _integers(LANGUAGES.index(draft.language) for draft in asked),
        sections,
        stacked([vector for vector, _ in nowhere], dimension),
        _integers(number for _, number in nowhere),
    )


def fit(pairs: Pairs) -> Adapter | None:
    """The adapter, the same for the same pairs; None where fewer than FEWEST_SECTIONS sections have two questions. About fifteen seconds."""
    import torch

    sections = pairs.sections_to_learn_from()
    if len(sections) < FEWEST_SECTIONS:
        return None
    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # two would wait for each other on a busy machine: minutes instead of seconds
    try:
        return _fit(pairs, sections, torch.Generator().manual_seed(0))
    finally:
        torch.set_num_threads(threads)


def _fit(pairs: Pairs, sections: NDArray[np.int64], generator: torch.Generator) -> Adapter:
    import torch
    from torch.nn.functional import cross_entropy, normalize

    question_means = _means(pairs.questions, pairs.question_languages)
    passage_means = _means(pairs.passages, pairs.passage_languages)
    questions = torch.from_numpy(pairs.questions - question_means[pairs.question_languages])
    passages = torch.from_numpy(pairs.passages - passage_means[pairs.passage_languages])
    others = torch.from_numpy(pairs.not_covered - question_means[pairs.not_covered_languages])
    order = torch.from_numpy(np.argsort(pairs.question_sections, kind="stable"))
    counts = np.bincount(pairs.question_sections)
    firsts = torch.from_numpy((np.cumsum(counts) - counts)[sections])
    sizes = torch.from_numpy(counts[sections])
    owners = torch.from_numpy(pairs.passage_sections)
    is_own = torch.from_numpy(sections).repeat(2)[:, None] == owners[None]
    ours, theirs = (torch.nn.Parameter(torch.eye(questions.shape[1])) for _ in range(2))
    optimizer = torch.optim.Adam([ours, theirs], lr=_RATE)
    schedule = torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.05, _STEPS)
    numbers = torch.arange(len(sections))

    def dropped(vectors: torch.Tensor) -> torch.Tensor:
        kept = torch.rand(vectors.shape, generator=generator) >= _DROPPED
        return vectors * kept / (1 - _DROPPED)

    for _ in range(_STEPS):
        chance = torch.rand((2, len(sections)), generator=generator)
        one = (chance[0] * sizes).long()
        other = (one + 1 + (chance[1] * (sizes - 1)).long()) % sizes
        asked = [
            normalize(dropped(questions[order[firsts + which]]) @ ours.T, dim=-1) for which in (one, other)
        ]
        drawn = (
            torch.randint(len(others), (_NOT_COVERED,), generator=generator) if len(others) else numbers[:0]
        )
        nowhere = normalize(others[drawn] @ ours.T, dim=-1)
        beside = torch.cat([asked[0] @ asked[1].T, asked[0] @ nowhere.T], dim=1) / _TEMPERATURE
        found = torch.cat(asked) @ normalize(passages @ theirs.T, dim=-1).T / _TEMPERATURE
        of_own = torch.where(is_own, found, torch.tensor(-torch.inf))
        missed = torch.logsumexp(found, 1) - torch.logsumexp(of_own, 1)
        loss = _BESIDE_QUESTIONS * cross_entropy(beside, numbers) + missed.mean()
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        schedule.step()
    return Adapter(
        ours.detach().numpy().astype(np.float32), theirs.detach().numpy().astype(np.float32),
        question_means, passage_means,
    )  # fmt: skip


def _means(vectors: Vectors, languages: NDArray[np.int64]) -> Vectors:
    """What is common to the vectors of each language, shape (languages, dimension); zeros where it has none."""
    zero = np.zeros(vectors.shape[1], dtype=np.float32)
    means = [
        vectors[languages == number].mean(axis=0) if (languages == number).any() else zero
        for number in range(len(LANGUAGES))
    ]
    return np.stack(means).astype(np.float32)


def numbered(keys: Sequence[object]) -> NDArray[np.int64]:
    """Equal keys get equal numbers, from 0 in the order in which they come."""
    places = {key: number for number, key in enumerate(dict.fromkeys(keys))}
    return _integers(places[key] for key in keys)


def _integers(values: Iterable[int]) -> NDArray[np.int64]:
    return np.fromiter(values, dtype=np.int64)
