"""`article-bot doctor`."""

from pathlib import Path

import pytest

from bot.cli import main


def examined(folder: Path, capsys: pytest.CaptureFixture[str], content: str) -> tuple[int, str]:
    (folder / "config.yaml").write_text(content, encoding="utf-8")
    status = main(["doctor", "--config", str(folder / "config.yaml")])
    return status, capsys.readouterr().out


def test_a_sound_installation(news: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Every part is said to be sound; the token is not needed for it."""
    monkeypatch.delenv("ARTICLE_BOT_TOKEN", raising=False)
    status, shown = examined(news, capsys, "retrieval:\n  ranker: none\n")
    assert status == 0
    assert "PROBLEM" not in shown
    for part in ("configuration", "articles", "model", "ranker", "store", "token"):
        assert part in shown


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("retrieval:\n  colour: red\n", "unknown key `retrieval.colour`"),
        ("retrieval:\n  ranker: none\n  articles: [nowhere]\n", "there is no such file or folder"),
        ("retrieval:\n  ranker: none\n  articles: ['http://127.0.0.1/feed']\n", "which is not public"),
        ("retrieval:\n  ranker: none\n  model: ./nowhere\n", "There is no model folder"),
        ("retrieval:\n  ranker: ./nowhere\n", "There is no model folder"),
    ],
)
def test_what_is_wrong_is_said(news: Path, capsys: pytest.CaptureFixture[str], content: str, words: str) -> None:
    """Exit status 3, and the part that is wrong is marked."""
    status, shown = examined(news, capsys, content)
    assert status == 3
    (line,) = [line for line in shown.splitlines() if line.startswith("PROBLEM") and words in line]
    assert line


def test_a_token_is_never_shown(
    news: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither a good one nor a bad one."""
    for token, status in (("123456:" + "S" * 35, 0), ("sesame", 3)):
        monkeypatch.setenv("ARTICLE_BOT_TOKEN", token)
        found, shown = examined(news, capsys, "retrieval:\n  ranker: none\n")
        assert found == status
        assert token not in shown
