"""The actions by their names in the domain, run by rasa_sdk's executor inside the service."""

from __future__ import annotations

from datetime import date

from rasa_sdk.executor import ActionExecutor

from actions import guided, look_ups
from actions.base import Today
from actions.comparing import ComparePlaces
from knowledge.library import Library

_LOOK_UPS = (
    look_ups.Answer, look_ups.FindLand, look_ups.FindIncentives, look_ups.ExplainSource, look_ups.DeclineDecision,
    look_ups.StayInScope,
    look_ups.SmallTalk, look_ups.HandOver, ComparePlaces,
)  # fmt: skip
_GUIDED = (
    guided.FindSite, guided.CheckEligibility, guided.TakeAnswer, guided.FollowUp, guided.ExplainQuestion, guided.GoBack,
    guided.StartOver, guided.Cancel, guided.Wait, guided.Resume, guided.Repeat,
)  # fmt: skip


def executor_for(library: Library, today: Today = date.today) -> ActionExecutor:
    """An executor with every action of the domain registered, answering from `library`."""
    executor = ActionExecutor()
    taker = guided.TakeAnswer(library, today)
    for action in (kind(library, today) for kind in (*_LOOK_UPS, *_GUIDED)):
        action.taker = None if action.guided else taker
        executor.register_action(action)
    return executor
