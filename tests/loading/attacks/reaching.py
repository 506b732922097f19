"""Attacks that want to speak to somebody, to disturb another process, or to change the machine."""

from tests.loading.attacks.world import (
    buffer,
    call,
    descriptors,
    errno,
    libc,
    machine_code,
    os,
    reached,
    signal,
    socket,
    struct,
)


def connect(w):
    return socket.create_connection(("127.0.0.1", w.port), 1) is not None


def connect_from_a_thread(w):
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(socket.create_connection, ("127.0.0.1", w.port), 1).result() is not None


def connect_by_name(w):
    return _unix(w.unix)


def connect_without_a_name(w):
    return _unix("\0" + w.abstract)


def send_a_packet(w):
    return socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("127.0.0.1", w.port)) == 1


def listen(w):
    return socket.create_server(("127.0.0.1", 0)) is not None


def bind_a_name(w):
    return socket.socket(socket.AF_UNIX).bind(w.marker) is None


def newer_internet(w):
    return socket.socket(socket.AF_INET6) is not None


def pair(w):
    return len(socket.socketpair()) == 2


def raw_socket(w):
    return call(41, 2, 1, 0) > 0


def raw_packets(w):
    return socket.socket(socket.AF_INET, socket.SOCK_RAW, 1) is not None


def link_layer(w):
    return socket.socket(socket.AF_PACKET, socket.SOCK_RAW) is not None


def kernel_socket(w):
    return socket.socket(socket.AF_NETLINK, socket.SOCK_RAW) is not None


def kernel_crypto(w):
    return socket.socket(socket.AF_ALG, socket.SOCK_SEQPACKET) is not None


def virtual_machine_socket(w):
    return socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM) is not None


def every_family(w):
    for family in range(64):
        for kind in (1, 2, 3, 5):
            try:
                call(41, family, kind, 0)
                return True
            except OSError as error:
                if error.errno not in (errno.EPERM, errno.EAFNOSUPPORT, errno.EPROTONOSUPPORT, errno.ESOCKTNOSUPPORT):
                    return True  # the kernel has looked at it
    return False


def web_page(w):
    import urllib.request

    try:
        urllib.request.urlopen("http://127.0.0.1:%d/" % w.port, timeout=0.3)
    except socket.timeout:
        pass  # connected: nobody answers
    return True


def look_up_a_name(w):
    return bool(socket.getaddrinfo("localhost", 80))


def look_up_own_devices(w):
    return bool(socket.if_nameindex())


def probe_parent(w):
    return os.kill(w.parent, 0) is None


def probe_everybody(w):
    return os.kill(-1, 0) is None


def probe_own_group(w):
    return os.kill(0, 0) is None


def probe_parents_group(w):
    return os.killpg(os.getpgid(w.parent), 0) is None


def end_another(w):
    return os.kill(w.victim, signal.SIGTERM) is None


def end_a_thread_of_another(w):
    return call(200, w.victim, signal.SIGTERM) == 0


def end_a_thread_in_a_group(w):
    return call(234, w.victim, w.victim, signal.SIGTERM) == 0


def queue_a_signal(w):
    return call(129, w.victim, signal.SIGTERM, buffer(struct.pack("<iii", signal.SIGTERM, 0, -1), 128)) == 0


def queue_a_thread_signal(w):
    information = buffer(struct.pack("<iii", signal.SIGTERM, 0, -1), 128)
    return call(297, w.victim, w.victim, signal.SIGTERM, information) == 0


def signal_by_handle(w):
    return call(424, call(434, w.victim, 0), signal.SIGTERM, None, 0) == 0


def signal_by_owner(w):
    """Input that arrives for somebody else: killed an unprotected parent once."""
    import fcntl

    for descriptor in descriptors():
        try:
            fcntl.fcntl(descriptor, fcntl.F_SETOWN, w.victim)
            fcntl.fcntl(descriptor, fcntl.F_SETFL, fcntl.fcntl(descriptor, fcntl.F_GETFL) | fcntl.FASYNC)
            return True
        except OSError:
            pass
    return False


