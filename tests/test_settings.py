"""The environment: what is read, and what is refused with the variable, its value and what is allowed."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from assistant.__main__ import main
from assistant.settings import SettingsError, read_settings
from knowledge.config import REPOSITORY

PORT_RULE = "a whole number from 1 to 65535"
SCALE_RULE = "a number above 0"


def test_settings_have_defaults_for_everything() -> None:
    settings = read_settings({})

    assert (settings.host, settings.port, settings.rate_limit_scale) == ("127.0.0.1", 8000, 1.0)
    assert settings.data_dir == REPOSITORY / "var"


def test_settings_data_dir_moves_everything_that_changes(tmp_path: Path) -> None:
    settings = read_settings({"DATA_DIR": str(tmp_path)})
    kept = [
        settings.knowledge_home,
        settings.model_path,
        Path(settings.database_url.removeprefix("sqlite:///")),
    ]

    assert all(path.is_relative_to(tmp_path) for path in kept)
    assert str(REPOSITORY) not in settings.database_url


def test_settings_take_what_is_given() -> None:
    settings = read_settings(
        {"PORT": "65535", "RATE_LIMIT_SCALE": "0.5", "DATABASE_URL": "sqlite:///elsewhere.db"}
    )

    assert (settings.port, settings.rate_limit_scale) == (65535, 0.5)
    assert settings.database_url == "sqlite:///elsewhere.db"


def test_settings_treat_an_empty_variable_as_missing() -> None:
    settings = read_settings({"PORT": "", "DATA_DIR": "", "RATE_LIMIT_SCALE": "", "ENGINE_PYTHON": ""})

    assert settings == read_settings({})


def test_settings_listen_on_loopback_whatever_the_environment_says() -> None:
    settings = read_settings({"HOST": "0.0.0.0"})

    assert settings.host == "127.0.0.1"


@pytest.mark.parametrize(
    ("variable", "value", "rule"),
    [
        ("PORT", "0", PORT_RULE),
        ("PORT", "65536", PORT_RULE),
        ("PORT", "-1", PORT_RULE),
        ("PORT", "80.0", PORT_RULE),
        ("PORT", "http", PORT_RULE),
        ("PORT", " 8000", PORT_RULE),
        ("RATE_LIMIT_SCALE", "0", SCALE_RULE),
        ("RATE_LIMIT_SCALE", "-2", SCALE_RULE),
        ("RATE_LIMIT_SCALE", "nan", SCALE_RULE),
        ("RATE_LIMIT_SCALE", "inf", SCALE_RULE),
        ("RATE_LIMIT_SCALE", "fast", SCALE_RULE),
    ],
)
def test_settings_refuse_a_value_by_variable_value_and_rule(variable: str, value: str, rule: str) -> None:
    with pytest.raises(SettingsError) as refused:
        read_settings({variable: value})

    assert str(refused.value).startswith(f"{variable} has value {value!r};")
    assert rule in str(refused.value)


def test_settings_refused_end_a_command_with_status_2_and_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PORT", "eighty")

    assert main(["doctor"]) == 2
    assert capsys.readouterr().err.splitlines() == [
        "PORT has value 'eighty'; it must be a whole number from 1 to 65535."
    ]


def test_settings_cannot_be_changed_after_reading() -> None:
    settings = read_settings({})

    with pytest.raises(dataclasses.FrozenInstanceError):
        settings.port = 1  # type: ignore[misc]
