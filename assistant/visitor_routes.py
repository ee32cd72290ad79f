"""The visitor's routes under /api/v1/conversations, as the public contract has them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import BaseModel, Field
from sqlalchemy.exc import SQLAlchemyError

from assistant.chat import Chat
from assistant.handover import read_callback
from assistant.privacy import clean
from assistant.problems import Problem
from assistant.records import Conversation

MAX_BODY = 16 * 1024  # bytes of a request


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


class CallbackForm(BaseModel):
    """Where to call a visitor; nothing is stored without consent."""

    name: str = Field(max_length=60)
    phone: str = Field(max_length=40)
    time: str = Field(default="", max_length=100)
    consent: bool = False


class HandoverRequest(BaseModel):
    """A request for a person. The reason is worked out from the last turns where none is given."""

    reason: Literal["", "asked", "not_understood", "not_in_sources", "decision", "complaint"] = ""
    callback: CallbackForm | None = None


_OFFERED: dict[str, Any] = {"ticket": None, "state": "offered", "callback": False}
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
    """Messages after a number, without a gap, and the last hand-over."""
    messages = await asyncio.to_thread(chat.records.messages, conversation.id, after)
    return {"messages": messages, "handover": await chat.reception.public(conversation.id)}


@router.get("/{conversation_id}/events", response_class=EventSourceResponse)
async def follow_events(
    conversation: OwnConversation, chat: TheChat, last_event_id: Annotated[str, Header()] = "0"
) -> AsyncIterator[ServerSentEvent]:
    """New messages and states of a hand-over as server-sent events; resumes after `Last-Event-ID`."""
    after = min(int(last_event_id), 2**31 - 1) if last_event_id.isdecimal() and len(last_event_id) < 12 else 0
    async for kind, data in chat.follow(conversation.id, after):
        yield ServerSentEvent(data=data, event=kind, id=str(data["seq"]) if kind == "message" else None)


@router.post("/{conversation_id}/feedback", status_code=204)
async def give_feedback(conversation: OwnConversation, chat: TheChat, body: Feedback) -> None:
    """Say whether an answer helped; the last word counts."""
    comment, reason = clean(body.comment).text, clean(body.reason).text
    if not await asyncio.to_thread(
        chat.records.add_feedback, conversation.id, body.message_id, body.helpful, reason, comment
    ):
        raise Problem("not_ours", conversation.language)


@router.post("/{conversation_id}/handover", status_code=201, responses={200: {"description": "Nothing new"}})
async def request_handover(
    conversation: OwnConversation, chat: TheChat, body: HandoverRequest, response: Response
) -> dict[str, Any]:
    """Ask for a person, or leave a number for a call back.

    201 with a ticket where a hand-over was opened; 200 where one was open already, or (`offered`, no ticket) where
    nobody sits at the desk and only offices and the form can be shown.
    """
    reception, form, callback = chat.reception, body.callback, None
    try:
        if form is not None:
            language = await asyncio.to_thread(chat.records.spoken_language, conversation)
            callback = read_callback(**form.model_dump(), language=language, now=reception.now())
        requested = await reception.open_handover(conversation, body.reason, callback)
    except SQLAlchemyError as error:
        raise Problem("unsaved", conversation.language) from error
    if not requested.is_new:
        response.status_code = 200
    state = requested.handover.public() if requested.handover else _OFFERED
    return state | {"message": requested.message}


@router.delete("/{conversation_id}/handover", status_code=204)
async def leave_handover(conversation: OwnConversation, chat: TheChat) -> None:
    """Go back to the assistant; a name and number left are deleted."""
    try:
        await chat.reception.leave(conversation)
    except SQLAlchemyError as error:
        raise Problem("unsaved", conversation.language) from error


@router.delete("/{conversation_id}", status_code=204)
async def delete_conversation(conversation: OwnConversation, chat: TheChat) -> None:
    """Delete a conversation: messages, outcomes, feedback, hand-overs and the engine's tracker."""
    await chat.forget(conversation)
