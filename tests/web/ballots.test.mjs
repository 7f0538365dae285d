import assert from "node:assert/strict";
import { test } from "node:test";

import { hexToBytes } from "../../kiosk/web/src/crypto/bytes.js";
import { ED25519 } from "../../kiosk/web/src/crypto/group.js";
import { b64Fingerprint, freshScalars } from "../../kiosk/web/src/crypto/hashing.js";
import { signBallot } from "../../kiosk/web/src/crypto/signature.js";
import * as b from "../../kiosk/web/src/protocol/ballot.js";
import { verifyBallots } from "../../kiosk/web/src/protocol/box.js";
import { decodeElection, makeElection } from "../../kiosk/web/src/protocol/election.js";
import { PreparedSealing, ballotScalars } from "../../kiosk/web/src/protocol/prepared.js";
import * as spoil from "../../kiosk/web/src/protocol/spoil.js";
import { bytes, pseudoRandom, text, throwsAs, vectors } from "./vectors.mjs";

const SEALS = vectors("ballot", "seal");
const seal = (one, election, seed) =>
  b.sealBallot(election, BigInt(one.x), one.choices, { seed, signatureNonce: BigInt(one.nonce) });

for (const one of SEALS) {
  test(`a ballot is sealed: ${one.id}`, () => {
    const election = decodeElection(bytes(one.election));
    assert.equal(election.fingerprint, one.phi);
    const draw = ballotScalars(election, hexToBytes(one.seed));
    assert.deepEqual(one.scalars.map(() => `${draw()}`), one.scalars);

    const sealed = seal(one, election, hexToBytes(one.seed));

    assert.equal(text(sealed.data), one.ballot);
    assert.equal(sealed.tracker, one.tracker);
    assert.equal(b.shortTracker(sealed.tracker), one.short);
    assert.equal(b.sizeLimit(election), one.size_limit);
    b.verifyBallot(election, b.decodeBallot(sealed.data, election));
  });

  test(`a prepared ballot has the same bytes, and nothing was left to compute: ${one.id}`, () => {
    const election = decodeElection(bytes(one.election));
    const prepared = new PreparedSealing(election, hexToBytes(one.seed));

    const sealed = seal(one, election, prepared);

    assert.equal(text(sealed.data), one.ballot);
    assert.equal(prepared.misses, 0);
  });
}

test("whatever is chosen was foreseen, up to four outcomes; beyond, it is computed", () => {
  const question = { question: "?", answers: [..."abcdef"], minimum: 1, maximum: 6, blank: true };
  const election = ours([question]);
  for (const [choices, missed] of [
    [[0, 1, 1, 0, 0, 0, 0], false],
    [[1, 0, 0, 0, 0, 0, 0], false],
    [[0, 1, 1, 1, 1, 1, 1], true],
  ]) {
    const seed = pseudoRandom(5)(32);
    const prepared = new PreparedSealing(election, Uint8Array.from(seed));
    const one = { x: 5n, choices: [choices], nonce: 9n };
    const sealed = seal(one, election, prepared);
    assert.deepEqual(sealed.data, seal(one, election, seed).data);
    assert.equal(prepared.misses > 0, missed);
  }
});

test("a prepared sealing serves once, and leaves no seed", () => {
  const one = SEALS[0];
  const election = decodeElection(bytes(one.election));
  const prepared = new PreparedSealing(election, hexToBytes(one.seed));
  seal(one, election, prepared);
  throwsAs({ code: "sealing-used" }, () => seal(one, election, prepared));
  prepared.drop();
  assert.ok(prepared.seed.every((byte) => byte === 0));
});

test("choices that a question does not allow are refused without being quoted", () => {
  const one = SEALS[0];
  const election = decodeElection(bytes(one.election));
  for (const choices of [[[1, 1, 0]], [[0, 0, 0]], [[2, 0, 0]], [[1, 0]], [[1.5, 0, 0]], [], "1"]) {
    assert.throws(
      () => b.sealBallot(election, 5n, choices, { seed: new Uint8Array(32), signatureNonce: 1n }),
      { code: "malformed" },
    );
  }
  throwsAs({ code: "malformed", place: "seed" }, () => seal(one, election, new Uint8Array(31)));
});

