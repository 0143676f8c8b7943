"""One turn of talk, whatever the channel: text or a pressed button in, a reply out.

Remembers, for each person in each chat and thread, the turn before and the article chosen. Knows no channel, prints
nothing and keeps no text of its own beyond what `Memory` is given.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from bot import browse, buttons, compose
from bot.blocks import Block, Button, Quoted, Reply, Text
from bot.browse import Page
from bot.memory import Memory
from bot.turns import Asker, Turn, Turns
from bot.words import ENGLISH, LANGUAGES, Words
from retrieval import Answer, Archive, Before, QuestionError, is_courtesy, is_unclear, split_questions

HOUR = 3600
RESULTS = 10


@dataclass(frozen=True, slots=True)
class Result:
    """Something to send to any chat: a citation, with what a list shows of it."""

    id: str
    title: str
    description: str
    blocks: tuple[Block, ...]


class Conversation:
    """Conversations with everybody, over one archive.

    Args:
        archive: What is asked.
        memory: What outlives a turn.
        remembered: How long a turn is gone back to, in seconds.
        paged: Whether long replies come page by page, with buttons; a terminal shows all.

    Attributes:
        address: Where the bot is found, for links into it; None where links cannot lead to it or it is not known yet.
    """

    def __init__(self, archive: Archive, memory: Memory, *, remembered: float = HOUR, paged: bool = True) -> None:
        self.address: str | None = None
        self._archive = archive
        self._turns = Turns(memory, archive, remembered=remembered)
        self._paged = paged

    def words(self, asker: Asker) -> Words:
        """The words of the person's language: the one chosen, else the one of their program."""
        return Words.of(self._turns.language(asker))

    def greeting(self, asker: Asker) -> str:
        """The first words."""
        words = self.words(asker)
        counted = words.many("{n} article to ask.", "{n} articles to ask.", len(self._archive.articles))
        told = words.say("/help says how.")
        return f"{counted} {told}"

    def reply(self, text: str, asker: Asker, *, to: str | None = None) -> Reply:
        """The reply to one message; `to` is the bot's message that it replies to, if to one."""
        command, _, rest = text.strip().partition(" ")
        if command.startswith("/"):
            return self._command(command.partition("@")[0].lower(), rest.strip(), asker)
        if is_courtesy(text):
            return Reply.of(
                self.words(asker).say("At your service: ask me anything about the articles; /help says how.")
            )
        try:
            turn = self._turns.before(asker, to)
            answers = self._ask(text, asker, turn)
        except QuestionError as error:
            return self._refused(error, asker)
        return self._answered(answers, asker, within=turn.article)

    def press(self, action: str, asker: Asker) -> Reply:
        """What a pressed button does: blocks take the place of the message, a notice passes."""
        name, _, rest = action.partition(".")
        actions: dict[str, Callable[[str, Asker], Reply | None]] = {
            "c": lambda rest, asker: self._shown_again(rest, asker, context=True),
            "m": lambda rest, asker: self._shown_again(rest, asker, context=False),
            "q": self._opened,
            "+": lambda rest, asker: self._rated(rest, asker, liked=True),
            "-": lambda rest, asker: self._rated(rest, asker, liked=False),
            "o": self._offered,
            "l": self._language_chosen,
            "f": self._forgotten,
            **{key: self._browsed(page) for key, page in browse.PAGES.items()},
        }
        made = actions[name](rest, asker) if name in actions else None
        return made or Reply(notice=self.words(asker).say("This button is too old; please ask again."))

    def shown(self, asker: Asker, messages: Sequence[str], reply: Reply, *, question: str | None = None) -> None:
        """Remember which messages show a reply, and which message of the person they answer."""
        self._turns.shown(asker, messages, reply.keys, question)

    def answer_to(self, asker: Asker, question: str) -> tuple[str, ...]:
        """The messages that answered a message of the person, the first first."""
        return self._turns.answer_to(asker, question)

    def moved(self, old: str, new: str) -> None:
        """A chat has another name now."""
        self._turns.moved(old, new)

    def inline(self, text: str, asker: Asker) -> tuple[Result, ...]:
        """Citations that answer a text, each to be sent to any chat; nothing is kept of it."""
        if not text.strip():
            return ()
        try:
            answer = self._archive.ask(text)
        except QuestionError:
            return ()
        words = self.words(asker)
        cited = answer.citations[:RESULTS] if answer.found else ()
        return tuple(self._result(answer, number, words) for number in range(len(cited)))

    @staticmethod
    def _result(answer: Answer, number: int, words: Words) -> Result:
        citation = answer.citations[number]
        title = citation.speaker.name if citation.speaker else citation.article.title
        blocks = compose.answered(replace(answer, citations=(citation,)), words)
        key = hashlib.sha256(f"{citation.article.id} {citation.version} {citation.start}".encode()).hexdigest()[:32]
        return Result(key, title, citation.text, blocks)

    def _refused(self, error: QuestionError, asker: Asker) -> Reply:
        words = self.words(asker)
        said = str(error) if words.language == ENGLISH else words.say("That cannot be asked: it is empty or too long.")
        return Reply.of(said)

    def _ask(self, text: str, asker: Asker, turn: Turn) -> list[tuple[str, Answer]]:
        """The answers to a message's questions, each with its key in the journal; each is the turn before the next."""
        before = turn.before
        answers: list[tuple[str, Answer]] = []
        for question in split_questions(text):
            answer = self._archive.ask(question, article=turn.article, before=before)
            answers.append((self._archive.keep(answer, asker=asker.user, channel=asker.chat), answer))
            # What was not understood is no turn to follow: the one before it still is.
            before = before if before and is_unclear(answer.question) else Before.of(answer)
        self._turns.answered(asker, before, tuple(key for key, _ in answers))
        return answers

    def _answered(self, answers: Sequence[tuple[str, Answer]], asker: Asker, *, within: str | None = None) -> Reply:
        """The reply that holds answers; `within` is the only article that was asked."""
        found = tuple(answer for _, answer in answers)
        keys = tuple(key for key, _ in answers)
        if len(answers) == 1:
            reply = self._page(keys[0], found[0], asker, 0, within=within)
        else:
            shown = range(compose.ANSWER) if self._paged else None
            row = tuple(Button(f"{number} …", f"q.{key}.0") for number, key in enumerate(keys, 1))
            blocks = compose.numbered(found, self.words(asker), shown=shown, why=self._why(asker, within))
            reply = Reply(blocks, (row,))
        return replace(reply, answers=found, keys=keys)

    def _page(
        self, key: str, answer: Answer, asker: Asker, page: int, *, context: bool = False, within: str | None = None
    ) -> Reply:
        """One page of an answer's citations, the last where there are fewer, with the buttons for the rest."""
        if not answer.found:
            return self._not_found(answer, asker, within)
        words, size = self.words(asker), compose.page_size(answer)
        page = min(page, (len(answer.citations) - 1) // size)
        shown = range(page * size, (page + 1) * size) if self._paged else None
        blocks = compose.answered(answer, words, shown=shown, context=context)
        changed = [one for one in answer.citations[page * size : (page + 1) * size] if self._archive.changed_since(one)]
        if changed:
            blocks += (Text(words.say("The article has been changed since.")),)
        elif page == 0:
            blocks += self._changed_since_asked(key, words)
        return Reply(blocks, buttons.under(key, answer, words, page, context=context))

    def _changed_since_asked(self, key: str, words: Words) -> tuple[Block, ...]:
        """What the person was told when asking the same before, where the article no longer says so."""
        earlier = self._archive.earlier(key)
        was = [one for one in earlier.citations if self._archive.changed_since(one)] if earlier else []
        said = words.say("The article has been changed since you last asked. It said then:")
        return (Text(said), Quoted(was[0])) if was else ()

    def _not_found(self, answer: Answer, asker: Asker, within: str | None) -> Reply:
        """What was understood, the nearest sentence, and what can be asked instead, of the article chosen if any."""
        question, words = answer.question, self.words(asker)
        near = None if is_unclear(question) else question.understood or question.text
        offers = self._archive.suggestions(near, article=self._turns.before(asker).article)
        blocks = compose.asked(question, words) + compose.answered(answer, words, why=self._why(asker, within))
        if offers:
            blocks += (Text(words.say("The articles answer these:")),)
        return self._with_offers(blocks, offers)

    def _why(self, asker: Asker, within: str | None) -> Callable[[Answer], str]:
        """Tells the person why an answer says nothing, with the name that the articles have for whom it is about."""
        words = self.words(asker)
        only = next((article for article in self._archive.articles if article.id == within), None)

        def why(answer: Answer) -> str:
            typed = answer.question.speaker
            known = self._archive.statements(speaker=typed) if typed else ()
            return compose.reason(answer, words, name=known[0].speaker.name if known else None, within=only)

        return why

    def _with_offers(self, blocks: tuple[Block, ...], offers: Sequence[str]) -> Reply:
        """Blocks with questions to press; a terminal, which has no buttons, shows them as text."""
        if not self._paged:
            return Reply((*blocks, Text("\n".join(f"  {offer}" for offer in offers))) if offers else blocks)
        return Reply(
            blocks, tuple((Button(buttons.label(offer), f"o.{self._turns.offer(offer)}"),) for offer in offers)
        )

    def _shown_again(self, rest: str, asker: Asker, *, context: bool) -> Reply | None:
        key, _, page = rest.partition(".")
        answer = self._archive.recall(key)
        if answer is None or not page.isdecimal() or (answer.found and not answer.citations):
            return None
        reply = self._page(key, answer, asker, int(page), context=context)
        return replace(reply, keys=(key,))

    def _opened(self, rest: str, asker: Asker) -> Reply | None:
        """One answer of several, below the message that holds them all."""
        reply = self._shown_again(rest, asker, context=False)
        return replace(reply, fresh=True) if reply else None

    def _rated(self, key: str, asker: Asker, *, liked: bool) -> Reply | None:
        if not self._archive.rate(key, rater=asker.user, liked=liked):
            return None
        words = self.words(asker)
        return Reply(notice=words.say("Thank you.") if liked else words.say("Thank you; it will be looked at."))

    def _offered(self, key: str, asker: Asker) -> Reply | None:
        question = self._turns.offered(key)
        if question is None:
            return None
        reply = self.reply(question, asker)
        return replace(reply, blocks=(Text(question, strong=True), *reply.blocks), fresh=True)

    def _browsed(self, page: Page) -> Callable[[str, Asker], Reply | None]:
        def turned(rest: str, asker: Asker) -> Reply | None:
            return page(self._view(asker), rest)

        return turned

    def _view(self, asker: Asker) -> browse.View:
        """The archive as the person sees it."""
        return browse.View(self._archive, self.words(asker), paged=self._paged, address=self.address)

    def _command(self, command: str, rest: str, asker: Asker) -> Reply:
        words, view = self.words(asker), self._view(asker)
        commands: dict[str, Callable[[], Reply]] = {
            "/start": lambda: self._start(rest, asker, view),
            "/help": lambda: browse.help_text(words),
            "/articles": lambda: view.articles(0),
            "/latest": view.latest,
            "/article": lambda: self._choose(rest, asker, view),
            "/people": lambda: view.people(0),
            "/quotes": lambda: view.quotes_of(rest),
            "/check": lambda: self._check(rest, asker, words),
            "/context": lambda: self._context(asker, words),
            "/language": lambda: self._language(rest, asker, words),
            "/privacy": lambda: browse.privacy(words),
            "/forget": lambda: self._forget(rest, asker, words),
            "/quit": lambda: Reply((Text(words.say("Goodbye.")),), ended=True),
        }
        chosen = commands.get({"/exit": "/quit"}.get(command, command))
        if chosen:
            return chosen()
        return Reply.of(words.say("There is no command {command}; /help lists them.", command=command))

    def _start(self, payload: str, asker: Asker, view: browse.View) -> Reply:
        """The greeting, or what a deep link leads to."""
        led = view.led_to(payload) if payload else None
        offers = self._archive.suggestions(article=self._turns.before(asker).article)
        return led or self._with_offers(view.greeting(offered=bool(offers)), offers)

    def _check(self, quote: str, asker: Asker, words: Words) -> Reply:
        if not quote:
            return Reply.of(words.say("Which words? Send /check and the quotation, or forward the message."))
        try:
            answer = self._archive.check_quote(quote)
        except QuestionError as error:
            return self._refused(error, asker)
        key = self._archive.keep(answer, asker=asker.user, channel=asker.chat)
        self._turns.answered(asker, Before.of(answer), (key,))
        return self._answered([(key, answer)], asker)

    def _choose(self, key: str, asker: Asker, view: browse.View) -> Reply:
        """Ask one article from now on, or all of them."""
        if not key:
            self._turns.choose(asker, None)
            return Reply.of(view.words.say("Now asking all articles."))
        found = view.find(key)
        if found is None:
            return Reply.of(view.words.say("There is no article “{key}”; /articles lists them.", key=key))
        self._turns.choose(asker, found.id)
        asking = Text(view.words.say("Now asking “{title}” only; /article alone asks all again.", title=found.title))
        card = view.card(found)
        return replace(card, blocks=(asking, *card.blocks))

    def _context(self, asker: Asker, words: Words) -> Reply:
        answers = [answer for key in self._turns.before(asker).keys if (answer := self._archive.recall(key))]
        cited = [one for answer in answers for one in answer.citations or (answer.nearest,) if one]
        if not cited:
            return Reply.of(words.say("There is no answer yet."))
        return Reply(tuple(compose.with_context(one) for one in cited))

    def _language(self, code: str, asker: Asker, words: Words) -> Reply:
        if code:
            return self._language_chosen(code, asker) or Reply.of(
                words.say("The languages are {codes}.", codes=words.listed(LANGUAGES))
            )
        choices = [Button(name, f"l.{code}") for code, name in LANGUAGES.items()]
        rows = (tuple(choices[:3]), tuple(choices[3:]))
        listed = words.listed(f"{name} ({code})" for code, name in LANGUAGES.items())
        return Reply((Text(words.say("In which language shall I speak? {languages}", languages=listed)),), rows)

    def _language_chosen(self, code: str, asker: Asker) -> Reply | None:
        if code not in LANGUAGES:
            return None
        self._turns.speak(asker, code)
        said = Words.of(code).say("I speak English now; articles stay in their own language.")
        return Reply.of(said)

    def _forget(self, sure: str, asker: Asker, words: Words) -> Reply:
        if sure.lower() == "yes":
            return self._forgotten("yes", asker) or Reply()
        text = words.say("Shall I forget your questions, your votes and your settings? /forget yes, or press.")
        return Reply.of(text, buttons=[[Button(words.say("Forget everything of mine"), "f.yes")]])

    def _forgotten(self, sure: str, asker: Asker) -> Reply | None:
        if sure != "yes":
            return None
        words = self.words(asker)
        count = self._archive.forget(asker.user)
        self._turns.forget(asker)
        return Reply.of(words.many("Forgotten: {n} question.", "Forgotten: {n} questions.", count))
