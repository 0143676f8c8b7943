"""The conversation, whatever the channel."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.blocks import Button, Listing, Quoted, Reply, Text
from bot.browse import each_sentence_once, short_key
from bot.conversation import Conversation
from bot.memory import Memory
from bot.render import html, plain
from bot.turns import Asker
from bot.words import LANGUAGES, Words
from retrieval import Archive, Article, Sentence, Speaker, Statement
from retrieval.schema import StatementKind

ANN = Asker(chat="1", user="tg:1", language="en")
OLENA = Asker(chat="2", user="tg:2", language="uk")
WHO = "Who said nobody wanted this delay?"


@pytest.fixture
def archive(news: Path, open_archive: Callable[..., Archive]) -> Archive:
    """Two small articles, answered from whatever is nearest."""
    archive = open_archive(news, threshold=0.2)
    archive.reload()
    return archive


@pytest.fixture
def conversation(archive: Archive) -> Conversation:
    """A conversation that remembers until the end of the test."""
    return Conversation(archive, Memory())


def text(reply: Reply, language: str = "en") -> str:
    return plain(reply.blocks, Words.of(language))


def labels(reply: Reply) -> list[str]:
    return [button.label for row in reply.buttons for button in row]


def button(reply: Reply, label: str) -> Button:
    return next(one for row in reply.buttons for one in row if one.label.startswith(label))


def action(reply: Reply, label: str) -> str:
    found = button(reply, label).action
    assert found is not None
    return found


def test_an_answer_names_the_speaker_and_cites_the_sentence(conversation: Conversation) -> None:
    """Speaker first, then the sentence; buttons for context, copying and an opinion."""
    reply = conversation.reply(WHO, ANN)
    assert reply.blocks[0] == Text("Ana Ruiz", strong=True)
    assert isinstance(reply.blocks[1], Quoted)
    assert reply.blocks[1].citation.text.startswith("“Nobody wanted this delay less than I did,”")
    assert {"Context", "Quote it", "👍", "👎"} <= set(labels(reply))


def test_context_and_back(conversation: Conversation) -> None:
    """Context shows the neighbours, Less takes them away again."""
    reply = conversation.reply(WHO, ANN)
    wide = conversation.press(action(reply, "Context"), ANN)
    assert any(isinstance(block, Quoted) and block.context for block in wide.blocks)
    assert conversation.press(action(wide, "Less"), ANN).blocks == reply.blocks


def test_more_goes_round_all_citations(news: Path, open_archive: Callable[..., Archive]) -> None:
    """Each press shows the next citations, and after the last the first again."""
    said = (f"Ana Ruiz said that pier {number} was sound." for number in range(1, 6))
    (news / "articles" / "piers.txt").write_text("\n\n".join(said), encoding="utf-8")
    archive = open_archive(news, threshold=0.2)
    archive.reload()
    reply = Conversation(archive, Memory()).reply("What did Ana Ruiz say?", ANN)
    pages = -(-len(reply.answers[0].citations) // 3)
    assert pages > 1
    seen = [reply.blocks]
    for _ in range(pages):
        reply = Conversation(archive, Memory()).press(action(reply, "More"), ANN)
        seen.append(reply.blocks)
    assert seen[0] == seen[-1]
    assert len({text(Reply(blocks)) for blocks in seen}) == pages


@pytest.fixture
def harbour(news: Path, open_archive: Callable[..., Archive]) -> Conversation:
    """A conversation about an article with lists and pronouns."""
    (news / "articles" / "harbour.txt").write_text(
        "Two reasons were given for the closed harbour. The gate was stuck. The pier had sunk.\n\n"
        "Norway sent pumps to the harbour.\n\nKarin Moe runs the bakery. She was hurt by a falling sign.\n\n"
        "Sweden sent pumps to the old harbour.",
        encoding="utf-8",
    )
    archive = open_archive(news, threshold=0.2)
    archive.reload()
    return Conversation(archive, Memory())


def quoted(reply: Reply) -> list[Quoted]:
    return [block for block in reply.blocks if isinstance(block, Quoted)]


def test_a_list_is_shown_together_in_the_order_of_its_article(harbour: Conversation) -> None:
    """Where several things were asked for, all citations come at once, though the best stands last in the article."""
    reply = harbour.reply("Which countries sent pumps to the old harbour?", ANN)
    starts = [block.citation.start for block in quoted(reply)]
    best = reply.answers[0].citations[0]
    assert len(starts) > 1
    assert starts == sorted(starts)
    assert best.text.startswith("Sweden")
    assert best.start == starts[-1]


def test_what_an_announcing_sentence_announces_stands_with_it(harbour: Conversation) -> None:
    """The sentences that tell the reasons follow the one that counts them, in the chat and at the prompt."""
    reply = harbour.reply("Which reasons were given for the closed harbour?", ANN)
    first = quoted(reply)[0]
    assert first.after
    assert first.citation.text == "Two reasons were given for the closed harbour."
    assert "  [The gate was stuck. The pier had sunk.]\n" in text(reply)
    assert "<b>Two reasons were given for the closed harbour.</b> The gate was stuck. The pier had sunk." in "".join(
        html(reply.blocks, Words.of("en"))
    )


def test_whom_a_pronoun_means_stands_before_it(harbour: Conversation) -> None:
    """The sentence before is shown with one that begins with “she”, and not with one that names who it is about."""
    told = quoted(harbour.reply("When was she hurt by a falling sign?", ANN))[0]
    assert (told.citation.text, told.before) == ("She was hurt by a falling sign.", True)
    named = quoted(harbour.reply("Where does Karin Moe run the bakery?", ANN))[0]
    assert (named.citation.text, named.before) == ("Karin Moe runs the bakery.", False)


def test_every_action_fits_a_button(conversation: Conversation) -> None:
    """What a button brings back is ASCII and at most 64 bytes long, what it copies at most 256 characters."""
    replies = [
        conversation.reply(said, ANN) for said in (WHO, "/start", "/articles", "/people", "/language", "/forget")
    ]
    for one in (one for reply in replies for row in reply.buttons for one in row):
        given = [one.action, one.copy, one.inline, one.url]
        assert sum(value is not None for value in given) == 1
        assert len((one.action or "").encode("ascii")) <= 64
        assert len(one.copy or "") <= 256


@pytest.mark.parametrize(
    "pressed",
    ["c.nothing.0", "m.x.y", "q.x.0", "o.0", "zz.1", "", "A.-1", "A.²", "P.²", "l.xx", "f.no", "+.nothing", "p.x.0"],
)
def test_an_old_or_forged_button_gets_a_kind_word(conversation: Conversation, pressed: str) -> None:
    """A button that means nothing any more changes nothing and says so."""
    reply = conversation.press(pressed, ANN)
    assert (reply.blocks, reply.notice) == ((), "This button is too old; please ask again.")


def test_buttons_work_after_a_restart(archive: Archive, tmp_path: Path) -> None:
    """What was answered before a restart can be opened after it, and the turn is gone on with."""
    first = Conversation(archive, Memory(tmp_path / "bot.sqlite"))
    reply = first.reply(WHO, ANN)
    second = Conversation(archive, Memory(tmp_path / "bot.sqlite"))
    assert second.press(action(reply, "Context"), ANN).blocks
    assert text(second.reply("/context", ANN)).count("    — ") == 1


def test_a_follow_up_goes_on_from_the_turn_before(conversation: Conversation) -> None:
    """“What else did she say?” is asked of the speaker before."""
    conversation.reply("What did Ana Ruiz say about the delay?", ANN)
    assert conversation.reply("What about Colin Peake?", ANN).answers[0].question.speaker == "Colin Peake"


def test_a_turn_belongs_to_person_chat_and_thread(conversation: Conversation) -> None:
    """Nobody else's turn is gone on with, nor one's own of another thread."""
    conversation.reply("What did Ana Ruiz say about the delay?", ANN)
    for other in (OLENA, Asker(chat="1", user="tg:3"), Asker(chat="1", user="tg:1", thread="9")):
        assert conversation.reply("What about Colin Peake?", other).answers[0].question.understood is None


def test_a_reply_to_an_older_answer_continues_that_one(conversation: Conversation) -> None:
    """The answer replied to is the turn before, whatever came after it."""
    older = conversation.reply("What did Ana Ruiz say about the delay?", ANN)
    conversation.shown(ANN, ["100", "101"], older)
    conversation.reply("How many passengers did the ferry carry?", ANN)
    reply = conversation.reply("What about Colin Peake?", ANN, to="100")
    assert reply.answers[0].question.speaker == "Colin Peake"


def test_what_was_asked_an_hour_ago_is_not_gone_back_to(archive: Archive) -> None:
    """A turn is forgotten after the time set."""
    now = [1000.0]
    conversation = Conversation(archive, Memory(clock=lambda: now[0]), remembered=60)
    conversation.reply(WHO, ANN)
    now[0] += 61
    assert text(conversation.reply("/context", ANN)) == "There is no answer yet."


def test_what_is_not_said_comes_with_the_nearest_sentence_and_questions(
    open_archive: Callable[..., Archive], news: Path
) -> None:
    """Nothing found: the reason, the nearest sentence marked as no answer, and questions to press."""
    archive = open_archive(news, threshold=0.99)
    archive.reload()
    strict = Conversation(archive, Memory())
    reply = strict.reply("Which bridge did the ferry buy?", ANN)
    shown = text(reply)
    assert shown.startswith("The articles do not say.")
    assert "The nearest sentence, which does not answer:" in shown
    for one in (one for row in reply.buttons for one in row):
        pressed = strict.press(one.action or "", ANN)
        assert pressed.fresh
        assert pressed.answers


def test_votes_are_kept_with_the_answer(archive: Archive, conversation: Conversation) -> None:
    """A press on a thumb is one person's vote on that answer."""
    reply = conversation.reply(WHO, ANN)
    assert conversation.press(action(reply, "👍"), ANN).notice == "Thank you."
    assert conversation.press(action(reply, "👎"), OLENA).notice
    (asked,) = archive.asked()
    assert (asked.likes, asked.dislikes) == (1, 1)


