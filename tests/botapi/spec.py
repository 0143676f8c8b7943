"""Every method's parameters and every type's fields, and whether a request fits them.

Read from a machine-readable Bot API where there is one (`BOT_API_SPEC`, or `../shared/telegram/api.json` beside the
checkout), else from `table.txt`. Knows shapes only: what a value may say is checked by the methods.
"""

import json
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Self

from tests.botapi.refusal import Json, bad_request

CONVENTIONAL = Path(__file__).parents[3] / "shared" / "telegram" / "api.json"
TABLE = Path(__file__).with_name("table.txt")
CONSTANT = re.compile(r"(?:must be|always) [“\"]?([a-z_]+)")
DISCRIMINATORS = {"type", "source", "status"}
MISSING = {
    "chat_id": "chat_id is empty",
    "text": "message text is empty",
    "message_id": "message identifier is not specified",
}
TRUE, FALSE = {"true", "1", "yes"}, {"false", "0", "no", ""}


@dataclass(frozen=True, slots=True)
class Upload:
    """A file in a request."""

    name: str
    content: bytes
    mime: str


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter of a method, or a field of a type."""

    name: str
    types: tuple[str, ...]
    required: bool
    constant: str | None = None


class Misfit(ValueError):  # noqa: N818 - a finding, not a failure
    """A value is not of the type; the message says where."""


@dataclass(frozen=True, slots=True)
class Spec:
    """Methods and types of the Bot API."""

    methods: Mapping[str, tuple[Field, ...]]
    types: Mapping[str, tuple[Field, ...]]
    subtypes: Mapping[str, tuple[str, ...]]

    @classmethod
    def find(cls, path: Path | None = None) -> Self:
        """The machine-readable one where there is one, else the built-in table."""
        named = path or (Path(os.environ["BOT_API_SPEC"]) if os.environ.get("BOT_API_SPEC") else CONVENTIONAL)
        return cls.read(named) if named.exists() else cls.built_in()

    @classmethod
    @cache
    def read(cls, path: Path) -> Self:
        """The whole Bot API from JSON (`methods` and `types`, each with `fields`)."""
        api = json.loads(path.read_text(encoding="utf-8"))
        return cls(
            {name: _fields(entry) for name, entry in api["methods"].items()},
            {name: _fields(entry) for name, entry in api["types"].items() if "subtypes" not in entry},
            {name: tuple(entry["subtypes"]) for name, entry in api["types"].items() if "subtypes" in entry},
        )

    @classmethod
    @cache
    def built_in(cls) -> Self:
        """What this server has methods for."""
        methods: dict[str, tuple[Field, ...]] = {}
        types: dict[str, tuple[Field, ...]] = {}
        subtypes: dict[str, tuple[str, ...]] = {}
        for line in TABLE.read_text(encoding="utf-8").splitlines():
            name, _, rest = line.partition(" ")
            if name and name != "#":
                if rest.startswith("= "):
                    subtypes[name] = tuple(rest[2:].split(" | "))
                else:
                    (methods if name[0].islower() else types)[name] = tuple(_field(word) for word in rest.split())
        return cls(methods, types, subtypes)

    def method(self, name: str) -> str | None:
        """The method's own spelling; capitals do not matter in a request."""
        return next((known for known in self.methods if known.lower() == name.lower()), None)

    def check(self, method: str, given: Mapping[str, Any]) -> Json:
        """The parameters as values of their types.

        Raises:
            Refused: One is unknown, missing or of another type.
        """
        fields = {field.name: field for field in self.methods[method]}
        values: Json = {}
        for name, raw in given.items():
            if name not in fields:
                if isinstance(raw, Upload):
                    continue  # what attach:// points to
                raise bad_request(f'unknown parameter "{name}" of {method}')
            if raw not in ("", None):
                values[name] = self._read(fields[name], raw)
            elif raw == "" and fields[name].required and fields[name].types == ("String",):
                values[name] = ""
        for field in fields.values():
            if field.required and field.name not in values:
                raise bad_request(MISSING.get(field.name, f'parameter "{field.name}" is required'))
        return values

    def _read(self, field: Field, raw: Any) -> Any:
        errors = []
        for kind in field.types:
            try:
                return self._of_kind(kind, raw)
            except Misfit as error:
                errors.append(str(error))
        # The error that stands deepest in the value says most.
        told = max(errors, key=lambda error: (error.count(".") + error.count("["), len(error)))
        raise bad_request(f'parameter "{field.name}" is wrong: {told}')

    def _of_kind(self, kind: str, raw: Any) -> Any:
        if kind == "InputFile" or isinstance(raw, Upload):
            if kind != "InputFile" or not isinstance(raw, Upload):
                raise Misfit(f"{kind} expected")
            return raw
        value = _decoded(kind, raw) if isinstance(raw, str) else raw
        self.fit(kind, value, kind)
        return value

    def fit(self, kind: str, value: Any, where: str) -> None:
        """Whether a JSON value is of a type.

        Raises:
            Misfit: It is not; says where.
        """
        if kind.startswith("Array of "):
            if not isinstance(value, list):
                raise Misfit(f"{where}: array expected")
            for number, item in enumerate(value):
                self.fit(kind.removeprefix("Array of "), item, f"{where}[{number}]")
        elif kind in self.subtypes:
            self._fit_one_of(self.subtypes[kind], value, where)
        elif kind in self.types:
            self._fit_object(self.types[kind], value, where)
        elif kind in SIMPLE and not SIMPLE[kind](value):
            raise Misfit(f"{where}: {kind} expected")

    def _fit_one_of(self, kinds: Iterable[str], value: Any, where: str) -> None:
        """Fits if one kind does; otherwise says what is wrong with the kind that it comes nearest to."""
        errors: list[tuple[int, str]] = []
        for kind in kinds:
            try:
                self.fit(kind, value, where)
            except Misfit as error:
                errors.append((self._nearness(kind, value), str(error)))
            else:
                return
        raise Misfit(max(errors)[1])

    def _nearness(self, kind: str, value: Any) -> int:
        """How much of an object a kind knows; its own constant counts most."""
        if not isinstance(value, dict):
            return 0
        fields = self.types.get(kind, ())
        return sum(100 if field.constant == value.get(field.name) else 1 for field in fields if field.name in value)

    def _fit_object(self, fields: tuple[Field, ...], value: Any, where: str) -> None:
        if not isinstance(value, dict):
            raise Misfit(f"{where}: object expected")
        known = {field.name: field for field in fields}
        for name, item in value.items():
            if name not in known:
                raise Misfit(f'{where}: unknown field "{name}"')
            self._fit_field(known[name], item, f"{where}.{name}")
        for field in fields:
            if field.required and field.name not in value:
                raise Misfit(f'{where}: field "{field.name}" is required')

    def _fit_field(self, field: Field, value: Any, where: str) -> None:
        if field.constant and value != field.constant:
            raise Misfit(f'{where}: must be "{field.constant}"')
        self._fit_one_of(field.types, value, where)


