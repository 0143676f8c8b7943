"""Question → the language it is in, as an ISO 639-1 code; “en” where that is not certain.

A script other than the Latin decides by itself. In the Latin script only a confident decision on several words counts:
a name, a few keywords or a foreign word in an English question say nothing. Knows nothing of models that answer.
"""

import re
import unicodedata
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

ENGLISH = "en"
MULTILINGUAL = "sentence-transformers/paraphrase-multilingual-MiniLM-L12-v2"
# Below this many words, of which two are neither names nor nouns by their capital, nothing is decided; nor below more
# where neither capitals nor a question mark tell a question from a list of names.
MIN_WORDS, MIN_LOWER, MIN_KEYWORDS = 4, 2, 7
# Chosen on 2026-11-22: of the 3,424 questions of news_dev and squad2_dev none is taken for another language, whole or
# as their lower-case keywords; of those of xquad_de 95 % are noticed, of xquad_es 96 %.
LEAST_PROBABILITY, MOST_ENGLISH = 0.5, 0.05
# A text that opens with one of these is English, without a look at the model; so is one with two of the others.
OPENING = frozenset("who whom whose what when where why how which did does".split())
ENGLISH_WORDS = OPENING | frozenset(
    "the of that said about there this these those they with from been would could should their his and many".split()
)
WORD = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*")


def _languages(written: str) -> dict[str, str]:
    return dict(pair.split("-") for pair in written.split())


LATIN = _languages(
    "af-Afrikaans az-Azerbaijani bs-Bosnian ca-Catalan cs-Czech cy-Welsh da-Danish de-German es-Spanish"
    " et-Estonian eu-Basque fi-Finnish fr-French ga-Irish gl-Galician hr-Croatian hu-Hungarian id-Indonesian"
    " is-Icelandic it-Italian lt-Lithuanian lv-Latvian ms-Malay mt-Maltese nl-Dutch no-Norwegian pl-Polish"
    " pt-Portuguese ro-Romanian sk-Slovak sl-Slovenian sq-Albanian sv-Swedish sw-Swahili tl-Tagalog tr-Turkish"
    " uz-Uzbek vi-Vietnamese"
)
# By the first word of the characters' Unicode names; the first language where the model does not tell.
SCRIPTS = {
    "CYRILLIC": _languages(
        "ru-Russian uk-Ukrainian bg-Bulgarian be-Belarusian sr-Serbian mk-Macedonian kk-Kazakh mn-Mongolian"
    ),
    "ARABIC": _languages("ar-Arabic fa-Persian ur-Urdu"),
    "DEVANAGARI": _languages("hi-Hindi mr-Marathi ne-Nepali"),
    "CJK": _languages("zh-Chinese"),
    "HIRAGANA": _languages("ja-Japanese"),
    "HANGUL": _languages("ko-Korean"),
    "GREEK": _languages("el-Greek"),
    "HEBREW": _languages("he-Hebrew"),
    "THAI": _languages("th-Thai"),
    "ARMENIAN": _languages("hy-Armenian"),
    "GEORGIAN": _languages("ka-Georgian"),
    "BENGALI": _languages("bn-Bengali"),
    "TAMIL": _languages("ta-Tamil"),
    "TELUGU": _languages("te-Telugu"),
}
NAMES = LATIN | {code: name for languages in SCRIPTS.values() for code, name in languages.items()}


def language_of(text: str) -> str:
    """The language of a question, as an ISO 639-1 code; “en” where nothing speaks clearly for another."""
    script = _script(text)
    if script in SCRIPTS:
        return _most_likely(text, tuple(SCRIPTS[script]))
    words = WORD.findall(text.lower() if text.isupper() else text)
    least = MIN_KEYWORDS if text.islower() and "?" not in text else MIN_WORDS
    if len(words) < least or sum(word.islower() for word in words) < MIN_LOWER or _looks_english(words):
        return ENGLISH
    probabilities = _probabilities(text)
    likely = max(probabilities, key=lambda code: probabilities[code])
    clear = probabilities[likely] >= LEAST_PROBABILITY and probabilities[ENGLISH] <= MOST_ENGLISH
    return likely if clear and likely in LATIN else ENGLISH


def not_known(language: str) -> str:
    """The sentence that says that the bundled model does not know a language, and what to do."""
    return (
        f"The question seems to be in {NAMES.get(language, language)}, which the bundled model does not know:"
        f" set `retrieval.model` to a multilingual one, for example {MULTILINGUAL}."
    )


def _script(text: str) -> str:
    """The script of most letters, by its name in Unicode; Japanese where there are kana."""
    scripts = Counter(unicodedata.name(letter, "").partition(" ")[0] for letter in text if letter.isalpha())
    kana = scripts["HIRAGANA"] + scripts["KATAKANA"]
    if kana and kana + scripts["CJK"] > scripts["LATIN"]:
        return "HIRAGANA"
    return scripts.most_common(1)[0][0] if scripts else ""


def _looks_english(words: list[str]) -> bool:
    return words[0].lower() in OPENING or len(ENGLISH_WORDS.intersection(word.lower() for word in words)) > 1


def _most_likely(text: str, codes: tuple[str, ...]) -> str:
    if len(codes) == 1 or len(text.split()) == 1:
        return codes[0]
    probabilities = _probabilities(text)
    return max(codes, key=lambda code: probabilities.get(code, 0.0))


def _probabilities(text: str) -> dict[str, float]:
    return dict(_identifier().rank(text))


@cache
def _identifier() -> "LanguageIdentifier":
    """The library's model, which comes with it; loaded when first in doubt (about a second, 100 MB)."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
