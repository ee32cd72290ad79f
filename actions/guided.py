"""Actions of guided steps: find a site, check eligibility, take an answer or a correction, and repair what went wrong."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection
from dataclasses import replace
from typing import Any

from hangeul import attach
from rasa_sdk import Tracker

from actions.base import KnowledgeAction, led_back, led_by
from actions.comparing import ComparePlaces
from actions.guide import (
    ELIGIBILITY,
    MOST_TRIES,
    SITE,
    Guided,
    ask,
    choices,
    is_enough,
    next_question,
    plain,
    question,
    summary,
    why,
    with_choices,
)
from actions.hearing import YES_NO, Before, Heard, hear
from actions.look_ups import follow_up
from actions.outlook import eligibility_reply, site_reply
from actions.reply import Reply, menu, person_button
from actions.terms import explain_terms
from actions.understood import Understood, asks_for_a_fact, is_question
from knowledge.answer import Status
from knowledge.library import Release
from knowledge.words_guide import LABELS, guide, one

_SKIPS = re.compile(
    r"어디든|상관\s*없|아무\s*(?:데|곳)|모르겠|건너|\b(?:anywhere|no preference|skip|any(?:where)? is fine|don.t know)\b",
    re.IGNORECASE,
)
_SHORT = 40  # characters
# "공장은요?" names a thing, and asks nothing of it.
_TOPIC = re.compile(r"\S{1,10}(?:은|는)요\s*[?？]")
_CHANGES = re.compile(
    r"고쳐|바꿔|바꾸|수정|정정|변경|\b(?:change|correct|make it|rather|actually)\b", re.IGNORECASE
)
_UNSURE = frozenset({"nlu_fallback", "greet", "goodbye", "thank", "ask_help", "bot_challenge", "complain"})
_GO_ON = re.compile(
    r"이어서\s*(?:하|해|할|진행|안내|갈)|계속\s*(?:하|해|할|진행)|\b(?:go on|continue|carry on)\b",
    re.IGNORECASE,
)
# What changes a look-up that came last, by its task.
_LOOKED_UP = {
    "land": frozenset({"regions", "programme", "area_m2"}),
    "incentives": frozenset({"regions", "programme", "facility", "size"}),
    "compare": frozenset({"regions", "programme"}),
    "answer": frozenset({"regions"}),
}
_MENU = ["site", "eligibility", "land", "incentives", "person"]


class _Guided(KnowledgeAction):
    """A guided step: hears facts, goes on with the task, and keeps its state in the engine's slots."""

    guided = True
    starts = ""

    def reply(self, asked: Understood, release: Release, tracker: Tracker) -> Reply:
        """The result so far and the next question; a question of rules is answered from the documents before it."""
        state = Guided.from_slot(tracker.get_slot("guide"))
        if self.starts:
            kept = state.skipped if state.task == self.starts and state.asked else ()
            state = replace(state, task=self.starts, skipped=kept, number=None, shown=())
        found = self.go_on(state, _hear(state, asked, release, tracker), asked, release)
        quoted = self.documented(asked, release)
        asked_first = found.status is Status.CLARIFY or asks_for_a_fact(asked.text)
        return led_by(quoted, found) if quoted and (quoted.sure or asked_first) else found

    def go_on(self, state: Guided, heard: Heard, asked: Understood, release: Release) -> Reply:
        """The reply after what was heard: a unit asked back, else the result so far with the next question."""
        state = state.told(heard)
        if heard.bare is None:
            return self.result(state, asked.language, release, heard.facts)
        if state.number is not None:  # the unit was asked for already
            return self._not_heard(state, asked, release)
        text = guide("unit", asked.language, number=plain(heard.bare))
        state = replace(state.put(state.asked), number=heard.bare)
        buttons = choices(state, asked.language)
        return Reply(text, asked.language, Status.CLARIFY, "unit", buttons=buttons, slots=state.slots())

    def result(
        self, state: Guided, language: str, release: Release, new: Collection[str] = (), lead: str = ""
    ) -> Reply:
        """What is known now already gives, and the question whose answer would change most.

        `new` are the facts that were told just now. A question put twice without an answer is left out, and a person offered.
        """
        gave_up = bool(state.asked) and state.asked not in state.facts and state.tries >= MOST_TRIES
        if gave_up:
            label = one(LABELS[state.asked], language)
            named = attach(label, "은/는") if language == "ko" else label
            lead, state = guide("skipped", language, label=named), state.skip()
        name = next_question(state, release, self.today())
        state = state.put(name)
        if name and not is_enough(state):
            taken = summary(state, release, language, new) or lead or guide(f"{state.task}.need", language)
            reply = ask(state, release, language, "\n".join(dict.fromkeys(filter(None, (lead, taken)))))
            return replace(reply, buttons=[*reply.buttons, person_button(language)]) if gave_up else reply
        return self._shown(state, language, release, new, lead)

    def _not_heard(self, state: Guided, asked: Understood, release: Release) -> Reply:
        """The open question again; the next one after a second time; what can be asked where none is open."""
        if not state.asked:
            return follow_up(self, asked, release)
        if state.tries >= MOST_TRIES:
            return self.result(state, asked.language, release)
        agreed = asked.intent == "affirm" and state.asked not in YES_NO
        lead = guide("resumed" if agreed else "not_heard", asked.language)
        return ask(state.put(state.asked), release, asked.language, lead)

    def _shown(
        self, state: Guided, language: str, release: Release, new: Collection[str], lead: str
    ) -> Reply:
        """The result with the next question; in one line where it is the one shown before."""
        tell = site_reply if state.task == SITE else eligibility_reply
        found = tell(state.facts, language, release, self.today())
        digests = tuple(map(_digest, (found.text, found.card)))
        same = [before == now for before, now in zip(state.shown, digests, strict=False)] or [False, False]
        lines = [lead, summary(state, release, language, new if same[0] else tuple(LABELS)), found.text]
        if same[0]:
            lines[-1] = guide("same" if same[1] else "same_text", language)
        if state.asked:
            asking = question(state.asked, state, release, language)
            lines.append(asking if same[0] else f"{guide('more', language)} {asking}")
        state = replace(state, shown=digests)
        return replace(
            found,
            text="\n".join(filter(None, lines)),
            card=None if same[1] else found.card,
            buttons=with_choices(state, found.buttons, language),
            slots=state.slots(),
        )


