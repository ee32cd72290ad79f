"""What the console finds while somebody types: titles, places, incentives, offices and terms, in memory.

Korean is compared by the keys that type it (two-set layout, KS X 5002). So a syllable that is half typed ("낮" on the way
to 나주) already fits, and what was typed with the wrong keyboard ("skwn", "ㅣ뭉") does as well.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from unicodedata import normalize

from knowledge.mistyped import initials, keys_of

KINDS = ("place", "incentive", "contact", "term", "document", "section")
MOST = 12
_EACH = 5  # of one kind, so that none hides the others
_LONGEST = 60  # characters that are looked at
_FORM, _HINT = "\x1f", "\x1e"
_HANGUL = re.compile(r"[ㄱ-ㅣ가-힣]")
_LATIN = re.compile(r"[a-z0-9]")
_CONSONANTS = re.compile(r"[ㄱ-ㅎ]+")
_SIGNS = re.compile(r"[^\w&]+")
_PARTICLE = re.compile(
    r"(?<=[가-힣])(?:에서는|에서|에는|에|으로|로|까지|부터|보다|이랑|랑|하고|은|는|이|가|을|를|의|도|만|와|과)$"
)
_ARTICLE = re.compile(r"제?\s*(\d+)\s*조(?:\s*의\s*(\d+))?")
_ARTICLE_EN = re.compile(r"\b(?:article|art\.?)\s*(\d+)(?:-(\d+))?|^(\d+)-(\d+)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Entry:
    """Something to open: `id` within its kind (of KINDS), title and a line beside it in Korean and English.

    `forms` are all its names; `hints` are words that may stand beside a name in what is typed (a region, a law, a document).
    """

    kind: str
    id: str
    title: tuple[str, str]
    beside: tuple[str, str]
    forms: tuple[str, ...]
    hints: tuple[str, ...] = ()

    def told(self, language: str) -> tuple[str, str]:
        """Title and line beside it in `ko` or `en`."""
        place = 0 if language == "ko" else 1
        return self.title[place], self.beside[place]


class TypeAhead:
    """Finds entries by the first letters typed. Made once a release; may be asked from several threads."""

    def __init__(self, entries: Iterable[Entry], mend: Callable[[str], str] = str) -> None:
        """`mend` puts right what was typed on the wrong keyboard; it is asked where nothing else is found."""
        self._mend = mend
        shelves: dict[str, list[Entry]] = {kind: [] for kind in KINDS}
        for entry in entries:
            shelves[entry.kind].append(entry)
        self._shelves = {kind: _Shelf(found) for kind, found in shelves.items()}

    def __len__(self) -> int:
        return sum(len(shelf.entries) for shelf in self._shelves.values())

    def find(self, typed: str, kind: str = "", most: int = MOST) -> list[Entry]:
        """The best entries for what is typed so far, exact names first; of one kind where it is named."""
        text = normalize("NFC", typed).strip()[:_LONGEST]
        found = self._look(text, kind, most) if text else []
        if not found and (meant := self._mend(text)) != text:
            found = self._look(meant, kind, most)
        return found

    def _look(self, text: str, kind: str, most: int) -> list[Entry]:
        each = most if kind else _EACH
        ranked: list[tuple[int, int, Entry]] = []
        for order, name in enumerate([kind] if kind else KINDS):
            ranked += [(tier, order, entry) for tier, entry in self._shelves[name].find(text, each)]
        ranked.sort(key=lambda one: one[:2])
        return [entry for _, _, entry in ranked[:most]]


class _Shelf:
    """Entries of one kind, shortest title first: in this order they are found, so that a search can stop early."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.entries = sorted(entries, key=lambda entry: len(entry.title[0]))
        korean = [[form for form in entry.forms if _HANGUL.search(form)] for entry in self.entries]
        latin = [[form for form in entry.forms if _LATIN.search(form.casefold())] for entry in self.entries]
        self._korean = _Lines(_lines(korean, [entry.hints for entry in self.entries], _typed))
        self._latin = _Lines(_lines(latin, [entry.hints for entry in self.entries], _tight))
        self._starts = _Lines(_lines(korean, [()] * len(korean), lambda form: initials(form).lower()))
        self._articles = _Lines(_lines([_articles(entry) for entry in self.entries], [()] * len(korean), str))

    def find(self, text: str, most: int) -> list[tuple[int, Entry]]:
        """Entries with their tier, 0 being the best."""
        found: dict[int, int] = {}
        for tier, rows in enumerate(self._tiers(text, most)):
            for row in rows:
                found.setdefault(row, tier)
            if len(found) >= most:
                break
        return [(tier, self.entries[row]) for row, tier in list(found.items())[:most]]

    def _tiers(self, text: str, most: int) -> Iterable[list[int]]:
        if article := article_in(text):
            rest = _ARTICLE_EN.sub(" ", _ARTICLE.sub(" ", text)).split()
            for rows in (
                self._articles.exactly(article, 4 * most),
                self._articles.with_prefix(article, most),
            ):
                yield [row for row in rows if self._has(row, rest)][:most]
            return
        if _CONSONANTS.fullmatch(text):
            asked = keys_of(text).lower()
            yield from (self._starts.exactly(asked, most), self._starts.with_prefix(asked, most))
            yield self._starts.anywhere([asked], most)
        first, second = (self._korean, self._latin) if _HANGUL.search(text) else (self._latin, self._korean)
        norm = _typed if _HANGUL.search(text) else _tight
        whole, bare = norm(text), norm(_PARTICLE.sub("", text))
        for asked in dict.fromkeys((whole, bare)):
            yield first.exactly(asked, most)
        for asked in dict.fromkeys((whole, bare)):
            yield first.with_prefix(asked, most)
        yield first.anywhere([whole], most)
        words = [norm(_PARTICLE.sub("", word)) for word in text.split()]
        if words != [whole]:
            yield first.anywhere(words, most)
        other = keys_of(text).lower() if norm is _typed else whole
        if len(other) > 2:  # the wrong keyboard: two letters are too few to tell
            yield from (second.exactly(_tight(other), most), second.with_prefix(_tight(other), most))

    def _has(self, row: int, words: Sequence[str]) -> bool:
        """Whether an entry has all of the words beside an article number."""
        return all(
            self._korean.has(row, _typed(_PARTICLE.sub("", word)))
            if _HANGUL.search(word)
            else self._latin.has(row, _tight(word))
            for word in words
        )


