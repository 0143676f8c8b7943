"""What Telegram accepts as an inline keyboard.

The shape is checked by `spec`; here stand the rules that no shape tells. Knows no messages.
"""

from tests.botapi.entities import width
from tests.botapi.markup import checked_url
from tests.botapi.refusal import Json, bad_request

MOST_BUTTONS = 100
LONGEST_CALLBACK = 64  # bytes
LONGEST_COPY = 256  # characters
ACTIONS = {
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
}


def check_markup(markup: Json | None, *, private: bool) -> None:
    """Refuses a keyboard that Telegram would refuse.

    Raises:
        Refused: A button has no or two actions, or one that is too long, or there are too many.
    """
    if markup is None or "inline_keyboard" not in markup:
        return
    buttons = [button for row in markup["inline_keyboard"] for button in row]
    if len(buttons) > MOST_BUTTONS:
        raise bad_request("REPLY_MARKUP_TOO_LONG")
    for button in buttons:
        _check_button(button, private=private)


def stored_markup(markup: Json | None) -> Json | None:
    """The keyboard as a message keeps it: inline ones only, empty rows gone."""
    rows = [row for row in (markup or {}).get("inline_keyboard", []) if row]
    return {"inline_keyboard": rows} if rows else None


def _check_button(button: Json, *, private: bool) -> None:
    if not button["text"].strip():
        raise bad_request("can't parse inline keyboard button: BUTTON_TEXT_EMPTY")
    actions = ACTIONS & button.keys()
    if not actions:
        raise bad_request("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise bad_request(f"can't parse inline keyboard button: exactly one action expected, found {sorted(actions)}")
    if "callback_data" in button and not 1 <= len(button["callback_data"].encode()) <= LONGEST_CALLBACK:
        raise bad_request("BUTTON_DATA_INVALID")
    if "url" in button and not checked_url(button["url"]):
        raise bad_request(f"inline keyboard button URL '{button['url']}' is invalid: Wrong HTTP URL")
    if "copy_text" in button and not 1 <= width(button["copy_text"]["text"]) <= LONGEST_COPY:
        raise bad_request("BUTTON_COPY_TEXT_INVALID")
    if "web_app" in button and not private:
        raise bad_request("BUTTON_TYPE_INVALID")
