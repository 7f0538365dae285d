// JSON as bytes: Belenios version 1 hashes texts, so one value has one spelling here.
//
// The rules, all of them checked by `decodeExact` before any caller sees a value, as in
// voting/protocol/codec.py:
//
// * UTF-8, no byte order mark; compact; no escape that is not needed; no lone surrogate;
// * no object names a key twice; nesting no deeper than MAX_DEPTH;
// * numbers are integers that JavaScript holds exactly: no float, no exponent, no `-0`. Scalars
//   and group elements are strings and have decoders of their own;
// * `encode(decodeExact(data))` is `data`, or the data is refused.
//
// One difference from Python, on the safe side: JavaScript puts keys that look like array indexes
// first, ascending, so an object with such keys in another order is refused here. No id is a number
// (meeting/shape.js, rules/reading.js); a roster's numbers are keys of counts, and stand ascending.
//
// The helpers below take values out of the decoded object and name the place of a fault, as
// `ballot.answers[0].choices[1].alpha`; they never convert.

import { FormatError } from "../errors.js";
import { sameBytes, toBytes } from "../crypto/bytes.js";

export const MAX_DEPTH = 16;
export const MAX_BYTES = 64 * 2 ** 20;
export const MAX_INTEGER = 2 ** 53 - 1;
/** Largest weight or count that Belenios writes as a number. */
export const MAX_SMALL = 2 ** 30 - 1;

export const BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

const HEX64 = /^[0-9a-f]{64}$/;
const B64_HASH = /^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]$/;
const UUID = new RegExp(`^[${BASE58}]{14,64}$`);
const DECIMAL = /^[1-9][0-9]{0,39}$/;
const LONE_SURROGATE = /[\ud800-\udfff]/u;

/**
 * Write a JSON value (no floats) in the one spelling described above.
 * @param {unknown} value objects, arrays, strings, safe integers, booleans, null
 * @returns {Uint8Array} FormatError: a value that has no such spelling
 */
export function encode(value) {
  requireSpellable(value, "message", 0);
  return toBytes(JSON.stringify(value).replaceAll("\x7f", "\\u007f"));
}

/**
 * Read bytes that are exactly what `encode` would write.
 * @param {Uint8Array} data
 * @param {string} place
 * @param {{maxBytes?: number}} [limits]
 * @returns {unknown} objects with their keys in the order of the bytes; FormatError
 */
export function decodeExact(data, place, { maxBytes = MAX_BYTES } = {}) {
  if (data.length > maxBytes) throw new FormatError(place, `longer than ${maxBytes} bytes`);
  let text;
  let value;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(data);
  } catch {
    throw new FormatError(place, "not UTF-8 text");
  }
  try {
    value = JSON.parse(text);
  } catch {
    throw new FormatError(place, "not JSON");
  }
  requireSpellable(value, place, 0);
  if (!sameBytes(encode(value), data)) throw new FormatError(place, "not in canonical form");
  return value;
}

/**
 * Take exactly these fields, in this order, from an object.
 * @param {unknown} value
 * @param {string} place
 * @param {...string} names one that ends in `?` may be missing; its value is then null
 * @returns {unknown[]} FormatError: other fields, another order, a null in a field that may miss
 */
export function fields(value, place, ...names) {
  if (value === null || typeof value !== "object" || Array.isArray(value)) {
    throw new FormatError(place, "not an object");
  }
  const found = Object.keys(value);
  const expected = names
    .filter((name) => !name.endsWith("?") || Object.hasOwn(value, name.slice(0, -1)))
    .map((name) => name.replace(/\?$/, ""));
  if (found.length !== expected.length || found.some((name, i) => name !== expected[i])) {
    const wanted = expected.join(", ");
    throw new FormatError(place, `expected the fields ${wanted} in this order`);
  }
  return names.map((name) => {
    if (!name.endsWith("?")) return value[name];
    const plain = name.slice(0, -1);
    if (!Object.hasOwn(value, plain)) return null;
    if (value[plain] === null) {
      throw new FormatError(`${place}.${plain}`, "null, where the field may be left out");
    }
    return value[plain];
  });
}

/**
 * Take a string of at most `maxLength` characters (code points).
 * @returns {string}
 */
