"""Golden questions, read."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from retrieval.errors import GoldenError
from retrieval.fetch import fetch, list_files
from retrieval.golden import load_golden
from retrieval.parse import parse
from retrieval.schema import Article

Make = Callable[..., Article]
TEXT = (
    "The “swing” bridge is shut. The bridge is old. Ana Ruiz said: “We paid. Nobody else did.”\n\nThe bridge is red.\n"
)


def write(folder: Path, *lines: Any) -> Path:
    path = folder / "golden.jsonl"
    text = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
    path.write_text(text + "\n", encoding="utf-8")
    return path


def test_sentences_are_named_by_how_they_begin(tmp_path: Path, make_article: Make) -> None:
    """With any quotation marks and spaces; a quoted sentence by how it begins too; null expects none."""
    path = write(
        tmp_path,
        {"question": "Is it shut?", "article": "a", "sentences": ['The  "swing" bridge']},
        "",
        {"id": 7, "question": "Who paid?", "sentences": ["Nobody else", "The bridge is old"], "speaker": "Ana Ruiz"},
        {"question": "Who won?", "answer": None},
    )
    golden = load_golden(path, [make_article(TEXT)])
    shut, paid, won = golden.questions
    assert [one.text for one in shut.expected] == ["The “swing” bridge is shut."]
    assert (paid.key, paid.line, paid.speaker) == ("7", 3, "Ana Ruiz")
    assert "Nobody else did" in paid.expected[0].text
    assert (won.key, won.expected) == ("Who won?", ())
    assert golden.bounds == {}


def test_the_first_line_may_hold_bounds(tmp_path: Path, make_article: Make) -> None:
    """By the names of measures."""
    path = write(tmp_path, {"bounds": {"right": 0.5, "declined": 1}}, {"question": "Who won?", "answer": None})
    assert load_golden(path, [make_article(TEXT)]).bounds == {"right": 0.5, "declined": 1}


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("not json", "line 2 is not JSON"),
        ("[1]", "line 2 is not a JSON object"),
        ({"question": "Who?", "sentences": ["Nobody ever"]}, "line 2: no sentence of the articles begins so"),
        ({"question": "Who?", "article": "a", "sentences": ["Nobody ever"]}, "line 2: no sentence of “a” begins so"),
        ({"question": "Who?", "article": "b", "sentences": ["The"]}, "line 2: there is no article with the id “b”"),
        ({"question": "Who?", "sentences": ["The bridge is"]}, "line 2: 2 sentences of the articles begin so"),
        ({"question": "Who?"}, "line 2: write either"),
        ({"question": "Who?", "answer": None, "sentences": ["The bridge is old"]}, "line 2: write either"),
        ({"question": "Who?", "answer": "me"}, "line 2: “answer”"),
        ({"question": "", "answer": None}, "line 2: “question”"),
        ({"question": "Who?", "answer": None, "speeker": "x"}, "line 2: “speeker”"),
        ({"question": "Who?", "answer": None, "verdict": "maybe"}, "line 2: “verdict”"),
        ({"question": "Who won?", "answer": None}, "line 2: “Who won?” is there twice"),
        ({"bounds": {"right": 0.5}}, "line 2: “question”"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, make_article: Make, line: Any, words: str) -> None:
    """In one sentence, with the number of the line."""
    path = write(tmp_path, {"question": "Who won?", "answer": None}, line)
    with pytest.raises(GoldenError) as caught:
        load_golden(path, [make_article(TEXT)])
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("bounds", "words"), [({"right": 2}, "“bounds.right”"), ({"rihgt": 0.5}, "no measure is called “rihgt”"), (3, "“b")]
)
def test_wrong_bounds(tmp_path: Path, make_article: Make, bounds: Any, words: str) -> None:
    """A share is from 0 to 1, of a measure that there is."""
    with pytest.raises(GoldenError, match=words):
        load_golden(write(tmp_path, {"bounds": bounds}), [make_article(TEXT)])


def test_a_file_without_questions(tmp_path: Path, make_article: Make) -> None:
    """Not there, empty, or not text."""
    for path in (tmp_path / "none.jsonl", write(tmp_path, "")):
        with pytest.raises(GoldenError):
            load_golden(path, [make_article(TEXT)])
    (tmp_path / "golden.jsonl").write_bytes(b"\xff\xfe")
    with pytest.raises(GoldenError, match="cannot be read"):
        load_golden(tmp_path / "golden.jsonl", [make_article(TEXT)])


def test_the_example_in_the_readme_can_be_asked(tmp_path: Path) -> None:
    """Its lines name sentences of the sample articles."""
    root = Path(__file__).parent.parent.parent
    (example,) = re.findall(r"```json\n(\{\"bounds\".+?)```", (root / "README.md").read_text("utf-8"), re.DOTALL)
    pages = [fetch(path, max_bytes=1_000_000) for path in list_files(root / "articles")]
    golden = load_golden(write(tmp_path, example), [parse(page) for page in pages])
    assert [len(one.expected) for one in golden.questions] == [1, 1, 0]
