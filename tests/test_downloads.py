"""A comparison to take away: the CSV file for spreadsheets and the page to print, from the service by its public routes."""

from __future__ import annotations

import csv
import io
import re

import pytest
from selectolax.lexbor import LexborHTMLParser

from knowledge.comparison import FACTS
from knowledge.config import DOCUMENTS
from tests.releasing import released
from tests.visitor import open_service

CSV, PAGE = "/api/v1/comparison.csv", "/comparison"
NAJU, JINJU, CHUNGBUK = "ic-gwangju-jeonnam", "ic-gyeongnam", "ic-chungbuk"
TWO = f"{NAJU},{JINJU}"


@pytest.fixture(scope="module")
def client(shipped_home, tmp_path_factory):
    with open_service(tmp_path_factory.mktemp("downloads"), shipped_home) as client:
        yield client


def get(client, path=CSV, places=TWO, **query):
    return client.get(path, params={"places": places} | query)


def lines(response):
    text = response.raise_for_status().content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


def shipped(table, row):
    with (DOCUMENTS / f"{table}.csv").open(encoding="utf-8-sig", newline="") as file:
        return next(given for given in csv.DictReader(file) if given["id"] == row)


# --- CSV ---


def test_the_file_opens_in_a_spreadsheet(client) -> None:
    response = get(client).raise_for_status()

    assert response.content.startswith(b"\xef\xbb\xbf")
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    assert response.headers["content-disposition"] == 'attachment; filename="comparison.csv"'
    assert response.text.count("\r\n") == len(lines(response)) == 1 + 2 * len(FACTS)


@pytest.mark.parametrize(
    ("language", "columns"),
    [
        ("ko", ["지역", "항목", "값", "기준일", "출처", "주소", "상태"]),
        ("en", ["place", "fact", "value", "as of", "source", "url", "status"]),
    ],
)
def test_the_file_has_its_columns_in_both_languages(client, language, columns) -> None:
    assert lines(get(client, language=language))[0] == columns


def test_a_line_is_the_row_of_the_catalogue(client) -> None:
    given = shipped("land", "L084")
    [line] = [
        row for row in lines(get(client, places=f"{NAJU},{CHUNGBUK}", facts="price"))[1:] if "충북" in row[0]
    ]

    assert line[:3] == ["충북 혁신도시(진천·음성)", "과거 분양가", "㎡당 289,094원"]
    assert line[3:] == [given["as_of"], given["source_title"], given["url"], "출처에서 확인"]


def test_a_value_that_is_not_on_record_has_neither_date_nor_source(client) -> None:
    [naju] = [row for row in lines(get(client, facts="price"))[1:] if "나주" in row[0]]

    assert naju[2:] == ["가격 기록 없음", "", "", "", "자료 없음"]


def test_a_place_with_two_values_has_two_lines(client) -> None:
    found = lines(get(client, places=f"ic-jeonbuk,{NAJU}", facts="tax", language="en"))[1:]

    assert [row[2] for row in found] == [
        "Jeonju, Jeonbuk: 100% for 5 years, then 50% for 3 years",
        "Wanju, Jeonbuk: 100% for 7 years, then 50% for 4 years",
        "100% for 7 years, then 50% for 4 years",
    ]


def test_a_table_in_english_says_nothing_in_korean_itself(client) -> None:
    said = [cell for row in lines(get(client, language="en")) for cell in (row[0], row[1], row[2], row[6])]

    assert [cell for cell in said if re.search("[가-힣]", cell)] == []


# --- page ---


def page(client, **query):
    return LexborHTMLParser(get(client, PAGE, **query).raise_for_status().text)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_page_shows_the_same_values_as_the_file(client, language) -> None:
    shown = page(client, language=language)
    cells = [p.text().strip() for p in shown.css("td p:not(.source)")]

    assert sorted(cells) == sorted(row[2] for row in lines(get(client, language=language))[1:])
    assert shown.css_first("html").attributes["lang"] == language


def test_each_value_on_the_page_has_its_date_and_leads_to_its_source(client) -> None:
    shown = page(client, facts="left,sold,tax")
    under = [p.text() for p in shown.css("td p.source")]
    targets = [a.attributes["href"] for a in shown.css("td p.source a")]

    assert len(under) == len(targets) == 6
    assert all("기준" in text for text in under)
    assert [target for target in targets if shown.css_first(target) is None] == []
    assert "http://www.kwangju.co.kr/" in shown.css_first("ol").text()


