"""Small whole elections with every secret known, so that a test can forge one thing at a time.

``Box`` makes an honest archive; a test changes one of its parts before or while it is written, and
everything after it is made consistent again: signatures, hashes, the chain.
"""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from voting.crypto import dkg
from voting.crypto.group import ED25519
from voting.crypto.hashing import b64_fingerprint, hash_to_scalar
from voting.crypto.proofs import Proof, prove_knowledge, texts
from voting.crypto.signature import sign_ballot, sign_message
from voting.protocol import codec
from voting.protocol.archive import ArchiveWriter, SizedTally
from voting.protocol.ballot import decode_ballot, seal_ballot
from voting.protocol.certificates import (
    SignedText,
    approval_message,
    certificate_message,
    coefficients_message,
    decode_certificate,
    decode_coefficients,
)
from voting.protocol.credential import encode_credentials
from voting.protocol.election import (
    HomomorphicQuestion,
    NonHomomorphicQuestion,
    decode_election,
    make_election,
)
from voting.protocol.result import Result, encode_result, open_elements, open_result
from voting.protocol.shares import (
    PartialDecryption,
    encode_partial_decryption,
    make_partial_decryption,
)
from voting.protocol.shuffles import after_shuffle, encode_shuffle, make_shuffle
from voting.protocol.tally import TallyBuilder, encode_tally
from voting.protocol.trustees import Pedersen, TrusteeKey, decode_trustees, encode_trustees
from voting.protocol.values import proof_json

if TYPE_CHECKING:
    from voting.crypto.elgamal import Ciphertext
    from voting.crypto.group import Group

G = ED25519
UUID = "ForgedE1ection"
TIMESTAMP = 1_795_289_156
EXACTLY_ONE = HomomorphicQuestion(
    question="第1项", answers=("同意", "不同意", "弃权"), minimum=1, maximum=1
)
PLAIN = NonHomomorphicQuestion(question="名单", answers=("1", "2"))
AGREE, AGAINST, ABSTAIN = (1, 0, 0), (0, 1, 0), (0, 0, 1)


class Chance:
    """Repeatable randomness for a test; ``draw`` gives scalars, ``rand`` bytes."""

    def __init__(self, seed: int = 1, group: Group = G) -> None:
        self.group = group
        self._random = random.Random(seed)

    def draw(self) -> int:
        return self._random.randrange(1, self.group.order)

    def rand(self, size: int) -> bytes:
        return self._random.randbytes(size)


@dataclass
class Members:
    """The secrets of a Pedersen group; ``dishonest`` changes a member's texts before signing."""

    chance: Chance
    size: int = 3
    threshold: int = 2
    context: dict[int, dict[str, int]] = field(default_factory=dict)
    degree: dict[int, int] = field(default_factory=dict)
    keys: dict[int, int] = field(default_factory=dict)
    shares: list[int] = field(default_factory=list)

    def make(self) -> Pedersen:
        group, draw = self.chance.group, self.chance.draw
        indexes = range(1, self.size + 1)
        secrets = {i: self.keys.get(i, draw()) for i in indexes}
        polynomials = {
            i: dkg.draw_polynomial(group, self.degree.get(i, self.threshold), draw) for i in indexes
        }
        certs = []
        for i in indexes:
            expected = {"size": self.size, "threshold": self.threshold, "index": i}
            message = certificate_message(
                group,
                **{**expected, **self.context.get(i, {})},
                verification=secrets[i] * group.generator,
                encryption=draw() * group.generator,
            )
            certs.append(self.signed(secrets[i], message))
        committed = {i: dkg.commit(group, polynomials[i]) for i in indexes}
        coefficients = [
            self.signed(secrets[i], coefficients_message(committed[i])) for i in indexes
        ]
        self.shares = [
            dkg.combine_shares(group, (polynomials[i].share(j) for i in indexes)) for j in indexes
        ]
        return Pedersen(
            self.threshold,
            tuple(decode_certificate(c.json(), "c", group) for c in certs),
            tuple(decode_coefficients(c.json(), "c", group) for c in coefficients),
            tuple(
                sign_message(group, secrets[i], approval_message(certs, committed[i]), draw())
                for i in indexes
            ),
            tuple(
                TrusteeKey(
                    prove_knowledge(group, x, draw),
                    x * group.generator,
                    sign_message(group, secrets[i], (x * group.generator).text, draw()),
                )
                for i, x in zip(indexes, self.shares, strict=True)
            ),
        )

    def signed(self, secret: int, message: str) -> SignedText:
        group = self.chance.group
        return SignedText(message, sign_message(group, secret, message, self.chance.draw()))


