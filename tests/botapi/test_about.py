"""What the bot says of itself, and who is where."""

from typing import Any

import pytest

from tests.botapi import BotApi, User
from tests.botapi.conftest import Call


@pytest.fixture
def ann(server: BotApi) -> User:
    return server.user("Ann", language="uk")


def test_menus_are_kept_by_scope_and_language(server: BotApi, ann: User, call: Call) -> None:
    """A person sees the menu of the nearest scope that has one, in their language where there is one."""
    chat, group = server.private(ann), server.group("Friends", ann)
    chat.start(ann)
    start, find, reload = ({"command": name, "description": "does it"} for name in ("start", "find", "reload"))
    call("setMyCommands", commands=[start])
    call("setMyCommands", commands=[find], language_code="uk")
    call("setMyCommands", commands=[reload], scope={"type": "chat", "chat_id": chat.id})
    assert (server.menu(ann, chat), server.menu(ann, group)) == (["reload"], ["find"])
    assert call("getMyCommands", language_code="uk")["result"] == [find]
    call("deleteMyCommands", scope={"type": "chat", "chat_id": chat.id})
    call("setMyCommands", commands=[start], scope={"type": "chat_member", "chat_id": group.id, "user_id": ann.id})
    assert (server.menu(ann, chat), server.menu(ann, group)) == (["find"], ["start"])


@pytest.mark.parametrize(
    ("parameters", "told"),
    [
        ({"commands": [{"command": "Start", "description": "x"}]}, "BOT_COMMAND_INVALID"),
        ({"commands": [{"command": "x" * 33, "description": "x"}]}, "BOT_COMMAND_INVALID"),
        ({"commands": [{"command": "старт", "description": "x"}]}, "BOT_COMMAND_INVALID"),
        ({"commands": [{"command": "start", "description": " "}]}, "BOT_COMMAND_DESCRIPTION_INVALID"),
        ({"commands": [{"command": "start", "description": "x"}] * 101}, "BOT_COMMANDS_TOO_MUCH"),
        ({"commands": [], "language_code": "english"}, "LANG_CODE_INVALID"),
        ({"commands": [], "scope": {"type": "chat", "chat_id": 5}}, "chat not found"),
    ],
)
def test_a_menu_is_refused(call: Call, parameters: dict[str, Any], told: str) -> None:
    """Commands are short, lower-case and described; languages have two letters; chats exist."""
    assert call("setMyCommands", **parameters)["description"] == f"Bad Request: {told}"


def test_a_chat_that_was_never_begun_has_no_menu(server: BotApi, ann: User, call: Call) -> None:
    """The bot cannot do anything in a private chat before its person has written."""
    asked = {"commands": [], "scope": {"type": "chat", "chat_id": ann.id}}
    assert call("setMyCommands", **asked)["error_code"] == 403
    server.private(ann).start(ann)
    assert call("setMyCommands", **asked)["ok"]


@pytest.mark.parametrize(("key", "limit"), [("Name", 64), ("Description", 512), ("ShortDescription", 120)])
def test_texts_are_kept_by_language(call: Call, key: str, limit: int) -> None:
    """A language without a text of its own gets the general one; a long text is refused."""
    field = {"Name": "name", "Description": "description", "ShortDescription": "short_description"}[key]
    call(f"setMy{key}", **{field: "general"})
    call(f"setMy{key}", **{field: "український", "language_code": "uk"})
    found = [call(f"getMy{key}", language_code=code)["result"][field] for code in ("", "uk", "de")]
    assert found == ["general", "український", "general"]
    assert call(f"setMy{key}", **{field: "x" * (limit + 1)})["error_code"] == 400


def test_a_menu_button_is_kept_by_chat(server: BotApi, ann: User, call: Call) -> None:
    """One private chat may have another button than the rest; groups have none."""
    call("setChatMenuButton", menu_button={"type": "commands"})
    call("setChatMenuButton", chat_id=ann.id, menu_button={"type": "default"})
    found = [call("getChatMenuButton", **chat)["result"]["type"] for chat in ({}, {"chat_id": ann.id})]
    assert found == ["commands", "default"]
    assert call("setChatMenuButton", chat_id=server.group("Friends", ann).id)["error_code"] == 400


def test_members_are_told(server: BotApi, ann: User, call: Call) -> None:
    """Who made a group, who is in it, who left, who never was there."""
    bob, eve = server.user("Bob"), server.user("Eve")
    group = server.supergroup("Friends", ann, bob)
    group.leave(bob)
    group.bot_becomes("administrator", by=ann)
    states = [call("getChatMember", chat_id=group.id, user_id=user.id)["result"]["status"] for user in (ann, bob, eve)]
    assert states == ["creator", "left", "left"]
    administrators = call("getChatAdministrators", chat_id=group.id)["result"]
    assert [member["status"] for member in administrators] == ["creator", "administrator"]
    assert call("getChatMemberCount", chat_id=group.id)["result"] == 2
    assert "invalid user_id" in call("getChatMember", chat_id=group.id, user_id=1)["description"]


def test_a_private_chat_has_two_members(server: BotApi, ann: User, call: Call) -> None:
    """The person and the bot; nobody administers it and the bot cannot leave."""
    chat = server.private(ann)
    chat.start(ann)
    assert call("getChat", chat_id=chat.id)["result"]["first_name"] == "Ann"
    assert call("getChatMemberCount", chat_id=chat.id)["result"] == 2
    assert call("getChatMember", chat_id=chat.id, user_id=ann.id)["result"]["status"] == "member"
    assert call("getChatAdministrators", chat_id=chat.id)["error_code"] == 400
    assert call("leaveChat", chat_id=chat.id)["error_code"] == 400


def test_a_bot_that_left_is_out(server: BotApi, ann: User, call: Call) -> None:
    """After leaveChat it may no longer write."""
    group = server.group("Friends", ann)
    assert call("leaveChat", chat_id=group.id)["ok"]
    assert call("sendMessage", chat_id=group.id, text="a")["description"] == (
        "Forbidden: bot is not a member of the group chat"
    )


def test_a_bot_that_logged_out_is_refused(call: Call) -> None:
    """A bot that closes keeps its token, one that logs out does not."""
    assert call("close")["ok"]
    assert call("logOut")["ok"]
    assert call("getMe")["error_code"] == 401
