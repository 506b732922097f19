import os
import socket
import sys

import pytest

from blackbox.core.errors import ChallengeError
from blackbox.loading.allowance import Allowance
from blackbox.loading.files import read_challenge


def test_a_file_comes_back_byte_for_byte(tmp_path):
    path = tmp_path / "challenge.pkl"
    path.write_bytes(bytes(range(256)) * 10)
    assert read_challenge(path) == read_challenge(str(path)) == bytes(range(256)) * 10


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(ChallengeError, match=r"There is no file .*absent\.pkl\. Check the path"):
        read_challenge(tmp_path / "absent.pkl")


def test_a_folder_is_called_a_folder(tmp_path):
    with pytest.raises(ChallengeError, match="is a folder, not a file"):
        read_challenge(tmp_path)


def test_an_empty_file_is_called_empty(tmp_path):
    path = tmp_path / "empty.pkl"
    path.touch()
    with pytest.raises(ChallengeError, match=r"empty\.pkl is empty\. Ask the sender"):
        read_challenge(path)


def test_a_file_one_byte_too_large_is_refused_and_the_largest_is_read(tmp_path):
    path = tmp_path / "large.pkl"
    for allowed in (Allowance(), Allowance(size=1)):
        with path.open("wb") as file:
            file.truncate(allowed.bytes)
        assert len(read_challenge(path, allowed)) == allowed.bytes
        with path.open("ab") as file:
            file.write(b".")
        with pytest.raises(ChallengeError, match=rf"larger than {allowed.size} MiB\..*--max-size"):
            read_challenge(path, allowed)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes on this system")
def test_a_pipe_that_nobody_writes_to_does_not_block(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(ChallengeError, match="is a pipe, not a file"):
        read_challenge(tmp_path / "pipe")


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="no socket files on this system")
def test_a_socket_is_refused(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # socket paths must be short
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("s")
        with pytest.raises(ChallengeError, match="s cannot be read"):
            read_challenge("s")


@pytest.mark.skipif(sys.platform == "win32", reason="no /dev on this system")
@pytest.mark.parametrize("device", ["/dev/zero", "/dev/null"])
def test_a_device_is_refused(device):
    with pytest.raises(ChallengeError, match="is a device, not a file"):
        read_challenge(device)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_explained(tmp_path):
    path = tmp_path / "secret.pkl"
    path.write_bytes(b".")
    path.chmod(0)
    with pytest.raises(ChallengeError, match="may not be read by you"):
        read_challenge(path)


def test_a_path_that_no_system_accepts_is_an_error_of_ours(tmp_path):
    with pytest.raises(ChallengeError):
        read_challenge("a\0b")
    with pytest.raises(ChallengeError):
        read_challenge(tmp_path / ("x" * 5000))
