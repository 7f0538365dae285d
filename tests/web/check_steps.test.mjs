// A checking device: whoever begins anew sees nothing of the check before, and is not held up by it.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Checks } from "../../kiosk/web/src/check/steps.js";
import { trackerPayload } from "../../kiosk/web/src/check/payload.js";

const SLOTS = ["11111111111111111112Ae", "11111111111111111113Ae"];
const TRACKER = "DGIcEiLeDGIcEiLeDGIcEiLeDGIcEiLeDGIcEiLeDGI";
const [FIRST, NEXT] = SLOTS.map((slot) => trackerPayload(slot, TRACKER));

test("an answer to a check that was left changes nothing of the next one", async (t) => {
  const answers = [];
  t.mock.method(globalThis, "fetch", () => new Promise((resolve) => answers.push(resolve)));
  const checks = new Checks();
  const left = checks.take({}, FIRST);
  assert.equal(await checks.take({}, FIRST), false); // one code at a time
  checks.again();
  const next = checks.take({}, NEXT);
  assert.equal(answers.length, 2);

  answers[0](Response.json({ rounds: [] }));
  assert.equal(await left, false);
  assert.deepEqual([checks.now.step, checks.now.trouble], ["tracker", null]);

  answers[1](Response.json({ rounds: [] }));
  assert.equal(await next, true);
  assert.deepEqual(
    [checks.now.trouble.code, checks.now.trouble.params],
    ["no-round", { slot: SLOTS[1] }],
  );
  assert.equal(await checks.take({}, "PJ1:4W26"), true);
  assert.equal(checks.now.trouble.code, "not-a-tracker");
});
