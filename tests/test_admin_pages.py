"""All pages of the console: who may see them, in both languages, and nothing that anybody wrote becomes markup."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from lxml import html as markup

from assistant.access import permissions_of
from assistant.accounts import PERMISSIONS, ROLES
from assistant.admin.pages.base import PAGES
from assistant.admin.words import WORDS
from assistant.app import WEB
from tests.offices import Editor, office_app, plant, upload_ids
from tests.payloads import PAYLOADS
from tests.staffing import Person, problem, signed_in

TEMPLATES = sorted((WEB / "admin").glob("*.html"))


@pytest.fixture(scope="module")
def app(tmp_path_factory, embedder, config):
    with office_app(tmp_path_factory.mktemp("office"), embedder, config) as app:
        yield app


@pytest.fixture(scope="module")
def people(app):
    return {role: signed_in(app, role) for role in ROLES}


@pytest.fixture(scope="module")
def admin(people):
    return Editor(people["admin"])


def routes(app):
    return {route: permission for route, permission in permissions_of(app).items() if " /admin" in route}


def address(route):
    method, path = route.split()
    return method, re.sub(r"\{\w+\}", "0", path)


def test_every_route_of_the_console_names_a_permission(app):
    found = routes(app)

    assert len(found) >= 35
    assert {route for route, permission in found.items() if permission not in PERMISSIONS} == set()


def test_each_role_reaches_what_it_is_permitted_and_nothing_else(app, people):
    wrong = []
    for route, permission in routes(app).items():
        method, path = address(route)
        if path == "/admin/releases/build/events":
            continue  # a stream: below
        for role, person in people.items():
            # A form of a stranger: whoever is not permitted is refused before it is looked at.
            form = {"data": {"csrf": "x"}} if method == "POST" else {}
            response = person.http.request(method, path, **form)
            refused = response.status_code == 403 and "form_token" not in response.text
            if refused == (permission in ROLES[role]):
                wrong.append((route, role, response.status_code))

    assert wrong == []


def test_progress_is_streamed_to_readers_only(people):
    viewer = people["viewer"].http.get("/admin/releases/build/events")

    assert (viewer.status_code, viewer.headers["content-type"]) == (200, "text/event-stream; charset=utf-8")
    assert viewer.text.startswith("event: end\n")
    assert people["agent"].http.get("/admin/releases/build/events").status_code == 403


def test_form_without_its_token_changes_nothing(app, people):
    for route in routes(app):
        method, path = address(route)
        if method == "POST":
            assert problem(people["admin"].http.post(path, data={})) == (403, "form_token"), route


def test_whoever_is_signed_out_is_led_to_the_sign_in_page(app):
    stranger = Person(app).http
    for name in ("", *(f"/{page}" for page in PAGES)):
        response = stranger.get(f"/admin{name}")

        assert response.status_code == 303
        assert response.headers["location"].startswith("/staff/login?next=%2Fadmin")


@pytest.mark.parametrize(("language", "words"), [("ko", "없는 주소입니다"), ("en", "No such address")])
def test_address_that_leads_nowhere_is_told_on_a_page(admin, language, words):
    response = admin.get(f"/admin/releases/none?language={language}")

    assert (response.status_code, markup.fromstring(response.text).get("lang")) == (404, language)
    assert words in response.text


def test_other_language_of_a_page_after_a_form_leads_to_a_page(admin):
    page = markup.fromstring(admin.post("/admin/releases/rollback", served="x").text)
    (address,) = page.xpath("//header//a[@hreflang]/@href")

    assert admin.get(address).status_code == 200


@pytest.mark.parametrize("language", ["ko", "en"])
def test_each_page_is_shown_in_the_chosen_language(admin, language):
    for name in ("", *(f"/{page}" for page in PAGES)):
        page = admin.get(f"/admin{name}?language={language}")
        tree = markup.fromstring(page.text)

        assert (page.status_code, tree.get("lang")) == (200, language)
        assert len(tree.xpath("//h1")) == len(tree.xpath("//main//h2")) == 1
        chrome = " ".join(
            tree.xpath("//nav//text() | //main//h2//text() | //main//button/text() | //thead//text()")
        )
        assert bool(re.search("[가-힣]", chrome)) == (language == "ko"), name


def test_pages_carry_a_strict_policy_and_are_not_stored(admin):
    response = admin.get("/admin")

    assert "unsafe" not in response.headers["content-security-policy"]
    assert "script-src 'self'" in response.headers["content-security-policy"]
    assert response.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_templates_hold_no_inline_script_style_or_unescaped_value(template: Path):
    text = template.read_text(encoding="utf-8")

    assert (
        re.findall(
            r"\sstyle=|\son\w+=|<style|<script(?! (?:type=\"module\" )?src=)|\|\s*safe|autoescape", text
        )
        == []
    )


def test_templates_use_words_that_exist():
    used = {
        key for path in TEMPLATES for key in re.findall(r'\bt\("([\w.]*\w)"[,)\s]', path.read_text("utf-8"))
    }

    assert len(used) > 100
    assert {key for key in used if key not in WORDS} == set()
    assert {key for key, texts in WORDS.items() if not all(texts)} == set()


def inert(page: str) -> list[str]:
    """What of a page is no markup of ours: scripts, handlers, addresses and elements that no template writes."""
    tree = markup.fromstring(page)
    ours = "html head meta title link script body a header h1 h2 h3 h4 form input button div nav ul ol li main p section label b "
    ours += "details summary table thead tbody tr th td span tag code dl dt dd select option textarea figure figcaption article mark "
    ours += "blockquote progress template svg text rect"
    strange = [str(e.tag) for e in tree.iter() if isinstance(e.tag, str) and e.tag not in ours.split()]
    for element in tree.iter():
        for name, value in getattr(element, "attrib", {}).items():
            if name.startswith("on") or name in ("style", "srcdoc", "formaction", "http-equiv"):
                strange.append(f"{element.tag} {name}")
            if name in ("href", "src", "action") and not value.startswith(("/", "#", "data:,", "mailto:")):
                strange.append(f"{element.tag} {name}={value}")
    return strange + tree.xpath("//script/text()")


def test_what_visitors_documents_files_and_staff_write_stays_text(app, admin):
    uploaded = plant(app, admin)
    pages = [
        uploaded.text,
        *(admin.get(f"/admin/documents/{id}").text for id in upload_ids(uploaded.text)[:4]),
    ]
    shown = {upload.name: upload.id for upload in app.state.back_office.uploads.listed()}
    pages += [admin.get(f"/admin/documents/{shown[name]}").text for name in ("cells.csv", "text.hwpx")]
    assert "<td>&lt;script&gt;window.__xss=1&lt;/script&gt;</td>" in pages[-2]
    assert "&lt;svg onload=window.__xss=1&gt;" in pages[-1]
    board = admin.get("/admin/questions?days=365").text
    assert "&lt;img src=x onerror=window.__xss=1&gt;" in board
    for payload in PAYLOADS:
        pages.append(admin.http.get("/admin/search", params={"q": payload}).text)
    pages += [admin.get(f"/admin{path}").text for path in ("", *(f"/{page}" for page in PAGES))]
    pages += [board, admin.get("/admin/figures?days=90").text]
    pages.append(admin.post("/admin/accounts", name=PAYLOADS[0], role="viewer").text)
    pages.append(admin.post("/admin/releases/rollback", served=PAYLOADS[0]).text)

    assert [found for page in pages if (found := inert(page))] == []


def test_search_for_markup_notices_what_is_not_inert():
    assert (
        inert("<html><body><p onclick='x'>a</p><img src=x><a href='javascript:x'>b</a></body></html>") != []
    )
