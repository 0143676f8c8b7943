"""getFile: where a file may be fetched."""

from tests.botapi.methods.registry import method
from tests.botapi.nouns import File
from tests.botapi.refusal import Json, bad_request
from tests.botapi.world import World

LARGEST_DOWNLOAD = 20_000_000  # bytes


@method
def get_file(world: World, args: Json) -> Json:
    """The path under /file/bot<token>/."""
    file = world.files.get(args["file_id"])
    if file is None:
        raise bad_request("invalid file_id")
    if len(file.content) > LARGEST_DOWNLOAD:
        raise bad_request("file is too big")
    return file.to_json() | {"file_path": file.path}


def file_at(world: World, path: str) -> File | None:
    """The file that a path leads to."""
    return next((file for file in world.files.values() if file.path == path), None)
