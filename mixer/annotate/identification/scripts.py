"""Which language a script tells, by blocks of 64 code points."""

from __future__ import annotations

import numpy as np

NO_SCRIPT = 0
# Scripts in which nearly all text is of one language. Code points, both ends included, whole
# blocks of 64.
SCRIPTS = (
    ("el", 0x0380, 0x03FF),
    ("hy", 0x0540, 0x057F),
    ("he", 0x05C0, 0x05FF),
    ("bn", 0x0980, 0x09FF),
    ("pa", 0x0A00, 0x0A7F),
    ("gu", 0x0A80, 0x0AFF),
    ("or", 0x0B00, 0x0B7F),
    ("ta", 0x0B80, 0x0BFF),
    ("te", 0x0C00, 0x0C7F),
    ("kn", 0x0C80, 0x0CFF),
    ("ml", 0x0D00, 0x0D7F),
    ("si", 0x0D80, 0x0DFF),
    ("th", 0x0E00, 0x0E7F),
    ("lo", 0x0E80, 0x0EFF),
    ("my", 0x1000, 0x107F),
    ("ka", 0x10C0, 0x10FF),
    ("ko", 0x1100, 0x11FF),
    ("am", 0x1200, 0x137F),
    ("km", 0x1780, 0x17FF),
    ("el", 0x1F00, 0x1FFF),
    ("ja", 0x3040, 0x30FF),
    ("zh", 0x3400, 0x4DBF),
    ("zh", 0x4E00, 0x9FFF),
    ("ko", 0xAC00, 0xD7BF),
)
SCRIPT_LANGUAGES = ("und", *sorted({name for name, _, _ in SCRIPTS}))
# Blocks of 64 code points that hold no letters: punctuation, symbols, emoji, private use.
_SIGNS = (
    (0x0080, 0x00BF),
    (0x2000, 0x2BFF),
    (0x3000, 0x303F),
    (0xE000, 0xF8FF),
    (0xFE00, 0xFE7F),
    (0xFF00, 0xFFFF),
)
SIGN = 255
LAST_BLOCK = 0xFFFF >> 6
JAPANESE, CHINESE, KOREAN = map(SCRIPT_LANGUAGES.index, ("ja", "zh", "ko"))


def _block_scripts() -> np.ndarray:
    """uint8 [1024]: the script of each block of 64 code points, 0 for several, SIGN for none."""
    blocks = np.zeros(1024, np.uint8)
    for name, begin, end in SCRIPTS:
        blocks[begin >> 6 : (end >> 6) + 1] = SCRIPT_LANGUAGES.index(name)
    for begin, end in _SIGNS:
        blocks[begin >> 6 : (end >> 6) + 1] = SIGN
    return blocks


BLOCK_SCRIPTS = _block_scripts()
