"""Names of places and things in Korean and English text."""

from itertools import pairwise

import pytest

from knowledge.config import DOCUMENTS
from knowledge.gazetteer import Gazetteer


@pytest.fixture(scope="module")
def gazetteer():
    return Gazetteer.read(DOCUMENTS / "gazetteer.csv")


def row(kind="region", id="naju", aliases="나주;naju"):
    return {"kind": kind, "id": id, "name_ko": "나주", "name_en": "Naju", "parent": "", "aliases": aliases}


@pytest.mark.parametrize("particle", ["는", "에", "에서", "로", "의", "랑", "까지", "시에서", "혁신도시에는"])
def test_place_is_found_before_korean_particles(gazetteer, particle):
    assert gazetteer.ids(f"나주{particle} 땅이 있나요", "region") == ["naju"]


@pytest.mark.parametrize("text", ["land in NAJU?", "Naju's cluster", "(naju)"])
def test_place_is_found_in_english_whatever_its_case(gazetteer, text):
    assert gazetteer.ids(text, "region") == ["naju"]


@pytest.mark.parametrize(
    ("text", "kind"),
    [("a basantic word", "region"), ("our officers", "facility_type"), ("the biome", "industry")],
)
def test_english_alias_is_not_found_inside_a_word(gazetteer, text, kind):
    assert gazetteer.ids(text, kind) == []


@pytest.mark.parametrize(
    ("text", "kind", "ids"),
    [
        ("광주·전남 혁신도시", "region", ["naju"]),
        ("move our head office", "facility_type", ["headquarters"]),
        ("지식산업센터 임대", "facility_type", ["knowledge_industry_centre"]),
        ("이전공공기관", "company_type", ["public_institution"]),
        ("2차 공공기관 이전", "programme", ["second_relocation"]),
        ("도시첨단산업단지", "programme", ["industrial_complex"]),
        ("양재 AI 혁신지구", "region", ["yangjae"]),
    ],
)
def test_longest_alias_wins(gazetteer, text, kind, ids):
    assert gazetteer.ids(text, kind) == ids


def test_mentions_say_where_they_stand_and_do_not_overlap(gazetteer):
    text = "부산 센텀2지구에서 제2판교 같은 특구로"

    mentions = gazetteer.find(text)

    assert [text[m.start : m.end] for m in mentions] == ["부산", "센텀2지구", "제2판교"]
    assert all(a.end <= b.start for a, b in pairwise(mentions))


def test_ids_stand_once_in_the_order_of_the_text(gazetteer):
    text = "포항, 구미 중에 고민인데 포항시가 나을까요? or Andong"

    assert gazetteer.ids(text, "region") == ["pohang", "gumi", "andong"]


def test_ids_of_another_kind_are_left_out(gazetteer):
    assert gazetteer.ids("나주에 본사", "facility_type") == ["headquarters"]
    assert gazetteer.ids("나주에 본사", "industry") == []


@pytest.mark.parametrize(
    ("region", "covered"),
    [
        ("naju", {"naju"}),
        ("busan", {"busan", "yeongdo", "munhyeon", "centum"}),
        ("yeongdo", {"yeongdo", "busan"}),
        ("jeonbuk", {"jeonbuk", "jeonju", "wanju", "iksan", "gunsan", "namwon"}),
        ("seogwipo", {"seogwipo"}),
        ("nowhere", {"nowhere"}),
    ],
)
def test_covers_names_the_city_but_not_the_province(gazetteer, region, covered):
    assert gazetteer.covers(region) == covered


def test_covers_of_the_capital_region_reaches_districts_of_its_cities(gazetteer):
    assert {"seoul", "yangjae", "suwon", "songdo"} <= gazetteer.covers("capital_region")
    assert "naju" not in gazetteer.covers("capital_region")


@pytest.mark.parametrize(
    "region", ["capital_region", "seoul", "yangjae", "gyeonggi", "suwon", "pangyo", "songdo"]
)
def test_capital_region_holds_seoul_incheon_and_gyeonggi(gazetteer, region):
    assert gazetteer.in_capital_region(region)


@pytest.mark.parametrize("region", ["nation", "naju", "cheonan", "wonju", "sejong", "jeju", "nowhere", ""])
def test_capital_region_holds_no_other_place(gazetteer, region):
    assert not gazetteer.in_capital_region(region)


def test_entry_is_named_in_both_languages(gazetteer):
    entry = gazetteer.get("region", "yeongdo")

    assert (entry.name("ko"), entry.name("en")) == ("부산 영도구", "Yeongdo-gu, Busan")
    assert gazetteer.get("programme", "yeongdo") is None


def test_every_parent_is_a_region_and_no_alias_names_two_entries(gazetteer):
    rows = [line.split(",") for line in (DOCUMENTS / "gazetteer.csv").read_text().splitlines()[1:]]
    aliases = [alias.strip().lower() for row in rows for alias in row[-1].strip('"').split(";")]

    assert [r for r in rows if r[0] == "region" and r[-2] and gazetteer.get("region", r[-2]) is None] == []
    assert {a for a in aliases if aliases.count(a) > 1} == set()


@pytest.mark.parametrize("bad", [row(kind="city"), row(aliases=""), row(aliases=" ; ")])
def test_bad_row_is_refused_with_its_number_and_the_allowed_kinds(bad):
    with pytest.raises(ValueError, match=r"gazetteer.csv row 3: .*must be one of region, programme"):
        Gazetteer.from_rows([row(), bad])


def test_gazetteer_file_with_a_bad_row_is_refused(tmp_path):
    path = tmp_path / "gazetteer.csv"
    path.write_text("kind,id,name_ko,name_en,parent,aliases\nplanet,mars,화성,Mars,,화성\n", encoding="utf-8")

    with pytest.raises(ValueError, match="row 2: kind 'planet'"):
        Gazetteer.read(path)