for (const one of vectors("ballot", "refuse")) {
  test(`a ballot is refused: ${one.id}`, () => {
    const election = decodeElection(bytes(one.election));
    throwsAs(one.error, () =>
      b.verifyBallot(election, b.decodeBallot(bytes(one.ballot), election)),
    );
    assert.throws(
      () => verifyBallots(election, [bytes(one.ballot)], { rand: pseudoRandom() }),
      (error) => error.code === one.error.code && error.params.ballot === 0,
    );
  });
}

test("a ballot whose signature is over another hash is refused", () => {
  const [one] = SEALS;
  const election = decodeElection(bytes(one.election));
  const hash = b64Fingerprint("another ballot");
  const value = JSON.parse(one.ballot);
  const { challenge, response } = signBallot(ED25519, BigInt(one.x), hash, 5n);
  value.signature = { hash, proof: { challenge: `${challenge}`, response: `${response}` } };
  const ballot = b.decodeBallot(bytes(JSON.stringify(value)), election);
  throwsAs({ code: "ballot-signature" }, () => b.verifyBallot(election, ballot));
});

for (const one of vectors("spoil", "open")) {
  test(`a spoiled ballot is opened: ${one.id}`, () => {
    const election = decodeElection(bytes(one.election));
    const check = () => {
      const opening = spoil.decodeOpening(bytes(one.opening), election);
      assert.equal(text(spoil.encodeOpening(opening)), one.opening);
      return spoil.checkOpening(election, opening, one.tracker);
    };
    if (one.error) throwsAs(one.error, check);
    else assert.equal(text(check()), one.ballot);
  });
}

test("an opening says of which election it is", () => {
  const [one] = vectors("spoil", "open");
  const election = decodeElection(bytes(one.election));
  assert.equal(spoil.openingElection(bytes(one.opening)), election.uuid);
});

test("a box is verified together, and the bad ballot is named", () => {
  const question = { question: "?", answers: ["a", "b", "c"], minimum: 1, maximum: 1 };
  const election = ours(Array(3).fill(question));
  const rand = pseudoRandom(3);
  const draw = freshScalars(rand, ED25519);
  const box = Array.from({ length: 55 }, () => {
    const choices = election.questions.map(() => [0, 1, 0]);
    return b.sealBallot(election, draw(), choices, { seed: rand(32), signatureNonce: draw() }).data;
  });
  const seen = [];
  const decoded = verifyBallots(election, box, { rand, progress: (...at) => seen.push(at) });
  assert.equal(decoded.length, 55);
  assert.deepEqual(seen.at(-1), [55, 55]);
  assert.equal(decoded[54].tracker, b.tracker(box[54]));

  // Plus the point of order 2, (0, -1): both coordinates change sign.
  const other = text(box[7]);
  const alpha = decoded[7].answers[0].choices[0].alpha;
  const bad = other.replace(alpha.text, withTorsion(alpha));
  assert.throws(
    () => verifyBallots(election, box.with(7, bytes(bad)), { rand }),
    (error) =>
      error.params.place === "ballot.answers[0].choices[0].alpha" && error.params.ballot === 7,
  );
});

function ours(questions) {
  return decodeElection(
    makeElection({
      uuid: "11111111111111111112Ae",
      name: "会议",
      description: "",
      publicKey: ED25519.multiplyGenerator(7n),
      questions,
    }),
  );
}

/** The text of an element plus the point of order 2. */
function withTorsion(element) {
  const P = 2n ** 255n - 19n;
  const { x, y } = element.point.toAffine();
  const number = P - y + (((P - x) & 1n) << 255n);
  return number.toString(16).padStart(64, "0");
}
