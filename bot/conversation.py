"""One turn of talk, whatever the channel: text in, reply out.

Knows no channel and prints nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass

from bot import render
from retrieval import Answer, Archive, QuestionError, split_questions

HELP = """\
Ask about the articles in your own words: “Who said …?”, “What did … say about …?”, “When did …?”
Every answer is a sentence of an article, exactly as it stands there.

/articles         the articles that can be asked
/article ID       ask only this one; /article alone asks all of them again
/people           who says something in the articles
/quotes NAME      what somebody said
/check “…”        whether a quotation is word for word, and whose it is
/context          the last answer with the sentences around it
/help             this
/quit             end (so does Ctrl-D)"""


@dataclass(frozen=True, slots=True)
class Reply:
    """What to show; `ended` when the person is done. `answers` holds one for each question that was asked."""

    text: str
    answers: tuple[Answer, ...] = ()
    ended: bool = False


class Conversation:
    """A conversation with one person: remembers the article chosen and the last answers."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._article: str | None = None
        self._last: tuple[Answer, ...] = ()

    def greeting(self) -> str:
        """The first words."""
        count = len(self._archive.articles)
        return f"{count} article{'s' if count != 1 else ''} to ask. /help says how."

    def reply(self, text: str) -> Reply:
        """The reply to one message."""
        command, _, rest = text.strip().partition(" ")
        if command.startswith("/"):
            return self._command(command.lower(), rest.strip())
        try:
            self._last = tuple(self._archive.ask(one, article=self._article) for one in split_questions(text))
        except QuestionError as error:
            return Reply(str(error))
        return Reply(render.several(self._last), self._last)

    def _command(self, command: str, rest: str) -> Reply:
        commands: dict[str, Callable[[str], Reply]] = {
            "/article": self._choose,
            "/articles": lambda _: Reply(render.listed(self._archive.articles)),
            "/check": self._check,
            "/context": lambda _: Reply(self._context()),
            "/help": lambda _: Reply(HELP),
            "/people": lambda _: Reply(render.people([one for one in self._archive.speakers if one.kind != "unnamed"])),
            "/quit": lambda _: Reply("Goodbye.", ended=True),
            "/quotes": lambda name: Reply(self._quotes(name)),
        }
        chosen = commands.get({"/start": "/help", "/exit": "/quit"}.get(command, command))
        return chosen(rest) if chosen else Reply(f"There is no command {command}; /help lists them.")

    def _quotes(self, name: str) -> str:
        if not name:
            return "Whose? /quotes NAME; /people lists the names."
        found = self._archive.statements(speaker=name)
        return render.said(found) if found else f"The articles report nothing that {name} said."

    def _check(self, quote: str) -> Reply:
        try:
            self._last = (self._archive.check_quote(quote),)
        except QuestionError as error:
            return Reply(str(error))
        return Reply(render.several(self._last), self._last)

    def _choose(self, key: str) -> Reply:
        titles = {article.id: article.title for article in self._archive.articles}
        if key and key not in titles:
            return Reply(f"There is no article with the id “{key}”; /articles lists them.")
        self._article = key or None
        return Reply(f"Now asking “{titles[key]}” only." if key else "Now asking all articles.")

    def _context(self) -> str:
        if not self._last:
            return "There is no answer yet."
        cited = [one for answer in self._last for one in answer.citations or (answer.nearest,) if one]
        return (
            "\n\n".join(render.cited(citation, context=True) for citation in cited) or "The last answer cites nothing."
        )
