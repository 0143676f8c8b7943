"""The archive's commands, run in process on small archives."""

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from bot.cli import main
from retrieval import Archive, Config

FERRY = "How many passengers did the ferry carry in June?"


pytestmark = pytest.mark.usefixtures("small_model")


@pytest.fixture
def shell(news: Path, capsys: pytest.CaptureFixture[str]) -> "Shell":
    return Shell(news, capsys)


class Shell:
    """Runs commands on the small articles."""

    def __init__(self, news: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.news = news
        self._capsys = capsys
        self.configure()

    def configure(self, **settings: Any) -> None:
        """Write the configuration anew, with these settings."""
        lines = [f"  {key}: {value}" for key, value in ({"ranker": "none", "threshold": 0.0} | settings).items()]
        (self.news / "config.yaml").write_text("\n".join(["retrieval:", *lines]) + "\n", encoding="utf-8")

    def edit(self, old: str, new: str) -> None:
        """Change the article about the ferry."""
        path = self.news / "articles" / "ferry.txt"
        path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")

    def run(self, *arguments: str, status: int = 0) -> str:
        """What a command writes on standard output; its status must be `status`."""
        assert main([*arguments, "--config", str(self.news / "config.yaml")]) == status
        shown = self._capsys.readouterr()
        self.errors = shown.err
        return shown.out

    def json(self, *arguments: str, status: int = 0) -> list[dict[str, Any]]:
        """The objects that a command writes with `--json`."""
        return [json.loads(line) for line in self.run(*arguments, "--json", status=status).splitlines()]


def test_reload_shows_what_changed(shell: Shell) -> None:
    """Articles by id, sentences as they were and are, counts."""
    assert "2 added, 0 changed" in shell.run("reload")
    shell.edit("12,400", "13,500")
    assert "changed  ferry\n  - The ferry from Harlow Quay carried 12,400" in shell.run("reload", "--dry-run")
    assert "  + The ferry from Harlow Quay carried 13,500" in shell.run("reload")
    assert shell.json("reload")[0]["unchanged"] == 2


def test_reload_says_what_failed(shell: Shell) -> None:
    """On standard error, with status 3; the rest is done."""
    (shell.news / "articles" / "bad.txt").write_bytes(b"")
    assert "2 added" in shell.run("reload", status=3)
    assert "bad.txt" in shell.errors


def test_add_and_remove(shell: Shell, tmp_path: Path) -> None:
    """Each source by itself; what cannot be read or is not there is said."""
    path = tmp_path / "tram.txt"
    path.write_text("The tram is late.\n", encoding="utf-8")
    assert "added    tram" in shell.run("add", str(path), str(tmp_path / "none.txt"), status=3)
    assert "none.txt" in shell.errors
    shell.run("remove", "tram", "nothing", status=1)
    assert "There is no article with the id “nothing”." in shell.errors
    assert "tram" not in shell.run("articles")


def test_articles_are_filtered(shell: Shell) -> None:
    """By source, date, language and words; status 1 where none is left."""
    (shell.news / "articles" / "tram.md").write_text(
        "---\nsource: The Example\npublished: 2025-02-13\nlanguage: de\n---\nDie Bahn\nist spät.", encoding="utf-8"
    )
    for arguments in (["--source", "example"], ["--since", "2025-02-13"], ["--language", "de"], ["--text", "bahn ist"]):
        shown = shell.run("articles", *arguments)
        assert "tram" in shown
        assert "ferry" not in shown
    assert shell.run("articles", "--since", "2025-02-14", status=1) == ""


def test_staging_from_the_command_line(shell: Shell) -> None:
    """A reload is staged and proved, shown again, published, rolled back."""
    shell.run("reload")
    (shell.news / "golden.jsonl").write_text(
        json.dumps({"question": FERRY, "sentences": ["The ferry from Harlow"]}) + "\n", encoding="utf-8"
    )
    shell.configure(publish="approve", golden="golden.jsonl")
    shell.edit("12,400", "13,500")
    shown = shell.run("reload")
    assert "It is staged" in shown
    assert "Golden questions: 0 better, 0 worse, 1 with another citation, 0 lost." in shown
    assert shell.json("publish", "--dry-run")[1]["moved"][0]["question"] == FERRY
    assert "12,400" in shell.run("ask", FERRY)
    assert "1 changed" in shell.run("publish")
    assert "13,500" in shell.run("ask", FERRY)
    assert "1 changed" in shell.run("rollback")
    assert "12,400" in shell.run("ask", FERRY)
    shell.run("publish", status=1)
    assert "Nothing is staged." in shell.errors


def test_discard(shell: Shell) -> None:
    """Status 1 where there is nothing to forget."""
    shell.configure(publish="approve")
    shell.run("ask", FERRY, status=3)
    assert "article-bot publish" in shell.errors
    assert shell.run("discard") == "2 discarded.\n"
    assert shell.json("discard", status=1) == [{"discarded": 0}]


def test_history_is_a_readable_diff(shell: Shell) -> None:
    """Each version with what changed in it, by sentences."""
    shell.run("reload")
    shell.edit("12,400", "13,500")
    shell.run("reload")
    shown = shell.run("history", "ferry")
    assert shown.count("release ") == 2
    assert "  - The ferry from Harlow Quay carried 12,400 passengers in June, twice as many" in shown
    assert "  + The ferry from Harlow Quay carried 13,500 passengers in June, twice as many" in shown
    first = shell.json("history", "ferry")[0]["version"]
    shell.run("rollback", "ferry", first[:6])
    assert shell.json("history", "ferry")[-1]["version"] == first
    shell.run("history", "nothing", status=1)
    shell.run("history", status=2)


def test_answers_that_rest_on_what_changed(shell: Shell) -> None:
    """With the sentence as it was and as it is, or that nothing like it is left."""
    shell.run("reload")
    archive = Archive.open(Config(folder=shell.news, ranker="none", threshold=0.0, max_citations=1))
    key = archive.keep(archive.ask(FERRY), asker="tg:1")
    archive.close()
    assert shell.run("history", "--answers") == ""
    shell.edit("12,400", "13,500")
    shell.run("reload")
    assert f"{key}  {FERRY}\n  ferry\n  - The ferry" in shell.run("history", "--answers")
    found = shell.json("history", "--answers")[0]
    assert (found["key"], "13,500" in found["present"]["text"]) == (key, True)
    shell.run("remove", "ferry")
    assert "(nothing like it)" in shell.run("history", "--answers")


def test_backup_and_restore(shell: Shell, tmp_path: Path) -> None:
    """There and back; a damaged backup is refused with status 3."""
    shell.run("reload")
    shell.run("backup", str(tmp_path / "backup.sqlite"))
    shell.edit("12,400", "13,500")
    shell.run("reload")
    assert "1 changed" in shell.run("restore", str(tmp_path / "backup.sqlite"))
    (tmp_path / "backup.sqlite").write_bytes(b"damaged")
    shell.run("restore", str(tmp_path / "backup.sqlite"), status=3)
    assert "is damaged" in shell.errors
    assert "bytes given back" in shell.run("vacuum")


WATCHING = """\
import sys
from bot.cli import main
from retrieval import Archive
from tests.conftest import HashingEmbedder, PatternReader
opened = Archive.open
Archive.open = lambda config: opened(config, embedder=HashingEmbedder(), reader=PatternReader())
sys.exit(main(["reload", "--watch", "--config", sys.argv[1]]))
"""


def test_reload_watches_files(shell: Shell) -> None:
    """An edit is taken in without being asked for, until the command is interrupted."""
    command = [sys.executable, "-u", "-c", WATCHING, str(shell.news / "config.yaml")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            lines = iter(process.stdout.readline, "")
            assert any("2 added" in line for line in lines)
            for number in range(10):  # the watch begins a moment after the first report
                shell.edit("12,400" if not number else f"{number}00", f"{number + 1}00")
                time.sleep(0.3)
            assert any("changed  ferry" in line for line in lines)
        finally:
            process.terminate()
