// The vectors that Python reads too, and how to run one.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import { FormatError, PiaojueError } from "../../kiosk/web/src/errors.js";

/** A file of tests/vectors/data, parsed. */
export function data(name) {
  return JSON.parse(readFileSync(new URL(`../vectors/data/${name}.json`, import.meta.url), "utf8"));
}

/** Its tests of some kinds. */
export function vectors(name, ...kinds) {
  const found = data(name).tests.filter(({ kind }) => kinds.includes(kind));
  assert.ok(found.length > 0, `no ${kinds} in ${name}`);
  return found;
}

export function bytes(text) {
  return new TextEncoder().encode(text);
}

export function text(data_) {
  return new TextDecoder().decode(data_);
}

/** Require the error that a vector names: its code, and its place or its params. */
export function throwsAs(expected, call) {
  assert.throws(call, (error) => {
    assert.ok(error instanceof PiaojueError, `${error}`);
    assert.equal(error.code, expected.code);
    if (error instanceof FormatError) assert.equal(error.place, expected.place);
    else if (expected.params) assert.deepEqual(error.params, expected.params);
    return true;
  });
}

/** Bytes that only look random, the same every time. */
export function pseudoRandom(seed = 1) {
  let state = seed;
  return (n) =>
    Uint8Array.from({ length: n }, () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state >>> 24;
    });
}
