"""The picture opens and is the same twice; bars keep one scale."""

from __future__ import annotations

from pathlib import Path

from mixer.ablation.effects import Effect
from mixer.ablation.picture import bars, draw

EFFECTS = [
    Effect("win_rate", "leave_one_out", "feedback", 0.4, 0.2, 0.6, 9),
    Effect("win_rate", "leave_one_out", "open_ended", -0.4, None, None, 9),
    Effect("loss", "dose", "feedback, each +0.1", 0.0, -0.1, 0.1, 9),
]


def test_the_picture_is_a_png_and_the_same_twice(tmp_path: Path) -> None:
    for name in ("one.png", "two.png"):
        draw(EFFECTS, tmp_path / name)
    one = (tmp_path / "one.png").read_bytes()
    assert one.startswith(b"\x89PNG\r\n")
    assert one == (tmp_path / "two.png").read_bytes()


def test_bars_share_one_scale() -> None:
    lines = bars(EFFECTS[:2])
    assert {len(line) for line in lines} == {31}
    assert lines[1].index("o") < lines[0].index("|") < lines[0].index("-") < lines[0].index("o")
    assert "-" not in lines[1]
