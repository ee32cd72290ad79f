"""The environment, read once into a frozen Settings. What changes an answer is in `config.yml` instead."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from knowledge.config import REPOSITORY


class SettingsError(ValueError):
    """An environment variable holds what cannot be used."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Paths, ports and limits of this machine; see `.env.example`."""

    host: str
    port: int
    data_dir: Path
    database_url: str
    engine_python: Path
    rate_limit_scale: float

    @property
    def knowledge_home(self) -> Path:
        """Releases and the CURRENT pointer."""
        return self.data_dir / "knowledge"

    @property
    def model_path(self) -> Path:
        """The trained dialogue model."""
        return self.data_dir / "models" / "assistant.tar.gz"


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Settings from the environment. Raises SettingsError naming the variable, its value and what is allowed."""
    env = os.environ if environment is None else environment
    data_dir = Path(env.get("DATA_DIR") or REPOSITORY / "var").resolve()
    return Settings(
        host="127.0.0.1",
        port=_number(env, "PORT", 8000, 1, 65535),
        data_dir=data_dir,
        database_url=env.get("DATABASE_URL") or f"sqlite:///{data_dir / 'service.db'}",
        engine_python=Path(
            env.get("ENGINE_PYTHON") or REPOSITORY / "assistant" / "rasa" / ".venv" / "bin" / "python"
        ),
        rate_limit_scale=_decimal(env, "RATE_LIMIT_SCALE", 1.0),
    )


def _number(env: Mapping[str, str], key: str, default: int, low: int, high: int) -> int:
    text = env.get(key) or str(default)
    if not text.isdecimal() or len(text) > 9 or not low <= int(text) <= high:
        raise SettingsError(f"{key} has value {text!r}; it must be a whole number from {low} to {high}.")
    return int(text)


def _decimal(env: Mapping[str, str], key: str, default: float) -> float:
    text = env.get(key) or str(default)
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value < 1e9:
        raise SettingsError(f"{key} has value {text!r}; it must be a number above 0.")
    return value
