"""Attacks that want to know what a file, a folder or another process holds."""

from tests.loading.attacks.world import (
    buffer,
    call,
    ctypes,
    libc,
    machine_code,
    mmap,
    os,
    reached,
    struct,
    threading,
    time,
)


def open_it(w):
    return w.told(open(w.secret).read())


def low_open(w):
    return w.told(os.read(os.open(w.secret, os.O_RDONLY), 99))


def raw_file(w):
    import _io

    return w.told(_io.FileIO(w.secret).read())


def slow_io(w):
    import _pyio

    return w.told(_pyio.open(w.secret).read())


def pathlib_read(w):
    import pathlib

    return w.told(pathlib.Path(w.secret).read_text())


def code_page(w):
    import codecs

    return w.told(codecs.open(w.secret, encoding="latin-1").read())


def line_cache(w):
    import linecache

    return w.told("".join(linecache.getlines(w.secret)))


def file_input(w):
    import fileinput

    return w.told("".join(fileinput.input([w.secret])))


def import_machinery(w):
    from importlib.machinery import SourceFileLoader

    return w.told(SourceFileLoader("x", w.secret).get_data(w.secret))


def import_by_search_path(w):
    import importlib
    import sys

    sys.path.insert(0, os.path.dirname(w.secret))
    importlib.invalidate_caches()
    return importlib.import_module("stolen").TOKEN == w.token


def run_as_script(w):
    import runpy

    return runpy.run_path(os.path.join(os.path.dirname(w.secret), "stolen.py"))["TOKEN"] == w.token


def shell_utilities(w):
    import shutil
    from io import BytesIO

    found = BytesIO()
    with open(w.secret, "rb") as file:
        shutil.copyfileobj(file, found)
    return w.told(found.getvalue())


def array_from_file(w):
    from array import array

    letters = array("b")
    with open(w.secret, "rb") as file:
        letters.fromfile(file, len(w.token))
    return w.told(letters.tobytes())


def mapping(w):
    with open(w.secret, "rb") as file:
        return w.told(mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ)[:])


def c_library_open(w):
    data = buffer(size=99)
    libc.read(libc.open(w.secret.encode(), 0), data, 98)
    return w.told(data.value)


def c_library_fopen(w):
    libc.fopen.restype = ctypes.c_void_p
    data = buffer(size=99)
    file = libc.fopen(w.secret.encode(), b"r")
    return bool(file) and libc.fread(data, 1, 98, ctypes.c_void_p(file)) and w.told(data.value)


def raw_open(w):
    data = buffer(size=99)
    call(0, call(2, buffer(w.secret.encode()), 0), data, 98)
    return w.told(data.value)


def raw_openat(w):
    root = call(257, -100, buffer(b"/"), os.O_DIRECTORY)
    data = buffer(size=99)
    call(0, call(257, root, buffer(w.secret[1:].encode()), 0), data, 98)
    return w.told(data.value)


def raw_openat2(w):
    data = buffer(size=99)
    call(0, call(437, -100, buffer(w.secret.encode()), buffer(struct.pack("<QQQ", 0, 0, 0)), 24), data, 98)
    return w.told(data.value)


def raw_creat_like_flags(w):
    return w.told(os.read(os.open(w.secret, os.O_RDWR), 99))


def machine_code_open(w):
    path = buffer(w.secret.encode())
    enter = b"\xb8\x02\x00\x00\x00" + b"\x31\xf6" + b"\x0f\x05\xc3"  # mov eax, 2; xor esi, esi; syscall; ret
    return w.told(os.read(machine_code(enter, ctypes.addressof(path)), 99))


def from_a_thread(w):
    found = []
    thread = threading.Thread(target=lambda: found.append(open(w.secret).read()))
    thread.start()
    thread.join()
    return w.told(found[0])


def from_a_native_thread(w):
    found = buffer(size=99)
    libc.pthread_create.argtypes = [ctypes.c_void_p] * 4

    @ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p)
    def body(_):
        libc.read(libc.open(w.secret.encode(), 0), found, 98)

    thread = ctypes.c_ulong()
    libc.pthread_create(ctypes.addressof(thread), None, ctypes.cast(body, ctypes.c_void_p), None)
    libc.pthread_join(thread, None)
    return w.told(found.value)


def by_symbolic_link(w):
    return w.told(open(w.link).read())


