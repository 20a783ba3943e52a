"""Telling other programs what was published: messages, their signatures, where they may go, and trying again."""
