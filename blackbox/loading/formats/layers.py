"""All that a challenge may be wrapped in, taken off: compressed streams and ZIP archives, one inside another too."""

from blackbox.core.errors import ChallengeError
from blackbox.loading.allowance import DEFAULT, Allowance
from blackbox.loading.formats.catalogue import identify
from blackbox.loading.formats.compressed import MAXIMUM_DEPTH, Unpacked, recognise, unpack
from blackbox.loading.formats.zipped import is_zip, unzip


def peel(data: bytes, allowed: Allowance = DEFAULT) -> Unpacked:
    """What is inside every layer, and the names of the layers from the outside in. Raises `ChallengeError`."""
    layers: list[str] = []
    while True:
        unpacked = unpack(data, allowed)
        data = unpacked.data
        layers += unpacked.layers
        if not is_zip(data):
            return Unpacked(data, tuple(layers))
        layers.append("zip")
        if len(layers) > MAXIMUM_DEPTH:
            raise ChallengeError(
                f"It is packed more than {MAXIMUM_DEPTH} times over.", "Ask the sender for the file itself."
            )
        data = unzip(data, _is_challenge, allowed)


def _is_challenge(head: bytes) -> bool:
    return bool(head) and (recognise(head) is not None or identify(head).opened)
