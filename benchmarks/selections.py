"""Do readers' selections stay on their words when a story is edited? Ours beside the field's usual approach.

Simulates edits of stories of about 900 words, made of sentences of the shared transcripts (`--text FILE` for any
other prose): selects one word, three words or a sentence, edits, and asks where the selection lies now. The truth is
known from the edit itself.

* "carried": `onrecord.text.carrying`, which knows the state of the text that was read;
* "searched": `onrecord.text.selectors`, which knows only the words, those around them and the old place;
* "best match": a statement of the approach that annotation clients take (exact occurrences, else the approximate
  match of fewest errors up to half the length; scored 50 quote, 20 prefix, 20 suffix, 2 position; the best one wins
  whatever its score). Written from its public description; slower in Python, so only its places are compared.

    python benchmarks/selections.py [--cases 2400] [--seed 1] [--text FILE]
"""

from __future__ import annotations

import argparse
import random
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from onrecord.text.carrying import Place, carry
from onrecord.text.selectors import describe, find
from onrecord.text.subtitles import read_subtitles

State = dict[str, str]
CONTEXT = 32
STORY_WORDS = 900
SPEECHES = sorted((Path(__file__).parents[2] / "shared/data/quotes/transcripts").glob("state_union-*.vtt"))


@dataclass(frozen=True)
class Case:
    """A selection in the first state, and where its words are in the last one: None if they are gone."""

    kind: str
    states: tuple[State, ...]
    place: Place
    truth: Place | None
    touched: bool = False


class Text:
    """A story whose every character knows which character of the first state it is (-1: new)."""

    def __init__(self, state: State) -> None:
        self.state = {key: [(c, (key, n)) for n, c in enumerate(text)] for key, text in state.items()}

    def plain(self) -> State:
        return {key: "".join(c for c, _ in chars) for key, chars in self.state.items()}

    def replace(self, key: str, start: int, end: int, new: str) -> None:
        self.state[key][start:end] = [(c, None) for c in new]

    def locate(self, place: Place) -> Place | None:
        """Where the selected characters are that are left, if they are one stretch of one passage."""
        wanted = {(place.passage, n) for n in range(place.start, place.end)}
        for key, chars in self.state.items():
            held = [n for n, (_, origin) in enumerate(chars) if origin in wanted]
            if held:
                return Place(key, held[0], held[-1] + 1)
        return None


def story(rng: random.Random, prose: list[str]) -> State:
    """Paragraphs of two to five sentences, about 900 words in all, as passages with ids."""
    start = rng.randrange(max(1, len(prose) - 60))
    state: State = {}
    words, at = 0, start
    while words < STORY_WORDS:
        count = rng.randint(2, 5)
        text = " ".join(prose[(at + n) % len(prose)] for n in range(count))
        state[f"block-{len(state)}"] = text
        words += len(text.split())
        at += count
    return state


def selection(rng: random.Random, state: State, size: str) -> Place:
    key = rng.choice(list(state))
    text = state[key]
    if size == "sentence":
        found = [m.span() for m in re.finditer(r"[^.!?]+[.!?]+", text)]
        start, end = rng.choice(found)
        start += len(text[start:end]) - len(text[start:end].lstrip())
        return Place(key, start, end)
    words = [m.span() for m in re.finditer(r"[^\W\d_]+(?:['’]\w+)*", text)]
    count = min(len(words), 1 if size == "one word" else 3)
    first = rng.randrange(len(words) - count + 1)
    return Place(key, words[first][0], words[first + count - 1][1])


def inserted(rng: random.Random, text: Text, place: Place, prose: list[str]) -> bool:
    """A sentence or a few words before the selection, in its passage or as a new one above."""
    here = text.locate(place)
    if here is None:
        return False
    plain = text.plain()[here.passage]
    spots = [m.end() for m in re.finditer(r"\s", plain[: here.start])]
    words = rng.choice(prose).split()
    new = " ".join(words[: rng.choice([1, 2, 4, len(words)])])
    if spots and rng.random() < 0.7:
        text.replace(here.passage, spot := rng.choice([0, *spots]), spot, f"{new} ")
    else:
        text.state = {"block-new" + str(len(text.state)): [(c, None) for c in new], **text.state}
    return False


