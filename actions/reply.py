"""What an action says: text, buttons, sources, card and outcome, as one `custom` message of Rasa."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from knowledge.answer import Answer, Citation, Status
from knowledge.catalogue import Contact, District
from knowledge.library import Release
from knowledge.source import Source
from knowledge.words import say


@dataclass(frozen=True, slots=True)
class Reply:
    """One reply. `card` and `buttons` have the shapes of the public contract.

    `brief` stands in place of `text` where a quotation of the documents comes before it. `slots` are set in the engine;
    `said` is the payload of an earlier reply that is given again, `response` the name of one of the domain's that is said first.
    """

    text: str
    language: str
    status: Status
    reason: str = ""
    confidence: float = 1.0
    sure: bool = False
    refused: bool = False
    response: str = ""
    brief: str = ""
    citations: tuple[Citation, ...] = ()
    card: dict[str, Any] | None = None
    buttons: list[dict[str, str]] = field(default_factory=list)
    slots: dict[str, Any] = field(default_factory=dict)
    said: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def again(cls, said: dict[str, Any]) -> Reply:
        """An earlier reply, by its payload."""
        return cls(said["text"], said["language"], Status(said["status"]), said=said)

    def payload(self, release: Release) -> dict[str, Any]:
        """The JSON that travels through the engine back to the service."""
        return self.said or {
            "text": self.text,
            "language": self.language,
            "status": self.status.value,
            "reason": self.reason,
            "confidence": round(self.confidence, 3),
            "sources": [source_json(citation, release.id) for citation in self.citations],
            "card": self.card,
            "buttons": self.buttons,
        }


def source_json(citation: Citation, release_id: str) -> dict[str, Any]:
    """A `Source` of the public contract."""
    passage, source = citation.passage, citation.source
    return {
        "n": citation.n,
        "passage_id": passage.id,
        "document_id": passage.document_id,
        "title": source.title,
        "publisher": source.publisher,
        "published_on": source.published_on,
        "as_of": source.as_of,
        "section": f"{passage.title} – {passage.section}",
        "quote": citation.quote,
        "url": source.url,
        "release": release_id,
        "status": source.status,
    }


def from_answer(answer: Answer, release: Release) -> Reply:
    """A reply that quotes an answer; where there is none, or perhaps none, the nearest passages and a person are offered."""
    answered = answer.status is Status.ANSWERED and not answer.unlikely
    buttons = [] if answered else _ladder(answer, release)
    return Reply(
        text=answer.text,
        language=answer.language,
        status=answer.status,
        reason=answer.reason,
        confidence=answer.confidence,
        sure=answer.sure,
        refused=answer.refused,
        citations=answer.citations,
        buttons=buttons,
    )


def _ladder(answer: Answer, release: Release) -> list[dict[str, str]]:
    """What to do without an answer: three sections that lie nearest and are not quoted, by their headings, then a person."""
    quoted = {citation.passage.section for citation in answer.citations}
    found = (hit.passage.section for hit in answer.near if hit.passage.kind == "text")
    headings = dict.fromkeys(section for section in found if section not in quoted)
    return [{"title": heading, "payload": heading} for heading in list(headings)[:3]] + [
        person_button(answer.language)
    ]


def person_button(language: str) -> dict[str, str]:
    """The button that asks for a person."""
    return {"title": say("button.person", language), "payload": "/talk_to_person"}


def menu(keys: list[str], language: str) -> list[dict[str, str]]:
    """Buttons by their short names: site, eligibility, land, incentives, approval, person. Shared with the replies of the domain."""
    buttons = {
        "land": (
            "남은 클러스터 토지",
            "클러스터 용지가 남은 곳을 알려 주세요",
            "Land that is left",
            "Which places have cluster land left?",
        ),
        "incentives": (
            "이전 지원",
            "본사를 옮기면 어떤 지원이 있나요?",
            "Incentives",
            "What support is there for moving a head office?",
        ),
        "site": (
            "맞는 곳 찾기",
            "우리 회사에 맞는 곳을 찾아 주세요",
            "Find a site",
            "Please find a site that fits our company",
        ),
        "eligibility": (
            "받을 수 있는 지원 확인",
            "우리 회사가 받을 수 있는 지원을 확인해 주세요",
            "Check eligibility",
            "Please check what our company would be eligible for",
        ),
        "approval": (
            "입주승인 절차",
            "입주승인은 누가 하고 어떤 순서인가요?",
            "Entry approval",
            "Who approves entry and in what order?",
        ),
    }
    made = []
    for key in keys:
        if key == "person":
            made.append(person_button(language))
        else:
            title_ko, payload_ko, title_en, payload_en = buttons[key]
            made.append(
                {"title": title_ko, "payload": payload_ko}
                if language == "ko"
                else {"title": title_en, "payload": payload_en}
            )
    return made


def district_buttons(districts: Iterable[District], language: str) -> list[dict[str, str]]:
    """For each district a button that asks for its incentives."""
    buttons = []
    for district in districts:
        name = district.name_ko if language == "ko" else district.name_en
        payload = f"{name} 지원" if language == "ko" else f"What incentives are there in {name}?"
        buttons.append({"title": say("button.incentives", language, place=name), "payload": payload})
    return buttons


def card_row(
    title: str,
    fields: Iterable[tuple[str, str]],
    source: Source,
    language: str,
    note: str = "",
    demo: bool = False,
) -> dict[str, Any]:
    """A row of a card: labelled values with source, as-of date and how sure the figure is."""
    return {
        "title": title,
        "fields": [{"label": label, "value": value} for label, value in fields if value],
        "source": f"{source.publisher} – {source.title}" if source.publisher else source.title,
        "as_of": source.as_of,
        "status": say(f"status.{source.status}", language)
        if source.status in ("verified", "secondary", "derived")
        else "",
        "note": note,
        "url": source.url,
        "row": source.key,
        "demo": demo,
    }


def contact_card(contacts: Iterable[Contact], language: str) -> dict[str, Any]:
    """Offices to ask, each with the source of its role."""
    rows = []
    for contact in contacts:
        name, role = (
            (contact.name_ko, contact.for_ko) if language == "ko" else (contact.name_en, contact.for_en)
        )
        source = Source(
            contact.id,
            contact.source_title,
            contact.publisher,
            contact.as_of,
            contact.as_of,
            contact.url,
            contact.status,
        )
        fields = [
            (say("label.for", language), role),
            (say("label.phone", language), contact.phone),
            (say("label.web", language), contact.web),
        ]
        rows.append(card_row(name, fields, source, language) | {"phone": contact.phone})
    return {"type": "contact", "title": say("button.person", language), "rows": rows}
