"""Hand-over to a person: a state that is opened, taken and ended, each time with one message that tells of it.

Nothing is said to have happened that was not stored in the same transaction.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
import sqlite3
import unicodedata
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from actions.look_ups import general_contacts
from actions.reply import person_button
from assistant.desk import Desk
from assistant.handover_records import Callback, Handover, HandoverError, HandoverRecords
from assistant.privacy import clean
from assistant.problems import Problem
from assistant.records import Also, Conversation, NewMessage, Outcome, Records, Turn
from assistant.rooms import Rooms
from knowledge.answer import Status
from knowledge.library import Library
from knowledge.words import say
from knowledge.words_handover import tell

_LOG = logging.getLogger("assistant.handover")
REASONS = ("asked", "not_understood", "not_in_sources", "decision", "complaint")
WITH_PERSON = "with_person"  # reason of a turn that the assistant leaves to a person
# Reasons of questions back that belong to guided steps, beside `asked_<what>`: no sign of being lost.
_PLANNED = {
    "unit", "cancelled", "started_over", "wait", "resumed", "no_back", "nothing_asked", "nothing_to_repeat",
}  # fmt: skip
_LOST = ("not_understood", "not_in_sources")
_MAX_STAFF_TEXT = 2000  # characters
_INNER_SLOTS = {"session_started_metadata", "requested_slot"}
_PHONE = re.compile(r"(?:0\d{8,11}|1\d{7}|\+\d{8,15})")  # Korean with area code, 15xx-xxxx, international
_BETWEEN = re.compile(r"[\s().-]")


@dataclass(frozen=True, slots=True)
class Requested:
    """What came of a request: the hand-over, or None where only ways to a person could be shown, and the message that says so."""

    handover: Handover | None
    message: dict[str, Any]
    is_new: bool


class Reception:
    """Hand-overs of all conversations, for the visitor's side and for the staff's."""

    def __init__(
        self,
        records: Records,
        rooms: Rooms,
        library: Library,
        desk: Desk,
        trackers: Path | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """`trackers` is the engine's database, from which slots are handed on; None where there is no engine."""
        self.kept, self.rooms, self.desk = HandoverRecords(records), rooms, desk
        self._records, self._library, self._trackers, self.now = records, library, trackers, clock

    async def is_taken(self, conversation_id: str) -> bool:
        """Whether a person speaks, so that the assistant must not."""
        live = await asyncio.to_thread(self.kept.live, conversation_id)
        return live is not None and live.state == "taken"

    async def public(self, conversation_id: str) -> dict[str, Any] | None:
        """The last hand-over of a conversation as its visitor may know it."""
        latest = await asyncio.to_thread(self.kept.latest, conversation_id)
        return latest.public() if latest else None

    # --- turns of the assistant ---

    async def attend(self, conversation: Conversation, turn: Turn) -> tuple[Turn, Also | None]:
        """The turn with the way to a person in it where one was asked for or is due, and what is stored with it."""
        return await asyncio.to_thread(self._attend, conversation, turn)

    def _attend(self, conversation: Conversation, turn: Turn) -> tuple[Turn, Also | None]:
        live = self.kept.live(conversation.id)
        wants_person = turn.intent in ("", "talk_to_person")  # and does not merely have a reply repeated
        if wants_person and (turn.status, turn.reason) == (Status.HANDOFF, "asked"):
            return self._asked(conversation, turn, live)
        if live is None and self._is_due(conversation.id, turn):
            return self._with_offer(turn), None
        return turn, None

    def _asked(
        self, conversation: Conversation, turn: Turn, live: Handover | None
    ) -> tuple[Turn, Also | None]:
        language, ticket = turn.language, live.ticket if live else ""
        also: Also | None = None
        if live:
            text = tell("waiting", language, ticket=ticket)
        elif self.desk.is_open(self.now()):
            ticket, also = self._opening(conversation, language)
            text = tell("queued", language, ticket=ticket)
        else:
            text = self._not_open(language)
        has_number = live is not None and live.callback is not None
        return replace(turn, **self._ways(text, language, turn.card, ticket, has_number)), also

    def _is_due(self, conversation_id: str, turn: Turn) -> bool:
        """At once on a complaint or a decision that is not ours; else at the second turn in a row that did not help."""
        cause = _cause(turn)
        if cause in ("decision", "complaint"):
            return True
        before = self._records.last_outcomes(conversation_id, 1) if cause in _LOST else []
        return any(_cause(outcome) in _LOST for outcome in before)

    def _with_offer(self, turn: Turn) -> Turn:
        offer = tell("offer.open" if self.desk.is_open(self.now()) else "offer.closed", turn.language)
        button = person_button(turn.language)
        buttons = [*(b for b in turn.buttons if b["payload"] != button["payload"]), button]
        return replace(turn, text=f"{turn.text}\n{offer}", buttons=buttons)

    # --- the visitor ---

    async def open_handover(
        self, conversation: Conversation, reason: str = "", callback: Callback | None = None
    ) -> Requested:
        """Hand the conversation over, with its slots. Asked again, the same hand-over comes back; a new number is taken up.

        `reason` is one of REASONS, or empty to go by the last turns. Where no one sits at the desk and no number is
        left, nothing is opened: offices and the form are shown. Raises Problem where the conversation is gone.
        """
        async with self.rooms.lock(conversation.id):
            if not await asyncio.to_thread(self._records.exists, conversation.id):
                raise Problem("not_found")
            requested = await asyncio.to_thread(self._open, conversation, reason, callback)
        self.rooms.tell(conversation.id)
        return requested

    async def leave(self, conversation: Conversation) -> None:
        """The visitor goes back to the assistant; a number left is deleted. Nothing happens where nothing is open."""
        async with self.rooms.lock(conversation.id):
            live = await asyncio.to_thread(self.kept.live, conversation.id)
            if live is not None:
                await asyncio.to_thread(self._move, live, "closed", "left")
        self.rooms.tell(conversation.id)

    def _open(self, conversation: Conversation, reason: str, callback: Callback | None) -> Requested:
        language = self._records.spoken_language(conversation)
        live = self.kept.live(conversation.id)
        if live is not None:
            return self._again(live, callback)
        if callback is None and not self.desk.is_open(self.now()):
            return self._show_ways(conversation, language)
        ticket, also = self._opening(conversation, language, reason, callback)
        if callback is None:
            ways = self._ways(tell("queued", language, ticket=ticket), language, None, ticket, False)
            notice = NewMessage("notice", ways["text"], language, card=ways["card"])
        else:
            notice = self._kept_notice(ticket, language)
        [message] = self._records.add_turn(conversation.id, [notice], also=also)
        return Requested(self.kept.by_ticket(ticket), message, True)

    def _again(self, live: Handover, callback: Callback | None) -> Requested:
        if callback is None or callback.is_same(live.callback):
            told = [m for m in self._records.messages(live.conversation_id) if m["id"] == live.told_in]
            return Requested(live, told[0], False)
        [message] = self._records.add_turn(
            live.conversation_id,
            [self._kept_notice(live.ticket, live.language)],
            also=self.kept.calling_back(live, callback),
        )
        return Requested(self.kept.by_ticket(live.ticket), message, False)

    def _show_ways(self, conversation: Conversation, language: str) -> Requested:
        last = self._records.messages(conversation.id)[-1]
        if last["sender"] == "notice" and (last["card"] or {}).get("callback"):
            return Requested(None, last, False)
        ways = self._ways(self._not_open(language), language, None, "", False)
        notice = NewMessage("notice", ways["text"], language, card=ways["card"])
        return Requested(None, self._records.add_turn(conversation.id, [notice])[0], False)

    def _kept_notice(self, ticket: str, language: str) -> NewMessage:
        words = tell("callback.kept", language, ticket=ticket, days=self.desk.callback_days)
        return NewMessage("notice", words, language)

    # --- the staff ---

    async def staff_takes(self, ticket: str, by: str) -> Handover:
        """A member of staff joins; from here the assistant is silent. Raises HandoverError where it is not open."""
        return await self._step(ticket, ("open",), "taken", "taken", by)

    async def staff_says(self, conversation_id: str, text: str, by: str) -> dict[str, Any]:
        """Store what a member of staff says, and send it to the visitor's window; it is not masked.

        Raises HandoverError for text that is empty or over 2,000 characters, and for anybody but who took the conversation.
        """
        words = _printable(text)
        if not 0 < len(words) <= _MAX_STAFF_TEXT:
            raise HandoverError(f"A message has 1 to {_MAX_STAFF_TEXT} characters, not {len(words)}.")
        async with self.rooms.lock(conversation_id):
            live = await asyncio.to_thread(self.kept.live, conversation_id)
            if live is None or live.taken_by != by:
                raise HandoverError("The conversation is not with you. Take it from the queue first.")
            message = NewMessage("staff", words, live.language)
            [stored] = await asyncio.to_thread(self._records.add_turn, conversation_id, [message])
        self.rooms.tell(conversation_id)
        return stored

    async def staff_gives_back(self, ticket: str) -> Handover:
        """The assistant answers again. Raises HandoverError where nobody had taken the conversation."""
        return await self._step(ticket, ("taken",), "closed", "given_back")

    async def staff_closes(self, ticket: str, called_back: bool = False) -> Handover:
        """End a hand-over that is open or taken, with or without a call. Raises HandoverError where it has ended."""
        state, words = ("called_back", "called_back") if called_back else ("closed", "ended")
        return await self._step(ticket, ("open", "taken"), state, words)

    async def keep_cutting(self) -> None:
        """Delete names and numbers whose time is over, now and every hour, for as long as the service runs."""
        while True:
            before = self.now() - timedelta(days=self.desk.callback_days)
            try:
                await asyncio.to_thread(self.kept.cut_callbacks, before)
            except SQLAlchemyError:
                _LOG.exception("Call backs past their time could not be deleted; tried again in an hour.")
            await asyncio.sleep(3600)

    async def _step(
        self, ticket: str, allowed: tuple[str, ...], state: str, words: str, by: str = ""
    ) -> Handover:
        found = await asyncio.to_thread(self.kept.by_ticket, ticket)
        async with self.rooms.lock(found.conversation_id if found else ""):
            found = await asyncio.to_thread(self.kept.by_ticket, ticket)
            if found is None:
                raise HandoverError(
                    f"There is no hand-over {ticket}; its conversation may have been deleted."
                )
            if found.state not in allowed:
                raise HandoverError(f"{ticket} is {found.state}; this needs it to be {' or '.join(allowed)}.")
            moved = await asyncio.to_thread(self._move, found, state, words, by)
        self.rooms.tell(moved.conversation_id)
        return moved

    # --- what they share ---

    def _move(self, handover: Handover, state: str, words: str, by: str = "") -> Handover:
        text = tell(words, handover.language, ticket=handover.ticket)
        notice = NewMessage("notice", text, handover.language)
        also = self.kept.moving(handover, state, self.now(), by)
        self._records.add_turn(handover.conversation_id, [notice], also=also)
        if handover.callback is not None and state != "taken":
            self._records.wipe()
        moved = self.kept.by_ticket(handover.ticket)
        assert moved is not None
        return moved

    def _opening(
        self, conversation: Conversation, language: str, reason: str = "", callback: Callback | None = None
    ) -> tuple[str, Also]:
        """A ticket, and what is stored when it is told."""
        ticket = self.kept.new_ticket()
        slots = slots_of(self._trackers, conversation.engine_sender)
        reason = reason or self._reason(conversation.id)
        also = self.kept.opening(conversation.id, ticket, reason, language, slots, self.now(), callback)
        return ticket, also

    def _reason(self, conversation_id: str) -> str:
        """What led to the request: how the last turn ended that was no request itself."""
        passing = ("asked", WITH_PERSON)
        for outcome in self._records.last_outcomes(conversation_id, 4):
            if outcome.reason not in passing:
                return _cause(outcome)
        return "asked"

    def _not_open(self, language: str) -> str:
        """Why nobody comes, and what can be done instead."""
        return tell("closed" if self.desk.staffed else "unstaffed", language, hours=self.desk.hours(language))

    def _ways(
        self, text: str, language: str, card: dict[str, Any] | None, ticket: str, has_number: bool
    ) -> dict[str, Any]:
        """Text and card of a message that shows the ways to a person: offices, and the form where no number is known."""
        card = card or general_contacts(self._library.release, language).card or {}
        if not any(row.get("phone") for row in card.get("rows", ())):
            text = f"{text} {say('handoff.no_phone', language)}"
        form = {} if has_number else {"callback": True, "callback_days": self.desk.callback_days}
        return {"text": text, "card": card | form | ({"ticket": ticket} if ticket else {})}


