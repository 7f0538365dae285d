// The sealed box in which one trustee sends another his share (docs/spec/ceremony.md, section 5;
// voting/protocol/sharebox.py).
//
// X25519 with XSalsa20-Poly1305 (NaCl crypto_box). The keys are the ones that the ceremony's code
// stands for; the plaintext names meeting, attempt, dealer and recipient, so that a box opens for
// nothing else; its length is always the same.

import { hsalsa, xsalsa20poly1305 } from "@noble/ciphers/salsa.js";
import { x25519 } from "@noble/curves/ed25519.js";

import { bytesToHex, concat, hexToBytes, sameBytes } from "../crypto/bytes.js";
import { ED25519 } from "../crypto/group.js";
import { ProofError } from "../errors.js";
import * as codec from "./codec.js";

/** Bytes of a box's nonce. */
export const NONCE_BYTES = 24;

const SIGMA = words(new TextEncoder().encode("expand 32-byte k"));

/** The public key, in hex, of a 32-byte X25519 secret. */
export function boxKey(boxSecret) {
  return bytesToHex(x25519.getPublicKey(boxSecret));
}

/**
 * Seal a share for `recipient`; returns nonce and box.
 * @param {object} session
 * @param {{dealer: number, recipient: number, share: bigint, boxSecret: Uint8Array,
 *   theirKey: string, nonce: Uint8Array}} what boxSecret: the dealer's; theirKey: the
 *   recipient's public key in hex; nonce: 24 fresh bytes
 * @throws {ProofError} `share-box` when the recipient's key is one that agrees on nothing
 */
export function sealShare(session, { dealer, recipient, share, boxSecret, theirKey, nonce }) {
  const key = agreed(boxSecret, theirKey, recipient);
  const plain = codec.encode(shareJson(session, dealer, recipient, share));
  return concat(nonce, xsalsa20poly1305(key, nonce).encrypt(plain));
}

/**
 * Open a share from `dealer` and return it, 0 <= s < q.
 * @throws {ProofError} `share-box` when it does not open, or holds something else
 */
export function openShare(session, sealed, { dealer, recipient, boxSecret, theirKey }) {
  const key = agreed(boxSecret, theirKey, dealer);
  try {
    const box = xsalsa20poly1305(key, sealed.slice(0, NONCE_BYTES));
    const plain = box.decrypt(sealed.slice(NONCE_BYTES));
    const value = codec.decodeExact(plain, "share", { maxBytes: 1024 });
    const share = BigInt(`0x${codec.hex64(value?.share, "share")}`);
    const right = codec.encode(shareJson(session, dealer, recipient, share));
    if (share < ED25519.order && sameBytes(plain, right)) return share;
  } catch {
    // it does not open, or what is in it has another form
  }
  throw new ProofError("share-box", { trustee: dealer });
}

/** crypto_box_beforenm: HSalsa20 of the shared point. */
function agreed(boxSecret, theirKey, trustee) {
  let shared;
  try {
    shared = x25519.getSharedSecret(boxSecret, hexToBytes(theirKey));
  } catch {
    throw new ProofError("share-box", { trustee });
  }
  const key = new Uint32Array(8);
  hsalsa(SIGMA, words(shared), new Uint32Array(4), key);
  return new Uint8Array(new Uint32Array(key).buffer);
}

/** Bytes as little-endian words; every machine that runs a browser is little-endian. */
function words(bytes) {
  return new Uint32Array(Uint8Array.from(bytes).buffer);
}

function shareJson({ meeting, attempt }, from, to, share) {
  const spelled = share.toString(16).padStart(64, "0");
  return { ceremony: 1, meeting, attempt, from, to, share: spelled };
}
