"""UTF-16 and UTF-32 → UTF-8, where a file's first bytes say so: by their mark, or by zero bytes
where the first characters are of ASCII. Everything else is taken for UTF-8."""

from __future__ import annotations

import codecs

from mixer.sources.stream import Readable

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def wide_encoding(head: bytes) -> str | None:
    """What a text is encoded in, if it is not UTF-8."""
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name
    zeros = [byte == 0 for byte in head[:4]]
    if zeros == [False, True, False, True]:
        return "utf-16-le"
    return "utf-16-be" if zeros == [True, False, True, False] else None


class Utf8:
    """A source in another encoding as UTF-8. Half a character (a lone surrogate) becomes bytes that
    are no UTF-8, so that the row that holds it is told."""

    def __init__(self, source: Readable, encoding: str) -> None:
        self._source = source
        self._encoding = encoding
        self._decoder = codecs.getincrementaldecoder(encoding)("surrogatepass")
        self._ended = False

    def read(self, size: int = -1, /) -> bytes:
        """Some bytes: UTF-8 may be up to 1.5 times as long."""
        text = ""
        while not text and not self._ended:
            data = self._source.read(max(4, size // 2))
            self._ended = not data
            try:
                text = self._decoder.decode(data, final=self._ended)
            except UnicodeDecodeError as error:
                raise EOFError(f"not {self._encoding}: {error.reason}") from error
        return text.encode("utf-8", "surrogatepass")