class FindSite(_Guided):
    """Find places that fit."""

    task, starts = SITE, SITE

    def name(self) -> str:
        """Its name in the domain."""
        return "action_find_site"


class CheckEligibility(_Guided):
    """Say which support is likely, and what would settle the rest."""

    task, starts = ELIGIBILITY, ELIGIBILITY

    def name(self) -> str:
        """Its name in the domain."""
        return "action_check_eligibility"


class TakeAnswer(_Guided):
    """Take an answer, a correction, or "I don't know"."""

    def name(self) -> str:
        """Its name in the domain."""
        return "action_take_answer"

    def reply(self, asked: Understood, release: Release, tracker: Tracker) -> Reply:
        """The result with the new fact; without guided steps, the last look-up with it."""
        state = Guided.from_slot(tracker.get_slot("guide"))
        heard = _hear(state, asked, release, tracker)
        if state.asked and _goes_on(asked.text):
            return _resumed(state, asked.language, release)
        if not state.task or (asked.last_task != state.task and not _is_for(state, heard, asked)):
            if asked.last_task == ComparePlaces.task:
                return ComparePlaces(self.library, self.today).reply(asked, release, tracker)
            return follow_up(self, asked, release)
        if heard.facts or heard.bare is not None or state.told(heard) != state:
            return self.go_on(state, heard, asked, release)
        if state.asked and (asked.intent == "dont_know" or _SKIPS.search(asked.text)):
            return self.result(state.skip(), asked.language, release, lead=guide("passed", asked.language))
        return self._not_heard(state, asked, release)

    def wants(self, asked: Understood, release: Release, tracker: Tracker) -> bool:
        """Whether a message without a question gives what was asked for.

        A message that fits no intent, or seems to be small talk, may give any fact; so may one that says to change something.
        """
        state = Guided.from_slot(tracker.get_slot("guide"))
        unsure = asked.intent in _UNSURE
        if not state.asked or (is_question(asked.text) and not _TOPIC.fullmatch(asked.text.strip())):
            return False
        if len(asked.text) > _SHORT and not unsure:
            return False
        heard = _hear(state, asked, release, tracker)
        changes = bool(heard.facts) and bool(unsure or _CHANGES.search(asked.text))
        return changes or _goes_on(asked.text) or _answers(state, heard)


class FollowUp(TakeAnswer):
    """A bare detail: an answer where a question is open, else a change of the last look-up."""

    def name(self) -> str:
        """Its name in the domain."""
        return "action_follow_up"


class ExplainQuestion(_Guided):
    """Say why the open question is asked, or what it means."""

    def name(self) -> str:
        """Its name in the domain."""
        return "action_explain_question"

    def reply(self, asked: Understood, release: Release, tracker: Tracker) -> Reply:
        """The reason and the choices; where a term or the documents are meant, what these say."""
        state = Guided.from_slot(tracker.get_slot("guide"))
        if asked.intent == "explain" and (term := explain_terms(asked, release)):
            return led_back(term, state, asked.language, release) if state.asked else term
        if not state.asked and (quoted := self.documented(asked, release)):
            return quoted
        return why(state, asked.language, asked.intent == "explain")