def signal_by_owner_ioctl(w):
    import fcntl

    return any(
        _passes(fcntl.ioctl, descriptor, 0x8901, struct.pack("<i", w.victim)) for descriptor in descriptors()
    ) or (any(_passes(fcntl.ioctl, descriptor, 0x5452, struct.pack("<i", 1)) for descriptor in descriptors()))


def choose_the_signal(w):
    import fcntl

    return any(_passes(fcntl.fcntl, descriptor, 10, signal.SIGKILL) for descriptor in descriptors())


def watch_a_folder_by_signal(w):
    import fcntl

    return fcntl.fcntl(os.open("/dev", os.O_RDONLY), fcntl.F_NOTIFY, 1) == 0


def signal_to_the_parent_at_own_end(w):
    """clone with another exit signal than SIGCHLD."""
    child = call(56, 0x8000 | signal.SIGCONT, 0, 0, 0, 0)
    if child == 0:
        os._exit(0)
    return True


def slow_down_another(w):
    return os.setpriority(os.PRIO_PROCESS, w.victim, 1) is None


def schedule_another(w):
    return os.sched_setscheduler(w.victim, os.SCHED_BATCH, os.sched_param(0)) is None


def bind_another(w):
    return os.sched_setaffinity(w.victim, os.sched_getaffinity(w.victim)) is None


def limit_another(w):
    return call(302, w.victim, 4, buffer(struct.pack("<QQ", 0, 0)), None) == 0


def limit_another_without_looking(w):
    import resource

    return resource.prlimit(w.victim, resource.RLIMIT_CORE, (0, 0)) is not None


def input_rank_of_another(w):
    return call(251, 1, w.victim, 3 << 13) == 0


def pages_of_another(w):
    return call(256, w.victim, 8, buffer(b"\1"), buffer(b"\1")) >= 0


def group_of_another(w):
    return os.setpgid(w.victim, w.victim) is None


def host_name(w):
    return reached(170, 1, 1)


def domain_name(w):
    return reached(171, 1, 1)


def clock(w):
    return reached(227, 0, 1)


def clock_old(w):
    return reached(164, 1, 0)


def clock_frequency(w):
    return reached(159, 1)


def reboot(w):
    return reached(169, 0, 0, 0, 0)


def swap(w):
    return reached(167, buffer(b"/blackbox-nowhere"), 0)


def kernel_module(w):
    return reached(175, 1, 1, 1)


def kernel_image(w):
    return reached(246, 0, 1 << 20, 1, 0xFF)


def accounting(w):
    return reached(163, buffer(b"/blackbox-nowhere"))


def quotas(w):
    return reached(179, 0, 1, 0, 1)


def ports(w):
    return reached(172, 9)


def hang_up(w):
    return libc.vhangup() == 0


def type_into_the_terminal(w):
    import fcntl

    return any(_passes(fcntl.ioctl, descriptor, 0x5412, b"x") for descriptor in descriptors())


def another_terminal(w):
    import fcntl

    return any(_passes(fcntl.ioctl, descriptor, 0x540E, 0) for descriptor in descriptors())


def flush_disks(w):
    return libc.sync() is not None and call(162) == 0


def second_numbers(w):
    """x32: another table of calls behind a bit of the number."""
    return call(0x40000000 + 39) > 0


def second_machine(w):
    """i386: `int 0x80` has numbers of its own, where 20 is getpid and 5 is open."""
    enter = b"\xb8\x14\x00\x00\x00\xcd\x80\xc3"  # mov eax, 20; int 0x80; ret
    return machine_code(enter) == os.getpid()


def unknown_number(w):
    return call(5000) is not None


def newest_numbers(w):
    """Whatever this kernel has that the list does not know: all fail."""
    for number in range(424, 480):
        if number not in (435, 436, 437, 439, 449, 454, 455, 456):
            try:
                call(number, 0, 0, 0, 0, 0, 0)
                return True
            except OSError as error:
                if error.errno != errno.EPERM:
                    return True
    return False


def _unix(name):
    return socket.socket(socket.AF_UNIX).connect(name) is None


def _passes(function, *arguments):
    try:
        function(*arguments)
        return True
    except OSError:
        return False
