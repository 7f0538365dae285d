// ElGamal: (alpha, beta) = (r·g, r·y + m·g). Mirrors voting/crypto/elgamal.py.
//
// Ciphertexts add, so that a tally is their sum. An `Opening` (r, m) is the prover's secret side
// of a ciphertext and adds alike. Source: docs/spec/proofs.md.

import { ED25519 } from "./group.js";

export class Ciphertext {
  /**
   * @param {import("./group.js").Element} alpha
   * @param {import("./group.js").Element} beta
   */
  constructor(alpha, beta) {
    this.alpha = alpha;
    this.beta = beta;
  }

  /** `alpha,beta` as proofs hash it. */
  get text() {
    return `${this.alpha.text},${this.beta.text}`;
  }

  /** @param {Ciphertext} other */
  add(other) {
    return new Ciphertext(this.alpha.add(other.alpha), this.beta.add(other.beta));
  }

  /** @param {bigint} weight */
  multiply(weight) {
    return new Ciphertext(this.alpha.multiply(weight), this.beta.multiply(weight));
  }

  /**
   * The ciphertext of the plaintext less `m`, with the same randomness.
   * @param {bigint} m
   */
  minus(m) {
    if (m === 0n) return this;
    return new Ciphertext(this.alpha, this.beta.subtract(ED25519.multiplyGenerator(m)));
  }
}

/** Randomness `r` and number `m` of a ciphertext: secret, never printed. */
export class Opening {
  /**
   * @param {bigint} r
   * @param {bigint} m
   */
  constructor(r, m) {
    this.r = r;
    this.m = m;
  }

  /** @param {Opening} other */
  add(other) {
    return new Opening(this.r + other.r, this.m + other.m);
  }

  /** @param {bigint} m */
  minus(m) {
    return new Opening(this.r, this.m - m);
  }
}

/**
 * Encrypt a number (as a multiple of g) or an element with the randomness `r`.
 * @param {import("./group.js").Group} group
 * @param {import("./group.js").Element} publicKey
 * @param {bigint | import("./group.js").Element} m
 * @param {bigint} r
 * @returns {Ciphertext}
 */
export function encrypt(group, publicKey, m, r) {
  const message = typeof m === "bigint" ? group.multiplyGenerator(m) : m;
  return new Ciphertext(group.multiplyGenerator(r), publicKey.multiply(r).add(message));
}

/**
 * Another ciphertext of the same plaintext.
 * @returns {Ciphertext}
 */
export function reencrypt(group, publicKey, ciphertext, r) {
  return ciphertext.add(new Ciphertext(group.multiplyGenerator(r), publicKey.multiply(r)));
}

/**
 * Add ciphertexts; none at all give (identity, identity), a tally without ballots.
 * @param {import("./group.js").Group} group
 * @param {Ciphertext[]} ciphertexts
 * @returns {Ciphertext}
 */
export function totalCiphertext(group, ciphertexts) {
  return new Ciphertext(
    group.total(ciphertexts.map(({ alpha }) => alpha)),
    group.total(ciphertexts.map(({ beta }) => beta)),
  );
}
