"""The child process that reads one file: limits first, then kind, prechecks and the reader of that kind.

Run by `box.read_in_box` as `python -m index_build.reading.safety.child ARGUMENTS`, with the file on standard input. ARGUMENTS is
JSON: `name` and the limits. The answer goes to standard output (`wire.to_json`).
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from index_build.reading.document import Reading

# Module and function by kind. Only the one that is needed is imported: some readers take half a second to load.
READERS = {
    "pdf": ("pdf.reader", "read"),
    "hwp": ("hangul.reader", "read"),
    "hwpx": ("hangul.reader", "read"),
    "hwpml": ("hangul.hwpml", "read"),
    "docx": ("word.reader", "read"),
    "xlsx": ("spreadsheet.reader", "read"),
    "csv": ("spreadsheet.reader", "read_csv"),
    "html": ("html.reader", "read"),
    "markdown": ("text", "read_markdown"),
    "text": ("text", "read_plain"),
}
_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000
_GRACE = 5  # seconds after which a child whose parent died ends itself


def read_bytes(data: bytes, name: str) -> Reading:
    """Recognise, check and read a file in this process, without limits of memory and time.

    Raises UnreadableDocument.
    """
    import importlib

    from index_build.reading.safety.kinds import recognise
    from index_build.reading.safety.prechecks import check

    kind = recognise(data, name)
    check(data, kind, name)
    module, function = READERS[kind]
    reading: Reading = getattr(importlib.import_module(f"index_build.reading.{module}"), function)(data, name)
    return reading


def confine(limits: dict[str, Any]) -> None:
    """Give up memory, time, large files, core dumps and (where the system lets us) the network, for good."""
    for what, most in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_AS, limits["memory"]),
        (resource.RLIMIT_FSIZE, limits["file_size"]),
        (resource.RLIMIT_NOFILE, limits["open_files"]),
    ):
        resource.setrlimit(what, (most, most))
    resource.setrlimit(resource.RLIMIT_CPU, (limits["cpu"], limits["cpu"] + 1))
    signal.alarm(int(limits["wall"]) + _GRACE)
    _leave_network()


def _leave_network() -> None:
    import ctypes

    try:
        ctypes.CDLL(None).unshare(_NEW_USER | _NEW_NETWORK)
    except (OSError, AttributeError):
        return


def answer(data: bytes, name: str) -> bytes:
    """The message for a file: what was read of it, or why not. Errors of a reader itself are left to end the process."""
    from index_build.reading.document import UnreadableDocument
    from index_build.reading.safety.wire import WireError, to_json

    try:
        return to_json(read_bytes(data, name))
    except UnreadableDocument as refusal:
        return to_json(refusal)
    except MemoryError:
        detail = "memory"
    except RecursionError:
        detail = "RecursionError"
    except WireError as error:
        detail = str(error)
    return to_json(UnreadableDocument("over_limits", name, detail=detail))


def main() -> None:
    """Read standard input and answer. Ends the process at once, because some libraries fail when they are unloaded."""
    arguments = json.loads(sys.argv[1])
    confine(arguments)
    with os.fdopen(os.dup(1), "wb") as out:
        os.dup2(2, 1)  # what a library prints is no answer
        from index_build.reading.safety.prechecks import MAX_FILE

        out.write(answer(sys.stdin.buffer.read(MAX_FILE + 1), arguments["name"]))
    os._exit(0)


if __name__ == "__main__":
    main()
