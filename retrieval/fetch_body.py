"""The body of a response, unpacked as it arrives and never larger than it may be.

Knows nothing of connections or of what the bytes mean.
"""

import zlib
from collections.abc import Iterable

from retrieval.errors import ArticleError

# zlib's window bits: gzip's header, zlib's own, and none at all, which some servers call deflate too.
GZIP, ZLIB, RAW = 16 + zlib.MAX_WBITS, zlib.MAX_WBITS, -zlib.MAX_WBITS
ZLIB_METHOD = 8


def read_body(chunks: Iterable[bytes], *, coding: str, max_bytes: int) -> bytes:
    """All of a body that is at most `max_bytes` bytes, as sent and as unpacked.

    Args:
        chunks: The body as it arrives.
        coding: The Content-Encoding that was told, in lower case.
        max_bytes: How large it may be.

    Raises:
        ArticleError: It is larger, packed in a way that was not asked for, or broken.
    """
    limited = _limit(chunks, max_bytes)
    if coding in ("", "identity"):
        return b"".join(limited)
    if coding in ("gzip", "x-gzip", "deflate"):
        return _unpack(limited, gzip=coding != "deflate", max_bytes=max_bytes)
    raise ArticleError(f"is packed as “{coding[:40]}”, which was not asked for.")


def too_large(max_bytes: int) -> ArticleError:
    """The error of what is larger than it may be."""
    return ArticleError(f"is larger than {max_bytes:,} bytes (retrieval.max_page_bytes).")


def _limit(chunks: Iterable[bytes], max_bytes: int) -> Iterable[bytes]:
    total = 0
    for chunk in chunks:
        total += len(chunk)
        if total > max_bytes:
            raise too_large(max_bytes)
        yield chunk


def _unpack(chunks: Iterable[bytes], *, gzip: bool, max_bytes: int) -> bytes:
    """The content of one gzip member after another, or of one deflate stream."""
    unpacked = bytearray()
    stream = None
    for chunk in chunks:
        rest = chunk
        while rest:
            stream = stream or zlib.decompressobj(GZIP if gzip else _deflate_bits(rest))
            try:
                unpacked += stream.decompress(rest, max_bytes - len(unpacked) + 1)
            except zlib.error as error:
                raise ArticleError("is packed in a way that is broken.") from error
            if len(unpacked) > max_bytes:
                raise too_large(max_bytes)
            rest = stream.unused_data if stream.eof else stream.unconsumed_tail
            if stream.eof:
                stream = None
                if not gzip:
                    return bytes(unpacked)
    if stream is not None:
        raise ArticleError("ends before its packed content does.")
    return bytes(unpacked)


def _deflate_bits(beginning: bytes) -> int:
    return ZLIB if beginning[0] & 0x0F == ZLIB_METHOD else RAW
