"""Documents that tell different values of one fact."""

from index_build.contradictions.pairs import Contradiction, Statement, find_contradictions

__all__ = ["Contradiction", "Statement", "find_contradictions"]
