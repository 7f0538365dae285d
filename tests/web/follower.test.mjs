// The observer's page takes only lines that go on from those it has seen.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";

import { Follower } from "../../kiosk/web/src/observer/follower.js";

function chain(kinds, from = { height: 0, parent: "0".repeat(64) }) {
  let { height, parent } = from;
  return kinds.map((kind) => {
    const act = { kind, height: height++, parent, at: null, body: {} };
    const line = JSON.stringify({ act, signatures: [] });
    parent = createHash("sha256").update(line).digest("hex");
    return line;
  });
}

function serving(lines) {
  const asked = [];
  const read = async (from) => {
    asked.push(from);
    return new TextEncoder().encode(lines.slice(from).map((line) => line + "\n").join(""));
  };
  return { asked, read };
}

test("lines are asked for once, and counted by kind", async () => {
  const lines = chain(["freeze", "issue", "attend"]);
  const { asked, read } = serving(lines);
  const follower = new Follower(read);

  await follower.refresh();
  const longer = chain(["freeze", "issue", "attend", "attend"]);
  lines.push(longer[3]);
  await follower.refresh();

  assert.deepEqual(asked, [0, 3]);
  assert.deepEqual(follower.summary().counts, [["freeze", 1], ["issue", 1], ["attend", 2]]);
  assert.equal(follower.summary().height, 4);
});

test("another past than before is a finding", async () => {
  const lines = chain(["freeze", "issue"]);
  const { read } = serving(lines);
  const follower = new Follower(read);
  await follower.refresh();

  lines.splice(0, 2, ...chain(["freeze", "close", "attend"]));

  await assert.rejects(follower.refresh(), { code: "broken-chain" });
});

test("a line cut in half is a finding", async () => {
  const [line] = chain(["freeze"]);
  const follower = new Follower(async () => new TextEncoder().encode(line));

  await assert.rejects(follower.refresh(), { code: "broken-chain" });
});

test("a line that is not canonical is refused", async () => {
  const [line] = chain(["freeze"]);
  const follower = new Follower(async () => new TextEncoder().encode(` ${line}\n`));

  await assert.rejects(follower.refresh(), { code: "malformed" });
});
