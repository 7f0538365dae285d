"""The meeting of a rehearsal, step by step, as the people in it would do it."""

from __future__ import annotations

import secrets
import shlex
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING

from kiosk.device.tickets import make_tickets
from kiosk.files import write_new
from kiosk.rehearsal.devices import KIOSKS, Devices
from kiosk.rehearsal.minds import make_minds
from kiosk.rehearsal.reading import read_entry, summary
from kiosk.rehearsal.voters import Voter, visit
from voting.crypto.hashing import sha256_hex
from voting.errors import VerificationError
from voting.meeting import binding
from voting.meeting.fold import fold
from voting.meeting.frozen import decode_meeting
from voting.meeting.readings import asks_in_words
from voting.meeting.state import ENDS, RoundState, State
from voting.protocol import codec

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import ExitStack
    from pathlib import Path

    from kiosk.device.kiosk import Kiosk
    from kiosk.rehearsal.room import Program
    from voting.meeting.binding import Paper
    from voting.meeting.draft import Draft
    from voting.meeting.frozen import Group, Meeting
    from voting.protocol.credential import Token
    from voting.rules.shapes import Standing


@dataclass(slots=True)
class Play:
    """One rehearsal. ``private`` is a folder that is removed at the end, ``out`` stays."""

    draft: Draft
    private: Path
    out: Path
    seed: int | None
    tell: Callable[..., None]
    stack: ExitStack
    devices: Devices = field(init=False)
    tokens: dict[str, list[Token]] = field(default_factory=dict, repr=False)
    voters: list[Voter] = field(default_factory=list, repr=False)
    meeting: Meeting | None = None
    folded: State = field(default_factory=State, repr=False)
    printed: int = 0

    def __post_init__(self) -> None:
        self.devices = Devices(self.private, self.stack)

    def run(self) -> Path:
        """Play everything; return the path of ``record.zip``."""
        self.start()
        self.ceremony()
        self.freeze()
        self.tickets()
        self.sign_in()
        self.introduce()
        while slots := self.open_papers():
            heads = self.vote()
            self.seal(slots, heads)
            self.read(slots)
            self.certify(slots)
        return self.close()

    # --- before the meeting ----------------------------------------------------------------------

    def start(self) -> None:
        """Start the server, then all devices."""
        codes = self.devices.serve()
        self.tell("server", url=self.devices.server)
        self.devices.enrol(self.draft, codes)
        self.tell(
            "devices", officers=len(self.officers), trustees=len(self.trustees), kiosks=KIOSKS
        )

    def ceremony(self) -> None:
        """Hear the code from every device, compare, confirm; then the rehearsal decryption."""
        codes = [program.hear("code")["code"] for program in self.trustees]
        if len(set(codes)) != 1:
            raise VerificationError("ceremony-code")
        self.tell("code", code=codes[0], devices=len(codes))
        for program in self.trustees:
            program.type("yes")
        for program in self.trustees:
            program.hear("rehearsed")
        self.tell("rehearsed", threshold=self.draft.threshold, size=len(self.trustees))

    def freeze(self) -> None:
        """Freeze: secretary and scrutineer sign on their devices."""
        self.devices.propose(self.secretary, "freeze", {}, signers=2)
        self.meeting = decode_meeting(self.devices.meeting())
        self.tell("frozen", code=self.meeting.code)

    def tickets(self) -> None:
        """Print the tickets on this machine, and upload their public parts."""
        meeting = self._frozen()
        printed = make_tickets(meeting, rand=secrets.token_bytes)
        for series, sheet in printed.sheets.items():
            write_new(self.out / f"tickets-{series}.pdf", sheet)
        public = self.private / "public.json"
        write_new(public, printed.public)
        self.officers[self.secretary].command(f"upload {shlex.quote(str(public))}")
        self.tokens = {series: list(tokens) for series, tokens in printed.tokens.items()}
        self.tell("tickets", printed=sum(len(tokens) for tokens in self.tokens.values()))

    # --- in the room -----------------------------------------------------------------------------

    def sign_in(self) -> None:
        """Everybody who comes signs in; a member draws a ticket in the same motion."""
        counted = {
            group.id: [f"{group.id} {n}" for n in range(1, self._coming(group) + 1)]
            for group in self.draft.groups
        }
        named = [person.label for person in self.draft.roll if person.series is not None]
        minds = make_minds(self.draft, [*named, *chain(*counted.values())], self.seed)
        secretary = self.officers[self.secretary]
        for tokens in self.tokens.values():
            secrets.SystemRandom().shuffle(tokens)
        for person in self.draft.roll:
            if person.label in self.draft.rehearsal.absent:
                continue
            secretary.command(f"attend {shlex.quote(person.label)}")
            if person.series is not None:
                token = self.tokens[person.series].pop()
                self.voters.append(Voter(person.label, token, minds[person.label]))
        for group in self.draft.groups:
            people = counted[group.id]
            secretary.command(f"present {group.id} {len(people)}")
            for label in people:
                token = self.tokens[group.series].pop()
                self.voters.append(Voter(label, token, minds[label]))
        for item, names in self.draft.rehearsal.recused.items():
            for name in names:
                secretary.command(f"recuse {shlex.quote(name)} {item}")
        due = len(named) + sum(group.count for group in self.draft.groups)
        self.tell("signed-in", due=due, present=len(self.voters))

    def introduce(self) -> None:
        """Enter the gates of the room for every item."""
        meeting, secretary = self._frozen(), self.officers[self.secretary]
        for item in meeting.items:
            for step in meeting.rule_of(item).room_gates:
                secretary.command(f"room {item} {step}")
        self.tell("introduced", items=len(meeting.items))

    def open_papers(self) -> list[str]:
        """Void leftovers, let the recused withdraw, have the trustees agree, open every paper.

        First of all items, then of next rounds of contests as long as the rule has any.
        """
        meeting, state = self._frozen(), self._state()
        papers = binding.propose_rounds(meeting, state, self._following(state))
        for paper in papers:
            self._void_leftovers(paper)
            self._withdraw(paper)
        for paper in papers:
            self._open(paper)
        return [paper.slot for paper in papers]

    def vote(self) -> dict[str, int]:
        """Every member goes to a kiosk once; return the heads counted at the door, by slot."""
        meeting = self._frozen()
        heads: dict[str, int] = {}
        queue = list(self.voters)
        secrets.SystemRandom().shuffle(queue)
        for n, voter in enumerate(queue):
            check = n < self.draft.rehearsal.spoils
            kiosk = self.kiosks[n % len(self.kiosks)]
            for slot in visit(meeting, kiosk, voter, check=check, saw=self._checked):
                heads[slot] = heads.get(slot, 0) + 1
        self.tell("voted", voters=len(queue), ballots=sum(heads.values()))
        return heads

    # --- after the vote --------------------------------------------------------------------------

    def seal(self, slots: list[str], heads: dict[str, int]) -> None:
        """Seal every box, state no objection, and wait for the trustees to count."""
        scrutineers = [one.id for one in self._frozen().with_role("scrutineer")]
        for slot in slots:
            wish = {"slot": slot, "heads": heads.get(slot, 0), "override": False}
            self.devices.propose(self.secretary, "seal", wish, signers=2)
            if self._state().rounds[slot].state is RoundState.SEALED:
                self.devices.propose(
                    scrutineers[0], "no-objection", {"slot": slot}, signers=len(scrutineers)
                )
            self.tell("sealed", slot=slot[:8], ballots=heads.get(slot, 0))
        self.devices.wait(
            lambda: all(_over(self._state(), slot) for slot in slots),
            self.trustees,
            what="trustees",
            every=0.2,
        )
        self.tell("counted", rounds=len(slots))

    def read(self, slots: list[str]) -> None:
        """Two scrutineers read what was written in words, if anything was, and sign it."""
        meeting = self._frozen()
        readers = [one.id for one in meeting.with_role("scrutineer")]
        for slot in slots:
            held = self._state().rounds[slot]
            if held.state is not RoundState.COUNTED or not asks_in_words(meeting, held):
                continue
            program = self.officers[readers[0]]
            program.command(f"words {slot}")
            found = codec.decode_exact(program.hear("words")["entries"].encode(), "words")
            if not isinstance(found, list) or not found:
                continue
            entries = [read_entry(one) for one in found]
            body: dict[str, object] = {"slot": slot, "entries": entries}
            self.devices.propose(readers[0], "reading", body, signers=2)
            self.tell("read", **summary(entries))

    def certify(self, slots: list[str]) -> None:
        """Let the rule's officers sign, by key on their devices or by pen with a witness."""
        meeting = self._frozen()
        page = self._print_forms()
        for slot in slots:
            rule = meeting.rules[self._state().rounds[slot].rule]
            if self._state().rounds[slot].state is not RoundState.COUNTED:
                continue
            for signer in rule.signers:
                for officer in meeting.with_role(signer.role)[: signer.count]:
                    pen = None
                    if officer.key is None:
                        pen = {"page": page, "confirmed_by": self.secretary}
                    wish = {"slot": slot, "officer": officer.id, "pen": pen}
                    by = officer.id if pen is None else self.secretary
                    self.devices.propose(by, "certify", wish, signers=1)
        self.tell("certified", rounds=len(slots))

    def close(self) -> Path:
        """Wait until the shares are destroyed, close, and collect the signed record."""
        for program in self.trustees:
            program.hear("destroyed")
        self.tell("destroyed", shares=len(self.trustees))
        self.devices.propose(self.secretary, "close", {}, signers=1)
        for program in self.officers.values():
            program.hear("record-signed")
        path = self.out / "record.zip"
        self.officers[self.secretary].command(f"record {shlex.quote(str(path))}")
        self.tell("closed", signers=len(self.officers))
        return path

    # ---------------------------------------------------------------------------------------------

    @property
    def secretary(self) -> str:
        """The secretary's id."""
        return next(one.id for one in self.draft.officers if one.role == "secretary")

    @property
    def officers(self) -> dict[str, Program]:
        return self.devices.officers

    @property
    def trustees(self) -> list[Program]:
        return self.devices.trustees

    @property
    def kiosks(self) -> list[Kiosk]:
        return self.devices.kiosks

    def _coming(self, group: Group) -> int:
        """Return how many of a counted group come, as the draft says for the rehearsal."""
        return group.count - self.draft.rehearsal.away.get(group.id, 0)

    def _state(self) -> State:
        new = self.devices.lines(self.folded.height)
        self.folded = fold(self._frozen(), new, self.folded)
        return self.folded

    def _following(self, state: State) -> dict[str, Standing]:
        """Ask the secretary's device who stands in the next rounds; before any there are none."""
        if not state.rounds:
            return {}
        program = self.officers[self.secretary]
        program.command("next")
        said = codec.decode_exact(program.hear("next")["standings"].encode(), "next")
        return binding.standings_of({"standings": said})

    def _frozen(self) -> Meeting:
        assert self.meeting is not None
        return self.meeting

    def _void_leftovers(self, paper: Paper) -> None:
        meeting = self._frozen()
        for series in paper.series:
            for token in self.tokens[series]:
                self.kiosks[0].void(token, paper.slot, "leftover", meeting.fingerprint)
        self.tell(
            "leftovers", slot=paper.slot[:8], tickets=sum(len(self.tokens[s]) for s in paper.series)
        )

    def _withdraw(self, paper: Paper) -> None:
        """Who is recused from this paper takes his own ticket out of its slot, at a kiosk."""
        meeting = self._frozen()
        recused = {
            name for item in paper.items for name in self.draft.rehearsal.recused.get(item, ())
        }
        if not paper.recused:
            return
        for voter in self.voters:
            if voter.label in recused:
                self.kiosks[1].void(voter.token, paper.slot, "withdraw", meeting.fingerprint)
                voter.out.add(paper.slot)
        self.tell("withdrawn", slot=paper.slot[:8], members=paper.recused)

    def _open(self, paper: Paper) -> None:
        items, series = ",".join(paper.items), ",".join(paper.series)
        self.officers[self.secretary].command(f"prepare {items} {series}")
        for program in self.trustees:
            program.hear("agreed")
        self.devices.propose(self.secretary, "open", {}, signers=2)
        self.tell("opened", slot=paper.slot[:8], items=len(paper.items))

    def _checked(self, tracker: str) -> None:
        self.tell("checked", tracker=tracker[:12])

    def _print_forms(self) -> str:
        """Print the forms for who signs by pen, and upload them as scanned; return the digest."""
        self.printed += 1
        number = "" if self.printed == 1 else f"-{self.printed}"
        path = self.out / f"forms-to-sign{number}.pdf"
        self.officers[self.secretary].command(f"forms {shlex.quote(str(path))}")
        self.officers[self.secretary].command(f"page {shlex.quote(str(path))}")
        return sha256_hex(path.read_bytes())


def _over(state: State, slot: str) -> bool:
    one = state.rounds[slot]
    return one.state in ENDS or one.state is RoundState.COUNTED
