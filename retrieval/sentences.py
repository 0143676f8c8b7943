"""Article → Sentences, in order, covering all of the text but white space.

sentencex finds the boundaries; what it joins that a citation must not join is cut here. Knows nothing of questions.
"""

import re

import sentencex

from retrieval.schema import Article, Sentence, Span

# Citations longer than this help nobody, and a file without a full stop must not become one sentence.
MAX_CHARS = 600
# sentencex keeps a quotation of several sentences whole; above this it is cut between them.
MAX_QUOTATION_CHARS = 350
# Lines up to this long, all about as long, are a paragraph wrapped by hand.
MAX_WRAPPED_CHARS = 120
WORD = re.compile(r"\w")
QUOTATION_MARKS = str.maketrans(dict.fromkeys('“”„«»"', "\u2060"))


def split(article: Article) -> tuple[Sentence, ...]:
    """The sentences of an article, with offsets into its text."""
    language = article.language.split("-")[0]
    sentences: list[Sentence] = []
    for paragraph, (start, end) in enumerate(paragraphs(article.text)):
        for s, e in _sentence_spans(article.text, start, end, language):
            sentences.append(Sentence(article, len(sentences), paragraph, s, e))
    return tuple(sentences)


def paragraphs(text: str) -> list[Span]:
    """Spans of the paragraphs: blocks between empty lines, cut at each newline unless the block is wrapped by hand."""
    spans: list[Span] = []
    for block in re.finditer(r"\S[^\n]*(?:\n[^\S\n]*\S[^\n]*)*", text):
        lines = [
            (block.start() + line.start(), block.start() + line.end()) for line in re.finditer(r"[^\n]+", block.group())
        ]
        spans += [(block.start(), block.end())] if _is_wrapped(lines) else lines
    return spans


def _is_wrapped(lines: list[Span]) -> bool:
    lengths = [end - start for start, end in lines]
    longest = max(lengths)
    return len(lines) > 1 and 40 <= longest <= MAX_WRAPPED_CHARS and min(lengths[:-1]) >= 0.6 * longest  # noqa: PLR2004


def _sentence_spans(text: str, start: int, end: int, language: str) -> list[Span]:
    spans: list[Span] = []
    for s, e in _boundaries(text, start, end, language):
        if e - s > MAX_QUOTATION_CHARS:
            bare = text[s:e].translate(QUOTATION_MARKS)
            cut = [(s + a, s + b) for a, b in _boundaries(bare, 0, len(bare), language)]
            spans += [piece for span in cut for piece in _pieces(text, *span)]
        else:
            spans.append((s, e))
    return spans


def _boundaries(text: str, start: int, end: int, language: str) -> list[Span]:
    found = sentencex.get_sentence_boundaries(language, text[start:end])
    spans: list[Span] = []
    for boundary in found:
        s, e = _strip(text, start + boundary["start_index"], start + boundary["end_index"])
        if spans and not WORD.search(text, s, e):  # a lone mark belongs to what stands before it
            spans[-1] = (spans[-1][0], max(e, spans[-1][1]))
        elif s < e:
            spans.append((s, e))
    return spans


def _pieces(text: str, start: int, end: int) -> list[Span]:
    """The span cut into pieces of at most MAX_CHARS, after punctuation or else between words where there are any."""
    spans: list[Span] = []
    while end - start > MAX_CHARS:
        window = text[start : start + MAX_CHARS]
        cut = max(window.rfind(mark) + 1 for mark in (". ", "; ", ", ", ": ", "\n"))
        if cut < MAX_CHARS // 2:
            cut = window.rfind(" ") + 1 or MAX_CHARS
        spans.append(_strip(text, start, start + cut))
        start += cut
    spans.append(_strip(text, start, end))
    return [(s, e) for s, e in spans if s < e]


def _strip(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
