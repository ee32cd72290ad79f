"""What all actions share: they read the library, give one reply, and lead back to a question that is still open."""

from __future__ import annotations

import asyncio
import re
from abc import abstractmethod
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.guide import MOST_BUTTONS, MOST_TRIES, Guided, question, with_choices
from actions.quoted_figures import with_calculation
from actions.reply import Reply, from_answer
from actions.understood import Understood, asks, understand
from knowledge.answer import Status, compose
from knowledge.lexical import morphemes
from knowledge.library import Library, Release
from knowledge.words_guide import guide

_VAGUE = 2  # words of meaning
_WORDS = re.compile(r"[가-힣ㄱ-ㅎ]|[A-Za-z]{2,}")
Today = Callable[[], date]


class KnowledgeAction(Action):
    """An action that reads the library and gives one reply; subclasses say which."""

    task = ""
    guided = False

    def __init__(self, library: Library, today: Today) -> None:
        """Answer from `library` as of `today()`."""
        self.library, self.today = library, today
        self.taker: KnowledgeAction | None = None

    @abstractmethod
    def reply(self, asked: Understood, release: Release, tracker: Tracker) -> Reply:
        """The reply to what was understood."""

    def wants(self, asked: Understood, release: Release, tracker: Tracker) -> bool:
        """Whether a message that seemed to be something else is an answer to an open question."""
        return False

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[Any]:
        """Give the reply as one custom message, and remember what was asked."""
        release = self.library.release
        asked = _spoken(understand(tracker, release.gazetteer), tracker)
        # Embedding and search take a core for tens of milliseconds: other visitors' requests go on meanwhile.
        reply = await asyncio.to_thread(self._reply, asked, release, tracker)
        if reply.response:
            dispatcher.utter_message(response=reply.response)
        understood = {"intent": asked.intent, "intent_confidence": round(asked.confidence, 3)}
        payload = reply.payload(release)
        if reply.response:  # what the domain says has a status and buttons of its own
            payload = {
                key: payload[key]
                for key in payload
                if key != "status" and (key != "buttons" or reply.buttons)
            }
        dispatcher.utter_message(json_message=payload | understood)
        slots = {"last_task": self.task, "last_question": asked.text} if self.task else {}
        return [SlotSet(name, value) for name, value in (slots | reply.slots).items()]

    def compose(self, asked_text: str, language: str, release: Release) -> Reply:
        """A reply that quotes the documents, with what the question wants worked out from the figures quoted."""
        answer = compose(asked_text, language, self.library, self.today())
        return with_calculation(asked_text, from_answer(answer, release), release.gazetteer)

    def documented(self, asked: Understood, release: Release) -> Reply | None:
        """What the documents say to a question that opens a conversation, where they answer it; else None."""
        if asked.last_task or not asks(asked.text) or len(morphemes(asked.text)) <= _VAGUE:
            return None
        quoted = self.compose(asked.text, asked.language, release)
        return quoted if quoted.status in (Status.ANSWERED, Status.PARTIAL) else None

    def _reply(self, asked: Understood, release: Release, tracker: Tracker) -> Reply:
        if self.taker is not None and self.taker.wants(asked, release, tracker):
            return self.taker.reply(asked, release, tracker)
        reply = self.reply(asked, release, tracker)
        state = Guided.from_slot(tracker.get_slot("guide"))
        if self.guided or not state.asked or reply.slots or reply.status is Status.HANDOFF:
            return reply
        return led_back(reply, state, asked.language, release)


def led_by(quoted: Reply, reply: Reply) -> Reply:
    """A reply with what the documents say before it."""
    return replace(
        reply,
        text=f"{quoted.text}\n\n{reply.text}",
        status=quoted.status,
        citations=quoted.citations,
        card=joined_cards(quoted.card, reply.card),
    )


def joined_cards(worked_out: dict[str, Any] | None, card: dict[str, Any] | None) -> dict[str, Any] | None:
    """A card led by the rows of what was worked out from the quotation; offices to ask stay among themselves."""
    if not worked_out or not card or card["type"] == "contact":
        return card or worked_out
    return card | {"rows": [*worked_out["rows"], *card["rows"]]}


def led_back(reply: Reply, state: Guided, language: str, release: Release) -> Reply:
    """A reply with the open question after it; once it has been put often enough, only with a button to go on."""
    if state.tries >= MOST_TRIES:
        more = {"title": guide("go_on", language), "payload": guide("go_on.say", language)}
        return replace(reply, buttons=[more, *reply.buttons][:MOST_BUTTONS])
    again = guide("back", language, question=question(state.asked, state, release, language))
    return replace(
        reply,
        text=f"{reply.text}\n\n{again}".strip(),
        buttons=with_choices(state, reply.buttons, language),
        slots={"guide": state.put(state.asked).kept()},
    )


def _spoken(asked: Understood, tracker: Tracker) -> Understood:
    """A message without words, as "1,000 m2", is in the language of the reply before it."""
    if _WORDS.search(asked.text):
        return asked
    for event in reversed(tracker.events):
        said = ((event.get("data") or {}).get("custom") or {}) if event.get("event") == "bot" else {}
        if said.get("language"):
            return replace(asked, language=str(said["language"]))
    return asked
