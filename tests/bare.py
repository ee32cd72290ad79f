"""Releases that are whole and hold no knowledge, for tests of what is published, rolled back and collected."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from knowledge.library import DATABASE, MANIFEST, SEAL


def bare_release(home: Path, release_id: str) -> Path:
    """A folder that `verify` finds whole: a file in the database's place, a manifest, a seal."""
    folder = home / "releases" / release_id
    folder.mkdir(parents=True)
    content = f"knowledge of {release_id}".encode()
    (folder / DATABASE).write_bytes(content)
    files = {DATABASE: hashlib.sha256(content).hexdigest()}
    text = json.dumps(
        {"id": release_id, "created_at": "2026-11-22", "counts": {"passages": 0}, "files": files}
    )
    (folder / MANIFEST).write_text(text, encoding="utf-8")
    (folder / SEAL).write_text(hashlib.sha256(text.encode()).hexdigest() + "\n", encoding="utf-8")
    return folder


def flip_bit(path: Path, at: int, bit: int = 0) -> None:
    """Turn one bit of a file around."""
    data = bytearray(path.read_bytes())
    data[at] ^= 1 << bit
    path.write_bytes(data)
