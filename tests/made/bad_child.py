"""Children that misbehave, for `read_in_box(..., child="tests.made.bad_child")`: the file's name says how."""

from __future__ import annotations

import json
import os
import resource
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from index_build.reading.document import Paragraph, Reading
from index_build.reading.safety.child import confine
from index_build.reading.safety.wire import to_json

LONG = 120  # seconds; far beyond every limit of the tests


def tell(*texts: object) -> None:
    """A good answer."""
    os.write(1, to_json(Reading(tuple(Paragraph(str(text)) for text in texts))))


def fork(sleeps: bool) -> None:
    """Start a grandchild that holds the pipes open; the child itself sleeps too, or answers and goes."""
    if os.fork() == 0 or sleeps:
        time.sleep(LONG)
    tell("answered")


def spin() -> None:
    while True:
        pass


def eat_memory() -> None:
    eaten = []
    while True:
        eaten.append(bytearray(2**26))


def flood() -> None:
    while True:
        os.write(1, b"a" * 2**16)


def flood_errors() -> None:
    for _ in range(1000):
        os.write(2, b"b" * 2**16)
    os.write(2, b"\nfirst\n\x1b[31mlast \xe2\x80\xaeline\n\n")
    os._exit(3)


def raise_limits() -> None:
    """Try to take back what was given up."""
    for what in (resource.RLIMIT_AS, resource.RLIMIT_CPU, resource.RLIMIT_NOFILE):
        try:
            resource.setrlimit(what, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        except (ValueError, PermissionError):
            continue
        tell("raised")
        return
    tell("refused")


def connect() -> None:
    """Try to reach a port of this machine, whose number stands in the file."""
    with socket.socket() as probe:
        tell(probe.connect_ex(("127.0.0.1", int(sys.stdin.read()))))


def write_large_file() -> None:
    with tempfile.NamedTemporaryFile() as file:
        file.write(bytes(2**20))
        file.flush()
        file.write(bytes(2**27))


WAYS: dict[str, Callable[[], object]] = {
    "fork and sleep": lambda: fork(True),
    "fork and answer": lambda: fork(False),
    "sleep": lambda: time.sleep(LONG),
    "close and sleep": lambda: (os.close(1), os.close(2), time.sleep(LONG)),
    "start a shell": lambda: subprocess.run(["sleep", str(LONG)], check=False),
    "spin": spin,
    "eat memory": eat_memory,
    "flood": flood,
    "flood errors": flood_errors,
    "say nothing": lambda: None,
    "say junk": lambda: os.write(1, b"\xff{]"),
    "say other json": lambda: os.write(1, b'{"blocks": []}'),
    "say and fail": lambda: (tell("a"), os._exit(1)),
    "abort": os.abort,
    "raise": lambda: {}["key"],
    "raise limits": raise_limits,
    "connect": connect,
    "write a large file": write_large_file,
    "environment": lambda: tell(*sorted(os.environ)),
    "folder": lambda: tell(*os.listdir()),
    "descriptors": lambda: tell(*sorted(os.listdir("/proc/self/fd"))),
    "core": lambda: tell(resource.getrlimit(resource.RLIMIT_CORE)[1]),
    "leave a file": lambda: (Path("left").write_text("a"), tell(Path.cwd())),
}

if __name__ == "__main__":
    arguments = json.loads(sys.argv[1])
    confine(arguments)
    WAYS[arguments["name"]]()
