// What a kiosk believes of its server: one meeting for as long as the page is open.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Room } from "../../kiosk/web/src/kiosk/room.js";
import { decodeMeeting } from "../../kiosk/web/src/meeting/frozen.js";
import { bytes, vectors } from "./vectors.mjs";

const [shown] = vectors("meeting", "meeting");
const { title } = JSON.parse(shown.meeting);
const meeting = shown.meeting.replace(JSON.stringify(title), JSON.stringify(`${title}。`));
const other = { meeting, fingerprint: decodeMeeting(bytes(meeting)).fingerprint };

/** A server that names one meeting; which one can be changed. */
function serving(t) {
  const server = { names: shown, asked: [] };
  t.mock.method(globalThis, "fetch", async (path) => {
    server.asked.push(path);
    const state = { stage: "frozen", meeting: server.names.fingerprint, rounds: [] };
    if (path === "/api/state") return Response.json(state);
    if (path === "/api/hall") return Response.json({ papers: [] });
    return new Response(server.names.meeting);
  });
  return server;
}

test("another meeting than the one on the waiting screen is refused, then as before", async (t) => {
  assert.notEqual(shown.fingerprint, other.fingerprint);
  const server = serving(t);
  const room = new Room();
  await room.refresh();
  assert.equal(room.meeting.fingerprint, shown.fingerprint);

  server.names = other; // for the length of a session, so that its key seals the ballot
  await assert.rejects(room.refresh(), { code: "meeting-changed" });
  assert.equal(room.meeting.fingerprint, shown.fingerprint);

  server.names = shown;
  await room.refresh();
  assert.equal(room.silent, false);
  assert.equal(server.asked.filter((path) => path === "/api/meeting").length, 1);
});
