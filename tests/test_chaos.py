"""Kill -9 at random moments: what is served is a whole published release, and the next build works."""

from tests.chaos import chaos

KILLS = 24


def test_any_killed_process_leaves_a_whole_published_release(tmp_path, embedder):
    stages = chaos(tmp_path / "home", KILLS, seed=3, embedder=embedder)

    assert stages.total() == KILLS
    assert len(stages) >= 3  # the kills came in different stages