def test_an_edited_question_finds_its_answer(conversation: Conversation) -> None:
    """The message that answered is known by the message that asked."""
    conversation.shown(ANN, ["101", "102"], conversation.reply(WHO, ANN), question="100")
    assert conversation.answer_to(ANN, "100") == ("101", "102")
    assert conversation.answer_to(OLENA, "100") == ()
    conversation.moved("1", "-1001")
    assert conversation.answer_to(Asker(chat="-1001", user="tg:1"), "100") == ("101", "102")


def test_start_says_what_it_does_and_what_it_knows(conversation: Conversation) -> None:
    """What it does, how much it knows, and questions to begin with."""
    reply = conversation.reply("/start", ANN)
    assert "2 articles" in text(reply)
    assert all(one.action and one.action.startswith("o.") for row in reply.buttons for one in row)


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        (f"a-{short_key('bridge')}", "Swing bridge to stay shut"),
        ("bridge", "Swing bridge to stay shut"),
        ("a-bridge", "Swing bridge to stay shut"),
        ("p-{speaker}", "Ana Ruiz"),
        ("s-{statement}", "Ana Ruiz:"),
        ("a-nothing", "I answer questions"),
        ("nonsense", "I answer questions"),
        ("s-", "I answer questions"),
    ],
)
def test_deep_links_lead_to_article_speaker_and_statement(
    archive: Archive, conversation: Conversation, payload: str, expected: str
) -> None:
    """A link opens what it names; one that leads nowhere, the greeting."""
    said = next(one for one in archive.statements() if one.speaker.name == "Ana Ruiz")
    statement = f"{short_key(said.article.id)}-{said.sentences[0].start}"
    filled = payload.format(speaker=short_key(said.speaker.id), statement=statement)
    assert expected in text(conversation.reply(f"/start {filled}", ANN))


