"""A file of secrets under a passphrase, on one medium or two (docs/spec/keyfile.md, version 1).

Key = argon2id (64 MiB, 2 passes, 1 lane) of the passphrase in NFKC; box = XSalsa20-Poly1305. The
parameters stand in the file and only these values are read: a changed file can neither weaken
them nor make the device work for hours. Salt and nonce are inputs of what is authenticated.

A trustee's secrets and what his device remembers lie in the same box, because a memory that can
be taken away from its key protects nothing. Every store raises a counter inside the box, and the
newest of the media is read, so that a medium left in a drawer is brought up to date and never
the other way round. What no file can know is that *all* its media were put back to an older
state: then the other trustees' devices, and the comparison aloud, stand in for this memory.

One process works with a key at a time (``keylock``), and nothing newer is ever stored over.

Store before you send: an answer that left the device must already be remembered.
"""

from __future__ import annotations

import contextlib
import secrets
import unicodedata
import weakref
from base64 import b64decode, b64encode
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from nacl import pwhash
from nacl.exceptions import CryptoError
from nacl.secret import SecretBox

from kiosk.device import keylock
from kiosk.files import erase, replace
from voting.errors import FormatError, RefusedError
from voting.protocol import codec

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

MEMORY_BYTES: Final = 64 * 2**20
PASSES: Final = 2
MIN_PASSPHRASE: Final = 8
MAX_BYTES: Final = 16 * 2**20
_SALT: Final = 16
_NONCE: Final = 24
_COUNTER: Final = 8


@dataclass(slots=True, weakref_slot=True)
class KeyFile:
    """An opened file, this process's until ``close``.

    Attributes:
        payload: What it holds.
        missing: Media not read or written.
    """

    paths: tuple[Path, ...]
    payload: bytes = field(repr=False)
    missing: tuple[Path, ...] = ()
    counter: int = 0
    _key: bytes = field(default=b"", repr=False)
    _salt: bytes = field(default=b"", repr=False)
    _held: weakref.finalize[[bytes], KeyFile] | None = field(default=None, repr=False)

    def close(self) -> None:
        """Let another process work with the key; the next ``store`` takes it again."""
        if self._held is not None:
            self._held()
            self._held = None

    @classmethod
    def create(
        cls,
        paths: Sequence[Path],
        passphrase: str,
        payload: bytes,
        *,
        rand: Callable[[int], bytes] = secrets.token_bytes,
    ) -> KeyFile:
        """Make a new file on every medium. About 0.15 s and 64 MiB.

        Raises:
            RefusedError: a path exists, a medium cannot be written (then nothing is left on the
                others), or the passphrase has fewer than 8 characters.
        """
        if any(path.exists() for path in paths):
            raise RefusedError("keyfile-exists")
        if len(_normal(passphrase)) < MIN_PASSPHRASE:
            raise RefusedError("passphrase-too-short", minimum=MIN_PASSPHRASE)
        salt = rand(_SALT)
        made = cls(tuple(paths), payload, _key=_derive(passphrase, salt), _salt=salt)
        made.store(payload, rand=rand)
        if made.missing:
            made.destroy()
            raise RefusedError("keyfile-not-written")
        return made

    @classmethod
    def open(cls, paths: Sequence[Path], passphrase: str, *, hold: bool = True) -> KeyFile:
        """Read from whichever medium is there, the newest when both are.

        Args:
            hold: Whether to keep it for this process; False for who only reads.

        Raises:
            RefusedError: ``keyfile-missing`` when there is no file, ``wrong-passphrase`` when
                none of those there opens, ``keyfile-in-use``.
            FormatError: what is there is no key file.
        """
        keys: dict[bytes, bytes] = {}
        best: KeyFile | None = None
        missing: list[Path] = []
        fault: FormatError | None = None
        for path in paths:
            try:
                salt, nonce, box = _parse(path.read_bytes())
                if salt not in keys:
                    keys[salt] = _derive(passphrase, salt)
                plain = SecretBox(keys[salt]).decrypt(box, nonce)
            except (OSError, CryptoError):
                missing.append(path)
                continue
            except FormatError as e:
                missing.append(path)
                fault = e
                continue
            counter, payload = int.from_bytes(plain[:_COUNTER], "big"), plain[_COUNTER:]
            if best is None or counter > best.counter:
                best = cls(tuple(paths), payload, (), counter, keys[salt], salt)
        if best is not None:
            best.missing = tuple(missing)
            if hold:
                best._hold()
                best._read_again()
            return best
        if keys:
            raise RefusedError("wrong-passphrase")
        raise fault or RefusedError("keyfile-missing")

    def store(self, payload: bytes, *, rand: Callable[[int], bytes] = secrets.token_bytes) -> None:
        """Replace what is held, on every medium that can be written.

        Each file is written aside, flushed to the disk and renamed, with mode 0600: after a
        crash it is the old one or the new one. ``missing`` tells which media were left out.

        Raises:
            RefusedError: ``keyfile-not-written`` when no medium took it; ``keyfile-in-use``:
                another process has it, or has stored since it was opened here.
        """
        if not self._key:
            raise RefusedError("keyfile-destroyed")
        self._hold()
        if any(counter > self.counter for counter, _ in self._stored()):
            raise RefusedError("keyfile-in-use")
        counter = self.counter + 1
        nonce = rand(_NONCE)
        plain = counter.to_bytes(_COUNTER, "big") + payload
        box = SecretBox(self._key).encrypt(plain, nonce).ciphertext
        data = _encode(self._salt, nonce, box)
        missing = []
        for path in self.paths:
            try:
                replace(path, data)
            except OSError:
                missing.append(path)
        if len(missing) == len(self.paths):
            raise RefusedError("keyfile-not-written")
        self.payload, self.counter, self.missing = payload, counter, tuple(missing)

    def destroy(self) -> None:
        """Overwrite and unlink the file on every medium, and forget the key.

        A flash disk may keep old blocks: what they hold is still under the passphrase.

        Raises:
            RefusedError: ``keyfile-not-destroyed`` when a file is still there; ``missing`` of
                the error names how many.
        """
        self._key = self.payload = b""
        left = 0
        for path in self.paths:
            try:
                erase(path)
            except FileNotFoundError:
                continue
            except OSError:
                left += 1
        self.close()  # last: until then nobody else opens what is being destroyed
        if left:
            raise RefusedError("keyfile-not-destroyed", number=left)

    def _hold(self) -> None:
        if self._held is None:
            keylock.hold(self._salt)
            self._held = weakref.finalize(self, keylock.release, self._salt)

    def _read_again(self) -> None:
        """Take what another process may have stored, or destroyed, until it let go.

        Raises RefusedError ``keyfile-missing``.
        """
        stored = list(self._stored())
        if not stored:
            self._key = self.payload = b""
            self.close()
            raise RefusedError("keyfile-missing")
        for counter, payload in stored:
            if counter > self.counter:
                self.counter, self.payload = counter, payload

    def _stored(self) -> Iterator[tuple[int, bytes]]:
        """Yield counter and payload of every medium that can be read and has this key."""
        for path in self.paths:
            with contextlib.suppress(OSError, CryptoError, FormatError):
                salt, nonce, box = _parse(path.read_bytes())
                if salt == self._salt:
                    plain = SecretBox(self._key).decrypt(box, nonce)
                    yield int.from_bytes(plain[:_COUNTER], "big"), plain[_COUNTER:]


