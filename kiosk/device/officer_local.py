"""An officer's device behind the console's page: the key, and nothing signed that was not shown.

The page is served by this device. It shows the act that waits in the words that ``OfficerDevice``
made after its own review, and names the act's digest when the officer agrees; the device signs
only if that is the act it reviewed last *and* gave to the page (ADR 62). A review may take long,
as a box is verified before it is certified, so it runs in a thread and the page asks again.
"""

from __future__ import annotations

import secrets
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from kiosk.device.keys import DeviceKeys
from kiosk.device.officer import OfficerDevice
from kiosk.device.page_talk import plain
from kiosk.device.recording import checked_note, sign_record
from kiosk.device.seen import OfficerKeys, Seen
from kiosk.device.tickets import make_sheets
from kiosk.device.wording import key_code
from voting.crypto.hashing import sha256_hex
from voting.errors import ConflictError, PiaojueError, RefusedError, UnavailableError
from voting.meeting import ledger
from voting.meeting.keys import public_key
from voting.meeting.slips import decode_public_parts
from voting.words import LANGS

if TYPE_CHECKING:
    from pathlib import Path

    from kiosk.device.held import HeldClient
    from voting.meeting.ledger import Act
    from voting.words import Lang

SOON: Final = 1.5
"""Seconds to wait for a review before the page is told that it is under way."""


@dataclass(slots=True)
class _Review:
    """One act on its way to the officer's eyes."""

    digest: str
    texts: dict[Lang, str] = field(default_factory=dict)
    problem: dict[str, Any] | None = None
    shown: bool = False
    done: threading.Event = field(default_factory=threading.Event)


@dataclass(slots=True)
class _Open:
    """What there is while the key file is open."""

    keys: DeviceKeys = field(repr=False)
    device: OfficerDevice
    account: str
    role: str


