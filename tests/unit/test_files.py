"""What is written durably: whole or not at all, and its folder's entry on the disk too."""

from __future__ import annotations

import contextlib
import errno
import os
import resource
import stat
from pathlib import Path
from types import SimpleNamespace

import pytest

from kiosk import files
from kiosk.server.security import Caller
from kiosk.server.services import signed_pages
from voting.errors import InputError


@contextlib.contextmanager
def longest_file(size):
    """Let no file grow beyond ``size`` bytes: what does not fit fails in the middle."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.fixture
def synced(monkeypatch):
    """The folders that were synced, in order."""
    fsync, found = os.fsync, []

    def watch(handle):
        if stat.S_ISDIR(os.fstat(handle).st_mode):
            found.append(str(Path(f"/proc/self/fd/{handle}").readlink()))
        fsync(handle)

    monkeypatch.setattr(os, "fsync", watch)
    return found


def test_what_does_not_fit_is_taken_back(tmp_path):
    path = tmp_path / "lines"
    files.append(path, b"one\n")
    with longest_file(6), pytest.raises(OSError, match="large"):
        files.append(path, b"two\n")
    assert path.read_bytes() == b"one\n"
    files.append(path, b"three\n")
    assert path.read_bytes() == b"one\nthree\n"
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_new_file_that_does_not_fit_is_removed_and_may_be_written_again(tmp_path):
    path = tmp_path / "form.pdf"
    with longest_file(6):
        with pytest.raises(InputError) as caught:
            files.write_new(path, bytes(100))
        assert caught.value.code == "path-unwritable"
        with pytest.raises(OSError, match="large"):
            files.replace(path, bytes(100))
    assert list(tmp_path.iterdir()) == []
    files.write_new(path, bytes(100))
    with pytest.raises(InputError) as caught:
        files.write_new(path, b"other")
    assert (caught.value.code, path.read_bytes()) == ("file-exists", bytes(100))


def test_the_entry_of_whatever_is_new_is_synced_with_its_folder(tmp_path, synced):
    files.write_new(tmp_path / "new", b"1")
    assert synced == [str(tmp_path)]
    files.append(tmp_path / "lines", b"1")
    files.append(tmp_path / "lines", b"2")
    assert synced == [str(tmp_path)] * 2
    files.make_folder(tmp_path / "pages")
    files.make_folder(tmp_path / "pages")
    assert synced == [str(tmp_path)] * 3
    assert (tmp_path / "pages").stat().st_mode & 0o777 == 0o700
    files.replace(tmp_path / "pages" / "one", b"1")
    assert synced[3:] == [str(tmp_path / "pages")]


async def test_a_signed_page_is_on_the_disk_with_its_folder(tmp_path, synced):
    room = SimpleNamespace(folder=tmp_path)
    await signed_pages.keep(room, Caller("officer:secretary", "secretary"), b"%PDF-1.7")
    assert synced == [str(tmp_path), str(tmp_path / "pages")]


@pytest.mark.parametrize(("error", "told"), [(errno.EINVAL, False), (errno.EIO, True)])
def test_a_folder_that_can_not_be_synced_is_told_unless_no_folder_there_can(
    tmp_path, monkeypatch, error, told
):
    fsync = os.fsync

    def refuse(handle):
        if stat.S_ISDIR(os.fstat(handle).st_mode):
            raise OSError(error, os.strerror(error))
        fsync(handle)

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(InputError) if told else contextlib.nullcontext():
        files.write_new(tmp_path / "new", b"1")
