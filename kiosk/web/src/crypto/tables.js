// Multiplication of one point by many scalars: a table of its multiples, and additions alone.
//
// A scalar is written as 32 digits of 8 bits with signs, -127..128; the table holds j·256^i·P for
// j = 1..128 and every position i, in affine form, so that a product costs 32 additions of seven
// multiplications each (Hisil, Wong, Carter, Dawson: "Twisted Edwards curves revisited", section
// 3.1, a = -1, with the table's side kept as y - x, y + x, 2dxy). The formulas are complete: they
// hold for every pair of points. Everything else is noble's; tests compare the two.
//
// Which entry is read depends on the scalar: docs/adr/0100-browser-crypto.md.

import { ed25519 } from "@noble/curves/ed25519.js";

const { Point } = ed25519;
const P = Point.Fp.ORDER;
const D2 = (2n * Point.CURVE().d) % P;
const WINDOWS = 32; // q < 2^253, so the last position takes every carry
const HALF = 128;

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
    const digits = signedDigits(k);
    let x = 0n;
    let y = 1n;
    let z = 1n;
    let t = 0n;
    for (let i = 0; i < WINDOWS; i++) {
      const digit = digits[i];
      if (digit === 0) continue;
      const entry = this.#entries[i * HALF + Math.abs(digit) - 1];
      const positive = digit > 0;
      const a = ((y - x) * (positive ? entry.minus : entry.plus)) % P;
      const b = ((y + x) * (positive ? entry.plus : entry.minus)) % P;
      const c = positive ? (t * entry.t2d) % P : -((t * entry.t2d) % P);
      const d = z + z;
      const e = b - a;
      const f = d - c;
      const g = d + c;
      const h = b + a;
      x = (e * f) % P;
      y = (g * h) % P;
      z = (f * g) % P;
      t = (e * h) % P;
    }
    return new Point(positiveOf(x), positiveOf(y), positiveOf(z), positiveOf(t));
  }
}

function positiveOf(value) {
  return value < 0n ? value + P : value;
}

function signedDigits(k) {
  const digits = new Int16Array(WINDOWS);
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
  const multiples = [];
  let base = point;
  for (let i = 0; i < WINDOWS; i++) {
    let sum = base;
    for (let j = 0; j < HALF; j++) {
      multiples.push(sum);
      sum = sum.add(base);
    }
    base = multiples[multiples.length - 1].double();
  }
  return affine(multiples);
}

/** One inversion for all (Montgomery's trick). */
function affine(points) {
  const products = [];
  let product = 1n;
  for (const { Z } of points) {
    products.push(product);
    product = (product * Z) % P;
  }
  let inverse = Point.Fp.inv(product);
  const entries = new Array(points.length);
  for (let i = points.length - 1; i >= 0; i--) {
    const { X, Y, Z } = points[i];
    const z = (inverse * products[i]) % P;
    inverse = (inverse * Z) % P;
    const x = (X * z) % P;
    const y = (Y * z) % P;
    const t2d = (((x * y) % P) * D2) % P;
    entries[i] = { minus: (y - x + P) % P, plus: (y + x) % P, t2d };
  }
  return entries;
}