class OfficerHolder:
    """One officer's key file, and the device that works with it once it is open."""

    def __init__(self, client: HeldClient, path: Path) -> None:
        self._client = client
        self._path = path
        self._lock = threading.RLock()  # the device does one thing at a time
        self._open: _Open | None = None
        self._review: _Review | None = None

    def state(self) -> dict[str, Any]:
        """Return whether there is a key file, whether it is open, whose it is."""
        opened = self._open
        key = None if opened is None else opened.device.key
        return {
            "enrolled": self._path.exists(),
            "unlocked": opened is not None,
            "account": None if opened is None else opened.account,
            "key_code": None if key is None else key_code(key),
        }

    def unlock(self, passphrase: str) -> None:
        """Open the key file. Raises what ``KeyFile.open`` raises, ``not-your-role``."""
        with self._lock:
            if self._open is None:
                self._begin(DeviceKeys.open([self._path], passphrase))

    def enrol(self, invitation: str, passphrase: str, *, pen: bool) -> None:
        """Draw a key, make the file, use the invitation up.

        Args:
            pen: This officer signs by pen and has no key.
        """
        with self._lock:
            if self._open is not None:
                raise RefusedError("keyfile-exists")
            seed = None if pen else secrets.token_bytes(32)
            keys = DeviceKeys.create([self._path], passphrase, OfficerKeys(seed).encode())
            keys.enrol(
                self._client.server,
                invitation,
                public_key(seed) if seed else None,
                fingerprint=self._client.fingerprint,
            )
            self._begin(keys)

    def lock(self) -> None:
        """Forget the key and the token until the passphrase is entered again."""
        with self._lock:
            if self._open is not None:
                self._open.keys.file.close()
            self._open = self._review = None
            self._client.close()

    # --- signing ----------------------------------------------------------------------------------

    def pending(self, lang: Lang) -> dict[str, Any] | None:
        """Return the act that waits, in words once this device has reviewed it."""
        device = self._now().device
        found = device.pending()
        if found is None:
            self._review = None
            return None
        act, places, signed, frozen = found
        digest = sha256_hex(ledger.encode_act(act))
        me = device.officer
        mine = (
            device.key is not None and me not in signed and any(me in allowed for allowed in places)
        )
        review = self._review
        if mine and (review is None or review.digest != digest):
            review = self._begin_review(device, act, frozen, digest)
        text = problem = None
        if review is not None and review.digest == digest and review.done.wait(SOON):
            text, problem = review.texts.get(lang), review.problem
            review.shown = review.shown or text is not None
        return {
            "act": digest,
            "kind": act.kind,
            "text": text,
            "places": places,
            "signed": signed,
            "mine": mine,
            "problem": problem,
        }

    def propose(self, kind: str, body: dict[str, object]) -> None:
        """Propose an act through this device, which knows a reading again.

        Not one after the other with a review, which may take long: the server refuses it then.
        """
        self._now().device.propose(kind, body)

    def withdraw(self, digest: str) -> None:
        """Have the act with this digest dropped, if it is the one that waits."""
        self._now().device.withdraw(digest)

    def sign(self, digest: str) -> bool:
        """Sign the act with this digest, if it is the one that was reviewed and shown.

        Raises RefusedError ``act-not-shown``, and what ``OfficerDevice.sign`` raises.
        """
        with self._lock:
            device, review = self._now().device, self._review
            act = device.reviewed
            if (
                act is None
                or review is None
                or not review.shown
                or not digest == review.digest == sha256_hex(ledger.encode_act(act))
            ):
                raise RefusedError("act-not-shown")
            return device.sign()

    def record(self) -> dict[str, Any] | None:
        """Verify the whole record; return what is wrong with it, None when nothing is."""
        with self._lock:
            device = self._now().device
            try:
                checked_note(self._client, device)
            except UnavailableError:
                raise
            except PiaojueError as e:
                return problem_of(e)
            return None

    def sign_record(self) -> None:
        """Verify it again, and sign its note."""
        with self._lock:
            sign_record(self._client, self._now().device)

    # --- tickets ----------------------------------------------------------------------------------

    def tickets(self, passphrase: str | None) -> bytes:
        """Make every ticket, have the server take in the public parts, and return the sheets.

        Tokens are drawn and typeset in memory, are in the sheets and nowhere else, and nothing of
        them is kept: whoever loses the answer needs a new meeting.

        Args:
            passphrase: If given, it has to be the key file's.

        Raises:
            RefusedError: ``not-your-role``, ``not-frozen``, ``already-issued``.
            VerificationError: ``issued-otherwise``: the server took in others.
        """
        with self._lock:
            opened = self._now()
            if opened.role != "secretary":
                raise RefusedError("not-your-role", role=opened.role)
            if passphrase is not None:
                DeviceKeys.open([self._path], passphrase, hold=False)
            state = opened.device.refresh()
            if opened.device.meeting is None:
                raise RefusedError("not-frozen")
            if state.issued:
                raise RefusedError("already-issued")
            sheets, public = make_sheets(opened.device.meeting, rand=secrets.token_bytes)
            try:
                self._client.post_bytes("/api/tickets", public)
            except (UnavailableError, ConflictError):
                # It may have been taken in and the answer lost; the ledger tells.
                if not opened.device.refresh().issued:
                    raise
            opened.device.check_issued(decode_public_parts(public))
            return sheets

    # ----------------------------------------------------------------------------------------------

    def _now(self) -> _Open:
        if self._open is None:
            raise RefusedError("locked")
        return self._open

    def _begin(self, keys: DeviceKeys) -> None:
        held = OfficerKeys.decode(keys.held)
        account, role = self._client.open(keys, "officer")
        name = account.partition(":")[2]

        def keep(seen: Seen) -> None:
            keys.keep(OfficerKeys(held.seed, seen).encode())

        device = OfficerDevice(self._client, name, held.seed, seen=held.seen, keep=keep)
        self._open = _Open(keys, device, account, role)

    def _begin_review(
        self, device: OfficerDevice, act: Act, frozen: bytes | None, digest: str
    ) -> _Review:
        review = self._review = _Review(digest)

        def work() -> None:
            with self._lock:
                try:
                    if self._review is not review:
                        return  # another act waits by now, and may have been reviewed already
                    device.review(act, frozen, LANGS[0])
                    review.texts = {one: device.reviewed_text(one) for one in LANGS}
                except (UnavailableError, ConflictError):
                    self._forget(review)  # the page asks again
                except PiaojueError as e:
                    review.problem = problem_of(e)
                except Exception:
                    review.problem = problem_of(UnavailableError("internal"))
                    raise
                finally:
                    review.done.set()

        threading.Thread(target=work, daemon=True).start()
        return review

    def _forget(self, review: _Review) -> None:
        if self._review is review:
            self._review = None


def problem_of(error: PiaojueError) -> dict[str, Any]:
    """Return an error as a page takes it."""
    return {"code": error.code, "params": plain(error.params)}
