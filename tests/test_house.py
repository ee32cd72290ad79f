"""The plan of the house, held by tests: import directions, names that must agree, settings that must be documented."""

from __future__ import annotations

import ast
import re
from dataclasses import fields
from pathlib import Path

import pytest
import yaml

from actions import executor_for
from assistant.settings import Settings
from knowledge.answer import Status
from knowledge.config import AnswerConfig
from knowledge.library import Library

ROOT = Path(__file__).resolve().parent.parent
ROOM = ROOT / "assistant" / "rasa"
# Who may import whom; nobody imports `tests`, and the engine's room imports none of ours.
ALLOWED = {
    "knowledge": {"knowledge"},
    "index_build": {"knowledge", "index_build"},
    "actions": {"knowledge", "actions"},
    "assistant": {"knowledge", "index_build", "actions", "assistant"},
}


def imports_of(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return found


def python_files(package: str) -> list[Path]:
    return [path for path in (ROOT / package).rglob("*.py") if ROOM not in path.parents]


@pytest.mark.parametrize("package", ALLOWED)
def test_imports_point_one_way(package: str) -> None:
    wrong = {
        f"{path.relative_to(ROOT)} imports {name}"
        for path in python_files(package)
        for name in imports_of(path) & (set(ALLOWED) | {"tests", "benchmarks"}) - ALLOWED[package]
    }

    assert wrong == set()


def test_import_rule_notices_a_violation(tmp_path: Path) -> None:
    planted = tmp_path / "planted.py"
    planted.write_text("from assistant.chat import Chat\n")

    assert imports_of(planted) - ALLOWED["knowledge"] == {"assistant"}


def test_the_engine_imports_nothing_of_the_service() -> None:
    ours = {name for path in ROOM.glob("*.py") for name in imports_of(path)} & set(ALLOWED)

    assert ours == set()


def domain() -> dict[str, list[str]]:
    merged: dict[str, list[str]] = {"actions": [], "intents": [], "responses": []}
    for path in sorted((ROOM / "domain").glob("*.yml")):
        part = yaml.safe_load(path.read_text(encoding="utf-8"))
        for key in merged:
            merged[key] += list(part.get(key) or [])
    return merged


def test_every_action_of_the_domain_has_a_class_and_the_reverse(library: Library) -> None:
    registered = {action.name for action in executor_for(library).list_actions()}

    assert registered == set(domain()["actions"])


def test_every_intent_has_a_rule_and_at_least_25_examples_in_each_language() -> None:
    rules = (ROOM / "data" / "rules.yml").read_text(encoding="utf-8")
    for intent in domain()["intents"]:
        data = yaml.safe_load((ROOM / "data" / "nlu" / f"{intent}.yml").read_text(encoding="utf-8"))
        examples = [
            line for block in data["nlu"] for line in block["examples"].splitlines() if line.startswith("- ")
        ]
        korean = sum(bool(re.search("[가-힣ㄱ-ㅎ]", line)) for line in examples)

        assert f"intent: {intent}\n" in rules
        assert (korean >= 25, len(examples) - korean >= 25) == (True, True), intent


def test_the_domain_holds_no_figure() -> None:
    texts = "".join(path.read_text(encoding="utf-8") for path in (ROOM / "domain").glob("*.yml"))

    assert re.findall(r"\d[\d,.]*\s*(?:%|㎡|m2|원|won|평|년간|years)", texts) == []


def test_every_setting_is_documented() -> None:
    documented = (ROOT / ".env.example").read_text(encoding="utf-8")
    names = {field.name.upper() for field in fields(Settings)} - {"HOST"}

    assert {name for name in names if f"{name}=" not in documented} == set()


def test_every_key_of_the_answers_section_has_a_comment() -> None:
    text = (ROOT / "config.yml").read_text(encoding="utf-8")
    lines = {
        field.name: re.search(rf"^  {field.name}:.*$", text, re.MULTILINE) for field in fields(AnswerConfig)
    }

    assert [name for name, line in lines.items() if line is None or "#" not in line.group()] == []


def test_every_outcome_status_is_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")

    assert [status.value for status in Status if f"`{status.value}`" not in readme] == []


def test_no_file_names_a_machine_or_a_registry() -> None:
    patterns = re.compile(
        r"(?:^|[\s\"'(=])/(?:root|work|opt|tmp)/[a-z.]|pypi\.org|pythonhosted|registry\.npmjs"
    )
    tracked = [
        p
        for package in (*ALLOWED, "tests", "benchmarks")
        for p in (ROOT / package).rglob("*")
        if p.suffix in (".py", ".yml", ".md", ".js", ".html")
    ]
    named = [
        str(p.relative_to(ROOT))
        for p in tracked
        if ".venv" not in p.parts and p != Path(__file__) and patterns.search(p.read_text(encoding="utf-8"))
    ]

    assert named == []