def test_one_article_can_be_chosen(conversation: Conversation) -> None:
    """Only the chosen article is asked until all are again."""
    assert "“Ferry carries more people” only" in text(conversation.reply("/article ferry", ANN))
    assert conversation.reply(WHO, ANN).answers[0].ranked[0].sentence.article.id == "ferry"
    conversation.reply("/article", ANN)
    assert conversation.reply(WHO, ANN).answers[0].ranked[0].sentence.article.id == "bridge"
    assert "There is no article “moon”" in text(conversation.reply("/article moon", ANN))


def test_quotes_show_all_that_somebody_said(conversation: Conversation) -> None:
    """A speaker's card: how much, and each statement marked as word for word or reported."""
    shown = text(conversation.reply("/quotes ana ruiz", ANN))
    assert shown.startswith("Ana Ruiz\n")
    assert "1 article" in shown
    assert "in their own words" in shown


def test_a_sentence_with_two_statements_is_shown_once() -> None:
    """What holds two statements of somebody comes once on their card, and is counted once."""
    article = Article("a", "1", "A", "He “knew”, he said. He left.")
    one, two = Sentence(article, 0, 0, 0, 19), Sentence(article, 1, 0, 20, 28)
    speaker = Speaker("x", "X", "person")
    kinds: list[tuple[tuple[Sentence, ...], StatementKind]] = [
        ((one, two), "direct"),
        ((one,), "indirect"),
        ((two,), "direct"),
    ]
    said = [Statement(held, speaker, None, None, (), kind, 0.9) for held, kind in kinds]
    assert [(each.sentences, each.kind) for each in each_sentence_once(said)] == [((one, two), "mixed")]
    assert [each.sentences for each in each_sentence_once(said[::-1])] == [(two,), (one,)]


