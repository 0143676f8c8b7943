"""The menus of commands that people see, by scope and language."""

from bot.handlers.menus import MENU
from tests.bot.conftest import Running, Start
from tests.botapi import BotApi

LANGUAGES = 6
METHODS = ("setMyCommands", "setMyDescription", "setMyShortDescription")


def kept(server: BotApi, running: Running, wanted: int) -> None:
    """Wait until so many settings are kept."""
    memory = running.desk.memory
    server.world.wait_until(
        lambda: len(memory.all(MENU)) == wanted or None, timeout=20, awaited=lambda: f"{wanted} settings"
    )


def settled(server: BotApi, running: Running) -> int:
    """How many settings were sent so far, once all there are have been."""
    kept(server, running, (5 + len(running.desk.admins)) * LANGUAGES)
    return sum(len(server.journal.of(method)) for method in METHODS)


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
    assert settled(server, second) == before + LANGUAGES


def test_an_admin_who_comes_later_has_a_menu_at_once(server: BotApi, start: Start) -> None:
    """Telegram takes no menu for a chat that was never begun; the admin's first message brings it."""
    boss = server.user("Boss")
    running = start(admins=[boss.id])
    kept(server, running, 5 * LANGUAGES)
    chat = server.private(boss)
    assert "reload" not in server.menu(boss, chat)
    chat.start(boss)
    kept(server, running, 6 * LANGUAGES)
    assert "reload" in server.menu(boss, chat)


def test_a_former_admin_loses_the_menu(server: BotApi, start: Start) -> None:
    """Who is no admin any more sees what everybody sees, from the next start on."""
    boss = server.user("Boss")
    chat = server.private(boss)
    chat.chat.started = True
    first = start(admins=[boss.id])
    settled(server, first)
    first.stop()
    settled(server, start())
    assert "reload" not in server.menu(boss, chat)
    assert "articles" in server.menu(boss, chat)
