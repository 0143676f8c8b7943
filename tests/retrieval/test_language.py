"""A question's language."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.archive import Archive
from retrieval.language import NAMES, language_of
from retrieval.question import understand

Open = Callable[..., Archive]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Wie lange hat das Telefongespräch zwischen Trump und Putin gedauert?", "de"),
        ("WER LEITET DIE VERHANDLUNGEN FÜR DIE AMERIKANER?", "de"),
        ("¿Cuánto duró la llamada entre Trump y Putin?", "es"),
        ("Combien de temps a duré l’appel entre Trump et Poutine ?", "fr"),
        ("quanto è durata la telefonata tra trump e putin", "it"),
        ("Hoe lang duurde het telefoongesprek tussen Trump en Poetin?", "nl"),
        ("Jak długo trwała rozmowa telefoniczna Trumpa z Putinem?", "pl"),
        ("Как долго длился телефонный разговор Трампа с Путиным?", "ru"),
        ("Хто виграв матч?", "uk"),
        ("Путин", "ru"),
        ("كم استمرت المكالمة بين ترامب وبوتين؟", "ar"),
        ("Πόσο διήρκεσε η κλήση;", "el"),
        ("谁被释放了？", "zh"),
        ("誰が釈放されましたか", "ja"),
        ("누가 석방되었습니까?", "ko"),
    ],
)
def test_other_languages(text: str, language: str) -> None:
    """Noticed in a sentence; by a script of its own in a word."""
    assert language_of(text) == language
    assert understand(text).language == language


@pytest.mark.parametrize(
    "text",
    [
        "Who said NATO membership is not practical?",
        "HOW LONG DID THE CALL LAST?",
        "marc fogel prison sentence length",
        "harlow bridge reopening date",
        "Volodymyr Zelensky",
        "Władysław Szpilman Krasiński Palace",
        "richard platz albert einstein",
        "wilanów parks czerniaków lake",
        "Ursula von der Leyen",
        "Sigilium Civitatis",
        "Bundesverfassungsgericht",
        "Who wrote “Die Würde des Menschen ist unantastbar”?",
        "Who is Путин?",
        "What does schadenfreude mean?",
        "How are ergänzungsschulen funded?",
        "waht did zelensky say abuot nato",
        "Did Putin call?",
        "12 400",
    ],
)
def test_names_and_keywords_are_english(text: str) -> None:
    """Neither names nor a foreign word nor a few keywords make another language."""
    assert language_of(text) == "en"


@given(st.text(max_size=80))
def test_any_text_has_a_known_language(text: str) -> None:
    """Nothing that can be typed breaks it."""
    assert language_of(text) in {"en", *NAMES}


def test_a_language_the_bundled_model_does_not_know_is_said(news: Path, open_archive: Open) -> None:
    """When nothing was found, with the setting that helps."""
    archive = open_archive(news, threshold=1.0)
    archive.reload()
    answer = archive.ask("Wann wird die Brücke wieder für den Verkehr geöffnet?")
    assert answer.reason is not None
    assert answer.reason.startswith("The articles do not say. The question seems to be in German, which the bundled")
    assert "`retrieval.model`" in answer.reason
    assert archive.ask("When will the bridge open to traffic again?").reason == "The articles do not say."
    quote = archive.check_quote("Niemand wollte diese Verzögerung weniger als ich und die Stadt")
    assert "in German" in str(quote.reason)


def test_another_model_may_know_the_language(news: Path, open_archive: Open) -> None:
    """Nothing is said where another model is set, nor where something was found."""
    other = open_archive(news, threshold=1.0)
    other.config = other.config.model_copy(update={"model": "multilingual"})
    other.reload()
    assert other.ask("Wann wird die Brücke wieder für den Verkehr geöffnet?").reason == "The articles do not say."
    found = open_archive(news, threshold=0.0).ask("Wann wird die Brücke wieder für den Verkehr geöffnet?")
    assert (found.found, found.reason, found.question.language) == (True, None, "de")