@pytest.mark.parametrize("name", ["Nobody", "the", "of a", "Colin Peake, Ana Ruiz", "Ruiz and Peake"])
def test_quotes_of_no_clear_name_are_nobodys(conversation: Conversation, name: str) -> None:
    """Who is not there, a little word and several names at once name nobody; nobody else is shown for them."""
    assert text(conversation.reply(f"/quotes {name}", ANN)).startswith(f"Nobody called “{name}” speaks")


@pytest.mark.parametrize("name", ["ruiz", "Ana Riuz", "Ana, Ruiz"])
def test_quotes_forgive_how_a_name_is_typed(conversation: Conversation, name: str) -> None:
    """Case and typing errors do not matter, and a comma within one name makes no second."""
    assert text(conversation.reply(f"/quotes {name}", ANN)).startswith("Ana Ruiz")


def test_long_lists_come_in_pages(news: Path, open_archive: Callable[..., Archive]) -> None:
    """Nine articles are two pages, with buttons there and back; a terminal shows all at once."""
    for number in range(7):
        (news / "articles" / f"note-{number}.txt").write_text(f"Note {number}\n\nA ferry sank in {1990 + number}.\n")
    archive = open_archive(news)
    archive.reload()
    first = Conversation(archive, Memory()).reply("/articles", ANN)
    listing = first.blocks[0]
    assert isinstance(listing, Listing)
    assert (len(listing.entries), labels(first)[-1]) == (8, "1/2 ›")
    second = Conversation(archive, Memory()).press(action(first, "1/2"), ANN)
    assert (text(second).count("\n") + 1, labels(second)[-1]) == (1, "‹ 2/2")
    assert text(Conversation(archive, Memory(), paged=False).reply("/articles", ANN)).count("\n") == 8


def test_a_pasted_quotation_is_checked(conversation: Conversation) -> None:
    """Word for word, or what differs."""
    exact = conversation.reply("/check Nobody wanted this delay less than I did", ANN)
    assert exact.answers[0].verdict == "exact"
    altered = conversation.reply("/check Nobody wanted this delay more than I did", ANN)
    assert "[-less-]" in text(altered)
    assert "{+more+}" in text(altered)


