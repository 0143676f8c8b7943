"""A server for each test, and a client that asks it as any HTTP program would."""

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from tests.botapi import BotApi
from tests.botapi.refusal import Json

Call = Callable[..., Json]


@pytest.fixture
def server() -> Iterator[BotApi]:
    with BotApi() as server:
        yield server


@pytest.fixture
def call(server: BotApi) -> Iterator[Call]:
    """Calls a method with JSON parameters; the answer's body, whose status is the response's."""
    with httpx.Client(base_url=f"{server.base_url}{server.token}/", timeout=10, trust_env=False) as client:

        def ask(method: str, **parameters: Any) -> Json:
            response = client.post(method, json=parameters)
            body: Json = response.json()
            assert response.status_code == body.get("error_code", 200)
            return body

        yield ask
