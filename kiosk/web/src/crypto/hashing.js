// Hashes to scalars and to texts, and the two streams of scalars that provers draw from.
//
// Belenios' hash: SHA-256 over the bytes of the parts put end to end, read as a big-endian
// number, modulo q. A prover is given a `draw` and calls it a documented number of times in a
// documented order (docs/spec/proofs.md), so the stream of a published sealing seed rebuilds a
// ballot. Mirrors voting/crypto/hashing.py; source: docs/spec/group.md.

import { sha256 } from "@noble/hashes/sha2.js";
import { shake256 } from "@noble/hashes/sha3.js";

import {
  bytesToHex,
  concat,
  fromNumber,
  hexToBytes,
  toBase64,
  toBytes,
  toNumber,
} from "./bytes.js";

export const SEED_BYTES = 32;

/** Of whatever people read aloud or type. A symbol's value is its index; no I, L, O and U. */
export const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

const SEAL_TAG = "piaojue/seal/1|";

/**
 * SHA-256 of the concatenated parts (text as UTF-8), big-endian, modulo q.
 * @param {import("./group.js").Group} group
 * @param {...(string | Uint8Array)} parts
 * @returns {bigint}
 */
export function hashToScalar(group, ...parts) {
  const hash = sha256.create();
  for (const part of parts) hash.update(toBytes(part));
  return toNumber(hash.digest()) % group.order;
}

/**
 * SHA-256 of texts and bytes put end to end: 32 bytes.
 * @param {...(string | Uint8Array)} parts
 * @returns {Uint8Array}
 */
export function sha256Bytes(...parts) {
  return sha256(concat(...parts.map(toBytes)));
}

/**
 * The 64 lower-case hex digits of SHA-256.
 * @param {string | Uint8Array} data
 * @returns {string}
 */
export function sha256Hex(data) {
  return bytesToHex(sha256Bytes(data));
}

/**
 * A 32-byte digest as 43 characters: standard Base64 without its `=`.
 * @param {Uint8Array} digest
 * @returns {string}
 */
export function b64Digest(digest) {
  return toBase64(digest).replace(/=+$/, "");
}

/**
 * SHA-256 of the data as 43 characters, as shown to people and put in ballots.
 * @param {string | Uint8Array} data
 * @returns {string}
 */
export function b64Fingerprint(data) {
  return b64Digest(sha256Bytes(data));
}

/**
 * A digest's first 80 bits as four groups of four symbols, for reading aloud.
 * @param {string} digestHex at least 20 hex digits, most significant first
 * @returns {string}
 */
export function code80bits(digestHex) {
  const number = toNumber(hexToBytes(digestHex.slice(0, 20)));
  let symbols = "";
  for (let shift = 75n; shift >= 0n; shift -= 5n) {
    symbols += ALPHABET[Number((number >> shift) & 31n)];
  }
  return symbols.match(/..../g).join(" ");
}

/**
 * Draw unpredictable scalars by rejection sampling.
 * @param {(n: number) => Uint8Array} rand returns that many uniform bytes
 * @param {import("./group.js").Group} group
 * @returns {() => bigint}
 */
export function freshScalars(rand, group) {
  const bits = group.order.toString(2).length;
  const mask = (1n << BigInt(bits)) - 1n;
  return () => {
    for (;;) {
      const value = toNumber(rand(Math.ceil(bits / 8))) & mask;
      if (value < group.order) return value;
    }
  };
}

/**
 * Expand a sealing seed; scalar `i` is the `i`-th call, from 0.
 *
 * Scalar i = SHAKE256("piaojue/seal/1|" + label + "|" + seed + i), i as 4 bytes big-endian;
 * the first 64 output bytes, read big-endian, modulo q.
 *
 * @param {Uint8Array} seed 32 uniform bytes, used for one sealing only
 * @param {string} label what is drawn, as `answers`; two purposes never share one
 * @param {import("./group.js").Group} group
 * @returns {() => bigint}
 */
export function seededScalars(seed, label, group) {
  if (seed.length !== SEED_BYTES) throw new RangeError(`a seed has ${SEED_BYTES} bytes`);
  const prefix = concat(toBytes(SEAL_TAG), toBytes(label), toBytes("|"), seed);
  let counter = 0n;
  return () => {
    const block = shake256(concat(prefix, fromNumber(counter++, 4)), { dkLen: 64 });
    return toNumber(block) % group.order;
  };
}
