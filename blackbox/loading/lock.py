# pyright: basic
"""The lock of the worker: what the process gives up before it sees a byte of the payload. Linux, x86-64 and aarch64.

A part of the program `worker.py`, which loads it by its path; imported by nobody. Standard library alone, Python 3.6
to the newest. The order matters, and every step is checked:

    limits         no written byte, no core, few descriptors, bounded processor time
    capabilities   none, and none to be had again
    one thread     Landlock holds for the thread that asks for it and for its later children
    Landlock       files below a few folders of the Python installation can be read, nothing can be written
    seccomp        a short list of harmless system calls; all others fail with EPERM
    self-test      try what must fail now, and read from the kernel what it thinks of this process

`lock` returns the set of facts that hold, which the parent compares with what it insists on. Nothing is believed to
have worked: a fact is reported only where the kernel has confirmed it.
"""

import ctypes
import errno
import os
import sys

UNPRIVILEGED, ALONE, NO_NEW_PRIVILEGES, LANDLOCKED, FILTERED = 16, 32, 64, 128, 256
NO_READING, NO_WRITING, NO_SOCKETS, NO_PROCESSES, NO_SIGNALS, BOUNDED = 512, 1024, 2048, 4096, 8192, 16384

OPEN_FILES = 64
THREADS = 512
"""More than any library starts, beside what the user runs already; the kernel does not count for root."""
UINT32 = 0xFFFFFFFF

libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long


def lock(parent, processor_time):
    """Lock this process for good and report which facts hold. `parent` is a process id, the time is in seconds."""
    machine = MACHINES.get(os.uname().machine) if sys.platform.startswith("linux") else None
    if machine is None or ctypes.sizeof(ctypes.c_void_p) != 8 or sys.byteorder != "little":
        return 0  # another system, or a 32-bit program on a 64-bit kernel
    forget_foreign_modules()
    facts = BOUNDED if limit(processor_time) else 0
    probes = probe_files()
    drop_capabilities()
    if threads() != 1:
        return facts
    if prctl(PR_SET_NO_NEW_PRIVS, 1) != 0 or not landlock() or not filter_calls(machine):
        return facts
    facts |= examine(parent, probes, machine)
    lend_null()
    return facts


def system(number, *arguments):
    """A raw system call: its result, or minus the errno."""
    result = libc.syscall(ctypes.c_long(number), *[word(argument) for argument in arguments])
    return -ctypes.get_errno() if result == -1 else result


def word(argument):
    """An argument as wide as a register."""
    return ctypes.c_long(argument) if isinstance(argument, int) else argument


def prctl(option, *arguments):
    """The system call: its result, or minus the errno."""
    padded = (list(arguments) + [0, 0, 0, 0])[:4]
    result = libc.prctl(ctypes.c_int(option), *[ctypes.c_ulong(argument) for argument in padded])
    return -ctypes.get_errno() if result == -1 else result


# --------------------------------------------------------------------------------------------------------- limits


def limit(processor_time):
    """Bounds that the kernel keeps, whatever the filter lets through. Whether all of them hold."""
    import resource

    wanted = [
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_MEMLOCK, 0),
        (resource.RLIMIT_MSGQUEUE, 0),
        (resource.RLIMIT_CPU, processor_time),
        (resource.RLIMIT_NPROC, tasks_of_user() + THREADS),
    ]
    try:
        for name, bound in wanted:
            hard = resource.getrlimit(name)[1]
            bound = bound if hard == resource.RLIM_INFINITY else min(bound, hard)
            resource.setrlimit(name, (bound, bound))
        return all(0 <= resource.getrlimit(name)[1] <= bound for name, bound in wanted)
    except (OSError, ValueError):
        return False


def tasks_of_user():
    """Threads that this user runs already, as far as they can be seen. Root's are not counted: the kernel does not."""
    user = os.getuid()
    if user == 0:
        return 0
    count = 0
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                if os.stat("/proc/" + name).st_uid == user:
                    count += max(1, os.stat("/proc/" + name + "/task").st_nlink - 2)
            except OSError:
                pass  # it ended meanwhile
    return count


# --------------------------------------------------------------------------------------------------- capabilities

PR_CAPBSET_READ, PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS, PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL = 23, 24, 38, 47, 4
CAPABILITY_VERSION_3 = 0x20080522


def drop_capabilities():
    """None effective, permitted, inheritable, ambient, nor (for root) ever again. `examine` asks whether it worked."""
    capability = 0
    while prctl(PR_CAPBSET_READ, capability) >= 0:
        prctl(PR_CAPBSET_DROP, capability)  # an ordinary user may not, and has no way to gain one without exec
        capability += 1
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL)
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    libc.capset(header, (ctypes.c_uint32 * 6)())


