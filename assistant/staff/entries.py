"""What the type-ahead of the console holds of a release, and which passages say the same in the other language."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from threading import Lock

from assistant.lookup import Entry, TypeAhead
from knowledge.catalogue import District
from knowledge.config import OTHER
from knowledge.library import Library, Passage, Release
from knowledge.source import TELLABLE

_WIDE = frozenset({"nation", "capital_region"})


@dataclass(frozen=True, slots=True)
class Index:
    """The type-ahead of one release. `twins` leads from a passage to the same one in the other language."""

    release: Release
    ahead: TypeAhead
    twins: Mapping[str, str]
    sections: Mapping[tuple[str, str], tuple[Passage, ...]]


class Indexes:
    """The index of the release that is served; a new release gets a new one."""

    def __init__(self, library: Library) -> None:
        """Nothing is made before it is asked for."""
        self._library, self._lock = library, Lock()
        self._index: Index | None = None

    def current(self) -> Index:
        """The index of the release served now; the first call after a publication makes it (about 0.1 s a thousand passages)."""
        release = self._library.release
        with self._lock:
            if self._index is None or self._index.release is not release:
                self._index = _made(release)
            return self._index


def _made(release: Release) -> Index:
    sections: dict[tuple[str, str], list[Passage]] = {}
    for passage in release.passages():
        sections.setdefault((passage.document_id, passage.language), []).append(passage)
    kept = {key: tuple(passages) for key, passages in sections.items()}
    twins = _twins(kept)
    entries = [*_catalogue(release), *_terms(release), *_texts(kept, twins)]
    return Index(release, TypeAhead(entries, lambda text: release.mended(text).text), twins, kept)


def _catalogue(release: Release) -> Iterator[Entry]:
    catalogue = release.catalogue
    for district in catalogue.districts.values():
        yield _district(district, release)
    held = {region for district in catalogue.districts.values() for region in district.regions}
    for row in release.rows("gazetteer"):
        if row["kind"] == "region" and row["id"] not in held | _WIDE:
            names = [name for name in row["aliases"].split(";") if name and not name.startswith("!")]
            title = (row["name_ko"], row["name_en"])
            yield Entry("place", row["id"], title, ("", ""), (*title, *names))
    for one in catalogue.incentives.values():
        if one.status in TELLABLE:
            title, law = (one.name_ko, one.name_en), (one.law_ko, one.law_en)
            places = [name for region in one.regions for name in _names(region, release)]
            yield Entry(
                "incentive", one.id, title, law, title, (*law, *places, one.benefit_ko, one.benefit_en)
            )
    for office in catalogue.contacts.values():
        title, role = (
            (office.name_ko, office.name_en),
            (office.phone or office.for_ko, office.phone or office.for_en),
        )
        yield Entry("contact", office.id, title, role, title, (office.for_ko, office.for_en, office.phone))


def _district(district: District, release: Release) -> Entry:
    title = (district.name_ko, district.name_en)
    names = [name for region in district.regions for name in _names(region, release)]
    forms = tuple(dict.fromkeys((*title, *names)))
    return Entry("place", district.id, title, (district.host_ko, district.host_en), forms)


def _names(region: str, release: Release) -> list[str]:
    entry = release.gazetteer.get("region", region)
    if entry is None:
        return []
    return [entry.name_ko, entry.name_en, *(alias for alias in entry.aliases if not alias.startswith("!"))]


def _terms(release: Release) -> Iterator[Entry]:
    for number, term in enumerate(release.glossary.terms):
        forms = (*term.forms("ko"), *term.forms("en"))
        clause = (term.clause, term.clause)
        beside = clause if term.clause else (term.en, term.ko)
        yield Entry(
            "term", str(number), (term.ko, term.en), beside, forms, (term.clause,) if term.clause else ()
        )


def _texts(
    sections: Mapping[tuple[str, str], tuple[Passage, ...]], twins: Mapping[str, str]
) -> Iterator[Entry]:
    """Documents and their sections, each once where it is there in both languages."""
    passages = {passage.id: passage for some in sections.values() for passage in some}
    for (document, language), own in sections.items():
        other = sections.get((document, OTHER[language]))
        if language == "en" and other:
            yield from _sections(own, {}, passages, skipped=twins)
            continue
        title, beside = _pair(own[0].title, other[0].title if other else None), (own[0].publisher,) * 2
        yield Entry(
            "document", f"{language}/{document}", title, beside, tuple(dict.fromkeys(title)), beside[:1]
        )
        yield from _sections(own, twins, passages)


def _sections(
    own: Iterable[Passage],
    twins: Mapping[str, str],
    passages: Mapping[str, Passage],
    skipped: Collection[str] = (),
) -> Iterator[Entry]:
    first: dict[str, Passage] = {}
    for passage in own:
        first.setdefault(passage.section, passage)
    for section, passage in first.items():
        if section and passage.id not in skipped:
            twin = passages.get(twins.get(passage.id, ""))
            titles = _pair(section, twin.section if twin else None)
            beside = _pair(passage.title, twin.title if twin else None)
            yield Entry(
                "section",
                passage.id,
                titles,
                beside,
                tuple(dict.fromkeys(titles)),
                tuple(dict.fromkeys(beside)),
            )


def _pair(own: str, other: str | None) -> tuple[str, str]:
    return own, other or own


def _twins(sections: Mapping[tuple[str, str], tuple[Passage, ...]]) -> dict[str, str]:
    """Pairs of passages of documents that have as many in both languages, where both rest on the same sources."""
    found = {}
    for (document, language), passages in sections.items():
        others = sections.get((document, OTHER[language]), ())
        if len(others) != len(passages):
            continue
        for own, other in zip(passages, others, strict=True):
            if _sources(own) == _sources(other):
                found[own.id] = other.id
    return found


def _sources(passage: Passage) -> set[str]:
    return {key for sentence in passage.sentences for key in sentence.sources}
