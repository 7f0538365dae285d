"""The program on a trustee's device (``piaojue trustee``).

Ceremony and rehearsal first; then the person accepts the frozen meeting by its fingerprint, and
the device waits for rounds: with a meeting of the server's own making, its officers and its floor,
a server could have any single ballot opened. Before an opening it recomputes election
and credential list, stores what it agreed to, and acknowledges. After the seal it reads the whole
box, signs the checkpoint, takes part in the shuffles where there are any (``mixing``), and
decrypts when enough others have signed the very same. At the end it erases its share and says so
in the ledger.

Every answer is stored before it is sent (``kiosk.device.keys``), so after a crash the device says
the same again. What it demands is in ``tally.trustee`` and ``tally.release``; here is only the
order of things, and the talk with server and person.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from kiosk.device.ceremony import hold_ceremony, hold_rehearsal
from kiosk.device.ending import Ending
from kiosk.device.followed import Followed
from kiosk.device.mixing import Mixing
from kiosk.device.prepared import read_prepared
from kiosk.device.wording import meeting_text
from tally.memory import TrusteeMemory, TrusteeSecrets, decode_keys, encode_keys
from tally.mixing import needs_shuffles, require_cosigners
from tally.release import release_factors, sign_checkpoint
from tally.trustee import SealedBox, acknowledge, check_sealed, open_meeting
from voting.crypto.hashing import code_80bits
from voting.errors import ConflictError, RefusedError, UnavailableError
from voting.meeting.state import RoundState
from voting.words import LANGS

if TYPE_CHECKING:
    from collections.abc import Callable

    from kiosk.device.client import Client
    from kiosk.device.keys import DeviceKeys
    from kiosk.device.talk import Talk
    from tally.ceremony import Keys
    from tally.mixing import Mixed
    from voting.meeting.state import Round

PAUSE: Final = 0.3
"""Seconds between two looks at the server."""

PROGRESS: Final = 1.0
"""Seconds between two words about how far the check of a box has got."""

_WAIT: Final = frozenset({"objection-open", "proposal-pending"})
"""Refusals that time will mend."""

_FEW: Final = frozenset({"checkpoint-signatures", "shuffles-signatures"})
"""Too few have signed yet: time will mend that too, and the person is told how many."""

_COUNTED: Final = frozenset({"round-counted", "round-certified"})
"""Enough others answered first; this device's factors are not needed any more."""


