"""On Linux: no connection to anywhere and no other program for the rest of this process's life."""

from __future__ import annotations

import ctypes
import platform
import signal
import struct
import sys
from contextlib import suppress

_PR_SET_PDEATHSIG, _PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS = 1, 22, 38
_SECCOMP_MODE_FILTER = 2
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | 1  # SECCOMP_RET_ERRNO with EPERM
# linux/bpf_common.h: load a word of seccomp_data; jump if equal; jump if at least; return.
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06

# Architecture as the audit subsystem numbers it; socket, connect, bind, socketpair, ptrace, execve, execveat,
# process_vm_writev, io_uring_setup as the kernel's table of system calls does.
_CALLS = {
    "x86_64": (0xC000003E, (41, 42, 49, 53, 101, 59, 322, 311, 425)),
    "aarch64": (0xC00000B7, (198, 203, 200, 199, 117, 221, 281, 271, 425)),
}
_X32 = 0x40000000
"""From here on x86-64 numbers the same calls once more for another calling convention."""


def forbid_network_and_programs() -> bool:
    """Have the kernel refuse sockets and new programs (EPERM), and end this process with its parent.

    Tells whether it does; False on other systems and architectures.
    """
    known = _CALLS.get(platform.machine())
    if sys.platform != "linux" or known is None:
        return False
    with suppress(OSError, AttributeError):
        libc = ctypes.CDLL(None, use_errno=True)
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
            return False
        program = _program(*known)
        buffer = ctypes.create_string_buffer(program, len(program))
        header = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(buffer))
        return bool(libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, header, 0, 0) == 0)
    return False


def _program(architecture: int, calls: tuple[int, ...]) -> bytes:
    """A filter (classic BPF): another architecture is refused, the calls are refused, the rest is allowed."""
    refused = len(calls) + 1  # where `_REFUSE` lies, counted from the first comparison of a call
    steps = [
        (_LOAD, 0, 0, 4),
        (_EQUAL, 0, refused + 2, architecture),
        (_LOAD, 0, 0, 0),
        (_AT_LEAST, refused, 0, _X32),
        *((_EQUAL, refused - 1 - number, 0, call) for number, call in enumerate(calls)),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _REFUSE),
    ]
    return b"".join(struct.pack("HBBI", *step) for step in steps)
