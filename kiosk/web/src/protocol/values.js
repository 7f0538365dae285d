// Group elements, scalars, proofs and ciphertexts inside JSON: take them out, write them.
//
// Taking proves canonical form and membership (`group.decode`, `decodeScalar`), so what comes back
// needs no further check of that kind. Mirrors voting/protocol/values.py.

import { Ciphertext } from "../crypto/elgamal.js";
import { decodeScalar } from "../crypto/group.js";
import * as codec from "./codec.js";

/**
 * A proof as it stands in messages: both are reduced scalars.
 * @typedef {{challenge: bigint, response: bigint}} Proof
 */

/**
 * Take `{"challenge":"c","response":"r"}`, both reduced decimal scalars.
 * @returns {Proof}
 */
export function takeProof(value, place, group) {
  const [challenge, response] = codec.fields(value, place, "challenge", "response");
  return {
    challenge: decodeScalar(challenge, group.order, `${place}.challenge`),
    response: decodeScalar(response, group.order, `${place}.response`),
  };
}

/**
 * Take a list of exactly `size` proofs.
 * @returns {Proof[]}
 */
export function takeProofs(value, place, group, size) {
  const listed = codec.array(value, place, { size });
  return listed.map((proof, i) => takeProof(proof, `${place}[${i}]`, group));
}

/**
 * Take `{"alpha":"P","beta":"P"}`.
 * @returns {Ciphertext}
 */
export function takeCiphertext(value, place, group) {
  const [alpha, beta] = codec.fields(value, place, "alpha", "beta");
  return new Ciphertext(
    group.decode(alpha, `${place}.alpha`),
    group.decode(beta, `${place}.beta`),
  );
}

/**
 * Take a list of ciphertexts, of exactly `size` if it is given.
 * @returns {Ciphertext[]}
 */
export function takeCiphertexts(value, place, group, size = null) {
  const listed = codec.array(value, place, { size });
  return listed.map((ciphertext, i) => takeCiphertext(ciphertext, `${place}[${i}]`, group));
}

/** @param {Proof} proof */
export function proofJson({ challenge, response }) {
  return { challenge: challenge.toString(), response: response.toString() };
}

/** @param {Proof[]} proofs */
export function proofsJson(proofs) {
  return proofs.map(proofJson);
}

/** @param {Ciphertext} ciphertext */
export function ciphertextJson({ alpha, beta }) {
  return { alpha: alpha.text, beta: beta.text };
}
