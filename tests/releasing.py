"""Build and publish in one step, as tests mostly want it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from index_build.build import BuildReport, build
from index_build.release import publish
from knowledge.config import load_config
from knowledge.embedding import Embedder


def released(home: Path, sources: Sequence[Path], embedder: Embedder) -> BuildReport:
    """Build a candidate and serve it, without the gate."""
    report = build(home, sources, embedder, load_config())
    publish(home, report.id)
    return report
