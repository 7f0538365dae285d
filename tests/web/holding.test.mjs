// Holding the key ceremony over a server: what a device does that lost what it drew.

import assert from "node:assert/strict";
import { test } from "node:test";

import { randomBytes } from "../../kiosk/web/src/crypto/random.js";
import { RefusedError } from "../../kiosk/web/src/errors.js";
import { holdCeremony } from "../../kiosk/web/src/tally/holding.js";

/** A server where this device has spoken in attempt 1; `asked` says what becomes of its restart. */
function server(asked) {
  const here = { attempt: 1, told: [] };
  const refuse = (code) => {
    throw new RefusedError(code);
  };
  here.world = {
    client: {
      get: async () => ({ meeting: "1Meeting1Meeting1Meet1", attempt: here.attempt,
        threshold: 2, size: 3, complete: false }),
      post: async () => asked(here, refuse),
      postBytes: async () => refuse(here.attempt === 1 ? "message-exists" : "in-attempt-2"),
    },
    talk: { tell: (event) => here.told.push(event), complain: () => here.told.push("complaint") },
    rand: randomBytes,
    patiently: (work) => work(),
    sleep: async () => {},
  };
  return here;
}

const held = ({ world }) => holdCeremony(world, 1, async () => {});

for (const [name, asked] of [
  ["by this device", (here) => { here.attempt = 2; }],
  ["by another, or its answer was lost", (here, refuse) => {
    here.attempt = 2;
    refuse("ceremony-over");
  }],
]) {
  test(`the next attempt is taken part in when it was asked for ${name}`, async () => {
    const here = server(asked);
    await assert.rejects(held(here), { code: "in-attempt-2" });
    assert.deepEqual(here.told, ["ceremony", "ceremony-again", "ceremony"]);
  });
}

test("where the ceremony is complete there is no other attempt to wait for", async () => {
  await assert.rejects(held(server((_, refuse) => refuse("ceremony-over"))),
    { code: "ceremony-over" });
});