def test_the_page_says_when_and_from_which_release_it_was_printed(client) -> None:
    said = page(client).css_first(".printed").text()

    assert re.fullmatch(rf"20\d\d-\d\d-\d\d 출력 · 자료 판 {client.app.state.library.release.id}", said)


def test_the_page_tells_the_differences_and_what_does_not_compare(client) -> None:
    text = page(client, places=f"{NAJU},ic-ulsan").css_first("main").text()

    assert "남은 면적의 기준일이 서로 달라" in text
    assert "이전 세금 감면은 광주·전남 혁신도시(나주)가 가장 깁니다" in text


def test_the_page_needs_no_script_and_allows_no_foreign_one(client) -> None:
    response = get(client, PAGE).raise_for_status()
    policy = response.headers["content-security-policy"]

    assert LexborHTMLParser(response.text).css("script, [onclick], [style], style, iframe") == []
    assert "default-src 'none'; script-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy


def test_the_page_leads_to_its_file_its_other_language_and_its_style(client) -> None:
    shown = page(client, facts="land")
    addresses = [a.attributes["href"] for a in shown.css(".links a")] + [
        shown.css_first("link[rel=stylesheet]").attributes["href"]
    ]
    kinds = [
        client.get(address).raise_for_status().headers["content-type"].split(";")[0] for address in addresses
    ]

    assert kinds == ["text/csv", "text/html", "text/css"]
    assert 'lang="en"' in client.get(addresses[1]).text


# --- refusals ---

REFUSED = [
    ({"places": f"{NAJU},ic-atlantis"}, ["ic-atlantis", NAJU, "ucz-ulsan"]),
    ({"places": NAJU}, ["places", "1", NAJU]),
    ({"places": f"{NAJU},{NAJU}"}, ["places", "1"]),
    ({"places": ""}, ["places", "0"]),
    ({"places": f"{TWO},{CHUNGBUK},ic-jeju,ic-ulsan,ic-daegu"}, ["places", "6", "5"]),
    ({"facts": "land,gas"}, ["facts", "gas", "price"]),
    ({"language": "fr"}, ["language"]),
    ({"places": "x" * 500}, ["places"]),
]


@pytest.mark.parametrize("path", [CSV, PAGE])
@pytest.mark.parametrize(("query", "named"), REFUSED)
def test_what_cannot_be_compared_is_refused_by_name(client, path, query, named) -> None:
    response = get(client, path, **({"places": TWO, "language": "en"} | query))

    assert (response.status_code, response.headers["content-type"]) == (422, "application/problem+json")
    assert [name for name in named if name not in response.json()["detail"]] == []


def test_a_refusal_is_in_the_language_asked_for(client) -> None:
    assert "모르는 값" in get(client, places=f"{NAJU},x", language="ko").json()["detail"]


# --- hostile catalogue ---

FORMULA = '=HYPERLINK("http://evil.example","2021")'
SCRIPT = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def hostile(tmp_path_factory, embedder):
    """A release whose uploaded catalogue tries to run something in a spreadsheet or browser."""
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "docs").mkdir()
    (folder / "docs" / "note.txt").write_text("The city supports companies there.", encoding="utf-8")
    with (DOCUMENTS / "land.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        row |= {"source_title": FORMULA, "publisher": SCRIPT, "url": "javascript:alert(1)"}
        if row["metric"] == "price":
            row["site_ko"] = SCRIPT
    with (folder / "docs" / "land.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    released(folder / "home", [folder / "docs"], embedder)
    with open_service(tmp_path_factory.mktemp("service"), folder / "home") as client:
        yield client


def test_no_cell_of_the_file_is_a_formula(hostile) -> None:
    found = lines(get(hostile, facts="sold,price"))

    assert f"'{FORMULA}" in [row[4] for row in found]
    assert [cell for row in found for cell in row if cell[:1] in tuple("=+-@\t\r＝＋－＠") and cell] == []


def test_the_page_shows_hostile_text_as_text(hostile) -> None:
    response = get(hostile, PAGE, places=f"{CHUNGBUK},{JINJU}").raise_for_status()
    shown = LexborHTMLParser(response.text)

    assert shown.css("script") == []
    assert SCRIPT in shown.css_first("table").text()
    assert [
        a.attributes["href"] for a in shown.css("a") if "javascript" in (a.attributes["href"] or "")
    ] == []
