// Ed25519 (RFC 8032) by the meeting's enrolled keys: officers, server, trustees' note keys
// (voting/meeting/keys.py).
//
// Keys and signatures are lower-case hex. A key counts only when it is the canonical encoding of
// a point of the prime-order subgroup and not the identity. Verification is RFC 8032's and not
// ZIP 215's: then it gives the same verdict as libsodium on every input.

import { ed25519 } from "@noble/curves/ed25519.js";

import { bytesToHex, hexToBytes } from "../crypto/bytes.js";
import { ED25519 } from "../crypto/group.js";
import { FormatError, PiaojueError, ProofError } from "../errors.js";
import { verifySignature } from "../protocol/note.js";
import { hex64 } from "./shape.js";

/** Take a public key: 64 hex digits that encode a point of prime order, canonically. */
export function checkKey(value, place) {
  const key = hex64(value, place);
  // Our text of an element is the reverse of RFC 8032's bytes.
  const element = ED25519.decode(bytesToHex(hexToBytes(key).reverse()), place);
  if (element.isIdentity) throw new FormatError(place, "the identity is not a key");
  return key;
}

/** The public key, in hex, of a 32-byte secret seed. */
export function publicKey(seed) {
  return bytesToHex(ed25519.getPublicKey(seed));
}

/** The signature of bytes in hex, by a 32-byte secret seed. */
export function sign(seed, message) {
  return bytesToHex(ed25519.sign(message, seed));
}

/**
 * Verify a signature by an enrolled key; throws ProofError `bad-signature`.
 * @param {string} key 64 hex digits
 * @param {Uint8Array} message
 * @param {string} signature 128 hex digits
 * @param {string} by whose it is, for the error: an officer's id, `server`, `trustee:1`
 */
export function verify(key, message, signature, by) {
  try {
    checkKey(key, "key");
  } catch (error) {
    if (!(error instanceof PiaojueError)) throw error;
    throw new ProofError("bad-signature", { by });
  }
  verifySignature(hexToBytes(key), message, hexToBytes(signature), by);
}
