"""The search for the cheapest way through the states, compiled."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit  # type: ignore[import-untyped,unused-ignore]
from numpy.typing import NDArray

from onrecord.audio.alignment.states import WAYS, Ints

DWELL_PRICE = 0.15
_FAR = np.float32(1e30)


@njit(cache=True, fastmath=True)  # type: ignore[untyped-decorator,unused-ignore]
def forward(
    costs: NDArray[np.uint8],
    step: float,
    filler: float,
    classes: Ints,
    origins: Ints,
    prices: NDArray[np.float32],
    stays: NDArray[np.float32],
    farthest: Ints,
    dwell_free: int,
    lows: Ints,
    highs: Ints,
    reach: int,
    beam: float,
    first: int,
) -> tuple[Any, Any, Any, Any]:
    """How each state is entered at each frame, and the totals after the last frame.

    The path begins in state `first`, or one of the first three if it is -1. With `reach` 0 the states at frame t are
    lows[t] to highs[t]; else those within `reach` of the best one and no worse than it by `beam`. Gives the ways, one
    byte each (255: stayed), frame after frame; where each frame's ways begin; its first state; the totals.
    """
    frames, total = costs.shape[0], classes.shape[0]
    room = np.int64(0)
    if reach > 0:
        room = np.int64(frames) * min(total, 2 * reach + 8)
    else:
        for t in range(frames):
            room += highs[t] - lows[t]
        room += 4
    ways = np.empty(room, dtype=np.uint8)
    begins = np.empty(frames, dtype=np.int64)
    starts = np.empty(frames, dtype=np.int32)
    now = np.full(total, _FAR, dtype=np.float32)
    then = np.full(total, _FAR, dtype=np.float32)
    held_now = np.zeros(total, dtype=np.int16)
    held_then = np.zeros(total, dtype=np.int16)
    low_then, high_then, best_state = 0, 0, max(first, 0)
    at = np.int64(0)
    for t in range(frames):
        if t == 0:
            low, high = (first, first + 1) if first >= 0 else (0, min(3, total))
        elif reach > 0:
            low = max(low_then, best_state - reach)
            high = min(farthest[high_then - 1] + 1, best_state + reach)
        else:
            low, high = lows[t], highs[t]
        starts[t] = low
        begins[t] = at
        best = _FAR
        for s in range(low, high):
            price = np.float32(0) if t == 0 else _FAR
            way = 255
            mark = classes[s]
            if low_then <= s < high_then:
                price = then[s] + stays[s]
                if mark > 0:
                    over = held_then[s] - dwell_free
                    if over > 0:
                        price += np.float32(DWELL_PRICE) * over
            for k in range(WAYS):
                origin = origins[s, k]
                if low_then <= origin < high_then:
                    other = then[origin] + prices[s, k]
                    if other < price:
                        price = other
                        way = k
            if mark >= 0:
                price += np.float32(costs[t, mark] * step - filler)
            now[s] = price
            held_now[s] = held_then[s] + 1 if way == 255 else 0
            ways[at + s - low] = way
            if price < best:
                best = price
                best_state = s
        at += high - low
        if reach > 0:
            limit = best + np.float32(beam)
            while low < best_state and now[low] > limit:
                low += 1
            while high > best_state + 1 and now[high - 1] > limit:
                high -= 1
        now, then = then, now
        held_now, held_then = held_then, held_now
        low_then, high_then = low, high
    ending = np.full(total, _FAR, dtype=np.float32)
    ending[low_then:high_then] = then[low_then:high_then]
    return ways, begins, starts, ending


@njit(cache=True)  # type: ignore[untyped-decorator,unused-ignore]
def backward(ways: NDArray[np.uint8], begins: NDArray[np.int64], starts: Ints, origins: Ints, last: int) -> Any:
    """The state at each frame of the way that ends in state `last`."""
    frames = len(starts)
    path = np.empty(frames, dtype=np.int32)
    state = last
    for t in range(frames - 1, -1, -1):
        path[t] = state
        way = ways[begins[t] + state - starts[t]]
        if way != 255 and t > 0:
            state = origins[state, way]
    return path
