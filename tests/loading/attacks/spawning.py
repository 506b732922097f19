"""Attacks that want another process, or other rights for this one."""

from tests.loading.attacks.world import buffer, call, ctypes, descriptors, libc, mmap, os, reached, signal, struct


def fork(w):
    child = os.fork()
    if child == 0:
        os._exit(0)
    return os.waitpid(child, 0)[0] == child


def fork_a_daemon(w):
    child = os.fork()
    if child == 0:
        os.setsid()
        os._exit(os.fork() and 0)
    return os.waitpid(child, 0)[1] == 0


def shell(w):
    return os.system("exit 7") == 7 << 8


def run_program(w):
    import subprocess

    return subprocess.run(["/bin/true"], check=True).returncode == 0


def run_program_quickly(w):
    return os.waitpid(os.posix_spawn("/bin/true", ["true"], {}), 0)[1] == 0


def open_a_program(w):
    return os.popen("echo x").read() == "x\n"


def c_library_shell(w):
    return libc.system(b"exit 3") == 3 << 8


def c_library_popen(w):
    libc.popen.restype = ctypes.c_void_p
    return bool(libc.popen(b"true", b"r"))


def pseudo_terminal(w):
    import pty

    child, descriptor = pty.fork()
    if child == 0:
        os._exit(0)
    return os.waitpid(child, 0)[0] == child


def worker_process(w):
    import multiprocessing

    process = multiprocessing.get_context("fork").Process(target=abs, args=(1,))
    process.start()
    process.join()
    return process.exitcode == 0


def raw_fork(w):
    return _is_parent(call(57))


def raw_clone(w):
    return _is_parent(call(56, signal.SIGCHLD, 0, 0, 0, 0))


def raw_clone_high_flags(w):
    """The flags of a thread in the half of the register that the kernel ignores."""
    return _is_parent(call(56, 0x3D0F00 << 32 | signal.SIGCHLD, 0, 0, 0, 0))


def raw_clone_of_a_parent(w):
    return _is_parent(call(56, 0x8000 | signal.SIGCHLD, 0, 0, 0, 0))


def raw_clone3(w):
    return _is_parent(call(435, buffer(struct.pack("<8Q", 0, 0, 0, 0, signal.SIGCHLD, 0, 0, 0)), 64))


def new_user_namespace(w):
    return call(272, 0x10000000) == 0


def new_mount_namespace(w):
    return call(272, 0x20000) == 0


def new_network_namespace(w):
    return call(272, 0x40000000) == 0


def thread_with_a_namespace(w):
    return _is_parent(call(56, 0x10000000 | signal.SIGCHLD, 0, 0, 0, 0))


def enter_namespace(w):
    return call(308, os.open("/proc/self/ns/uts", os.O_RDONLY), 0) == 0


def become_a_program(w):
    _keep_pipes()
    os.execv("/bin/sh", ["sh", "-c", ": > " + w.marker])


def become_a_program_raw(w):
    _keep_pipes()
    words = (ctypes.c_char_p * 4)(b"sh", b"-c", (": > " + w.marker).encode(), None)
    call(59, buffer(b"/bin/sh"), words, None)


def become_a_descriptor(w):
    _keep_pipes()
    words = (ctypes.c_char_p * 4)(b"sh", b"-c", (": > " + w.marker).encode(), None)
    call(322, os.open("/bin/sh", os.O_RDONLY), buffer(b""), words, None, 0x1000)


def become_a_memory_file(w):
    _keep_pipes()
    program = call(319, buffer(b"x"), 0)
    with open("/bin/sh", "rb") as file:
        os.write(program, file.read())
    words = (ctypes.c_char_p * 4)(b"sh", b"-c", (": > " + w.marker).encode(), None)
    call(322, program, buffer(b""), words, None, 0x1000)


def become_by_the_loader(w):
    _keep_pipes()
    os.execv("/lib64/ld-linux-x86-64.so.2", ["ld", "/bin/sh", "-c", ": > " + w.marker])


def be_another_user(w):
    return os.setresuid(os.getuid(), os.getuid(), os.getuid()) is None


def be_another_group(w):
    return os.setgid(os.getgid()) is None


