"""The texts inside a PNG picture: ``tEXt`` chunks (PNG specification, 11.3.3)."""

import struct
import zlib
from collections.abc import Iterator, Mapping

from companion.domain.errors import ImportFormatError

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_HEAD = struct.Struct(">I4s")
_WIDTH, _HEIGHT, _GREY = 400, 600, 0x55


def read_texts(picture: bytes) -> dict[str, bytes]:
    """Return the texts by their keywords. Raises ``ImportFormatError`` for a broken picture."""
    return dict(_split(body) for kind, body in _chunks(picture) if kind == b"tEXt")


def replace_texts(picture: bytes, texts: Mapping[str, bytes]) -> bytes:
    """Return the picture with these texts in the place of those of the same keywords.

    Every other chunk stays as it is. Raises ``ImportFormatError``.
    """
    written = [SIGNATURE]
    for kind, body in _chunks(picture):
        if kind == b"IEND":
            written += [
                _chunk(b"tEXt", word.encode("latin-1") + b"\0" + text)
                for word, text in texts.items()
            ]
        if kind != b"tEXt" or _split(body)[0] not in texts:
            written.append(_chunk(kind, body))
    return b"".join(written)


def draw_blank() -> bytes:
    """Return a grey picture, for who has none."""
    row = b"\0" + bytes([_GREY]) * _WIDTH
    head = struct.pack(">IIBBBBB", _WIDTH, _HEIGHT, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(row * _HEIGHT)), (b"IEND", b""))
    return SIGNATURE + b"".join(_chunk(*each) for each in chunks)


def _chunks(picture: bytes) -> Iterator[tuple[bytes, bytes]]:
    place = len(SIGNATURE)
    while place + _HEAD.size <= len(picture):
        length, kind = _HEAD.unpack_from(picture, place)
        begin = place + _HEAD.size
        end = begin + length
        if end + 4 > len(picture):
            break
        if picture[end : end + 4] != _checksum(kind, picture[begin:end]):
            raise ImportFormatError(f"The picture is damaged at byte {place:,}.")
        yield kind, picture[begin:end]
        if kind == b"IEND":
            return
        place = end + 4
    raise ImportFormatError("The picture breaks off.")


def _split(body: bytes) -> tuple[str, bytes]:
    word, _, text = body.partition(b"\0")
    return word.decode("latin-1"), text


def _chunk(kind: bytes, body: bytes) -> bytes:
    return _HEAD.pack(len(body), kind) + body + _checksum(kind, body)


def _checksum(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", zlib.crc32(kind + body))
