// What a trustee's page asks at the end, when an error stopped it in between.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { toBytes } from "../../kiosk/web/src/crypto/bytes.js";
import { fold } from "../../kiosk/web/src/meeting/fold.js";
import { decodeMeeting } from "../../kiosk/web/src/meeting/frozen.js";
import { decodeLine } from "../../kiosk/web/src/meeting/ledger.js";
import { EMPTY } from "../../kiosk/web/src/meeting/state.js";
import { Ending } from "../../kiosk/web/src/tally/ending.js";
import { Talk } from "../../kiosk/web/src/trustee/talk.js";

const FILE = new URL("../vectors/data/ledger.json", import.meta.url);
const [LEDGER] = JSON.parse(readFileSync(FILE, "utf8")).ledgers;

test("a question that another one took the place of is asked again", async () => {
  const meeting = decodeMeeting(toBytes(LEDGER.meeting));
  const all = LEDGER.lines.map((line) => decodeLine(toBytes(line)));
  const end = all.findIndex(({ act }) => act.kind === "destroy");
  const state = fold(meeting, all.slice(0, end), EMPTY);
  const talk = new Talk();
  const ending = new Ending({ talk, unattended: false }, null);
  const asked = () => talk.asking?.event ?? null;

  assert.equal(await ending.mayEnd(meeting, state), false);
  assert.match(asked(), /^destroy/);
  const stopped = talk.ask("stopped");
  talk.answer(talk.asking.n, "yes");
  await stopped;
  assert.equal(asked(), null);

  ending.forget();
  assert.equal(await ending.mayEnd(meeting, state), false);
  assert.match(asked(), /^destroy/);
  talk.answer(talk.asking.n, "yes");
  assert.equal(await ending.mayEnd(meeting, state), true);
});
