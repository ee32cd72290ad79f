"""The dialogue data: valid without a warning, and conversations go as the stories say."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

from assistant.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
# Warnings of Rasa 3.6.21's own dependencies, raised before any of our data is read.
OF_DEPENDENCIES = re.compile(
    r"pkg_resources|MovedIn20|SADeprecation|declare_namespace|oneDNN|DeprecationWarning|declarative_base"
)
pytestmark = pytest.mark.engine


def rasa(settings: Settings, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [str(settings.engine_python), "assistant/rasa/launch.py", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


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
        if re.search(r"warn|error", line, re.IGNORECASE) and not OF_DEPENDENCIES.search(line)
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
        "tests/dialogue",
        "--out",
        str(tmp_path),
    )
    report = json.loads((tmp_path / "story_report.json").read_text(encoding="utf-8"))

    assert done.returncode == 0
    assert report["conversation_accuracy"]["correct"] == report["conversation_accuracy"]["total"] >= 5


def test_the_two_wastes_of_rasa_are_replaced_in_the_pinned_version(trained: Settings) -> None:
    code = "import sys; sys.path.insert(0, 'assistant/rasa'); import launch; print(launch.speed_up())"
    done = subprocess.run(
        [str(trained.engine_python), "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert done.stdout.strip().endswith("{'_validate_action_result': True, 'resolve_by_type': True}")
