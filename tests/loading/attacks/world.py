"""What an attack finds around it. The text of this module is sent along with the text of each attack.

An attack is a function of the world `w` that returns true when it got what it wanted. It uses the names of this module
and of nothing else, so that its source runs in the bare worker of any Python on x86-64.
"""

import ctypes
import errno
import mmap
import os
import signal
import socket
import struct
import sys
import threading
import time

__all__ = ["call", "ctypes", "errno", "libc", "mmap", "os", "signal", "socket", "struct", "sys", "threading", "time"]
__all__ += ["World", "buffer", "descriptors", "machine_code", "reached"]

libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long


class World:
    """The facts: `secret` and `token` (a file and what it holds), `folder` (where all may write), `link`, `copy`."""

    def __init__(self, facts):
        self.__dict__.update(facts)

    def told(self, data):
        """Whether the data gives the secret away."""
        return (self.token.encode() if isinstance(data, (bytes, bytearray)) else self.token) in data

    @property
    def marker(self):
        """A file that nobody may make."""
        return os.path.join(self.folder, "marker")


def call(number, *arguments):
    """A raw system call. Raises OSError."""
    words = [ctypes.c_long(word) if isinstance(word, int) else word for word in arguments]
    result = libc.syscall(ctypes.c_long(number), *words)
    if result == -1:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


def buffer(data=b"", size=0):
    """Bytes for the kernel."""
    return ctypes.create_string_buffer(data, max(size, len(data) + 1))


def reached(number, *arguments):
    """Whether a call that is dangerous, and made here with arguments that can do nothing, got past the doorkeeper."""
    try:
        call(number, *arguments)
    except OSError as error:
        return error.errno != errno.EPERM
    return True


def descriptors():
    """All that are open: what was inherited lies among them."""
    found = []
    for descriptor in range(1024):
        try:
            os.fstat(descriptor)
            found.append(descriptor)
        except OSError:
            pass
    return found


def machine_code(code, *arguments):
    """Run bytes as a function: no library and no Python in between."""
    page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    page.write(code)
    address = ctypes.addressof(ctypes.c_char.from_buffer(page))
    return ctypes.CFUNCTYPE(ctypes.c_long, *[ctypes.c_long] * len(arguments))(address)(*arguments)
