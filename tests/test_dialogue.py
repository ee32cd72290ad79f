"""The dialogue data: valid without a warning, and conversations go as the stories say."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from assistant.settings import Settings
from knowledge.words_guide import CHOICES

ROOT = Path(__file__).resolve().parent.parent
STORIES = ROOT / "tests" / "dialogue"
# Warnings of Rasa 3.6.21's own dependencies, raised before any of our data is read.
OF_DEPENDENCIES = re.compile(
    r"pkg_resources|MovedIn20|SADeprecation|declare_namespace|oneDNN|DeprecationWarning|declarative_base"
)
# `action_small_talk` says these by name, which the validator does not see.
SAID_BY_ACTION = re.compile(
    r"'utter_(?:help|bot_challenge|complain|language_switched)' is not used in any story"
)
pytestmark = pytest.mark.engine


def rasa(settings: Settings, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [str(settings.engine_python), "assistant/rasa/launch.py", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def stories() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Names and steps of all conversations."""
    for path in sorted(STORIES.glob("*.yml")):
        for story in yaml.safe_load(path.read_text(encoding="utf-8"))["stories"]:
            yield story["story"], story["steps"]


def messages() -> dict[str, str]:
    """What is said in the conversations, with its intent."""
    return {
        step["user"].strip(): step["intent"] for _, steps in stories() for step in steps if "user" in step
    }


def test_rasa_data_validate_is_clean(trained: Settings) -> None:
    done = rasa(
        trained,
        "data",
        "validate",
        "--config",
        "config.yml",
        "--domain",
        "assistant/rasa/domain",
        "--data",
        "assistant/rasa/data",
    )
    warnings = [
        line
        for line in (done.stdout + done.stderr).splitlines()
        if re.search(r"warn|error", line, re.IGNORECASE)
        and not OF_DEPENDENCIES.search(line)
        and not SAID_BY_ACTION.search(line)
    ]

    assert done.returncode == 0
    assert warnings == []


def test_conversations_of_the_stories_pass(trained: Settings, tmp_path: Path) -> None:
    done = rasa(
        trained,
        "test",
        "core",
        "--model",
        str(trained.model_path),
        "--stories",
        str(STORIES),
        "--out",
        str(tmp_path),
    )
    report = json.loads((tmp_path / "story_report.json").read_text(encoding="utf-8"))

    assert done.returncode == 0
    assert report["conversation_accuracy"]["correct"] == len(list(stories())) >= 120


def misread(settings: Settings, folder: Path, meant: dict[str, str]) -> list[tuple[str, str, str]]:
    """Texts that the model reads as another intent than meant: text, intent meant, intent read."""
    examples: dict[str, list[str]] = {}
    for text, intent in meant.items():
        examples.setdefault(intent, []).append(f"- {text}\n")
    data = [{"intent": intent, "examples": "".join(texts)} for intent, texts in examples.items()]
    asked, out = folder / "asked.yml", folder / "out"
    asked.write_text(yaml.safe_dump({"version": "3.1", "nlu": data}, allow_unicode=True), encoding="utf-8")
    named = ["--model", str(settings.model_path), "--nlu", str(asked), "--out", str(out)]
    done = rasa(settings, "test", "nlu", *named, "--no-plot")
    report = json.loads((out / "intent_report.json").read_text(encoding="utf-8"))
    errors = out / "intent_errors.json"
    wrong = json.loads(errors.read_text(encoding="utf-8")) if errors.exists() else []
    assert (done.returncode, report["weighted avg"]["support"]) == (0, len(meant))
    return [(error["text"], error["intent"], error["intent_prediction"]["name"]) for error in wrong]


def test_messages_of_the_stories_are_read_as_meant(trained: Settings, tmp_path: Path) -> None:
    # Rasa's own end-to-end test counts entities too, and cannot write down the language, which spans a whole message.
    # One in a hundred may be: a rescue by the actions is tested on the running service.
    wrong = misread(trained, tmp_path, messages())

    assert len(wrong) <= len(messages()) / 100, wrong


def test_choices_to_press_are_read_as_answers(trained: Settings, tmp_path: Path) -> None:
    # "어디든 괜찮아요" and "anywhere is fine" answer as "I don't know" does.
    open_ = dict.fromkeys(CHOICES["regions"][-1], "dont_know")
    offered = {text: "inform" for pairs in CHOICES.values() for pair in pairs for text in pair}

    assert misread(trained, tmp_path, offered | open_) == []


def test_stories_are_half_korean_and_show_each_repair_in_both_languages() -> None:
    by_language: dict[bool, list[str]] = {True: [], False: []}
    for name, steps in stories():
        first = next(step["user"] for step in steps if "user" in step)
        by_language[bool(re.search("[가-힣]", first))].append(name)

    assert min(map(len, by_language.values())) >= 60
    for names in by_language.values():
        assert sum(name.startswith("Correction") for name in names) >= 14
        assert sum(name.startswith("Digression") for name in names) >= 10


def test_the_two_wastes_of_rasa_are_replaced_in_the_pinned_version(trained: Settings) -> None:
    code = "import sys; sys.path.insert(0, 'assistant/rasa'); import launch; print(launch.speed_up())"
    done = subprocess.run(
        [str(trained.engine_python), "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert done.stdout.strip().endswith("{'_validate_action_result': True, 'resolve_by_type': True}")
