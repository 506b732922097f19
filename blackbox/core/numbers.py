"""What counts as a number in an option."""

import numbers

from blackbox.core.errors import OptionError


def is_number(value: object) -> bool:
    """A real number, Python's or numpy's; not a bool and not text."""
    return not isinstance(value, bool) and isinstance(value, numbers.Real)


def require_whole(field: str, value: object, least: int) -> int:
    """The whole number that the field holds, at least `least`. Raises `OptionError`."""
    if isinstance(value, bool) or not isinstance(value, numbers.Integral) or int(value) < least:
        raise OptionError(field, value, f"must be a whole number, at least {least}")
    return int(value)