def read_callback(name: str, phone: str, time: str, consent: bool, language: str, now: datetime) -> Callback:
    """A call-back form. Raises Problem naming the field: no consent, no name, or no telephone number."""
    called, wish = clean(name).text, clean(time).text
    number = unicodedata.normalize("NFKC", phone).strip()
    for is_right, key in (
        (consent, "form.consent"),
        (called, "form.name"),
        (_PHONE.fullmatch(_BETWEEN.sub("", number)), "form.phone"),
    ):
        if not is_right:
            raise Problem("malformed", language, tell(key, language))
    return Callback(called, number, wish, now)


def slots_of(trackers: Path | None, sender: str) -> dict[str, Any]:
    """What the engine's tracker knows of a company, by slot; empty where there is no tracker to read."""
    if trackers is None or not trackers.is_file():
        return {}
    query = "SELECT type_name, data FROM events WHERE sender_id = ? ORDER BY id"
    slots: dict[str, Any] = {}
    try:
        with closing(sqlite3.connect(trackers, timeout=10)) as connection:
            for kind, data in connection.execute(query, (sender,)):
                if kind in ("restart", "reset_slots"):
                    slots.clear()
                elif kind == "slot":
                    event = json.loads(data)
                    slots[event["name"]] = event["value"]
    except sqlite3.Error:
        _LOG.exception("The slots could not be read; the conversation is handed over without them.")
    return {
        name: value
        for name, value in slots.items()
        if value not in (None, "", [], {}) and name not in _INNER_SLOTS
    }


def _cause(turn: Turn | Outcome) -> str:
    """Which of REASONS a turn gives for a hand-over."""
    if turn.intent == "complain":
        return "complaint"
    if turn.reason == "decision" or turn.intent == "ask_decision":
        return "decision"
    if turn.status == Status.NO_ANSWER and turn.intent != "nlu_fallback":
        return "not_in_sources"
    planned = turn.reason in _PLANNED or turn.reason.startswith("asked_")
    if turn.status in (Status.NO_ANSWER, Status.FAILED) or (turn.status == Status.CLARIFY and not planned):
        return "not_understood"
    return "asked"


def _printable(text: str) -> str:
    """NFC text without control and invisible characters but for line breaks."""
    kept = (c for c in unicodedata.normalize("NFC", text) if c == "\n" or unicodedata.category(c)[0] != "C")
    return "".join(kept).strip()
