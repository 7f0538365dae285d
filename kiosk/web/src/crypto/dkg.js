// Distributed key generation, Pedersen t of n: mathematics only, no messages.
// Mirrors voting/crypto/dkg.py; source: PROTOCOL 1.4, docs/spec/proofs.md, section 3.
//
// Trustee i (1-based: the numbers are evaluation points) draws a polynomial f_i with t
// coefficients a_ik, publishes A_ik = a_ik·g and sends s_ij = f_i(j) to trustee j in private.
// Trustee j's secret key is the sum of the s_ij; its verification key X_j can be computed by
// anybody; the election key is the sum of the A_i0; any t trustees decrypt.

import { FaultyTrusteeError, ProofError } from "../errors.js";
import { hashToScalar } from "./hashing.js";

/** A polynomial over the scalars: as many coefficients as trustees are needed to decrypt. */
export class Polynomial {
  #coefficients;

  /**
   * @param {bigint} order
   * @param {bigint[]} coefficients a_0, a_1, …
   */
  constructor(order, coefficients) {
    this.order = order;
    this.#coefficients = coefficients;
  }

  /** The coefficients: secrets. */
  get coefficients() {
    return this.#coefficients;
  }

  /** f(index), the secret for trustee `index` (>= 1). */
  share(index) {
    const at = BigInt(index);
    return this.#coefficients.reduceRight((value, a) => (value * at + a) % this.order, 0n);
  }
}

/** A trustee's {signing, decryption} keys from the seed: 22 Base58 characters. */
export function secretsFromSeed(group, seed) {
  return {
    signing: hashToScalar(group, "sk|", seed),
    decryption: hashToScalar(group, "dk|", seed),
  };
}

/** Draw `threshold` coefficients, the constant one first. */
export function drawPolynomial(group, threshold, draw) {
  if (threshold < 1) throw new RangeError("at least one trustee is needed to decrypt");
  return new Polynomial(group.order, Array.from({ length: threshold }, draw));
}

/** A_k = a_k·g, the constant coefficient first. */
export function commit(group, polynomial) {
  return polynomial.coefficients.map((a) => group.multiplyGenerator(a));
}

/** f(index)·g from a dealer's commitments. */
export function committedShare(group, commitments, index) {
  const at = BigInt(index);
  return commitments.reduceRight((value, a) => value.multiply(at).add(a), group.identity);
}

/**
 * Check what trustee `dealer` sent to trustee `recipient` against his commitments.
 * @throws {FaultyTrusteeError} blames the dealer: a wrong share, one outside 0 <= s < q, or
 *   commitments that are not `threshold` many
 */
export function checkShare(group, { threshold, dealer, commitments, recipient, share }) {
  if (commitments.length !== threshold || share < 0n || share >= group.order) {
    throw new FaultyTrusteeError(dealer, { recipient });
  }
  const right = committedShare(group, commitments, recipient);
  if (!group.multiplyGenerator(share).equals(right)) {
    throw new FaultyTrusteeError(dealer, { recipient });
  }
}

/** A trustee's secret key: the sum of the shares from all n dealers, himself too. */
export function combineShares(group, shares) {
  return shares.reduce((sum, share) => sum + share, 0n) % group.order;
}

/** X_index from the commitments of all dealers, in the order of their numbers. */
export function verificationKey(group, commitments, index) {
  const size = Math.max(...commitments.map((dealer) => dealer.length));
  const sums = Array.from({ length: size }, (_, k) =>
    group.total(commitments.map((dealer) => dealer[k] ?? group.identity)));
  return committedShare(group, sums, index);
}

/** The sub-key of the trustees: the sum of their constant coefficients. */
export function combinedPublicKey(group, commitments) {
  return group.total(commitments.map((dealer) => dealer[0]));
}

/**
 * lambda_j for each index: f(0) = sum of lambda_j·f(j) for any f of fewer terms.
 * @param {number[]} indices distinct, each >= 1
 * @returns {Map<number, bigint>}
 */
export function lagrangeAtZero(group, indices) {
  if (new Set(indices).size !== indices.length || indices.some((j) => j < 1)) {
    throw new RangeError("indices must be distinct and start at 1");
  }
  const q = group.order;
  return new Map(indices.map((j) => {
    let above = 1n;
    let below = 1n;
    for (const k of indices) {
      if (k === j) continue;
      above = (above * BigInt(k)) % q;
      below = (((below * BigInt(k - j)) % q) + q) % q;
    }
    return [j, (above * inverse(below, q)) % q];
  }));
}

/** x^-1 mod the prime q. */
function inverse(x, q) {
  let [a, b, u, v] = [x, q, 1n, 0n];
  while (a !== 1n) {
    if (a === 0n) throw new ProofError("bad-proof");
    const times = b / a;
    [a, b, u, v] = [b - times * a, a, v - times * u, u];
  }
  return ((u % q) + q) % q;
}
