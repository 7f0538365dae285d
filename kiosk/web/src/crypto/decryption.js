// Partial decryptions, their two proofs, and opening a count.
// Mirrors voting/crypto/decryption.py; source: docs/spec/proofs.md, sections 4 to 6.
//
// A trustee with secret x and verification key X = x·g publishes the factor F = x·alpha. The
// proof of version 1 is what belenios-tool reads, but its challenge hashes neither the ciphertext
// nor the factor. So each factor has a second proof beside it, whose challenge hashes all of the
// statement; only with it can a wrong factor be blamed.

import { ProofError, UnsupportedError, VerificationError } from "../errors.js";
import { lagrangeAtZero } from "./dkg.js";
import { hashToScalar } from "./hashing.js";

/** The tag of the second proof. */
export const SECOND_TAG = "piaojue/decrypt/1";

/** Opening a count up to here takes 2^18 steps. */
export const MAX_BOUND = 2 ** 36;

const LEAST_BABY_STEPS = 1024;

/**
 * The factor F = x·alpha and its proof of version 1. Draws: w.
 * @param {string} phi fingerprint of election.json, 43 characters
 * @returns {[Element, Proof]}
 */
export function provePartial(group, phi, secretKey, alpha, draw) {
  const publicKey = group.multiplyGenerator(secretKey);
  const proof = proveEqual(group, secretKey, first(phi, publicKey), alpha, draw());
  return [alpha.multiply(secretKey), proof];
}

/** Check a version 1 proof. It does NOT show that the factor is right: see above. */
export function verifyPartial(group, phi, publicKey, alpha, factor, proof) {
  verifyEqual(group, first(phi, publicKey), publicKey, alpha, factor, proof);
}

/** Make the second proof of the factor x·alpha. Draws: w, never the one of the first. */
export function proveFactor(group, phi, secretKey, ciphertext, draw) {
  const publicKey = group.multiplyGenerator(secretKey);
  const prefix = second(phi, publicKey, ciphertext, ciphertext.alpha.multiply(secretKey));
  return proveEqual(group, secretKey, prefix, ciphertext.alpha, draw());
}

/** Check that the factor is right; the caller knows whose `publicKey` is and blames him. */
export function verifyFactor(group, phi, publicKey, ciphertext, factor, proof) {
  const prefix = second(phi, publicKey, ciphertext, factor);
  verifyEqual(group, prefix, publicKey, ciphertext.alpha, factor, proof);
}

function first(phi, publicKey) {
  return `decrypt|${phi}|${publicKey.text}|`;
}

function second(phi, publicKey, { alpha, beta }, factor) {
  const statement = [publicKey, alpha, beta, factor].map((element) => element.text).join(",");
  return `${SECOND_TAG}|${phi}|${statement}|`;
}

/** A = w·g, B = w·alpha, c = H(prefix + A,B), r = w - x·c. */
function proveEqual(group, secret, prefix, alpha, nonce) {
  const { order } = group;
  const a = group.multiplyGenerator(nonce);
  const b = alpha.multiply(nonce);
  const challenge = hashToScalar(group, prefix, `${a.text},${b.text}`);
  const response = (((nonce - secret * challenge) % order) + order) % order;
  return { challenge, response };
}

function verifyEqual(group, prefix, publicKey, alpha, factor, proof) {
  const { challenge: c, response: r } = proof;
  for (const scalar of [c, r]) {
    const reduced = scalar >= 0n && scalar < group.order;
    if (!reduced) throw new ProofError("bad-proof", { proof: "scalar" });
  }
  const a = group.lincomb([[r, group.generator], [c, publicKey]]);
  const b = group.lincomb([[r, alpha], [c, factor]]);
  if (hashToScalar(group, prefix, `${a.text},${b.text}`) !== c) {
    throw new ProofError("bad-proof", { proof: "decryption" });
  }
}

/**
 * Combine verified factors of a t-of-n key: the first `threshold` by index, weighted.
 * @param {Map<number, Element>} factors by the trustee's number within the key, from 1
 * @throws {VerificationError} `too-few-shares`
 */
export function combineThreshold(group, threshold, factors) {
  if (factors.size < threshold) {
    throw new VerificationError("too-few-shares", { have: factors.size, need: threshold });
  }
  const indexes = [...factors.keys()].sort((a, b) => a - b).slice(0, threshold);
  const weights = lagrangeAtZero(group, indexes);
  return group.lincomb(indexes.map((j) => [weights.get(j), factors.get(j)]));
}

/**
 * M = beta less the factor of every part of the election key.
 * @param {Element[]} factors one for each Single trustee, one combined for each t-of-n key
 */
export function removeFactors(group, ciphertext, factors) {
  return ciphertext.beta.subtract(group.total(factors));
}

/**
 * n with n·g = `element` and 0 <= n <= `bound` (the total weight).
 * @param {number} bound
 * @throws {VerificationError} `count-out-of-bounds`: there is none, so some factor was wrong
 * @throws {UnsupportedError} `bound` exceeds 2^36
 */
export function openCount(group, element, bound) {
  if (bound > MAX_BOUND) throw new UnsupportedError({ kind: "total-weight" });
  let steps = LEAST_BABY_STEPS;
  while (steps * steps <= bound) steps *= 2;
  const table = babySteps(group, steps);
  const giant = group.multiplyGenerator(BigInt(steps));
  let left = element;
  for (let i = 0; i <= Math.floor(bound / steps); i++) {
    const n = table.get(left.text);
    if (n !== undefined && i * steps + n <= bound) return i * steps + n;
    left = left.subtract(giant);
  }
  throw new VerificationError("count-out-of-bounds", { bound });
}

const tables = new Map();

function babySteps(group, size) {
  if (!tables.has(size)) {
    const elements = [group.identity];
    while (elements.length < size) elements.push(elements.at(-1).add(group.generator));
    const texts = group.normalized(elements).map((one) => one.text);
    tables.set(size, new Map(texts.map((text, n) => [text, n])));
  }
  return tables.get(size);
}
