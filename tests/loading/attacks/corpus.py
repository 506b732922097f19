"""The catalogue: every function of the four modules is an attack; here stands what is special about some of them."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType

from tests.loading.attacks import reaching, reading, spawning, writing

LANDLOCK, SECCOMP, BOTH, NEITHER = ("landlock",), ("seccomp",), ("landlock", "seccomp"), ()
ANYBODY, ROOT, NOBODY = "anybody", "root", "nobody"


@dataclass(frozen=True, slots=True)
class Attack:
    """One attempt. `layers` are those that stop it each alone; `control` says who must succeed without the lock."""

    run: Callable[..., object]
    layers: tuple[str, ...]
    control: str

    @property
    def id(self) -> str:
        """`reading-open_it`."""
        return f"{self.run.__module__.rpartition('.')[2]}-{self.run.__name__}"


LAYERS = {reading: LANDLOCK, writing: BOTH, spawning: SECCOMP, reaching: SECCOMP}
"""What stops most attacks of a module."""
SPECIAL = {
    SECCOMP: [
        *["reading-path_descriptor", "reading-path_descriptor_of_root", "reading-read_link", "reading-read_own_link"],
        *["reading-file_system", "reading-extended_attributes", "reading-watch_folder", "reading-watch_everything"],
        *["reading-handle_of_a_file", "reading-asynchronous_input", "reading-input_ring", "reading-page_cache"],
        *["reading-kernel_log", "reading-handle_of_a_process", "reading-be_traced", "reading-counters"],
        *["reading-clocks_of_another", "reading-session_of_another", "reading-priority_of_another"],
        "reading-limits_of_another",
        *["reading-send_a_file", "reading-copy_between_files"],
        *["reading-give_pages_to_a_pipe", "reading-copy_of_a_pipe"],
        *["writing-change_mode", "writing-change_owner", "writing-change_time", "writing-extended_attribute"],
        *[
            "writing-anonymous_file",
            "writing-secret_memory",
            "writing-grow_shared_page",
            "writing-shrink_shared_page",
            "writing-write_behind_shared_page",
            "writing-punch_shared_page",
        ],
        *["writing-unseal_shared_page", "writing-shrink_pipes", "writing-message_queue", "writing-semaphores"],
        *["writing-shared_segment", "writing-posix_queue", "writing-key_ring", "writing-key_request"],
        *["writing-splice_to_pipe", "writing-new_pipe"],
    ],
    BOTH: [
        *["reading-raw_openat2", "reading-raw_creat_like_flags", "reading-parents_folder_link"],
        *["reading-memory_of_another", "reading-memory_written_to_another", "reading-trace_another"],
        *["reading-descriptor_of_another", "reading-compare_processes", "reading-lock_list_of_another"],
        *["reaching-connect", "reaching-connect_from_a_thread", "reaching-connect_without_a_name", "reaching-listen"],
        *["reaching-bind_a_name", "reaching-web_page", "reaching-probe_parent", "reaching-end_another"],
        *["reaching-end_a_thread_of_another", "reaching-end_a_thread_in_a_group", "reaching-queue_a_signal"],
        *["reaching-queue_a_thread_signal", "reaching-signal_by_handle"],
        *["reaching-probe_parents_group", "spawning-become_a_program"],
    ],
    NEITHER: ["reaching-look_up_a_name"],  # a file alone answers it, and so does a socket
}
CONTROL = {
    ROOT: [
        *["reading-kernel_log", "reading-watch_everything", "writing-make_device", "writing-kernel_setting"],
        *["spawning-change_root", "spawning-mount", "spawning-unmount", "spawning-swap_root", "spawning-groups"],
        *["spawning-new_mount_namespace", "spawning-new_network_namespace", "spawning-enter_namespace"],
        *["spawning-file_system_user", "spawning-new_mount_interface", "spawning-open_tree"],
        *["spawning-kernel_program", "spawning-thread_with_a_namespace", "spawning-fault_handler"],
        *["spawning-lock_all_memory", "reaching-raw_packets", "reaching-link_layer", "reaching-host_name"],
        *["reaching-domain_name", "reaching-clock", "reaching-clock_old", "reaching-clock_frequency"],
        *["reaching-reboot", "reaching-swap", "reaching-kernel_module", "reaching-kernel_image"],
        *["reaching-accounting", "reaching-quotas", "reaching-ports"],
    ],
    NOBODY: [
        # the seals of the shared page, or the rules for leaders of a session, hold anyhow
        *["writing-grow_shared_page", "writing-unseal_shared_page", "writing-shrink_shared_page"],
        *["writing-write_behind_shared_page"],
        *["spawning-own_session", "reaching-group_of_another", "spawning-move_the_heap_end"],
        # needs Yama; needs a terminal
        *["spawning-let_all_trace", "reaching-type_into_the_terminal", "reaching-another_terminal"],
        # would leave this process a child that it does not know
        *["spawning-raw_clone_of_a_parent", "reaching-signal_to_the_parent_at_own_end"],
    ],
}


def _named(table: dict, name: str, default):
    return next((key for key, names in table.items() if name in names), default)


def attacks_of(module: ModuleType) -> list[Attack]:
    """In the order of the text."""
    functions = [
        thing
        for name, thing in vars(module).items()
        if inspect.isfunction(thing) and thing.__module__ == module.__name__ and not name.startswith("_")
    ]
    found = [Attack(function, LAYERS[module], ANYBODY) for function in functions]
    return [Attack(a.run, _named(SPECIAL, a.id, a.layers), _named(CONTROL, a.id, a.control)) for a in found]


ATTACKS = [attack for module in LAYERS for attack in attacks_of(module)]
