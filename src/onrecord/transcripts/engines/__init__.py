"""Programs that make text of sound or of other text: each behind one small interface, each in a process of its own.

`interface` is what an engine is written against and knows no framework; `child` is the process it runs in; `jobs` is
how people start, cancel and resume; `running` is what the worker does.
"""
