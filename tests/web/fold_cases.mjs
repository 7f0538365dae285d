// Fold what another program folded: `node fold_cases.mjs FILE`, one line for each difference.
//
// FILE is what tests/support/fold_recorder.py wrote. A case names the ledger that it goes on from
// by its head; who refuses a line refuses it with the same code.

import { readFileSync } from "node:fs";

import { toBytes } from "../../kiosk/web/src/crypto/bytes.js";
import { PiaojueError } from "../../kiosk/web/src/errors.js";
import { apply } from "../../kiosk/web/src/meeting/fold.js";
import { decodeMeeting } from "../../kiosk/web/src/meeting/frozen.js";
import { decodeLine } from "../../kiosk/web/src/meeting/ledger.js";
import { EMPTY } from "../../kiosk/web/src/meeting/state.js";
import { stateDigest } from "./fold_json.mjs";

const { meetings, cases } = JSON.parse(readFileSync(process.argv[2], "utf8"));
const frozen = new Map(
  Object.entries(meetings).map(([name, raw]) => [name, decodeMeeting(toBytes(raw))]));
const reached = new Map(Object.keys(meetings).map((name) => [`${name} ${EMPTY.head}`, EMPTY]));
let folded = 0;

for (const { meeting, head, line, code = null, digest = null } of cases) {
  const state = reached.get(`${meeting} ${head}`);
  if (state === undefined) continue; // it goes on from what a test made without the fold
  folded += 1;
  const found = attempt(frozen.get(meeting), state, line);
  if (found.state) reached.set(`${meeting} ${found.state.head}`, found.state);
  const same = found.code === code && (digest === null || stateDigest(found.state) === digest);
  if (same) continue;
  console.log(`${line.slice(0, 200)}: ${code ?? "taken"}, here ${found.code ?? "taken"}`);
}
console.log(`folded ${folded} of ${cases.length}`);

function attempt(meeting, state, line) {
  try {
    return { state: apply(meeting, state, decodeLine(toBytes(line))), code: null };
  } catch (error) {
    if (!(error instanceof PiaojueError)) throw error;
    return { state: null, code: error.code };
  }
}
