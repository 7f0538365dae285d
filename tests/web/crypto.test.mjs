import assert from "node:assert/strict";
import { test } from "node:test";

import { ed25519 } from "../../kiosk/web/node_modules/@noble/curves/ed25519.js";

import { hexToBytes } from "../../kiosk/web/src/crypto/bytes.js";
import { Ciphertext, Encryptor, Opening } from "../../kiosk/web/src/crypto/elgamal.js";
import { ED25519, Element, decodeScalar } from "../../kiosk/web/src/crypto/group.js";
import * as hashing from "../../kiosk/web/src/crypto/hashing.js";
import { allMembers } from "../../kiosk/web/src/crypto/membership.js";
import * as proofs from "../../kiosk/web/src/crypto/proofs.js";
import * as signature from "../../kiosk/web/src/crypto/signature.js";
import { FixedBase, multiplyMany } from "../../kiosk/web/src/crypto/tables.js";
import { FormatError, PiaojueError, ProofError } from "../../kiosk/web/src/errors.js";
import { data, pseudoRandom } from "./vectors.mjs";

const element = (text) => ED25519.decode(text);
const scalar = (text) => decodeScalar(text, ED25519.order);
const sealedOf = ({ alpha, beta }) => new Ciphertext(element(alpha), element(beta));
const proof = ({ challenge, response }) => ({
  challenge: scalar(challenge),
  response: scalar(response),
});
const shown = ({ challenge, response }) => ({ challenge: `${challenge}`, response: `${response}` });
const shownSealed = ({ alpha, beta }) => ({ alpha: alpha.text, beta: beta.text });
const stream = (seed) => hashing.seededScalars(hexToBytes(seed), "test", ED25519);
const numbers = (choices) => choices.map(BigInt);

// The names and fields of tests/support/crypto_vectors.py.
const OPERATIONS = {
  decode: ({ text }) => element(text).text,
  decode_number: ({ text }) => `${scalar(text)}`,
  multiply: ({ k, text }) => element(text).multiply(BigInt(k)).text,
  add: ({ left, right }) => element(left).add(element(right)).text,
  derive_generator: ({ i }) => ED25519.deriveGenerator(i).text,
  embed: ({ numbers: listed }) => ED25519.embed(listed).text,
  extract: ({ n, text }) => ED25519.extract(n, element(text)),
  hash_to_scalar: ({ parts }) => `${hashing.hashToScalar(ED25519, ...parts)}`,
  fingerprint: ({ text }) => hashing.b64Fingerprint(text),
  code: ({ digest }) => hashing.code80bits(digest),
  expand: ({ seed, label, count }) => {
    const draw = hashing.seededScalars(hexToBytes(seed), label, ED25519);
    return Array.from({ length: count }, () => `${draw()}`);
  },
  prove_disjunction: ({ public_key, context, m, r, choices, seed }) => {
    const key = element(public_key);
    const opening = new Opening(scalar(r), BigInt(m));
    const encryptor = new Encryptor(ED25519, key);
    const sealed = encryptor.encrypt(opening.m, opening.r);
    const listed = numbers(choices);
    const made = proofs.proveDisjunction(encryptor, context, sealed, opening, listed, stream(seed));
    return { ciphertext: shownSealed(sealed), proofs: made.map(shown) };
  },
  verify_disjunction: ({ public_key, context, sealed, choices, proofs: made }) => {
    const listed = [ED25519, element(public_key), context, sealedOf(sealed), numbers(choices)];
    proofs.verifyDisjunction(...listed, made.map(proof));
    return null;
  },
  prove_blank: ({ public_key, context, openings, choices, seed }) => {
    const key = element(public_key);
    const pair = openings.map(({ r, m }) => new Opening(scalar(r), BigInt(m)));
    const encryptor = new Encryptor(ED25519, key);
    const made =
      choices === null
        ? proofs.proveBlank(encryptor, context, ...pair, stream(seed))
        : proofs.proveOverallBlank(encryptor, context, ...pair, numbers(choices), stream(seed));
    const sealed = pair.map(({ r, m }) => shownSealed(encryptor.encrypt(m, r)));
    return { sealed, proofs: made.map(shown) };
  },
  verify_blank: ({ public_key, context, sealed, choices, proofs: made }) => {
    const statement = [ED25519, element(public_key), context, ...sealed.map(sealedOf)];
    if (choices === null) proofs.verifyBlank(...statement, made.map(proof));
    else proofs.verifyOverallBlank(...statement, numbers(choices), made.map(proof));
    return null;
  },
  prove_plaintext: ({ public_key, context, numbers: listed, r, seed }) => {
    const key = element(public_key);
    const encryptor = new Encryptor(ED25519, key);
    const sealed = encryptor.encryptElement(ED25519.embed(listed), scalar(r));
    const made = proofs.provePlaintext(encryptor, context, sealed, scalar(r), stream(seed));
    return { ciphertext: shownSealed(sealed), proof: shown(made) };
  },
  verify_plaintext: ({ public_key, context, sealed, made }) => {
    const key = element(public_key);
    proofs.verifyPlaintext(ED25519, key, context, sealedOf(sealed), proof(made));
    return null;
  },
  prove_knowledge: ({ secret, seed }) =>
    shown(proofs.proveKnowledge(ED25519, scalar(secret), stream(seed))),
  verify_knowledge: ({ public_key, made }) => {
    proofs.verifyKnowledge(ED25519, element(public_key), proof(made));
    return null;
  },
  sign: ({ secret, tag, text, nonce }) =>
    shown(signature.sign(ED25519, scalar(secret), tag, text, scalar(nonce))),
  verify_signature: ({ public_key, tag, text, made }) => {
    signature.verify(ED25519, element(public_key), tag, text, proof(made));
    return null;
  },
};

