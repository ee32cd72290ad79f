"""What is found while somebody types: half-typed syllables, initial consonants, wrong keyboard, particles, articles."""

from __future__ import annotations

import pytest

from assistant.lookup import Entry, TypeAhead, article_in
from assistant.staff.entries import Index, Indexes
from knowledge.library import Library


@pytest.fixture(scope="module")
def index(library: Library) -> Index:
    return Indexes(library).current()


def made(*rows: tuple[str, str, str]) -> TypeAhead:
    """Entries of kind, Korean title and English title; the id is the Korean title."""
    return TypeAhead(Entry(kind, ko, (ko, en), ("", ""), (ko, en)) for kind, ko, en in rows)


def ids(ahead: TypeAhead, typed: str, kind: str = "") -> list[str]:
    return [entry.id for entry in ahead.find(typed, kind)]


SHELF = made(
    ("place", "나주 혁신도시", "Naju innovation city"),
    ("place", "남원", "Namwon"),
    ("incentive", "본사 이전 법인세 감면", "Head office tax relief"),
    ("contact", "LH 지역본부", "LH regional office"),
    ("term", "입주승인", "admission approval"),
    ("term", "토지", "land"),
)


@pytest.mark.parametrize(
    "typed",
    ["나주", "낮", "나주 ", "나주로", "나주에서", "skwn", "SKWN", "naju", "Naju", "ㄴㅈ", "ㄴㅈㅎㅅㄷㅅ"],
)
def test_a_place_is_found_however_it_is_typed(typed: str) -> None:
    assert ids(SHELF, typed)[0] == "나주 혁신도시"


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("입주승인은", "입주승인"), ("입 주 승 인", "입주승인"), ("dlqwn", "입주승인"), ("approval", "입주승인"), ("ㅣ뭉", "토지"),
        ("법인세", "본사 이전 법인세 감면"), ("법인세 본사", "본사 이전 법인세 감면"), ("relief head", "본사 이전 법인세 감면"), ("LH", "LH 지역본부"),
        ("lh지역", "LH 지역본부"), ("ㅂㅅㅇㅈ", "본사 이전 법인세 감면"),
    ],
)  # fmt: skip
def test_terms_and_support_are_found_however_they_are_typed(typed: str, found: str) -> None:
    assert found in ids(SHELF, typed)


@pytest.mark.parametrize("typed", ["", "   ", "없는말", "xq", "ㅋㅋㅋ", "\x1f", "\n", "…"])
def test_what_is_not_there_is_not_found(typed: str) -> None:
    assert ids(SHELF, typed) == []


def test_exact_names_come_before_longer_ones() -> None:
    ahead = made(
        ("term", "법인세 최저한세액", "b"), ("section", "법인세", "a"), ("incentive", "본사 법인세", "c")
    )

    assert ids(ahead, "법인세") == ["법인세", "법인세 최저한세액", "본사 법인세"]


def test_one_kind_can_be_asked_for_alone() -> None:
    assert ids(SHELF, "ㄴ", "place") == ["남원", "나주 혁신도시"]
    assert ids(SHELF, "나주", "term") == []


def test_no_kind_hides_the_others() -> None:
    ahead = made(*(("place", f"강원 {n}", f"p{n}") for n in range(40)), ("term", "강원 특별법", "act"))

    assert "강원 특별법" in ids(ahead, "강원")
    assert len(ids(ahead, "강원")) == 6


@pytest.mark.parametrize(
    ("text", "article"),
    [
        ("제63조의2", "63의2"), ("63조의 2", "63의2"), ("조특법 63조", "63"), ("63-2", "63의2"), ("Article 63-2", "63의2"),
        ("art. 5", "5"), ("2019-12", "2019의12"), ("63", ""), ("법인세", ""),
    ],
)  # fmt: skip
def test_articles_are_read_in_both_languages(text: str, article: str) -> None:
    assert article_in(text) == article


def test_an_article_finds_itself_and_not_its_neighbours(index: Index) -> None:
    titles = [entry.told("ko") for entry in index.ahead.find("제63조의2", "incentive")]

    assert "본사 이전 법인세 감면" in [title for title, _ in titles]
    assert all("제63조의2" in law for _, law in titles)


def test_an_article_with_its_act_finds_that_act_alone(index: Index) -> None:
    laws = [entry.told("ko")[1] for entry in index.ahead.find("지방세특례제한법 79조", "incentive")]

    assert "지방세특례제한법 제79조 " in laws[0]
    assert all("지방세특례제한법" in law for law in laws)


@pytest.mark.parametrize("typed", ["ㄴㅈ", "나주", "skwn", "naju"])
def test_a_city_leads_to_its_district(index: Index, typed: str) -> None:
    assert index.ahead.find(typed)[0].id == "ic-gwangju-jeonnam"


def test_wrong_keyboard_with_a_particle_is_mended(index: Index) -> None:
    assert index.ahead.find("skwndptj")[0].id == "ic-gwangju-jeonnam"


def test_every_kind_of_the_release_is_on_the_shelves(index: Index) -> None:
    found = {kind: index.ahead.find(typed, kind) for kind, typed in {
        "place": "김천", "incentive": "취득세", "contact": "국토교통부", "term": "이행강제금", "document": "부산", "section": "입주승인",
    }.items()}  # fmt: skip

    assert [kind for kind, entries in found.items() if not entries] == []
    assert {e.kind for entries in found.values() for e in entries} == set(found)


def test_rows_that_may_not_be_told_are_not_found(index: Index) -> None:
    rows = index.release.catalogue.incentives.values()
    untold = [row for row in rows if row.status not in ("verified", "secondary", "derived")]

    assert untold
    assert not {row.id for row in untold} & {
        e.id for row in untold for e in index.ahead.find(row.name_ko, "incentive")
    }


def test_passages_of_both_languages_lead_to_each_other(index: Index) -> None:
    passages = {passage.id: passage for passage in index.release.passages()}

    assert len(index.twins) > 1000
    assert all(index.twins[index.twins[one]] == one for one in index.twins)
    assert all(passages[a].language != passages[b].language for a, b in index.twins.items())


def test_the_index_is_made_once_for_a_release(library: Library) -> None:
    indexes = Indexes(library)

    assert indexes.current() is indexes.current()
