// An officer's page while its reviews, and its looks at the ledger, are under way beside each other.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { bytesToHex, concat, toBytes } from "../../kiosk/web/src/crypto/bytes.js";
import { sha256Hex } from "../../kiosk/web/src/crypto/hashing.js";
import { UnavailableError } from "../../kiosk/web/src/errors.js";
import { decodeMeeting } from "../../kiosk/web/src/meeting/frozen.js";
import * as keys from "../../kiosk/web/src/meeting/keys.js";
import { decodeLine, encodeAct, lineDigest, signingBytes }
  from "../../kiosk/web/src/meeting/ledger.js";
import { tracker } from "../../kiosk/web/src/protocol/ballot.js";
import { Chain } from "../../kiosk/web/src/protocol/chain.js";
import { ballotsDigest } from "../../kiosk/web/src/protocol/checkpoint.js";
import { encode } from "../../kiosk/web/src/protocol/codec.js";
import { OfficerDevice, newOfficer } from "../../kiosk/web/src/tally/officer.js";

const FILE = new URL("../vectors/data/ledger.json", import.meta.url);
const [LEDGER] = JSON.parse(readFileSync(FILE, "utf8")).ledgers;
const LINES = LEDGER.lines.map((line) => decodeLine(toBytes(line)));

/** A key of a test, as tests/support/meeting.py draws it. */
const seedOf = (name) => createHash("sha256").update(`test key of ${name}`).digest();
const digestOf = (act) => sha256Hex(encodeAct(act));
const settled = () => new Promise((resolve) => setImmediate(resolve));
const heightOf = (kind) => LINES.findIndex(({ act }) => act.kind === kind);

/** A server that shows these lines; what else is asked for `answer` gives. */
function serverOf(lines, answer = () => assert.fail()) {
  const server = { lines, asked: [], posted: [] };
  server.getBytes = async (path) => {
    server.asked.push(path);
    if (path === "/api/meeting") return toBytes(LEDGER.meeting);
    if (!path.startsWith("/api/ledger")) return answer(path);
    const from = Number(path.replace("/api/ledger?from=", ""));
    return concat(...server.lines.slice(from).map((line) => toBytes(`${line}\n`)));
  };
  server.post = async (path, value) => {
    server.posted.push([path, value]);
    return { complete: false };
  };
  server.del = async (path) => server.posted.push([path]);
  return server;
}

function deviceOf(client, officer = "scrutineer-1") {
  const held = newOfficer(bytesToHex(seedOf(officer)));
  return new OfficerDevice({ client, officer, held, keep: async () => {}, verify: [] });
}

/** The ledger up to a seal of a box that the test made, and that box. */
function sealedLedger() {
  const chain = new Chain(1_790_000_000);
  const setup = { election: "e", trustees: "t", credentials: "c" };
  const bodies = Object.fromEntries(Object.entries(setup).map(([name, of]) => [name, toBytes(of)]));
  const ballots = Array.from({ length: 5 }, (_, i) => toBytes(`ballot ${i}`));
  const archive = concat(
    chain.firstRecord(),
    chain.setup({ ...bodies, certificate: null }),
    ...ballots.map((ballot) => chain.event("Ballot", ballot)),
    chain.event("EndBallots"),
  );
  const height = heightOf("seal");
  const { act, signatures } = LINES[height];
  const body = {
    ...act.body,
    ballots: ballotsDigest(ballots.map(tracker)),
    archive: sha256Hex(archive),
  };
  const { kind, parent, at } = act;
  const sealed = { kind, height, parent, at, body };
  const { fingerprint } = decodeMeeting(toBytes(LEDGER.meeting));
  const signed = signatures.map(({ by }) =>
    ({ by, signature: keys.sign(seedOf(by), signingBytes(fingerprint, sealed)) }));
  const line = new TextDecoder().decode(encode({ act: sealed, signatures: signed }));
  return { archive, lines: [...LEDGER.lines.slice(0, height), line], slot: body.slot };
}

