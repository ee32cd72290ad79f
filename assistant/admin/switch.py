"""The switch of the assistant: off, visitors get a notice and the way to a person instead of answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from assistant.admin import settings
from assistant.staff_tables import Database

_KEY = "service"
MAX_NOTICE = 500  # characters
_NOTICE = {
    "ko": "지금은 자동 안내를 잠시 멈추었습니다. 급한 문의는 ‘사람과 상담’을 눌러 담당 기관에 해 주십시오.",
    "en": "The assistant is switched off for now. If it is urgent, press “Talk to a person” for the office to contact.",
}


@dataclass(frozen=True, slots=True)
class State:
    """Whether the assistant answers, what it says while it does not, and who set it when (empty: never set)."""

    is_on: bool
    notices: dict[str, str]
    by: str = ""
    at: datetime | None = None


class Switch:
    """Read by every turn, so that it holds at once and in every process."""

    def __init__(self, database: Database) -> None:
        """Its row lies in the staff's database."""
        self._database = database

    def state(self) -> State:
        """As it stands; on where it was never set."""
        row = settings.read(self._database, _KEY)
        if row is None:
            return State(True, dict(_NOTICE))
        notices = {
            language: row["value"]["notices"].get(language) or text for language, text in _NOTICE.items()
        }
        return State(row["value"]["on"], notices, row["by"], row["at"])

    def notice(self, language: str) -> str | None:
        """What to say in the place of an answer, in `ko` or `en`; None while the assistant is on."""
        state = self.state()
        return None if state.is_on else state.notices[language]

    def set(self, is_on: bool, notices: dict[str, str], by: str, now: datetime) -> None:
        """Switch. An empty notice stands for the usual one."""
        kept = {language: notices.get(language, "")[:MAX_NOTICE] for language in _NOTICE}
        settings.write(self._database, _KEY, {"on": is_on, "notices": kept}, by, now)