class TrusteeDevice:
    """One trustee's device, from its keys to their destruction."""

    def __init__(
        self,
        client: Client,
        keys: DeviceKeys,
        talk: Talk,
        rand: Callable[[int], bytes],
        *,
        unattended: bool,
    ) -> None:
        self._client = client
        self._keys = keys
        self._talk = talk
        self._rand = rand
        self._unattended = unattended
        self._followed = Followed(client)
        self._ending = Ending(client, keys.file, talk, self._followed, unattended)
        self._mixing = Mixing(client, talk, rand, self._keep)
        self._boxes: dict[str, SealedBox] = {}
        self._signed: set[str] = set()
        self._answered: set[str] = set()
        self._confirmed: dict[tuple[str, str], bool] = {}
        self._complained = ""
        self._cosigners: dict[str, object] = {}
        self._secrets: TrusteeSecrets
        self._memory: TrusteeMemory

    def run(self, index: int) -> None:
        """Serve as trustee ``index`` until the share is destroyed.

        After an error it may be called again: it goes on from what is stored.
        """
        self._followed.forget()
        self._ending.forget()
        if self._keys.held:
            self._secrets, self._memory = decode_keys(self._keys.held.encode())
        else:
            self._make_keys(index)
        while not self._memory.rehearsed:
            if not self._rehearse():
                self._make_keys(index)
        while self._memory.frozen is None:
            if not self._accept():
                time.sleep(PAUSE)
        while (over := self._step()) is None:
            time.sleep(PAUSE)
        self._talk.tell("destroyed" if over else "destroyed-unsaid")

    def _make_keys(self, index: int) -> None:
        hold_ceremony(self._client, self._talk, index, self._rand, self._store)
        self._talk.tell("keys-made", media=len(self._keys.file.paths))

    def _store(self, made: Keys) -> None:
        self._secrets = made.secrets
        self._keep(made.memory)

    def _rehearse(self) -> bool:
        """Rehearse; False when everybody begins the ceremony again."""
        memory = hold_rehearsal(self._client, self._talk, self._memory, self._secrets)
        if memory is None:
            self._talk.tell("ceremony-again")
            return False
        self._keep(memory)
        self._talk.tell("rehearsed")
        return True

    def _accept(self) -> bool:
        """Have the person compare the frozen meeting's fingerprint; remember it for ever.

        Raises RefusedError ``meeting-refused``.
        """
        try:
            seen, frozen, _ = open_meeting(self._memory, *self._followed.fetch())
        except UnavailableError:
            return False
        except RefusedError as e:
            if e.code != "not-frozen":
                raise
            return False
        if self._unattended:
            self._talk.tell("meeting", title=frozen.title, code=frozen.code)
        else:
            text = {lang: meeting_text(frozen, lang) for lang in LANGS}
            said = self._talk.ask("accept", title=frozen.title, code=frozen.code, text=text)
            if said != "yes":
                raise RefusedError("meeting-refused")
            self._talk.tell("accepted")
        self._keep(seen)
        return True

    def _step(self) -> bool | None:
        """Do what there is to do; None until the share is destroyed, then if the ledger has it."""
        try:
            if not self._agree() and not self._answer():
                return self._end()
        except (UnavailableError, ConflictError):
            return None
        except RefusedError as e:
            if e.code not in _WAIT and str(e) != self._complained:
                self._complained = str(e)  # said once, not at every look
                self._talk.complain(e)
        else:
            self._complained = ""
        return None

    # --- before an opening ------------------------------------------------------------------------

    def _agree(self) -> bool:
        """Acknowledge the prepared round, if this device has not."""
        value = self._client.get("/api/binding")
        if value is None:
            return False
        prepared = read_prepared(value)
        if self._memory.index in prepared.acks:
            return False
        meeting, ledger = self._followed.fetch()
        memory, signature = acknowledge(
            self._memory,
            self._secrets,
            meeting=meeting,
            ledger=ledger,
            binding_body=prepared.body,
            election=prepared.election,
            credentials=prepared.credentials,
        )
        self._keep(memory)
        slot, active = prepared.body["slot"], prepared.body["active"]
        self._client.post(f"/api/slots/{slot}/ack", {"signature": signature})
        self._talk.tell("agreed", slot=slot, active=active)
        return True

    # --- after the seal ---------------------------------------------------------------------------

    def _answer(self) -> bool:
        """Check a sealed box, sign its checkpoint, and decrypt once enough have signed."""
        meeting, ledger = self._followed.fetch()
        _, _, state = open_meeting(self._memory, meeting, ledger)
        for one in state.rounds.values():
            if one.state is not RoundState.SEALED or one.slot in self._answered:
                continue
            if not one.no_objection:
                continue
            if self._answer_box(meeting, ledger, one):
                return True
        return False

    def _answer_box(self, meeting: bytes, ledger: bytes, one: Round) -> bool:
        slot = one.slot
        confirmed = self._confirm(one)
        if slot not in self._boxes:
            self._check_box(meeting, ledger, one)
        box = replace(self._boxes[slot], compared=one.compared)
        if slot not in self._signed:
            memory, line = sign_checkpoint(self._memory, self._secrets, box, compared=confirmed)
            self._keep(memory)
            self._client.post(f"/api/slots/{slot}/checkpoint", {"line": line})
            self._signed.add(slot)
            self._talk.tell("checkpoint", slot=slot, digest=code_80bits(box.checkpoint.digest))
        return self._release(box, confirmed=confirmed)

    def _check_box(self, meeting: bytes, ledger: bytes, one: Round) -> None:
        """Read the whole box and add it up, saying every second how far it is."""
        slot, said = one.slot, time.monotonic()

        def progress(done: int, total: int) -> None:
            nonlocal said
            if time.monotonic() - said >= PROGRESS or done == total:
                said = time.monotonic()
                self._talk.tell("progress", slot=slot, done=done, total=total)

        self._talk.tell("checking", slot=slot, ballots=one.returned)
        archive = self._client.get_bytes(f"/api/slots/{slot}/archive/sealed")
        memory, self._boxes[slot] = check_sealed(
            self._memory,
            meeting=meeting,
            ledger=ledger,
            slot=slot,
            archive=archive,
            progress=progress,
        )
        self._keep(memory)

    def _release(self, box: SealedBox, *, confirmed: bool) -> bool:
        """Decrypt once enough devices have signed for this very box."""
        slot = box.slot
        note = self._client.get(f"/api/slots/{slot}/checkpoint")["note"]
        if note is None:
            return False
        mixed, shuffles = None, None
        try:
            if needs_shuffles(box.election):
                done = self._mix(box, note.encode(), confirmed=confirmed)
                if isinstance(done, bool):
                    return done
                mixed, shuffles = done
            memory, factors = release_factors(
                self._memory,
                self._secrets,
                box,
                note.encode(),
                mixed=mixed,
                shuffles=shuffles,
                compared=confirmed,
                rand=self._rand,
            )
        except RefusedError as e:
            if e.code not in _FEW:
                raise
            self._tell_few(e)
            return False
        self._keep(memory)
        answer = {"share": factors.share.decode(), "proofs": factors.proofs.decode()}
        try:
            self._client.post(f"/api/slots/{slot}/factors", answer)
        except RefusedError as e:
            if e.code not in _COUNTED:
                raise
        self._answered.add(slot)
        self._talk.tell("decrypted", slot=slot)
        return True

    def _mix(self, box: SealedBox, note: bytes, *, confirmed: bool) -> tuple[Mixed, bytes] | bool:
        """Take part in the shuffles, once enough devices have signed for this very box."""
        require_cosigners(self._memory, box, note, compared=confirmed)
        return self._mixing.step(self._memory, self._secrets, box, note, compared=confirmed)

    def _tell_few(self, refused: RefusedError) -> None:
        """Say how many have signed of how many it takes, when that has changed."""
        numbers = dict(refused.params)
        if refused.code == "shuffles-signatures":
            self._mixing.tell_signers(str(numbers["slot"]), numbers["have"], numbers["need"])
        elif numbers != self._cosigners:
            self._cosigners = numbers
            self._talk.tell("cosigners", **numbers)

    def _confirm(self, one: Round) -> bool:
        """Where a comparison aloud stands in the ledger, ask the person whether he made it."""
        if one.compared is None or self._unattended:
            return False
        asked = (one.slot, one.compared.checkpoint)
        if asked not in self._confirmed:
            digest = code_80bits(one.compared.checkpoint)
            said = self._talk.ask("compare-aloud", slot=one.slot, digest=digest)
            self._confirmed[asked] = said == "yes"
        return self._confirmed[asked]

    # --- the end ----------------------------------------------------------------------------------

    def _end(self) -> bool | None:
        """Destroy the share once nothing is left to open and the person agrees.

        By the ledger that ``_answer`` has just fetched: it says nothing that time would undo, and
        ``Ending`` asks again.
        """
        _, frozen, state = open_meeting(self._memory, *self._followed.held())
        if not self._ending.may_end(frozen, state):
            return None
        return self._ending.end(self._memory, self._secrets) is not None

    # ----------------------------------------------------------------------------------------------

    def _keep(self, memory: TrusteeMemory) -> None:
        """Store secrets and memory before anything that follows from them is sent."""
        self._keys.keep(encode_keys(self._secrets, memory).decode())
        self._memory = memory
