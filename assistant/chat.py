"""A company's conversation: routes of the visitor, and the turn from text to stored answer."""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Annotated, Any
from weakref import WeakValueDictionary

from fastapi import APIRouter, Depends, Header, Query, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import BaseModel, Field
from sqlalchemy.exc import SQLAlchemyError

from actions.reply import from_answer
from actions.server import general_contacts, menu
from assistant.engine import Engine, EngineUnavailable
from assistant.privacy import clean
from assistant.problems import Problem
from assistant.records import Conversation, NewMessage, Outcome, Records
from knowledge.answer import Status, compose
from knowledge.config import LANGUAGES
from knowledge.embedding import Vectors
from knowledge.language import detect
from knowledge.library import Library
from knowledge.mistyped import Mended
from knowledge.words import say

_LOG = logging.getLogger("assistant.chat")
MAX_CHARACTERS = 1000
MAX_BODY = 16 * 1024  # bytes of a request
_BUTTON = re.compile(r"/[a-z_]+(?:\{.*\})?", re.DOTALL)
_SWITCH = re.compile(r'/switch_language\{"language":\s*"(ko|en)"\}')
_STATIC_PAYLOADS = frozenset({"/talk_to_person"})
_NOTICE = {
    "ko": (
        "인공지능이 공개 자료를 인용해 답합니다. 수치에는 출처와 기준일이 붙고, 자료에 없는 내용은 답하지 않습니다. "
        "대화는 안내 품질을 확인하기 위해 저장되며 언제든 지울 수 있습니다. 주민등록번호·전화번호 같은 개인정보는 "
        "적지 마세요. 적더라도 가려지고 저장되지 않습니다. 사람과 상담하려면 ‘사람과 상담’을 누르세요."
    ),
    "en": (
        "An AI answers by quoting published documents. Figures carry their source and date; what the documents do not say "
        "is not said. The conversation is stored to check the service and can be deleted at any time. Please leave out "
        "personal data such as phone numbers; they are masked and not stored. For a person, press “Talk to a person”."
    ),
}


class NewConversation(BaseModel):
    """What a widget sends to begin."""

    language: str = Field(default="auto", pattern="^(ko|en|auto)$")
    site: str | None = Field(default=None, max_length=64)


class VisitorMessage(BaseModel):
    """One message or button of a visitor."""

    text: str = Field(max_length=20_000)
    client_message_id: str = Field(min_length=1, max_length=64, pattern=r"^[\x21-\x7e]+$")


class Feedback(BaseModel):
    """What a visitor thinks of an answer."""

    message_id: str = Field(max_length=64)
    helpful: bool
    reason: str = Field(default="", max_length=64)
    comment: str = Field(default="", max_length=1000)


@dataclass(slots=True)
class Turn:
    """A reply before it is stored."""

    text: str
    language: str
    status: str
    reason: str = ""
    intent: str = ""
    confidence: float | None = None
    buttons: list[dict[str, str]] = field(default_factory=list)
    sources: list[dict[str, Any]] = field(default_factory=list)
    card: dict[str, Any] | None = None


class Chat:
    """Turns of conversations: one at a time in each, answered by the engine, or by the documents alone when it is down."""

    def __init__(self, records: Records, library: Library, engine: Engine | None) -> None:
        """`engine` is None where only the documents are to answer."""
        self.records, self.library, self.engine = records, library, engine
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._news: WeakValueDictionary[str, asyncio.Event] = WeakValueDictionary()

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
        return conversation, token, await asyncio.to_thread(self.records.add_turn, conversation.id, notices)

    async def take(
        self, conversation: Conversation, raw: str, client_message_id: str
    ) -> tuple[list[dict[str, Any]], Outcome]:
        """Answer one message and store the turn. The same client id again gives the same answer.

        Raises Problem for text that is empty, over 1,000 characters or an unknown button.
        """
        lock = self._locks.setdefault(conversation.id, asyncio.Lock())
        async with lock:
            before = await asyncio.to_thread(self.records.turn_of, conversation.id, client_message_id)
            if before is not None:
                return before
            if not await asyncio.to_thread(self.records.exists, conversation.id):
                raise Problem("not_found")  # deleted while this message waited
            started = time.perf_counter()
            cleaned = clean(raw)
            language = conversation.language if conversation.language in LANGUAGES else ""
            if not cleaned.text:
                raise Problem("empty", language)
            if len(cleaned.text) > MAX_CHARACTERS:
                raise Problem("too_long", language)
            text, shown = await self._as_button(conversation, cleaned.text)
            turn = await self._answer(conversation, text)
            milliseconds = round((time.perf_counter() - started) * 1000)
            outcome = Outcome(turn.status, turn.reason, turn.intent, turn.confidence, milliseconds)
            stored = await asyncio.to_thread(
                self.records.add_turn,
                conversation.id,
                [
                    NewMessage("user", shown, turn.language, client_message_id=client_message_id),
                    NewMessage("assistant", turn.text, turn.language, turn.buttons, turn.sources, turn.card),
                ],
                outcome,
            )
            self._tell(conversation.id)
            return stored, outcome

    async def forget(self, conversation: Conversation) -> None:
        """Remove a conversation everywhere, after the turn under way."""
        async with self._locks.setdefault(conversation.id, asyncio.Lock()):
            await asyncio.to_thread(self.records.delete_conversation, conversation.id)
            if self.engine is not None:
                await asyncio.to_thread(self.engine.forget, conversation.engine_sender)
        self._tell(conversation.id)

    async def follow(self, conversation_id: str, after: int) -> AsyncIterator[dict[str, Any]]:
        """Messages as they are stored, from number `after` on."""
        while True:
            news = self._news.setdefault(conversation_id, asyncio.Event())
            for message in await asyncio.to_thread(self.records.messages, conversation_id, after):
                after = message["seq"]
                yield message
            await news.wait()
            if not await asyncio.to_thread(self.records.exists, conversation_id):
                return

    def _tell(self, conversation_id: str) -> None:
        news = self._news.pop(conversation_id, None)
        if news is not None:
            news.set()

    async def _as_button(self, conversation: Conversation, text: str) -> tuple[str, str]:
        """What goes to the engine, and what the transcript shows. Only buttons of this conversation may name an intent."""
        if not text.startswith("/"):
            return text, text
        chosen = _SWITCH.fullmatch(text)
        if chosen:
            await asyncio.to_thread(self.records.set_language, conversation.id, chosen.group(1))
            return text, {"ko": "한국어로", "en": "In English"}[chosen.group(1)]
        offered = await asyncio.to_thread(self.records.offered_payloads, conversation.id)
        language = await self._language(conversation)
        if text in _STATIC_PAYLOADS or text in offered:
            return f'{text}{{"language": "{language}"}}' if text in _STATIC_PAYLOADS else text, say(
                "button.person", language
            )
        if _BUTTON.fullmatch(text):
            raise Problem("unknown_button", language)
        plain = text.lstrip("/ ") or "?"
        return plain, plain

    async def _language(self, conversation: Conversation) -> str:
        if conversation.language in LANGUAGES:
            return conversation.language
        messages = await asyncio.to_thread(self.records.messages, conversation.id)
        said = [m["language"] for m in messages if m["sender"] in ("user", "assistant")]
        return str(said[-1]) if said else "ko"

    async def _answer(self, conversation: Conversation, text: str) -> Turn:
        """The engine's reply; the documents' alone where the engine is down; never an exception."""
        try:
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
            text=str(custom.get("text") or words),
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
            text=f"{payload['text']}\n{say('engine_down', language)}",
            language=language,
            status=payload["status"],
            reason=payload["reason"] or "engine_down",
            confidence=payload["confidence"],
            buttons=payload["buttons"],
            sources=payload["sources"],
            card=payload["card"],
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