def groups(w):
    return os.setgroups([]) is None


def file_system_user(w):
    return os.geteuid() == 0 and call(122, 65534) == 0


def capabilities(w):
    data = (ctypes.c_uint32 * 6)(*[1 << 21] * 6)
    return libc.capset((ctypes.c_uint32 * 2)(0x20080522, 0), data) == 0


def own_session(w):
    return os.setpgid(0, 0) is None


def change_root(w):
    return os.chroot("/") is None


def mount(w):
    return reached(165, buffer(b"none"), buffer(b"/blackbox-nowhere"), buffer(b"tmpfs"), 0, 0)


def unmount(w):
    return reached(166, buffer(b"/blackbox-nowhere"), 2)


def new_mount_interface(w):
    return call(430, buffer(b"tmpfs"), 0) > 0


def open_tree(w):
    return call(428, -100, buffer(b"/"), 1) > 0


def swap_root(w):
    return reached(155, buffer(b"/blackbox-nowhere"), buffer(b"/blackbox-nowhere"))


def keep_alive_without_parent(w):
    return libc.prctl(1, 0, 0, 0, 0) == 0


def be_dumpable(w):
    return libc.prctl(4, 1, 0, 0, 0) == 0


def be_a_reaper(w):
    return libc.prctl(36, 1, 0, 0, 0) == 0


def let_all_trace(w):
    return libc.prctl(0x59616D61, -1, 0, 0, 0) == 0


def ask_for_filters(w):
    return libc.prctl(21, 0, 0, 0, 0) == 0


def another_filter(w):
    """Allow everything: a second filter can only forbid more, but ours needs none."""
    line = (ctypes.c_uint16 * 4)(6, 0, 0, 0x7FFF)
    program = (ctypes.c_uint64 * 2)(1, ctypes.addressof(line))
    libc.prctl(38, 1, 0, 0, 0)
    return call(317, 1, 0, program) == 0


def move_the_heap_end(w):
    return libc.prctl(35, 4, 0, 0, 0) == 0


def personality(w):
    return libc.personality(0x0040000) >= 0


def fault_handler(w):
    return call(323, 0) > 0


def kernel_program(w):
    return call(321, 0, buffer(struct.pack("<IIII", 2, 4, 4, 1), 128), 128) > 0


def protection_keys(w):
    try:
        return call(330, 0, 0) >= 0
    except OSError as refused:
        if refused.errno == 22:  # EINVAL: this processor has no keys to give
            raise OSError(38, "no protection keys") from None
        raise


def more_landlock(w):
    return call(444, None, 0, 1) > 0


def raise_limits(w):
    import resource

    ceiling = resource.getrlimit(resource.RLIMIT_AS)[1]
    resource.setrlimit(resource.RLIMIT_AS, (ceiling, ceiling))
    return True


def raise_limits_raw(w):
    return call(302, 0, 7, buffer(struct.pack("<QQ", 64, 64)), None) == 0


def raise_limits_old(w):
    return call(160, 7, buffer(struct.pack("<QQ", 64, 64))) == 0


def real_time(w):
    return os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0)) is None


def niceness(w):
    return os.nice(1) is not None


def bind_to_a_processor(w):
    return os.sched_setaffinity(0, os.sched_getaffinity(0)) is None


def lock_memory(w):
    page = mmap.mmap(-1, 4096)
    return libc.mlock(ctypes.c_void_p(ctypes.addressof(ctypes.c_char.from_buffer(page))), 4096) == 0


def lock_all_memory(w):
    return libc.mlockall(2) == 0


def kernel_timer(w):
    return libc.timer_create(1, None, buffer(size=8)) == 0


def timer_descriptor(w):
    return libc.timerfd_create(1, 0) > 0


def event_descriptor(w):
    return libc.eventfd(0, 0) > 0


def signal_descriptor(w):
    return call(289, -1, buffer(b"\0" * 8), 8, 0) > 0


def _keep_pipes():
    """Or the parent would see them closed, and end the new program before it shows itself."""
    for descriptor in descriptors():
        try:
            os.set_inheritable(descriptor, True)
        except OSError:
            pass


def _is_parent(child):
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0x40000000)
    return child > 0
