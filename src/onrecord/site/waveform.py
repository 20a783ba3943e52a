"""A recording's outline as SVG path data: attributes only, so that it needs no style and prints."""

from collections.abc import Sequence
from typing import Any

WIDTH = 1000
LEAST_WIDTH = 4.0


def bars_path(peaks: Sequence[int], bars: int) -> str:
    """Vertical strokes in a box 1000 wide and 100 high, one for each of `bars` stretches of time."""
    if not peaks:
        return ""
    count = min(bars, len(peaks))
    step = WIDTH / count
    path = []
    for index in range(count):
        stretch = peaks[
            index * len(peaks) // count : max((index + 1) * len(peaks) // count, index * len(peaks) // count + 1)
        ]
        height = max(max(stretch), 2) * 0.96
        x = _short((index + 0.5) * step)
        path.append(f"M{x} {_short(50 - height / 2)}v{_short(height)}")
    return "".join(path)


def marks(quoted: Sequence[Any], duration_ms: int) -> list[dict[str, Any]]:
    """The stretches of the box that quotations cover, each once, wide enough to be seen and hit."""
    found = []
    seen = set()
    for quotation in quoted:
        if (span := (quotation.start_ms, quotation.end_ms)) in seen:
            continue
        seen.add(span)
        if not duration_ms or quotation.start_ms is None or quotation.end_ms is None:
            continue
        width = max((quotation.end_ms - quotation.start_ms) * WIDTH / duration_ms, LEAST_WIDTH)
        x = min(quotation.start_ms * WIDTH / duration_ms, WIDTH - width)
        found.append({"x": _short(x), "width": _short(width), "quotation": quotation})
    return found


def _short(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")