class Box:
    """One election. Everything that is not given is honest.

    Args:
        choices: of each voter, for each question.
        weights: of each voter; all 1 when left out.
    """

    def __init__(self, *questions, choices, members=None, weights=None, seed=1, group=G):
        self.chance = Chance(seed, group)
        self.members = members or Members(self.chance)
        self.group = self.members.make()
        self.trustees = encode_trustees([self.group])
        self.election = make_election(
            uuid=UUID,
            name="n",
            description="d",
            public_key=self.group.public_key,
            questions=questions,
            group=group,
        )
        self.decoded = decode_election(self.election, groups={group.name: group})
        self.secrets = [self.chance.draw() for _ in choices]
        public = [x * group.generator for x in self.secrets]
        self.weights = weights or [1] * len(choices)
        self.credentials = encode_credentials(public)
        if weights:
            lines = ",".join(f'"{p.text},{w}"' for p, w in zip(public, weights, strict=True))
            self.credentials = f"[{lines}]".encode()
        self.ballots = [
            self.seal(x, chosen) for x, chosen in zip(self.secrets, choices, strict=True)
        ]

    def seal(self, secret, chosen):
        return seal_ballot(
            self.decoded,
            secret,
            chosen,
            seed=self.chance.rand(32),
            signature_nonce=self.chance.draw(),
        ).data

    def resigned(self, index, change) -> bytes:
        """Return a ballot after ``change(its JSON)``, with a right hash and signature again."""
        value = json.loads(self.ballots[index])
        del value["signature"]
        change(value)
        hashed = b64_fingerprint(codec.encode(value))
        group, secret = self.decoded.group, self.secrets[index]
        proof = proof_json(sign_ballot(group, secret, hashed, self.chance.draw()))
        return codec.encode({**value, "signature": {"hash": hashed, "proof": proof}})

    def sum(self, ballots=None):
        """Return the tally of these ballots as (ciphertexts, number, weight)."""
        builder = TallyBuilder(self.decoded)
        ballots = self.ballots if ballots is None else ballots
        for data, weight in zip(ballots, self.weights, strict=False):
            builder.add(decode_ballot(data, self.decoded).answers, weight)
        return builder.ciphertexts(), builder.num_tallied, builder.total_weight

    def opened(self) -> Opening:
        """Return everything after the ballots, still to be written."""
        return Opening(self)

    def begun(self) -> tuple[ArchiveWriter, bytes]:
        """Return a writer and the bytes up to the last ballot."""
        writer = ArchiveWriter(TIMESTAMP)
        data = writer.setup(self.election, self.trustees, self.credentials)
        return writer, data + b"".join(writer.ballot(b) for b in self.ballots)


class Opening:
    """The steps after the ballots, each of which a test may replace."""

    def __init__(self, box: Box) -> None:
        self.box, self.chance, self.election = box, box.chance, box.decoded
        self.tally, self.number, self.weight = box.sum()
        self.ciphertexts = self.tally
        self.shuffles = []
        self.shares = []
        self.result: bytes | None = None

    def shuffle(self, owner=1):
        made = make_shuffle(self.election, self.ciphertexts, self.chance.rand, self.chance.draw)
        self.ciphertexts = after_shuffle(self.election, self.ciphertexts, made)
        self.shuffles.append((owner, encode_shuffle(made)))
        return self

    def share(self, owner) -> PartialDecryption:
        secret = self.box.members.shares[owner - 1]
        return make_partial_decryption(self.election, self.ciphertexts, secret, self.chance.draw)

    def decrypt(self, *owners):
        self.shares += [(k, encode_partial_decryption(self.share(k))) for k in owners]
        return self

    def elements(self, shares):
        trustees = decode_trustees(self.box.trustees, self.election.group)
        return open_elements(trustees, self.ciphertexts, shares)

    def open(self, *owners):
        """State the honest result."""
        shares = {k: self.share(k) for k in owners or (1, 2)}
        self.result = encode_result(
            open_result(self.election, self.elements(shares), self.weight).result
        )
        return self

    def state(self, *questions):
        """State some other result."""
        self.result = encode_result(Result(questions))
        return self

    def archive(self) -> bytes:
        writer, data = self.box.begun()
        data += writer.end_ballots()
        data += writer.encrypted_tally(
            SizedTally(encode_tally(self.tally), self.number, self.weight)
        )
        data += b"".join(writer.shuffle(*s) for s in self.shuffles)
        if self.shuffles:
            data += writer.end_shuffles()
        data += b"".join(writer.partial_decryption(*s) for s in self.shares)
        return data + writer.result(self.result) if self.result is not None else data


def weak_factor(election, secret: int, ciphertext: Ciphertext, chance: Chance):
    """Return a wrong factor with a version 1 proof that verifies, and its ratio to alpha.

    The challenge hashes neither alpha nor the factor: so commit to B = b·alpha for any b, take
    the challenge, and solve B = r·alpha + c·F for F.
    """
    public, alpha = secret * G.generator, ciphertext.alpha
    w, b = chance.draw(), chance.draw()
    prefix = f"decrypt|{election.fingerprint}|{public.text}|"
    c = hash_to_scalar(G, prefix, texts(w * G.generator, b * alpha))
    r = (w - secret * c) % G.order
    ratio = (b - r) * pow(c, -1, G.order) % G.order
    return ratio * alpha, Proof(c, r), ratio
