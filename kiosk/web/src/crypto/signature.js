// Schnorr signatures of Belenios version 1 over a tag and a text: c = H(tag|text|A).
//
// Tags in use: `sigmsg` (trustees' messages), `sig` (ballots, over the hash of the ballot without
// its signature), and the tickets' own. The verification key is not hashed (a weakness of version
// 1): a text must itself name who signs. Mirrors voting/crypto/signature.py.

import { proveSchnorr, verifySchnorr } from "./proofs.js";

export const MESSAGE_TAG = "sigmsg";
export const BALLOT_TAG = "sig";

/**
 * Sign `tag|text|`.
 * @param {bigint} nonce a fresh uniform scalar; a repeated or known one gives the key away
 * @returns {import("./proofs.js").Proof}
 */
export function sign(group, secretKey, tag, text, nonce) {
  return proveSchnorr(group, secretKey, `${tag}|${text}|`, nonce);
}

/** Throw ProofError unless the signature is over this tag and text by this key. */
export function verify(group, publicKey, tag, text, signature) {
  verifySchnorr(group, publicKey, `${tag}|${text}|`, signature);
}

export function signMessage(group, secretKey, message, nonce) {
  return sign(group, secretKey, MESSAGE_TAG, message, nonce);
}

export function verifyMessage(group, publicKey, message, signature) {
  verify(group, publicKey, MESSAGE_TAG, message, signature);
}

/** Sign `ballotHash`: 43 characters, SHA-256 of the ballot without its signature. */
export function signBallot(group, secretCredential, ballotHash, nonce) {
  return sign(group, secretCredential, BALLOT_TAG, ballotHash, nonce);
}

export function verifyBallot(group, credential, ballotHash, signature) {
  verify(group, credential, BALLOT_TAG, ballotHash, signature);
}
