"""`python -m tests.scenarios.picture SCENARIO OUT.png [LANGUAGE]`: a picture of a chat as a person sees it.

The scenario is played with the real application, and the messages are drawn as the Bot API server received them: an
HTML page, photographed by a headless Chromium. Knows nothing of what the messages say.
"""

import base64
import html
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from retrieval.archive import Archive
from retrieval.config import Config
from tests.botapi import Message
from tests.conftest import SAMPLES
from tests.scenarios.playing import play
from tests.scenarios.script import read
from tests.scenarios.stage import Stage, staged

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
WIDTH = 480
TALLEST = 4000
MARGIN = 24
PAGE = """<!doctype html><html dir="{direction}"><meta charset="utf-8"><style>
* {{ box-sizing: border-box }}
body {{ margin: 0; padding: 14px 12px; width: {width}px; background: #e4ebe4; color: #111;
  font: 15px/1.35 "Noto Sans", "DejaVu Sans", "Noto Sans Arabic", "Noto Color Emoji", sans-serif }}
.turn {{ display: flex; flex-direction: column; margin-bottom: 8px; align-items: flex-start }}
.own {{ align-items: flex-end }}
.bubble {{ max-width: 92%; padding: 7px 11px; border-radius: 14px; background: #fff; white-space: pre-wrap;
  overflow-wrap: anywhere; unicode-bidi: plaintext; box-shadow: 0 1px 1px #0002 }}
.own .bubble {{ background: #dcf8c6 }}
.name {{ color: #2a7f62; font-weight: 600; font-size: 13px }}
.answered {{ border-inline-start: 3px solid #2a7f62; padding-inline-start: 7px; margin-bottom: 4px; color: #555;
  font-size: 13px; max-height: 1.4em; overflow: hidden }}
blockquote {{ margin: 3px 0; padding: 3px 9px; border-inline-start: 3px solid #3a8fd0; background: #eaf3fb;
  border-radius: 5px; unicode-bidi: plaintext }}
a {{ color: #1f74b5; text-decoration: none }}
.row {{ display: flex; gap: 4px; width: 92%; margin-top: 4px }}
.row span {{ flex: 1; text-align: center; padding: 6px 4px; border-radius: 9px; background: #8aa08fcc; color: #fff;
  font-size: 13.5px }}
img {{ max-width: 100%; display: block; border-radius: 8px; margin-bottom: 5px }}
</style><body>{turns}</body></html>"""


def main(arguments: Sequence[str]) -> int:
    """Play a scenario and draw its chat."""
    browser = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if len(arguments) not in (2, 3) or browser is None:
        sys.stderr.write(f"{__doc__}\n" if browser else "A headless Chromium is needed; none is installed.\n")
        return 2
    source, out, language = Path(arguments[0]), Path(arguments[1]), (*arguments, "en")[2]
    photograph(page_of(source, language), out, browser)
    return 0


def page_of(source: Path, language: str) -> str:
    """The chat in which a scenario ends, as a page."""
    with tempfile.TemporaryDirectory() as kept, tempfile.TemporaryDirectory() as place:
        samples = Archive.open(Config(folder=Path(kept), articles=[str(SAMPLES)]))
        samples.reload()
        scenario = read(source)
        with staged(scenario, language, Path(place), samples) as stage:
            play(scenario, stage)
            page = drawn(stage)
        samples.close()
    return page


def drawn(stage: Stage) -> str:
    """The messages of the chat, from the first to the last."""
    messages = reversed(list(stage.messages(stage.here)))
    direction = "rtl" if stage.translation.words.is_right_to_left else "ltr"
    return PAGE.format(width=WIDTH, direction=direction, turns="".join(_turn(stage, one) for one in messages))


def photograph(page: str, out: Path, browser: str) -> None:
    """Take a page to a PNG, cut to what is on it.

    Raises:
        subprocess.CalledProcessError: The browser failed.
    """
    from PIL import Image, ImageChops

    with tempfile.TemporaryDirectory() as folder:
        source, shot = Path(folder) / "chat.html", Path(folder) / "chat.png"
        source.write_text(page, encoding="utf-8")
        flags = ["--headless", "--no-sandbox", "--hide-scrollbars", "--force-device-scale-factor=2"]
        window = [f"--window-size={WIDTH},{TALLEST}", f"--screenshot={shot}", f"--user-data-dir={folder}/profile"]
        subprocess.run([browser, *flags, *window, source.as_uri()], check=True, capture_output=True, timeout=120)
        image = Image.open(shot).convert("RGB")
        ground = Image.new("RGB", image.size, image.getpixel((1, image.height - 1)))
        _, _, _, bottom = ImageChops.difference(image, ground).getbbox() or (0, 0, 0, image.height)
        cut = image.crop((0, 0, image.width, min(bottom + MARGIN, image.height)))
        cut.quantize(128).save(out, optimize=True)


def _turn(stage: Stage, message: Message) -> str:
    own = message.sender is stage.person("Ann")
    inside = "".join([*_above(message, own=own), _body(message)])
    bubble = f'<div class="bubble">{inside}</div>{_buttons(message)}'
    return f'<div class="turn{" own" if own else ""}">{bubble}</div>'


def _above(message: Message, *, own: bool) -> Iterator[str]:
    if message.chat.is_group and not own and message.sender:
        yield f'<div class="name">{html.escape(message.sender.first_name)}</div>'
    if message.reply_to:
        yield f'<div class="answered">{html.escape(message.reply_to.body.text[:80])}</div>'
    if message.file and message.file.size:
        yield f'<img src="data:image/png;base64,{base64.b64encode(message.file.content).decode()}">'


def _body(message: Message) -> str:
    return message.body.html.replace("</blockquote>\n", "</blockquote>").replace("\n<blockquote>", "<blockquote>")


def _buttons(message: Message) -> str:
    rows = (message.markup or {}).get("inline_keyboard", [])
    labels = ("".join(f"<span>{html.escape(button['text'])}</span>" for button in row) for row in rows)
    return "".join(f'<div class="row">{row}</div>' for row in labels)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
