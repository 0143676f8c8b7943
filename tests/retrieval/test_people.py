"""Speakers across articles, names as typed, and names within an article."""

import pytest

from retrieval import names, people, sentences
from retrieval.entities import Entity, gather
from retrieval.schema import Article, Speaker, Statement


def statement(article: str, name: str, *, kind: str = "person", title: str | None = None) -> Statement:
    """A statement by somebody in an article of that name."""
    text = f"{name} said it was late."
    (sentence,) = sentences.split(Article(article, "v", "", text))
    speaker = Speaker(people.slug(name), name, kind, (), title)  # type: ignore[arg-type]
    return Statement((sentence,), speaker, (0, len(name)), None, ((len(name) + 6, len(text) - 1),), "indirect", 0.9)


def entities(text: str) -> dict[str, Entity]:
    """The entities of a text by their fullest name, all given names taken for a man's or a woman's alike."""
    mentions = names.mentions_of(sentences.split(Article("a", "v", "", text)))
    return {entity.full: entity for entity in gather(mentions, lambda _: (0.5, 0.5, 0.0))}


SPEAKERS = (
    Speaker("pete-hegseth", "Pete Hegseth", "person", ("Hegseth",), "Defense Secretary"),
    Speaker("volodymyr-zelensky", "Volodymyr Zelensky", "person", ("Zelensky",), "President"),
    Speaker("ann-low", "Ann Low", "person", (), "Senator"),
    Speaker("bruce-low", "Bruce Low", "person"),
    Speaker("kremlin", "Kremlin", "organisation"),
)


def test_surname_joins_the_only_full_name() -> None:
    """A surname alone in one article is the person fully named in another."""
    statements, speakers = people.merge([statement("a", "Pete Hegseth"), statement("b", "Hegseth")])

    assert [speaker.name for speaker in speakers] == ["Pete Hegseth"]
    assert {s.speaker.id for s in statements} == {"pete-hegseth"}


def test_two_of_one_surname_stay_two() -> None:
    """A surname that fits two people joins neither."""
    _, speakers = people.merge([statement("a", "Ann Low"), statement("b", "Bruce Low"), statement("c", "Low")])

    assert sorted(speaker.name for speaker in speakers) == ["Ann Low", "Bruce Low", "Low"]


def test_unnamed_speakers_stay_with_their_article() -> None:
    """“he” of one article is not “he” of another."""
    rows = [statement(article, "he, not named here", kind="unnamed") for article in ("a", "b")]
    _, speakers = people.merge(rows)

    assert len(speakers) == 2


def test_merge_keeps_the_order_of_statements() -> None:
    """Statements come back as they went in, whoever said more."""
    rows = [statement("a", "Ann Low"), statement("b", "Pete Hegseth"), statement("c", "Ann Low")]
    statements, speakers = people.merge(rows)

    assert [s.article.id for s in statements] == ["a", "b", "c"]
    assert [speaker.name for speaker in speakers] == ["Ann Low", "Pete Hegseth"]


def test_person_and_body_of_one_name_stay_two() -> None:
    """A firm named after a man is not the man."""
    _, speakers = people.merge([statement("a", "John Deere"), statement("b", "Deere", kind="organisation")])

    assert len(speakers) == 2


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("hegseth", ["Pete Hegseth"]),
        ("Pete Hegseth", ["Pete Hegseth"]),
        ("pete hegseths", ["Pete Hegseth"]),
        ("defense secretary", ["Pete Hegseth"]),
        ("Defense Secretary Hegseth", ["Pete Hegseth"]),
        ("Zelenskyy", ["Volodymyr Zelensky"]),
        ("zelenksy", ["Volodymyr Zelensky"]),
        ("the kremlin", ["Kremlin"]),
        ("low", ["Ann Low", "Bruce Low"]),
        ("Bruce Low", ["Bruce Low"]),
        ("Putin", []),
        ("his", []),
        ("", []),
        ("?!", []),
    ],
)
def test_find_takes_names_as_typed(typed: str, expected: list[str]) -> None:
    """Case, titles and small errors do not matter; another name finds nobody."""
    assert [speaker.name for speaker in people.find(typed, SPEAKERS)] == expected


def test_names_titles_and_surnames_are_one_entity() -> None:
    """A person keeps titles and all ways of naming."""
    found = entities("Defense Secretary Pete Hegseth left on Monday. Mr. Hegseth was tired. The car took Hegseth home.")

    assert list(found) == ["Pete Hegseth"]
    assert found["Pete Hegseth"].titles == ["Defense Secretary", "Mr."]
    assert len(found["Pete Hegseth"].mentions) == 3


def test_two_people_of_one_surname_are_two_entities() -> None:
    """Titles tell a surname's owners apart."""
    found = entities("Mrs. Ann Low met Mr. Bruce Low. Later Mrs. Low left.")

    assert sorted(found) == ["Ann Low", "Bruce Low"]
    assert len(found["Ann Low"].mentions) == 2


def test_opening_words_are_no_names() -> None:
    """A capital at the start of a sentence says nothing."""
    assert list(entities("However it rained. Critics left. On Monday nobody came.")) == []


def test_title_with_of_is_split_from_the_name() -> None:
    """“Secretary of State Marco Rubio” is Marco Rubio."""
    assert entities("Yesterday Secretary of State Marco Rubio spoke.")["Marco Rubio"].titles == ["Secretary of State"]


def test_slug_is_plain() -> None:
    """Accents, marks and case leave no trace in an identifier."""
    assert people.slug("José “Pepe” O’Neill’s") == "jose-pepe-o-neill"