def test_article_text_is_never_translated(conversation: Conversation) -> None:
    """In any language the cited sentence is the article's."""
    reply = conversation.reply(WHO, OLENA)
    cited = [block.citation.text for block in reply.blocks if isinstance(block, Quoted)]
    assert cited[0].startswith("“Nobody wanted this delay less than I did,”")


def test_forgetting_takes_all_that_is_the_persons(archive: Archive, conversation: Conversation) -> None:
    """Questions, votes, turns and the language are gone; other people's stay."""
    conversation.press("l.de", ANN)
    conversation.reply(WHO, ANN)
    conversation.reply(WHO, OLENA)
    assert "/forget yes" in text(conversation.reply("/forget", Asker(chat="1", user="tg:1")), "de")
    conversation.press("f.yes", ANN)
    assert [one.asker for one in archive.asked()] == ["tg:2"]
    assert conversation.words(ANN).language == "en"
    assert text(conversation.reply("/context", ANN)) == "There is no answer yet."


@pytest.mark.parametrize("said", ["", "   ", "?!", "x" * 3000])
def test_what_cannot_be_asked_is_said_in_a_sentence(conversation: Conversation, said: str) -> None:
    """An empty or endless question is refused in one sentence, in the person's language."""
    assert text(conversation.reply(said, ANN)).count("\n") == 0
    assert conversation.reply(said, ANN).answers == ()


def test_an_unknown_command_says_where_the_known_ones_are(conversation: Conversation) -> None:
    """A command that is not there names /help."""
    assert text(conversation.reply("/nonsense", ANN)) == "There is no command /nonsense; /help lists them."
    assert "/quotes NAME" in text(conversation.reply("/help@article_bot", ANN))


def test_inline_results_are_citations(archive: Archive, conversation: Conversation) -> None:
    """Each result has who said it, the sentence, and the blocks to send; nothing is kept in the journal."""
    (first, *_) = conversation.inline(WHO, ANN)
    assert first.title == "Ana Ruiz"
    assert first.description.startswith("“Nobody wanted this delay")
    assert any(isinstance(block, Quoted) for block in first.blocks)
    assert conversation.inline("  ", ANN) == ()
    assert tuple(archive.asked()) == ()


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_bot_speaks_the_persons_language(conversation: Conversation, code: str) -> None:
    """By their program's language, and by the one they chose."""
    asker = Asker(chat="1", user="tg:1", language=code)
    greeting = text(conversation.reply("/start", asker), code)
    assert ("I answer questions" in greeting) == (code == "en")
    conversation.press(f"l.{code}", ANN)
    assert conversation.words(ANN).language == code


def test_what_is_asked_again_after_an_edit_says_so(news: Path, archive: Archive, conversation: Conversation) -> None:
    """To the person who had the old answer, with the sentence as it was; to nobody else."""
    conversation.reply(WHO, ANN)
    path = news / "articles" / "bridge.txt"
    path.write_text(path.read_text(encoding="utf-8").replace("Nobody wanted", "Nobody ever wanted"), encoding="utf-8")
    archive.reload()
    again = text(conversation.reply(WHO, ANN))
    assert "The article has been changed since you last asked. It said then:\n\n  “Nobody wanted this delay" in again
    assert "changed" not in text(conversation.reply(WHO, replace(ANN, user="tg:3")))
    assert "changed" not in text(conversation.reply(WHO, ANN))


def test_a_greeting_offers_only_what_there_is(
    conversation: Conversation, open_archive: Callable[..., Archive], tmp_path: Path
) -> None:
    """Without articles there are no questions to begin with, and none are spoken of."""
    empty = Conversation(open_archive(tmp_path), Memory())
    assert "one of these" in text(conversation.reply("/start", ANN))
    assert "one of these" not in text(empty.reply("/start", ANN))
    assert empty.reply("/start", ANN).buttons == ()


