"""Fact cards: what a member of staff reads out, with conditions, source and date; and the same to copy, with its citation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from hangeul import attach

from actions.incentives import incentive_card
from actions.land import land_card
from actions.reply import card_row, contact_card
from assistant.lookup import article_in
from assistant.staff.entries import Index
from assistant.staff.words import word
from knowledge.catalogue import Contact, District, Incentive
from knowledge.comparison import name_of
from knowledge.gazetteer import Entry as Region
from knowledge.lexical import morphemes
from knowledge.library import Passage, Release
from knowledge.source import TELLABLE, Source
from knowledge.standing import Standing, quotable, standing
from knowledge.words import say

_LAW_PUBLISHER = "국가법령정보센터"
_SAID = 2  # sentences of a passage that are read out


@dataclass(frozen=True, slots=True)
class Card:
    """One thing looked up, in one language. `rows` are rows of the public contract's cards.

    `said` is the sentence to say aloud; `section` names document and heading; `passages` are those it rests on; `districts` may be compared; `related` leads on:
    kind, id and title of other things.
    """

    kind: str
    id: str
    title: str
    said: str
    rows: Sequence[dict[str, Any]]
    language: str
    release: str
    clause: str = ""
    section: str = ""
    passages: tuple[str, ...] = ()
    districts: tuple[tuple[str, str], ...] = ()
    related: tuple[tuple[str, str, str], ...] = ()
    warnings: tuple[str, ...] = ()
    foreign: bool = False
    text: str = ""

    def copied(self) -> str:
        """The card as text to paste, with its citation."""
        lines = [self.title, self.said]
        lines += [self.text] if self.text and self.text not in self.said else []
        lines += [word("cite.original", self.language)] if self.foreign else []
        for row in self.rows:
            lines += [
                f"{one['label']}: {one['value']}"
                for one in row["fields"]
                if one["value"][:-1] not in self.said  # the last letter is where Korean endings differ
            ]
            lines.append(_cited(row, self.language))
        lines += [word("cite.clause", self.language, clause=self.clause)] if self._clause_is_new() else []
        lines += [word("cite.section", self.language, section=self.section)] if self.section else []
        if self.passages:
            place = {"passage": ", ".join(self.passages), "release": self.release}
            lines.append(word("cite.passage", self.language, **place))
        else:
            lines.append(word("cite.release", self.language, release=self.release))
        return "\n".join(dict.fromkeys(filter(None, lines)))

    def reply(self) -> str:
        """The card in two lines, for a message to a visitor."""
        source = next((_cited(row, self.language) for row in self.rows if row["source"]), "")
        return "\n".join(filter(None, [self.said, source]))

    def noted(self) -> str:
        """The card as one line of a call note."""
        first = next((row for row in self.rows if row["source"]), None)
        source = f" ({_source(first, self.language)})" if first else ""
        name = "" if self.said.startswith(self.title) else f"{self.title}: "
        return f"- {name}{self.said}{source}"

    def _clause_is_new(self) -> bool:
        values = {one["value"] for row in self.rows for one in row["fields"]}
        return bool(self.clause) and self.clause not in values


def card_of(kind: str, id: str, index: Index, language: str, today: date, question: str = "") -> Card | None:
    """The card of an entry of the type-ahead; None where there is none. `question` chooses the sentences of a passage."""
    release = index.release
    catalogue = release.catalogue
    if kind == "place" and id in catalogue.districts:
        return _district(catalogue.districts[id], release, language, today)
    if kind == "place" and (region := release.gazetteer.get("region", id)):
        return _region(region, release, language)
    if kind == "incentive" and id in catalogue.incentives:
        row = catalogue.incentives[id]
        return _incentive(row, release, language) if row.status in TELLABLE else None
    if kind == "contact" and id in catalogue.contacts:
        return _contact(catalogue.contacts[id], release, language)
    if kind == "term" and id.isdecimal() and int(id) < len(release.glossary.terms):
        return _term(int(id), release, language)
    if kind == "document":
        return _document(id, index, language)
    passage = release.passage(id) if kind == "section" else None
    return passage_card(passage, index, language, today, question) if passage else None


def passage_card(passage: Passage, index: Index, language: str, today: date, question: str = "") -> Card:
    """The card of a passage, in its other language's version where there is one."""
    release, twin = index.release, index.twins.get(passage.id)
    if passage.language != language and twin:
        passage = release.passage(twin) or passage
    source = _source_of(passage, release)
    sentences = quotable(passage)
    text = " ".join(one.text for one in sentences)
    best = _best([one.text for one in sentences], question)
    row = card_row(passage.section or passage.title, [], source, language)
    how = standing(passage, today)
    day = passage.valid_from if how == Standing.NOT_YET else passage.valid_until
    warnings = [] if how == Standing.CURRENT else [word(f"standing.{how}", language, day=day)]
    warnings += [word("card.withheld", language)] if len(sentences) < len(passage.sentences) else []
    warnings += [word("card.doubtful", language)] if any(one.doubt for one in sentences) else []
    others = {p.section: p for p in index.sections[passage.document_id, passage.language] if p.section}
    key = "said.passage" if source.publisher and passage.language == language else "said.passage.plain"
    return Card(
        "section",
        passage.id,
        passage.section or passage.title,
        word(key, language, publisher=source.publisher, text=best),
        [row],
        language,
        release.id,
        clause=passage.section if article_in(passage.section) else "",
        section=f"{passage.title} – {passage.section}" if passage.section else passage.title,
        passages=(passage.id,),
        related=tuple(("section", p.id, p.section) for p in others.values() if p.section != passage.section),
        warnings=tuple(warnings),
        foreign=passage.language != language,
        text=text,
    )


