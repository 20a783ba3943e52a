"""Pure signal work: decode, encode, outline, bleep, speech for tests and the demo. No Django in here."""

from onrecord.audio.blocks import Block, Span
from onrecord.audio.damage import Damage, DamageKind
from onrecord.audio.decode import Decoder, MediaFacts, probe
from onrecord.audio.web_copy import WebCopy, web_copy

__all__ = ["Block", "Damage", "DamageKind", "Decoder", "MediaFacts", "Span", "WebCopy", "probe", "web_copy"]
