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


def of_expected_and_of_shown(rows: list[list[str]], shown: dict[str, list[str]]) -> tuple[float, float]:
    """Of the questions that were answered: how much of what is expected is shown, and of what is shown is expected."""
    judged = [(expected, shown[question]) for question, *expected in rows if question in shown]
    assert len(judged) >= len(rows) / 3
    right = sum(any(map(one.startswith, expected)) for expected, given in judged for one in given)
    return right / sum(len(expected) for expected, _ in judged), right / sum(len(given) for _, given in judged)


def test_one_sentence_where_one_will_do(shown: dict[str, list[str]]) -> None:
    """What one sentence answers is answered by one, whatever else looks like it."""
    of_expected, of_shown = of_expected_and_of_shown([row for row in TABLE["questions"] if len(row) == 2], shown)
    assert of_expected >= 0.85
    assert of_shown >= 0.85


def test_a_list_or_a_pronoun_is_shown_with_what_belongs_to_it(shown: dict[str, list[str]]) -> None:
    """Of what takes several sentences more is shown than one sentence each, and little else."""
    rows = [row for row in TABLE["questions"] if len(row) > 2]
    of_expected, of_shown = of_expected_and_of_shown(rows, shown)
    assert of_expected >= 0.6
    assert of_shown >= 0.75
