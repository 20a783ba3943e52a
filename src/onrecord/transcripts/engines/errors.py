"""What can go wrong in an engine: each is kept with its job, and the job can be resumed."""

from onrecord.errors import OnrecordError


class EngineFailed(OnrecordError):
    """An engine that could not go on; errors of single engines derive from this one."""

    code = "engine-failed"
    message = (
        "{engine} stopped with an error ({reason}). What was done until then is kept. Resume, or ask who runs this."
    )


class EngineNotSet(EngineFailed):
    code = "engine-not-set"
    message = (
        "No engine is set for this. Whoever runs this newsroom sets {setting}; see “Engines” in the operator's guide."
    )


class EngineMissing(EngineFailed):
    code = "engine-missing"
    message = "{engine} is not installed. Install it with `pip install 'onrecord[{extra}]'`, then try again."


class ModelUnusable(EngineFailed):
    code = "model-unusable"
    message = "The model {model} can't be used: {reason}. Check the setting {setting}, then try again."


class EngineOutOfMemory(EngineFailed):
    code = "engine-out-of-memory"
    message = (
        "{engine} ran out of memory with the model {model}. What was done until then is kept. "
        "Set a smaller model or give it more memory, then resume."
    )


class EngineDied(EngineFailed):
    code = "engine-died"
    message = "{engine} died midway ({reason}). What was done until then is kept. Resume; if it dies again, report it."


class WorkerLost(EngineFailed):
    code = "worker-lost"
    message = (
        "The worker died {times} times at the same place of this work. What was done until then is kept. "
        "See what its machine lacks, memory most likely, then resume."
    )


def is_lack_of_memory(error: Exception) -> bool:
    """Whether an error of a library says that memory ran out, each in words of its own."""
    said = str(error).casefold()
    return isinstance(error, MemoryError) or any(
        words in said for words in ("bad_alloc", "out of memory", "allocate", "failed to map segment")
    )


def error_of(code: str, fields: dict[str, object]) -> OnrecordError:
    """An error as it was kept; EngineFailed for a code that is known no more."""
    kinds: list[type[OnrecordError]] = [OnrecordError]
    for kind in kinds:
        if kind.code == code and kind is not OnrecordError:
            return kind(**fields)
        kinds.extend(kind.__subclasses__())
    return EngineFailed(**{"engine": "The engine", "reason": code, **fields})