SIMPLE = {
    "String": lambda value: isinstance(value, str),
    "Integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "Float": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "Boolean": lambda value: isinstance(value, bool),
    "InputFile": lambda value: isinstance(value, str),
}


def _decoded(kind: str, raw: str) -> Any:
    """A form's text as a value of the kind."""
    if kind == "String":
        return raw
    if kind == "Boolean":
        if raw.lower() not in TRUE | FALSE:
            raise Misfit("Boolean expected")
        return raw.lower() in TRUE
    try:
        return json.loads(raw)
    except ValueError as error:
        raise Misfit(f"can't parse {kind} JSON object") from error


def _fields(entry: Json) -> tuple[Field, ...]:
    return tuple(
        Field(field["name"], tuple(field["types"]), field["required"], _constant(field))
        for field in entry.get("fields", ())
    )


def _constant(field: Json) -> str | None:
    match = CONSTANT.search(field["description"]) if field["name"] in DISCRIMINATORS and field["required"] else None
    return match[1] if match else None


def _field(word: str) -> Field:
    """`name:Type|Array_of_Type` of the table; `!` after the name: required; `=constant` at the end: a fixed value."""
    name, _, types = word.partition(":")
    types, _, constant = types.partition("=")
    return Field(
        name.removesuffix("!"),
        tuple(kind.replace("_", " ") for kind in types.split("|")),
        name.endswith("!"),
        constant or None,
    )