def _best(sentences: Sequence[str], question: str) -> str:
    """The sentences to read out: those that share most words with the question, in their order; else the first."""
    asked = set(morphemes(question))
    ranked = sorted(range(len(sentences)), key=lambda i: -len(asked & set(morphemes(sentences[i]))))
    return " ".join(sentences[i] for i in sorted(ranked[:_SAID]))


def _source_of(passage: Passage, release: Release) -> Source:
    keys = [key for one in quotable(passage) for key in one.sources]
    found = next(filter(None, map(release.source, keys)), None)
    return found or Source(
        "",
        passage.title,
        passage.publisher,
        passage.published_on,
        passage.as_of,
        passage.source_url,
        "verified",
    )


def _district(district: District, release: Release, language: str, today: date) -> Card:
    catalogue = release.catalogue
    name = name_of(district, language)
    summary = catalogue.land_summary(district.id)
    told = summary is not None and summary.evidence.status in TELLABLE
    rows = list(land_card([summary], language, today)["rows"]) if summary and told else []
    reliefs = [catalogue.incentives[id] for id in district.tax_rows if id in catalogue.incentives]
    rows += incentive_card([row for row in reliefs if row.status in TELLABLE], language)["rows"]
    if district.status in TELLABLE:
        rows.append(_approval(district, language))
    office = catalogue.contacts.get(district.contact)
    rows += contact_card([office], language)["rows"] if office else []
    state = say(f"land.{summary.availability}", language) if summary and told else ""
    approver = _pick(language, district.approver_ko, district.approver_en)
    said = word(
        "said.district" if state else "said.district.no_land",
        language,
        name=name,
        state=state,
        as_of=summary.evidence.as_of if summary else "",
        approver=attach(approver, "이/가") if language == "ko" else approver,
    )
    return Card(
        "place", district.id, name, said, rows, language, release.id, districts=((district.id, name),)
    )


def _approval(district: District, language: str) -> dict[str, Any]:
    fields = [
        (word("approver.who", language), _pick(language, district.approver_ko, district.approver_en)),
        (word("approver.host", language), _pick(language, district.host_ko, district.host_en)),
    ]
    source = Source(
        district.id,
        district.source_title,
        district.publisher,
        "",
        district.as_of,
        district.url,
        district.status,
    )
    return card_row(word("approver", language), fields, source, language)


