"""The actions by their names in the domain, run by rasa_sdk's executor inside the service."""

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
from rasa_sdk.executor import ActionExecutor, CollectingDispatcher

from actions.computing import compute
from actions.incentives import find_incentives
from actions.land import find_land
from actions.reply import Reply, contact_card, from_answer, person_button
from actions.understood import Understood, understand
from knowledge.answer import Status, compose
from knowledge.catalogue import Contact
from knowledge.lexical import morphemes
from knowledge.library import Library, Release
from knowledge.words import say

Today = Callable[[], date]
_SHORT = 4  # words of meaning
_LIKELY = 0.5  # confidence from which a look-up is led by what the documents say
_GENERAL = ("contact-molit-innocity", "contact-other")


def executor_for(library: Library, today: Today = date.today) -> ActionExecutor:
    """An executor with every action of the domain registered, answering from `library`."""
    executor = ActionExecutor()
    for action in (
        Answer,
        FindLand,
        FindIncentives,
        FollowUp,
        ExplainSource,
        DeclineDecision,
        StayInScope,
        HandOver,
    ):
        executor.register_action(action(library, today))
    return executor


class _KnowledgeAction(Action):
    """An action that reads the library and gives one reply; subclasses say which."""

    task = ""

    def __init__(self, library: Library, today: Today) -> None:
        self._library = library
        self._today = today

    @abstractmethod
    def reply(self, asked: Understood, release: Release, tracker: Tracker) -> Reply:
        """The reply to what was understood."""

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[Any]:
        """Give the reply as one custom message, and remember what was asked."""
        release = self._library.release
        asked = understand(tracker, release.gazetteer)
        # Embedding and search take a core for tens of milliseconds: other visitors' requests go on meanwhile.
        reply = await asyncio.to_thread(self.reply, asked, release, tracker)
        understood = {"intent": asked.intent, "intent_confidence": round(asked.confidence, 3)}
        dispatcher.utter_message(json_message=reply.payload(release) | understood)
        return [SlotSet("last_task", self.task), SlotSet("last_question", asked.text)] if self.task else []

    def compose(self, question: str, language: str, release: Release) -> Reply:
        """A reply that quotes the documents."""
        return from_answer(compose(question, language, self._library, self._today()), release)


class Answer(_KnowledgeAction):
    """Answer a question from the documents."""

    task = "answer"

    def name(self) -> str:
        """Its name in the domain."""
        return "action_answer"

    def reply(self, asked: Understood, release: Release, tracker: Tracker) -> Reply:
        """What the catalogue's tables give where they must be computed; else quote the documents, or decline."""
        return compute(asked, release, self._today()) or self.compose(asked.text, asked.language, release)


class FindLand(_KnowledgeAction):
    """Look up land."""

    task = "land"

    def name(self) -> str:
        """Its name in the domain."""
        return "action_find_land"

    def reply(self, asked: Understood, release: Release, tracker: Tracker) -> Reply:
        """A land card with the sentence of the documents that fits the question best; without land on record, the documents alone."""
        if computed := compute(asked, release, self._today()):
            return computed
        found = find_land(asked, release, self._today())
        quoted = self.compose(asked.text, asked.language, release)
        return quoted if found is None else _with_quote(asked, found, quoted)


class FindIncentives(_KnowledgeAction):
    """Look up incentives."""

    task = "incentives"

    def name(self) -> str:
        """Its name in the domain."""
        return "action_find_incentives"

    def reply(self, asked: Understood, release: Release, tracker: Tracker) -> Reply:
        """An incentive card; a place without any row is answered from the documents alone."""
        if computed := compute(asked, release, self._today()):
            return computed
        known = (
            not asked.regions
            or release.catalogue.host_tax_rows(asked.regions)
            or release.catalogue.districts_of(asked.regions)
        )
        quoted = self.compose(asked.text, asked.language, release)
        if not known:
            return quoted
        found = find_incentives(asked, release)
        # "What support is there?" fits any passage on support: it needs the list, not a quotation.
        return found if len(morphemes(asked.text)) < 2 else _with_quote(asked, found, quoted)


