"""Results of guided steps as cards: places with what speaks for and against them, and support with each condition."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from actions.hearing import Facts, company_of
from actions.reply import Reply, card_row, person_button
from knowledge.answer import Status
from knowledge.catalogue import source_of
from knowledge.conditions import Condition
from knowledge.eligibility import Outcome, State, Verdict, evaluate
from knowledge.estimates import Estimate, won
from knowledge.library import Release
from knowledge.site_grounds import source_of_reason
from knowledge.site_reasons import Reason
from knowledge.sites import Site, SiteReport, find_sites
from knowledge.source import Source
from knowledge.words import say
from knowledge.words_guide import LABELS_OF_VERDICT, OUTCOMES, guide, one
from knowledge.words_sites import WORDS_SITES, reason_words

_PLACES = 5
_NAMED = 3
_TOLD, _SUPPORT = 4, 16  # verdicts told in words, and in the card
_DECISIVE = {Outcome.LIKELY: State.MET, Outcome.NEEDS_OFFICER: State.UNKNOWN, Outcome.UNLIKELY: State.MISSED}
_LABELS = {
    "for": ("맞는 점", "for it"),
    "against": ("걸리는 점", "against it"),
    "unknown": ("확인할 점", "to be found out"),
    "rules_out": ("제외한 까닭", "why it is ruled out"),
    "sources": ("근거", "sources"),
    "next": ("다음 단계", "next step"),
}


def site_reply(facts: Facts, language: str, release: Release, today: date) -> Reply:
    """Ranked places with reasons, what was ruled out and why, and the office to ask next."""
    report = find_sites(company_of(facts), release.catalogue, today)
    if not report.ranked:
        text = f"{guide('site.none', language)}\n{_ruled_out(report, language, release, today)}"
        return Reply(
            text,
            language,
            Status.ANSWERED,
            "no_site",
            card=_sites_card(report, language, release, today),
            buttons=[person_button(language)],
        )
    lines = [guide("site.lead", language)]
    for number, site in enumerate(report.ranked[:_NAMED], start=1):
        told = [reason_words(reason, language, today, release.gazetteer) for reason in _best(site)]
        lines.append(f"{number}. {_name(site, language)}: {' '.join(told)}")
    lines.append(_ruled_out(report, language, release, today))
    return Reply(
        "\n".join(filter(None, lines)), language, Status.ANSWERED, "sites",
        card=_sites_card(report, language, release, today), buttons=[person_button(language)],
    )  # fmt: skip


def _best(site: Site) -> list[Reason]:
    """The reason that says most for a place and the one that says most against it."""
    by_weight = sorted(
        (r for r in site.reasons if r.kind in ("for", "against")), key=lambda reason: -abs(reason.weight)
    )
    first = [next((r for r in by_weight if r.kind == kind), None) for kind in ("for", "against")]
    return [reason for reason in first if reason is not None]


def _ruled_out(report: SiteReport, language: str, release: Release, today: date) -> str:
    if not report.ruled_out:
        return ""
    names = "; ".join(
        f"{_name(site, language)} – {_why_out(site, language, release, today)}"
        for site in report.ruled_out[:_NAMED]
    )
    more = len(report.ruled_out) - _NAMED
    return guide("site.ruled_out", language, names=names + (f" (+{more})" if more > 0 else ""))


def _why_out(site: Site, language: str, release: Release, today: date) -> str:
    reason = next(reason for reason in site.reasons if reason.kind == "rules_out")
    return reason_words(reason, language, today, release.gazetteer).rstrip(".")


def _name(site: Site, language: str) -> str:
    return site.district.name_ko if language == "ko" else site.district.name_en


def _sites_card(report: SiteReport, language: str, release: Release, today: date) -> dict[str, Any]:
    sites = (*report.ranked[:_PLACES], *report.ruled_out)
    return {
        "type": "land",
        "title": guide("site.lead", language),
        "rows": [_site_row(site, language, release, today) for site in sites],
    }


def _site_row(site: Site, language: str, release: Release, today: date) -> dict[str, Any]:
    fields = [
        (
            one(_LABELS[kind], language),
            " ".join(
                reason_words(r, language, today, release.gazetteer) for r in site.reasons if r.kind == kind
            ),
        )
        for kind in ("rules_out", "for", "against", "unknown")
    ]
    fields.append((one(_LABELS["next"], language), _next_step(site, language, release)))
    fields.append((one(_LABELS["sources"], language), _sources(site.reasons, language, release)))
    evidence = site.summary.evidence if site.summary else None
    district = site.district
    source = (
        source_of(evidence)
        if evidence
        else Source(
            district.id,
            district.source_title,
            district.publisher,
            "",
            district.as_of,
            district.url,
            district.status,
        )
    )
    return card_row(
        _name(site, language), fields, source, language, demo=bool(evidence and evidence.demo == "true")
    )


def _next_step(site: Site, language: str, release: Release) -> str:
    contact = release.catalogue.contacts.get(site.next_step)
    office = (contact.name_ko if language == "ko" else contact.name_en) if contact else ""
    state = site.summary.availability if site.summary else "no_record"
    return WORDS_SITES[f"next.{state}"][language].format(office=office) if office else ""


def _sources(reasons: Iterable[Reason], language: str, release: Release) -> str:
    """The sources behind the reasons, each once with its date."""
    found = (source_of_reason(reason.source, release.catalogue) for reason in reasons if reason.source)
    return "; ".join(dict.fromkeys(f"{s.title} ({s.as_of})" for s in found if s))


def eligibility_reply(facts: Facts, language: str, release: Release, today: date) -> Reply:
    """Support for the company, the likely first, each condition with its clause; sums as ranges with their formula."""
    verdicts = evaluate(company_of(facts), release.catalogue, release.rules, today)
    if not verdicts:
        return Reply(
            guide("eligibility.none", language),
            language,
            Status.NO_ANSWER,
            "no_rule",
            buttons=[person_button(language)],
        )
    lines = [guide("eligibility.lead", language)]
    named = [(_called(verdict, facts, language, release), verdict) for verdict in verdicts[:_SUPPORT]]
    told = _foremost(named)
    lines += [f"· {name} – {_headline(verdict, language, release)}" for name, verdict in told]
    rest = len(named) - len(told)
    if rest:
        lines.append(guide("eligibility.rest", language, count=rest))
    card = {
        "type": "eligibility",
        "title": guide("eligibility.lead", language),
        "rows": [_verdict_row(name, verdict, language, release) for name, verdict in named],
    }
    return Reply(
        "\n".join(lines),
        language,
        Status.ANSWERED,
        "eligibility",
        card=card,
        buttons=[person_button(language)],
    )


def _foremost(named: list[tuple[str, Verdict]]) -> list[tuple[str, Verdict]]:
    """The first of them, and the first that is unlikely: what was hoped for in vain is told as well."""
    unlikely = [pair for pair in named if pair[1].outcome is Outcome.UNLIKELY][:1]
    others = [pair for pair in named if pair[1].outcome is not Outcome.UNLIKELY]
    return (others[: _TOLD - len(unlikely)] + unlikely) if others else named[:_TOLD]


def _called(verdict: Verdict, facts: Facts, language: str, release: Release) -> str:
    """The name of a verdict, with its places where the places asked for are not all treated alike."""
    name, asked = verdict.name(language), facts.get("regions", ())
    if len(asked) < 2 or not verdict.places or {*verdict.places} == {*asked}:
        return name
    entries = [release.gazetteer.get("region", place) for place in verdict.places]
    return f"{name} ({', '.join(entry.name(language) for entry in entries if entry)})"


def _headline(verdict: Verdict, language: str, release: Release) -> str:
    """Outcome, relief or sum, what decides it, and the date of all that."""
    told = [one(OUTCOMES[verdict.outcome], language), _relief(verdict, language), _sum(verdict, language)]
    decisive = next((c for c in verdict.conditions if c.state is _DECISIVE[verdict.outcome]), None)
    line = ", ".join(filter(None, told))
    if decisive is not None and verdict.outcome is not Outcome.LIKELY:
        line = f"{line}. {_condition(decisive, language)}"
    return f"{line} [{_dated(verdict, language, release)}]"


def _dated(verdict: Verdict, language: str, release: Release) -> str:
    """The date of the oldest row behind a verdict; with it that the figure was worked out, where it was."""
    rows = [release.catalogue.incentives[source] for source in verdict.sources]
    dates = [row.as_of for row in rows if row.as_of] + ([verdict.estimate.as_of] if verdict.estimate else [])
    words = say("as_of", language, date=min(dates))
    status = next((key for key in ("derived", "secondary") if key in {row.status for row in rows}), "")
    return f"{words}, {guide(f'status.{status}', language)}" if status else words


def _relief(verdict: Verdict, language: str) -> str:
    if not (verdict.rate_full and verdict.years_full) or verdict.outcome is Outcome.UNLIKELY:
        return ""
    halves = (verdict.rate_half, verdict.years_half)
    key = "relief.two" if all(halves) else "relief.one"
    return guide(
        key, language, full=verdict.rate_full, years=verdict.years_full, half=halves[0], more=halves[1]
    )


def _sum(verdict: Verdict, language: str) -> str:
    sum_ = verdict.estimate
    if sum_ is None or verdict.outcome is Outcome.UNLIKELY:
        return ""
    return f"{one(LABELS_OF_VERDICT['estimate'], language)} {_range(sum_, language)}"


def _range(sum_: Estimate, language: str) -> str:
    tell = _percent if sum_.unit == "%" else won
    low, high = tell(sum_.low, language), tell(sum_.high, language)
    return low if low == high else f"{low} ~ {high}"


def _percent(value: float, language: str) -> str:
    return f"{value:g}%"


def _condition(condition: Condition, language: str) -> str:
    korean = language == "ko"
    clause = condition.clause_ko if korean else condition.clause_en
    return (condition.text_ko if korean else condition.text_en) + (f" ({clause})" if clause else "")


def _verdict_row(name: str, verdict: Verdict, language: str, release: Release) -> dict[str, Any]:
    korean, row = language == "ko", verdict.incentive
    fields = [
        (one(LABELS_OF_VERDICT["outcome"], language), one(OUTCOMES[verdict.outcome], language)),
        (one(LABELS_OF_VERDICT["relief"], language), _dated_relief(verdict, language, release)),
        (one(LABELS_OF_VERDICT["estimate"], language), _estimate(verdict, language)),
    ]
    for state in (State.MISSED, State.UNKNOWN, State.MET):
        told = "; ".join(
            _condition(c, language) for c in verdict.conditions if c.state is state and c.kind != "later"
        )
        fields.append((one(LABELS_OF_VERDICT[state], language), told))
    later = "; ".join(_condition(c, language) for c in verdict.conditions if c.kind == "later")
    fields.append((one(LABELS_OF_VERDICT["later"], language), later))
    fields.append(
        (
            one(LABELS_OF_VERDICT["deadline"], language),
            (row.deadline_note_ko if korean else row.deadline_note_en) or row.deadline,
        )
    )
    fields.append((one(LABELS_OF_VERDICT["law"], language), row.law_ko if korean else row.law_en))
    notes = [
        guide(f"standing.{verdict.standing}", language) if verdict.standing else "",
        guide("derived", language) if verdict.derived else "",
    ]
    return card_row(
        name,
        fields,
        source_of(row),
        language,
        " ".join(filter(None, notes)),
        demo=row.demo == "true",
    )


def _dated_relief(verdict: Verdict, language: str, release: Release) -> str:
    relief = _relief(verdict, language)
    return f"{relief} ({_dated(verdict, language, release)})" if relief else ""


def _estimate(verdict: Verdict, language: str) -> str:
    """The numbers put into their formula, with the ceiling where one was applied, the range that comes out, and the date."""
    sum_ = verdict.estimate
    if sum_ is None or verdict.outcome is Outcome.UNLIKELY:
        return ""
    formula = sum_.formula_ko if language == "ko" else sum_.formula_en
    return f"{formula} ({say('as_of', language, date=sum_.as_of)})"
