// Counted boxes before an officer's page: `node counted_check.mjs < cases`, what came of each.
//
// [{name, meeting, slot, ledger, archive, proofs}]: ledger up to the line that counts, archive and
// proofs in Base64. Printed: by name what the box opened to, or the code of what was refused.

import { readFileSync } from "node:fs";

import { toBytes } from "../../kiosk/web/src/crypto/bytes.js";
import { sha256Hex } from "../../kiosk/web/src/crypto/hashing.js";
import { randomBytes as rand } from "../../kiosk/web/src/crypto/random.js";
import { fold } from "../../kiosk/web/src/meeting/fold.js";
import { decodeMeeting } from "../../kiosk/web/src/meeting/frozen.js";
import { decodeLedger, lineDigest, openedAt } from "../../kiosk/web/src/meeting/ledger.js";
import { roundAt } from "../../kiosk/web/src/meeting/state.js";
import { countedTotals } from "../../kiosk/web/src/tally/counted.js";
import { checkShuffle } from "../../kiosk/web/src/tally/mixer.js";
import { recountPart } from "../../kiosk/web/src/tally/recount.js";

const cases = JSON.parse(readFileSync(0, "utf8"));

/** Most of a box is the same in nearly all cases: what was verified once is remembered. */
const known = new Map();
function once(work, ...given) {
  const digest = given.flat().map(sha256Hex).join();
  if (!known.has(digest)) known.set(digest, work(...given, { rand }));
  return known.get(digest);
}

const folded = new Map();
function foldOnce(meeting, lines) {
  const head = lineDigest(lines.at(-1));
  if (!folded.has(head)) folded.set(head, fold(meeting, lines));
  return folded.get(head);
}

const verify = [async (raw, ballots) => once(recountPart, raw, ballots)];
const mix = { check: async (raw, tally, body) => once(checkShuffle, raw, tally, body) };
const said = {};
for (const { name, slot, meeting: frozen, ledger, archive, proofs } of cases) {
  const bytes = (text) => new Uint8Array(Buffer.from(text, "base64"));
  try {
    const meeting = decodeMeeting(toBytes(frozen));
    const lines = decodeLedger(toBytes(ledger));
    const before = foldOnce(meeting, lines.slice(0, -1));
    const state = fold(meeting, lines.slice(-1), before);
    const one = roundAt(state, slot, "counted");
    const given = { meeting, state, one, openedAt: openedAt(lines, slot) };
    const box = { ...given, archive: bytes(archive), proofs: bytes(proofs) };
    said[name] = await countedTotals(box, { verify, mix });
  } catch (error) {
    if (!error.code) throw error;
    said[name] = error.code;
  }
}
process.stdout.write(JSON.stringify(said));
