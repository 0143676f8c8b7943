"""The buttons under an answer: context, more, copy, and what the person thinks of it.

Knows what each brings back to the conversation, and nothing of what happens then.
"""

import re

from bot import compose, render
from bot.blocks import Button
from bot.words import Words, shortened
from retrieval import Answer

# What the clipboard and an inline query may hold (Bot API), counted as Telegram does.
MOST_UNITS = 256
LABEL_CHARS = 60
DOUBLE_MARKS = re.compile('[“”„«»"]')


def under(key: str, answer: Answer, words: Words, page: int, *, context: bool) -> tuple[tuple[Button, ...], ...]:
    """Context, more, copy; and what the person thinks of it."""
    size, total = compose.page_size(answer), len(answer.citations)
    last = (total - 1) // size
    around = (
        Button(words.say("Less"), f"m.{key}.{page}") if context else Button(words.say("Context"), f"c.{key}.{page}")
    )
    row = [around]
    if last > 0:
        following = (page + 1) % (last + 1)
        first, end = following * size + 1, min(total, (following + 1) * size)
        row.append(Button(_more(first, end, total, words), f"m.{key}.{following}"))
    row.append(_quote_button(answer, words, page * size))
    return tuple(row), (Button("👍", f"+.{key}"), Button("👎", f"-.{key}"))


def _more(first: int, last: int, total: int, words: Words) -> str:
    counted = {"first": words.number(first), "total": words.number(total)}
    if first == last:
        return words.say("More ({first} of {total})", **counted)
    return words.say("More ({first}–{last} of {total})", last=words.number(last), **counted)


def _quote_button(answer: Answer, words: Words, number: int) -> Button:
    """The citation with its place to the clipboard; by an inline query where it is too long for that."""
    citation = answer.citations[number]
    copied = f"{citation.text}\n— {compose.described(citation.article, words)}"
    if render.units(copied) <= MOST_UNITS:
        return Button(words.say("Quote it"), copy=copied)
    return Button(words.say("Quote it"), inline=quoting(citation.text))


def quoting(text: str) -> str:
    """The inline query that finds a citation again: its first words between quotation marks."""
    bare = " ".join(DOUBLE_MARKS.sub(" ", text).split())
    most = MOST_UNITS - len("“”")
    while render.units(bare) > most:
        bare = bare[:most].rpartition(" ")[0] or bare[: most // 2]
    return f"“{bare}”"


def label(text: str) -> str:
    """A text as a button can show it."""
    return shortened(text, LABEL_CHARS)
