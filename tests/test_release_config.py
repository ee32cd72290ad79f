"""The `releases:` section of `config.yml`."""

import pytest

from index_build.config import ReleaseConfig, load_release_config
from knowledge.config import ConfigError


@pytest.fixture
def load(tmp_path):
    def from_text(text):
        (tmp_path / "config.yml").write_text(text, encoding="utf-8")
        return load_release_config(tmp_path / "config.yml")

    return from_text


def test_section_of_the_repository_is_read():
    config = load_release_config()

    assert 0.9 <= config.gate_right <= 1
    assert config.keep >= 2


@pytest.mark.parametrize("right", [0, 0.5, 1])
def test_values_are_read_as_they_stand(load, right):
    assert load(f"releases: {{gate_right: {right}, keep: 2}}\n") == ReleaseConfig(right, 2)


@pytest.mark.parametrize(
    "section",
    [
        "{gate_right: 1.01, keep: 5}",
        "{gate_right: -0.1, keep: 5}",
        "{gate_right: .nan, keep: 5}",
        "{gate_right: 95%, keep: 5}",
        "{gate_right: null, keep: 5}",
        "{gate_right: true, keep: 5}",
        "{gate_right: 0.95, keep: 1}",
        "{gate_right: 0.95, keep: 2.5}",
        "{gate_right: 0.95, keep: five}",
        "{gate_right: 0.95, keep: null}",
    ],
)
def test_value_out_of_range_is_refused(load, section):
    with pytest.raises(
        ConfigError, match=r"config.yml: `releases:` needs gate_right from 0 to 1 and a whole number"
    ):
        load(f"releases: {section}\n")


@pytest.mark.parametrize(
    "section", ["{gate_right: 0.95}", "{gate_right: 0.95, keep: 5, gate: 1}", "{}", "[1, 2]", "5", "null", ""]
)
def test_missing_or_unknown_keys_are_refused(load, section):
    with pytest.raises(ConfigError, match=r"config.yml: `releases:` must have the keys gate_right, keep"):
        load(f"releases: {section}\n")


@pytest.mark.parametrize("text", ["", "answers: {}\n", "releases: [", "- releases\n"])
def test_file_without_the_section_says_what_to_do(load, text):
    with pytest.raises(ConfigError, match=r"config.yml: no readable section `releases:` (?s:.*) Restore it"):
        load(text)


def test_missing_file_says_what_to_do(tmp_path):
    with pytest.raises(ConfigError, match=r"config.yml: no readable section"):
        load_release_config(tmp_path / "config.yml")
