"""How many sentences an answer shows, on small articles with the bundled models."""

from pathlib import Path

import pytest
import yaml

from bot.blocks import Quoted
from bot.compose import answered
from bot.words import Words
from retrieval import Archive, Config, Sentence
from retrieval.sentences import split

TABLE = yaml.safe_load((Path(__file__).parent / "lists.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """The sentences shown for each question that was answered, cited or beside a citation, in order."""
    folder = tmp_path_factory.mktemp("lists")
    for name, text in TABLE["articles"].items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    archive = Archive.open(Config(folder=folder, articles=[str(folder)]))
    archive.reload()
    answers = {question: archive.ask(question) for question, *_ in TABLE["questions"]}
    archive.close()
    found = {}
    for question, answer in answers.items():
        blocks = answered(answer, Words.of("en")) if answer.found else ()
        quoted = [sentence for block in blocks if isinstance(block, Quoted) for sentence in _sentences(block)]
        if quoted:
            found[question] = [sentence.text for sentence in quoted]
    return found


def _sentences(block: Quoted) -> list[Sentence]:
    citation = block.citation
    start = citation.context_start if block.before else citation.start
    end = citation.context_end if block.after else citation.end
    return [one for one in split(citation.article) if start <= one.start < end]


def share_right(rows: list[list[str]], shown: dict[str, list[str]]) -> float:
    """Of the questions that were answered, the share for which exactly the expected sentences are shown."""
    judged = [(expected, shown[question]) for question, *expected in rows if question in shown]
    assert len(judged) >= len(rows) / 2
    right = [len(expected) == len(given) and all(map(str.startswith, given, expected)) for expected, given in judged]
    return sum(right) / len(right)


def test_one_sentence_where_one_will_do(shown: dict[str, list[str]]) -> None:
    """What one sentence answers is answered by one, whatever else looks like it."""
    assert share_right([row for row in TABLE["questions"] if len(row) == 2], shown) >= 0.8


def test_a_list_or_a_pronoun_is_shown_with_what_belongs_to_it(shown: dict[str, list[str]]) -> None:
    """What takes several sentences is shown by them all, and by no others."""
    assert share_right([row for row in TABLE["questions"] if len(row) > 2], shown) >= 0.5
