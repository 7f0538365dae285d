import assert from "node:assert/strict";
import { test } from "node:test";

import { fromBase64, toBase64 } from "../../kiosk/web/src/crypto/bytes.js";
import { FormatError } from "../../kiosk/web/src/errors.js";
import * as codec from "../../kiosk/web/src/protocol/codec.js";
import { bytes, text } from "./vectors.mjs";

const refused = (data) => assert.throws(() => codec.decodeExact(data, "m"), FormatError);

test("what is canonical is read and written again as the same bytes", () => {
  for (const one of [
    '{"b":1,"a":[true,false,null,-7,9007199254740991]}',
    '"会议\\b\\f\\n\\r\\t\\u0001\\u007f/\\"\\\\\u2028\u{20000}"',
    '{"__proto__":1}',
    "[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]",
  ]) {
    assert.equal(text(codec.encode(codec.decodeExact(bytes(one), "m"))), one);
  }
});

test("every other spelling is refused", () => {
  for (const one of [
    "",
    "{",
    " {}",
    "{}\n",
    '{"a":1,"a":2}',
    '{"a":1,"a":1}',
    "1.0",
    "1.5",
    "1e2",
    "-0",
    "9007199254740992",
    "9007199254740993",
    "01",
    "NaN",
    '"\\u0041"',
    '"\\/"',
    '"\u007f"',
    '"\\u000A"',
    '"\\ud800"',
    '{"\\udc00":1}',
    "[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]",
    "\ufeff{}",
  ]) {
    refused(bytes(one));
  }
  refused(Uint8Array.of(0x22, 0xff, 0x22));
  refused(Uint8Array.of(0x22, 0xed, 0xa0, 0x80, 0x22)); // a surrogate in UTF-8
});

test("what is too long or too deep is refused before it is parsed into something", () => {
  assert.throws(() => codec.decodeExact(bytes("[1,2]"), "m", { maxBytes: 4 }), /longer than 4/);
  refused(bytes("[".repeat(200_000)));
});

test("nothing is written that cannot be read", () => {
  for (const one of [1.5, NaN, 2 ** 53, "\ud800", undefined, 1n, [undefined], { a: () => 1 }]) {
    assert.throws(() => codec.encode(one), FormatError);
  }
});

test("fields are taken in their order, and no others", () => {
  assert.deepEqual(codec.fields({ a: 1, b: 2 }, "m", "a", "b"), [1, 2]);
  assert.deepEqual(codec.fields({ a: 1 }, "m", "a", "b?"), [1, null]);
  for (const one of [{ b: 2, a: 1 }, { a: 1 }, { a: 1, b: 2, c: 3 }, [1, 2], null, "ab"]) {
    assert.throws(() => codec.fields(one, "m", "a", "b"), FormatError);
  }
  assert.throws(() => codec.fields({ a: 1, b: null }, "m", "a", "b?"), /m\.b/);
});

test("a missing field is not found on the prototype", () => {
  assert.deepEqual(codec.fields({ a: 1 }, "m", "a", "constructor?"), [1, null]);
});

test("weights have one spelling", () => {
  assert.equal(codec.weight(codec.MAX_SMALL, "m"), BigInt(codec.MAX_SMALL));
  assert.equal(codec.weight("1073741824", "m"), 2n ** 30n);
  assert.equal(codec.weightJson(2n ** 30n), "1073741824");
  for (const one of [2 ** 30, "7", "01073741824", -1, true, null]) {
    assert.throws(() => codec.weight(one, "m"), FormatError);
  }
});

test("a text's length is counted in characters", () => {
  assert.equal(codec.text("\u{20000}".repeat(3), "m", { maxLength: 3 }).length, 6);
  assert.throws(() => codec.text("abcd", "m", { maxLength: 3 }), FormatError);
});

test("identifiers are drawn from uniform bytes, without favour", () => {
  const drawn = Uint8Array.of(0, 57, 231, 232, 255, 58);
  let at = 0;
  assert.equal(codec.drawBase58(() => drawn.subarray(at, ++at), 4), "1zz1");
});

test("Base64 has one spelling", () => {
  for (const n of [0, 1, 2, 3, 31, 32, 64]) {
    const raw = Uint8Array.from({ length: n }, (_, i) => 255 - 7 * i);
    assert.equal(toBase64(raw), Buffer.from(raw).toString("base64"));
    assert.deepEqual(fromBase64(toBase64(raw)), raw);
  }
  for (const one of ["AB==", "AAA", "AA=", "A", "A===", "AA-_", "AAAA=", "AAA=\n"]) {
    assert.equal(fromBase64(one), null, one);
  }
});
