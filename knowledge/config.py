"""The `answers:` section of `config.yml`: everything that changes an answer."""

from __future__ import annotations

import os
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import yaml

LANGUAGES = ("ko", "en")
OTHER = {"ko": "en", "en": "ko"}
REPOSITORY = Path(__file__).resolve().parent.parent
DOCUMENTS = REPOSITORY / "knowledge" / "documents"


class ConfigError(ValueError):
    """`config.yml` cannot be used as it stands."""


@dataclass(frozen=True, slots=True)
class AnswerConfig:
    """Settings of retrieval and answering; their meaning stands beside each key of `config.yml`."""

    embedding_model: str
    keyword_weight: float
    across_keyword_weight: float
    lead_weights: dict[str, list[float]]
    support_weights: dict[str, dict[str, float]]
    minimum_support: dict[str, float]
    sure_support: dict[str, float]
    place_weight: float
    adapter_weight: float
    concept_weight: float
    question_offset: float
    exact_until: int
    bm25_k1: float
    bm25_b: float
    top_k: int
    old_after_years: int


def load_config(path: Path | None = None) -> AnswerConfig:
    """Read the `answers:` section of `config.yml`.

    Raises ConfigError when the file cannot be read or a key is missing or unknown.
    """
    path = path or REPOSITORY / "config.yml"
    try:
        section: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))["answers"]
    except (OSError, yaml.YAMLError, KeyError, TypeError) as error:
        raise ConfigError(
            f"{path.name}: no readable section `answers:` ({error}). Restore it from the repository."
        ) from error
    known = {field.name for field in fields(AnswerConfig)}
    if section.keys() != known:
        wrong = ", ".join(sorted(section.keys() ^ known))
        raise ConfigError(
            f"{path.name}: `answers:` has missing or unknown keys: {wrong}. Compare it with the repository's."
        )
    return AnswerConfig(**section)


def data_folder() -> Path:
    """Where everything that changes while running lies: `DATA_DIR`, or `var/` of the repository."""
    return Path(os.environ.get("DATA_DIR") or REPOSITORY / "var")