router = APIRouter(prefix="/api/v1/conversations", tags=["visitor"], max_body_size=MAX_BODY)


def the_chat(request: Request) -> Chat:
    """The application's chat."""
    chat: Chat = request.app.state.chat
    return chat


TheChat = Annotated[Chat, Depends(the_chat)]


async def own_conversation(
    request: Request, conversation_id: str, chat: TheChat, authorization: Annotated[str, Header()] = ""
) -> Conversation:
    """The conversation of this id and token; any mismatch is the same 404."""
    scheme, _, token = authorization.partition(" ")
    found = (
        await asyncio.to_thread(chat.records.conversation, conversation_id, token)
        if scheme.lower() == "bearer" and token.isascii()
        else None
    )
    if found is None:
        raise Problem("not_found")
    request.state.language = found.language  # for problems found later in this request
    return found


OwnConversation = Annotated[Conversation, Depends(own_conversation)]


@router.post("", status_code=201)
async def start_conversation(chat: TheChat, body: NewConversation) -> dict[str, Any]:
    """Begin a conversation: its public id, its secret token (shown once) and the opening notice."""
    try:
        conversation, token, messages = await chat.begin(body.language, clean(body.site or "").text)
    except SQLAlchemyError as error:
        raise Problem("unsaved") from error
    return {"id": conversation.id, "token": token, "language": body.language, "messages": messages}


@router.post("/{conversation_id}/messages")
async def send_message(conversation: OwnConversation, chat: TheChat, body: VisitorMessage) -> dict[str, Any]:
    """Send one message or button payload; the answer comes with its outcome."""
    try:
        messages, outcome = await chat.take(conversation, body.text, body.client_message_id)
    except SQLAlchemyError as error:
        raise Problem("unsaved", conversation.language) from error
    return {"messages": messages, "outcome": outcome.public()}


@router.get("/{conversation_id}/messages")
async def list_messages(
    conversation: OwnConversation, chat: TheChat, after: Annotated[int, Query(ge=0, le=2**31 - 1)] = 0
) -> dict[str, Any]:
    """Messages after a number; numbers have no gap."""
    return {"messages": await asyncio.to_thread(chat.records.messages, conversation.id, after)}


@router.get("/{conversation_id}/events", response_class=EventSourceResponse)
async def follow_events(
    conversation: OwnConversation, chat: TheChat, last_event_id: Annotated[str, Header()] = "0"
) -> AsyncIterator[ServerSentEvent]:
    """New messages as server-sent events; resumes after `Last-Event-ID`."""
    after = min(int(last_event_id), 2**31 - 1) if last_event_id.isdecimal() and len(last_event_id) < 12 else 0
    async for message in chat.follow(conversation.id, after):
        yield ServerSentEvent(data=message, event="message", id=str(message["seq"]))


@router.post("/{conversation_id}/feedback", status_code=204)
async def give_feedback(conversation: OwnConversation, chat: TheChat, body: Feedback) -> None:
    """Say whether an answer helped; the last word counts."""
    comment, reason = clean(body.comment).text, clean(body.reason).text
    if not await asyncio.to_thread(
        chat.records.add_feedback, conversation.id, body.message_id, body.helpful, reason, comment
    ):
        raise Problem("not_ours", conversation.language)


@router.delete("/{conversation_id}", status_code=204)
async def delete_conversation(conversation: OwnConversation, chat: TheChat) -> None:
    """Delete a conversation: messages, outcomes, feedback and the engine's tracker."""
    await chat.forget(conversation)
