// The kiosk's small parts: how rows fit, which group is mistyped, idle time, what a ledger says.

import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { readTrackerPayload, trackerPayload } from "../../kiosk/web/src/check/payload.js";
import { outOf, standingOf } from "../../kiosk/web/src/kiosk/facts.js";
import { FAREWELL, IDLE, IdleClock, WARNING, countDown } from "../../kiosk/web/src/kiosk/idle.js";
import { cardColumns, columnsFor, pageOf, rowsPerPage } from "../../kiosk/web/src/kiosk/layout.js";
import { likelyGroup } from "../../kiosk/web/src/kiosk/mistyped.js";
import { choicesOf, proposeRounds } from "../../kiosk/web/src/kiosk/withdrawal.js";
import { EMPTY } from "../../kiosk/web/src/meeting/state.js";

const TOKEN = "4W262TBHF9ZHA62A08JXZEHXA87D";
const exchange = (text, i) => text.slice(0, i) + text[i + 1] + text[i] + text.slice(i + 2);

test("rows: six to eight on a page, as the height allows, equal pages", () => {
  assert.equal(rowsPerPage(40, 630, 76), 8);
  assert.equal(rowsPerPage(40, 560, 76), 7);
  assert.equal(rowsPerPage(40, 200, 76), 6);
  assert.equal(rowsPerPage(40, 5000, 76), 8);
  assert.equal(rowsPerPage(7, 630, 76), 7);
  assert.equal(rowsPerPage(9, 630, 76), 6);
  for (let items = 7; items <= 60; items += 1) {
    const rows = rowsPerPage(items, 630, 76);
    assert.ok(rows >= 6 && rows <= 8);
    assert.equal(pageOf(items - 1, rows), Math.ceil(items / rows) - 1);
  }
});

test("review: forty names in as many columns as they need and the width allows", () => {
  assert.equal(columnsFor(40, 600, 50, 5), 4);
  assert.equal(columnsFor(40, 600, 50, 3), 3);
  assert.equal(columnsFor(6, 600, 50, 5), 1);
  assert.equal(columnsFor(6, 20, 50, 0), 1);
});

test("cards are equal and on one page", () => {
  assert.deepEqual([1, 2, 3, 4, 5, 6].map((items) => cardColumns(items, true)), [1, 2, 3, 2, 3, 3]);
  assert.deepEqual([1, 2, 3, 4, 5, 6].map((items) => cardColumns(items, false)), [1, 1, 1, 2, 2, 2]);
});

test("one wrong symbol or exchanged neighbours are placed in their group", () => {
  assert.equal(likelyGroup(TOKEN), null);
  for (let i = 0; i < TOKEN.length; i += 1) {
    const wrong = TOKEN.slice(0, i) + (TOKEN[i] === "5" ? "6" : "5") + TOKEN.slice(i + 1);
    const found = likelyGroup(wrong);
    assert.ok(found === Math.floor(i / 4) + 1 || found === null, `${i}: ${found}`);
  }
  assert.equal(likelyGroup(exchange(TOKEN, 9)), 3);
});

test("nobody there: a warning at five minutes, thirty seconds, then out; a touch begins anew", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const told = [];
  const clock = new IdleClock({ warn: (left) => told.push(left), out: () => told.push("out") });

  clock.reset();
  t.mock.timers.tick(IDLE - 1);
  assert.deepEqual(told, []);
  t.mock.timers.tick(1);
  assert.deepEqual(told, [30]);
  t.mock.timers.tick(1000);
  t.mock.timers.tick(1000);
  assert.deepEqual(told, [30, 29, 28]);

  clock.reset();
  assert.equal(told.pop(), null);
  t.mock.timers.tick(IDLE - 1);
  assert.equal(told.length, 3);
  for (let second = 0; second <= WARNING / 1000; second += 1) t.mock.timers.tick(1000);
  assert.equal(told.at(-1), "out");
  assert.equal(clock.running, false);
});

test("a farewell counts down and is over", (t) => {
  t.mock.timers.enable({ apis: ["setInterval"] });
  const told = [];
  countDown(FAREWELL, (left) => told.push(left), () => told.push("out"));

  t.mock.timers.tick(29_000);
  assert.equal(told.at(-1), 1);
  t.mock.timers.tick(1000);
  assert.deepEqual(told.slice(0, 2), [30, 29]);
  assert.equal(told.at(-1), "out");
});

test("how things stand, in one word", () => {
  const round = (state, lastCall = false) => ({ state, lastCall });

  assert.equal(standingOf("draft", []), "draft");
  assert.equal(standingOf("frozen", []), "not-open");
  assert.equal(standingOf("frozen", [round("sealed"), round("open")]), "open");
  assert.equal(standingOf("frozen", [round("open", true)]), "last-call");
  assert.equal(standingOf("frozen", [round("certified")]), "sealed");
  assert.equal(standingOf("closed", [round("certified")]), "closed");
});

test("the ledger tells why a ticket is on no list", () => {
  const line = (kind, slot, credential) => JSON.stringify({ act: { kind, body: { slot, credential } } });
  const ledger = [line("leftover", "s1", "c1"), line("withdraw", "s2", "c2"), "", "no line"].join("\n");

  assert.equal(outOf(ledger, new Map([["s1", "c1"]])), "leftover");
  assert.equal(outOf(ledger, new Map([["s2", "c2"]])), "withdrawn");
  assert.equal(outOf(ledger, new Map([["s2", "c1"]])), null);
});

const RULE = { id: "r", recusalEffect: "leaves-vote" };
const MEETING = {
  slots: ["s1", "s2", "s3", "s4"],
  items: new Map(["i1", "i2", "i3"].map((id) => [id, { id, rule: "r" }])),
  rules: new Map([["r", RULE]]),
};
const RECUSED = { ...EMPTY, recusals: new Map([["i2", new Set(["line"])]]) };

test("papers to come: recusal papers first, on the next slots", () => {
  assert.deepEqual(proposeRounds(MEETING, RECUSED), [
    { slot: "s1", items: ["i2"], recused: 1 },
    { slot: "s2", items: ["i1", "i3"], recused: 0 },
  ]);
});

test("one may withdraw from a paper with recusals, or from every slot to come", () => {
  const mine = new Map([["s1", "c1"], ["s2", "c2"], ["s3", "c3"], ["s4", "c4"]]);

  assert.deepEqual(choicesOf(MEETING, RECUSED, null, mine), [
    { kind: "paper", slots: ["s1"], items: ["i2"] },
    { kind: "all", slots: ["s1", "s2", "s3", "s4"], items: [] },
  ]);
  const gone = { ...RECUSED, withdrawn: new Map([["s1", new Map([["c1", "A"]])]]) };
  assert.deepEqual(choicesOf(MEETING, gone, null, mine), [
    { kind: "all", slots: ["s2", "s3", "s4"], items: [] },
  ]);
});

test("the first code of a device check goes there and back", () => {
  const [slot, tracker] = ["11111111111111111112Ae", "DGIcEiLeDGIcEiLeDGIcEiLeDGIcEiLeDGIcEiLeDGI"];

  assert.deepEqual(readTrackerPayload(trackerPayload(slot, tracker)), { slot, tracker });
  assert.equal(readTrackerPayload("PJ1:4W26"), null);
  assert.throws(() => readTrackerPayload("PJC1:half"));
});

mock.reset();
