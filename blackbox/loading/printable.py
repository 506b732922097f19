"""Text of strangers made safe to show: names in files, reasons of failures, complaints of interpreters."""

LONGEST = 500
"""Characters: any sensible sentence is shorter; a page of text is an attack or a log."""


def printable(text: str | bytes, longest: int = LONGEST) -> str:
    """The text in one line of so many characters at most.

    Blanks and line ends become single spaces; whatever could steer a terminal or turn the direction of writing shows
    as its escape (`\\x1b`).
    """
    # four bytes a character at most, and one character too many shows that there is more
    decoded = text[: 4 * longest + 4].decode("utf-8", "replace") if isinstance(text, bytes) else text
    line = " ".join(decoded[: longest + 1].split())
    safe = "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in line)
    return safe if len(safe) <= longest else safe[: longest - 1] + "…"


def with_article(noun: str) -> str:
    """`a list`, `an int`."""
    return f"{'an' if noun[:1].lower() in 'aeiou' else 'a'} {noun}" if noun else noun


def counted(count: int, noun: str, nouns: str) -> str:
    """`1 entry`, `2,000 entries`."""
    return f"{count:,} {noun if count == 1 else nouns}"
