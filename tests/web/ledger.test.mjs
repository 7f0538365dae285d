// The ledger folded in a page is the ledger that services and verifier fold: the same states, the
// same refusals.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { concat, toBytes } from "../../kiosk/web/src/crypto/bytes.js";
import { FormatError } from "../../kiosk/web/src/errors.js";
import { apply, fold } from "../../kiosk/web/src/meeting/fold.js";
import { decodeMeeting } from "../../kiosk/web/src/meeting/frozen.js";
import { decodeLedger, decodeLine } from "../../kiosk/web/src/meeting/ledger.js";
import { EMPTY } from "../../kiosk/web/src/meeting/state.js";
import { stateDigest, stateJson } from "./fold_json.mjs";

const FILE = new URL("../vectors/data/ledger.json", import.meta.url);
const vector = JSON.parse(readFileSync(FILE, "utf8"));

for (const { comment, meeting, lines, refused, digest, state } of vector.ledgers) {
  test(`${comment}: the same state, and what was refused is refused for the same reason`, () => {
    const frozen = decodeMeeting(toBytes(meeting));
    const states = [EMPTY];
    for (const line of lines) states.push(apply(frozen, states.at(-1), decodeLine(toBytes(line))));
    assert.deepEqual(stateJson(states.at(-1)), state);
    assert.equal(stateDigest(states.at(-1)), digest);

    for (const { height, line, code } of refused) {
      const before = stateDigest(states[height]);
      assert.throws(() => apply(frozen, states[height], decodeLine(toBytes(line))), { code }, line);
      assert.equal(stateDigest(states[height]), before);
    }
  });
}

test("a ledger that is read in two parts folds to what it folds to as a whole", () => {
  const [{ meeting, lines, digest }] = vector.ledgers;
  const frozen = decodeMeeting(toBytes(meeting));
  const bytes = (some) => concat(...some.map((line) => toBytes(`${line}\n`)));
  const half = fold(frozen, decodeLedger(bytes(lines.slice(0, 20))));
  assert.equal(stateDigest(fold(frozen, decodeLedger(bytes(lines.slice(20))), half)), digest);
  assert.throws(() => decodeLedger(bytes(lines).slice(0, -1)), FormatError);
});

test("no line may be left out, changed or moved", () => {
  const [{ meeting, lines }] = vector.ledgers;
  const frozen = decodeMeeting(toBytes(meeting));
  const read = lines.slice(0, 8).map((line) => decodeLine(toBytes(line)));
  const without = (i) => read.filter((_, at) => at !== i);
  assert.throws(() => fold(frozen, without(3)), { code: "broken-chain" });
  const moved = [...read.slice(0, 3), read[4], read[3], ...read.slice(5)];
  assert.throws(() => fold(frozen, moved), { code: "broken-chain" });
  const changed = decodeLine(toBytes(lines[3].replace('"member"', '"attendee"')));
  assert.throws(() => fold(frozen, [...read.slice(0, 3), changed]), { code: "bad-signature" });
});

for (const { comment, line } of vector.malformed) {
  test(`no line: ${comment}`, () => {
    assert.throws(() => decodeLine(toBytes(line)), FormatError);
  });
}