def threads():
    """How many threads this process has."""
    return len(os.listdir("/proc/self/task"))


# ------------------------------------------------------------------------------------------------------- Landlock

LANDLOCK_CREATE_RULESET, LANDLOCK_ADD_RULE, LANDLOCK_RESTRICT_SELF = 444, 445, 446
LANDLOCK_CREATE_RULESET_VERSION, LANDLOCK_RULE_PATH_BENEATH = 1, 1
READ_FILE, READ_DIR = 1 << 2, 1 << 3
FILE_RIGHTS = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 5: (1 << 16) - 1}
"""By the ABI that brought the last of them: all of the first, then REFER, TRUNCATE and IOCTL_DEV."""
NETWORK_RIGHTS = {4: 3}
"""BIND_TCP and CONNECT_TCP."""
SCOPES = {6: 3}
"""ABSTRACT_UNIX_SOCKET and SIGNAL: nothing outside of the domain."""

LIBRARY_FOLDERS = ["/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/usr/local/lib64"]
ZONES = "/usr/share/zoneinfo"
KERNEL_FILES = ["/dev/null", "/dev/urandom", "/proc/self/maps", "/proc/self/status", "/proc/cpuinfo", "/proc/meminfo"]
PROCESSORS = "/sys/devices/system/cpu"
LOADER_CACHE = "/etc/ld.so.cache"


class PathBeneath(ctypes.Structure):
    """`struct landlock_path_beneath_attr`, which the kernel reads as 12 bytes."""

    _pack_ = 1
    _layout_ = "ms"  # what packing means; Python 3.14 wants it said
    _fields_ = [("access", ctypes.c_uint64), ("parent", ctypes.c_int32)]


def landlock():
    """Forbid every file but the readable ones, and what else of the world the kernel's ABI can forbid. Whether so."""
    abi = system(LANDLOCK_CREATE_RULESET, None, 0, LANDLOCK_CREATE_RULESET_VERSION)
    if abi < 1:
        return False
    handled = [newest(rights, abi) for rights in (FILE_RIGHTS, NETWORK_RIGHTS, SCOPES)]
    size = 24 if abi >= 6 else 16 if abi >= 4 else 8
    ruleset = system(LANDLOCK_CREATE_RULESET, (ctypes.c_uint64 * 3)(*handled), size, 0)
    if ruleset < 0:
        return False
    try:
        for path in readable():
            allow(ruleset, path)
        return system(LANDLOCK_RESTRICT_SELF, ruleset, 0) == 0
    finally:
        os.close(ruleset)


def newest(rights, abi):
    """The rights of the newest ABI that is not newer than this one."""
    known = [version for version in rights if version <= abi]
    return rights[max(known)] if known else 0


def allow(ruleset, path):
    """Let the path be read, and what lies below it. A path that is not there stays forbidden."""
    try:
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        access = READ_FILE | READ_DIR if os.path.isdir(path) else READ_FILE
        rule = PathBeneath(access, descriptor)
        system(LANDLOCK_ADD_RULE, ruleset, LANDLOCK_RULE_PATH_BENEATH, ctypes.byref(rule), 0)
    finally:
        os.close(descriptor)


def readable():
    """All that may be read."""
    paths = library_folders() + [LOADER_CACHE, ZONES, PROCESSORS] + KERNEL_FILES
    return [path for path in paths if not exposes_home(path)]


def library_folders():
    """Where the interpreter and its packages lie, and the shared libraries. Never what merely stands in `sys.path`."""
    folders = [os.path.dirname(os.path.abspath(os.__file__)), os.path.join(sys.base_prefix, "lib")]
    return folders + [path for path in sys.path if is_library(path)] + LIBRARY_FOLDERS


def is_library(path):
    """Whether an entry of `sys.path` belongs to a Python installation: an editable install's repository does not."""
    name = os.path.basename(path)
    if name in ("site-packages", "dist-packages", "lib-dynload"):
        return True
    return name.startswith("python") and (
        name.endswith(".zip") or path == os.path.dirname(os.path.abspath(os.__file__))
    )


def exposes_home(path):
    """Whether the path is, or lies above, what must stay hidden: the user's home, /tmp, everything."""
    path = os.path.realpath(path)
    hidden = ["/tmp", os.path.realpath(os.path.expanduser("~"))]
    return path == "/" or any((place + "/").startswith(path + "/") for place in hidden if place != "/")


