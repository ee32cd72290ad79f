"""Language understanding on messages that were written apart from the training data."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from assistant.settings import Settings
from assistant.training import TrainingError, train
from benchmarks.evaluate import HELD_OUT

ROOT = Path(__file__).resolve().parent.parent
pytestmark = pytest.mark.engine


@pytest.fixture(scope="module")
def measured(trained: Settings) -> dict[str, dict[str, float]]:
    command = [
        str(trained.engine_python),
        "benchmarks/understanding.py",
        str(trained.model_path),
        *HELD_OUT,
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    figures: dict[str, dict[str, float]] = json.loads(done.stdout.splitlines()[-1])
    return figures


@pytest.mark.parametrize("language", ["ko", "en"])
def test_unseen_paraphrases_are_understood(measured: dict[str, dict[str, float]], language: str) -> None:
    assert measured[language]["accuracy"] >= 0.92


@pytest.mark.parametrize("language", ["ko", "en"])
def test_off_topic_messages_are_turned_away_and_few_real_ones(
    measured: dict[str, dict[str, float]], language: str
) -> None:
    assert measured[language]["off_topic_rejected"] >= 0.88
    assert measured[language]["wrongly_rejected"] <= 0.03


@pytest.mark.parametrize(
    "kind",
    ["region", "programme", "company_type", "facility_type", "industry", "area", "amount", "headcount"],
)
def test_entities_are_extracted(measured: dict[str, dict[str, float]], kind: str) -> None:
    assert measured["entities"][kind] >= 0.95


def test_a_model_that_cannot_be_trained_says_why(trained: Settings, tmp_path: Path) -> None:
    from dataclasses import replace

    broken = replace(trained, data_dir=tmp_path, engine_python=Path("/bin/false"))

    with pytest.raises(TrainingError, match="could not be trained"):
        train(broken)
