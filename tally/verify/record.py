"""The numbered checks of a record, V1 to V21 (docs/spec/verification.md).

    V1, V2 files and note · V3 meeting · V4, V5 ledger · V6 to V16 each box (``box``, ``archive``)
    V17 checkpoints · V18 numbers (``numbers``) · V19 decisions · V20 certification · V21 close

Everything is recomputed from the record's bytes, with the same functions that made them: the
ledger is folded, elections and lists are rebuilt, ballots, proofs and totals verified, the rules
evaluated and ``result.json`` written again. No network, no clock, no randomness, no font.

A failed check does not hide the next, where what that needs is there. The verdict is
``RecordReport.require_valid``, in ``verdict``. It says nothing of who entered the room, nor that
every ballot was cast by whoever held the ticket (docs/limitations.md).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from tally.following import verify_readings, verify_standings
from tally.outcome import make_result, outcome_digest, round_outcome
from tally.record.layout import (
    ALWAYS,
    LEDGER,
    MEETING,
    NOTE,
    RESULT,
    archive_path,
    expected_files,
    note_signers,
    parse_note_text,
    proofs_path,
    slot_of,
)
from tally.verify.box import Box
from tally.verify.difference import first_difference
from tally.verify.findings import Finding, at, run_check
from tally.verify.numbers import check_numbers
from tally.verify.remarks import remarks_of
from tally.verify.verdict import WHOLE, Checked, RecordReport
from voting.crypto.hashing import sha256_hex
from voting.errors import PiaojueError, VerificationError
from voting.meeting import certification, rounds
from voting.meeting.fold import advance
from voting.meeting.frozen import decode_meeting, fingerprint
from voting.meeting.ledger import GENESIS, decode_ledger, opened_at, verify_signatures
from voting.meeting.state import State
from voting.protocol.note import parse_note, verify_note

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from tally.outcome import Opened
    from voting.meeting.frozen import Meeting
    from voting.meeting.ledger import Line

    Progress = Callable[[str, int, int], None]


def verify_record(
    files: Mapping[str, bytes],
    *,
    progress: Progress | None = None,
    workers: int | None = None,
    signed: bool = True,
) -> RecordReport:
    """Run every check of a record.

    Args:
        files: By path, as ``tally.record.read.read_record`` gives them.
        progress: Is told the slot, and how many of its ballots are done.
        workers: Processes for the ballots, as ``verify_archive``.
        signed: False for a record whose note is still to be signed: V2 is left out.
    """
    verifier = RecordVerifier(files, progress=progress, workers=workers, signed=signed)
    checked = tuple(verifier.findings())
    return verifier.report(checked)


@dataclass(slots=True)
class RecordVerifier:
    """Runs the checks one by one; each leaves what it established for the later ones.

    Attributes:
        meeting, lines: None when they could not be read.
        state: The fold of the ledger, None when V5 failed.
        boxes: By slot, in the order of opening.
    """

    files: Mapping[str, bytes] = field(repr=False)
    progress: Progress | None = None
    workers: int | None = None
    signed: bool = True
    meeting: Meeting | None = field(default=None, init=False)
    lines: tuple[Line, ...] | None = field(default=None, init=False)
    state: State | None = field(default=None, init=False)
    boxes: dict[str, Box] = field(default_factory=dict, init=False)
    _before: dict[int, State] = field(default_factory=dict, init=False)

    @property
    def fingerprint(self) -> str | None:
        """The meeting's fingerprint in hex, of whatever ``meeting.json`` holds."""
        return fingerprint(self.files[MEETING]) if MEETING in self.files else None

    @property
    def result(self) -> str | None:
        """SHA-256 of ``result.json`` in hex."""
        return sha256_hex(self.files[RESULT]) if RESULT in self.files else None

    def findings(self) -> Iterator[Checked]:
        """Yield the findings in the order of their numbers, V6 to V16 for one slot after another.

        What V1 needs of V3 to V5 is computed first, which costs little.
        """
        later = [
            self._run("V3", self._meeting),
            self._run("V4", self._ledger, self.meeting is not None),
            self._run("V5", self._fold, self._both),
        ]
        yield self._run("V1", self._files)
        yield self._run("V2", self._note, self.signed and self.meeting is not None)
        yield from later
        for box in self._boxes():
            self.boxes[box.slot] = box
            yield from (Checked(finding, box.slot) for finding in box.findings())
        yield self._seventeenth()
        yield self._run("V18", self._numbers, self._both)
        yield self._run("V19", self._result, self._decided)
        yield self._run("V20", self._certified, self._decided)
        yield self._run("V21", self._closed, self.state is not None)

    def report(self, checked: tuple[Checked, ...]) -> RecordReport:
        """Put a report together from the findings of ``findings``."""
        whole = WHOLE if self.signed else tuple(check for check in WHOLE if check != "V2")
        needed = {"": whole, **{slot: box.needed for slot, box in self.boxes.items()}}
        if self.meeting is None or self.state is None:
            return RecordReport(checked, needed)
        agreed = any(
            one.finding.check == "V19" and one.finding.status == "passed" for one in checked
        )
        opened = self._opened() if agreed else None  # remarks are made of what was agreed on
        return RecordReport(checked, needed, remarks_of(self.meeting, self.state, opened))

    # --- the files, meeting, ledger --------------------------------------------------------------

    def _files(self) -> None:
        there = set(self.files)
        wanted = set(ALWAYS) | {path for path in there if slot_of(path)}
        if self.state is not None:
            wanted = set(expected_files(self.state))
        if not self.signed:
            wanted.discard(NOTE)
        if missing := sorted(wanted - there):
            raise VerificationError("file-missing", path=missing[0])
        if unknown := sorted(there - wanted):
            raise VerificationError("file-unknown", path=ascii(unknown[0])[1:-1])
        if not self.signed:
            return
        named = parse_note_text(parse_note(self.files[NOTE], "note").text).digests
        if unnamed := sorted((there - {NOTE}) ^ named.keys()):
            raise VerificationError("file-unnamed", path=unnamed[0])
        for path in sorted(named):
            if sha256_hex(self.files[path]) != named[path]:
                raise VerificationError("file-digest", path=path)

    def _note(self) -> None:
        assert self.meeting is not None
        known = note_signers(self.meeting)
        if NOTE not in self.files:
            raise VerificationError("note-incomplete", missing=sorted(known))
        note = parse_note(self.files[NOTE], "note")
        parse_note_text(note.text)
        signed = verify_note(note, known)
        if missing := sorted(set(known) - set(signed)):
            raise VerificationError("note-incomplete", missing=missing)

    def _meeting(self) -> None:
        if MEETING not in self.files:
            raise VerificationError("file-missing", path=MEETING)
        meeting = decode_meeting(self.files[MEETING])
        self.meeting = meeting
        try:
            first = decode_ledger(self.files.get(LEDGER, b""))[:1]
        except PiaojueError:
            return  # V4 says so
        for line in first:
            if line.act.kind == "freeze" and line.act.body["meeting"] != meeting.fingerprint:
                raise VerificationError("other-meeting")

    def _ledger(self) -> None:
        if LEDGER not in self.files:
            raise VerificationError("file-missing", path=LEDGER)
        self.lines = decode_ledger(self.files[LEDGER])
        head = GENESIS
        for height, line in enumerate(self.lines):
            if (line.act.height, line.act.parent) != (height, head):
                raise VerificationError("broken-chain", height=height)
            head = line.digest
        assert self.meeting is not None
        for height, line in enumerate(self.lines):
            with at(f"ledger[{height}]"):
                verify_signatures(self.meeting, line)

    def _fold(self) -> None:
        assert self.meeting is not None
        assert self.lines is not None
        state = State()
        for height, line in enumerate(self.lines):
            if line.act.kind == "count":
                self._before[height] = state
            with at(f"ledger[{height}] {line.act.kind}"):
                state = advance(self.meeting, state, line.act)
            state = replace(state, head=line.digest)
        self.state = state

    def _boxes(self) -> Iterator[Box]:
        slots = {slot: None for path in sorted(self.files) if (slot := slot_of(path))}
        if self.state is not None:
            opened = {slot: None for slot in self.state.rounds if slot in slots}
            slots = {**opened, **slots}
        for slot in slots:
            data = self.files.get(archive_path(slot))
            if data is not None:
                yield Box(
                    slot,
                    data,
                    self.files.get(proofs_path(slot)),
                    self.meeting,
                    self.state,
                    opened_at(self.lines or (), slot),
                    progress=self._told(slot),
                    workers=self.workers,
                )

    # --- the meeting as a whole ------------------------------------------------------------------

    def _seventeenth(self) -> Checked:
        """Check the counts that the fold reached; without all of them there is no yes."""
        found = self._run("V17", self._checkpoints, self._both)
        counts = sum(line.act.kind == "count" for line in self.lines or ())
        if found.finding.status == "passed" and len(self._before) != counts:
            return Checked(Finding("V17", ran=False))
        return found

    def _checkpoints(self) -> None:
        assert self.meeting is not None
        assert self.lines is not None
        for height, state in self._before.items():
            act = self.lines[height].act
            with at(f"ledger[{height}] {act.kind}"):
                rounds.count(self.meeting, state, act.body)

    def _numbers(self) -> None:
        assert self.meeting is not None
        assert self.lines is not None
        check_numbers(self.meeting, self.lines, self.boxes)

    def _result(self) -> None:
        assert self.meeting is not None
        assert self.state is not None
        assert self.lines is not None
        opened = self._opened() or {}
        verify_readings(self.meeting, self.state, self.lines, opened)
        verify_standings(self.meeting, self.state, self.lines, opened)
        remade = make_result(self.meeting, self.state, self.lines, opened)
        given = self.files.get(RESULT)
        if given is None:
            raise VerificationError("file-missing", path=RESULT)
        if given != remade:
            raise VerificationError("result-differs", place=first_difference(given, remade))

    def _certified(self) -> None:
        assert self.meeting is not None
        assert self.state is not None
        opened = self._opened() or {}
        for slot, one in self.state.rounds.items():
            if one.final_archive is None:
                continue
            digest = outcome_digest(round_outcome(self.meeting, one, opened[slot]))
            for signed in one.signed:
                if signed.outcome != digest:
                    raise VerificationError("certify-outcome", slot=slot, officer=signed.officer)
            if waiting := certification.next_signers(self.meeting, one):
                officers = [officer.id for officer in waiting]
                raise VerificationError("certify-missing", slot=slot, officers=officers)

    def _closed(self) -> None:
        assert self.state is not None
        if not self.state.closed:
            raise VerificationError("ledger-open")

    # --- what is ready ---------------------------------------------------------------------------

    @property
    def _both(self) -> bool:
        return self.meeting is not None and self.lines is not None

    @property
    def _decided(self) -> bool:
        return self._opened() is not None

    def _opened(self) -> dict[str, Opened] | None:
        """Return what was opened by slot; None unless every counted box passed its checks."""
        if self.state is None:
            return None
        found: dict[str, Opened] = {}
        for slot, one in self.state.rounds.items():
            if one.final_archive is None:
                continue
            opened = self.boxes[slot].opened() if slot in self.boxes else None
            if opened is None:
                return None
            found[slot] = opened
        return found

    def _run(self, check: str, body: Callable[[], None], ready: bool = True) -> Checked:
        return Checked(run_check(check, body) if ready else Finding(check, ran=False))

    def _told(self, slot: str) -> Callable[[int, int], None] | None:
        progress = self.progress
        if progress is None:
            return None
        return lambda done, total: progress(slot, done, total)
