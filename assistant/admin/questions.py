"""Questions that were not answered well: gathered from the records, grouped by their words, assigned, closed by a test question.

A group is closed while its test question is answered rightly by what is served, and open again when it is not any more.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy import and_, insert, select, update
from sqlalchemy.engine import RowMapping

from assistant.admin.tables import QUESTION_GROUPS
from assistant.records import Records
from assistant.staff_tables import Database
from assistant.tables import FEEDBACK, MESSAGES, OUTCOMES
from knowledge.lexical import morphemes_of

UNANSWERED = ("no_answer", "failed")
# Shares of common words and of common pairs of letters, either of which makes two questions alike.
_ALIKE = (0.6, 0.75)
_MOST = 2000  # questions looked at, the latest
_SHOWN = 8  # questions of a group that a page shows


# Words of a question, and pairs of letters of the words put together: 땅값 is one word to some and two to others.
Signature = tuple[frozenset[str], frozenset[str]]
Places = Callable[[str], frozenset[str]]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that was not answered well. `why`: its outcome's status, or badly_rated; `reason` is the outcome's or the visitor's."""

    text: str
    language: str
    at: datetime
    why: str
    reason: str
    conversation_id: str


@dataclass(slots=True)
class Group:
    """Questions alike. `label` is the first of them, `key` stands for its words; the rest is what was decided on it."""

    key: str
    label: str
    language: str
    signature: Signature
    places: frozenset[str]
    asked: list[Asked] = field(default_factory=list)
    assigned_to: str = ""
    note: str = ""
    test_id: str = ""
    closed_at: datetime | None = None

    @property
    def is_closed(self) -> bool:
        """Whether its test passes, and nobody asked in vain since it does."""
        return self.closed_at is not None and all(one.at <= self.closed_at for one in self.asked)

    @property
    def badly_rated(self) -> int:
        """How many of its questions were answered and rated as no help."""
        return sum(one.why == "badly_rated" for one in self.asked)

    @property
    def reasons(self) -> list[str]:
        """Why, most frequent first."""
        found = [one.reason for one in self.asked if one.reason]
        return sorted(set(found), key=lambda reason: (-found.count(reason), reason))

    @property
    def shown(self) -> list[Asked]:
        """The latest of its questions."""
        return sorted(self.asked, key=lambda one: one.at, reverse=True)[:_SHOWN]


class Questions:
    """The board of questions that were not answered well."""

    def __init__(self, records: Records, database: Database, places: Places) -> None:
        """Questions come from `records`; what is decided on them lies in the staff's `database`; `places` are those a text names."""
        self._records, self._database, self._places = records, database, places

    def groups(self, now: datetime, days: int) -> list[Group]:
        """Groups of the last days, the largest first; groups decided on stay, with or without new questions."""
        groups = self._kept()
        for group in grouped(self.asked(now, days), self._places, groups.values()):
            groups.setdefault(group.key, group)
        found = [group for group in groups.values() if group.asked or not group.closed_at]
        return sorted(found, key=lambda group: (group.is_closed, -len(group.asked), group.key))

    def asked(self, now: datetime, days: int) -> list[Asked]:
        """Questions without an answer, and those whose answer was rated as no help; the oldest first."""
        since = now.astimezone(UTC) - timedelta(days=days)
        answer, question = MESSAGES.alias("answer"), MESSAGES.alias("question")
        outcome = (
            select(question, OUTCOMES.c.status, OUTCOMES.c.reason)
            .join(OUTCOMES, OUTCOMES.c.message_id == question.c.id)
            .where(question.c.created_at >= since, OUTCOMES.c.status.in_(UNANSWERED))
        )
        rated = (
            select(question, FEEDBACK.c.reason)
            .select_from(FEEDBACK)
            .join(answer, answer.c.id == FEEDBACK.c.message_id)
            .join(
                question,
                and_(
                    question.c.conversation_id == answer.c.conversation_id,
                    question.c.seq == answer.c.seq - 1,
                    question.c.sender == "user",
                ),
            )
            .where(FEEDBACK.c.helpful.is_(False), question.c.created_at >= since)
        )
        found: dict[str, Asked] = {}
        with self._records.engine.connect() as connection:
            for query, why in ((rated, "badly_rated"), (outcome, "")):
                latest = query.order_by(question.c.created_at.desc()).limit(_MOST)
                for row in connection.execute(latest).mappings():
                    found[row["id"]] = _asked(row, why or row["status"])
        return sorted(found.values(), key=lambda one: one.at)

    def decide(self, group: Group, by: str, now: datetime, **values: str) -> None:
        """Keep `assigned_to`, `note` or `test_id` of a group."""
        own = QUESTION_GROUPS.c.key == group.key
        fresh = {
            "key": group.key, "label": group.label, "language": group.language, "assigned_to": "", "note": "",
            "test_id": "", "closed_at": None,
        }  # fmt: skip
        with self._database.writing() as connection:
            if connection.execute(select(QUESTION_GROUPS.c.key).where(own)).first() is None:
                connection.execute(insert(QUESTION_GROUPS).values(**fresh, by=by, at=now))
            connection.execute(update(QUESTION_GROUPS).where(own).values(**values, by=by, at=now))

    def settle(self, is_right: Callable[[str], bool], now: datetime) -> list[str]:
        """Close each group whose test question passes, open again each whose does not; keys of those that changed.

        `is_right` tells of a test question's id whether what is served answers it rightly.
        """
        changed = []
        for group in self._kept().values():
            closes = bool(group.test_id) and is_right(group.test_id)
            if closes != (group.closed_at is not None):
                values = {"closed_at": now if closes else None}
                with self._database.writing() as connection:
                    own = QUESTION_GROUPS.c.key == group.key
                    connection.execute(update(QUESTION_GROUPS).where(own).values(**values))
                changed.append(group.key)
        return changed

    def _kept(self) -> dict[str, Group]:
        with self._database.reading() as connection:
            rows = list(connection.execute(select(QUESTION_GROUPS)).mappings())
        signatures = _signatures([row["label"] for row in rows])
        return {
            row["key"]: Group(
                row["key"], row["label"], row["language"], signature, self._places(row["label"]), [], row["assigned_to"], row["note"],
                row["test_id"], row["closed_at"],
            )
            for row, signature in zip(rows, signatures, strict=True)
        }  # fmt: skip


