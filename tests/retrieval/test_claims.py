"""Did somebody say so? Claims in other words than the article's, with the models that ship."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from retrieval import claims
from retrieval.archive import Archive
from retrieval.config import Config
from tests.conftest import HashingEmbedder

ARTICLE = """\
Fish market to close in March

The old fish market on Harlow Quay will close in March, Mayor Ana Ruiz said on Monday. “The roof is rotten and
could fall in during the next storm,” she told reporters. Ruiz said the repair would cost 3.1 million pounds.

Colin Peake, who owns the ferry, denied that he had raised the fare. Peake said that the number of passengers
had doubled since June. “We will not cut a single job,” he said.

Ilse Brandt, the chief engineer, said that frost had caused the cracks in the pier. She added that divers
would return in April to inspect it. Brandt warned that drivers should avoid the bridge until the work was
finished.

Tom Hale, a trader, accused the council of ignoring small businesses. Hale promised to sue the council if the
stallholders were not paid.
"""
PARAPHRASES = [
    ("Ana Ruiz", "the fish market is going to shut in March"),
    ("Ana Ruiz", "the roof might collapse in a storm"),
    ("Ana Ruiz", "fixing it would cost 3.1 million pounds"),
    ("Ilse Brandt", "divers are coming back in April to look at it"),
    ("Ilse Brandt", "motorists should stay away from the bridge"),
    ("Tom Hale", "the council neglects small firms"),
]
# Faithful too, and honestly not recognised: a "yes" here would be welcome, a "no" would be wrong
NOT_YET = [
    ("Ana Ruiz", "the market will be shut down in March"),
    ("Colin Peake", "twice as many people were travelling on the ferry since June"),
    ("Colin Peake", "nobody would be laid off"),
    ("Ilse Brandt", "the damage to the pier was due to freezing weather"),
    ("Tom Hale", "he would take the council to court if the traders got no money"),
]
SOMEBODY_ELSE = [
    ("Tom Hale", "the fish market is going to shut in March", "Ana Ruiz"),
    ("Colin Peake", "the roof might collapse in a storm", "Ana Ruiz"),
    ("Ana Ruiz", "divers are coming back in April", "Ilse Brandt"),
    ("Ana Ruiz", "frost had caused the damage", "Ilse Brandt"),
]
# Negated or denied
DENIED = [("Ana Ruiz", "the roof is not rotten"), ("Colin Peake", "he had raised the fare")]
# Other numbers, dates and facts, opposites, and what nobody said
NOT_SAID = [
    ("Ana Ruiz", "the market will close in May"),
    ("Ana Ruiz", "the repair would cost 5.2 million pounds"),
    ("Ana Ruiz", "the market will be sold in March"),
    ("Ana Ruiz", "the market will reopen in March"),
    ("Colin Peake", "the number of passengers had halved since June"),
    ("Colin Peake", "he would dismiss half of the staff"),
    ("Colin Peake", "ticket prices had gone up"),
    ("Ilse Brandt", "an earthquake had caused the cracks"),
    ("Ilse Brandt", "divers would return in May to inspect it"),
    ("Ilse Brandt", "drivers should use the bridge"),
    ("Tom Hale", "he would praise the council"),
    ("Tom Hale", "the council helps small businesses"),
    ("Ilse Brandt", "the ferry is too expensive"),
    ("Tom Hale", "he would buy the ferry"),
    ("Tom Hale", "he would send the council to Harlow Quay"),
    ("Colin Peake", "he owns the ferry"),
]


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """One article, read by the models that ship."""
    folder: Path = tmp_path_factory.mktemp("claims")
    (folder / "articles").mkdir()
    (folder / "articles" / "market.txt").write_text(ARTICLE, encoding="utf-8")
    opened = Archive.open(Config(folder=folder))
    opened.reload()
    yield opened
    opened.close()


def verdict(archive: Archive, speaker: str, claim: str) -> tuple[str | None, str | None]:
    answer = archive.ask(f"Did {speaker} say that {claim}?")
    return answer.verdict, answer.speaker.name if answer.speaker else None


def test_there_are_at_least_thirty_claims() -> None:
    """As many as were asked for."""
    assert len(PARAPHRASES) + len(NOT_YET) + len(SOMEBODY_ELSE) + len(DENIED) + len(NOT_SAID) >= 30


@pytest.mark.parametrize(("speaker", "claim"), PARAPHRASES)
def test_a_faithful_paraphrase_is_confirmed(archive: Archive, speaker: str, claim: str) -> None:
    """In other words, and still what was said."""
    assert verdict(archive, speaker, claim) == ("yes", speaker)


@pytest.mark.parametrize(("speaker", "claim"), NOT_YET)
def test_a_paraphrase_too_far_is_not_denied(archive: Archive, speaker: str, claim: str) -> None:
    """What is not recognised is not known to be said; it is never held to be untrue."""
    assert verdict(archive, speaker, claim)[0] in (None, "yes")


@pytest.mark.parametrize(("speaker", "claim", "other"), SOMEBODY_ELSE)
def test_the_words_of_another_are_named_as_theirs(archive: Archive, speaker: str, claim: str, other: str) -> None:
    """No, it was somebody else."""
    assert verdict(archive, speaker, claim) == ("no", other)


@pytest.mark.parametrize(("speaker", "claim"), DENIED)
def test_what_was_denied_is_no(archive: Archive, speaker: str, claim: str) -> None:
    """Of a denial, and of a claim that is turned round."""
    assert verdict(archive, speaker, claim) == ("no", speaker)


def test_a_denial_is_not_disproved_by_another_time(archive: Archive) -> None:
    """Whoever says so today may have denied it before: the statement is cited, and no verdict given."""
    answer = archive.ask("Did Ilse Brandt deny that frost had caused the cracks?")
    assert (answer.found, answer.verdict) == (True, None)


@pytest.mark.parametrize(("speaker", "claim"), NOT_SAID)
def test_what_was_not_said_is_never_confirmed(archive: Archive, speaker: str, claim: str) -> None:
    """Another number, date, fact or the opposite, however like it sounds."""
    assert verdict(archive, speaker, claim)[0] != "yes"


def stems(text: str) -> frozenset[str]:
    return frozenset(word.strip(".,“”").lower().rstrip("s") for word in text.split())


@pytest.mark.parametrize(
    ("claim", "stands", "negated"),
    [
        ("he found the article", "he found the article, but others were not persuaded", False),
        ("the company was responsible", "It was not our accident, but the company was responsible", False),
        ("the accident was ours", "It was not our accident, but the company was responsible", True),
        ("the council backed the pipeline", "the council backed the pipeline, not the river", False),
        ("the council backed the river", "the council backed the pipeline, not the river", True),
        ("membership is unrealistic", "Nor did they believe, that membership was realistic", False),
        ("membership is realistic", "Nor did they believe, that membership was realistic", True),
        ("it would not wait", "it would wait", True),
        ("they know the particle", "We don’t yet know the particle", True),
        ("the particle was identified", "We don’t know the particle, but it will be identified", None),
        ("they want peace", "No one want peace more than Ukraine", None),
    ],
)
def test_only_the_claims_own_clause_negates_it(claim: str, stands: str, negated: bool | None) -> None:  # noqa: FBT001
    """A “not” elsewhere in the sentence says nothing, and where clauses disagree it is not clear."""
    assert claims.negated(claim, stands, stems) is negated


@pytest.mark.parametrize(
    ("claim", "stands", "turned"),
    [
        ("numbers had halved", "Numbers had doubled.", True),
        ("the shop will reopen", "The shop will close.", True),
        ("prices rose", "Prices rose and then fell.", False),
        ("the shop closes", "The shop will close.", False),
    ],
)
def test_opposites_turn_a_claim_round(claim: str, stands: str, turned: bool) -> None:  # noqa: FBT001 - a table's column
    """A word whose opposite stands there is no paraphrase of it."""
    assert claims.turns_round(claim, stands) is turned


def test_another_number_is_another_claim() -> None:
    """Numbers, months and days are the claim's own."""
    assert claims.differs("it costs 5 pounds", "It costs 7 pounds.")
    assert claims.differs("it opens in May", "It opens in March.")
    assert not claims.differs("it opens in March", "It opens in March.")


def test_a_word_that_nothing_comes_near_is_another_claim() -> None:
    """However like the rest is."""
    embedder = HashingEmbedder()

    assert not claims.all_near("the bridge was sold", "The bridge was closed.", embedder.embed)
    assert claims.all_near("the bridge was closed", "The bridge was closed.", embedder.embed)
    assert claims.likeness("the bridge was sold", "Ruiz", "The bridge was closed.", "", embedder.embed) == 0
    assert np.isclose(claims.likeness("a b", "Ruiz", "a b", "a b", embedder.embed), 1, atol=1e-5)
