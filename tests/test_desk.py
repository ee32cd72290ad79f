"""Opening hours: boundaries, weekends, holidays, Korean time, and what a wrong file or setting is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import yaml

from assistant.desk import KOREAN_TIME, is_staffed, load_desk
from assistant.settings import SettingsError
from knowledge.config import ConfigError

FILE = {"weekdays": [1], "opens": "09:00", "closes": "18:00", "callback_days": 30, "holidays": {date(2026, 12, 25): "성탄절"}}  # fmt: skip


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2026-11-23 08:59:59", False),
        ("2026-11-23 09:00:00", True),
        ("2026-11-23 17:59:59", True),
        ("2026-11-23 18:00:00", False),
        ("2026-11-27 12:00:00", True),  # Friday
        ("2026-11-28 12:00:00", False),
        ("2026-11-29 12:00:00", False),
        ("2026-12-24 12:00:00", True),
        ("2026-12-25 12:00:00", False),
        ("2027-02-09 12:00:00", False),  # substitute for the lunar new year
        ("2027-02-10 12:00:00", True),
    ],
)
def test_desk_is_open_on_working_days_in_korean_time(moment: str, is_open: bool) -> None:
    local = datetime.fromisoformat(moment).replace(tzinfo=KOREAN_TIME)

    assert load_desk(True).is_open(local) is is_open
    assert load_desk(True).is_open(local.astimezone(UTC)) is is_open


def test_desk_that_nobody_sits_at_is_never_open() -> None:
    assert not load_desk(False).is_open(datetime(2026, 11, 23, 3, 0, tzinfo=UTC))


@pytest.mark.parametrize(
    ("days", "language", "hours"),
    [
        (range(1, 6), "ko", "평일 09:00~18:00(공휴일 제외)"),
        (range(1, 6), "en", "on weekdays 09:00–18:00 Korean time, except public holidays"),
        ((2, 6), "ko", "화, 토 09:00~18:00(공휴일 제외)"),
        ((2, 6), "en", "Tue, Sat 09:00–18:00 Korean time, except public holidays"),
    ],
)
def test_desk_tells_its_hours(days: range, language: str, hours: str) -> None:
    assert replace(load_desk(True), weekdays=frozenset(days)).hours(language) == hours


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("weekdays", [0, 1]),
        ("weekdays", []),
        ("weekdays", 5),
        ("opens", "9 o'clock"),
        ("opens", 540),
        ("closes", None),
        ("callback_days", 0),
        ("callback_days", "30"),
        ("holidays", ["2026-12-25"]),
        ("holidays", None),
    ],
)
def test_file_that_cannot_be_used_names_the_key(tmp_path: Path, key: str, value: object) -> None:
    path = tmp_path / "desk.yml"
    path.write_text(yaml.safe_dump(FILE | {key: value}, allow_unicode=True), encoding="utf-8")

    with pytest.raises(ConfigError, match=rf"desk\.yml: `{key}` must be"):
        load_desk(True, path)


@pytest.mark.parametrize("text", ["", "- 1\n", "weekdays: [1]\n", "weekdays: [1\n"])
def test_file_that_is_no_table_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "desk.yml").write_text(text, encoding="utf-8")

    with pytest.raises(ConfigError, match=r"desk\.yml"):
        load_desk(True, tmp_path / "desk.yml")


def test_file_whose_end_is_before_its_beginning_is_refused(tmp_path: Path) -> None:
    (tmp_path / "desk.yml").write_text(yaml.safe_dump(FILE | {"closes": "09:00"}), encoding="utf-8")

    with pytest.raises(ConfigError, match="must be before"):
        load_desk(True, tmp_path / "desk.yml")


def test_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"gone\.yml cannot be read"):
        load_desk(True, tmp_path / "gone.yml")


@pytest.mark.parametrize(("text", "staffed"), [(None, False), ("", False), ("off", False), ("ON", True), (" on ", True)])  # fmt: skip
def test_setting_says_whether_anybody_sits_there(text: str | None, staffed: bool) -> None:
    assert is_staffed({} if text is None else {"STAFF_DESK": text}) is staffed


@pytest.mark.parametrize("text", ["yes", "1", "of"])
def test_setting_of_another_word_is_refused(text: str) -> None:
    with pytest.raises(SettingsError, match=r"STAFF_DESK .* must be on or off"):
        is_staffed({"STAFF_DESK": text})
