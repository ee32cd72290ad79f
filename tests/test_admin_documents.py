"""Uploading: hostile names and sizes, the same twice, versions, what is read of a file."""

from __future__ import annotations

import pytest

from assistant.admin.abouts import known_of
from assistant.admin.pages.documents import MAX_UPLOAD
from assistant.admin.uploads import UploadError, safe_name
from index_build.reading.assemble import read_document
from index_build.reading.safety.prechecks import MAX_FILE
from tests.offices import JINJU, NAJU, Editor, hwpx, office_app, upload_ids
from tests.staffing import signed_in

TEXT = f"{NAJU}\n".encode()


@pytest.fixture(scope="module")
def app(tmp_path_factory, embedder, config):
    with office_app(tmp_path_factory.mktemp("office"), embedder, config) as app:
        yield app


@pytest.fixture(scope="module")
def editor(app):
    return Editor(signed_in(app, "editor"))


@pytest.fixture
def uploads(app):
    """The folder, emptied."""
    found = app.state.back_office.uploads
    for upload in found.listed():
        found.remove(upload.name, "tests", app.state.access.clock())
    return found


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("plan.txt", "plan.txt"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\Kim\\계획.txt", "계획.txt"),
        ("/absolute.txt", "absolute.txt"),
        (".hidden.txt", "hidden.txt"),
        ("...txt", "txt"),
        ("a\r\nX-Evil: y.txt", "a X-Evil: y.txt"),
        ("nul\x00byte.txt", "nulbyte.txt"),
        ("<img src=x onerror=alert(1)>.txt", "<img src=x onerror=alert(1)>.txt"),
        ("\u202egnp.txt", "gnp.txt"),
        ("가" * 300 + ".txt", "가" * 65 + ".txt"),
        ("", "-"),
    ],
)
def test_name_is_cleaned_and_never_a_path(given, kept):
    assert safe_name(given) == kept


@pytest.mark.parametrize("given", ["land.csv", "LAND.CSV", "questions.jsonl", "README.md", "x.about.yml"])
def test_name_that_is_kept_for_something_else_is_refused(given):
    with pytest.raises(UploadError, match="kept for something else"):
        safe_name(given)


def test_file_lies_in_the_folder_whatever_its_name_says(editor, uploads, app):
    before = sorted(path.name for path in uploads.folder.parent.iterdir())
    response = editor.upload(("../../../escaped.txt", TEXT))

    assert response.status_code == 200
    assert [upload.name for upload in uploads.listed()] == ["escaped.txt"]
    assert sorted(path.name for path in uploads.folder.parent.iterdir()) == before


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("empty.txt", b"", "내용이 없는 빈 파일입니다"),
        ("picture.pdf", b"\x89PNG\r\n\x1a\n0000", "읽을 수 있는 형식이 아닙니다"),
        ("plan.pdf.exe", TEXT, "확장자는"),
        ("wrong.docx", TEXT, "확장자는 .docx인데"),
        ("land.csv", b"id\n", "이 이름은 따로 쓰입니다"),
    ],
)
def test_file_of_another_kind_is_refused_with_the_reason(editor, uploads, name, content, said):
    response = editor.upload((name, content))

    assert (response.status_code, uploads.listed()) == (422, [])
    assert said in response.text


def test_file_over_the_limit_is_refused_and_leaves_nothing(editor, uploads):
    response = editor.upload(("big.txt", b"a" * (MAX_FILE + 1)))

    assert (response.status_code, uploads.listed()) == (422, [])
    assert "허용 한도는 30 MB입니다" in response.text
    assert list((uploads.folder / ".incoming").iterdir()) == []


