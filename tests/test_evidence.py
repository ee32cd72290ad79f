"""The probability that a passage answers."""

import dataclasses

import pytest

from knowledge.answer import confidence
from knowledge.evidence import MEASURES, Evidence

NOTHING = Evidence(**dict.fromkeys(MEASURES, 0.0))


def weights(**given):
    return dict.fromkeys((*MEASURES, "constant"), 0.0) | given


def test_support_is_the_logistic_of_the_weighted_measures():
    evidence = dataclasses.replace(NOTHING, passage=0.9, covered=0.5)

    assert evidence.support(weights(passage=2.0, covered=-1.0, constant=-1.3)) == pytest.approx(0.5)


@pytest.mark.parametrize("constant", [-1e6, 1e6])
def test_support_stays_a_probability(constant):
    assert 0 <= NOTHING.support(weights(constant=constant)) <= 1


def test_support_needs_a_weight_for_each_measure():
    with pytest.raises(KeyError, match="behind"):
        NOTHING.support({name: 0.0 for name in (*MEASURES, "constant") if name != "behind"})


@pytest.mark.parametrize(("support", "expected"), [(0.1, 0.5), (0.0, 0.0), (1.0, 1.0), (0.5, 0.9)])
def test_confidence_is_one_half_at_the_threshold(support, expected):
    assert confidence(support, 0.1) == pytest.approx(expected, abs=1e-6)


def test_config_has_a_weight_for_each_measure(config):
    assert [set(own) for own in config.support_weights.values()] == [{*MEASURES, "constant"}] * 2