def letter(rng: random.Random, text: Text, place: Place, prose: list[str]) -> bool:
    """One letter of the selected words is another one."""
    here = text.locate(place)
    if here is None:
        return False
    plain = text.plain()[here.passage]
    letters = [n for n in range(here.start, here.end) if plain[n].isalpha()]
    at = rng.choice(letters)
    other = rng.choice([c for c in "abcdefghijklmnopqrstuvwxyz" if c != plain[at].lower()])
    text.state[here.passage][at] = (other, text.state[here.passage][at][1])
    return True


def replaced(rng: random.Random, text: Text, place: Place, prose: list[str]) -> bool:
    """Other words, as many and unlike them, stand where the selected ones were."""
    here = text.locate(place)
    if here is None:
        return True
    old = text.plain()[here.passage][here.start : here.end].casefold()
    new = old
    while Levenshtein.distance(new, old) < 2 or Levenshtein.normalized_similarity(new, old) >= 0.6:
        new = " ".join((rng.choice(prose).split() * 9)[: len(old.split())])
    text.replace(here.passage, here.start, here.end, new)
    return True


def deleted(rng: random.Random, text: Text, place: Place, prose: list[str]) -> bool:
    """The selected words are taken out."""
    if here := text.locate(place):
        text.replace(here.passage, here.start, here.end, "")
    return True


def moved(rng: random.Random, text: Text, place: Place, prose: list[str]) -> bool:
    """Passages stand in another order; now and then the selected one is cut and pasted, which gives it a new id."""
    keys = list(text.state)
    rng.shuffle(keys)
    here = text.locate(place)
    again = here.passage if here and rng.random() < 0.5 else ""
    text.state = {("pasted-" + k if k == again else k): text.state[k] for k in keys}
    return False


Edit = Callable[[random.Random, Text, Place, list[str]], bool]
EDITS: dict[str, tuple[Edit, ...]] = {
    "text inserted": (inserted,),
    "letter changed": (letter,),
    "replaced": (replaced,),
    "deleted": (deleted,),
    "paragraphs moved": (moved,),
    "inserted, then letter": (inserted, letter),
    "moved, then inserted": (moved, inserted),
    "inserted, then deleted": (inserted, deleted),
}


