"""Words, windows and quotations: what the tagger is given to read."""

import pytest

from retrieval.quotations import quotations
from retrieval.reporting import is_reporting, is_speech, lemma
from retrieval.windows import shape, slice_around, windows_of, within_reach, words_of


def quoted(text: str) -> list[str]:
    return [text[start:end] for start, end in quotations(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“A,” he said. “B.”", ["“A,”", "“B.”"]),
        ('"A," he said. "B."', ['"A,"', '"B."']),
        ("``A,'' he said.", ["``A,''"]),
        ("‘I don’t know the boys’ club,’ he said.", ["‘I don’t know the boys’ club,’"]),
        ("“A ‘b’ c.”", ["“A ‘b’ c.”"]),
        ("He said, “A b.“ However, c “d.”", ["“A b.“", "“d.”"]),
        ("“never closed\nnext line", ["“never closed"]),
        ("The boys’ club isn’t open.", []),
        ("„Nein“, sagte er.", ["„Nein“"]),
    ],
)
def test_quotations_are_found_whatever_their_marks(text: str, expected: list[str]) -> None:
    """Curly, straight, doubled and single marks open and close."""
    assert quoted(text) == expected


@pytest.mark.parametrize(
    ("word", "number"), [("the", 0), ("Trump", 1), ("NATO", 2), ("McCain", 3), ("16-13", 4), (",", 5), ("I", 6)]
)
def test_shape_keeps_the_case(word: str, number: int) -> None:
    """MiniLM lowers all words; the shape is what it loses."""
    assert shape(word) == number


def test_windows_cover_every_word_once() -> None:
    """No word is lost or read twice, and no window is too long."""
    text = "The mayor said no. " * 200
    words = words_of(text, [(start, start + 18, start // 190) for start in range(0, len(text) - 1, 19)])
    windows = windows_of(words, 64)

    assert [number for window in windows for number in range(window.first, window.last)] == list(range(len(words)))
    assert max(window.length for window in windows) <= 64


def test_window_without_sentence_ends_is_cut_all_the_same() -> None:
    """One endless sentence becomes many windows."""
    text = "word " * 3000
    words = words_of(text, [(0, len(text), 0)])

    assert max(window.length for window in windows_of(words)) <= 256


def test_slice_around_a_cue_holds_it() -> None:
    """What is read again holds the cue and stays inside the window."""
    text = "word " * 250
    window = windows_of(words_of(text, [(0, len(text), 0)]))[0]
    first, last = slice_around(window, (100, 101))

    assert 0 <= first <= 100 < last <= window.last


@pytest.mark.parametrize(
    ("word", "base"),
    [
        ("said", "say"),
        ("Denies", "deny"),
        ("criticised", "criticise"),
        ("urging", "urge"),
        ("statements", "statement"),
        ("ran", "ran"),
    ],
)
def test_lemma_finds_the_base_of_reporting_words(word: str, base: str) -> None:
    """Inflections lead to one reporting word; others stay."""
    assert lemma(word) == base


def test_beliefs_are_no_speech() -> None:
    """To think or to plan is not to say."""
    assert is_speech("told reporters")
    assert is_reporting("has rejected")
    assert not is_reporting("believes")


def test_a_paragraph_without_end_is_read_to_a_bound() -> None:
    """Of a paragraph longer than any newspaper's only the beginning is read; the paragraph after it is read."""
    line = "It rained on the hills. "
    long, short = line * 2000, "\n\nNobody came."
    text = long + short
    words = words_of(text, [(0, len(long), 0), (len(long) + 2, len(text), 1)])
    windows = windows_of(words)
    kept = within_reach(words, windows)

    assert len(kept) < len(windows)
    assert (kept[0], kept[-1]) == (windows[0], windows[-1])


def test_every_window_of_an_article_is_read() -> None:
    """Nothing of an ordinary text is left out, however long."""
    text = "It rained on the hills. " * 500
    words = words_of(text * 4, [(number * len(text), (number + 1) * len(text), number) for number in range(4)])

    assert within_reach(words, windows_of(words)) == windows_of(words)
