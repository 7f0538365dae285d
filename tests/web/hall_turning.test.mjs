// Pages of the hall screen that turn by themselves.

import assert from "node:assert/strict";
import { test } from "node:test";

import { pageOf, turnOf } from "../../kiosk/web/src/hall/turning.js";

const lines = (count) => Array.from({ length: count }, (_, index) => index + 1);

test("a list that can be read stands there whole", () => {
  assert.deepEqual(pageOf(lines(14), 7), { lines: lines(14), page: 1, pages: 1 });
  assert.deepEqual(pageOf([], 7), { lines: [], page: 1, pages: 1 });
});

test("every line of a long list stands on one of the pages, in order, one page after another", () => {
  for (const count of [15, 37, 40, 200]) {
    const { pages } = pageOf(lines(count), 0);
    const turns = lines(pages).map((turn) => pageOf(lines(count), turn - 1));

    assert.deepEqual(turns.flatMap((one) => one.lines), lines(count));
    assert.deepEqual(turns.map((one) => one.page), lines(pages));
    assert.ok(turns.every((one) => one.lines.length <= 14));
  }
});

test("a page may hold more where lines are short", () => {
  assert.equal(pageOf(lines(40), 0, 40).pages, 1);
  assert.equal(pageOf(lines(91), 0, 40).pages, 3);
});

test("the clock turns the pages, and begins again after the last", () => {
  assert.equal(turnOf(11_999), turnOf(0));
  assert.notEqual(turnOf(12_000), turnOf(0));
  assert.deepEqual(pageOf(lines(20), 2), pageOf(lines(20), 0));
});
