// A page knows the reading that was proposed on it, whatever the server refuses afterwards.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Proposed } from "../../kiosk/web/src/tally/proposed.js";

const SLOT = "1".repeat(22);
const said = (as) => [{ item: "i1", ask: "", text: "张三", as }];
const refused = { name: "VerificationError", message: /reading-otherwise/ };

test("a refusal takes back its own wish, and no reading that waits", () => {
  for (const [kind, body] of [
    ["minute", {}],
    ["reading", { slot: SLOT, entries: said("invalid") }],
  ]) {
    const proposed = new Proposed();
    proposed.wish("reading", { slot: SLOT, entries: said("written") });
    proposed.wish(kind, body);
    proposed.refused();
    proposed.require(SLOT, said("written"));
    assert.throws(() => proposed.require(SLOT, said("invalid")), refused);
  }
});

test("of a first wish that was refused nothing is expected", () => {
  const proposed = new Proposed();
  proposed.wish("reading", { slot: SLOT, entries: said("written") });
  proposed.refused();
  proposed.require(SLOT, said("invalid"));
});
