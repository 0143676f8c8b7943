"""What a request may look like: the machine-readable Bot API, and the table that stands in for it."""

import os
from pathlib import Path
from typing import Any

import pytest

from tests.botapi.methods import METHODS
from tests.botapi.refusal import Refused
from tests.botapi.spec import CONVENTIONAL, Spec, Upload

WITH = {"chat_id": 1, "text": "a"}
WHOLE = Path(os.environ.get("BOT_API_SPEC") or CONVENTIONAL)
needs_whole = pytest.mark.skipif(not WHOLE.exists(), reason="no machine-readable Bot API here")


@pytest.fixture(params=["table", pytest.param("whole", marks=needs_whole)])
def spec(request: pytest.FixtureRequest) -> Spec:
    """The built-in table, and the whole Bot API where it is there."""
    return Spec.built_in() if request.param == "table" else Spec.read(WHOLE)


def test_every_method_has_its_parameters(spec: Spec) -> None:
    """What the server does, the specification describes."""
    assert METHODS.keys() | {"getUpdates"} <= spec.methods.keys()


@needs_whole
def test_the_table_says_what_the_bot_api_says() -> None:
    """Each method and type of the table has exactly the fields that the Bot API gives it."""
    table, whole = Spec.built_in(), Spec.read(WHOLE)
    assert {name: whole.methods[name] for name in table.methods} == table.methods
    assert {name: whole.types[name] for name in table.types} == table.types
    assert {name: whole.subtypes[name] for name in table.subtypes} == table.subtypes


@pytest.mark.parametrize(
    ("method", "given", "values"),
    [
        ("sendMessage", {"chat_id": "7", "text": "5"}, {"chat_id": 7, "text": "5"}),
        ("sendMessage", {"chat_id": "@news", "text": "a"}, {"chat_id": "@news", "text": "a"}),
        (
            "getUpdates",
            {"allowed_updates": '["message"]', "timeout": 5},
            {"allowed_updates": ["message"], "timeout": 5},
        ),
        ("deleteWebhook", {"drop_pending_updates": "True"}, {"drop_pending_updates": True}),
        ("deleteWebhook", {"drop_pending_updates": "false"}, {"drop_pending_updates": False}),
        ("setWebhook", {"url": ""}, {"url": ""}),
        (
            "setMyCommands",
            {"commands": "[]", "scope": '{"type": "chat", "chat_id": 5}'},
            {"commands": [], "scope": {"type": "chat", "chat_id": 5}},
        ),
        (
            "sendMessage",
            {"chat_id": 7, "text": "a", "reply_markup": {"inline_keyboard": [[{"text": "x", "callback_data": "y"}]]}},
            {"chat_id": 7, "text": "a", "reply_markup": {"inline_keyboard": [[{"text": "x", "callback_data": "y"}]]}},
        ),
    ],
)
def test_parameters_become_values(spec: Spec, method: str, given: dict[str, Any], values: dict[str, Any]) -> None:
    """Forms and JSON give the same values of the right types."""
    assert spec.check(method, given) == values


@pytest.mark.parametrize(
    ("method", "given", "told"),
    [
        ("sendMessage", {"text": "a"}, "chat_id is empty"),
        ("sendMessage", {"chat_id": 1}, "message text is empty"),
        ("getFile", {}, 'parameter "file_id" is required'),
        ("sendMessage", {"chat_id": 1, "text": "a", "color": "red"}, 'unknown parameter "color"'),
        ("getUpdates", {"timeout": "soon"}, '"timeout" is wrong'),
        ("getUpdates", {"timeout": "1.5"}, "Integer expected"),
        ("getUpdates", {"allowed_updates": "message"}, "can't parse Array of String JSON object"),
        ("getUpdates", {"allowed_updates": "[1]"}, "[0]: String expected"),
        ("getUpdates", {"allowed_updates": '"a"'}, "array expected"),
        ("deleteWebhook", {"drop_pending_updates": "perhaps"}, "Boolean expected"),
        ("sendMessage", WITH | {"link_preview_options": '{"disabled": true}'}, 'unknown field "disabled"'),
        ("sendMessage", {"chat_id": 1, "text": "a", "reply_parameters": "{}"}, 'field "message_id" is required'),
        ("sendMessage", {"chat_id": 1, "text": "a", "reply_parameters": "5"}, "object expected"),
        ("sendMessage", {"chat_id": 1, "text": "a", "entities": '[{"type": "bold"}]'}, 'field "offset" is required'),
        (
            "sendMessage",
            {"chat_id": 1, "text": "a", "reply_markup": '{"inline_keyboard": [[{"text": "x", "data": "y"}]]}'},
            'inline_keyboard[0][0]: unknown field "data"',
        ),
        ("setMyCommands", {"commands": "[]", "scope": '{"type": "world"}'}, '"default"'),
        ("setMyCommands", {"commands": "[]", "scope": '{"type": "chat"}'}, 'field "chat_id" is required'),
        ("answerGuestQuery", {"guest_query_id": "1", "result": '{"type": "article"}'}, "is required"),
        ("sendPhoto", {"chat_id": 1, "photo": ["a"]}, "expected"),
        ("sendMessage", {"chat_id": 1, "text": Upload("a.txt", b"a", "text/plain")}, "expected"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused(spec: Spec, method: str, given: dict[str, Any], told: str) -> None:
    """A wrong, missing or unknown parameter is refused with its place."""
    with pytest.raises(Refused) as refused:
        spec.check(method, given)
    assert refused.value.status == 400
    assert told in refused.value.description


def test_an_upload_is_taken_where_a_file_may_be(spec: Spec) -> None:
    """A file may be sent as an upload or as the id of one that the server has."""
    upload = Upload("a.txt", b"a", "text/plain")
    assert spec.check("sendDocument", {"chat_id": 1, "document": upload})["document"] is upload
    assert spec.check("sendDocument", {"chat_id": 1, "document": "Dfile1"})["document"] == "Dfile1"


def test_a_method_may_be_asked_for_in_any_capitals(spec: Spec) -> None:
    """Telegram's method names do not mind capitals."""
    assert (spec.method("SENDMESSAGE"), spec.method("sendNothing")) == ("sendMessage", None)
