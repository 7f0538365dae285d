"""The archive that is verified: one vote of ten questions with three choices, to its result.

Made once and kept under ``.tools/bench``, because sealing takes longer than verifying. Fresh
random keys; the trustees are a Pedersen group, two of three.
"""

from __future__ import annotations

import secrets
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from tally.count import combine, complete_archive
from tally.release import Factors
from tests.support.forger import EXACTLY_ONE, TIMESTAMP, Chance, Members
from voting.crypto.group import ED25519
from voting.crypto.hashing import fresh_scalars
from voting.protocol.archive import ArchiveWriter, read_archive
from voting.protocol.ballot import decode_ballot, seal_ballot, tracker
from voting.protocol.credential import encode_credentials
from voting.protocol.election import decode_election, make_election
from voting.protocol.shares import (
    SecondProofs,
    encode_partial_decryption,
    encode_second_proofs,
    make_partial_decryption,
    make_second_proofs,
)
from voting.protocol.tally import TallyBuilder
from voting.protocol.trustees import decode_trustees, encode_trustees

FOLDER = Path(__file__).parents[2] / ".tools" / "bench"
QUESTIONS = (EXACTLY_ONE,) * 10
CHOICES = ((1, 0, 0), (0, 1, 0), (0, 0, 1))


def archive(ballots: int) -> Path:
    """Return a complete archive with this many ballots, alone in its folder."""
    uuid = f"Benchmark{ballots:06}".replace("0", "o")
    path = FOLDER / uuid / f"{uuid}.bel"
    if not path.exists():
        data = _make(uuid, ballots)
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        part.write_bytes(data)
        part.rename(path)
    return path


def choose(voter: int) -> list[tuple[int, ...]]:
    """Return what a voter chooses: anything but the same in every question."""
    return [CHOICES[(voter + i * i) % 3] for i in range(len(QUESTIONS))]


def seal(election: bytes, secret: int, voter: int) -> bytes:
    """Seal one ballot from fresh randomness."""
    draw = fresh_scalars(secrets.token_bytes, ED25519)
    return seal_ballot(
        decode_election(election),
        secret,
        choose(voter),
        seed=secrets.token_bytes(32),
        signature_nonce=draw(),
    ).data


def _make(uuid: str, ballots: int) -> bytes:
    draw = fresh_scalars(secrets.token_bytes, ED25519)
    members = Members(Chance(secrets.randbits(128)))
    group = members.make()
    trustees = encode_trustees([group])
    raw = make_election(
        uuid=uuid, name="票决", description="", public_key=group.public_key, questions=QUESTIONS
    )
    voters = [draw() for _ in range(ballots)]
    credentials = encode_credentials([ED25519.multiply_generator(x) for x in voters])
    writer = ArchiveWriter(TIMESTAMP)
    parts = [writer.setup(raw, trustees, credentials)]
    election = decode_election(raw)
    builder = TallyBuilder(election)
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        made = pool.map(seal, [raw] * ballots, voters, range(ballots), chunksize=8)
        for data in sorted(made, key=tracker):
            parts.append(writer.ballot(data))
            builder.add(decode_ballot(data, election).answers)
    sealed = b"".join([*parts, writer.end_ballots()])
    ciphertexts = builder.ciphertexts()

    def answer(owner: int) -> Factors:
        share = members.shares[owner - 1]
        partial = make_partial_decryption(election, ciphertexts, share, draw)
        second = {owner: make_second_proofs(election, ciphertexts, share, draw)}
        proofs = encode_second_proofs(SecondProofs(uuid, second))
        return Factors(owner, encode_partial_decryption(partial), proofs)

    count = combine(
        election,
        decode_trustees(trustees, ED25519),
        ciphertexts,
        [answer(1), answer(2)],
        number=ballots,
    )
    return complete_archive(sealed, read_archive(sealed), count)
