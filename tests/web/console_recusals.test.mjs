// Recusals that are proposed: what a human has still to confirm.

import assert from "node:assert/strict";
import { test } from "node:test";

import { proposed } from "../../kiosk/web/src/console/panels/recusals.js";

const ROLL = {
  people: [
    { who: "甲", class: "member", recused: [] },
    { who: "乙", class: "member", recused: ["i1"] },
    { who: "丙", class: "attendee", recused: [] },
  ],
  proposals: [
    { item: "i1", who: "甲", kin: "affine", must: true, note: "" },
    { item: "i1", who: "乙", kin: "spouse", must: true, note: "" },
    { item: "i1", who: "丙", kin: "spouse", must: true, note: "" },
    { item: "i9", who: "甲", kin: "other", must: false, note: "同学" },
  ],
};
const VIEW = { items: { i1: { id: "i1", n: 1, candidate: "丁" } } };

test("only members who are not recused yet are proposed, for items that there are", () => {
  assert.deepEqual(
    proposed(VIEW, ROLL).map((one) => [one.who, one.item]),
    [["甲", "i1"]],
  );
});

test("without the roll nothing is proposed", () => {
  assert.deepEqual(proposed(VIEW, undefined), []);
});