def _region(region: Region, release: Release, language: str) -> Card:
    reliefs = [row for row in release.catalogue.host_tax_rows([region.id]) if row.status in TELLABLE]
    rows = list(incentive_card(reliefs, language)["rows"])
    zone, source = release.origin_zone(region.id), release.origin_source(region.id)
    name = region.name(language)
    topic = _topic(name, language)
    said = word("said.region.none", language, name=topic)
    if reliefs:
        benefit = _pick(language, reliefs[0].benefit_ko, reliefs[0].benefit_en)
        said = word("said.region.relief", language, name=topic, benefit=benefit)
    if zone not in ("", "outside") and source:
        shown = word(f"zone.{zone}", language)
        rows.insert(0, card_row(name, [(word("zone", language), shown)], source, language))
        said = word("said.region.zone", language, name=topic, zone=shown)
    districts = release.catalogue.districts_of([region.id])
    related = tuple(("place", one.id, name_of(one, language)) for one in districts)
    return Card("place", region.id, name, said, rows, language, release.id, related=related)


def _incentive(row: Incentive, release: Release, language: str) -> Card:
    name = _pick(language, row.name_ko, row.name_en)
    benefit = _pick(language, row.benefit_ko, row.benefit_en)
    said = word(
        "said.incentive" if row.as_of else "said.incentive.undated",
        language,
        name=_topic(name, language),
        benefit=_ended(benefit, language),
        as_of=row.as_of,
    )
    [shown] = incentive_card([row], language)["rows"]
    law = _pick(language, row.law_ko, row.law_en)
    return Card("incentive", row.id, name, said, [shown], language, release.id, clause=law)


def _contact(office: Contact, release: Release, language: str) -> Card:
    name = _pick(language, office.name_ko, office.name_en)
    key = "said.contact" if office.phone else "said.contact.no_phone"
    said = word(key, language, name=name, phone=office.phone)
    rows = contact_card([office], language)["rows"]
    return Card("contact", office.id, name, said, rows, language, release.id)


def _term(number: int, release: Release, language: str) -> Card:
    term = release.glossary.terms[number]
    name, other = (term.ko, term.en) if language == "ko" else (term.en, term.ko)
    meaning = _pick(language, term.meaning_ko, term.meaning_en)
    source = Source("", term.clause, _LAW_PUBLISHER if term.clause else "", "", term.as_of, "", "")
    fields = [
        (say("label.meaning", language), meaning),
        (_pick(language, "English", "한국어"), other),
    ]
    key = "said.term" if meaning else "said.term.none"
    said = word(key, language, term=_topic(name, language), meaning=meaning, other=other)
    rows = [card_row(f"{name} ({other})", fields, source, language)]
    return Card("term", str(number), name, said, rows, language, release.id, clause=term.clause)


def _document(id: str, index: Index, language: str) -> Card | None:
    of, _, document = id.partition("/")
    passages = index.sections.get((document, language)) or index.sections.get((document, of))
    if not passages:
        return None
    first = passages[0]
    sections = {p.section: p for p in reversed(passages) if p.section}
    source = Source(
        "", first.title, first.publisher, first.published_on, first.as_of, first.source_url, "verified"
    )
    return Card(
        "document",
        id,
        first.title,
        word("said.document", language, count=len(sections)),
        [card_row(first.title, [], source, language)],
        language,
        index.release.id,
        related=tuple(("section", p.id, p.section) for p in reversed(sections.values())),
    )


def _cited(row: dict[str, Any], language: str) -> str:
    if not row["source"]:
        return ""
    return "\n".join(filter(None, [word("cite.source", language, source=_source(row, language)), row["url"]]))


def _source(row: dict[str, Any], language: str) -> str:
    dated = word("cite.as_of", language, date=row["as_of"]) if row["as_of"] else ""
    return ", ".join(filter(None, [row["source"], dated]))


def _pick(language: str, korean: str, english: str) -> str:
    return korean if language == "ko" else english


def _topic(name: str, language: str) -> str:
    """A name as the subject of a Korean sentence; as it is in English."""
    return attach(name, "은/는") if language == "ko" else name


def _ended(text: str, language: str) -> str:
    """A Korean phrase made the end of a sentence, where it is not one yet."""
    text = text.rstrip(". ")
    if language != "ko" or text.endswith(("다", "요")):
        return text
    for noun, verb in _ENDINGS.items():
        if text.endswith(noun):
            return text.removesuffix(noun) + verb
    return f"{text}입니다"


# "~이 있음" and "~하지 않음" are read out as "~이 있습니다", not "있음입니다".
_ENDINGS = {"음": "습니다", "함": "합니다", "됨": "됩니다", "임": "입니다", "줌": "줍니다"}
