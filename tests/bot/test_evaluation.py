"""`article-bot eval`, and messages of several questions, on small archives."""

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from bot.cli import main
from bot.conversation import Conversation
from bot.memory import Memory
from bot.terminal import HERE
from retrieval import Archive, Config

ROWS: tuple[Any, ...] = (
    {
        "question": "How many passengers did the ferry carry in June?",
        "article": "ferry",
        "sentences": ["The ferry from"],
    },
    {"id": 2, "question": "Who said the ferry?", "sentences": ["Divers had found"], "speaker": "Ana Ruiz"},
    {"question": "Who won the World Cup?", "answer": None},
)
TWO = "How many passengers did the ferry carry? And who denied that he had raised the fare?"


pytestmark = pytest.mark.usefixtures("small_model")


@pytest.fixture
def golden(news: Path) -> list[str]:
    """The arguments that evaluate a golden file on the small articles."""
    (news / "config.yaml").write_text("retrieval:\n  ranker: none\n  threshold: 0.0\n", encoding="utf-8")
    return ["eval", write(news, *ROWS), "--config", str(news / "config.yaml")]


def write(news: Path, *rows: Any) -> str:
    lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
    (news / "golden.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(news / "golden.jsonl")


def test_measures_and_wrong_answers(golden: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """A line for each measure, and each wrong answer with what was expected and given."""
    assert main(golden) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("3 questions\n")
    assert "1 of 2" in next(line for line in shown.splitlines() if line.startswith("right sentence cited first"))
    assert "Wrong: 2\n" in shown
    assert "expected  Divers had found cracks in a second pier. · Ana Ruiz" in shown
    assert "expected  (the articles do not say)" in shown


def test_bounds_decide_the_status(golden: list[str], news: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """From the file's first line or from options, which win."""
    assert main([*golden, "--min-right", "0.5", "--min-right-in-3", "0.5"]) == 0
    assert main([*golden, "--min-declined", "0.5"]) == 1
    assert "BELOW its bound of 50.0%" in capsys.readouterr().out
    write(news, {"bounds": {"right": 0.9}}, *ROWS)
    assert main([*golden, "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["below"] == ["right"]
    assert main([*golden, "--min-right", "0.4"]) == 0
    with pytest.raises(SystemExit) as ended:
        main([*golden, "--min-right", "40"])
    assert ended.value.code == 2


def test_runs_are_compared(golden: list[str], news: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Question by question, as text and as JSON."""
    run = str(news / "run.json")
    assert main([*golden, "--save", run]) == 0
    strict = news / "strict.yaml"
    strict.write_text("retrieval:\n  ranker: none\n  threshold: 1.0\n", encoding="utf-8")
    capsys.readouterr()
    assert main([*golden, "--config", str(strict), "--compare", run]) == 0
    shown = capsys.readouterr().out
    assert "Better than before: 1\n\n  Who won the World Cup?" in shown
    assert "Worse than before: 1\n\n  How many passengers" in shown
    assert shown.endswith("Since the run before: 1 better, 1 worse, 0 new, 0 gone.\n")
    assert main([*golden, "--json", "--config", str(strict), "--compare", run]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["compared"]["better"] == ["Who won the World Cup?"]
    assert found["measures"]["declined"] == {"count": 1, "total": 1, "share": 1.0}
    assert found["outcomes"][1]["key"] == "2"


@pytest.mark.parametrize(
    "row", ["not json", {"question": "Who?", "sentences": ["Nobody wrote this"]}, {"question": "🎉", "answer": None}]
)
def test_a_wrong_golden_line(golden: list[str], news: Path, capsys: pytest.CaptureFixture[str], row: Any) -> None:
    """Exit status 2 and one sentence that names the line."""
    write(news, *ROWS, row)
    assert main(golden) == 2
    captured = capsys.readouterr()
    assert (captured.out, captured.err.count("\n")) == ("", 1)
    assert "line 4" in captured.err


def test_two_questions_get_two_answers(
    golden: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each under its question; JSON keeps one answer, to the message as it stands."""
    config = golden[2:]
    assert main(["ask", TWO, *config]) == 0
    shown = capsys.readouterr().out
    first, second = shown.split("2. And who denied that he had raised the fare?")
    assert first.startswith("1. How many passengers did the ferry carry?\n")
    assert "12,400 passengers" in first
    assert "Colin Peake" in second
    assert main(["ask", "--json", TWO, *config]) == 0
    assert json.loads(capsys.readouterr().out)["question"] == TWO
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(TWO.encode()), encoding="utf-8"))
    assert main(["chat", *config]) == 0
    assert "2. And who denied" in capsys.readouterr().out


def test_context_shows_every_answer_of_the_message(news: Path) -> None:
    """Of the last message, however many questions it held."""
    archive = Archive.open(Config(folder=news, ranker="none", threshold=0.0, max_citations=1))
    archive.reload()
    conversation = Conversation(archive, Memory())
    assert len(conversation.reply(TWO, HERE).answers) == 2
    assert len(conversation.reply("/context", HERE).blocks) == 2
    archive.close()
