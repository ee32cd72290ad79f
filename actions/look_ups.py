"""Actions that look up and answer: land, incentives, questions on the documents, sources, offices."""

from __future__ import annotations

import re
from dataclasses import replace

from rasa_sdk import Tracker

from actions.base import KnowledgeAction, joined_cards, led_by
from actions.computing import compute
from actions.incentives import find_incentives
from actions.land import find_land
from actions.looking_up import asks_more
from actions.reply import Reply, contact_card, menu, person_button
from actions.terms import explain_terms
from actions.understood import Understood, asks, asks_for_a_fact, is_question
from knowledge.answer import Status
from knowledge.catalogue import Contact
from knowledge.language import detect
from knowledge.lexical import morphemes
from knowledge.library import Release
from knowledge.words import say
from knowledge.words_guide import guide

_RESPONSES = {"ask_help": "utter_help", "switch_language": "utter_language_switched"}
_ON_US = "about-assistant"
# Small talk that questions are taken for: "why did they pick Yangjae of all places?" sounds like a complaint.
_MISREAD = ("ask_help", "bot_challenge", "complain", "switch_language")
_VAGUE = 2  # words of meaning
# Above this confidence a message is on another subject, however near it lies to a passage. On the tuning questions every one
# that the documents answer lies below 0.6, all but one of the others above 0.7.
_OTHER_SUBJECT = 0.65
_DECISION = 0.5  # below it, a rule is as likely asked for as a promise
_PERSON = re.compile(
    r"사람|상담|직원|통화|연결|바꿔|\b(?:person|human|agent|some(?:body|one)|representative|staff|talk|speak|call me)\b",
    re.IGNORECASE,
)
_GENERAL = ("contact-molit-innocity", "contact-other")


class Answer(KnowledgeAction):
    """Answer a question from the documents."""

    task = "answer"

    def name(self) -> str:
        """Its name in the domain."""
        return "action_answer"

    def reply(self, asked: Understood, release: Release, tracker: Tracker) -> Reply:
        """What the catalogue's tables give where they must be computed; else quote the documents, explain a term, or decline."""
        if computed := compute(asked, release, self.today()):
            return computed
        quoted = self.compose(asked.text, asked.language, release)
        if not quoted.sure and (explained := explain_terms(asked, release)):
            return explained
        return _ask_back(quoted, asked)


class FindLand(KnowledgeAction):
    """Look up land."""

    task = "land"

    def name(self) -> str:
        """Its name in the domain."""
        return "action_find_land"

    def reply(self, asked: Understood, release: Release, tracker: Tracker) -> Reply:
        """A land card with the sentence of the documents that fits the question best; without land on record, the documents alone."""
        if computed := compute(asked, release, self.today()):
            return computed
        found = find_land(asked, release, self.today())
        quoted = self.compose(asked.text, asked.language, release)
        if found is None:
            return quoted
        return _with_quote(found, quoted, asks_more(self.task, asked.text, release.gazetteer))


class FindIncentives(KnowledgeAction):
    """Look up incentives."""

    task = "incentives"

    def name(self) -> str:
        """Its name in the domain."""
        return "action_find_incentives"

    def reply(self, asked: Understood, release: Release, tracker: Tracker) -> Reply:
        """An incentive card; a place without any row is answered from the documents alone."""
        if computed := compute(asked, release, self.today()):
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
        if len(morphemes(asked.text)) < 2:
            return found
        return _with_quote(found, quoted, asks_more(self.task, asked.text, release.gazetteer))


class ExplainSource(KnowledgeAction):
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


class DeclineDecision(KnowledgeAction):
    """Decline to judge a single case, give the rule where there is one, and name who decides."""

    def name(self) -> str:
        """Its name in the domain."""
        return "action_decline_decision"

    def reply(self, asked: Understood, release: Release, tracker: Tracker) -> Reply:
        """No promise, with the offices that decide."""
        contacts = offices(asked, release, ["contact-tax-office"])
        quoted = self.compose(asked.text, asked.language, release)
        answered = quoted.status is Status.ANSWERED
        declined = Reply(
            say("decision", asked.language),
            asked.language,
            Status.HANDOFF,
            "decision",
            card=contact_card(contacts, asked.language),
            buttons=[person_button(asked.language)],
        )
        if answered and (asks_for_a_fact(asked.text) or asked.confidence < _DECISION):
            return led_by(quoted, declined)
        rule = f"\n\n{quoted.text}" if answered else ""
        return replace(declined, text=declined.text + rule, citations=quoted.citations if rule else ())