for (const name of ["crypto-group", "crypto-ballots", "crypto-signatures"]) {
  for (const vector of data(name).tests) {
    test(`${name} ${vector.id} ${vector.op}: ${vector.comment}`, () => {
      let output = null;
      let error = null;
      try {
        output = OPERATIONS[vector.op](vector);
      } catch (caught) {
        assert.ok(caught instanceof PiaojueError, caught.stack);
        error = caught.name;
      }
      assert.deepEqual({ output, error }, { output: vector.output, error: vector.error });
    });
  }
}

const { Point } = ed25519;
const Q = ED25519.order;
const draw = hashing.freshScalars(pseudoRandom(), ED25519);
const EDGES = [0n, 1n, 2n, 127n, 128n, 129n, 255n, 256n, 2n ** 32n - 1n, 2n ** 32n, Q - 1n];
const SCALARS = [...EDGES, BigInt(`0x${"80".repeat(31)}`), BigInt(`0x${"7f".repeat(31)}`)];
for (let i = 0; i < 8; i++) SCALARS.push(draw());

/** A point of order 8: noble clears it, libsodium refuses it. */
const TORSION = Point.fromHex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05");

test("both kinds of table multiply as noble does", () => {
  const point = Point.BASE.multiply(draw());
  const expected = SCALARS.map((k) => point.multiplyUnsafe(k).toHex());
  const table = new FixedBase(point);
  assert.deepEqual(SCALARS.map((k) => table.multiply(k).toHex()), expected);
  assert.deepEqual(multiplyMany(point, SCALARS).map((one) => one.toHex()), expected);
});

test("combinations agree with one multiplication after another", () => {
  const [a, b] = [1, 2].map(() => ED25519.multiplyGenerator(draw()));
  const pairs = SCALARS.map((k, i) => [k, SCALARS[SCALARS.length - 1 - i]]);
  const slow = pairs.map(([r, c]) => a.multiply(r).add(b.multiply(c)).text);
  assert.deepEqual(ED25519.combine(a, b, pairs).map((one) => one.text), slow);
  for (const size of [0, 2, 40]) {
    const terms = Array.from({ length: size }, () => [draw(), ED25519.multiplyGenerator(draw())]);
    const sum = ED25519.total(terms.map(([k, one]) => one.multiply(k)));
    assert.ok(ED25519.lincomb(terms).equals(sum));
  }
});

test("equations that do not hold are named", () => {
  const g = ED25519.generator;
  ED25519.checkAll([[[1n, g], [-1n, g]], []]);
  assert.throws(() => ED25519.checkAll([[], [[1n, g], [1n, g]]]), (error) => {
    assert.ok(error instanceof ProofError);
    return error.params.equation === 1;
  });
});

test("one point outside the subgroup spoils the whole batch", () => {
  const some = Array.from({ length: 600 }, (_, i) => Point.BASE.multiply(BigInt(i + 1)));
  const rand = pseudoRandom(7);
  assert.ok(allMembers(some, rand));
  for (let multiple = 1; multiple < 8; multiple++) {
    const bad = [...some];
    bad[multiple * 71] = some[multiple].add(multiplied(TORSION, multiple));
    assert.equal(allMembers(bad, rand), false, `${multiple} times the torsion`);
  }
  const cancelling = [...some];
  cancelling[3] = some[3].add(TORSION);
  cancelling[599] = some[599].add(multiplied(TORSION, 7));
  assert.equal(allMembers(cancelling, rand), false, "two that cancel in a plain sum");
  assert.equal(allMembers([TORSION], rand), false, "few points are tested one by one");
});

test("what a batch decodes is off the curve never, and outside the group until it is asked", () => {
  const batch = ED25519.batch();
  assert.equal(batch.group.decode(ED25519.generator.text).text, ED25519.generator.text);
  assert.ok(batch.allMembers(pseudoRandom()));
  assert.throws(() => batch.group.decode("0".repeat(63) + "2"), FormatError);
  batch.group.decode(new Element(TORSION).text);
  assert.equal(batch.allMembers(pseudoRandom()), false);
});

test("a proof has one spelling: what is not reduced is refused", () => {
  const made = signature.sign(ED25519, 5n, "sig", "text", 9n);
  const key = ED25519.multiplyGenerator(5n);
  signature.verify(ED25519, key, "sig", "text", made);
  for (const bad of [
    { ...made, response: made.response + Q },
    { ...made, challenge: made.challenge - Q },
  ]) {
    assert.throws(() => signature.verify(ED25519, key, "sig", "text", bad), ProofError);
  }
});

test("scalars are drawn below the order", () => {
  const high = hashing.freshScalars((n) => new Uint8Array(n).fill(0), ED25519);
  assert.equal(high(), 0n);
  const bytes = [new Uint8Array(32).fill(255), new Uint8Array(32).fill(1)];
  const again = hashing.freshScalars(() => bytes.shift(), ED25519);
  assert.equal(again(), BigInt(`0x${"01".repeat(32)}`));
});

function multiplied(point, n) {
  let sum = Point.ZERO;
  for (let i = 0; i < n; i++) sum = sum.add(point);
  return sum;
}