@pytest.mark.parametrize("said", ["thank you", "Thanks!", "hello", "Hi!", "ok, thanks", "yes", "no"])
def test_courtesy_is_answered_with_courtesy(archive: Archive, conversation: Conversation, said: str) -> None:
    """Thanks and greetings are no questions: nothing is cited, and nothing is kept in the journal."""
    assert text(conversation.reply(said, ANN)).startswith("At your service")
    assert tuple(archive.asked()) == ()


@pytest.mark.parametrize("pressed", ["A.9", "P.9", "p.{speaker}.9", "m.{answer}.9", "c.{answer}.9"])
def test_a_page_that_is_no_more_is_the_last(archive: Archive, conversation: Conversation, pressed: str) -> None:
    """A list has shrunk since its buttons were made: the last page is shown."""
    answer = conversation.reply(WHO, ANN).keys[0]
    speaker = short_key(next(one.id for one in archive.speakers if one.name == "Ana Ruiz"))
    action = pressed.format(speaker=speaker, answer=answer)
    reply = conversation.press(action, ANN)
    assert html(reply.blocks, Words.of("en"))
    assert reply.blocks == conversation.press(action.replace(".9", ".0"), ANN).blocks


def test_an_answer_of_two_opens_below_them(conversation: Conversation) -> None:
    """The message with both answers stays; the one that is opened comes as a new message."""
    reply = conversation.reply("Who said nobody wanted this delay? How many passengers did the ferry carry?", ANN)
    opened = conversation.press(action(reply, "1 "), ANN)
    assert opened.fresh
    assert opened.keys == reply.keys[:1]
    assert "Context" in labels(opened)


def test_questions_offered_are_of_the_article_chosen(open_archive: Callable[..., Archive], news: Path) -> None:
    """What is offered where nothing was found, and to begin with, is answered by the only article that is asked."""
    archive = open_archive(news, threshold=0.6)
    archive.reload()
    strict = Conversation(archive, Memory())
    strict.reply("/article bridge", ANN)
    reply = strict.reply("Which moon did Napoleon buy?", ANN)
    assert "The articles do not say. Only “Swing bridge to stay shut" in text(reply)
    offered = [one for said in (reply, strict.reply("/start", ANN)) for row in said.buttons for one in row]
    assert offered
    for one in offered:
        assert strict.press(one.action or "", ANN).answers[0].found


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Did Ruiz say that the moon is made of cheese?", "You asked: “Did Ruiz say that the moon is made of cheese?”"),
        ("Did Ruiz say that the moon is made of cheese?", "The articles do not say that Ana Ruiz said so."),
        ("Who said that the moon is made of cheese?", "You asked: “Who said that the moon is made of cheese?”"),
        ("What did Napoleon say about Elba?", "The articles do not say what Napoleon said about Elba."),
        ("Wie hoch ist der Eiffelturm in Paris heute?", "Please ask in English"),
    ],
)
def test_what_is_not_found_is_named(
    open_archive: Callable[..., Archive], news: Path, question: str, expected: str
) -> None:
    """A reader is told what the articles do not say, and in which language to ask; no settings."""
    archive = open_archive(news, threshold=0.99)
    archive.reload()
    reply = Conversation(archive, Memory()).reply(question, ANN)
    assert expected in text(reply)
    assert "retrieval.model" not in text(reply)


def test_cards_are_shared_by_a_link_into_the_bot(conversation: Conversation) -> None:
    """An article and a speaker can be sent on where the bot's address is known, and nowhere else."""
    assert "Share" not in labels(conversation.reply("/article bridge", ANN))
    conversation.address = "https://t.me/article_bot"
    for command, kind in (("/article bridge", "a"), ("/quotes Ana Ruiz", "p")):
        shared = button(conversation.reply(command, ANN), "Share").url or ""
        (link,) = parse_qs(urlsplit(shared).query)["url"]
        address, _, payload = link.partition("?start=")
        assert (address, payload[:2]) == ("https://t.me/article_bot", f"{kind}-")
        opened = conversation.reply(f"/start {payload}", ANN).blocks
        assert opened
        assert conversation.reply(command, ANN).blocks[-len(opened) :] == opened