class FollowUp(_KnowledgeAction):
    """Do the last look-up or question again with the detail that was added."""

    def name(self) -> str:
        """Its name in the domain."""
        return "action_follow_up"

    def reply(self, asked: Understood, release: Release, tracker: Tracker) -> Reply:
        """What the last task replies to the changed question."""
        if asked.last_task == "land":
            return find_land(asked, release, self._today()) or self.compose(
                asked.text, asked.language, release
            )
        if asked.last_task == "incentives" or (
            not asked.last_task and (asked.said_regions or asked.facility)
        ):
            return find_incentives(asked, release)
        if asked.last_task == "answer":
            return self.compose(_changed(asked, release), asked.language, release)
        return Reply(
            say("follow_up.unclear", asked.language),
            asked.language,
            Status.CLARIFY,
            buttons=menu(["land", "incentives", "approval", "person"], asked.language),
        )


class ExplainSource(_KnowledgeAction):
    """Say where the last answer came from."""

    def name(self) -> str:
        """Its name in the domain."""
        return "action_explain_source"

    def reply(self, asked: Understood, release: Release, tracker: Tracker) -> Reply:
        """The sources of the last reply that had any."""
        for event in reversed(tracker.events):
            custom = (event.get("data") or {}).get("custom") or {}
            sources = custom.get("sources") if event.get("event") == "bot" else None
            rows = ((custom.get("card") or {}).get("rows") or []) if event.get("event") == "bot" else []
            named = [
                (s["publisher"], s["title"], s["as_of"] or s["published_on"]) for s in sources or []
            ] or [("", row["source"], row["as_of"]) for row in rows[:4]]
            if named:
                lines = [
                    " – ".join(filter(None, (publisher, title)))
                    + (f" ({say('as_of', asked.language, date=as_of)})" if as_of else "")
                    for publisher, title, as_of in dict.fromkeys(named)
                ]
                return Reply("\n".join(lines), asked.language, Status.ANSWERED)
        return self.compose(asked.text, asked.language, release)


class DeclineDecision(_KnowledgeAction):
    """Decline to judge a single case, give the rule where there is one, and name who decides."""

    def name(self) -> str:
        """Its name in the domain."""
        return "action_decline_decision"

    def reply(self, asked: Understood, release: Release, tracker: Tracker) -> Reply:
        """No promise, with the offices that decide."""
        contacts = offices(asked, release, ["contact-tax-office"])
        quoted = self.compose(asked.text, asked.language, release)
        rule = f"\n\n{quoted.text}" if quoted.sure else ""
        return Reply(
            say("decision", asked.language) + rule,
            asked.language,
            Status.HANDOFF,
            "decision",
            citations=quoted.citations if rule else (),
            card=contact_card(contacts, asked.language),
            buttons=[person_button(asked.language)],
        )


class StayInScope(_KnowledgeAction):
    """Point elsewhere, unless the documents answer the very question after all."""

    def name(self) -> str:
        """Its name in the domain."""
        return "action_stay_in_scope"

    def reply(self, asked: Understood, release: Release, tracker: Tracker) -> Reply:
        """What the documents say where they are sure to answer; else where to ask, by kind."""
        quoted = self.compose(asked.text, asked.language, release)
        if quoted.sure:
            return quoted
        more = menu(["land", "incentives", "approval"], asked.language)
        return Reply(
            say(f"scope.{asked.intent}", asked.language),
            asked.language,
            Status.OUT_OF_SCOPE,
            asked.intent,
            buttons=more,
        )


class HandOver(_KnowledgeAction):
    """Hand over to a person: the office for what was talked about."""

    def name(self) -> str:
        """Its name in the domain."""
        return "action_hand_over"

    def reply(self, asked: Understood, release: Release, tracker: Tracker) -> Reply:
        """Contact details; no promise that somebody joins."""
        contacts = offices(
            asked,
            release,
            ["contact-lh"]
            if asked.last_task == "land"
            else ["contact-tax-office"]
            if asked.last_task == "incentives"
            else [],
        )
        text = say("handoff", asked.language)
        if not any(contact.phone for contact in contacts):
            text += " " + say("handoff.no_phone", asked.language)
        return Reply(
            text, asked.language, Status.HANDOFF, "asked", card=contact_card(contacts, asked.language)
        )


