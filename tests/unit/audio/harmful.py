"""What a file could make a decoder do; run in a child by test_isolation.py, never here."""

import ctypes
import os
import socket
import subprocess
import sys
from pathlib import Path

import numpy as np

from onrecord.audio.decode import MediaFacts
from onrecord.audio.web_copy import WebCopy

FACTS = MediaFacts(0, "", "", 0, 0, None, has_video=False, streams=0)


def crash(path: Path) -> MediaFacts:
    ctypes.string_at(0)
    return FACTS


def spin(path: Path) -> MediaFacts:
    while True:
        pass


def fill_memory(path: Path) -> MediaFacts:
    return MediaFacts(np.empty(4 * 1024**3, dtype=np.uint8).size, "", "", 0, 0, None, has_video=False, streams=0)


def stumble(path: Path) -> MediaFacts:
    raise ZeroDivisionError("so many samples")


def lie(path: Path) -> MediaFacts:
    return MediaFacts("no number", "", "", 0, 0, None, has_video=False, streams=0)  # type: ignore[arg-type]


def half_write(path: Path, out: Path) -> MediaFacts:
    out.with_name(f".{out.name}.{os.getpid()}-1.part").write_bytes(b"half")
    ctypes.string_at(0)
    return FACTS


def crash_copying(path: Path, destination: Path, *, masks: object = ()) -> WebCopy:
    destination.with_name(f".{destination.name}.{os.getpid()}-1.part").write_bytes(b"half")
    ctypes.string_at(0)
    return WebCopy(0, (), (), 0, 0)


def reach_out(path: Path) -> MediaFacts:
    """As many streams as ways out were found."""
    found = 0
    for way in (
        lambda: socket.socket(),
        lambda: socket.socketpair(),
        lambda: subprocess.run([sys.executable, "-c", "pass"], check=False),
        lambda: os.environ["SECRET_KEY"],
    ):
        try:
            way()
            found += 1
        except (OSError, KeyError):
            pass
    return MediaFacts(0, "", "", 0, 0, None, has_video=False, streams=found)
