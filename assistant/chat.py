"""A company's conversation: the turn from text to stored answer."""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import date
from typing import Any

from actions.look_ups import general_contacts
from actions.reply import from_answer, menu
from assistant.engine import Engine, EngineUnavailable
from assistant.handover import WITH_PERSON, Reception
from assistant.privacy import clean
from assistant.problems import Problem
from assistant.records import Conversation, NewMessage, Outcome, Records, Turn
from knowledge.answer import Status, compose
from knowledge.config import LANGUAGES
from knowledge.embedding import Vectors
from knowledge.language import detect
from knowledge.library import Library
from knowledge.mistyped import Mended
from knowledge.words import say

_LOG = logging.getLogger("assistant.chat")
MAX_CHARACTERS = 1000
SWITCHED_OFF = "switched_off"  # reason of a turn in which the assistant was switched off
_BUTTON = re.compile(r"/[a-z_]+(?:\{.*\})?", re.DOTALL)
_SWITCH = re.compile(r'/switch_language\{"language":\s*"(ko|en)"\}')
_STATIC_PAYLOADS = frozenset({"/talk_to_person"})
_NOTICE = {
    "ko": (
        "인공지능이 공개 자료를 인용해 답합니다. 수치에는 출처와 기준일이 붙고, 자료에 없는 내용은 답하지 않습니다. "
        "대화는 안내 품질을 확인하기 위해 저장되며 언제든 지울 수 있습니다. 주민등록번호·전화번호 같은 개인정보는 대화에 "
        "적지 마세요. 적더라도 가려지고 저장되지 않습니다. 전화 상담을 받을 연락처는 따로 동의하실 때만 저장합니다. "
        "사람과 상담하려면 ‘사람과 상담’을 누르세요."
    ),
    "en": (
        "An AI answers by quoting published documents. Figures carry their source and date; what the documents do not say "
        "is not said. The conversation is stored to check the service and can be deleted at any time. Please leave out "
        "personal data such as phone numbers; they are masked and not stored. A number for a call back is kept only with your "
        "consent. For a person, press “Talk to a person”."
    ),
}


