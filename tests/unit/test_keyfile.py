"""A key file: opens with its passphrase alone, from either medium, and never goes back in time."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys

import pytest

from kiosk import files
from kiosk.device import keyfile, keylock
from kiosk.device.keyfile import KeyFile
from voting.errors import FormatError, RefusedError

PASSPHRASE = "三把钥匙开一把锁"
PAYLOAD = b'{"share":"12345"}'
SHIPPED = (keyfile.MEMORY_BYTES, keyfile.PASSES)
VECTOR = (
    '{"keyfile":1,"kdf":"argon2id","memory":67108864,"passes":2,'
    '"salt":"000102030405060708090a0b0c0d0e0f",'
    '"nonce":"000102030405060708090a0b0c0d0e0f1011121314151617",'
    '"box":"4bnoxb4P6oJdzQ0FHQfbVjA5e76XcqPx3Lc="}'
)


@pytest.fixture(autouse=True)
def _light(monkeypatch):
    """Argon2id with the least memory: these tests are about the file."""
    monkeypatch.setattr(keyfile, "MEMORY_BYTES", 8192)
    monkeypatch.setattr(keyfile, "PASSES", 1)


@pytest.fixture
def media(tmp_path):
    paths = (tmp_path / "disk" / "trustee-1.key", tmp_path / "stick" / "trustee-1.key")
    for path in paths:
        path.parent.mkdir()
    return paths


@pytest.fixture
def made(media):
    return KeyFile.create(media, PASSPHRASE, PAYLOAD)


def code_of(caught) -> str:
    return caught.value.code


def test_a_file_opens_with_its_passphrase_from_either_medium(made, media):
    for gone in media:
        data = gone.read_bytes()
        gone.unlink()

        opened = KeyFile.open(media, PASSPHRASE)

        assert opened.payload == PAYLOAD
        assert opened.missing == (gone,)
        gone.write_bytes(data)
    assert KeyFile.open(media, PASSPHRASE).missing == ()


def test_another_passphrase_is_refused_by_name(made, media):
    with pytest.raises(RefusedError) as caught:
        KeyFile.open(media, PASSPHRASE + "?")

    assert code_of(caught) == "wrong-passphrase"


def test_full_width_letters_are_the_same_passphrase(media):
    KeyFile.create(media, "ｓｅｃｒｅｔ　１２３", PAYLOAD)

    assert KeyFile.open(media, "secret 123").payload == PAYLOAD


def test_nothing_of_the_payload_is_readable_and_only_the_owner_may_read(made, media):
    for path in media:
        assert b"12345" not in path.read_bytes()
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert [p.name for p in path.parent.iterdir()] == [path.name]


def test_neither_key_nor_payload_is_in_the_repr(made):
    assert "12345" not in repr(made)
    assert made._key.hex() not in repr(made)
    assert repr(made._key) not in repr(made)


def test_the_newest_medium_is_read_and_the_older_one_is_brought_up(made, media):
    old = media[1].read_bytes()
    made.store(b"second")
    media[1].write_bytes(old)

    opened = KeyFile.open(media, PASSPHRASE)

    assert opened.payload == b"second"
    opened.store(b"third")
    assert KeyFile.open([media[1]], PASSPHRASE).payload == b"third"


def test_a_store_leaves_the_old_file_when_it_cannot_be_finished(made, media, monkeypatch):
    def fail(_: int) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(files.os, "fsync", fail)
    with pytest.raises(RefusedError) as caught:
        made.store(b"second")

    assert code_of(caught) == "keyfile-not-written"
    assert KeyFile.open(media, PASSPHRASE).payload == PAYLOAD
    assert [p.name for p in media[0].parent.iterdir()] == [media[0].name]


def test_a_stick_that_was_pulled_does_not_stop_a_store(made, media):
    media[1].unlink()
    media[1].parent.rmdir()

    made.store(b"second")

    assert made.missing == (media[1],)
    assert KeyFile.open(media, PASSPHRASE).payload == b"second"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("memory", 4096),
        ("passes", 100),
        ("kdf", "argon2i"),
        ("keyfile", 2),
        ("salt", "00"),
        ("x", 1),
    ],
)
def test_other_parameters_are_refused_before_any_work(made, media, field, value):
    for path in media:
        changed = {**json.loads(path.read_bytes()), field: value}
        path.write_bytes(json.dumps(changed, separators=(",", ":")).encode())

    with pytest.raises(FormatError):
        KeyFile.open(media, PASSPHRASE)


def test_any_changed_bit_of_salt_nonce_or_box_is_noticed(made, media):
    for field in ("salt", "nonce", "box"):
        value = json.loads(media[0].read_bytes())
        first = "1" if value[field][0] != "1" else "2"
        changed = {**value, field: first + value[field][1:]}
        media[1].write_bytes(json.dumps(changed, separators=(",", ":")).encode())

        with pytest.raises(RefusedError) as caught:
            KeyFile.open([media[1]], PASSPHRASE)

        assert code_of(caught) == "wrong-passphrase"
        assert KeyFile.open(media, PASSPHRASE).missing == (media[1],)


def test_a_file_is_never_made_over_another(made, media):
    with pytest.raises(RefusedError) as caught:
        KeyFile.create(media, PASSPHRASE, b"other")

    assert code_of(caught) == "keyfile-exists"


def test_a_short_passphrase_makes_no_file(media):
    with pytest.raises(RefusedError) as caught:
        KeyFile.create(media, "1234567", PAYLOAD)

    assert code_of(caught) == "passphrase-too-short"
    assert not media[0].exists()


def test_a_medium_that_cannot_be_written_leaves_nothing_on_the_other(media):
    media[1].parent.rmdir()

    with pytest.raises(RefusedError) as caught:
        KeyFile.create(media, PASSPHRASE, PAYLOAD)

    assert code_of(caught) == "keyfile-not-written"
    assert not media[0].exists()


def test_destroy_overwrites_and_unlinks_every_medium(made, media, monkeypatch):
    before = media[0].read_bytes()
    seen = []
    unlink = type(media[0]).unlink

    def watch(path, *args, **kwargs):
        if path in media:  # and not the lock
            seen.append(path.read_bytes())
        unlink(path, *args, **kwargs)

    monkeypatch.setattr(type(media[0]), "unlink", watch)

    made.destroy()

    assert not media[0].exists()
    assert not media[1].exists()
    assert [len(data) for data in seen] == [len(before)] * 2
    assert before not in seen
    with pytest.raises(RefusedError):
        made.store(PAYLOAD)
    with pytest.raises(RefusedError) as caught:
        KeyFile.open(media, PASSPHRASE)
    assert code_of(caught) == "keyfile-missing"


# --- two programs ---------------------------------------------------------------------------------

OTHER = """
import sys
from pathlib import Path
from kiosk.device import keyfile
from voting.errors import RefusedError
keyfile.MEMORY_BYTES, keyfile.PASSES = 8192, 1
try:
    keyfile.KeyFile.open([Path(one) for one in sys.argv[3:]], sys.argv[1], hold=sys.argv[2] == "1")