class _Lines:
    """One line an entry, all in one text, which is searched at the speed of C."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._text, self._starts = "\n", list[int]()
        parts, position = list[str](), 1
        for line in lines:
            self._starts.append(position)
            parts.append(line)
            position += len(line) + 1
        self._text += "\n".join(parts) + "\n"
        self._starts.append(position)

    def exactly(self, asked: str, most: int) -> list[int]:
        """Rows with a form that is this."""
        return self._rows(f"{_FORM}{asked}{_FORM}", most) if asked else []

    def with_prefix(self, asked: str, most: int) -> list[int]:
        """Rows with a form that begins so."""
        return self._rows(f"{_FORM}{asked}", most) if asked else []

    def anywhere(self, words: Sequence[str], most: int) -> list[int]:
        """Rows that have all of the words, in a form or a hint."""
        words = sorted(filter(None, words), key=len, reverse=True)
        return self._rows(words[0], most, words[1:]) if words else []

    def has(self, row: int, word: str) -> bool:
        """Whether a row has a word."""
        return self._text.find(word, self._starts[row], self._starts[row + 1]) >= 0

    def _rows(self, asked: str, most: int, beside: Sequence[str] = ()) -> list[int]:
        rows: list[int] = []
        position = self._text.find(asked)
        while position >= 0 and len(rows) < most:
            row = bisect_right(self._starts, position) - 1
            if all(self.has(row, word) for word in beside):
                rows.append(row)
            position = self._text.find(asked, self._starts[row + 1])
        return rows


def article_in(text: str) -> str:
    """The article that a text names, as `63` or `63의2`; empty where it names none."""
    match = _ARTICLE.search(text) or _ARTICLE_EN.search(text)
    return "의".join(filter(None, match.groups())) if match else ""


def _articles(entry: Entry) -> list[str]:
    texts = " ".join((*entry.forms, *entry.hints, *entry.title, *entry.beside))
    pairs = [*_ARTICLE.findall(texts), *(pair[:2] for pair in _ARTICLE_EN.findall(texts))]
    return list(dict.fromkeys("의".join(filter(None, pair)) for pair in pairs if pair[0]))


def _lines(
    forms: Sequence[Sequence[str]], hints: Sequence[Sequence[str]], norm: Callable[[str], str]
) -> Iterable[str]:
    for own, beside in zip(forms, hints, strict=True):
        names = _FORM.join(["", *map(norm, own), ""])
        yield names + _HINT.join(["", *map(norm, beside), ""])


def _tight(text: str) -> str:
    return _SIGNS.sub("", normalize("NFKC", text).casefold())


def _typed(text: str) -> str:
    """The keys that type a text, upper case folded."""
    return keys_of(_tight(text)).lower()