def test_request_over_the_limit_is_not_read(editor, uploads):
    def pieces():
        yield b"--x\r\nContent-Disposition: form-data; name=files; filename=a.txt\r\n\r\n"
        for _ in range(MAX_UPLOAD // 2**20 + 1):
            yield b"a" * 2**20

    headers = {"Content-Type": "multipart/form-data; boundary=x", "X-CSRF-Token": editor.csrf}
    response = editor.http.post("/admin/documents", content=pieces(), headers=headers)

    assert (response.status_code, uploads.listed()) == (413, [])


def test_several_files_are_taken_at_once_and_the_bad_one_is_named(editor, uploads):
    response = editor.upload(("one.txt", TEXT), ("bad.txt", b""), ("two.txt", f"{JINJU}\n".encode()))

    assert [upload.name for upload in uploads.listed()] == ["one.txt", "two.txt"]
    assert "bad.txt: 내용이 없는 빈 파일입니다" in response.text


def test_upload_of_nothing_says_so(editor, uploads):
    response = editor.upload(("", b""))

    assert (response.status_code, uploads.listed()) == (422, [])
    assert "고른 파일이 없습니다" in response.text


def test_same_bytes_twice_are_one_document(editor, uploads):
    editor.upload(("one.txt", TEXT))
    again = editor.upload(("one.txt", TEXT))
    renamed = editor.upload(("copy.txt", TEXT))

    assert "이미 있는 파일과 같습니다" in again.text
    assert "이미 올린 one.txt 파일과 내용이 같습니다" in renamed.text
    assert [upload.name for upload in uploads.listed()] == ["one.txt"]


def test_earlier_version_and_removed_file_can_be_brought_back(editor, uploads):
    editor.upload(("kept.txt", TEXT))
    editor.upload(("kept.txt", f"{JINJU}\n".encode()))
    (file,) = uploads.listed()
    first = uploads.history("kept.txt")[-1]
    editor.post("/admin/documents/restore", seq=str(first["seq"]))
    assert (uploads.folder / "kept.txt").read_bytes() == TEXT

    editor.post(f"/admin/documents/{file.id}/remove")
    assert uploads.listed() == []
    editor.post("/admin/documents/restore", seq=str(uploads.removed()[0]["seq"]))
    assert (uploads.folder / "kept.txt").read_bytes() == TEXT


@pytest.mark.parametrize("seq", ["", "0", "999999", "-1", "x", "9" * 30])
def test_version_that_is_not_kept_is_refused(editor, uploads, seq):
    assert editor.post("/admin/documents/restore", seq=seq).status_code == 422


@pytest.mark.parametrize("file", ["0" * 16, "..%2f..%2fetc%2fpasswd", "one.txt"])
def test_address_of_no_upload_is_not_found(editor, uploads, file):
    assert editor.get(f"/admin/documents/{file}").status_code == 404


def test_reading_shows_passages_tables_and_warnings(editor, uploads):
    html = (
        "<title>용지 안내</title><p>분양률은 XNUMX%입니다.</p><p style='display:none'>숨긴 글입니다.</p>"
        "<table><caption>남은 용지</caption><tr><th>도시</th><th>면적</th></tr><tr><td>나주</td><td>12</td></tr></table>"
    )
    (file,) = upload_ids(editor.upload(("land.html", html.encode())).text)
    page = editor.get(f"/admin/documents/{file}").text

    assert "<td>나주</td>" in page
    assert "남은 용지" in page
    assert "숨긴 글입니다" in page
    assert '<span class="tag bad">XNUMX' in page


def test_reading_of_a_file_that_cannot_be_read_says_why(editor, uploads):
    whole = hwpx(NAJU)
    response = editor.upload(("cut.hwpx", whole[: len(whole) // 2]))
    page = (
        editor.get(f"/admin/documents/{found[0]}").text
        if (found := upload_ids(response.text))
        else response.text
    )

    assert "손상되었거나" in page


ABOUT = {
    "title": "나주 안내",
    "publisher": "나주시",
    "as_of": "2026-01",
    "source_url": "https://naju.example/1",
}


def test_what_is_known_of_a_file_is_told_with_it_and_its_dates_go_with_a_new_version(editor, uploads):
    (file,) = upload_ids(editor.upload(("known.txt", TEXT)).text)
    editor.post(f"/admin/documents/{file}/about", **ABOUT)
    read = editor.get(f"/admin/documents/{file}").text
    document = read_document(uploads.folder / "known.txt")
    assert (document.title, document.publisher, document.as_of) == ("나주 안내", "나주시", "2026-01")
    assert "<dd>나주시</dd>" in read
    assert len(uploads.listed()) == 1

    editor.upload(("known.txt", f"{JINJU}\n".encode()))
    document = read_document(uploads.folder / "known.txt")
    assert (document.publisher, document.as_of) == ("나주시", "")


def test_nothing_known_of_a_file_that_was_taken_out_is_told_of_another_with_its_name(editor, uploads):
    (file,) = upload_ids(editor.upload(("again.txt", TEXT)).text)
    editor.post(f"/admin/documents/{file}/about", **ABOUT)
    editor.post(f"/admin/documents/{file}/remove")
    editor.upload(("again.txt", f"{JINJU}\n".encode()))

    assert set(known_of(uploads.folder / "again.txt").values()) == {""}


def test_file_is_downloaded_as_it_came_and_never_shown(editor, uploads):
    html = b"<script>window.__xss=1</script>\n<p>text</p>"
    (file,) = upload_ids(editor.upload(("한글 이름.html", html)).text)
    response = editor.get(f"/admin/documents/{file}/file")

    assert response.content == html
    assert response.headers["content-type"] == "application/octet-stream"
    assert response.headers["content-disposition"].startswith("attachment; filename*=utf-8''%ED%95%9C")
    assert (response.headers["content-security-policy"], response.headers["x-content-type-options"]) == (
        "sandbox", "nosniff",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("as_of", "어제"),
        ("valid_until", "2026-13"),
        ("source_url", "javascript:alert(1)"),
        ("title", "가" * 301),
    ],
)
def test_wrong_thing_known_of_a_file_is_refused_and_named(editor, uploads, field, value):
    (file,) = upload_ids(editor.upload(("wrong.txt", TEXT)).text)
    response = editor.post(f"/admin/documents/{file}/about", **{field: value})

    assert (response.status_code, known_of(uploads.folder / "wrong.txt")[field]) == (422, "")
    assert "고쳐 주십시오" in response.text


def test_text_known_of_a_file_is_no_yaml(editor, uploads):
    (file,) = upload_ids(editor.upload(("yaml.txt", TEXT)).text)
    editor.post(f"/admin/documents/{file}/about", title="x: [1]\nprogramme: evil\n&a *a")

    assert known_of(uploads.folder / "yaml.txt")["title"] == "x: [1] programme: evil &a *a"
    assert read_document(uploads.folder / "yaml.txt").programme == "general"


def test_upload_leaves_its_row_in_the_audit_log(editor, uploads, app):
    editor.upload(("noted.txt", TEXT), ("refused.txt", b""))
    rows = app.state.access.audit.rows(limit=2)

    assert [(row["name"], row["action"], row["object"], row["result"]) for row in rows] == [
        ("editor", "upload.add", "refused.txt", "refused"),
        ("editor", "upload.add", "noted.txt", "done"),
    ]
