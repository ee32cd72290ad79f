"""When people sit at the desk: opening hours and public holidays of `handover.yml`, in Korean time."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from pathlib import Path
from typing import Any

import yaml

from assistant.settings import SettingsError
from knowledge.config import ConfigError
from knowledge.words_handover import tell

KOREAN_TIME = timezone(timedelta(hours=9), "KST")  # no summer time since 1988
_FILE = Path(__file__).parent / "handover.yml"
_WORKING_WEEK = frozenset(range(1, 6))


@dataclass(frozen=True, slots=True)
class Desk:
    """The desk that conversations are handed over to. `weekdays` count from Monday = 1; times are Korean.

    `staffed` says whether anybody sits there at all; `callback_days` how long a number for a call back is kept.
    """

    staffed: bool
    weekdays: frozenset[int]
    opens: time
    closes: time
    callback_days: int
    holidays: Mapping[date, str]

    def is_open(self, now: datetime) -> bool:
        """Whether somebody sits there now. `now` has a time zone; at closing time nobody does any more."""
        local = now.astimezone(KOREAN_TIME)
        return (
            self.staffed
            and local.isoweekday() in self.weekdays
            and local.date() not in self.holidays
            and self.opens <= local.time() < self.closes
        )

    def hours(self, language: str) -> str:
        """The opening hours in words."""
        names = tell("days", language).split()
        named = ", ".join(names[day - 1] for day in sorted(self.weekdays))
        days = tell("days.working", language) if self.weekdays == _WORKING_WEEK else named
        return tell("hours", language, days=days, opens=f"{self.opens:%H:%M}", closes=f"{self.closes:%H:%M}")


def load_desk(staffed: bool, path: Path = _FILE) -> Desk:
    """The desk of a YAML file. Raises ConfigError naming the file, the key and what is allowed."""
    try:
        table = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise ConfigError(f"{path.name} cannot be read ({error}). Restore it from the repository.") from error
    values = {}
    for key, (read, rule) in _READERS.items():
        try:
            values[key] = read(table[key])
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise ConfigError(f"{path.name}: `{key}` must be {rule}.") from error
    desk = Desk(staffed, **values)
    if desk.opens >= desk.closes:
        raise ConfigError(f"{path.name}: `opens` ({desk.opens}) must be before `closes` ({desk.closes}).")
    return desk


def is_staffed(environment: Mapping[str, str] | None = None) -> bool:
    """STAFF_DESK of the environment: `on`, or `off` where it is not set. Raises SettingsError for any other word."""
    env = os.environ if environment is None else environment
    text = (env.get("STAFF_DESK") or "off").strip().lower()
    if text not in ("on", "off"):
        raise SettingsError(f"STAFF_DESK has value {text!r}; it must be on or off.")
    return text == "on"


def _whole(value: Any, low: int, high: int) -> int:
    if type(value) is not int or not low <= value <= high:
        raise ValueError(value)
    return value


def _weekdays(value: Any) -> frozenset[int]:
    if not value:
        raise ValueError(value)
    return frozenset(_whole(day, 1, 7) for day in value)


def _holidays(value: Any) -> dict[date, str]:
    if any(type(day) is not date for day in value):
        raise ValueError(value)
    return {day: str(name) for day, name in value.items()}


_READERS: dict[str, tuple[Callable[[Any], Any], str]] = {
    "weekdays": (_weekdays, "a list of numbers from 1 (Monday) to 7"),
    "opens": (time.fromisoformat, 'a time in quotes, such as "09:00"'),
    "closes": (time.fromisoformat, 'a time in quotes, such as "18:00"'),
    "callback_days": (lambda value: _whole(value, 1, 365), "a whole number from 1 to 365"),
    "holidays": (_holidays, "a list of dates, each with its name, such as 2026-12-25: 성탄절"),
}
