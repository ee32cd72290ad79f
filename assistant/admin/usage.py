"""Usage in figures, worked out of the records: what each tells, its table, and its plot as SVG made here."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import escape
from itertools import accumulate
from unicodedata import east_asian_width

from sqlalchemy import select
from sqlalchemy.engine import RowMapping

from assistant.admin.questions import UNANSWERED
from assistant.desk import KOREAN_TIME
from assistant.records import Records
from assistant.tables import HANDOVERS, MESSAGES, OUTCOMES

PERIODS = (7, 30, 90)  # days
_MOST = 12  # bars of a plot that could have any number
_SECONDS = (0.25, 0.5, 1, 2, 4, 8)
# A spreadsheet takes a cell that begins with one of these for a formula (OWASP, "CSV Injection").
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# Of a plot, in its own units: its width, the height of a lying bar, the room for its label, the height of standing bars.
_WIDTH, _LINE, _LABEL, _TALL = 420, 26, 150, 120
_DATE_YEAR = re.compile(r"^\d{4}-(?=\d\d-\d\d$)")  # the table beside the plot has it
_LABELS = 8  # below standing bars, at most
_LETTERS = 21  # of a label before a bar
_ROOM = 40  # that a date below a column takes, in units of the plot


@dataclass(frozen=True, slots=True)
class Turn:
    """A question of a visitor and how it ended; `at` in Korean time, `documents` are what its answer cites."""

    at: datetime
    language: str
    status: str
    intent: str
    seconds: float
    documents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """Rows of a label and a number. `unit`: count, share (0..1) or seconds; labels are codes where `coded` names
    their words; rows that follow in time are `in_order`."""

    key: str
    rows: tuple[tuple[str, float], ...]
    unit: str = "count"
    coded: str = ""
    in_order: bool = False


@dataclass(frozen=True, slots=True)
class Usage:
    """What was asked in a period."""

    turns: Sequence[Turn]
    handovers: Sequence[str]
    days: Sequence[str]

    @property
    def unanswered(self) -> float:
        """Share of the questions without an answer, 0 where nothing was asked."""
        return _share(turn.status in UNANSWERED for turn in self.turns)

    def seconds(self, share: float) -> float:
        """The response time that this share of the questions did not exceed, in seconds; 0 where nothing was asked."""
        times = sorted(turn.seconds for turn in self.turns)
        return times[min(len(times) - 1, int(share * len(times)))] if times else 0.0


def read_usage(records: Records, now: datetime, days: int) -> Usage:
    """Questions and hand-overs of the last days, up to `now` (aware)."""
    since = (
        (now - timedelta(days=days - 1))
        .astimezone(KOREAN_TIME)
        .replace(hour=0, minute=0, second=0, microsecond=0)
    )
    answer = MESSAGES.alias("answer")
    turns = (
        select(
            MESSAGES.c.created_at, MESSAGES.c.language, OUTCOMES.c.status, OUTCOMES.c.intent, OUTCOMES.c.took_ms,
            answer.c.sources,
        )
        .join(OUTCOMES, OUTCOMES.c.message_id == MESSAGES.c.id)
        .outerjoin(
            answer,
            (answer.c.conversation_id == MESSAGES.c.conversation_id)
            & (answer.c.seq == MESSAGES.c.seq + 1)
            & (answer.c.sender == "assistant"),
        )
        .where(MESSAGES.c.created_at >= since.astimezone(UTC))
    )  # fmt: skip
    handovers = select(HANDOVERS.c.reason).where(HANDOVERS.c.created_at >= since.astimezone(UTC))
    with records.engine.connect() as connection:
        return Usage(
            [_turn(row) for row in connection.execute(turns).mappings()],
            [str(row[0]) for row in connection.execute(handovers)],
            [f"{since + timedelta(days=day):%Y-%m-%d}" for day in range(days)],
        )


def figures(usage: Usage) -> dict[str, Figure]:
    """Every figure, by its key."""
    made = [
        Figure("days", _counted((f"{t.at:%Y-%m-%d}" for t in usage.turns), usage.days), in_order=True),
        Figure("unanswered", _by_day(usage, lambda turns: _share(t.status in UNANSWERED for t in turns)), "share", in_order=True),
        Figure("intents", _top(t.intent or "-" for t in usage.turns), coded="intent"),
        Figure("documents", _top(d for t in usage.turns for d in t.documents), coded="document"),
        Figure("outcomes", _top(t.status for t in usage.turns), coded="status"),
        Figure("languages", _top(t.language for t in usage.turns), coded="language"),
        Figure("hours", _counted((f"{t.at:%H}" for t in usage.turns), [f"{hour:02}" for hour in range(24)]), in_order=True),
        Figure("handovers", _top(usage.handovers), coded="handover"),
        Figure("times", _times(usage.turns)),
        Figure("slow", _by_day(usage, lambda turns: Usage(turns, (), ()).seconds(0.95)), "seconds", in_order=True),
    ]  # fmt: skip
    return {figure.key: figure for figure in made}


def shown(value: float, unit: str) -> str:
    """A number as a table shows it."""
    return {"share": f"{value:.1%}", "seconds": f"{value:.2f}", "count": f"{value:,.0f}"}[unit]


def as_csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """CSV for spreadsheets, which take none of its cells for a formula; with byte order mark."""
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\r\n")
    for row in (header, *rows):
        cells = [str(cell) for cell in row]
        writer.writerow([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in cells])
    return "\ufeff" + table.getvalue()


def plot(rows: Sequence[tuple[str, float]], unit: str, title: str, in_order: bool = False) -> str:
    """Bars as an SVG without a style or script in it; its colours come from the page.

    `in_order`: rows that follow in time stand side by side as columns, others lie one below the other.
    """
    height, parts = _columns(rows, unit) if in_order else _bars(rows, unit)
    return (
        f'<svg class="plot" viewBox="0 0 {_WIDTH} {height}" role="img" aria-label="{escape(title)}">'
        f"{''.join(parts)}</svg>"
    )


def _bars(rows: Sequence[tuple[str, float]], unit: str) -> tuple[int, list[str]]:
    """Height and parts of bars that lie, each with its label before it and its number behind."""
    highest, room = _highest(rows), _WIDTH - _LABEL - 60
    parts = []
    for number, (label, value) in enumerate(rows):
        y, width = number * _LINE, max(1.0, value / highest * room) if value else 0.0
        parts += [
            _text("label", _LABEL - 8, y + 18, _cut(label), "end"),
            f'<rect class="bar" x="{_LABEL}" y="{y + 4}" width="{width:.1f}" height="{_LINE - 8}" rx="2"></rect>',
            _text("value", _LABEL + width + 6, y + 18, shown(value, unit), "start"),
        ]
    return max(1, len(rows)) * _LINE, parts


def _columns(rows: Sequence[tuple[str, float]], unit: str) -> tuple[int, list[str]]:
    """Height and parts of bars that stand; a few of their labels below, the highest number above its own."""
    highest, step = _highest(rows), _WIDTH / max(1, len(rows))
    every = -(-len(rows) // _LABELS)
    top = max(range(len(rows)), key=lambda number: rows[number][1], default=0)
    parts = [f'<rect class="base" x="0" y="{_TALL + 20}" width="{_WIDTH}" height="1"></rect>']
    for number, (label, value) in enumerate(rows):
        x, tall = number * step, max(1.0, value / highest * _TALL) if value else 0.0
        y = _TALL + 20 - tall
        parts.append(
            f'<rect class="bar" x="{x + 0.1 * step:.1f}" y="{y:.1f}" width="{0.8 * step:.1f}" height="{tall:.1f}"></rect>'
        )
        if number % every == 0:
            is_last = x > _WIDTH - _ROOM
            at, anchor = (_WIDTH, "end") if is_last else (x, "start")
            parts.append(_text("label", at, _TALL + 38, _DATE_YEAR.sub("", label), anchor))
        if number == top and value:
            anchor = "end" if number > len(rows) / 2 else "start"
            parts.append(_text("value", x + step / 2, y - 5, shown(value, unit), anchor))
    return _TALL + 46, parts


def _text(kind: str, x: float, y: float, words: str, anchor: str) -> str:
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>'


def _highest(rows: Sequence[tuple[str, float]]) -> float:
    return max((value for _, value in rows), default=0.0) or 1.0


def _turn(row: RowMapping) -> Turn:
    at: datetime = row["created_at"]
    sources = row["sources"] or []
    return Turn(
        (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(KOREAN_TIME),
        row["language"], row["status"], row["intent"], row["took_ms"] / 1000,
        tuple({source["document_id"] for source in sources if source.get("document_id")}),
    )  # fmt: skip


def _share(facts: Iterable[bool]) -> float:
    known = list(facts)
    return sum(known) / len(known) if known else 0.0


def _top(labels: Iterable[str]) -> tuple[tuple[str, float], ...]:
    """The most frequent, and what is left of the others."""
    counts = Counter(labels).most_common()
    rest = sum(count for _, count in counts[_MOST:])
    return (
        *((label, float(count)) for label, count in counts[:_MOST]),
        *([("…", float(rest))] if rest else []),
    )


def _counted(labels: Iterable[str], all_labels: Sequence[str]) -> tuple[tuple[str, float], ...]:
    counts = Counter(labels)
    return tuple((label, float(counts[label])) for label in all_labels)


def _by_day(usage: Usage, measure: Callable[[Sequence[Turn]], float]) -> tuple[tuple[str, float], ...]:
    days: dict[str, list[Turn]] = {day: [] for day in usage.days}
    for turn in usage.turns:
        days.setdefault(f"{turn.at:%Y-%m-%d}", []).append(turn)
    return tuple((day, measure(days[day])) for day in usage.days)


def _times(turns: Iterable[Turn]) -> tuple[tuple[str, float], ...]:
    """How many questions took up to so many seconds, each counted once."""
    counts = Counter(next((s for s in _SECONDS if turn.seconds <= s), 0) for turn in turns)
    return (
        *((f"≤ {s:g} s", float(counts[s])) for s in _SECONDS),
        (f"> {_SECONDS[-1]:g} s", float(counts[0])),
    )


def _cut(label: str) -> str:
    """What fits before a bar; a Korean letter is as wide as two others."""
    widths = [2 if east_asian_width(letter) in "WF" else 1 for letter in label]
    if sum(widths) <= _LETTERS:
        return label
    kept = sum(total < _LETTERS for total in accumulate(widths))
    return f"{label[:kept]}…"
