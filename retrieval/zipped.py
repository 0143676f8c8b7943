"""Documents that are ZIP files of XML, opened so that no part is larger than it may be. Nothing is unpacked to disk.

Knows nothing of what the parts mean.
"""

import io
import zipfile

from retrieval.errors import ArticleError
from retrieval.fetch import Page

# What all parts may come to; a long book without its pictures comes to a few million bytes.
MAX_BYTES = 200_000_000
MAX_PARTS = 20_000


def open_zip(page: Page) -> zipfile.ZipFile:
    """The parts of a document, as many and as large as they may be.

    Raises:
        ArticleError: It is no ZIP file, locked, or unpacks to more than it may. What a part says that it comes to is
            what is read of it at most.
    """
    try:
        opened = zipfile.ZipFile(io.BytesIO(page.content))
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise ArticleError(f"{page.name}: is a damaged document.") from error
    parts = opened.infolist()
    if any(part.flag_bits & 1 for part in parts):
        raise ArticleError(f"{page.name}: is locked with a password; save it without.")
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_BYTES:
        raise ArticleError(f"{page.name}: unpacks to more than {MAX_BYTES:,} bytes or {MAX_PARTS:,} parts.")
    return opened
