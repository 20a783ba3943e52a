"""What people type who want a script of theirs to run; written for these tests. Nothing of it may run anywhere."""

from pathlib import Path

SCRIPTS = tuple(Path(__file__).with_name("scripts.txt").read_text(encoding="utf-8").splitlines())