def grouped(asked: Sequence[Asked], places: Places, known: Iterable[Group] = ()) -> list[Group]:
    """Each question goes to the group whose first question it has most in common with, or founds one; `known` come first.

    What is asked of one place is another question than the same asked of another.
    """
    shelves: dict[frozenset[str], _Shelf] = defaultdict(_Shelf)
    for group in known:
        shelves[group.places].add(group)
    for one, own in zip(asked, _signatures([one.text for one in asked]), strict=True):
        named = places(one.text)
        nearest = shelves[named].nearest(own)
        group = nearest or Group(_key(own, named), one.text, one.language, own, named)
        if nearest is None:
            shelves[named].add(group)
        group.asked.append(one)
    return [group for shelf in shelves.values() for group in shelf.groups]


class _Shelf:
    """Groups about the same places, found by the words and pairs of letters they hold."""

    def __init__(self) -> None:
        self.groups: list[Group] = []
        self._holding: tuple[dict[str, list[int]], ...] = (defaultdict(list), defaultdict(list))

    def add(self, group: Group) -> None:
        """Take a group in."""
        for pieces, holding in zip(group.signature, self._holding, strict=True):
            for piece in pieces:
                holding[piece].append(len(self.groups))
        self.groups.append(group)

    def nearest(self, own: Signature) -> Group | None:
        """The group that has most in common with a question, if that makes them alike; the earliest of several."""
        likeness: dict[int, float] = {}
        for side, (pieces, enough) in enumerate(zip(own, _ALIKE, strict=True)):
            shared = Counter(number for piece in pieces for number in self._holding[side].get(piece, ()))
            for number, count in shared.items():
                together = len(pieces) + len(self.groups[number].signature[side]) - count
                likeness[number] = max(likeness.get(number, 0.0), count / together / enough)
        best = max(likeness, key=lambda number: (likeness[number], -number), default=-1)
        return self.groups[best] if best >= 0 and likeness[best] >= 1 else None


def _signatures(texts: Sequence[str]) -> Iterator[Signature]:
    for text, words in zip(texts, morphemes_of(texts), strict=True):
        joined = "".join(words)
        pairs = frozenset(joined[at : at + 2] for at in range(max(1, len(joined) - 1)))
        # What holds no word at all, such as "???", is like nothing but itself.
        yield (frozenset(words), pairs) if words else (frozenset([text.strip()]), frozenset())


def _key(signature: Signature, places: frozenset[str]) -> str:
    named = " ".join(sorted(signature[0])) + "\0" + " ".join(sorted(places))
    return hashlib.sha256(named.encode()).hexdigest()[:16]


def _asked(row: RowMapping, why: str) -> Asked:
    at = row["created_at"].replace(tzinfo=UTC)  # SQLite gives times back without a zone; all of ours are UTC
    return Asked(row["text"], row["language"], at, why, row["reason"], row["conversation_id"])
