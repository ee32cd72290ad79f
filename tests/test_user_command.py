"""`python -m assistant user …` and the first administrator's line of `serve`."""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path

import pytest

from assistant.__main__ import main
from assistant.accounts import Accounts
from assistant.refusals import Refusal
from assistant.settings import Settings, read_settings
from assistant.user_command import add_parser, first_admin_line, run
from tests.staffing import PASSWORD, Clock, opened


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return read_settings({"DATA_DIR": str(tmp_path / "data"), "PORT": "8123"})


def said(settings: Settings, *words: str) -> str:
    parser = argparse.ArgumentParser()
    add_parser(parser.add_subparsers(required=True))
    return run(parser.parse_args(["user", *words]), settings)


def test_person_added_on_the_machine_gets_a_link_that_works(settings: Settings) -> None:
    line = said(settings, "add", "김 하늘", "--role", "publisher")
    token = re.fullmatch(r"For 김 하늘, once and within 24 hours: http://127\.0\.0\.1:8123/staff/password#(.{43})", line)  # fmt: skip
    with opened(settings.database_url) as database:
        Accounts(database).set_password(token.group(1), PASSWORD, "", Clock()())

    assert said(settings, "list") == "김 하늘\tpublisher\tactive"


def test_list_is_also_json(settings: Settings) -> None:
    empty = said(settings, "list", "--json")
    said(settings, "add", "Kim", "--role", "agent")

    assert json.loads(empty) == {"accounts": []}
    assert [one["name"] for one in json.loads(said(settings, "list", "--json"))["accounts"]] == ["Kim"]


def test_disabled_and_reset_on_the_machine(settings: Settings) -> None:
    said(settings, "add", "Kim", "--role", "agent")
    said(settings, "disable", "kim")
    disabled = said(settings, "list")

    assert disabled == "Kim\tagent\tdisabled"
    assert "/staff/password#" in said(settings, "reset", "KIM")


@pytest.mark.parametrize(
    "words", [("disable", "nobody"), ("reset", "nobody"), ("add", "<b>", "--role", "agent")]
)
def test_what_cannot_be_done_says_why(settings: Settings, words: tuple[str, ...]) -> None:
    with pytest.raises(Refusal) as refused:
        said(settings, *words)

    assert refused.value.detail in (
        "Please check the list of accounts.",
        "Use 2 to 64 letters, digits, spaces and . _ @ + - only.",
    )


@pytest.mark.parametrize("words", [("add", "Kim"), ("add", "Kim", "--role", "root"), ("remove", "Kim"), ()])
def test_wrong_use_ends_with_two(settings: Settings, words: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit) as ended:
        said(settings, *words)

    assert ended.value.code == 2


def test_serve_prints_a_link_until_somebody_administers(settings: Settings) -> None:
    said(settings, "add", "Kim", "--role", "agent")
    with opened(settings.database_url) as database:
        accounts = Accounts(database)
        line = first_admin_line(accounts, "http://127.0.0.1:8123")
        accounts.make_first_admin(line.partition("#")[2], "Lee", PASSWORD, "", Clock()())

        assert line.startswith(
            "First administrator, once and within 24 hours: http://127.0.0.1:8123/staff/start#"
        )
        assert first_admin_line(accounts, "http://127.0.0.1:8123") == ""


def test_command_line_prints_the_link_and_refuses_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    ended = [main(["user", "add", "Kim", "--role", "agent"]), main(["user", "add", "kim", "--role", "agent"])]
    told = capsys.readouterr()

    assert ended == [0, 2]
    assert "/staff/password#" in told.out
    assert told.err == "kim: The name is taken. Please choose another name.\n"
