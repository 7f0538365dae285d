// The draft's forms change what they show, and lose nothing that they do not.

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  freeId,
  gatesHad,
  gatesShown,
  itemWith,
  papersWanted,
  wayOf,
  waysOf,
  withPapers,
  writeInsOf,
} from "../../kiosk/web/src/console/panels/draft/model.js";

const paper = (gate, digest = "ab") => ({ gate, digest, voucher: "科" });
const REFERENCE = { gate: "failed", record: "cd", item: "i1", date: "2026-05-01", voucher: "科" };
const COMMITTEE = { id: "standing-committee", kind: "confirmation", gates: ["examined", "opinions"] };
const CONTESTED = { id: "contested", kind: "contested", gates: ["examined"], write_in: "none" };
const ASSESSMENT = { id: "assessment", kind: "assessment", gates: [], write_in: "none" };
const BOOK = {
  rules: [COMMITTEE, CONTESTED, ASSESSMENT],
  gates: [
    { gate: "examined", paper: true, record: true },
    { gate: "opinions", paper: true, record: false },
    { gate: "failed", paper: false, record: true, many: true },
  ],
};

test("a paper that all items share takes the place of that kind's paper and of nothing else", () => {
  const assessed = { ...REFERENCE, gate: "examined" };
  const had = [REFERENCE, paper("opinions"), assessed];

  assert.deepEqual(withPapers(had, [paper("examined"), paper("opinions", "ef"), paper("audit")]), [
    REFERENCE,
    paper("opinions", "ef"),
    assessed,
    paper("audit"),
  ]);
});

test("a shared paper takes the place of one paper, and the other units' stay", () => {
  const had = [paper("opinions", "01"), paper("opinions", "02")];

  assert.deepEqual(withPapers(had, [paper("opinions", "ef")]), [
    paper("opinions", "ef"),
    paper("opinions", "02"),
  ]);
});

test("an item shows every gate that it has, then those that its rule wants", () => {
  const item = { gates: [REFERENCE, paper("audit"), { ...REFERENCE, record: "ee" }] };
  assert.deepEqual(gatesShown(item, COMMITTEE), [
    ...item.gates,
    { gate: "examined" },
    { gate: "opinions" },
  ]);
  assert.equal(gatesHad(item, COMMITTEE), 0);
  assert.equal(gatesHad({ gates: [paper("examined")] }, COMMITTEE), 1);
  assert.deepEqual(gatesShown(item, null), item.gates);
});

test("a gate is settled by a paper, by a record or by an item of this meeting, as its kind allows", () => {
  assert.deepEqual(BOOK.gates.map(waysOf), [
    ["paper", "record", "here"],
    ["paper"],
    ["record", "here"],
  ]);
  assert.equal(wayOf(paper("examined")), "paper");
  assert.equal(wayOf(REFERENCE), "record");
  assert.equal(wayOf({ gate: "reconsidered", item: "i1", voucher: "科" }), "here");
});

test("the papers that all items share are those that their rules want", () => {
  const items = [{ rule: "contested" }, { rule: "assessment" }, { rule: "unknown" }];
  assert.deepEqual(papersWanted(BOOK, items), ["examined"]);
});

test("an item of another rule loses what that rule does not ask, and keeps everything else", () => {
  const names = [{ name: "孙一" }, { name: "孙二" }];
  const item = { id: "i3", rule: "contested", seats: 1, names, gates: [REFERENCE], later: "x" };

  assert.deepEqual(itemWith(item, COMMITTEE, { rule: COMMITTEE.id, candidate: "孙一" }), {
    id: "i3",
    rule: "standing-committee",
    gates: [REFERENCE],
    later: "x",
    candidate: "孙一",
  });
  assert.deepEqual(itemWith(item, CONTESTED, { names, proposed: "", roster: "" }), item);
});

test("a new id is the first that nothing has, given or counted", () => {
  assert.equal(freeId("i", []), "i1");
  assert.equal(freeId("i", [{ id: "i2" }, {}, { id: "mayor" }]), "i1");
  assert.equal(freeId("r", [{ id: "r1" }, { id: "r2" }]), "r3");
});

test("names from outside are offered up to what the rule, or its parameter, allows", () => {
  assert.deepEqual(writeInsOf({ write_in: "roster" }), ["none", "roster"]);
  assert.deepEqual(writeInsOf({ write_in: "roster" }, { "write-in": "text" }).at(-1), "text");
});
