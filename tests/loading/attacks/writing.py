"""Attacks that want to leave something behind, or spoil what is there."""

from tests.loading.attacks.world import buffer, call, ctypes, descriptors, libc, mmap, os, signal, struct


def make_file(w):
    return bool(open(w.marker, "w").write("x"))


def make_file_low(w):
    return os.open(w.marker, os.O_WRONLY | os.O_CREAT, 0o666) > 0


def make_file_raw(w):
    return call(85, buffer(w.marker.encode()), 0o666) > 0


def make_file_openat2(w):
    how = buffer(struct.pack("<QQQ", os.O_WRONLY | os.O_CREAT, 0o666, 0))
    return call(437, -100, buffer(w.marker.encode()), how, 24) > 0


def append(w):
    return open(w.spoil, "a").write("x") == 1


def overwrite(w):
    return open(w.spoil, "r+").write("x") == 1


def open_to_truncate(w):
    return os.open(w.spoil, os.O_RDONLY | os.O_TRUNC) > 0


def truncate(w):
    return os.truncate(w.spoil, 0) is None


def truncate_raw(w):
    return call(76, buffer(w.spoil.encode()), 0) == 0


def make_folder(w):
    return os.mkdir(w.marker) is None


def make_pipe(w):
    return os.mkfifo(w.marker) is None


def make_device(w):
    return os.mknod(w.marker, 0o20666, os.makedev(1, 3)) is None


def make_symbolic_link(w):
    return os.symlink("/etc/passwd", w.marker) is None


def make_hard_link(w):
    return os.link(w.spoil, w.marker) is None


def rename(w):
    return os.rename(w.spoil, w.marker) is None


def exchange(w):
    return libc.renameat2(-100, w.spoil.encode(), -100, w.copy.encode(), 2) == 0


def remove(w):
    return os.unlink(w.spoil) is None


def remove_folder(w):
    return os.rmdir(w.empty) is None


def nameless_file(w):
    return os.open(w.folder, os.O_TMPFILE | os.O_WRONLY) > 0


def temporary_file(w):
    import tempfile

    return tempfile.mkstemp(dir=w.folder)[0] > 0


def change_mode(w):
    return os.chmod(w.spoil, 0o600) is None


def change_owner(w):
    return os.chown(w.spoil, os.getuid(), os.getgid()) is None


def change_time(w):
    return os.utime(w.spoil, (0, 0)) is None


def extended_attribute(w):
    return os.setxattr(w.spoil, "user.x", b"1") is None


def lock_file(w):
    import fcntl

    return fcntl.flock(os.open(w.spoil, os.O_RDONLY), fcntl.LOCK_EX) is None


def lease(w):
    import fcntl

    return fcntl.fcntl(os.open(w.spoil, os.O_RDONLY), fcntl.F_SETLEASE, fcntl.F_RDLCK) == 0


def data_base(w):
    import sqlite3

    return sqlite3.connect(w.marker).execute("create table t (x)") is not None


def log_file(w):
    import logging

    return bool(logging.FileHandler(w.marker))


def compressed_file(w):
    import gzip

    return bool(gzip.open(w.marker, "wb").write(b"x"))


def byte_code(w):
    import py_compile

    return bool(py_compile.compile(os.__file__, cfile=w.marker))


def c_library_file(w):
    return bool(libc.fopen(w.marker.encode(), b"w"))


def shared_memory(w):
    descriptor = libc.shm_open(b"/blackbox-attack", os.O_CREAT | os.O_RDWR, 0o600)
    libc.shm_unlink(b"/blackbox-attack")
    return descriptor >= 0


def named_semaphore(w):
    import multiprocessing

    return bool(multiprocessing.Semaphore())


def null_device(w):
    return call(257, -100, buffer(b"/dev/null"), os.O_WRONLY) > 0


def own_name_in_proc(w):
    return os.open("/proc/self/comm", os.O_WRONLY) > 0


def own_death_rank(w):
    return os.open("/proc/self/oom_score_adj", os.O_RDWR) > 0


def kernel_setting(w):
    return os.open("/proc/sys/kernel/hostname", os.O_RDWR) > 0


def own_memory(w):
    return os.open("/proc/self/mem", os.O_RDWR) > 0


def terminal(w):
    return os.open("/dev/ptmx", os.O_RDWR) > 0


def anonymous_file(w):
    return call(319, buffer(b"x"), 0) > 0


def secret_memory(w):
    return call(447, 0) > 0


def grow_shared_page(w):
    """The page that the parent reads: growing it, or making it shorter, must not be possible."""
    return any(_is_ok(os.ftruncate, descriptor, 1 << 30) for descriptor in _shared_pages())


def shrink_shared_page(w):
    return any(_is_ok(os.ftruncate, descriptor, 0) for descriptor in _shared_pages())


def punch_shared_page(w):
    return any(libc.fallocate(descriptor, 3, 0, 4096) == 0 for descriptor in _shared_pages())


def unseal_shared_page(w):
    import fcntl

    return any(_is_ok(fcntl.fcntl, descriptor, 1033, 0) for descriptor in _shared_pages())


def write_behind_shared_page(w):
    return any(_is_ok(os.pwrite, descriptor, b"x", 1 << 20) for descriptor in _shared_pages())


def shrink_pipes(w):
    import fcntl

    return any(_is_ok(fcntl.fcntl, descriptor, 1031, 4096) for descriptor in descriptors())


def message_queue(w):
    queue = libc.msgget(0, 0o1600)
    return queue >= 0 and libc.msgctl(queue, 0, None) == 0


def semaphores(w):
    found = libc.semget(0, 1, 0o1600)
    return found >= 0 and libc.semctl(found, 0, 0) == 0


def shared_segment(w):
    segment = libc.shmget(0, 4096, 0o1600)
    return segment >= 0 and libc.shmctl(segment, 0, None) == 0


def posix_queue(w):
    queue = libc.mq_open(b"/blackbox-attack", os.O_CREAT | os.O_RDWR, 0o600, None)
    libc.mq_unlink(b"/blackbox-attack")
    return queue >= 0


def key_ring(w):
    key = call(248, buffer(b"user"), buffer(b"blackbox"), buffer(b"x"), 1, -1)
    return call(250, 3, key) is not None


def key_request(w):
    return call(250, 0, -1, 1) != 0


def splice_to_pipe(w):
    page = mmap.mmap(-1, 4096)
    vector = (ctypes.c_long * 2)(ctypes.addressof(ctypes.c_char.from_buffer(page)), 8)
    _, outside = os.pipe()
    return libc.vmsplice(outside, vector, 1, 0) == 8


def new_pipe(w):
    return len(os.pipe()) == 2


def set_size_limit_and_write(w):
    import resource

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))
    return open(w.marker, "w").write("x") == 1


def _shared_pages():
    return [descriptor for descriptor in descriptors() if os.fstat(descriptor).st_size == 65536]


def _is_ok(function, *arguments):
    try:
        function(*arguments)
        return True
    except OSError:
        return False
