"""The menus of commands that people see, by scope and language."""

from tests.bot.conftest import Running, Start
from tests.botapi import BotApi


def settled(server: BotApi, running: Running) -> int:
    """How many settings were sent, once all are."""
    languages = 6
    sent = len(running.desk.admins) * languages + 5 * languages

    def done() -> int | None:
        methods = ("setMyCommands", "setMyDescription", "setMyShortDescription")
        calls = sum(len(server.journal.of(method)) for method in methods)
        return calls if calls >= sent else None

    return server.world.wait_until(done, timeout=20, awaited=lambda: "the menus")


def commands(server: BotApi, scope: str, language: str = "") -> list[str]:
    return [command["command"] for command in server.world.about.commands[scope, language]]


def test_people_groups_and_admins_have_menus_of_their_own(server: BotApi, start: Start) -> None:
    """Admins see their commands, others do not; groups see what is of use there; every language has its menus."""
    boss = server.user("Boss")
    server.private(boss).chat.started = True
    settled(server, start(admins=[boss.id]))
    private, group = commands(server, "all_private_chats"), commands(server, "all_group_chats")
    own = commands(server, f"chat {boss.id}")
    assert private[0] == "start"
    assert {"articles", "people", "language", "forget"} <= set(private)
    assert set(group) < set(private)
    assert {"reload", "remove", "stats"} <= set(own) - set(private)
    assert ("all_private_chats", "uk") in server.world.about.commands
    assert server.world.about.texts["description", ""].startswith("I answer questions")


def test_menus_are_sent_again_only_when_they_have_changed(server: BotApi, start: Start) -> None:
    """A restart sends nothing of what Telegram has already; a new admin gets a menu."""
    first = start()
    before = settled(server, first)
    first.stop()
    boss = server.user("Boss")
    server.private(boss).chat.started = True
    second = start(admins=[boss.id])
    assert settled(server, second) == before + 6
