"""getMe, setMyCommands, setMyName, setChatMenuButton, logOut …: what the bot says of itself."""

from tests.botapi.methods.registry import METHODS, Method, method
from tests.botapi.refusal import Json, bad_request
from tests.botapi.world import World

MOST_COMMANDS = 100
LIMITS = {"name": 64, "description": 512, "short_description": 120}  # characters


@method
def get_me(world: World, args: Json) -> Json:  # noqa: ARG001 - has no parameters
    """The bot as a user."""
    return world.bot.to_json() | {
        "can_join_groups": True,
        "can_read_all_group_messages": world.reads_all,
        "supports_inline_queries": True,
        "supports_guest_queries": True,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


@method
def log_out(world: World, args: Json) -> bool:  # noqa: ARG001 - has no parameters
    """Leaves this server: from now on the token is refused."""
    world.logged_out = True
    return True


@method
def close(world: World, args: Json) -> bool:  # noqa: ARG001 - has no parameters
    """Ends the bot's instance on this server; the token stays good."""
    world.updates.webhook = None
    return True


@method
def set_my_commands(world: World, args: Json) -> bool:
    """The menu of commands for a scope and a language."""
    if len(args["commands"]) > MOST_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for command in args["commands"]:
        _check_command(command)
    world.about.commands[_scope(world, args)] = args["commands"]
    return True


@method
def get_my_commands(world: World, args: Json) -> list[Json]:
    """The menu for exactly this scope and language."""
    return world.about.commands.get(_scope(world, args), [])


@method
def delete_my_commands(world: World, args: Json) -> bool:
    """Takes the menu of this scope and language away."""
    world.about.commands.pop(_scope(world, args), None)
    return True


@method
def set_chat_menu_button(world: World, args: Json) -> bool:
    """The button beside the input field, of one private chat or of all."""
    world.about.menu_buttons[_menu_chat(world, args)] = args.get("menu_button", {"type": "default"})
    return True


@method
def get_chat_menu_button(world: World, args: Json) -> Json:
    """The button beside the input field."""
    buttons = world.about.menu_buttons
    return buttons.get(_menu_chat(world, args), buttons.get(0, {"type": "commands"}))


def _check_command(command: Json) -> None:
    name, description = command["command"], command["description"]
    if not (name.isascii() and name.replace("_", "a").isalnum() and name == name.lower() and len(name) <= 32):
        raise bad_request("BOT_COMMAND_INVALID")
    if not 1 <= len(description.strip()) <= 256:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")


def _scope(world: World, args: Json) -> tuple[str, str]:
    scope = args.get("scope", {"type": "default"})
    name = scope["type"]
    if "chat_id" in scope:
        name += f" {world.reachable(scope['chat_id']).id}"
    if "user_id" in scope:
        name += f" {scope['user_id']}"
    return name, _language(args)


def _language(args: Json) -> str:
    code: str = args.get("language_code", "")
    if code and not (len(code) == 2 and code.isascii() and code.islower()):
        raise bad_request("LANG_CODE_INVALID")
    return code


def _menu_chat(world: World, args: Json) -> int:
    if "chat_id" not in args:
        return 0
    chat = world.find_chat(args["chat_id"])
    if chat.kind != "private":
        raise bad_request("chat must be private")
    return chat.id


def _set_text(key: str, limit: int) -> Method:
    def set_text(world: World, args: Json) -> bool:
        text = args.get(key, "")
        if len(text) > limit:
            raise bad_request(f"{key.replace('_', ' ')} is too long")
        world.about.texts[key, _language(args)] = text
        return True

    return set_text


def _get_text(key: str) -> Method:
    def get_text(world: World, args: Json) -> Json:
        texts = world.about.texts
        first = world.bot.first_name if key == "name" else ""
        return {key: texts.get((key, _language(args))) or texts.get((key, ""), first)}

    return get_text


for _key, _limit in LIMITS.items():
    _words = "".join(word.capitalize() for word in _key.split("_"))
    METHODS[f"setMy{_words}"] = _set_text(_key, _limit)
    METHODS[f"getMy{_words}"] = _get_text(_key)