export function text(value, place, { maxLength = 10_000 } = {}) {
  if (typeof value !== "string") throw new FormatError(place, "not a string");
  if (value.length > maxLength && [...value].length > maxLength) {
    throw new FormatError(place, `longer than ${maxLength} characters`);
  }
  return value;
}

/**
 * Take a JSON number, low <= n <= high.
 * @returns {number}
 */
export function integer(value, place, { low = 0, high = MAX_INTEGER } = {}) {
  if (typeof value !== "number") throw new FormatError(place, "not an integer");
  if (value < low || value > high) throw new FormatError(place, `not between ${low} and ${high}`);
  return value;
}

/**
 * Take `true` or `false`.
 * @returns {boolean}
 */
export function boolean(value, place) {
  if (typeof value !== "boolean") throw new FormatError(place, "not true or false");
  return value;
}

/**
 * Take a list of `low` to `high` values, or of exactly `size`.
 * @returns {unknown[]}
 */
export function array(value, place, { low = 0, high = 1_000_000, size = null } = {}) {
  if (!Array.isArray(value)) throw new FormatError(place, "not a list");
  const [least, most] = size === null ? [low, high] : [size, size];
  if (value.length < least || value.length > most) {
    const wanted = least === most ? `${least}` : `${least} to ${most}`;
    throw new FormatError(place, `has ${value.length} entries, expected ${wanted}`);
  }
  return value;
}

/** Take 64 lower-case hexadecimal digits: a SHA-256, or an Ed25519 key. */
export function hex64(value, place) {
  return matching(HEX64, value, place, "64 lower-case hexadecimal digits");
}

/** Take a SHA-256 in Base64 without padding: 43 characters, unused bits zero. */
export function b64Hash(value, place) {
  return matching(B64_HASH, value, place, "a SHA-256 in Base64 without padding");
}

/** Take an election's identifier: 14 to 64 characters of Base58. */
export function uuid(value, place) {
  return matching(UUID, value, place, "14 to 64 Base58 characters");
}

/**
 * Draw uniform symbols of Base58; 22 of them, as in our identifiers, hold 128 bits and more.
 * @param {(n: number) => Uint8Array} rand is asked for one byte at a time
 * @param {number} [length]
 * @returns {string}
 */
export function drawBase58(rand, length = 22) {
  let symbols = "";
  while (symbols.length < length) {
    const [number] = rand(1);
    // 232 of 256: what is above would favour some symbols.
    if (number < 4 * BASE58.length) symbols += BASE58[number % BASE58.length];
  }
  return symbols;
}

/**
 * Take a weight or count: a number up to 2**30 - 1, beyond it a decimal string.
 * @returns {bigint}
 */
export function weight(value, place) {
  if (typeof value !== "string") return BigInt(integer(value, place, { high: MAX_SMALL }));
  const n = BigInt(matching(DECIMAL, value, place, "a decimal number"));
  if (n <= BigInt(MAX_SMALL)) throw new FormatError(place, "a small number written as a string");
  return n;
}

/**
 * Write a weight or count; the inverse of `weight`.
 * @param {bigint} n
 * @returns {number | string}
 */
export function weightJson(n) {
  return n <= BigInt(MAX_SMALL) ? Number(n) : n.toString();
}

function matching(pattern, value, place, wanted) {
  if (typeof value !== "string" || !pattern.test(value)) {
    throw new FormatError(place, `not ${wanted}`);
  }
  return value;
}

/** Refuse what JSON.stringify would write in a way that nobody reads back. */
function requireSpellable(value, place, depth) {
  if (typeof value === "string") return requireWhole(value, place);
  if (typeof value === "boolean" || value === null) return undefined;
  if (typeof value === "number") {
    if (Number.isSafeInteger(value)) return undefined;
    throw new FormatError(place, "a number that is not an integer, or too large");
  }
  if (typeof value !== "object") throw new FormatError(place, "not a JSON value");
  if (depth >= MAX_DEPTH) throw new FormatError(place, `nested deeper than ${MAX_DEPTH}`);
  if (Array.isArray(value)) {
    for (const entry of value) requireSpellable(entry, place, depth + 1);
    return undefined;
  }
  for (const [key, entry] of Object.entries(value)) {
    requireWhole(key, place);
    requireSpellable(entry, place, depth + 1);
  }
  return undefined;
}

function requireWhole(string, place) {
  if (LONE_SURROGATE.test(string)) throw new FormatError(place, "not UTF-8 text");
}