def forget_foreign_modules():
    """Keep in `sys.path` what will be readable; a path that is not would only make imports fail obscurely."""
    sys.path[:] = [path for path in sys.path if is_library(path)]


def lend_null():
    """Let Python open the null device for writing, as dill does when it is imported and a function that hushes itself.

    The kernel would refuse, as it does with every file; they get copies of descriptor 1, which is that device already.
    """
    import builtins
    import io

    plain_open, plain_os_open = io.open, os.open

    def open(file, *rest, **options):
        """`io.open`."""
        return plain_open(os.dup(1) if is_null(file) else file, *rest, **options)

    def os_open(path, flags, *rest, **options):
        """`os.open`."""
        return os.dup(1) if is_null(path) else plain_os_open(path, flags, *rest, **options)

    builtins.open = io.open = open
    os.open = os_open


def is_null(file):
    """Whether a file is named as the null device."""
    return type(file) is str and file == os.devnull


# -------------------------------------------------------------------------------------------------------- seccomp

MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}
"""The column of the tables below, and the kernel's number of the architecture."""
X32 = 0x40000000
"""Bit of the numbers of a second, 32-bit set of calls on x86-64."""

HARMLESS = """
read 0 63 · write 1 64 · close 3 57 · fstat 5 80 · newfstatat 262 79 · lseek 8 62 · mmap 9 222 · mprotect 10 226
munmap 11 215 · brk 12 214 · rt_sigaction 13 134 · rt_sigprocmask 14 135 · rt_sigreturn 15 139 · pread64 17 67
readv 19 65 · writev 20 66 · mremap 25 216 · madvise 28 233 · dup 32 23 · dup3 292 24 · nanosleep 35 101
getpid 39 172 · gettid 186 178 · getppid 110 173 · exit 60 93 · exit_group 231 94 · uname 63 160 · getcwd 79 17
getdents64 217 61 · gettimeofday 96 169 · getrusage 98 165 · sysinfo 99 179 · times 100 153 · getuid 102 174
getgid 104 176 · geteuid 107 175 · getegid 108 177 · getresuid 118 148 · getresgid 120 150 · getgroups 115 158
rt_sigpending 127 136 · rt_sigtimedwait 128 137 · rt_sigsuspend 130 133 · sigaltstack 131 132 · sched_yield 24 124
sched_getaffinity 204 123 · getcpu 309 168 · clock_gettime 228 113 · clock_getres 229 114 · clock_nanosleep 230 115
restart_syscall 219 128 · ppoll 271 73 · pselect6 270 72 · faccessat 269 48 · faccessat2 439 439
set_tid_address 218 96 · set_robust_list 273 99 · rseq 334 293 · getrandom 318 278 · statx 332 291
getrlimit 97 163 · getitimer 36 102 · setitimer 38 103 · close_range 436 436
stat 4 - · lstat 6 - · access 21 - · getdents 78 - · poll 7 - · select 23 - · time 201 - · alarm 37 - · pause 34 -
dup2 33 -
"""
"""Allowed whatever their arguments: name, number on x86-64, number on aarch64. Landlock decides what can be opened."""

OPEN, OPENAT, FUTEX, FCNTL, IOCTL = (2, None), (257, 56), (202, 98), (72, 25), (16, 29)
KILL, TGKILL, PRCTL, PRLIMIT, CLONE = (62, 129), (234, 131), (157, 167), (302, 261), (56, 220)
FORK, VFORK, EXECVE, SOCKET = (57, None), (58, None), (59, 221), (41, 198)
SECCOMP = (317, 277)
NEWER = [(435, 435), (437, 437), (449, 449), (454, 454), (455, 455), (456, 456)]
"""clone3, openat2, futex_waitv, futex_wake, futex_wait, futex_requeue: libraries that miss them use the old ones."""

