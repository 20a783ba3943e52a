"""What was said beside what is printed: runs of words that are the same, or only on one side."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from onrecord.text.transcripts import bare

SAME, SAID, PRINTED = "same", "said", "printed"
_END = re.compile(r"\W*\Z")


@dataclass(frozen=True)
class Piece:
    """A run of words: `same`, `said` and not printed, or `printed` and not said.

    `declared`: the reader can see the edit.
    """

    kind: str
    text: str
    declared: bool = False


def differences(printed: str, said: str, changes: Sequence[Mapping[str, Any]]) -> tuple[Piece, ...]:
    """Printed words against the words said, in reading order; equal runs in the printed spelling."""
    old, new = said.split(), printed.split()
    declared = {
        _words(change[side]) for change in changes if change["kind"] == "declared" for side in ("said", "printed")
    }
    matcher = SequenceMatcher(None, [bare(word) for word in old], [bare(word) for word in new], autojunk=False)
    pieces: list[Piece] = []
    for tag, old_start, old_end, new_start, new_end in matcher.get_opcodes():
        if tag == "equal":
            pieces.append(Piece(SAME, " ".join(new[new_start:new_end])))
            continue
        sides = ((SAID, old[old_start:old_end]), (PRINTED, new[new_start:new_end]))
        visible = any(_words(" ".join(words)) in declared for _kind, words in sides if words)
        pieces.extend(Piece(kind, " ".join(words), visible) for kind, words in sides if words)
    return tuple(pieces)


def one_side(pieces: Sequence[Piece], side: str) -> tuple[Piece, ...]:
    """Of the pieces those that stand on one side: `said` or `printed`, and what is the same on both."""
    return tuple(piece for piece in pieces if piece.kind in (SAME, side))


def mended(printed: str, said: str, changes: Sequence[Mapping[str, Any]]) -> str:
    """The quotation with the record's words in the place of undeclared changes; declared edits stay.

    Punctuation at the end of a run is that of the story.
    """
    words: list[str] = []
    before = SAME
    for piece in differences(printed, said, changes):
        if piece.kind == SAME or (piece.kind == PRINTED) == piece.declared:
            words.append(piece.text)
        elif piece.kind == PRINTED and before == SAID:
            words[-1] = _END.sub("", words[-1]) + _END.findall(piece.text)[0]
        before = piece.kind
    return " ".join(words)


def _words(text: str) -> tuple[str, ...]:
    return tuple(bare(word) for word in text.split())