except RefusedError as e:
    print(e.code)
"""


def elsewhere(*paths, hold=True):
    """What another process is told that opens these paths."""
    command = [sys.executable, "-c", OTHER, PASSPHRASE, str(int(hold)), *map(str, paths)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def test_a_key_that_is_open_is_refused_to_another_process_on_whatever_medium(made, media):
    assert elsewhere(*media) == "keyfile-in-use"
    made.store(b"second")  # a file of another inode
    assert elsewhere(media[0]) == elsewhere(media[1]) == "keyfile-in-use"
    assert elsewhere(*media, hold=False) == ""  # who only reads it may
    made.close()
    assert elsewhere(*media) == ""
    made.store(b"third")  # what stores takes it again
    assert elsewhere(*media) == "keyfile-in-use"


def test_a_key_is_free_again_when_its_holder_is_gone_or_destroyed_and_leaves_no_lock(media):
    first, second = KeyFile.create(media, PASSPHRASE, PAYLOAD), KeyFile.open(media, PASSPHRASE)
    lock = keylock._path(first._salt)
    del first
    assert lock.exists()  # the other one of this process still has it
    del second
    assert not lock.exists()
    assert elsewhere(*media) == ""

    opened = KeyFile.open(media, PASSPHRASE)
    assert lock.exists()
    opened.destroy()
    assert not lock.exists()


def test_what_another_stored_is_never_stored_over(made, media, monkeypatch):
    """As on two machines, where no lock says anything."""
    monkeypatch.setattr(keylock, "_lock", lambda _: None)
    other = KeyFile.open([media[1]], PASSPHRASE)
    other.store(b"signed for one box")

    with pytest.raises(RefusedError) as caught:
        made.store(b"signed for another")

    assert code_of(caught) == "keyfile-in-use"
    assert KeyFile.open(media, PASSPHRASE).payload == b"signed for one box"


def test_what_was_stored_while_the_passphrase_was_entered_is_read(made, media, monkeypatch):
    hold = keylock.hold

    def late(salt):
        monkeypatch.setattr(keylock, "hold", hold)
        made.store(b"second")
        hold(salt)

    monkeypatch.setattr(keylock, "hold", late)
    assert KeyFile.open(media, PASSPHRASE).payload == b"second"


def test_what_was_destroyed_while_the_passphrase_was_entered_is_not_opened(
    made, media, monkeypatch
):
    hold = keylock.hold

    def late(salt):
        monkeypatch.setattr(keylock, "hold", hold)
        made.destroy()
        hold(salt)

    monkeypatch.setattr(keylock, "hold", late)
    with pytest.raises(RefusedError) as caught:
        KeyFile.open(media, PASSPHRASE)
    assert code_of(caught) == "keyfile-missing"


def test_nobody_else_may_open_a_key_while_it_is_being_destroyed(made, monkeypatch):
    lock, erase, seen = keylock._path(made._salt), keyfile.erase, []

    def watched(path):
        seen.append(lock.exists())
        erase(path)

    monkeypatch.setattr(keyfile, "erase", watched)
    made.destroy()

    assert seen == [True, True]
    assert not lock.exists()


def test_a_folder_of_locks_that_is_somebody_else_s_holds_nobody_up(made, media, monkeypatch):
    made.close()
    nobody = os.getuid() + 1
    folder = keylock._path(made._salt).parent
    monkeypatch.setattr(keylock.os, "getuid", lambda: nobody)
    monkeypatch.setattr(keylock, "_path", lambda salt: folder / salt.hex())

    assert KeyFile.open(media, PASSPHRASE).payload == PAYLOAD
    assert not (folder / made._salt.hex()).exists()


def test_the_file_of_the_specification_is_made_byte_for_byte(tmp_path, monkeypatch):
    monkeypatch.setattr(keyfile, "MEMORY_BYTES", SHIPPED[0])
    monkeypatch.setattr(keyfile, "PASSES", SHIPPED[1])
    path = tmp_path / "trustee-1.key"

    KeyFile.create([path], "correct horse", b"{}", rand=lambda n: bytes(range(n)))

    assert SHIPPED == (64 * 2**20, 2)
    assert path.read_text() == VECTOR
