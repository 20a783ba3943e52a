"""Two passes over a recording: a coarse one that finds its way, and a fine one beside the way found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from onrecord.audio.alignment.features import MARGIN, Channel, Floats, cepstra, in_pieces
from onrecord.audio.alignment.models import STEP, Costs, Models, in_bytes
from onrecord.audio.alignment.states import Graph, Ints
from onrecord.audio.alignment.viterbi import backward, forward

COARSE = 4
"""Frames that the coarse pass takes at once."""
COARSE_UNIT_MS, FINE_UNIT_MS = 80, 15
COARSE_DWELL, FINE_DWELL = 4, 3
REACH = 1200
BEAM = 600.0
_COARSE_PIECE, _COARSE_AHEAD = 30_000, 12_000
_FINE_PIECE, _FINE_AHEAD = 6_000, 500
BAND = 50
"""Frames by which the fine way may be before or after the way found before."""

Take = Callable[[Ints, Ints, Floats, Floats], None]
"""Takes a piece: phone (-1: none) and class of each frame, its reduced frames, and the costs of all classes."""


@dataclass(frozen=True)
class Sound:
    """What is known of a recording: log-mel frames, its channel, and which frames are loud enough for speech."""

    frames: NDArray[np.float16]
    channel: Channel
    speech: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.frames)


@dataclass(frozen=True)
class Way:
    """A path: the state of a graph at each frame (or each COARSE frames)."""

    graph: Graph
    states: Ints


def costs_of(sound: Sound, models: Models, start: int, stop: int) -> Floats:
    """What each class costs at frames `start` to `stop`."""
    low, high = max(0, start - MARGIN), min(len(sound), stop + MARGIN)
    found = cepstra(sound.frames[low:high], sound.channel)[start - low : stop - low]
    return models.costs(models.reduced(found))


def coarse_costs(sound: Sound, models: Models) -> tuple[Costs, float]:
    """Costs of every COARSE frames, and what the best three tenths of the phones cost at most while somebody speaks."""
    result = np.empty((-(-len(sound) // COARSE), len(models.means)), dtype=np.uint8)
    quantiles = []
    for at, piece in in_pieces(sound.frames, sound.channel):
        costs = models.costs(models.reduced(piece))
        spoken = costs[sound.speech[at : at + len(costs)]][::8, 1:]
        if len(spoken):
            quantiles.append(np.quantile(spoken, 0.3, axis=1))
        short = -len(costs) % COARSE
        padded = np.pad(costs, ((0, short), (0, 0)), mode="edge")
        rows = padded.reshape(-1, COARSE, padded.shape[1]).mean(axis=1)
        result[at // COARSE : at // COARSE + len(rows)] = in_bytes(rows)
    filler = float(np.concatenate(quantiles).mean()) if quantiles else 0.0
    return result, filler


def coarse_way(costs: Costs, graph: Graph, filler: float, skip: float, reach: int = REACH) -> Way:
    """The cheapest way through all states, within `reach` of the best at each moment."""
    none = np.zeros(0, dtype=np.int32)
    states = np.empty(len(costs), dtype=np.int32)
    first = -1
    for at in range(0, len(costs), _COARSE_PIECE):
        part = costs[at : at + _COARSE_PIECE + _COARSE_AHEAD]
        ways, begins, starts, ending = forward(
            part, STEP, filler, graph.classes, graph.origins, graph.prices, graph.stays, graph.farthest,
            COARSE_DWELL, none, none, reach, BEAM, first,
        )  # fmt: skip
        over = at + len(part) >= len(costs)
        last = _ending(ending, graph, skip) if over else int(ending.argmin())
        path = backward(ways, begins, starts, graph.origins, last)
        kept = len(part) if over else _COARSE_PIECE
        states[at : at + kept] = path[:kept]
        if over:
            break
        first = int(path[_COARSE_PIECE])
    return Way(graph, states)


def _ending(totals: Floats, graph: Graph, skip: float) -> int:
    """The state to end in: the end of the text, or a gap before it, the phrases that are left being skipped."""
    best, price = int(totals.argmin()), float(totals.min()) + 8 * skip
    left = len(graph.gaps) - 1 - np.arange(len(graph.gaps))
    for offset in (0, 1):
        found = totals[graph.gaps + offset] + left * skip
        if found.min() < price:
            best, price = int(graph.gaps[found.argmin()]) + offset, float(found.min())
    final = len(graph) - 3
    return final if totals[final] < price else best


def fine_band(way: Way, graph: Graph, frames: int) -> tuple[Ints, Ints]:
    """First and last state (not included) of `graph` at each frame, around a way found before."""
    places = way.graph.places_in(graph)[way.states]
    if len(places) != frames:
        places = np.repeat(places, COARSE)[:frames]
    slack = round(BAND * 10 / FINE_UNIT_MS)
    lows = np.maximum(_sliding(places, np.minimum) - slack, 0)
    highs = np.minimum(_sliding(places, np.maximum) + slack, len(graph) - 1) + 1
    lows[0], highs[-1] = 0, len(graph)
    return lows.astype(np.int32), highs.astype(np.int32)


def _sliding(values: Ints, of: np.ufunc) -> Ints:
    """The least or greatest value within BAND on either side, by doubling."""
    padded = np.pad(values, BAND, mode="edge")
    width, size = 1, 2 * BAND + 1
    while 2 * width <= size:
        padded = of(padded[: len(padded) - width], padded[width:])
        width *= 2
    result: Ints = of(padded[: len(values)], padded[size - width : size - width + len(values)])
    return result


def fine_way(sound: Sound, models: Models, way: Way, graph: Graph, filler: float, skip: float, take: Take) -> Way:
    """The cheapest way beside another. `take` is given what was found, piece by piece."""
    frames = len(sound)
    lows, highs = fine_band(way, graph, frames)
    states = np.empty(frames, dtype=np.int32)
    first = -1
    for at in range(0, frames, _FINE_PIECE):
        stop = min(frames, at + _FINE_PIECE + _FINE_AHEAD)
        low, high = max(0, at - MARGIN), min(frames, stop + MARGIN)
        reduced = models.reduced(cepstra(sound.frames[low:high], sound.channel)[at - low : stop - low])
        costs = models.costs(reduced)
        ways, begins, starts, ending = forward(
            in_bytes(costs), STEP, filler, graph.classes, graph.origins, graph.prices, graph.stays, graph.farthest,
            FINE_DWELL, lows[at:stop], highs[at:stop], 0, 0.0, first,
        )  # fmt: skip
        last = _ending(ending, graph, skip) if stop == frames else int(ending.argmin())
        path = backward(ways, begins, starts, graph.origins, last)
        kept = min(_FINE_PIECE, frames - at)
        if stop == frames:
            kept = frames - at
        states[at : at + kept] = path[:kept]
        take(graph.phone[path[:kept]], graph.classes[path[:kept]], reduced[:kept], costs[:kept])
        if stop == frames:
            break
        first = int(path[kept])
    return Way(graph, states)
