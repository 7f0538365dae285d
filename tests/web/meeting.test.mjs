import assert from "node:assert/strict";
import { test } from "node:test";

import { roundElection } from "../../kiosk/web/src/meeting/binding.js";
import { decodeMeeting } from "../../kiosk/web/src/meeting/frozen.js";
import { decodeElection } from "../../kiosk/web/src/protocol/election.js";
import { bytes, text, throwsAs, vectors } from "./vectors.mjs";

for (const one of vectors("meeting", "meeting")) {
  test(`a meeting gives its fingerprint and its elections, byte for byte: ${one.id}`, () => {
    const meeting = decodeMeeting(bytes(one.meeting));
    assert.equal(meeting.fingerprint, one.fingerprint);
    assert.equal(meeting.code, one.code);
    for (const { slot, items, number, election } of one.rounds) {
      const made = roundElection(meeting, slot, items, number);
      assert.equal(text(made), election);
      assert.equal(decodeElection(made).uuid, slot);
    }
  });
}

for (const one of vectors("meeting", "refuse")) {
  test(`a meeting is refused: ${one.id}`, () => {
    throwsAs(one.error, () => decodeMeeting(bytes(one.meeting)));
  });
}
