// Shuffles of ElGamal ciphertexts with the proof of Terelius and Wikström: re-encrypt and permute,
// and prove that nothing was added, lost or changed, without telling who went where. Layout and
// challenges as Belenios version 1: docs/spec/proofs.md. Mirrors voting/crypto/shuffle.py, letters
// as there: e input, e' output, psi the permutation with e'_i a re-encryption of e_psi(i).
//
// The prover multiplies by the same steps for every scalar (crypto/tables.js). The verifier sums all
// equations with random weights, in one sum of 8 points for each ciphertext: a wrong one is missed
// with a probability of 2^-128. That holds in the prime-order subgroup, so every element must have
// been proved a member before (docs/adr/0100-browser-crypto.md).

import { ProofError } from "../errors.js";
import { toNumber } from "./bytes.js";
import { reencrypt } from "./elgamal.js";
import { hashToScalar, sha256Hex } from "./hashing.js";

const WEIGHT_BYTES = 16;

/**
 * JSON: `[[t1,t2,t3,[t41,t42],[tHat…]],[s1,s2,s3,s4,[sHat…],[sPrime…]],[c…],[cHat…]]`.
 * @typedef {{t1, t2, t3, t41, t42, tHat: object[], s1: bigint, s2: bigint, s3: bigint, s4: bigint,
 *   sHat: bigint[], sPrime: bigint[], c: object[], cHat: object[]}} ShuffleProof
 */

/**
 * A uniform permutation of 0..size-1 (Fisher-Yates, rejection sampling).
 * @param {number} size
 * @param {(n: number) => Uint8Array} rand
 * @returns {number[]}
 */
