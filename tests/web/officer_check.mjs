// What an officer's page checks, run over a whole record: `node officer_check.mjs FOLDER OFFICER`.
//
// FOLDER holds the record's files and `unsigned.zip`; OFFICER signs by pen, so he needs no key to
// review. Every act of the ledger is reviewed on its head as if it were proposed; what each box
// came to, and the text of the record's note, are printed. Where FOLDER has `proposed.json`, this
// page proposed that body of a reading before.

import { existsSync, readFileSync } from "node:fs";

import { concat, toBytes } from "../../kiosk/web/src/crypto/bytes.js";
import { randomBytes } from "../../kiosk/web/src/crypto/random.js";
import { decodeLedger } from "../../kiosk/web/src/meeting/ledger.js";
import { actLines } from "../../kiosk/web/src/meeting/wording.js";
import { readArchive } from "../../kiosk/web/src/protocol/archive.js";
import { encode } from "../../kiosk/web/src/protocol/codec.js";
import { checkShuffle } from "../../kiosk/web/src/tally/mixer.js";
import { OfficerDevice, newOfficer } from "../../kiosk/web/src/tally/officer.js";
import { recountPart } from "../../kiosk/web/src/tally/recount.js";

const [folder, officer] = process.argv.slice(2);
const file = (path) => new Uint8Array(readFileSync(`${folder}/${path}`));
const lines = decodeLedger(file("ledger.jsonl"));
const { rounds } = JSON.parse(new TextDecoder().decode(file("result.json")));

let height = 0;
const posted = [];
const client = {
  async post(_path, value) {
    posted.push(value);
  },
  async getBytes(path) {
    if (path === "/api/meeting") return file("meeting.json");
    if (path === "/api/record/unsigned") return file("unsigned.zip");
    const from = /ledger\?from=(\d+)/.exec(path);
    if (from) {
      const some = lines.slice(Number(from[1]), height);
      return concat(...some.flatMap((line) => [line.raw, Uint8Array.of(10)]));
    }
    const [, slot, what] = /slots\/(\w+)\/(.*)/.exec(path);
    if (what === "outcome") return encode(rounds.find((one) => one.slot === slot));
    if (what === "archive/proofs") return file(`papers/${slot}.proofs`);
    return what === "archive/final" ? file(`papers/${slot}.bel`) : sealedPart(slot);
  },
};
const verify = [async (raw, ballots) => recountPart(raw, ballots, { rand: randomBytes })];
const held = newOfficer(null);
const mix = {
  check: async (raw, tally, body) => checkShuffle(raw, tally, body, { rand: randomBytes }),
};
const device = new OfficerDevice({ client, officer, held, keep: async () => {}, verify, mix });

const said = [];
if (existsSync(`${folder}/proposed.json`)) {
  await device.propose("reading", JSON.parse(readFileSync(`${folder}/proposed.json`, "utf8")));
}
for (const { act } of lines.slice(1)) {
  height = act.height;
  const { meeting, after, found } = await device.review(act, null);
  const words = actLines(meeting, after, act, "zh", found);
  if (act.kind === "certify") {
    said.push(...found.decisions.map(({ item, counts, decision }) => [item, counts, decision]));
  }
  if (act.kind === "reading") said.push(["reading", words]);
  if (act.kind === "no-objection") said.push(["trackers", found.trackers.length]);
  if (!words.length) throw new Error(act.kind);
}
height = lines.length;
const note = await device.recordNote();
process.stdout.write(JSON.stringify({ said, note, posted }));

/** An archive up to and with EndBallots. */
function sealedPart(slot) {
  const bytes = file(`papers/${slot}.bel`);
  return bytes.subarray(0, readArchive(bytes).sealedSize);
}