def offices(asked: Understood, release: Release, more: list[str]) -> list[Contact]:
    """The offices of the places talked about, then those for the subject; a general one where no place is known."""
    districts = release.catalogue.districts_of(
        asked.regions, asked.programme
    ) or release.catalogue.districts_of(asked.regions)
    ids = [district.contact for district in districts] or list(_GENERAL)
    return [
        release.catalogue.contacts[id]
        for id in dict.fromkeys([*ids, *more])
        if id in release.catalogue.contacts
    ][:4]


def general_contacts(release: Release, language: str) -> Reply:
    """Whom to ask where nothing is known of the conversation."""
    contacts = [release.catalogue.contacts[id] for id in _GENERAL if id in release.catalogue.contacts]
    text = say("handoff", language) + " " + say("handoff.no_phone", language)
    return Reply(text, language, Status.HANDOFF, "asked", card=contact_card(contacts, language))


def menu(keys: list[str], language: str) -> list[dict[str, str]]:
    """Buttons by their short names: land, incentives, approval, person. Shared with the replies of the domain."""
    buttons = {
        "land": (
            "남은 클러스터 토지",
            "클러스터 용지가 남은 곳을 알려 주세요",
            "Land that is left",
            "Which places have cluster land left?",
        ),
        "incentives": (
            "이전 지원",
            "본사를 옮기면 어떤 지원이 있나요?",
            "Incentives",
            "What support is there for moving a head office?",
        ),
        "approval": (
            "입주승인 절차",
            "입주승인은 누가 하고 어떤 순서인가요?",
            "Entry approval",
            "Who approves entry and in what order?",
        ),
    }
    made = []
    for key in keys:
        if key == "person":
            made.append(person_button(language))
        else:
            title_ko, payload_ko, title_en, payload_en = buttons[key]
            made.append(
                {"title": title_ko, "payload": payload_ko}
                if language == "ko"
                else {"title": title_en, "payload": payload_en}
            )
    return made


def _with_quote(asked: Understood, reply: Reply, quoted: Reply) -> Reply:
    """A look-up's reply led by what the documents say to the very question, where they do.

    What is known not to be published, or asks for what no document has, is declined, with the card beneath: its figures
    would answer another question. A few words ("land in Naju?") ask for the card itself.
    """
    likely = quoted.confidence >= _LIKELY
    if quoted.reason in ("figure", "year"):
        return quoted
    if quoted.refused or (quoted.reason == "nothing_found" and len(morphemes(asked.text)) > _SHORT):
        return replace(quoted, card=reply.card)
    if quoted.reason == "unpublished" and likely:
        return replace(quoted, card=reply.card)
    if quoted.status not in (Status.ANSWERED, Status.PARTIAL) or not likely:
        return reply
    return replace(
        quoted, text=f"{quoted.text}\n\n{reply.brief or reply.text}", card=reply.card, buttons=reply.buttons
    )


def _changed(asked: Understood, release: Release) -> str:
    """The last question with its places replaced by the new ones, or the new detail put before it."""
    old = [m for m in release.gazetteer.find(asked.last_question) if m.entry.kind == "region"]
    new = [m for m in release.gazetteer.find(asked.text) if m.entry.kind == "region"]
    detail = (
        asked.text[new[0].start : new[-1].end]
        if new
        else re.sub(
            r"(?:은|는)?요\?*$|^(?:and|what about|how about)\s+", "", asked.text.strip(), flags=re.IGNORECASE
        ).rstrip("?")
    )
    if new and old:
        return asked.last_question[: old[0].start] + detail + asked.last_question[old[-1].end :]
    return f"{detail} {asked.last_question}"
