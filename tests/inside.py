"""What a running service looks like from the machine it runs on (Linux): processes, sockets, databases."""

from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any


def children(pid: int) -> list[int]:
    """Process ids of the direct children."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(fields[1]) == pid:
            found.append(int(stat.parent.name))
    return found


def engine_of(service: int) -> int:
    """Process id of the engine that a service runs."""
    commands = {pid: Path(f"/proc/{pid}/cmdline").read_bytes() for pid in children(service)}
    [engine] = [pid for pid, command in commands.items() if b"launch.py" in command]
    return engine


def listening(pid: int) -> list[tuple[str, int]]:
    """Address (the kernel's hexadecimal) and port of every TCP socket a process listens on."""
    links = [str(link.readlink()) for link in Path(f"/proc/{pid}/fd").iterdir()]
    inodes = set(re.findall(r"socket:\[(\d+)\]", " ".join(links)))
    found = []
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == "0A" and fields[9] in inodes:
                address, port = fields[1].split(":")
                found.append((address, int(port, 16)))
    return found


def rows(database: Path, query: str, *values: str) -> list[tuple[Any, ...]]:
    """Rows of a database that others write."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        return connection.execute(query, values).fetchall()


def sender_of(data: Path, conversation_id: str) -> str:
    """The private sender of a conversation."""
    found = rows(data / "service.db", "SELECT engine_sender FROM conversations WHERE id = ?", conversation_id)
    return str(found[0][0])


def events_of(data: Path, sender: str) -> list[dict[str, Any]]:
    """The events of a sender in the engine's tracker store."""
    found = rows(data / "engine.db", "SELECT data FROM events WHERE sender_id = ? ORDER BY id", sender)
    return [json.loads(event) for (event,) in found]
