"""Ask the actions as the engine does, without the engine: a tracker in, the custom message out."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import date
from typing import Any

from actions import executor_for
from knowledge.library import Library

TODAY = date(2026, 11, 22)
Run = Callable[..., dict[str, Any]]


def tracker(
    text: str,
    entities: dict[str, Any],
    slots: dict[str, Any],
    events: Any = (),
    intent: str = "tested",
    confidence: float = 0.9,
) -> dict[str, Any]:
    """The state of a conversation as the engine sends it. An entity's value may be a list of several."""
    found = [
        {"entity": kind, "value": value, "start": len(text), "end": len(text)}
        for kind, values in entities.items()
        for value in (values if isinstance(values, list) else [values])
    ]
    message = {"text": text, "intent": {"name": intent, "confidence": confidence}, "entities": found}
    return {"sender_id": "private", "slots": slots, "latest_message": message, "events": list(events)}


def runner(library: Library) -> Run:
    """A function that runs an action and gives its one custom message, with the slots it set as `set`.

    `response` is the name of a response of the domain that is said before it, or empty.
    """
    executor = executor_for(library, lambda: TODAY)

    def run(
        action: str,
        text: str,
        slots: dict[str, Any] | None = None,
        events: Any = (),
        intent: str = "tested",
        confidence: float = 0.9,
        **entities: Any,
    ) -> dict[str, Any]:
        state = tracker(text, entities, slots or {}, events, intent, confidence)
        result = asyncio.run(executor.run({"next_action": action, "tracker": state, "domain": {}}))
        assert result is not None
        *said, reply = result.responses
        slots_set = {event["name"]: event["value"] for event in result.events}
        return reply["custom"] | {"set": slots_set, "response": said[0]["response"] if said else ""}

    return run


def values(reply: dict[str, Any], row: int = 0) -> dict[str, str]:
    """The labelled values of a row of a reply's card."""
    return {field["label"]: field["value"] for field in reply["card"]["rows"][row]["fields"]}


def titles(reply: dict[str, Any]) -> list[str]:
    """The titles of the rows of a reply's card."""
    return [row["title"] for row in reply["card"]["rows"]]
