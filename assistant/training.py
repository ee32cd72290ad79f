"""The dialogue model: trained where it is missing or where what it was made of has changed."""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path

import yaml

from assistant.engine import ROOM
from assistant.settings import Settings
from knowledge.config import DOCUMENTS, REPOSITORY


class TrainingError(RuntimeError):
    """Rasa could not train the model."""


def training_digest() -> str:
    """SHA-256 over all a model is made of: recipe, domain, data, components, names."""
    recipe = yaml.safe_load((REPOSITORY / "config.yml").read_text(encoding="utf-8"))
    recipe.pop("answers", None)
    digest = hashlib.sha256(yaml.safe_dump(recipe).encode())
    files = [
        ROOM / "components.py",
        ROOM / "quantities.py",
        ROOM / "requirements.lock",
        DOCUMENTS / "gazetteer.csv",
    ]
    files += sorted((ROOM / "domain").rglob("*.yml")) + sorted((ROOM / "data").rglob("*.yml"))
    for path in files:
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def is_trained(settings: Settings) -> bool:
    """Whether the model is there and up to date."""
    stamp = settings.model_path.with_suffix(".sha256")
    return settings.model_path.is_file() and stamp.is_file() and stamp.read_text() == training_digest()


def train(settings: Settings) -> None:
    """Train the model into the data folder. Raises TrainingError with Rasa's last lines."""
    settings.model_path.parent.mkdir(parents=True, exist_ok=True)
    digest = training_digest()
    command = [
        str(settings.engine_python), str(ROOM / "launch.py"), "train", "--config", "config.yml",
        "--domain", _relative(ROOM / "domain"), "--data", _relative(ROOM / "data"),
        "--out", str(settings.model_path.parent), "--fixed-model-name", "assistant", "--force",
    ]  # fmt: skip
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    if done.returncode != 0 or not settings.model_path.is_file():
        tail = "\n".join((done.stdout + done.stderr).strip().splitlines()[-12:])
        raise TrainingError(
            f"The dialogue model could not be trained (status {done.returncode}). Rasa's last lines:\n{tail}"
        )
    settings.model_path.with_suffix(".sha256").write_text(digest)


def _relative(path: Path) -> str:
    return str(path.relative_to(REPOSITORY))