OPEN_FLAGS = 0o2000000 | 0o4000 | 0o400 | 0o1000000
"""O_CLOEXEC, O_NONBLOCK, O_NOCTTY, O_NOATIME; with MACHINE_FLAGS what a reader may ask for: nothing writes."""
MACHINE_FLAGS = (0o200000 | 0o400000 | 0o100000, 0o40000 | 0o100000 | 0o400000)
"""O_DIRECTORY, O_NOFOLLOW and O_LARGEFILE, whose values differ."""
FUTEX_COMMANDS = [0, 1, 3, 4, 5, 9, 10]
"""WAIT, WAKE, REQUEUE, CMP_REQUEUE, WAKE_OP, WAIT_BITSET, WAKE_BITSET: what locks and threads are made of."""
FUTEX_FLAGS = 128 | 256
FCNTL_COMMANDS = [0, 1, 2, 3, 1030]
"""F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_DUPFD_CLOEXEC."""
F_SETFL, SETTABLE = 4, 0o4000 | 0o2000 | 0o100000 | 0o400000 | 3
"""O_NONBLOCK, O_APPEND, O_LARGEFILE (twice) and the ignored access mode; never O_ASYNC, which sends signals."""
IOCTL_COMMANDS = [0x5401, 0x5413, 0x5450, 0x5451, 0x5421]
"""TCGETS, TIOCGWINSZ, FIONCLEX, FIOCLEX, FIONBIO."""
PRCTL_OPTIONS = [3, 15, 16]
"""PR_GET_DUMPABLE, PR_SET_NAME, PR_GET_NAME."""
THREAD_FLAGS = 0x100 | 0x200 | 0x400 | 0x800 | 0x10000 | 0x40000
"""CLONE_VM, FS, FILES, SIGHAND, THREAD, SYSVSEM: all of them, or it is a process."""
THREAD_EXTRAS = 0x80000 | 0x100000 | 0x200000 | 0x400000 | 0x1000000
"""CLONE_SETTLS, PARENT_SETTID, CHILD_CLEARTID, DETACHED (ignored; musl sets it), CHILD_SETTID."""

ALLOW, KILL_PROCESS, REFUSE = 0x7FFF0000, 0x80000000, 0x00050000
LOAD, EQUAL, AT_LEAST, ANY_BIT, MASK, RETURN = 0x20, 0x15, 0x35, 0x45, 0x54, 0x06
NUMBER, ARCHITECTURE, ARGUMENTS = 0, 4, 16
SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC = 1, 1


class Instruction(ctypes.Structure):
    """`struct sock_filter`."""

    _fields_ = [("code", ctypes.c_uint16), ("yes", ctypes.c_uint8), ("no", ctypes.c_uint8), ("k", ctypes.c_uint32)]


class Program(ctypes.Structure):
    """`struct sock_fprog`."""

    _fields_ = [("length", ctypes.c_ushort), ("instructions", ctypes.POINTER(Instruction))]


def filter_calls(machine):
    """Install the allow-list in all threads. Whether the kernel took it."""
    lines = program(machine, os.getpid())
    instructions = (Instruction * len(lines))(*lines)
    fields = Program(len(lines), instructions)
    number = SECCOMP[machine[0]]
    return system(number, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, ctypes.byref(fields)) == 0


def program(machine, process):
    """The filter as `(code, jump if true, jump if false, k)`: for each call a test of its number, then its rule."""
    column, architecture = machine
    lines = [(LOAD, 0, 0, ARCHITECTURE), (EQUAL, 1, 0, architecture), (RETURN, 0, 0, KILL_PROCESS)]
    lines += [(LOAD, 0, 0, NUMBER)]
    if column == 0:
        lines += [(AT_LEAST, 0, 1, X32), (RETURN, 0, 0, KILL_PROCESS)]
    for call in HARMLESS.replace("·", "\n").strip().splitlines():
        numbers = call.split()[1:]
        if numbers[column] != "-":
            lines += rule(int(numbers[column]), [(RETURN, 0, 0, ALLOW)])
    for numbers, body in guarded(column, process):
        if numbers[column] is not None:
            lines += rule(numbers[column], body)
    return lines + refuse(errno.EPERM)


def guarded(column, process):
    """The calls whose arguments decide."""
    readers = UINT32 & ~(OPEN_FLAGS | MACHINE_FLAGS[column])
    yield OPEN, no_bits(1, readers)
    yield OPENAT, no_bits(2, readers)
    yield FUTEX, one_of(1, FUTEX_COMMANDS, UINT32 & ~FUTEX_FLAGS)
    yield FCNTL, setfl() + one_of(1, FCNTL_COMMANDS)
    yield IOCTL, one_of(1, IOCTL_COMMANDS)
    yield KILL, one_of(0, [process])
    yield TGKILL, one_of(0, [process])
    yield PRCTL, one_of(0, PRCTL_OPTIONS)
    yield PRLIMIT, both(zero(2), one_of(0, [0, process]))
    yield CLONE, one_of(0, [THREAD_FLAGS], UINT32 & ~THREAD_EXTRAS)
    for numbers in NEWER:
        yield numbers, refuse(errno.ENOSYS)


def rule(number, body):
    """The body, which ends in a verdict on every way, for the call of this number alone."""
    return [(EQUAL, 0, len(body), number)] + body


