"""Pure text work: transcripts, masks, subtitle formats, quotations and their verdicts.

Nothing here reads a clock, a file, a setting or a database; callers pass bytes and text in. Only `index` keeps files.
"""