test("a review that ends after a later one's takes nothing from it", async () => {
  const { archive, lines, slot } = sealedLedger();
  const held = [];
  const server = serverOf(lines, () => new Promise((resolve) => held.push(() => resolve(archive))));
  const device = deviceOf(server);
  const parent = lineDigest(decodeLine(toBytes(lines.at(-1))));
  const [withdrawn, waits] = ["20", "21"].map((second) => ({
    kind: "no-objection",
    height: lines.length,
    parent,
    at: `2026-11-21T09:00:${second}Z`,
    body: { slot },
  }));

  const reviews = [device.review(withdrawn, null), device.review(waits, null)];
  for (let n = 0; n < 20; n++) await settled();
  assert.equal(held.length, 2);
  held[1]();
  assert.equal((await reviews[1]).found.trackers.length, 5);
  held[0]();
  await reviews[0];

  await assert.rejects(device.sign(digestOf(withdrawn)), { code: "act-not-shown" });
  assert.equal(await device.sign(digestOf(waits)), false);
  assert.equal(server.posted[0][1].act, digestOf(waits));
});

test("a signature that is under way takes nothing from the review of the next act", async () => {
  const { archive, lines, slot } = sealedLedger();
  const server = serverOf(lines, async () => archive);
  const device = deviceOf(server);
  const parent = lineDigest(decodeLine(toBytes(lines.at(-1))));
  const [first, next] = ["20", "21"].map((second) => ({
    kind: "no-objection",
    height: lines.length,
    parent,
    at: `2026-11-21T09:00:${second}Z`,
    body: { slot },
  }));
  await device.review(first, null);
  server.post = async () => {
    server.post = async () => ({ complete: true });
    await device.review(next, null);
    return { complete: false };
  };

  await device.sign(digestOf(first));

  assert.equal(await device.sign(digestOf(next)), true);
});

test("looks at the ledger are one after the other: an older answer is no other ledger", async () => {
  const server = serverOf(LEDGER.lines.slice(0, 5));
  const device = deviceOf(server);
  await device.refresh();
  const { getBytes } = server;
  let late;
  server.getBytes = async (path) => {
    server.getBytes = getBytes;
    const old = await getBytes(path);
    return new Promise((resolve) => (late = () => resolve(old)));
  };

  const looks = [device.refresh()];
  await settled();
  server.lines = LEDGER.lines.slice(0, 7);
  looks.push(device.refresh());
  await settled();
  late();

  assert.deepEqual((await Promise.all(looks)).map(({ height }) => height), [5, 7]);
});

test("after a look that failed the ledger is looked at again", async () => {
  const server = serverOf(LEDGER.lines.slice(0, 5));
  const device = deviceOf(server);
  const { getBytes } = server;
  server.getBytes = async () => {
    throw new UnavailableError("server-silent");
  };
  await assert.rejects(device.refresh(), { code: "server-silent" });
  server.getBytes = getBytes;

  assert.equal((await device.refresh()).height, 5);
});

test("a box that two reviews want is fetched once, and again only after it failed", async () => {
  const height = heightOf("certify");
  const { act } = LINES[height];
  const held = [];
  const server = serverOf(LEDGER.lines.slice(0, height), () =>
    new Promise((_, reject) => held.push(() => reject(new UnavailableError("server-silent")))));
  const device = deviceOf(server);
  const failed = (review) => assert.rejects(review, { code: "server-silent" });

  const again = { ...act, at: "2026-11-21T09:30:00Z" };
  const reviews = [device.review(act, null), device.review(again, null)].map(failed);
  for (let n = 0; n < 20; n++) await settled();
  assert.equal(held.length, 1);
  held[0]();
  await Promise.all(reviews);

  const third = failed(device.review(again, null));
  for (let n = 0; n < 20; n++) await settled();
  assert.equal(held.length, 2);
  held[1]();
  await third;
});

test("what is withdrawn is named by its digest", async () => {
  const server = serverOf([]);
  await deviceOf(server).withdraw("ab".repeat(32));
  assert.deepEqual(server.posted, [[`/api/proposals/${"ab".repeat(32)}`]]);
});
