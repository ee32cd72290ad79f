"""`python -m index_build`: exit codes and what is printed."""

import json
import subprocess
import sys

import pytest

from index_build.__main__ import main
from knowledge.home import current_id
from tests.conftest import ROOT

HEAD = "---\ntitle: 시험\nprogramme: general\nlanguage: ko\n---\n"


@pytest.fixture
def docs(tmp_path):
    folder = tmp_path / "docs"
    folder.mkdir()
    (folder / "sheet.md").write_text(
        HEAD + "\n## 나주\n용지가 남았습니다.\n\n## 부산\n없습니다.\n", encoding="utf-8"
    )
    return folder


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A home with one release, built by the command."""
    docs, home = tmp_path_factory.mktemp("docs"), tmp_path_factory.mktemp("home")
    (docs / "sheet.md").write_text(HEAD + "\n## 나주\n용지가 남았습니다.\n", encoding="utf-8")
    assert main(["build", "--source", str(docs), "--home", str(home)]) == 0
    return home


def test_build_prints_counts_and_refused_files(docs, tmp_path, capsys):
    (docs / "old.txt").write_bytes(b"\x89PNG\r\n\x1a\n0000")
    code = main(["build", "--json", "--source", str(docs), "--home", str(tmp_path / "new")])
    out, err = capsys.readouterr()
    report = json.loads(out)

    assert code == 0
    assert (report["documents"], report["passages"], report["embedded"]) == (1, 2, 2)
    assert report["id"] == current_id(tmp_path / "new")
    assert "refused: old.txt: its content is not of a kind that can be read" in err


@pytest.mark.parametrize(
    ("source", "said"), [("nowhere", "no such folder"), ("empty", "No readable document")]
)
def test_build_without_documents_exits_with_2(tmp_path, capsys, source, said):
    (tmp_path / "empty").mkdir()
    code = main(["build", "--source", str(tmp_path / source), "--home", str(tmp_path / "new")])

    assert code == 2
    assert said in capsys.readouterr().err


def test_build_with_a_wrong_row_exits_with_2_and_names_it(docs, tmp_path, capsys):
    (docs / "land.csv").write_text("id\nL001\n", encoding="utf-8")
    code = main(["build", "--source", str(docs), "--home", str(tmp_path / "new")])

    assert code == 2
    assert "land.csv: its columns are id; they must be" in capsys.readouterr().err


def test_list_marks_the_served_release(home, capsys):
    assert main(["list", "--home", str(home)]) == 0

    assert capsys.readouterr().out == f"* {current_id(home)}  1 passages\n"


def test_list_without_releases_exits_with_1_and_the_next_step(tmp_path, capsys):
    assert main(["list", "--home", str(tmp_path)]) == 1

    assert "No releases yet. Run: python -m index_build build" in capsys.readouterr().out


def test_verify_of_a_whole_release_exits_with_0(home, capsys):
    assert main(["verify", "--json", "--home", str(home)]) == 0

    value = json.loads(capsys.readouterr().out)
    assert (value["id"], value["whole"], len(value["files"])) == (current_id(home), True, 15)


def test_verify_of_a_damaged_release_exits_with_1_and_names_the_file(docs, tmp_path, capsys):
    home = tmp_path / "new"
    main(["build", "--source", str(docs), "--home", str(home)])
    (home / "releases" / current_id(home) / "vectors.ko.faiss").write_bytes(b"")
    code = main(["verify", "--home", str(home)])

    assert code == 1
    assert "vectors.ko.faiss was altered after publishing" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["publish", "20200101-000000-abcdef"], "Release 20200101-000000-abcdef: manifest.json is missing"),
        (["rollback"], "No whole release was published before the first one"),
        (["verify"], "No release is published. Run: python -m index_build build"),
    ],
)
def test_command_that_finds_no_release_exits_with_1(tmp_path, capsys, arguments, said):
    assert main([*arguments, "--home", str(tmp_path)]) == 1

    assert said in capsys.readouterr().err


def test_publish_of_a_known_release_exits_with_0(home, capsys):
    release_id = current_id(home)

    assert main(["publish", release_id, "--home", str(home)]) == 0
    assert capsys.readouterr().out == f"{release_id} is served now.\n"


def test_inspect_shows_each_passage(docs, capsys):
    assert main(["inspect", str(docs / "sheet.md")]) == 0

    out = capsys.readouterr().out
    assert out.startswith("시험 (ko), 2 passages\n")
    assert "나주\n용지가 남았습니다." in out


def test_inspect_as_json_lists_each_passage(docs, capsys):
    assert main(["inspect", "--json", str(docs / "sheet.md")]) == 0

    assert [p["section"] for p in json.loads(capsys.readouterr().out)["passages"]] == ["나주", "부산"]


def test_inspect_of_an_unreadable_file_exits_with_2(tmp_path, capsys):
    (tmp_path / "old.txt").write_bytes(b"\x89PNG\r\n\x1a\n0000")

    assert main(["inspect", str(tmp_path / "old.txt")]) == 2
    assert "old.txt: its content is not of a kind that can be read" in capsys.readouterr().err


def test_inspect_of_a_missing_file_exits_with_2(tmp_path, capsys):
    assert main(["inspect", str(tmp_path / "nowhere.md")]) == 2

    assert "nowhere.md" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [[], ["bild"], ["publish"], ["list", "--verbose"]])
def test_wrong_use_exits_with_2_and_shows_the_usage(capsys, arguments):
    with pytest.raises(SystemExit) as stopped:
        main(arguments)

    assert stopped.value.code == 2
    assert "usage: python -m index_build" in capsys.readouterr().err


def test_command_line_passes_its_exit_code_on(tmp_path):
    command = [sys.executable, "-m", "index_build", "verify", "--home", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)

    assert done.returncode == 1
    assert (done.stdout, "Run: python -m index_build build" in done.stderr) == ("", True)