def _normal(passphrase: str) -> str:
    return unicodedata.normalize("NFKC", passphrase)


def _derive(passphrase: str, salt: bytes) -> bytes:
    return pwhash.argon2id.kdf(
        SecretBox.KEY_SIZE, _normal(passphrase).encode(), salt, PASSES, MEMORY_BYTES
    )


def _encode(salt: bytes, nonce: bytes, box: bytes) -> bytes:
    return codec.encode(
        {
            "keyfile": 1,
            "kdf": "argon2id",
            "memory": MEMORY_BYTES,
            "passes": PASSES,
            "salt": salt.hex(),
            "nonce": nonce.hex(),
            "box": b64encode(box).decode("ascii"),
        }
    )


def _parse(data: bytes) -> tuple[bytes, bytes, bytes]:
    """Return salt, nonce and box. Raises FormatError for another form or other parameters."""
    place = "keyfile"
    value = codec.decode_exact(data, place, max_bytes=MAX_BYTES)
    names = ("keyfile", "kdf", "memory", "passes", "salt", "nonce", "box")
    version, kdf, memory, passes, *texts = codec.fields(value, place, *names)
    if (version, kdf, memory, passes) != (1, "argon2id", MEMORY_BYTES, PASSES):
        raise FormatError(place, "another version or other parameters")
    spelled = [codec.text(text, place, max_length=2 * MAX_BYTES) for text in texts]
    try:
        salt, nonce = bytes.fromhex(spelled[0]), bytes.fromhex(spelled[1])
        box = b64decode(spelled[2], validate=True)
    except ValueError as e:
        raise FormatError(place, "salt, nonce or box is not spelled as it should be") from e
    if len(salt) != _SALT or len(nonce) != _NONCE or _encode(salt, nonce, box) != data:
        raise FormatError(place, "not in canonical form")
    return salt, nonce, box