export function randomPermutation(size, rand) {
  const order = Array.from({ length: size }, (_, i) => i);
  for (let i = size - 1; i > 0; i--) {
    const j = below(i + 1, rand);
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}

function below(bound, rand) {
  const bits = 32 - Math.clz32(bound - 1);
  for (;;) {
    const value = Number(toNumber(rand(Math.ceil(bits / 8)))) & (2 ** bits - 1);
    if (value < bound) return value;
  }
}

/**
 * The shuffled ciphertexts, and the secret for `prove`. Draws r' in input order.
 * @returns {{outputs: object[], secret: {permutation: number[], randoms: bigint[]}}}
 */
export function shuffle(group, publicKey, inputs, permutation, draw) {
  const randoms = inputs.map(() => draw());
  const key = publicKey.prepare();
  const outputs = permutation.map((i) => reencrypt(group, key, inputs[i], randoms[i]));
  const flat = group.normalized(outputs.flatMap(({ alpha, beta }) => [alpha, beta]));
  outputs.forEach((one, i) => {
    [one.alpha, one.beta] = [flat[2 * i], flat[2 * i + 1]];
  });
  return { outputs, secret: { permutation, randoms } };
}

/**
 * Prove a shuffle. Draws, each list by output position: r (of c), rHat, w1..w4, wHat, w'.
 * @param {import("./group.js").Group} group
 * @param {string} phi fingerprint of election.json
 * @returns {ShuffleProof}
 */
export function prove(group, publicKey, phi, inputs, outputs, secret, draw) {
  const n = inputs.length;
  const { permutation: psi } = secret;
  const h = chainStart(group);
  const bases = basesOf(group, n);
  const g = (k) => group.multiplyGenerator(k);
  const list = () => inputs.map(() => draw());
  // c[psi(i)] commits to position i: the r are drawn by output position, used by input position.
  const drawn = list();
  const r = new Array(n);
  let c = new Array(n);
  psi.forEach((j, i) => {
    r[j] = drawn[i];
    c[j] = g(drawn[i]).add(bases[i]);
  });
  c = group.normalized(c);
  const statement = listCiphertexts(inputs) + listCiphertexts(outputs) + listElements(c);
  const u = weights(group, phi, statement, n);
  const uPrime = psi.map((j) => u[j]);

  // The chain is cHat[i] = rHat[i]·g + uPrime[i]·cHat[i - 1]. The prover knows each link as a·g + b·h,
  // so that tables of g and h do for all.
  const q = group.order;
  const rHat = list();
  const links = [[0n, 1n]];
  rHat.forEach((one, i) => {
    const [a, b] = links[i].map((k) => uPrime[i] * k);
    links.push([(one + a) % q, b % q]);
  });
  const onBoth = ([a, b]) => g(a).add(h.multiply(b));
  const cHat = group.normalized(links.slice(1).map(onBoth));

  const [w1, w2, w3, w4] = [draw(), draw(), draw(), draw()];
  const wHat = list();
  const wPrime = list();
  const dot = (elements) => group.sumOfProducts(wPrime, elements);
  const singles = group.normalized([
    g(w1),
    g(w2),
    g(w3).add(dot(bases)),
    publicKey.multiply(-w4).add(dot(outputs.map(({ beta }) => beta))),
    g(-w4).add(dot(outputs.map(({ alpha }) => alpha))),
  ]);
  const tHat = group.normalized(
    wHat.map((w, i) => onBoth([w + wPrime[i] * links[i][0], wPrime[i] * links[i][1]])));
  const e = challengeOf(group, phi, statement, publicKey, singles, tHat, cHat);

  const v = new Array(n).fill(1n);
  for (let i = n - 2; i >= 0; i--) v[i] = (uPrime[i + 1] * v[i + 1]) % q;
  const respond = (w, x) => (w + e * (x % q)) % q;
  const sum = (left, right) => left.reduce((total, x, i) => total + x * right[i], 0n);
  const [t1, t2, t3, t41, t42] = singles;
  return {
    t1, t2, t3, t41, t42, tHat,
    s1: respond(w1, r.reduce((total, x) => total + x, 0n)),
    s2: respond(w2, sum(rHat, v)),
    s3: respond(w3, sum(r, u)),
    s4: respond(w4, sum(secret.randoms, u)),
    sHat: wHat.map((w, i) => respond(w, rHat[i])),
    sPrime: wPrime.map((w, i) => respond(w, uPrime[i])),
    c,
    cHat,
  };
}

/**
 * Accept if `outputs` is a shuffle of `inputs` under `publicKey`.
 * @param {import("./group.js").Group} group
 * @param {ShuffleProof} proof of members of the subgroup
 * @param {(n: number) => Uint8Array} rand unpredictable to whoever made the proof
 * @throws {ProofError} not proved to be one, or some list has another length
 */
export function verify(group, publicKey, phi, inputs, outputs, proof, rand) {
  const n = inputs.length;
  const { c, cHat, tHat, sHat, sPrime } = proof;
  if ([outputs, c, cHat, tHat, sHat, sPrime].some((list) => list.length !== n)) {
    throw new ProofError("bad-proof", { proof: "shuffle", expected: n });
  }
  const responses = [proof.s1, proof.s2, proof.s3, proof.s4, ...sHat, ...sPrime];
  if (!responses.every((s) => s >= 0n && s < group.order)) {
    throw new ProofError("bad-proof", { proof: "scalar" });
  }
  const statement = listCiphertexts(inputs) + listCiphertexts(outputs) + listElements(c);
  const u = weights(group, phi, statement, n);
  const singles = [proof.t1, proof.t2, proof.t3, proof.t41, proof.t42];
  const e = challengeOf(group, phi, statement, publicKey, singles, tHat, cHat);
  const sum = new Sum(group, rand);
  addEquations(sum, group, publicKey, { inputs, outputs, proof, u, e });
  if (!sum.value().isIdentity) throw new ProofError("bad-proof", { proof: "shuffle" });
}

/** A weighted sum of equations; terms of one equation share its weight. */
class Sum {
  #group;
  #rand;
  #weight = 1n;
  #terms = new Map();

  constructor(group, rand) {
    this.#group = group;
    this.#rand = rand;
  }

  /** The next terms are of another equation. */
  next() {
    this.#weight = toNumber(this.#rand(WEIGHT_BYTES));
  }

  add(k, element) {
    const { order } = this.#group;
    this.#terms.set(element, ((this.#terms.get(element) ?? 0n) + this.#weight * k) % order);
  }

  value() {
    return this.#group.lincomb([...this.#terms].map(([element, k]) => [k, element]));
  }
}

/** Every equation as terms that sum to the identity: t1, t2, t3, t41, t42 and every tHat. */
function addEquations(sum, group, publicKey, { inputs, outputs, proof, u, e }) {
  const g = group.generator;
  const bases = basesOf(group, inputs.length);
  const chain = [group.deriveGenerator(-1), ...proof.cHat];
  const product = u.reduce((all, one) => (all * one) % group.order, 1n);
  const { sPrime: s } = proof;
  const each = (elements, k) => elements.forEach((one, i) => sum.add(k(i), one));
  sum.next(); // t1 = -e·(sum of c - sum of h_i) + s1·g
  sum.add(-1n, proof.t1);
  each(proof.c, () => -e);
  each(bases, () => e);
  sum.add(proof.s1, g);
  sum.next(); // t2 = -e·(last cHat - (product of u)·h) + s2·g
  sum.add(-1n, proof.t2);
  sum.add(-e, chain.at(-1));
  sum.add(e * product, chain[0]);
  sum.add(proof.s2, g);
  sum.next();
  sum.add(-1n, proof.t3);
  each(proof.c, (i) => -e * u[i]);
  sum.add(proof.s3, g);
  each(bases, (i) => s[i]);
  sum.next();
  sum.add(-1n, proof.t41);
  each(inputs.map(({ beta }) => beta), (i) => -e * u[i]);
  sum.add(-proof.s4, publicKey);
  each(outputs.map(({ beta }) => beta), (i) => s[i]);
  sum.next();
  sum.add(-1n, proof.t42);
  each(inputs.map(({ alpha }) => alpha), (i) => -e * u[i]);
  sum.add(-proof.s4, g);
  each(outputs.map(({ alpha }) => alpha), (i) => s[i]);
  proof.tHat.forEach((t, i) => {
    sum.next();
    sum.add(-1n, t);
    sum.add(-e, chain[i + 1]);
    sum.add(proof.sHat[i], g);
    sum.add(s[i], chain[i]);
  });
}

/** Generator -1, with a table: every link of a chain is multiplied by it. */
function chainStart(group) {
  start ??= group.deriveGenerator(-1).prepare();
  return start;
}

let start = null;
const derived = [];

function basesOf(group, n) {
  while (derived.length < n) derived.push(group.deriveGenerator(derived.length));
  return derived.slice(0, n);
}

/** u_i = H(T + hex(str(i))), the texts of two SHA-256 end to end. */
function weights(group, phi, statement, n) {
  const t = sha256Hex(`shuffle-challenges|${phi}|${statement}`);
  return Array.from({ length: n }, (_, i) => hashToScalar(group, t, sha256Hex(String(i))));
}

function challengeOf(group, phi, statement, publicKey, singles, tHat, cHat) {
  const commitments = listElements(singles) + listElements(tHat);
  const tail = statement + listElements(cHat) + publicKey.text;
  return hashToScalar(group, `shuffle-challenge|${phi}|`, commitments, tail);
}

function listCiphertexts(ciphertexts) {
  return ciphertexts.map((one) => `${one.text},`).join("");
}

function listElements(elements) {
  return elements.map((one) => `${one.text},`).join("");
}