def argument(place, high=False):
    """Load half of an argument. The kernel itself ignores the upper half of those that are tested by halves."""
    return (LOAD, 0, 0, ARGUMENTS + 8 * place + (4 if high else 0))


def refuse(number):
    """The call fails with this errno."""
    return [(RETURN, 0, 0, REFUSE | number)]


def no_bits(place, bits):
    """Allowed where none of the bits is set."""
    return [argument(place), (ANY_BIT, 0, 1, bits)] + refuse(errno.EPERM) + [(RETURN, 0, 0, ALLOW)]


def one_of(place, values, mask=UINT32):
    """Allowed where the argument, looked at through the mask, is one of the values."""
    lines = [argument(place), (MASK, 0, 0, mask)]
    for value in values:
        lines += [(EQUAL, 0, 1, value), (RETURN, 0, 0, ALLOW)]
    return lines + refuse(errno.EPERM)


def zero(place):
    """Goes on where a pointer is NULL."""
    denied = refuse(errno.EPERM)
    return [argument(place), (EQUAL, 1, 0, 0)] + denied + [argument(place, high=True), (EQUAL, 1, 0, 0)] + denied


def both(first, second):
    """The second test after the first."""
    return first + second


def setfl():
    """`fcntl(F_SETFL)` is decided here; other commands go on."""
    body = no_bits(2, UINT32 & ~SETTABLE)
    return [argument(1), (EQUAL, 0, len(body), F_SETFL)] + body


# ------------------------------------------------------------------------------------------------------ self-test

FORBIDDEN = ["/", "/proc/self/limits", "/proc", "/etc/passwd", "/tmp"]
"""Present on every system, and open to every user before the lock."""
AF_UNIX, AF_INET, AF_NETLINK, SOCK_STREAM, SOCK_RAW, SIGCHLD = 1, 2, 16, 1, 3, 17


def probe_files():
    """Those of the forbidden paths that can be opened now: a probe that fails anyway would prove nothing."""
    return [path for path in FORBIDDEN if opens(path, os.O_RDONLY) == 0]


def opens(path, flags):
    """0 where the path can be opened, else the errno."""
    try:
        os.close(os.open(path, flags | os.O_CLOEXEC))
        return 0
    except OSError as error:
        return error.errno


def examine(parent, probes, machine):
    """The facts, from trying what must fail and from the kernel's own account of this process."""
    facts = account()
    if probes and all(opens(path, os.O_RDONLY) == errno.EACCES for path in probes):
        facts |= NO_READING | LANDLOCKED  # seccomp refuses with EPERM: EACCES is Landlock's voice
    if opens(os.devnull, os.O_RDONLY) == 0 and opens(os.devnull, os.O_WRONLY) == errno.EPERM:
        facts |= NO_WRITING
    sockets = [(AF_UNIX, SOCK_STREAM), (AF_INET, SOCK_STREAM), (AF_NETLINK, SOCK_RAW)]
    if all(system(SOCKET[machine[0]], family, kind, 0) == -errno.EPERM for family, kind in sockets):
        facts |= NO_SOCKETS
    if no_processes(machine[0]):
        facts |= NO_PROCESSES
    if system(KILL[machine[0]], parent, 0) == -errno.EPERM and system(KILL[machine[0]], 0, 0) == -errno.EPERM:
        facts |= NO_SIGNALS
    return facts


def account():
    """What `/proc/self/status` says."""
    with open("/proc/self/status") as file:
        status = dict(line.split(":\t", 1) for line in file.read().splitlines() if ":\t" in line)
    facts = 0
    if all(int(status[name], 16) == 0 for name in ("CapInh", "CapPrm", "CapEff", "CapAmb")):
        facts |= UNPRIVILEGED
    if status["Threads"] == "1":
        facts |= ALONE
    if status["NoNewPrivs"] == "1":
        facts |= NO_NEW_PRIVILEGES
    if status["Seccomp"] == "2":
        facts |= FILTERED
    return facts


def no_processes(column):
    """Whether fork, vfork, clone without the flags of a thread, and exec all fail."""
    for numbers in (FORK, CLONE):
        if numbers[column] is not None:
            result = system(numbers[column], SIGCHLD, 0, 0, 0, 0)
            if result == 0:
                os._exit(1)  # the child that must not be
            if result != -errno.EPERM:
                return False
    nowhere = (ctypes.c_char_p * 1)(None)
    return system(EXECVE[column], ctypes.c_char_p(b"/nonexistent"), nowhere, nowhere) == -errno.EPERM
