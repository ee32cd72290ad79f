"""The `releases:` section of `config.yml`: what may be published, and how much is kept."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import yaml

from knowledge.config import REPOSITORY, ConfigError


@dataclass(frozen=True, slots=True)
class ReleaseConfig:
    """Rules of publishing; their meaning stands beside each key of `config.yml`."""

    gate_right: float
    keep: int


def load_release_config(path: Path | None = None) -> ReleaseConfig:
    """Read the `releases:` section of `config.yml`.

    Raises ConfigError where the file cannot be read, a key is missing or unknown, or a value is out of range.
    """
    path = path or REPOSITORY / "config.yml"
    try:
        section: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))["releases"]
    except (OSError, yaml.YAMLError, KeyError, TypeError) as error:
        raise ConfigError(
            f"{path.name}: no readable section `releases:` ({error}). Restore it from the repository."
        ) from error
    known = {field.name for field in fields(ReleaseConfig)}
    if not isinstance(section, dict) or section.keys() != known:
        raise ConfigError(f"{path.name}: `releases:` must have the keys {', '.join(sorted(known))}.")
    config = ReleaseConfig(**section)
    numbers = type(config.keep) is int and type(config.gate_right) in (int, float)
    if not numbers or not 0 <= config.gate_right <= 1 or config.keep < 2:
        raise ConfigError(
            f"{path.name}: `releases:` needs gate_right from 0 to 1 and a whole number keep of 2 or more."
        )
    return config
