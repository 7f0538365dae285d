// Which papers stand on the hall screen while nothing is open.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Current } from "../../kiosk/web/src/hall/current.js";

const paper = (slot, state, told = false) => ({ slot, state, announcement: told ? { zh: [] } : null });

function shown(...answers) {
  const current = new Current();
  for (const papers of answers) current.follow(papers);
  return current.of(answers.at(-1)).map((one) => one.slot);
}

test("open papers stand there before everything else", () => {
  assert.deepEqual(shown([paper("a", "counted"), paper("b", "open"), paper("c", "open")]), ["b", "c"]);
});

test("boxes that wait stand there together", () => {
  assert.deepEqual(shown([paper("a", "sealed"), paper("b", "counted")]), ["a", "b"]);
});

test("the paper that was just released stands alone, though another one waits", () => {
  const before = [paper("a", "certified"), paper("b", "counted")];
  const after = [paper("a", "certified", true), paper("b", "counted")];
  assert.deepEqual(shown(before, after), ["a"]);
  assert.deepEqual(shown(before, after, [paper("a", "certified", true), paper("b", "certified", true)]), ["b"]);
});

test("the first paper stays when it is released after the second", () => {
  const second = [paper("a", "certified"), paper("b", "certified", true)];
  assert.deepEqual(shown(second, [paper("a", "certified", true), paper("b", "certified", true)]), ["a"]);
});

test("another box that is closed takes its place", () => {
  const told = [paper("a", "certified", true), paper("b", "open")];
  const first = [paper("a", "certified"), paper("b", "open")];
  assert.deepEqual(shown(first, told, [paper("a", "certified", true), paper("b", "sealed")]), ["b"]);
});

test("who opens the page later sees what waits, else what came last", () => {
  assert.deepEqual(shown([paper("a", "certified", true), paper("b", "sealed")]), ["b"]);
  assert.deepEqual(shown([paper("a", "certified", true), paper("b", "certified", true)]), ["b"]);
  assert.deepEqual(shown([]), []);
});