class StayInScope(KnowledgeAction):
    """Point elsewhere, unless the documents answer the very question after all."""

    def name(self) -> str:
        """Its name in the domain."""
        return "action_stay_in_scope"

    def reply(self, asked: Understood, release: Release, tracker: Tracker) -> Reply:
        """What the documents say where it is hardly another subject; else where to ask, by kind."""
        quoted = self.compose(asked.text, asked.language, release)
        answered = quoted.status in (Status.ANSWERED, Status.PARTIAL)
        ours = release.gazetteer.ids(asked.text, "programme")
        if answered and (asked.confidence < _OTHER_SUBJECT or ours):
            return quoted
        more = menu(["land", "incentives", "approval"], asked.language)
        return Reply(
            say(f"scope.{asked.intent}", asked.language),
            asked.language,
            Status.OUT_OF_SCOPE,
            asked.intent,
            buttons=more,
        )


class SmallTalk(KnowledgeAction):
    """Say what the domain says to small talk, and lead back to the open question; after a goodbye only with a button."""

    def name(self) -> str:
        """Its name in the domain."""
        return "action_small_talk"

    def reply(self, asked: Understood, release: Release, tracker: Tracker) -> Reply:
        """The response of the domain for the intent; what the documents say where the message was a question they answer."""
        if asked.intent in _MISREAD and asks(asked.text) and len(morphemes(asked.text)) > _VAGUE:
            quoted = self.compose(asked.text, detect(asked.text), release)
            about = release.gazetteer.ids(asked.text, "region") or release.gazetteer.ids(
                asked.text, "programme"
            )
            # What the sheet on the assistant says to a complaint, the domain says better.
            cited = {citation.passage.document_id for citation in quoted.citations}
            if (quoted.sure or about) and not (asked.intent == "complain" and cited == {_ON_US}):
                return quoted
        said = Reply(
            "",
            asked.language,
            Status.ANSWERED,
            response=_RESPONSES.get(asked.intent, f"utter_{asked.intent}"),
        )
        if asked.intent != "goodbye":
            return said
        more = {"title": guide("go_on", asked.language), "payload": guide("go_on.say", asked.language)}
        return replace(said, buttons=[more], slots={"guiding": True})


class HandOver(KnowledgeAction):
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
        person = Reply(
            text, asked.language, Status.HANDOFF, "asked", card=contact_card(contacts, asked.language)
        )
        quoted = self.documented(asked, release)
        named = release.gazetteer.ids(asked.text, "programme") or release.gazetteer.ids(asked.text, "region")
        if not quoted or not (quoted.sure or named):
            return person
        if asks(asked.text) and not _PERSON.search(asked.text):
            return replace(
                led_by(quoted, person), reason=""
            )  # "whom do I call in Gangwon?" asks for a number
        return replace(led_by(quoted, person), status=Status.HANDOFF)


def follow_up(action: KnowledgeAction, asked: Understood, release: Release) -> Reply:
    """The last look-up or question done again with the detail that was added."""
    if asked.last_task == "land":
        found = find_land(asked, release, action.today())
        return found or action.compose(asked.text, asked.language, release)
    more = is_question(asked.text) or asks_more("incentives", asked.text, release.gazetteer)
    if not asked.last_task and more and len(morphemes(asked.text)) > _VAGUE:
        return action.compose(asked.text, asked.language, release)
    if asked.last_task == "incentives" or (not asked.last_task and (asked.said_regions or asked.facility)):
        return find_incentives(asked, release)
    if asked.last_task == "answer":
        return action.compose(_changed(asked, release), asked.language, release)
    return Reply(
        say("follow_up.unclear", asked.language),
        asked.language,
        Status.CLARIFY,
        buttons=menu(["land", "incentives", "approval", "person"], asked.language),
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


def _ask_back(quoted: Reply, asked: Understood) -> Reply:
    """A question back, with what lies nearest to press, where a word or two found nothing."""
    if quoted.reason != "nothing_found" or len(morphemes(asked.text)) > _VAGUE:
        return quoted
    return replace(quoted, text=say("vague", asked.language), status=Status.CLARIFY, reason="vague")


def _with_quote(reply: Reply, quoted: Reply, asks_more: bool) -> Reply:
    """A look-up's reply led by what the documents say to the very question, where they do.

    What is known not to be published, or asks for what no document has, is declined, with the card beneath: its figures
    would answer another question. So is a question that asks for more than a look-up and that the documents do not answer.
    """
    if quoted.reason in ("figure", "year"):
        return quoted
    answered = quoted.status in (Status.ANSWERED, Status.PARTIAL)
    if quoted.refused or quoted.reason == "unpublished" or (asks_more and not answered):
        return replace(quoted, card=reply.card)
    if not answered:
        return reply
    card = joined_cards(quoted.card, reply.card)
    return replace(
        quoted,
        text=f"{quoted.text}\n\n{reply.brief or reply.text}",
        card=card,
        buttons=reply.buttons,
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