def by_own_root(w):
    return w.told(open("/proc/self/root" + w.secret).read())


def by_thread_root(w):
    return w.told(open("/proc/thread-self/root" + w.secret).read())


def by_parents_root(w):
    return w.told(open("/proc/%d/root%s" % (w.parent, w.secret)).read())


def by_own_folder(w):
    return w.told(open("/proc/self/cwd" + w.secret).read())


def up_from_the_library(w):
    return w.told(open(os.path.dirname(os.__file__) + "/.." * 12 + w.secret).read())


def after_chdir(w):
    os.chdir(os.path.dirname(w.secret))
    return w.told(open(os.path.basename(w.secret)).read())


def by_null_device_folder(w):
    return w.told(open("/dev/fd/../root" + w.secret).read())


def by_descriptor_of_the_folder(w):
    folder = os.open(os.path.dirname(w.secret), os.O_RDONLY)
    return w.told(os.read(os.open(os.path.basename(w.secret), os.O_RDONLY, dir_fd=folder), 99))


def path_descriptor(w):
    return os.open(w.secret, os.O_PATH) > 0


def path_descriptor_of_root(w):
    return os.open("/", os.O_PATH | os.O_DIRECTORY) > 0


def shared_library(w):
    return bool(ctypes.CDLL(w.library))


def data_base(w):
    import sqlite3

    return w.told(sqlite3.connect("file:%s?mode=ro" % w.database, uri=True).execute("select * from t").fetchone()[0])


def list_folder(w):
    return os.path.basename(w.secret) in os.listdir(os.path.dirname(w.secret))


def scan_folder(w):
    return any(w.secret == entry.path for entry in os.scandir(os.path.dirname(w.secret)))


def walk_folder(w):
    return any(files for _, _, files in os.walk(os.path.dirname(w.secret)))


def glob_folder(w):
    import glob

    return w.secret in glob.glob(os.path.dirname(w.secret) + "/*")


def home(w):
    return os.listdir(os.path.expanduser("~")) is not None


def root_folder(w):
    return bool(os.listdir("/"))


def temporary_folder(w):
    return bool(os.listdir("/tmp"))


def users(w):
    return "root" in open("/etc/passwd").read()


def host_name_file(w):
    return bool(open("/etc/hostname").read())


def repository(w):
    return bool(open(w.repository + "/blackbox/loading/wire.py").read())


def repository_folder(w):
    return bool(os.listdir(w.repository))


def private_memory_folder(w):
    return os.listdir("/dev/shm") is not None


def boot_line(w):
    return bool(open("/proc/cmdline").read())


def own_environment(w):
    return bool(open("/proc/self/environ", "rb").read())


def own_memory(w):
    return open("/proc/self/mem", "rb") is not None


def network_table(w):
    return bool(open("/proc/net/tcp").read())


def network_devices(w):
    return bool(os.listdir("/sys/class/net"))


def mounts(w):
    return bool(open("/proc/self/mountinfo").read())


def kernel_symbols(w):
    return bool(open("/proc/kallsyms").read(99))


def environment_of_a_thread(w):
    return bool(open("/proc/thread-self/environ", "rb").read())


def environment_of_a_task(w):
    return bool(open("/proc/self/task/%d/environ" % threading.get_native_id(), "rb").read())


def own_words(w):
    return bool(open("/proc/self/cmdline", "rb").read())


def own_pages(w):
    return open("/proc/self/pagemap", "rb") is not None


def own_start(w):
    return bool(open("/proc/self/auxv", "rb").read())


def own_name_elsewhere(w):
    return bool(open("/proc/%d/comm" % w.parent).read())


def pressure(w):
    return bool(open("/proc/vmstat").read())


def send_a_file(w):
    return reached(40, -1, -1, 0, 1)


def copy_between_files(w):
    return reached(326, -1, 0, -1, 0, 1, 0)


def give_pages_to_a_pipe(w):
    return reached(278, -1, 0, 0, 0)


def copy_of_a_pipe(w):
    return reached(276, -1, -1, 1, 0)


def process_list(w):
    return "1" in os.listdir("/proc")


def parents_words(w):
    return bool(open("/proc/%d/cmdline" % w.victim, "rb").read())


def parents_environment(w):
    return w.told(open("/proc/%d/environ" % w.victim, "rb").read())


