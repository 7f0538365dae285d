// What a trustee's page would do at each height of a record: `node ending_check.mjs FOLDER`.
//
// FOLDER holds the record's files. For every act up to the first `destroy`, and for a device with a
// person and one without, it is printed whether the share would go, and what the person is asked.

import { readFileSync } from "node:fs";

import { EMPTY } from "../../kiosk/web/src/meeting/state.js";
import { fold } from "../../kiosk/web/src/meeting/fold.js";
import { decodeMeeting } from "../../kiosk/web/src/meeting/frozen.js";
import { decodeLedger } from "../../kiosk/web/src/meeting/ledger.js";
import { Ending } from "../../kiosk/web/src/tally/ending.js";

const [folder] = process.argv.slice(2);
const file = (path) => new Uint8Array(readFileSync(`${folder}/${path}`));
const meeting = decodeMeeting(file("meeting.json"));
const lines = decodeLedger(file("ledger.jsonl"));
const client = {
  async getBytes(path) {
    const [, slot] = /slots\/(\w+)\/archive\/final/.exec(path);
    return file(`papers/${slot}.bel`);
  },
};
const asked = [];
const talk = {
  offer: (event) => asked.push(event),
  answered: () => null,
  withdraw: () => asked.push("taken back"),
};
const alone = new Ending({ client, talk, unattended: true }, null);
const kept = new Ending({ client, talk, unattended: false }, null);

const said = [];
let state = EMPTY;
for (const line of lines) {
  if (line.act.kind === "destroy") break;
  state = fold(meeting, [line], state);
  asked.length = 0;
  const goes = await alone.mayEnd(meeting, state);
  await kept.mayEnd(meeting, state);
  said.push({ kind: line.act.kind, goes, asked: [...asked] });
}
process.stdout.write(JSON.stringify(said));
