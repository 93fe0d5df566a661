"""The bytes of a published file made safe to parse: UTF-8 in small pieces, whatever was sent."""

from __future__ import annotations

import codecs
import re
from typing import BinaryIO

PIECE = 2048
"""Small, so that a break is placed within a few lines of where it stands."""

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_CONTROL_TO_SPACE = bytes.maketrans(bytes(range(0x20)), b" " * 0x20)
# A number of 4 300 digits makes Python's int refuse inside the C parser, which then hands over a NULL. Such a number
# covers a whole piece, wherever it begins: a sign that JSON forbids there makes the parser stop before it.
_MONSTROUS_NUMBER = re.compile(r"[0-9]{1000,}")
NO_JSON = "?"


def windows_sign(byte: int) -> str:
    """The sign of a Windows-1252 byte; the five bytes it leaves undefined are read as ISO 8859-1."""
    try:
        return bytes([byte]).decode("cp1252")
    except UnicodeDecodeError:
        return chr(byte)


def _as_windows(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return "".join(map(windows_sign, error.object[error.start : error.end])), error.end


codecs.register_error("tracker-windows-1252", _as_windows)


class Source:
    """A binary stream that `read`s as clean UTF-8, without ever holding more than a piece.

    The mark at the head of a file is dropped (UTF-8, UTF-16); bytes that are not UTF-8 are read as Windows-1252, one by
    one, so that a file with both stays readable (`is_windows` then says so); raw control signs, which JSON forbids,
    become spaces; a number of a thousand digits breaks the file. `is_spent` at the end of the file; `line` and `offset`
    are those of the last piece, from 1 and 0.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._strict: codecs.IncrementalDecoder | None = None
        self._lenient: codecs.IncrementalDecoder | None = None
        self.is_windows = False
        self.is_spent = False
        self.line = 1
        self.offset = 0

    def read(self, _size: int = PIECE) -> bytes:
        if _size == 0:
            return b""
        while True:
            piece = self._stream.read(PIECE)
            self.is_spent = not piece
            text = self._decode(piece)
            self.offset += len(piece)
            self.line += text.count("\n")
            text = _MONSTROUS_NUMBER.sub(NO_JSON, text)
            if text or not piece:
                return text.encode().translate(_CONTROL_TO_SPACE)

    def _decode(self, piece: bytes) -> str:
        if self._strict is None or self._lenient is None:
            piece = self._open(piece)
        assert self._strict is not None
        assert self._lenient is not None
        try:
            return self._strict.decode(piece, final=not piece)
        except UnicodeDecodeError:
            self.is_windows = True
            self._lenient.setstate(self._strict.getstate())
            text = self._lenient.decode(piece, final=not piece)
            self._strict.setstate(self._lenient.getstate())
            return text

    def _open(self, piece: bytes) -> bytes:
        """Chooses the decoders from the mark at the head, and gives the piece without it."""
        mark, name = next(((mark, name) for mark, name in _BOMS if piece.startswith(mark)), (b"", "utf-8"))
        decoder = codecs.getincrementaldecoder(name)
        self._strict = decoder()
        self._lenient = decoder("tracker-windows-1252" if name == "utf-8" else "replace")
        return piece[len(mark) :]
