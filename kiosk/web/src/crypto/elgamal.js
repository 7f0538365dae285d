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

/** Encrypts under one key. What is used often is prepared once, when it is made. */
export class Encryptor {
  /**
   * @param {import("./group.js").Group} group
   * @param {import("./group.js").Element} publicKey
   */
  constructor(group, publicKey) {
    this.group = group;
    this.publicKey = publicKey.prepare();
  }

  /**
   * (r·g, r·y + m·g): a ciphertext, and in a proof the commitment of a branch.
   * @param {bigint} m
   * @param {bigint} r
   * @returns {Ciphertext}
   */
  encrypt(m, r) {
    const { group, publicKey } = this;
    const beta = publicKey.multiply(r);
    return new Ciphertext(
      group.multiplyGenerator(r),
      m === 0n ? beta : beta.add(group.multiplyGenerator(m)),
    );
  }

  /**
   * The same of an element instead of a number.
   * @param {import("./group.js").Element} element
   * @param {bigint} r
   * @returns {Ciphertext}
   */
  encryptElement(element, r) {
    const { alpha, beta } = this.encrypt(0n, r);
    return new Ciphertext(alpha, beta.add(element));
  }
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
