// Multiplying points, in three ways.
//
// `FixedBase`: a large table, then additions alone; for g and the election's key, by which every
// exponent of a sealing multiplies. A scalar is 32 digits of 8 bits with signs, -127..128; the
// table holds j·256^i·P for j = 1..128 and every position i.
//
// `multiplyMany`: a small table for a few scalars, for the points of a ballot that is verified.
// A scalar is cut into 8 parts of 32 bits; the parts share 32 doublings.
//
// `sumOfProducts`: for points that are met once, as a shuffle meets thousands. A scalar is 64 digits
// of 4 bits with signs; each costs one addition, also where it is zero, and all points share the 256
// doublings.
//
// Which entry is read, and in `multiplyMany` the number of steps, depends on the scalar: see
// docs/adr/0100-browser-crypto.md. `multiplyMany` is for public scalars.

import { ed25519 } from "@noble/curves/ed25519.js";

import { D2, ORIGIN, P, add, addend, double, fromPoint, toPoint } from "./edwards.js";

const { Point } = ed25519;
const WINDOWS = 32; // q < 2^253, so the last position takes every carry
const HALF = 128;
const PARTS = 8;
const PART_BITS = 32;
const NIBBLE = 4;
const EIGHT = 8;

/** A point with its table: 4,096 entries, about 1 MB and 15 ms in a desktop browser. */
export class FixedBase {
  #entries;

  /** @param {InstanceType<typeof Point>} point */
  constructor(point) {
    this.#entries = build(point);
  }

  /**
   * k·P for 0 <= k < q.
   * @param {bigint} k
   * @returns {InstanceType<typeof Point>}
   */
  multiply(k) {
    let sum = ORIGIN;
    signedBytes(k).forEach((digit, i) => {
      if (digit === 0) return;
      sum = add(sum, this.#entries[i * HALF + Math.abs(digit) - 1], digit < 0);
    });
    return toPoint(sum);
  }
}

/**
 * k·P for every scalar 0 <= k < q.
 * @param {InstanceType<typeof Point>} point
 * @param {bigint[]} scalars public
 * @returns {InstanceType<typeof Point>[]}
 */
export function multiplyMany(point, scalars) {
  const tables = [];
  let base = fromPoint(point);
  for (let i = 0; i < PARTS; i++) {
    tables.push(oddMultiples(base));
    if (i === PARTS - 1) break;
    for (let j = PART_BITS; j > 0; j--) base = double(base, j === 1);
  }
  return scalars.map((k) => toPoint(walk(tables, k)));
}

/**
 * The sum of k·P for 0 <= k < q: the same steps whatever the scalars are.
 * @param {InstanceType<typeof Point>[]} points
 * @param {bigint[]} scalars as many
 * @returns {InstanceType<typeof Point>}
 */
export function sumOfProducts(points, scalars) {
  const tables = points.map((point) => multiples(fromPoint(point)));
  const digits = scalars.map(signedNibbles);
  let sum = ORIGIN;
  for (let at = 0; at < 2 * WINDOWS; at++) {
    for (let i = 0; i < NIBBLE; i++) sum = double(sum, i === NIBBLE - 1);
    for (let i = 0; i < tables.length; i++) {
      const digit = digits[i][at];
      sum = add(sum, tables[i][Math.abs(digit)], digit < 0);
    }
  }
  return toPoint(sum);
}

/** O, P, 2P … 8P. */
function multiples(first) {
  const step = addend(first);
  const entries = [addend(ORIGIN), step];
  for (let j = 2, multiple = first; j <= EIGHT; j++) {
    multiple = add(multiple, step);
    entries.push(addend(multiple));
  }
  return entries;
}

/** Digits -7..8 of 4 bits, most significant first. */
function signedNibbles(k) {
  const digits = [...k.toString(16).padStart(2 * WINDOWS, "0")].map((one) => parseInt(one, 16));
  for (let i = digits.length - 1, carry = 0; i >= 0; i--) {
    const digit = digits[i] + carry;
    carry = digit > EIGHT ? 1 : 0;
    digits[i] = digit - 16 * carry;
  }
  return digits;
}

/** P, 3P, 5P, 7P. */
function oddMultiples(point) {
  const twice = addend(double(point));
  const found = [point];
  while (found.length < 4) found.push(add(found[found.length - 1], twice));
  return found.map(addend);
}

function walk(tables, k) {
  const hex = k.toString(16).padStart(2 * PART_BITS, "0");
  const digits = tables.map((_, i) => {
    const at = 8 * (PARTS - 1 - i);
    return oddDigits(parseInt(hex.slice(at, at + 8), 16));
  });
  let sum = ORIGIN;
  for (let bit = PART_BITS; bit >= 0; bit--) {
    if (bit < PART_BITS) sum = double(sum);
    digits.forEach((found, i) => {
      const digit = found[bit] ?? 0;
      if (digit !== 0) sum = add(sum, tables[i][(Math.abs(digit) - 1) >> 1], digit < 0);
    });
  }
  return sum;
}

/** Digits 0, ±1, ±3, ±5, ±7, least first, at least three zeros after each that is not zero. */
function oddDigits(number) {
  const digits = [];
  for (let n = number; n > 0; n /= 2) {
    let digit = 0;
    if (n % 2 === 1) {
      digit = n % 16;
      if (digit > 8) digit -= 16;
      n -= digit;
    }
    digits.push(digit);
  }
  return digits;
}

function signedBytes(k) {
  const digits = new Array(WINDOWS);
  const hex = k.toString(16).padStart(2 * WINDOWS, "0");
  let carry = 0;
  for (let i = 0; i < WINDOWS; i++) {
    const at = 2 * (WINDOWS - 1 - i);
    const digit = parseInt(hex.slice(at, at + 2), 16) + carry;
    carry = digit > HALF ? 1 : 0;
    digits[i] = digit - 256 * carry;
  }
  return digits;
}

function build(point) {
  const found = [];
  let base = fromPoint(point);
  for (let i = 0; i < WINDOWS; i++) {
    const step = addend(base);
    found.push(base);
    for (let j = 1; j < HALF; j++) found.push(add(found[found.length - 1], step));
    base = double(found[found.length - 1]);
  }
  return affine(found);
}

/** The addends of all points with z = 1: one inversion for all (Montgomery's trick). */
function affine(points) {
  const products = [];
  let product = 1n;
  for (const { z } of points) {
    products.push(product);
    product = (product * z) % P;
  }
  let inverse = Point.Fp.inv(product < 0n ? product + P : product);
  const entries = new Array(points.length);
  for (let i = points.length - 1; i >= 0; i--) {
    const z = (inverse * products[i]) % P;
    inverse = (inverse * points[i].z) % P;
    const x = (points[i].x * z) % P;
    const y = (points[i].y * z) % P;
    entries[i] = { minus: y - x, plus: y + x, t2d: (((x * y) % P) * D2) % P, z2: 2n };
  }
  return entries;
}
