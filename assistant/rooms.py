"""One at a time in each conversation, and news of it to whoever follows."""

from __future__ import annotations

import asyncio
from weakref import WeakValueDictionary


class Rooms:
    """A lock and a signal for each conversation, kept as long as somebody holds them."""

    def __init__(self) -> None:
        """No conversation is held yet."""
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._news: WeakValueDictionary[str, asyncio.Event] = WeakValueDictionary()

    def lock(self, conversation_id: str) -> asyncio.Lock:
        """Held while a conversation is changed."""
        return self._locks.setdefault(conversation_id, asyncio.Lock())

    def news(self, conversation_id: str) -> asyncio.Event:
        """Set at the next `tell`; take it before reading, so that nothing is missed."""
        return self._news.setdefault(conversation_id, asyncio.Event())

    def tell(self, conversation_id: str) -> None:
        """Wake whoever follows the conversation."""
        news = self._news.pop(conversation_id, None)
        if news is not None:
            news.set()
