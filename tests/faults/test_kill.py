"""A reload that is killed."""

from pathlib import Path

from tests.faults.kill import kill_reloads


def test_a_killed_reload_leaves_every_article_whole(tmp_path: Path) -> None:
    """At whatever moment; the next reload completes and embeds nothing twice. `tests.faults.kill` goes on."""
    assert len(list(kill_reloads(tmp_path, articles=40, kills=6))) == 6
