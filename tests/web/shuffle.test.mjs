// Shuffles and their proofs, over the vectors that Python wrote; and against forgers.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { hexToBytes, toBytes } from "../../kiosk/web/src/crypto/bytes.js";
import { Ciphertext } from "../../kiosk/web/src/crypto/elgamal.js";
import { ED25519 as GROUP } from "../../kiosk/web/src/crypto/group.js";
import { freshScalars, seededScalars } from "../../kiosk/web/src/crypto/hashing.js";
import { randomBytes } from "../../kiosk/web/src/crypto/random.js";
import * as shuffle from "../../kiosk/web/src/crypto/shuffle.js";
import * as errors from "../../kiosk/web/src/errors.js";
import { decodeElection } from "../../kiosk/web/src/protocol/election.js";
import * as chains from "../../kiosk/web/src/protocol/mixing.js";
import { decodeShuffle, encodeShuffle, verifyShuffle }
  from "../../kiosk/web/src/protocol/shuffles.js";
import { decodeTally } from "../../kiosk/web/src/protocol/tally.js";

const DATA = new URL("../vectors/data/crypto-shuffle.json", import.meta.url);
const element = (text) => GROUP.decode(text);
const elements = (texts) => texts.map(element);
const numbers = (texts) => texts.map(BigInt);
const ciphertexts = (listed) =>
  listed.map(({ alpha, beta }) => new Ciphertext(element(alpha), element(beta)));
const shown = (listed) => listed.map(({ alpha, beta }) => ({ alpha: alpha.text, beta: beta.text }));

function proofOf([[t1, t2, t3, [t41, t42], tHat], [s1, s2, s3, s4, sHat, sPrime], c, cHat]) {
  const [a, b, d, e, f] = elements([t1, t2, t3, t41, t42]);
  const [w, x, y, z] = numbers([s1, s2, s3, s4]);
  return {
    t1: a, t2: b, t3: d, t41: e, t42: f, tHat: elements(tHat),
    s1: w, s2: x, s3: y, s4: z, sHat: numbers(sHat), sPrime: numbers(sPrime),
    c: elements(c), cHat: elements(cHat),
  };
}

function shownProof(p) {
  const texts = (list) => list.map(({ text }) => text);
  const decimals = (list) => list.map(String);
  return [
    [p.t1.text, p.t2.text, p.t3.text, [p.t41.text, p.t42.text], texts(p.tHat)],
    [...decimals([p.s1, p.s2, p.s3, p.s4]), decimals(p.sHat), decimals(p.sPrime)],
    texts(p.c),
    texts(p.cHat),
  ];
}

const OPERATIONS = {
  prove_shuffle({ public_key: key, phi, inputs, permutation, seed }) {
    const draw = seededScalars(hexToBytes(seed), "test", GROUP);
    const given = ciphertexts(inputs);
    const { outputs, secret } = shuffle.shuffle(GROUP, element(key), given, permutation, draw);
    const made = shuffle.prove(GROUP, element(key), phi, given, outputs, secret, draw);
    return { outputs: shown(outputs), proof: shownProof(made) };
  },
  verify_shuffle({ public_key: key, phi, inputs, outputs, made }) {
    shuffle.verify(GROUP, element(key), phi, ciphertexts(inputs), ciphertexts(outputs),
      proofOf(made), randomBytes);
    return null;
  },
};

for (const { id, comment, op, output, error, ...given } of JSON.parse(readFileSync(DATA, "utf8")).tests) {
  test(`crypto-shuffle ${id}: ${op}, ${comment}`, () => {
    if (error) assert.throws(() => OPERATIONS[op](given), errors[error]);
    else assert.deepEqual(OPERATIONS[op](given), output);
  });
}

test("the chain of shuffles, its links and its note are Python's", () => {
  const url = new URL("../vectors/data/shuffles.json", import.meta.url);
  const vector = JSON.parse(readFileSync(url, "utf8"));
  const keys = vector.keys.map(hexToBytes);
  const [chain, signers] = chains.verifyChain(toBytes(vector.note), keys);
  assert.equal(chains.chainText(chain), vector.text);
  assert.deepEqual(chains.ownersOf(chain), vector.owners);
  assert.deepEqual([...signers], [1, 2, 4]);
  vector.links.forEach((line, i) => {
    const then = chains.firstOf(chain, i + 1);
    chains.verifyLink(then, line, keys);
    const owner = vector.owners[i];
    assert.equal(chains.signChain(then, owner, hexToBytes(vector.seeds[owner - 1])), line);
  });
  for (const { what, number, line } of vector.wrong_links) {
    const then = chains.firstOf(chain, number);
    assert.throws(() => chains.verifyLink(then, line, keys), errors.ProofError, what);
  }
  for (const text of vector.wrong_texts) {
    assert.throws(() => chains.parseChain(text), errors.FormatError, JSON.stringify(text));
  }
  for (const { owners, size, missing, waits_for: waits } of vector.waits) {
    const soFar = { checkpoint: "", links: owners.map((owner) => [owner, ""]) };
    assert.equal(chains.waitsFor(soFar, size, missing), waits);
  }
});