def cases(count: int, seed: int, prose: list[str]) -> Iterator[Case]:
    rng = random.Random(seed)
    sizes = ("one word", "three words", "sentence")
    for number in range(count):
        name = list(EDITS)[number % len(EDITS)]
        size = sizes[number // len(EDITS) % len(sizes)]
        first = story(rng, prose)
        place = selection(rng, first, size)
        text, states, touched = Text(first), [first], False
        for edit in EDITS[name]:
            touched = edit(rng, text, place, prose) or touched
            states.append(text.plain())
        yield Case(f"{name}, {size}", tuple(states), place, text.locate(place), touched)


def carried(case: Case) -> Place | None:
    return carry(case.place, case.states)


def searched(case: Case) -> Place | None:
    words = describe(case.states[0][case.place.passage], case.place.start, case.place.end)
    order = sorted(case.states[-1], key=lambda key: key != case.place.passage)
    for key in order:
        if match := find(case.states[-1][key], words):
            return Place(key, match.start, match.end)
    return None


def best_match(case: Case) -> Place | None:
    """The approach of annotation clients over the whole text: the best of all matches, whatever its score."""
    old, new = ("\n\n".join(state.values()) for state in (case.states[0], case.states[-1]))
    start = _offset(case.states[0], case.place)
    exact = old[start : start + case.place.end - case.place.start]
    prefix, suffix = old[max(0, start - CONTEXT) : start], old[start + len(exact) :][:CONTEXT]
    places = [(m.start(), m.end(), 0) for m in re.finditer(re.escape(exact), new)]
    if not places:
        places = _approximate(new, exact)
    if not places:
        return None

    def score(found: tuple[int, int, int]) -> float:
        a, b, errors = found
        quote = 1 - errors / len(exact)
        before = _alike(prefix, new[max(0, a - len(prefix)) : a]) if prefix else 1.0
        after = _alike(suffix, new[b : b + len(suffix)]) if suffix else 1.0
        near = 1 - abs(a - start) / max(1, len(new))
        return 50 * quote + 20 * before + 20 * after + 2 * near

    a, b, _ = max(places, key=score)
    return _place(case.states[-1], a, b)


def _approximate(text: str, exact: str) -> list[tuple[int, int, int]]:
    most = min(256, len(exact) // 2)
    if len(exact) <= 24:
        spans = {(a, a + n) for a in range(len(text)) for n in (len(exact) - 1, len(exact), len(exact) + 1) if n > 0}
        scored = [(a, b, Levenshtein.distance(exact, text[a:b], score_cutoff=most)) for a, b in spans if b <= len(text)]
        fewest = min(errors for _, _, errors in scored)
        return [s for s in scored if s[2] == fewest] if fewest <= most else []
    found = fuzz.partial_ratio_alignment(exact, text)
    if found is None:
        return []
    errors = Levenshtein.distance(exact, text[found.dest_start : found.dest_end])
    return [(found.dest_start, found.dest_end, errors)] if errors <= most else []


def _alike(a: str, b: str) -> float:
    return 1 - Levenshtein.distance(a, b) / max(1, len(a))


def _offset(state: State, place: Place) -> int:
    at = 0
    for key, text in state.items():
        if key == place.passage:
            return at + place.start
        at += len(text) + 2
    raise KeyError(place.passage)


def _place(state: State, start: int, end: int) -> Place | None:
    at = 0
    for key, text in state.items():
        if at <= start < at + len(text):
            return Place(key, start - at, min(len(text), end - at))
        at += len(text) + 2
    return None


def judge(case: Case, got: Place | None) -> str:
    """right, lost (it is there and was not found), or wrong (another place, or a place for words that are gone)."""
    truth = case.truth
    if truth is None:
        return "right" if got is None else "wrong"
    if got is None:
        return "lost"
    same = got.passage == truth.passage
    exact = same and (got.start, got.end) == (truth.start, truth.end)
    meets = same and got.start < truth.end and got.end > truth.start
    return "right" if exact or (case.touched and meets) else "wrong"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=2400)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--text", type=Path, help="prose to make stories of; default: the shared speeches")
    options = parser.parse_args()
    if not options.text and not SPEECHES:
        parser.error("the shared speeches are not here: name a file of prose with --text")
    texts = [options.text.read_text("utf-8")] if options.text else [_speech(path) for path in SPEECHES]
    whole = " ".join(" ".join(texts).split())
    prose = [s.strip() for s in re.findall(r"[^.!?]+[.!?]+", whole) if 4 <= len(s.split()) <= 50]
    approaches = {"carried": carried, "searched": searched, "best match": best_match}
    counts: dict[str, dict[str, Counter[str]]] = {name: {} for name in approaches}
    for case in cases(options.cases, options.seed, prose):
        for name, approach in approaches.items():
            counts[name].setdefault(case.kind, Counter())[judge(case, approach(case))] += 1
    print(f"{options.cases} simulated edits, seed {options.seed}: right / lost / in a wrong place, %")
    print(f"{'':42}" + "".join(f"{name:>24}" for name in approaches))
    for kind in sorted(next(iter(counts.values()))):
        print(f"{kind:42}" + "".join(f"{_shares(counts[name][kind]):>24}" for name in approaches))
    print(f"{'all':42}" + "".join(f"{_shares(sum(counts[name].values(), Counter())):>24}" for name in approaches))


def _speech(path: Path) -> str:
    parsed = read_subtitles(path.read_bytes(), str(path))
    return " ".join(segment.text for segment in parsed.segments)


def _shares(count: Counter[str]) -> str:
    total = max(1, sum(count.values()))
    return " / ".join(f"{100 * count[word] / total:.1f}" for word in ("right", "lost", "wrong"))


if __name__ == "__main__":
    main()