class Chat:
    """Turns of conversations: one at a time in each, answered by the engine, or by the documents alone when it is down."""

    def __init__(
        self, records: Records, library: Library, engine: Engine | None, reception: Reception,
        notice: Callable[[str], str | None] = lambda language: None,
    ) -> None:  # fmt: skip
        """`engine` is None where only the documents are to answer.

        `notice` gives, in `ko` or `en`, what is said in the place of answers while the assistant is switched off.
        """
        self.records, self.library, self.engine, self.reception = records, library, engine, reception
        self._notice = notice
        self._rooms = reception.rooms

    async def begin(self, language: str, site: str) -> tuple[Conversation, str, list[dict[str, Any]]]:
        """A conversation with its opening notice."""
        conversation, token = await asyncio.to_thread(self.records.start_conversation, site, language)
        shown = language if language in LANGUAGES else "ko"
        languages = (shown,) if language in LANGUAGES else LANGUAGES
        notices = [
            NewMessage(
                "notice",
                _NOTICE[one],
                one,
                menu(["land", "incentives", "approval", "person"], one) if one == languages[-1] else (),
            )
            for one in languages
        ]
        off = [(one, await asyncio.to_thread(self._notice, one)) for one in languages]
        notices += [NewMessage("notice", text, one, menu(["person"], one)) for one, text in off if text]
        return conversation, token, await asyncio.to_thread(self.records.add_turn, conversation.id, notices)

    async def take(
        self, conversation: Conversation, raw: str, client_message_id: str
    ) -> tuple[list[dict[str, Any]], Outcome]:
        """Answer one message and store the turn. The same client id again gives the same answer.

        Raises Problem for text that is empty, over 1,000 characters or an unknown button.
        """
        async with self._rooms.lock(conversation.id):
            before = await asyncio.to_thread(self.records.turn_of, conversation.id, client_message_id)
            if before is not None:
                return before
            if not await asyncio.to_thread(self.records.exists, conversation.id):
                raise Problem("not_found")  # deleted while this message waited
            started = time.perf_counter()
            text, shown = await self._as_button(conversation, self._readable(conversation, raw))
            if await self.reception.is_taken(conversation.id):
                turn = Turn("", _language_of(conversation, text), Status.HANDOFF.value, WITH_PERSON)
                replies, also = [], None
            else:
                turn = await self._answer(conversation, text)
                turn, also = await self.reception.attend(conversation, turn)
                replies = [turn.message()]
            milliseconds = round((time.perf_counter() - started) * 1000)
            outcome = Outcome(turn.status, turn.reason, turn.intent, turn.confidence, milliseconds)
            asked = NewMessage("user", shown, turn.language, client_message_id=client_message_id)
            stored = await asyncio.to_thread(
                self.records.add_turn, conversation.id, [asked, *replies], outcome, also
            )
            self._rooms.tell(conversation.id)
            return stored, outcome

    async def forget(self, conversation: Conversation) -> None:
        """Remove a conversation everywhere, after the turn under way."""
        async with self._rooms.lock(conversation.id):
            await asyncio.to_thread(self.records.delete_conversation, conversation.id)
            if self.engine is not None:
                await asyncio.to_thread(self.engine.forget, conversation.engine_sender)
        self._rooms.tell(conversation.id)

    async def follow(self, conversation_id: str, after: int) -> AsyncIterator[tuple[str, dict[str, Any]]]:
        """`message` as each is stored, from number `after` on, and `handover` when its state is another."""
        known: dict[str, Any] | None = None
        while True:
            news = self._rooms.news(conversation_id)
            for message in await asyncio.to_thread(self.records.messages, conversation_id, after):
                after = message["seq"]
                yield "message", message
            handover = await self.reception.public(conversation_id)
            if handover is not None and handover != known:
                known = handover
                yield "handover", handover
            await news.wait()
            if not await asyncio.to_thread(self.records.exists, conversation_id):
                return

    @staticmethod
    def _readable(conversation: Conversation, raw: str) -> str:
        """The text as it may be used. Raises Problem where nothing is left of it, or too much."""
        cleaned = clean(raw)
        language = conversation.language if conversation.language in LANGUAGES else ""
        if not cleaned.text:
            raise Problem("empty", language)
        if len(cleaned.text) > MAX_CHARACTERS:
            raise Problem("too_long", language)
        return cleaned.text

    async def _as_button(self, conversation: Conversation, text: str) -> tuple[str, str]:
        """What goes to the engine, and what the transcript shows. Only buttons of this conversation may name an intent."""
        if not text.startswith("/"):
            return text, text
        chosen = _SWITCH.fullmatch(text)
        if chosen:
            await asyncio.to_thread(self.records.set_language, conversation.id, chosen.group(1))
            return text, {"ko": "한국어로", "en": "In English"}[chosen.group(1)]
        offered = await asyncio.to_thread(self.records.offered_payloads, conversation.id)
        language = await asyncio.to_thread(self.records.spoken_language, conversation)
        if text in _STATIC_PAYLOADS or text in offered:
            return f'{text}{{"language": "{language}"}}' if text in _STATIC_PAYLOADS else text, say(
                "button.person", language
            )
        if _BUTTON.fullmatch(text):
            raise Problem("unknown_button", language)
        plain = text.lstrip("/ ") or "?"
        return plain, plain

    async def _answer(self, conversation: Conversation, text: str) -> Turn:
        """The engine's reply; the documents' alone where the engine is down; never an exception."""
        try:
            language = _language_of(conversation, text)
            off = await asyncio.to_thread(self._notice, language)
            if off and not text.startswith(tuple(_STATIC_PAYLOADS)):
                return Turn(
                    off, language, Status.HANDOFF.value, SWITCHED_OFF, buttons=menu(["person"], language)
                )
            if text.startswith("/"):
                return await self._reply(conversation, text, None)
            mended = await asyncio.to_thread(self.library.release.mended, text)
            if mended.choices:
                return _which_meant(mended, _language_of(conversation, mended.text))
            vector = await asyncio.to_thread(self.library.embedder.query, mended.text)
            turn = await self._reply(conversation, mended.text, vector)
            read = [
                say("read_as", turn.language, typed=typed, meant=meant) for typed, meant in mended.changes
            ]
            return replace(turn, text="\n".join([*read, turn.text]))
        except Exception:  # noqa: BLE001 - the one place that turns what nobody foresaw into an answer
            _LOG.exception("conversation %s: the turn failed", conversation.id)
            language = _language_of(conversation, text)
            return Turn(
                say("failed", language),
                language,
                Status.FAILED.value,
                "exception",
                buttons=menu(["person"], language),
            )

    async def _reply(self, conversation: Conversation, text: str, vector: Vectors | None) -> Turn:
        try:
            return await self._ask_engine(conversation, text, vector)
        except EngineUnavailable as error:
            _LOG.warning("conversation %s: %s", conversation.id, error)
            return await asyncio.to_thread(self._without_engine, text, conversation)

    async def _ask_engine(self, conversation: Conversation, text: str, vector: Vectors | None) -> Turn:
        if self.engine is None or not self.engine.ready:
            raise EngineUnavailable("The engine is not ready.")
        messages = await self.engine.send(
            conversation.engine_sender, text, vector, self.library.embedder.name
        )
        words = " ".join(str(message["text"]) for message in messages if message.get("text"))
        custom: dict[str, Any] = {}
        for message in messages:
            custom |= message.get("custom") or {}
        language = str(custom.get("language") or (_SWITCH.fullmatch(text) or [None, detect(text)])[1])
        buttons = custom.get("buttons") or []
        if buttons and isinstance(buttons[0], str):
            buttons = menu(buttons, language)
        return Turn(
            text="\n\n".join(filter(None, (words, str(custom.get("text") or "")))),
            language=language,
            status=str(custom.get("status") or Status.ANSWERED.value),
            reason=str(custom.get("reason") or ""),
            intent=str(custom.get("intent") or ""),
            confidence=custom.get("intent_confidence")
            if "confidence" not in custom
            else custom["confidence"],
            buttons=buttons,
            sources=custom.get("sources") or [],
            card=custom.get("card"),
        )

    def _without_engine(self, text: str, conversation: Conversation) -> Turn:
        """What can be said without the engine: contacts for a button, quotes for a question; it says that it is so."""
        language = _language_of(conversation, text)
        release = self.library.release
        if text.startswith("/switch_language"):
            return Turn(say("switched", language), language, Status.ANSWERED.value, "engine_down")
        if text.startswith("/"):
            payload = general_contacts(release, language).payload(release)
        else:
            payload = from_answer(compose(text, language, self.library, date.today()), release).payload(
                release
            )
        return Turn(
            text=payload["text"],
            language=language,
            status=payload["status"],
            reason=payload["reason"] or "engine_down",
            confidence=payload["confidence"],
            buttons=payload["buttons"],
            sources=payload["sources"],
            card=payload["card"],
            note=say("engine_down", language),
        )


def _which_meant(mended: Mended, language: str) -> Turn:
    """A question back, with a button for each name that initial consonants may stand for."""
    typed, names = mended.choices[0]
    buttons = [{"title": name, "payload": mended.text.replace(typed, name)} for name in names]
    return Turn(
        say("which_meant", language, typed=typed),
        language,
        Status.CLARIFY.value,
        "initials",
        buttons=buttons,
    )


def _language_of(conversation: Conversation, text: str) -> str:
    """The language to answer in: that of a button's payload, else of the text, else of the conversation."""
    named = re.search(r'"language":\s*"(ko|en)"', text) if text.startswith("/") else None
    if named:
        return named.group(1)
    return detect(text, conversation.language if conversation.language in LANGUAGES else "ko")