test("a shuffle has one spelling, and every part of its proof counts, as Python's", () => {
  const url = new URL("../vectors/data/shuffle-bodies.json", import.meta.url);
  const vector = JSON.parse(readFileSync(url, "utf8"));
  const election = decodeElection(toBytes(vector.election));
  const tally = decodeTally(toBytes(vector.tally), election, { rand: randomBytes });
  const check = (body) => {
    const decoded = decodeShuffle(toBytes(body), election, tally, randomBytes);
    verifyShuffle(election, tally, decoded, randomBytes);
    assert.equal(new TextDecoder().decode(encodeShuffle(decoded)), body);
  };
  check(vector.body);
  for (const { what, path, to, from, error } of vector.wrong) {
    const body = path ? changed(vector.body, path, to) : vector.body.replace(from, () => to);
    assert.throws(() => check(body), ({ code, params }) => {
      assert.deepEqual({ code, ...(params.place && { place: params.place }) }, error, what);
      return true;
    }, what);
  }
});

function changed(body, path, to) {
  const value = JSON.parse(body);
  const at = path.slice(0, -1).reduce((part, step) => part[step], value);
  at[path.at(-1)] = to;
  return JSON.stringify(value);
}

function made(size) {
  const draw = freshScalars(randomBytes, GROUP);
  const key = GROUP.multiplyGenerator(draw());
  const inputs = Array.from({ length: size }, () =>
    new Ciphertext(GROUP.multiplyGenerator(draw()), GROUP.multiplyGenerator(draw())));
  const permutation = shuffle.randomPermutation(size, randomBytes);
  const { outputs, secret } = shuffle.shuffle(GROUP, key, inputs, permutation, draw);
  const proof = shuffle.prove(GROUP, key, "phi", inputs, outputs, secret, draw);
  const check = (changed = {}, changedOutputs = outputs, changedInputs = inputs) =>
    shuffle.verify(GROUP, key, "phi", changedInputs, changedOutputs, { ...proof, ...changed },
      randomBytes);
  return { inputs, outputs, proof, check, permutation };
}

test("shuffles of no, one and many ciphertexts are proved", () => {
  for (const size of [0, 1, 2, 30]) made(size).check();
});

test("a permutation has every position once, and is not always the same", () => {
  const found = new Set();
  for (let i = 0; i < 60; i++) {
    const order = shuffle.randomPermutation(3, randomBytes);
    assert.deepEqual([...order].sort(), [0, 1, 2]);
    found.add(order.join());
  }
  assert.equal(found.size, 6); // each is missed once in 60,000 runs
});

test("a sum of products is that of each by itself, whatever the scalars", () => {
  const { order } = GROUP;
  const draw = freshScalars(randomBytes, GROUP);
  const edges = [0n, 1n, 7n, 8n, 9n, 15n, 16n, 0x88888888n, order - 1n, order, order + 2n, -3n];
  const scalars = [...edges, ...Array.from({ length: 20 }, draw)];
  const elements = scalars.map(() => GROUP.multiplyGenerator(draw()));
  scalars.forEach((k, i) => {
    const { text } = GROUP.sumOfProducts([k], [elements[i]]);
    assert.equal(text, elements[i].multiply(k).text, `${k}`);
  });
  const all = GROUP.total(scalars.map((k, i) => elements[i].multiply(k)));
  assert.equal(GROUP.sumOfProducts(scalars, elements).text, all.text);
  assert.ok(GROUP.sumOfProducts([], []).isIdentity);
  assert.ok(GROUP.sumOfProducts([5n], [GROUP.identity]).isIdentity);
});

test("a prover who changed a ciphertext convinces nobody", () => {
  const draw = freshScalars(randomBytes, GROUP);
  const key = GROUP.multiplyGenerator(draw());
  const point = () => GROUP.multiplyGenerator(draw());
  const inputs = Array.from({ length: 3 }, () => new Ciphertext(point(), point()));
  const g = GROUP.generator;
  const proved = (change) => {
    const { outputs, secret } = shuffle.shuffle(GROUP, key, inputs, [0, 1, 2], draw);
    const other = change(outputs);
    const proof = shuffle.prove(GROUP, key, "phi", inputs, other, secret, draw);
    shuffle.verify(GROUP, key, "phi", inputs, other, proof, randomBytes);
  };
  proved((outputs) => outputs);
  const changes = {
    alpha: ([a, b, c]) => [new Ciphertext(a.alpha.add(g), a.beta), b, c],
    beta: ([a, b, c]) => [new Ciphertext(a.alpha, a.beta.add(g)), b, c],
    "the last beta": ([a, b, c]) => [a, b, new Ciphertext(c.alpha, c.beta.add(g))],
    doubled: ([a, , c]) => [a, a, c],
    "swapped behind the commitment": ([a, b, c]) => [b, a, c],
    replaced: ([, b, c]) => [new Ciphertext(point(), point()), b, c],
  };
  for (const [what, change] of Object.entries(changes)) {
    assert.throws(() => proved(change), errors.ProofError, what);
  }
});

test("every part of the proof counts", () => {
  const { proof, check, inputs, outputs } = made(3);
  for (const [name, value] of Object.entries(proof)) {
    if (typeof value === "bigint") {
      const other = [(value + 1n) % GROUP.order, value + GROUP.order, -1n];
      for (const one of other) assert.throws(() => check({ [name]: one }), errors.ProofError, name);
    } else if (Array.isArray(value)) {
      const swapped = [value[1], value[0], value[2]];
      for (const one of [swapped, value.slice(0, -1), []]) {
        assert.throws(() => check({ [name]: one }), errors.ProofError, name);
      }
    } else {
      const one = value.add(GROUP.generator);
      assert.throws(() => check({ [name]: one }), errors.ProofError, name);
    }
  }
  const [a, b, c] = outputs;
  for (const other of [[b, a, c], [a, a, b], [a, b]]) {
    assert.throws(() => check({}, other), errors.ProofError);
  }
  assert.throws(() => check({}, outputs, [...inputs].reverse()), errors.ProofError);
});
