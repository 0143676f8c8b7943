"""The container image's recipe, as far as it can be held to its word without building it."""

import json
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path, PurePosixPath

import pytest

from bot.cli import make_parser
from bot.config import HEALTH_PORT, TOKEN, load_bot_config
from retrieval import load_config

ROOT = Path(__file__).parent.parent
DOCKERFILE = ROOT / "Dockerfile"
PYTHON_IMAGE = "${PYTHON_IMAGE}"

Instruction = tuple[str, str]


def instructions() -> list[Instruction]:
    """Every instruction with its arguments, comments left out and continued lines joined."""
    lines = [line for line in DOCKERFILE.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    joined = re.sub(r"\\\n\s*", "", "\n".join(lines))
    return [(word, rest) for word, _, rest in (line.partition(" ") for line in joined.splitlines() if line)]


def stages() -> dict[str, list[Instruction]]:
    """The instructions of each stage by its name; the image itself is called `image`."""
    found: dict[str, list[Instruction]] = {"": []}
    for word, rest in instructions():
        if word == "FROM":
            found[rest.partition(" AS ")[2] or "image"] = []
        list(found.values())[-1].append((word, rest))
    return found


def said(stage: str, word: str) -> list[str]:
    return [rest for name, rest in stages()[stage] if name == word]


def variables(stage: str) -> dict[str, str]:
    return dict(pair.split("=", 1) for rest in said(stage, "ENV") for pair in shlex.split(rest))


def copied(stage: str) -> list[str]:
    """What a stage copies out of the checkout."""
    return [source for rest in said(stage, "COPY") if "--from" not in rest for source in rest.split()[:-1]]


def test_the_process_is_not_root() -> None:
    """The image ends as a user with a number, which is not root's, and nothing is run after that."""
    words = [word for word, _ in stages()["image"]]
    assert [int(part) > 0 for part in said("image", "USER")[-1].split(":")] == [True, True]
    assert "RUN" not in words[words.index("USER") :]


def test_signals_reach_the_program() -> None:
    """Entry point, command and health check start the program without a shell, and SIGTERM stops it."""
    (health,) = said("image", "HEALTHCHECK")
    assert said("image", "ENTRYPOINT") == ['["article-bot"]']
    assert said("image", "CMD") == ['["run"]']
    assert json.loads(health.partition("CMD ")[2]) == ["article-bot", "health"]
    assert said("image", "STOPSIGNAL") == ["SIGTERM"]
    for command in ("run", "health"):
        assert make_parser().parse_args([command]).command == command


def test_base_image_and_wheel_index_can_be_chosen() -> None:
    """Every stage stands on the build argument or another stage, and torch comes from the index that is given."""
    assert {rest.split()[0] for word, rest in instructions() if word == "FROM"} == {PYTHON_IMAGE, "dependencies"}
    assert [rest.partition("=")[0] for rest in said("", "ARG")] == ["PYTHON_IMAGE"]
    assert [rest.partition("=")[0] for rest in said("dependencies", "ARG")] == ["TORCH_INDEX"]
    torch = next(rest for rest in said("dependencies", "RUN") if "/requirements/torch.txt" in rest)
    assert '--index-url "$TORCH_INDEX"' in torch


def test_a_change_of_code_installs_nothing_again() -> None:
    """The dependencies' stage sees the list of dependencies and nothing else of the checkout."""
    assert copied("dependencies") == []
    assert copied("requirements") == ["pyproject.toml"]
    assert all("--no-deps" in rest for rest in said("application", "RUN"))


def test_bytecode_outlives_its_dates() -> None:
    """Bytecode is made once, of the kind that is compared with no date: dates do not survive every builder."""
    for stage in ("dependencies", "application"):
        assert "compileall -q --invalidation-mode unchecked-hash" in said(stage, "RUN")[-1]
        assert all("--no-compile" in rest for rest in said(stage, "RUN") if "pip" in rest and " install " in rest)


def test_no_build_tools_stay() -> None:
    """The image itself installs no package: it takes what the stages before it made."""
    assert not [rest for rest in said("image", "RUN") if re.search(r"\b(pip|apt|apt-get)\b", rest)]
    assert "--without-pip" in " ".join(said("dependencies", "RUN"))


def test_the_context_is_what_is_copied() -> None:
    """Only what the Dockerfile copies is sent to the builder: no history, no tests, no store, no training."""
    rules = (ROOT / ".dockerignore").read_text(encoding="utf-8").split("\n", 1)[1].split()
    kept = {rule[1:] for rule in rules if rule.startswith("!")}
    assert rules[0] == "*"
    assert kept == {source for stage in stages() for source in copied(stage)}
    assert not kept & {".git", "tests", "data"}
    assert rules.index("retrieval/training") > rules.index("!retrieval")


def test_all_that_is_copied_is_there() -> None:
    """Every source of a COPY exists in the checkout."""
    assert [source for stage in stages() for source in copied(stage) if not (ROOT / source).exists()] == []


def test_what_changes_lies_on_the_volume() -> None:
    """Stores, history, uploads, models and temporary files go to the volume, so that the root can be read-only."""
    volume = PurePosixPath(json.loads(said("image", "VOLUME")[0])[0])
    folder = PurePosixPath(said("image", "WORKDIR")[0])
    settings = load_bot_config(ROOT / "config.yaml")
    files = [
        load_config(ROOT / "config.yaml").store,
        settings.history_file,
        settings.memory_file,
        settings.uploads_folder,
    ]
    for path in files:
        assert volume in (folder / path.relative_to(ROOT)).parents
    assert volume in PurePosixPath(variables("image")["HF_HOME"]).parents
    assert str(volume) == variables("image")["TMPDIR"]


def test_the_health_check_finds_the_bot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Any configuration that is mounted over the image's serves health where the check asks."""
    mounted = tmp_path / "config.yaml"
    mounted.write_text("bot: {}", encoding="utf-8")
    monkeypatch.setenv(HEALTH_PORT, variables("image")[HEALTH_PORT])
    assert load_bot_config(mounted).health is not None


def test_the_volume_belongs_to_the_user() -> None:
    """The data folder is made for the user before it is declared a volume."""
    volume = json.loads(said("image", "VOLUME")[0])[0]
    words = [word for word, _ in stages()["image"]]
    assert f"--owner article-bot --group article-bot {volume}" in said("image", "RUN")[0]
    assert words.index("RUN") < words.index("VOLUME")


def test_no_secret_is_baked_in() -> None:
    """No build argument, variable or copied file holds the token; it comes from the environment at run time."""
    assert TOKEN not in DOCKERFILE.read_text(encoding="utf-8")
    assert not [name for stage in stages() for name in copied(stage) if name.startswith(".")]


def test_the_label_says_the_version() -> None:
    """The image's version is the package's."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    labels = dict(pair.split("=", 1) for rest in said("image", "LABEL") for pair in shlex.split(rest))
    assert labels["org.opencontainers.image.version"] == project["version"]
    assert labels["org.opencontainers.image.licenses"] == project["license"]
    assert labels["org.opencontainers.image.description"] == project["description"]


def test_hadolint_finds_nothing() -> None:
    """The linter for Dockerfiles has nothing to say."""
    beside = Path(sys.executable).with_name("hadolint")
    hadolint = str(beside) if beside.exists() else shutil.which("hadolint")
    if hadolint is None:
        pytest.skip("hadolint is not installed")
    result = subprocess.run([hadolint, "--no-color", DOCKERFILE], capture_output=True, text=True, check=False)
    assert (result.returncode, result.stdout) == (0, "")