def parents_maps(w):
    return bool(open("/proc/%d/maps" % w.victim).read())


def parents_memory(w):
    return open("/proc/%d/mem" % w.victim, "rb") is not None


def parents_descriptors(w):
    return bool(os.listdir("/proc/%d/fd" % w.victim))


def parents_folder_link(w):
    return bool(os.readlink("/proc/%d/cwd" % w.victim))


def first_process(w):
    return bool(open("/proc/1/cmdline", "rb").read())


def read_link(w):
    return os.readlink(w.link) == w.secret


def read_own_link(w):
    return bool(os.readlink("/proc/self/exe"))


def file_system(w):
    return os.statvfs("/").f_blocks > 0


def extended_attributes(w):
    return os.listxattr(w.secret) is not None


def watch_folder(w):
    return libc.inotify_add_watch(libc.inotify_init(), os.path.dirname(w.secret).encode(), 2) > 0


def watch_everything(w):
    return libc.fanotify_init(0, 0) > 0


def handle_of_a_file(w):
    handle, place = buffer(struct.pack("<Ii", 128, 0), 200), buffer(size=8)
    return libc.name_to_handle_at(-100, w.secret.encode(), handle, place, 0) == 0


def asynchronous_input(w):
    return call(206, 1, buffer(size=8)) == 0


def input_ring(w):
    return call(425, 4, buffer(size=120)) > 0


def page_cache(w):
    page = mmap.mmap(-1, 8192)
    return call(27, ctypes.addressof(ctypes.c_char.from_buffer(page)), 8192, buffer(size=2)) == 0


def kernel_log(w):
    return libc.klogctl(10, None, 0) > 0


def memory_of_another(w):
    data = buffer(size=8)
    local, remote = (ctypes.c_long * 2)(ctypes.addressof(data), 8), (ctypes.c_long * 2)(w.address, 8)
    return libc.process_vm_readv(w.victim, local, 1, remote, 1, 0) == 8


def memory_written_to_another(w):
    """Zeros where its stack has not grown to yet."""
    data = buffer(b"\0" * 8)
    local, remote = (ctypes.c_long * 2)(ctypes.addressof(data), 8), (ctypes.c_long * 2)(w.address, 8)
    return libc.process_vm_writev(w.victim, local, 1, remote, 1, 0) == 8


def trace_another(w):
    traced = call(101, 0x4206, w.victim, 0, 0) == 0  # PTRACE_SEIZE: does not stop it
    call(101, 0x4207, w.victim, 0, 0)
    os.waitpid(w.victim, 0x40000000)
    call(101, 17, w.victim, 0, 0)
    return traced


def be_traced(w):
    return libc.ptrace(0, 0, 0, 0) == 0


def handle_of_a_process(w):
    return call(434, w.victim, 0) > 0


def descriptor_of_another(w):
    return call(438, call(434, w.victim, 0), 0, 0) >= 0


def compare_processes(w):
    return call(312, w.victim, w.victim, 0, 0, 0) == 0


def lock_list_of_another(w):
    return call(274, w.victim, buffer(size=8), buffer(size=8)) == 0


def counters(w):
    return call(298, buffer(struct.pack("<IIQ", 1, 128, 1), 128), 0, -1, -1, 0) >= 0


def clocks_of_another(w):
    clock = ctypes.c_int()
    return libc.clock_getcpuclockid(w.victim, ctypes.byref(clock)) == 0 and os.sched_getparam(w.victim) is not None


def session_of_another(w):
    return os.getsid(w.victim) > 0


def priority_of_another(w):
    return os.getpriority(os.PRIO_PROCESS, w.victim) is not None


def limits_of_another(w):
    import resource

    return bool(resource.prlimit(w.victim, resource.RLIMIT_NOFILE))


def race_of_links(w):
    """Swap a harmless path for a forbidden one between check and use: Landlock looks at the file, not at the name."""
    found, deadline = [], time.monotonic() + 0.2

    def swap():
        while time.monotonic() < deadline:
            path[0] = w.secret
            time.sleep(1e-4)
            path[0] = "/dev/null"

    path = ["/dev/null"]
    thread = threading.Thread(target=swap)
    thread.start()
    while time.monotonic() < deadline:
        try:
            found.append(os.read(os.open(path[0], os.O_RDONLY), 99))
        except OSError:
            pass
    thread.join()
    return any(w.told(data) for data in found)
