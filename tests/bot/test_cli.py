"""The command line, run in process on small archives and as a command on the sample articles."""

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bot.cli import main

pytestmark = pytest.mark.usefixtures("small_model")


def typed(monkeypatch: pytest.MonkeyPatch, text: str | bytes) -> None:
    raw = text.encode() if isinstance(text, str) else text
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw), encoding="utf-8"))


def config(news: Path, **settings: Any) -> str:
    lines = [f"  {key}: {value}" for key, value in ({"ranker": "none", "threshold": 0.0} | settings).items()]
    (news / "config.yaml").write_text("\n".join(["retrieval:", *lines]) + "\n", encoding="utf-8")
    return str(news / "config.yaml")


def test_ask_prints_the_sentence_with_its_place(news: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The cited sentence, the article and where in it."""
    assert main(["ask", "How many passengers did the ferry carry?", "--config", config(news)]) == 0
    shown = capsys.readouterr().out
    assert "The ferry from Harlow Quay carried 12,400 passengers in June, twice as many as a year earlier." in shown
    assert "— Ferry carries more people, characters 27–121" in shown


def test_a_sentence_that_leans_on_the_one_before_is_shown_with_it(
    news: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """“She added …” tells nothing without the sentences before, back to the one that names her, in brackets."""
    main(["ask", "Who said that the repair had cost £3.1m?", "--config", config(news, max_citations=1)])
    shown = capsys.readouterr().out
    assert "[“Nobody wanted this delay less than I did,” Mayor Ana Ruiz told reporters. “But I will not open" in shown
    assert "would not drive over.”]\n  She added" in shown


def test_config_stands_before_or_after_the_command(news: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As people type it."""
    assert main(["--config", config(news), "articles"]) == 0
    before = capsys.readouterr().out
    assert main(["articles", "--config", config(news)]) == 0
    assert capsys.readouterr().out == before


def test_what_the_articles_do_not_say(news: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit status 1, the reason, and the nearest sentence marked as no answer."""
    assert main(["ask", "Who painted the bridge?", "--config", config(news, threshold=1.0)]) == 1
    shown = capsys.readouterr().out
    assert shown.startswith("The articles do not say.")
    assert "which does not answer" in shown


def test_ask_json_has_every_field(news: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The interface that machines read."""
    main(["ask", "--json", "Who denied that he had raised the fare?", "--config", config(news)])
    answer = json.loads(capsys.readouterr().out)
    assert set(answer) == {
        "id", "question", "kind", "found", "probability", "speaker", "short", "verdict", "reason", "nearest",
        "citations", "ranked", "ms",
    }  # fmt: skip
    citation = answer["citations"][0]
    text = (news / "articles" / "ferry.txt").read_text(encoding="utf-8")
    assert text[citation["start"] : citation["end"]] == citation["text"]
    assert {"article", "version", "start", "end", "text", "probability"} <= set(citation)
    assert len(answer["ranked"][0]) == 4


def test_jsonl_answers_in_order(
    news: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One line each, with its id, of the article asked."""
    rows = [
        {"id": 1, "question": "Who owns the ferry?"},
        {"id": "b", "question": "Who owns it?", "article": "bridge"},
        {"question": "What did divers find?"},
    ]
    typed(monkeypatch, "\ufeff" + "\r\n".join(map(json.dumps, rows)) + "\n\n")
    assert main(["ask", "--jsonl", "--config", config(news)]) == 0
    answers = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [answer["id"] for answer in answers] == [1, "b", None]
    assert {place[0] for place in answers[1]["ranked"]} == {"bridge"}


@pytest.mark.parametrize(
    "line",
    [
        *("not json", "[1]", '{"question": 3}', '{"question": "Who?", "article": 3}', '{"question": ""}'),
        *(b'{"question": "\xff"}', '{"question": "Who?", "article": "none"}', '{"question": "🎉"}'),
    ],
)
def test_jsonl_goes_on_after_a_bad_line(
    news: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, line: str | bytes
) -> None:
    """The line gets its reason, the next its answer, and the status tells."""
    raw = line.encode() if isinstance(line, str) else line
    typed(monkeypatch, raw + b'\n{"id": 2, "question": "Who owns the ferry?"}\n')
    assert main(["ask", "--jsonl", "--config", config(news)]) == 2
    captured = capsys.readouterr()
    refused, answered = [json.loads(written) for written in captured.out.splitlines()]
    assert (refused["found"], bool(refused["reason"])) == (False, True)
    assert (answered["id"], answered["found"]) == (2, True)
    assert captured.err.startswith("article-bot: line 1: ")


@pytest.mark.parametrize("question", ["", " ", "🎉", "x" * 10_000, "\x00\x01"])
def test_questions_that_cannot_be_asked(news: Path, capsys: pytest.CaptureFixture[str], question: str) -> None:
    """Exit status 2 and one sentence."""
    assert main(["ask", question, "--config", config(news)]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1


def test_a_question_from_standard_input(
    news: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """`echo … | article-bot ask` works."""
    typed(monkeypatch, "Who denied that he had raised the fare?\n")
    assert main(["ask", "--config", config(news)]) == 0
    assert "Colin Peake" in capsys.readouterr().out


def test_one_broken_file_does_not_silence_the_rest(news: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It is named on standard error; the others answer."""
    (news / "articles" / "empty.txt").write_bytes(b"")
    assert main(["ask", "Who owns the ferry?", "--config", config(news)]) == 0
    assert "empty.txt: is empty." in capsys.readouterr().err


def test_no_articles_at_all(news: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit status 3, and the key to look at."""
    for path in (news / "articles").iterdir():
        path.unlink()
    assert main(["ask", "Who?", "--config", config(news)]) == 3
    assert "`retrieval.articles`" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"treshold": 1}, "unknown key"),
        ({"threshold": "high"}, "valid number"),
        ({"ranker": "./none-here"}, "no model folder"),
    ],
)
def test_a_wrong_configuration(
    news: Path, capsys: pytest.CaptureFixture[str], settings: dict[str, Any], words: str
) -> None:
    """Exit status 3 and one sentence."""
    assert main(["ask", "Who owns the ferry?", "--config", config(news, **settings)]) == 3
    error = capsys.readouterr().err
    assert words in error
    assert error.count("\n") == 1


def test_articles_as_json_lines(news: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With id, version and the text that offsets count in."""
    assert main(["articles", "--jsonl", "--config", config(news)]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["id"] for row in rows] == ["bridge", "ferry"]
    assert rows[0]["text"] == (news / "articles" / "bridge.txt").read_text(encoding="utf-8")


def test_people_and_their_statements(news: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Everybody by name, and what each said with its spans."""
    assert main(["people", "--config", config(news)]) == 0
    assert set(capsys.readouterr().out.split("\n")) == {"Ana Ruiz", "Colin Peake", "the council", ""}
    assert main(["people", "--jsonl", "--config", config(news)]) == 0
    people = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {person["name"]: person["kind"] for person in people}["the council"] == "organisation"
    assert main(["statements", "--jsonl", "--speaker", "peake", "--config", config(news)]) == 0
    (row,) = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    text = (news / "articles" / "ferry.txt").read_text(encoding="utf-8")
    assert [text[s:e] for s, e in row["content_span"]] == ["he had raised the fare"]
    assert (text[slice(*row["cue"])], text[slice(*row["speaker_span"])]) == ("denied", "Colin Peake")
    assert set(row) == {"article", "speaker", "speaker_span", "cue", "content_span", "kind", "sentence", "confidence"}
    assert main(["statements", "--about", "the fare", "--config", config(news)]) == 0
    assert "Colin Peake:" in capsys.readouterr().out.split("\n\n")[0]
    assert main(["statements", "--speaker", "Nobody Atall", "--config", config(news)]) == 1


def test_check_quote(news: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exact, altered with the difference, somebody else’s, and not there."""
    said = "Nobody wanted this delay less than I did"
    assert main(["check-quote", f"“{said}”", "--config", config(news)]) == 0
    assert "Word for word, said by Ana Ruiz." in capsys.readouterr().out
    assert main(["check-quote", said.replace("less", "more"), "--config", config(news)]) == 0
    assert "[-less-] {+more+}" in capsys.readouterr().out
    assert main(["check-quote", said, "--speaker", "Colin Peake", "--json", "--config", config(news)]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["verdict"], answer["speaker"], answer["kind"]) == ("other_speaker", "Ana Ruiz", "quote")
    assert main(["check-quote", "The sea is calm and the sky is blue today", "--config", config(news)]) == 1
    assert "stand in none of the articles" in capsys.readouterr().out


def test_chat_answers_commands_and_questions(
    news: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A whole conversation, typed."""
    lines = [
        *("/help", "/articles", "Who owns the ferry?", "/context", "/article bridge", "Who?", "🎉", "/nonsense"),
        *("/people", "/quotes ruiz", "/quotes", "/check Nobody wanted this delay less than I did", "/quit"),
    ]
    typed(monkeypatch, "\n".join(lines))
    assert main(["chat", "--config", config(news)]) == 0
    shown = capsys.readouterr().out
    parts = ("2 articles to ask", "/articles ", "Ferry carries more", "Now asking", "no words", "no command")
    for part in (*parts, "Ana Ruiz", "Whose?", "Word for word"):
        assert part in shown
    assert shown.endswith("Goodbye.\n")


@pytest.mark.parametrize(("remembered", "understood"), [(3600, True), (0, False)])
def test_chat_goes_back_as_far_as_configured(
    news: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    remembered: int,
    *,
    understood: bool,
) -> None:
    """`bot.remembered` holds at the prompt too."""
    path = Path(config(news))
    path.write_text(f"{path.read_text(encoding='utf-8')}bot:\n  remembered: {remembered}\n", encoding="utf-8")
    typed(monkeypatch, "/article bridge\n/context\nWhat did Ana Ruiz say about the delay?\n/context\n/quit\n")
    assert main(["chat", "--config", str(path)]) == 0
    assert (capsys.readouterr().out.count("There is no answer yet.") == 1) is understood


def test_chat_ends_with_its_input(
    news: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-D is a goodbye too."""
    typed(monkeypatch, "")
    assert main(["chat", "--config", config(news)]) == 0
    assert "2 articles to ask" in capsys.readouterr().out


def test_without_a_command_help_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    """And the status says it was used wrongly."""
    assert main([]) == 2
    assert "COMMAND" in capsys.readouterr().out


@pytest.mark.parametrize("shell", ["bash", "zsh", "tcsh"])
def test_completion_knows_the_commands(capsys: pytest.CaptureFixture[str], shell: str) -> None:
    """A script that names them."""
    assert main(["completion", shell]) == 0
    assert "doctor" in capsys.readouterr().out


def test_python_dash_m_is_the_command() -> None:
    """`python -m bot --version` prints the version."""
    ran = subprocess.run([sys.executable, "-m", "bot", "--version"], capture_output=True, text=True, check=True)
    assert ran.stdout.startswith("article-bot ")


def test_a_reader_that_goes_away_is_no_error(news: Path) -> None:
    """`article-bot articles | head -0` ends quietly."""
    command = f'"{sys.executable}" -m bot articles --jsonl --config "{config(news)}" | true'
    ran = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)  # noqa: S607
    assert ran.stderr == ""
