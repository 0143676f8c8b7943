"""What each sentence of a scenario does: a form that it is known by, and an act on the stage.

Knows nothing of how a scenario is laid out.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.browse import short_key
from tests.botapi import Fault, Message, Reply, Room, User
from tests.botapi.refusal import Json
from tests.scenarios import difference, shown
from tests.scenarios.script import ScriptError, Step
from tests.scenarios.stage import PATIENCE_SECONDS, Stage
from tests.scenarios.translation import Translation

Match = re.Match[str]
Play = Callable[[Stage, Match, Sequence[str]], None]
LANGUAGES = {"English": "en", "Ukrainian": "uk", "Russian": "ru", "German": "de", "Spanish": "es", "Arabic": "ar"}
# What people send that holds no words.
WORDLESS = {"sticker": "sticker", "voice message": "voice", "place": "location", "contact": "contact", "dice": "dice"}
FAULTS = {
    "is busy for a second": Fault("sendMessage", status=429, retry_after=1),
    "refuses the markup of the next message": Fault(
        "sendMessage", status=400, description="Bad Request: can't parse entities: unsupported start tag"
    ),
    "loses the connection": Fault("sendMessage", drop=True),
}


class NotAsExpectedError(AssertionError):
    """The bot did something else than a scenario expects; the message shows both."""


@dataclass(frozen=True, slots=True)
class Act:
    """A form of sentence and what it does."""

    form: re.Pattern[str]
    play: Play


ACTS: list[Act] = []


def play(stage: Stage, step: Step) -> None:
    """Do what a step says.

    Raises:
        ScriptError: Nobody knows what the sentence means.
        NotAsExpectedError: The bot did something else.
    """
    for act in ACTS:
        if match := act.form.fullmatch(step.head):
            act.play(stage, match, step.body)
            return
    raise ScriptError(f"it is not known what this means: {step.head}")


def _act(form: str) -> Callable[[Play], Play]:
    def add(play: Play) -> Play:
        ACTS.append(Act(re.compile(form, re.DOTALL), play))
        return play

    return add


# What the bot does.


@_act(r"Bot(?P<edits> edits)?(?:, to (?P<to>\w+))?(?:, in (?P<language>\w+))?:\s*(?P<text>.*)")
def _bot_says(stage: Stage, match: Match, body: Sequence[str]) -> None:
    reply = _awaited(stage, "editMessageText" if match["edits"] else "sendMessage")
    translation = Translation(LANGUAGES[match["language"]]) if match["language"] else stage.translation
    _expect([match["text"], *body] if match["text"] else body, reply, translation)
    if reply.thread != stage.topic:
        raise NotAsExpectedError("the bot's message stands in another topic.")
    if match["to"]:
        person = stage.person(match["to"])
        asked = next(message for message in stage.messages(stage.here) if message.sender is person)
        if reply.reply_to != asked.id:
            raise NotAsExpectedError(f"the bot's message does not reply to {match['to']}'s “{asked.body.text}”.")


@_act(r"Bot sends (?:a picture|the file “(?P<name>.+)”):\s*(?P<text>.*)")
def _bot_sends(stage: Stage, match: Match, body: Sequence[str]) -> None:
    reply = _awaited(stage, "sendDocument" if match["name"] else "sendPhoto")
    if reply.file is None or (match["name"] and not difference.is_like([match["name"]], [reply.file.name])):
        raise NotAsExpectedError(f"the bot sent the file {reply.file and reply.file.name}.")
    if match["name"]:
        lines = reply.file.content.decode().splitlines()
        if not difference.is_like(body, lines):
            raise NotAsExpectedError(f"the file holds something else.\n{difference.told(body, lines)}")
    else:
        _expect([match["text"], *body] if match["text"] else body, reply, stage.translation)


@_act(r"Bot is silent\.")
def _bot_is_silent(stage: Stage, _match: Match, _body: Sequence[str]) -> None:
    user, room = stage.act(stage.speaker)
    be_sure_of_silence(stage, room, user.first_name)


@_act(r"Telegram shows: (?P<text>.+)")
def _telegram_shows(stage: Stage, match: Match, _body: Sequence[str]) -> None:
    answer = _answer(stage)
    expected = [stage.translation.line(match["text"])]
    if not difference.is_like(expected, [answer.get("text", "")]):
        raise NotAsExpectedError(f"something else is shown.\n{difference.told(expected, [answer.get('text', '')])}")


@_act(r"Telegram offers:")
def _telegram_offers(stage: Stage, _match: Match, body: Sequence[str]) -> None:
    results = _answer(stage)["results"]
    lines = [f"{one['title']} — {' '.join(one.get('description', '').split())}" for one in results]
    if not difference.is_like(body, lines):
        raise NotAsExpectedError(f"something else is offered.\n{difference.told(body, lines)}")


@_act(r"The guest answers:\s*(?P<text>.*)")
def _guest_answers(stage: Stage, match: Match, body: Sequence[str]) -> None:
    reply = _awaited(stage, "answerGuestQuery")
    _expect([match["text"], *body] if match["text"] else body, reply, stage.translation)


@_act(r"The chat now has:\s*(?P<text>.*)")
def _chat_has(stage: Stage, match: Match, body: Sequence[str]) -> None:
    reply = _awaited(stage, "answerInlineQuery")
    _expect([match["text"], *body] if match["text"] else body, reply, stage.translation)


@_act(r"“(?P<text>.+)” leads to (?P<address>\S+)")
def _leads_to(stage: Stage, match: Match, _body: Sequence[str]) -> None:
    links = shown.linked(stage.reply) if stage.reply else {}
    found = next((address for text, address in links.items() if match["text"] in text), "nowhere")
    if not difference.is_like([match["address"]], [found]):
        raise NotAsExpectedError(f"“{match['text']}” leads to {found}.")


@_act(r"(?P<who>\w+)'s menu:(?P<has> has not| has) (?P<commands>.+)")
def _menu(stage: Stage, match: Match, _body: Sequence[str]) -> None:
    user, room = stage.act(match["who"])
    menu = stage.server.menu(user, room)
    for command in re.findall(r"\w+", match["commands"]):
        if (command in menu) is (match["has"] == " has not"):
            raise NotAsExpectedError(f"the menu of {match['who']} is {', '.join(menu)}.")


# What people do.


@_act(r"(?P<who>\w+) presses \[(?P<label>.+)\](?: under “(?P<under>.+)”)?")
def _presses(stage: Stage, match: Match, _body: Sequence[str]) -> None:
    user, room = stage.act(match["who"])
    labels = match["label"], stage.translation.line(match["label"])
    for reply in reversed(room.replies()):
        buttons = (each for row in reply.buttons for each in row)
        button = next((each for each in buttons if any(difference.is_like([one], [each.text]) for one in labels)), None)
        if button and (match["under"] or "") in reply.text:
            stage.asked = room.press(user, button) if button.data else None
            stage.copied = button.json.get("copy_text", {}).get("text", "")
            return
    raise NotAsExpectedError(f"there is no button [{labels[1]}].")


@_act(r"(?P<who>\w+) has now copied:")
def _has_copied(stage: Stage, _match: Match, body: Sequence[str]) -> None:
    lines = stage.copied.splitlines()
    expected = [stage.translation.line(line) for line in body]
    if not difference.is_like(expected, lines):
        raise NotAsExpectedError(f"something else was copied.\n{difference.told(expected, lines)}")


@_act(r"(?P<who>\w+) types: @article_bot(?P<text>.*)")
def _types(stage: Stage, match: Match, _body: Sequence[str]) -> None:
    user, _ = stage.act(match["who"])
    stage.asked = stage.server.inline(user, match["text"].strip())


@_act(r"(?P<who>\w+) chooses “(?P<title>.+)”")
def _chooses(stage: Stage, match: Match, _body: Sequence[str]) -> None:
    _, room = stage.act(match["who"])
    results = _answer(stage)["results"]
    chosen = next((one for one in results if match["title"] in f"{one['title']} {one.get('description', '')}"), None)
    if chosen is None or stage.asked is None:
        raise NotAsExpectedError(f"“{match['title']}” is not offered.")
    stage.server.choose(stage.asked, chosen["id"], room)


@_act(r"(?P<who>\w+) calls the guest: (?P<text>.+)")
def _calls(stage: Stage, match: Match, _body: Sequence[str]) -> None:
    user, room = stage.act(match["who"])
    stage.asked = room.guest(user, match["text"])


@_act(r"(?P<who>\w+) edits “(?P<old>.+)”: (?P<text>.+)")
def _edits(stage: Stage, match: Match, body: Sequence[str]) -> None:
    user, room = stage.act(match["who"])
    room.edit(user, _found(stage, match["old"], room), _written(stage, match["text"], body))


@_act(r"(?P<who>\w+) forwards “(?P<fragment>.+)”")
def _forwards(stage: Stage, match: Match, _body: Sequence[str]) -> None:
    user, room = stage.act(match["who"])
    room.forward(user, _found(stage, match["fragment"]))


@_act(r"(?P<who>\w+) sends a (?P<kind>sticker|voice message|place|contact|dice)")
def _sends_wordless(stage: Stage, match: Match, _body: Sequence[str]) -> None:
    user, room = stage.act(match["who"])
    room.other(user, WORDLESS[match["kind"]])


@_act(r"(?P<who>\w+) sends the file (?P<name>\S+):")
def _sends_file(stage: Stage, match: Match, body: Sequence[str]) -> None:
    user, room = stage.act(match["who"])
    room.document(user, "\n\n".join(body).encode(), match["name"])


@_act(r"(?P<who>\w+) opens the link to the (?P<kind>article|speaker|statement) “(?P<what>.+)”")
def _opens(stage: Stage, match: Match, _body: Sequence[str]) -> None:
    user, room = stage.act(match["who"])
    room.start(user, _payload(stage, match["kind"], match["what"]))


@_act(r"(?P<who>\w+) (?P<what>blocks|unblocks) the bot")
def _blocks(stage: Stage, match: Match, _body: Sequence[str]) -> None:
    {"blocks": stage.server.block, "unblocks": stage.server.unblock}[match["what"]](stage.person(match["who"]))


@_act(r"(?P<who>\w+) adds the bot")
def _adds(stage: Stage, match: Match, _body: Sequence[str]) -> None:
    user, room = stage.act(match["who"])
    room.bot_becomes("member", by=user)


# What happens around them.


@_act(r"In private:")
def _in_private(stage: Stage, _match: Match, _body: Sequence[str]) -> None:
    stage.room = stage.topic = None


@_act(r"In the (?P<kind>group|supergroup|channel) “(?P<title>.+)”(?P<away> without the bot)?(?: of (?P<members>.+))?:")
def _in_group(stage: Stage, match: Match, _body: Sequence[str]) -> None:
    title = match["title"]
    if title not in stage.rooms:
        make = getattr(stage.server, match["kind"])
        extra = {"username": title.removeprefix("@")} if title.startswith("@") else {}
        stage.rooms[title] = make(title, *_members(stage, match), bot=not match["away"], **extra)
    stage.room, stage.topic = stage.rooms[title], None


@_act(r"In the topic “(?P<topic>.+)” of the supergroup “(?P<title>.+?)”(?: of (?P<members>.+))?:")
def _in_topic(stage: Stage, match: Match, _body: Sequence[str]) -> None:
    title, members = match["title"], _members(stage, match)
    if title not in stage.rooms:
        stage.rooms[title] = stage.server.supergroup(title, *members, forum=True)
    stage.room = stage.rooms[title]
    key = stage.room.id, match["topic"]
    if key not in stage.topics:
        stage.topics[key] = stage.room.topic(members[0], match["topic"])
    stage.topic = stage.topics[key]


@_act(r"The channel posts: (?P<text>.+)")
def _posts(stage: Stage, match: Match, body: Sequence[str]) -> None:
    stage.here.post("\n\n".join([match["text"], *body]))
    stage.wait_until_handled()


@_act(r"The channel edits “(?P<old>.+)”: (?P<text>.+)")
def _edits_post(stage: Stage, match: Match, body: Sequence[str]) -> None:
    post = _found(stage, match["old"], stage.here)
    stage.here.edit_post(post, "\n\n".join([match["text"], *body]))
    stage.wait_until_handled()


@_act(r"The group becomes a supergroup\.")
def _becomes_supergroup(stage: Stage, _match: Match, _body: Sequence[str]) -> None:
    stage.visited.pop(stage.here.id, None)
    stage.room = stage.server.migrate(stage.here)


@_act(r"Telegram repeats what it delivered last\.")
def _repeats(stage: Stage, _match: Match, _body: Sequence[str]) -> None:
    stage.server.repeat_last_update()
    stage.wait_until_handled()


@_act(rf"Telegram (?P<what>{'|'.join(FAULTS)})\.")
def _goes_wrong(stage: Stage, match: Match, _body: Sequence[str]) -> None:
    fault = FAULTS[match["what"]]
    stage.server.faults.add(Fault(fault.method, 1, fault.status, fault.description, fault.retry_after, drop=fault.drop))


@_act(r"The bot is started again\.")
def _restarts(stage: Stage, _match: Match, _body: Sequence[str]) -> None:
    stage.stop()
    stage.start()


@_act(r"The (?P<where>file|page) (?P<name>\S+) says:")
def _file_says(stage: Stage, match: Match, body: Sequence[str]) -> None:
    folder = stage.folder / {"file": "articles", "page": "site"}[match["where"]]
    (folder / match["name"]).write_text("\n\n".join(body), encoding="utf-8")


@_act(r"The file (?P<name>\S+) is gone\.")
def _file_is_gone(stage: Stage, match: Match, _body: Sequence[str]) -> None:
    (stage.folder / "articles" / match["name"]).unlink()


# Whoever speaks: last, for it takes every sentence with a colon.
@_act(r"(?P<who>\w+)(?:, replying to “(?P<to>.+?)”)?: (?P<text>.+)")
def _says(stage: Stage, match: Match, body: Sequence[str]) -> None:
    user, room = stage.act(match["who"])
    to = _found(stage, match["to"], room) if match["to"] else None
    room.send(user, _written(stage, match["text"], body), to=to, thread=stage.topic)


def be_sure_of_silence(stage: Stage, room: Room, name: str) -> None:
    """The next thing that the bot says is the answer to what is asked now; nobody sees that question later.

    Raises:
        NotAsExpectedError: The bot has said something else.
    """
    probe = room.send(stage.person(name), "/privacy" if room.chat.person else "/privacy@article_bot")
    reply = _awaited(stage, None, room)
    if "/forget" not in reply.text or (room.chat.is_group and reply.reply_to != probe.id):
        raise NotAsExpectedError("\n".join(["the bot said something:", *shown.lines_of(reply)]))
    for number in (probe.id, reply.message_id):
        room.chat.messages.pop(number, None)


def _awaited(stage: Stage, method: str | None, room: Room | None = None) -> Reply:
    room = room or stage.here
    try:
        stage.reply = room.wait_for_reply(PATIENCE_SECONDS, method=method)
    except TimeoutError as error:
        raise NotAsExpectedError(f"nothing like that came: {error}.") from error
    return stage.reply


def _expect(expected: Sequence[str], reply: Reply, translation: Translation) -> None:
    lines = [translation.line(line) for line in expected]
    # Where a scenario shows no buttons, they do not matter to it.
    seen = shown.lines_of(reply) if any(line.startswith("[") for line in lines) else shown.text_of(reply)
    if not difference.is_like(lines, seen):
        raise NotAsExpectedError(f"the bot said something else (-: expected, +: said).\n{difference.told(lines, seen)}")


def _answer(stage: Stage) -> Json:
    if stage.asked is None:
        raise ScriptError("nobody has pressed a button or typed anything.")
    try:
        return stage.asked.wait_for_answer(PATIENCE_SECONDS)
    except TimeoutError as error:
        raise NotAsExpectedError(f"no answer came: {error}.") from error


def _members(stage: Stage, match: Match) -> list[User]:
    """Those who are in a chat from its beginning."""
    return [stage.person(name) for name in re.findall(r"\w+", match["members"] or "Ann")]


def _found(stage: Stage, fragment: str, room: Room | None = None) -> Message:
    message = next((one for one in stage.messages(room) if fragment in one.body.text), None)
    if message is None:
        raise ScriptError(f"nobody has said “{fragment}”.")
    return message


def _written(stage: Stage, text: str, body: Sequence[str]) -> str:
    repeated = re.fullmatch(r"(.+) \(repeated (\d+) times\)", text)
    if repeated:
        text = " ".join([repeated[1]] * int(repeated[2]))
    return "\n".join([text, *body]).replace("{site}", stage.site)


def _payload(stage: Stage, kind: str, what: str) -> str:
    if kind == "article":
        return f"a-{short_key(what)}"
    if kind == "speaker":
        return f"p-{short_key(next(one.id for one in stage.archive.speakers if one.name == what))}"
    said = next(one for one in stage.archive.statements() if what in one.sentences[0].text)
    return f"s-{short_key(said.article.id)}-{said.sentences[0].start}"
