// Bytes, hexadecimal digits, Base64 and numbers: conversions that JavaScript leaves open.

import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";

export { bytesToHex, hexToBytes };

const ENCODER = new TextEncoder();
const BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/**
 * UTF-8 of a text; bytes pass.
 * @param {string | Uint8Array} data
 * @returns {Uint8Array}
 */
export function toBytes(data) {
  return typeof data === "string" ? ENCODER.encode(data) : data;
}

/**
 * Read bytes as a big-endian number.
 * @param {Uint8Array} bytes
 * @returns {bigint}
 */
export function toNumber(bytes) {
  return bytes.length === 0 ? 0n : BigInt(`0x${bytesToHex(bytes)}`);
}

/**
 * Write a number as `size` bytes, big-endian; it must fit.
 * @param {bigint} number
 * @param {number} size
 * @returns {Uint8Array}
 */
export function fromNumber(number, size) {
  return hexToBytes(number.toString(16).padStart(2 * size, "0"));
}

/**
 * @param {...Uint8Array} parts
 * @returns {Uint8Array}
 */
export function concat(...parts) {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/**
 * @param {Uint8Array} a
 * @param {Uint8Array} b
 * @returns {boolean}
 */
export function sameBytes(a, b) {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

/**
 * Standard Base64, with its `=`.
 * @param {Uint8Array} bytes
 * @returns {string}
 */
export function toBase64(bytes) {
  let text = "";
  for (let i = 0; i < bytes.length; i += 3) {
    const three = (bytes[i] << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    for (let j = 0; j < 4; j++) {
      text += i + j > bytes.length ? "=" : BASE64[(three >> (18 - 6 * j)) & 63];
    }
  }
  return text;
}

/**
 * Read standard Base64 with its `=`; null when it is not exactly what `toBase64` writes.
 * @param {string} text
 * @returns {Uint8Array | null}
 */
export function fromBase64(text) {
  const symbols = text.replace(/={1,2}$/, "");
  const bytes = new Uint8Array(Math.floor((symbols.length * 3) / 4));
  let bits = 0;
  for (let i = 0, at = 0; i < symbols.length; i++) {
    const value = BASE64.indexOf(symbols[i]);
    if (value < 0) return null;
    bits = ((bits << 6) | value) & 0xffff;
    if (i % 4 > 0) bytes[at++] = (bits >> (6 - 2 * (i % 4))) & 255;
  }
  return toBase64(bytes) === text ? bytes : null;
}
