"""How scenarios are read, compared and translated."""

from pathlib import Path

import pytest

from tests.botapi import Entity
from tests.scenarios.difference import are_among, is_like, told
from tests.scenarios.script import ScriptError, read
from tests.scenarios.shown import text_lines
from tests.scenarios.translation import Translation

SCRIPT = """\
# A talk
Two people meet.

Admins: Eve, Ann
---
Ann: Hello
# A remark.
Bot:
  **Hello**

  > again
"""


def test_a_script_is_read_step_by_step(tmp_path: Path) -> None:
    """A step is a line at the margin with the indented lines below it; remarks and empty lines are none."""
    path = tmp_path / "talk.txt"
    path.write_text(SCRIPT, encoding="utf-8")
    scenario = read(path)
    assert (scenario.title, scenario.listed("Admins")) == ("A talk", ["Eve", "Ann"])
    assert [(step.line, step.head) for step in scenario.steps] == [(6, "Ann: Hello"), (8, "Bot:")]
    assert scenario.steps[1].body == ("**Hello**", "> again")


@pytest.mark.parametrize(("wrong", "complaint"), [("Admins: Eve", "a line ---"), ("Moon: full\n---", "no setting")])
def test_a_script_that_cannot_be_read_says_why(tmp_path: Path, wrong: str, complaint: str) -> None:
    """In a sentence with the file's name."""
    path = tmp_path / "talk.txt"
    path.write_text(f"# A talk\n{wrong}\n", encoding="utf-8")
    with pytest.raises(ScriptError, match=f"talk.txt: .*{complaint}"):
        read(path)


@pytest.mark.parametrize(
    ("expected", "same"),
    [
        (["one", "two", "three"], True),
        (["one", "…"], True),
        (["…", "t…ee"], True),
        (["one", "three"], False),
        (["one", "two", "three", "four"], False),
        (["o.e", "…"], False),
    ],
)
def test_lines_are_compared_with_gaps(expected: list[str], *, same: bool) -> None:
    """Dots stand for any lines or any words, everything else for itself."""
    assert is_like(expected, ["one", "two", "three"]) is same


def test_at_the_prompt_other_lines_may_stand_between() -> None:
    """Lines are looked for in their order."""
    assert are_among(["one", "three"], ["one", "two", "three"])
    assert not are_among(["three", "one"], ["one", "two", "three"])


def test_a_difference_shows_both_sides() -> None:
    """What was expected with a minus, what was said with a plus; what agrees by its dots is no difference."""
    assert told(["a …", "b"], ["a word", "c"]).split() == ["a", "…", "-", "b", "+", "c"]


def test_what_is_marked_in_a_message_is_seen() -> None:
    """Bold and quoted stretches, at offsets in UTF-16 units."""
    entities = [Entity("bold", 3, 5), Entity("blockquote", 9, 6), Entity("underline", 9, 6)]
    assert text_lines("👍 Hello\nquoted", entities) == ["👍 **Hello**", "> __quoted__"]


@pytest.mark.parametrize(
    ("english", "ukrainian"),
    [
        ("> Thank you.", "> Thank you."),
        ("Phone call · 13 February 2025", "Phone call · 13 лютого 2025\u202fр."),
        ("**12,400**", "**12,400**"),
        ("Ann wrote this.", "Ann wrote this."),
    ],
)
def test_what_is_not_the_bots_own_stays(english: str, ukrainian: str) -> None:
    """Quotations, titles and short answers are never translated; dates are."""
    assert Translation("uk").line(english) == ukrainian


@pytest.mark.parametrize("line", ["Thank you.", "[Context] [More (2 of 3)]", "**Word for word, said by Ann Ruiz.**"])
def test_the_bots_own_words_are_translated(line: str) -> None:
    """Sentences, buttons and what is bold are looked up in the catalogue; names stay."""
    translated = Translation("uk").line(line)
    assert translated != line
    assert ("Ann Ruiz" in line) == ("Ann Ruiz" in translated)
