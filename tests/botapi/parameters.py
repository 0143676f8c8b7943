"""A request's parameters, however they came: query, form, multipart or JSON.

Knows no method.
"""

from typing import Any

from aiohttp import web

from tests.botapi.refusal import Json, bad_request
from tests.botapi.spec import Upload


async def parameters_of(request: web.Request) -> Json:
    """Names and raw values: texts, JSON values or uploads.

    Raises:
        Refused: The body cannot be read.
    """
    given: Json = dict(request.query)
    if request.content_type == "application/json" and request.can_read_body:
        try:
            body = await request.json()
        except ValueError as error:
            raise bad_request("can't parse JSON") from error
        if not isinstance(body, dict):
            raise bad_request("can't parse parameters: object expected")
        given |= {name: _text_or_json(value) for name, value in body.items()}
    else:
        for name, value in (await request.post()).items():
            given[name] = _upload(value) if isinstance(value, web.FileField) else value
    return attached(given)


def attached(given: Json) -> Json:
    """`attach://name` replaced by the upload of that name."""
    made = dict(given)
    for name, value in given.items():
        if isinstance(value, str) and value.startswith("attach://"):
            made[name] = made.pop(value.removeprefix("attach://"), value)
    return made


def described(given: Json) -> Json:
    """For the journal: of a file its name and size."""
    return {name: _described(value) for name, value in given.items()}


def _described(value: Any) -> Any:
    return {"file": value.name, "size": len(value.content)} if isinstance(value, Upload) else value


def _upload(field: web.FileField) -> Upload:
    return Upload(field.filename, field.file.read(), field.content_type)


def _text_or_json(value: Any) -> Any:
    """A number where a text is expected is taken as its text, as Telegram does; the rest stays."""
    return value if not isinstance(value, int | float) or isinstance(value, bool) else str(value)
