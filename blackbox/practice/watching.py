"""`practice watch`: what happens at every change of a file and at every key. It says, and reads no terminal itself."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from blackbox.core.errors import UsageError
from blackbox.practice.checks import check
from blackbox.practice.exercise import SOLUTION, Exercise
from blackbox.practice.folder import Folder
from blackbox.practice.text import verdict_lines

KEYS = "h hint · l list · n next · r run again · q quit"
POLL_MILLISECONDS = 200
"""Between two looks at the keyboard."""


def changes_below(path: Path) -> Iterator[bool]:
    """Again and again, whether a solution has changed since."""
    from watchfiles import Change, watch

    def is_solution(_: Change, name: str) -> bool:
        return Path(name).name == SOLUTION

    for found in watch(path, watch_filter=is_solution, rust_timeout=POLL_MILLISECONDS, yield_on_timeout=True, step=50):
        yield bool(found)


def watch_folder(
    folder: Folder,
    changes: Iterable[bool],
    key: Callable[[], str],
    listing: Callable[[Folder], list[str]],
) -> Iterator[list[str]]:
    """What to show, piece by piece, until q is pressed. `key` is the key that was pressed, or empty."""
    yield _checked(folder)
    for changed in changes:
        pressed = key()
        if pressed == "q":
            return
        if pressed == "h":
            number, text = folder.hint(folder.chosen(None))
            yield [f"hint {number} of 3: {text}"]
        elif pressed == "l":
            yield listing(folder)
        elif pressed == "n":
            yield _onward(folder)
        elif pressed == "r" or changed:
            yield _checked(folder)


def _checked(folder: Folder) -> list[str]:
    found = folder.chosen(None)
    try:
        source = folder.source(found)
    except UsageError as trouble:  # editors that save by renaming take the file away for a moment
        return [str(trouble), KEYS]
    verdict = check(found, source, folder.seed)
    folder.note_check(verdict)
    return [*verdict_lines(verdict), "n: the next exercise" if verdict.passed else KEYS]


def _onward(folder: Folder) -> list[str]:
    found: Exercise | None = folder.next_open()
    if found is None:
        return ["All exercises are passed."]
    folder.start(found)
    return [f"{found.folder}: {found.title}", f"edit {folder.solution(found)}", KEYS]
