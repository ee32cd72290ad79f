"""A conversation walked offline: the engine's entities and rules, the actions as they run in the service."""

from __future__ import annotations

import asyncio
import importlib
import importlib.util
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from rasa_sdk import Tracker

from actions import executor_for
from actions.hearing import Before, Heard, hear
from actions.understood import understand
from knowledge.library import Library, Release

ROOT = Path(__file__).resolve().parent.parent
TODAY = date(2026, 11, 23)
_RASA = ROOT / "assistant" / "rasa"
_SPEC = importlib.util.spec_from_file_location("quantities", _RASA / "quantities.py")
engine = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(engine)
# Slots that the domain fills from entities of the same name.
_FROM_ENTITIES = (
    "language",
    "programme",
    "company_type",
    "facility_type",
    "industry",
    "area",
    "amount",
    "headcount",
)


@cache
def rules() -> dict[tuple[str, bool], str]:
    """(intent, whether a question is open) → action, read from the rules of the engine."""
    table: dict[tuple[str, bool], str] = {}
    for rule in yaml.safe_load((_RASA / "data" / "rules.yml").read_text(encoding="utf-8"))["rules"]:
        [asked, done] = rule["steps"]
        conditions = [slot for part in rule.get("condition", ()) for slot in part["slot_was_set"]]
        [held] = [slot["guiding"] for slot in conditions] or [None]
        for guiding in (True, False):
            if held in (None, guiding):
                table[asked["intent"], guiding] = done["action"]
    return table


@cache
def utterances() -> dict[str, dict[str, dict[str, Any]]]:
    """Response → language → its text and custom part, read from the domain."""
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for path in sorted((_RASA / "domain").glob("*.yml")):
        for name, variants in (
            yaml.safe_load(path.read_text(encoding="utf-8")).get("responses") or {}
        ).items():
            found[name] = {"en" if variant.get("condition") else "ko": variant for variant in variants}
    return found


def entities(text: str, library: Library) -> list[dict[str, Any]]:
    """Entities of a text as the engine's extractor gives them."""
    names = [(m.start, m.end, m.entry.kind, m.entry.id) for m in library.release.gazetteer.find(text)]
    found = [*names, *engine.quantities(text), (0, len(text), "language", engine.language(text))]
    return [{"entity": kind, "value": value, "start": start, "end": end} for start, end, kind, value in found]


def remember(patch: pytest.MonkeyPatch) -> None:
    """Keep what was worked out once: many walks ask the same of the same facts, and search takes most of the time."""
    for module, name in (
        ("actions.base", "compose"), ("actions.guided", "next_question"), ("actions.guided", "site_reply"),
        ("actions.guided", "eligibility_reply"), ("actions.look_ups", "compute"), ("actions.comparing", "compare"),
    ):  # fmt: skip
        patch.setattr(f"{module}.{name}", _remembering(getattr(importlib.import_module(module), name)))


def _remembering(work: Callable[..., Any]) -> Callable[..., Any]:
    kept: dict[str, Any] = {}

    def remembered(*given: Any) -> Any:
        # The library and its release are one and the same in a walk.
        key = repr([one for one in given if not isinstance(one, Library | Release)])
        if key not in kept:
            kept[key] = work(*given)
        return kept[key]

    return remembered


class Walk:
    """One visitor's conversation. `slots` and `events` are what the engine would hold."""

    def __init__(self, library: Library, executor: Any = None, loop: asyncio.Runner | None = None) -> None:
        self.library = library
        self.run = loop.run if loop else asyncio.run
        self.executor = executor or executor_for(library, lambda: TODAY)
        self.slots: dict[str, Any] = {"guiding": False}
        self.events: list[dict[str, Any]] = []

    @property
    def open_question(self) -> str:
        """The fact asked for, empty where nothing is."""
        return (self.slots.get("guide") or {}).get("asked", "")

    @property
    def facts(self) -> dict[str, Any]:
        """What guided steps were told."""
        return (self.slots.get("guide") or {}).get("facts", {})

    def say(self, text: str, intent: str = "inform") -> dict[str, Any]:
        """The reply to a message that was taken for `intent`; the rule of the engine says who answers."""
        found = [] if text.startswith("/") else entities(text, self.library)
        self._fill(found)
        action = rules()[intent, bool(self.slots.get("guiding"))]
        message = {"text": text, "intent": {"name": intent, "confidence": 0.9}, "entities": found}
        reply = self._utter(action) if action.startswith("utter_") else self._run(action, message)
        self.events.append({"event": "bot", "data": {"custom": reply}})
        return reply

    def _fill(self, found: list[dict[str, Any]]) -> None:
        for entity in found:
            if entity["entity"] in _FROM_ENTITIES:
                self.slots[entity["entity"]] = entity["value"]
        if regions := [entity["value"] for entity in found if entity["entity"] == "region"]:
            self.slots["region"] = regions
            self.events.append({"event": "slot", "name": "region", "value": regions})

    def _utter(self, name: str) -> dict[str, Any]:
        language = self.slots.get("language") or "ko"
        said = utterances()[name].get(language) or utterances()[name]["ko"]
        return {"said": said["text"]} | said["custom"]

    def _run(self, action: str, message: dict[str, Any]) -> dict[str, Any]:
        state = {
            "sender_id": "walk",
            "slots": dict(self.slots),
            "latest_message": message,
            "events": self.events[-12:],
        }
        result = self.run(self.executor.run({"next_action": action, "tracker": state, "domain": {}}))
        *said, response = result.responses
        self.slots |= {event["name"]: event["value"] for event in result.events}
        own = [self._utter(one["response"]) for one in said]
        merged: dict[str, Any] = {}
        for custom in (*own, response["custom"]):
            merged |= custom
        words = [custom["said"] for custom in own]
        return merged | {"text": "\n\n".join(filter(None, (*words, response["custom"]["text"])))}


def starter(library: Library) -> Callable[[], Walk]:
    """A function that begins conversations with one shared executor."""
    executor = executor_for(library, lambda: TODAY)
    return lambda: Walk(library, executor)


def heard(library: Library, text: str, waiting_for: str = "", task: str = "site", **more: Any) -> Heard:
    """What a message says, with the question asked last; `intent`, `number` and the `facts` known as keywords."""
    intent = more.pop("intent", "inform")
    message = {
        "text": text,
        "intent": {"name": intent, "confidence": 0.9},
        "entities": entities(text, library),
    }
    tracker = Tracker.from_dict({"sender_id": "walk", "slots": {}, "latest_message": message, "events": []})
    asked = understand(tracker, library.release.gazetteer)
    return hear(message, asked, library.release, Before(waiting_for, task, **more))