class GoBack(_Guided):
    """Drop the last answer and ask again."""

    def name(self) -> str:
        """Its name in the domain."""
        return "action_go_back"

    def reply(self, asked: Understood, release: Release, tracker: Tracker) -> Reply:
        """The earlier question."""
        state = Guided.from_slot(tracker.get_slot("guide"))
        if not state.trail:
            return Reply(
                guide("no_back", asked.language),
                asked.language,
                Status.CLARIFY,
                "no_back",
                buttons=menu(_MENU, asked.language),
            )
        again = ask(state.back(), release, asked.language)
        return replace(again, text=guide("went_back", asked.language, question=again.text))


class StartOver(_Guided):
    """Forget what was told and begin anew."""

    def name(self) -> str:
        """Its name in the domain."""
        return "action_start_over"

    def reply(self, asked: Understood, release: Release, tracker: Tracker) -> Reply:
        """The first question of the task under way, else what can be asked."""
        task = Guided.from_slot(tracker.get_slot("guide")).task
        said = guide("started_over", asked.language)
        if not task:
            return Reply(
                said,
                asked.language,
                Status.CLARIFY,
                "started_over",
                buttons=menu(_MENU, asked.language),
                slots=Guided().slots(),
            )
        fresh = self.result(Guided(task), asked.language, release)
        return replace(fresh, text=f"{said} {fresh.text}")


class Cancel(_Guided):
    """Stop what is under way."""

    def name(self) -> str:
        """Its name in the domain."""
        return "action_cancel"

    def reply(self, asked: Understood, release: Release, tracker: Tracker) -> Reply:
        """That it stopped, and what else can be done."""
        busy = Guided.from_slot(tracker.get_slot("guide")).task
        text = guide("cancelled" if busy else "nothing_to_cancel", asked.language)
        return Reply(
            text,
            asked.language,
            Status.CLARIFY,
            "cancelled",
            buttons=menu(_MENU, asked.language),
            slots=Guided().slots(),
        )


class Wait(_Guided):
    """Leave time to think."""

    def name(self) -> str:
        """Its name in the domain."""
        return "action_wait"

    def reply(self, asked: Understood, release: Release, tracker: Tracker) -> Reply:
        """That there is no hurry; the open question stays."""
        state = Guided.from_slot(tracker.get_slot("guide"))
        buttons = choices(state, asked.language) if state.asked else []
        return Reply(guide("wait", asked.language), asked.language, Status.CLARIFY, "wait", buttons=buttons)


class Resume(_Guided):
    """Go on after a pause or a person."""

    def name(self) -> str:
        """Its name in the domain."""
        return "action_resume"

    def reply(self, asked: Understood, release: Release, tracker: Tracker) -> Reply:
        """The open question again, else what can be asked."""
        state = Guided.from_slot(tracker.get_slot("guide"))
        if state.asked:
            return _resumed(state, asked.language, release)
        said = guide("resumed", asked.language)
        return Reply(said, asked.language, Status.CLARIFY, "resumed", buttons=menu(_MENU, asked.language))


class Repeat(_Guided):
    """Say the last reply again."""

    def name(self) -> str:
        """Its name in the domain."""
        return "action_repeat"

    def reply(self, asked: Understood, release: Release, tracker: Tracker) -> Reply:
        """The last reply of an action, as it was."""
        for event in reversed(tracker.events):
            said: dict[str, Any] = (
                (event.get("data") or {}).get("custom") or {} if event.get("event") == "bot" else {}
            )
            if said.get("text"):
                return Reply.again(said)
        return Reply(
            guide("nothing_to_repeat", asked.language),
            asked.language,
            Status.CLARIFY,
            "nothing_to_repeat",
            buttons=menu(_MENU, asked.language),
        )


def _hear(state: Guided, asked: Understood, release: Release, tracker: Tracker) -> Heard:
    before = Before(state.asked, state.task, state.number, state.facts)
    return hear(tracker.latest_message or {}, asked, release, before)


def _answers(state: Guided, heard: Heard) -> bool:
    """Whether what was heard answers the open question."""
    return bool(state.asked) and (
        state.asked in heard.facts
        or heard.bare is not None
        or (state.asked == "origin" and "origin_place" in heard.facts)
    )


def _is_for(state: Guided, heard: Heard, asked: Understood) -> bool:
    """Whether a message after a look-up goes to the guided steps: it answers them, says what that look-up does not take, or nothing."""
    if asked.intent == "dont_know" or _answers(state, heard):
        return True
    if not heard.facts:
        return bool(state.asked) and not is_question(asked.text)
    return not _LOOKED_UP.get(asked.last_task, frozenset()).issuperset(heard.facts)


def _goes_on(text: str) -> bool:
    return len(text) <= _SHORT and bool(_GO_ON.search(text))


def _resumed(state: Guided, language: str, release: Release) -> Reply:
    """The open question again, because the visitor wants it."""
    return ask(replace(state, asked="").put(state.asked), release, language, guide("resumed", language))


def _digest(shown: object) -> str:
    return hashlib.sha256(json.dumps(shown, ensure_ascii=False, sort_keys=True).encode()).hexdigest()[:12]
