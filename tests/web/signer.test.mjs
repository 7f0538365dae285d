// What signs in a page: the key file in the browser's store, and an officer's signature.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { bytesToHex, concat, toBytes } from "../../kiosk/web/src/crypto/bytes.js";
import { sha256Hex } from "../../kiosk/web/src/crypto/hashing.js";
import { RefusedError } from "../../kiosk/web/src/errors.js";
import { decodeLine, encodeAct } from "../../kiosk/web/src/meeting/ledger.js";
import { PageSigner } from "../../kiosk/web/src/common/signer_page.js";
import { OfficerDevice, newOfficer } from "../../kiosk/web/src/tally/officer.js";
import { Vault } from "../../kiosk/web/src/tally/vault.js";

const FILE = new URL("../vectors/data/ledger.json", import.meta.url);
const [LEDGER] = JSON.parse(readFileSync(FILE, "utf8")).ledgers;
const LINES = LEDGER.lines.map((line) => decodeLine(toBytes(line)));
const PASSPHRASE = "four plain words here";

/** The key of a test's signer, as tests/support/meeting.py draws it. */
const seedOf = (name) => createHash("sha256").update(`test key of ${name}`).digest();

/** A browser's store that remembers what was put in it. */
function memory() {
  const store = { record: null, puts: [] };
  store.get = async () => store.record;
  store.put = async (record) => store.puts.push((store.record = record));
  store.erase = async () => (store.record = null);
  return store;
}

/** A server that shows the ledger up to a line, and that line's act as a proposal. */
function serverAt(height, { act = LINES[height].act, lines = LEDGER.lines } = {}) {
  const posted = [];
  const { signatures } = LINES[height];
  const officers = signatures.map((one) => one.by).filter((by) => by !== "server");
  return {
    posted,
    async getBytes(path) {
      if (path === "/api/meeting") return toBytes(LEDGER.meeting);
      const from = Number(path.replace("/api/ledger?from=", ""));
      return concat(...lines.slice(from, height).map((line) => toBytes(`${line}\n`)));
    },
    async get(path) {
      if (path === "/api/account") return { account: "officer:secretary", role: "secretary" };
      const text = new TextDecoder().decode(encodeAct(act));
      return { act: text, places: officers.map((by) => [by]), signed: [], meeting: null };
    },
    async post(path, body) {
      posted.push([path, body]);
      return path === "/api/login/invite"
        ? { account: "officer:secretary", role: "secretary" } : { complete: false };
    },
  };
}

const sealHeight = LINES.findIndex(({ act }) => act.kind === "seal");

/** A signer whose key is the secretary's of the vector. */
async function secretary(api, store = memory()) {
  let first = true;
  const rand = (n) => {
    if (n === 32 && first) {
      first = false;
      return new Uint8Array(seedOf("secretary"));
    }
    return new Uint8Array(n).fill(3);
  };
  const say = (word, params) => `${word} ${JSON.stringify(params)}`;
  const signer = new PageSigner({ api, verify: [], say, lang: () => "zh", store, rand });
  await signer.enrol({ invitation: "code", passphrase: PASSPHRASE, pen: false });
  return signer;
}

async function shown(signer) {
  for (;;) {
    const pending = await signer.pending();
    if (pending.text !== null || pending.problem !== null) return pending;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

test("an officer's page signs what it reviewed and showed, as a device would", async () => {
  const api = serverAt(sealHeight);
  const signer = await secretary(api);
  assert.equal(api.posted[0][1].key, bytesToHex(keyOf("secretary")));

  const pending = await shown(signer);
  assert.equal(pending.kind, "seal");
  assert.equal(pending.mine, true);
  assert.match(pending.text, /^sign\.seal \{"slot":"\w{8}","heads":5,"returned":5,"issued":5/);
  assert.match(pending.text, /sign\.seal\.sealed/);

  await assert.rejects(signer.sign("0".repeat(64)), { code: "act-not-shown" });
  assert.deepEqual(await signer.sign(pending.act), { complete: false });
  const [, { act, signature }] = api.posted.at(-1);
  assert.equal(act, sha256Hex(encodeAct(LINES[sealHeight].act)));
  const line = LINES[sealHeight].signatures.find((one) => one.by === "secretary");
  assert.equal(signature, line.signature);
});

test("an act that the fold refuses, or beside the head, is a problem and not signed", async () => {
  const { act } = LINES[sealHeight];
  const cases = [
    [{ ...act, body: { ...act.body, heads: 4 } }, "heads-mismatch"],
    [{ ...act, parent: "a".repeat(64) }, "broken-chain"],
    [{ ...act, height: act.height - 1 }, "act-overtaken"],
  ];
  for (const [wrong, code] of cases) {
    const signer = await secretary(serverAt(sealHeight, { act: wrong }));
    const pending = await shown(signer);
    assert.equal(pending.problem.code, code);
    await assert.rejects(signer.sign(pending.act), { code: "act-not-shown" });
  }
});

test("a page that is opened again notices another ledger, and needs the passphrase", async () => {
  const store = memory();
  const signer = await secretary(serverAt(sealHeight), store);
  await shown(signer);
  await signer.lock();
  await assert.rejects(signer.pending(), { code: "locked" });
  const wrong = signer.unlock({ passphrase: "another phrase" });
  await assert.rejects(wrong, { code: "wrong-passphrase" });

  const shorter = { ...serverAt(sealHeight - 3), get: serverAt(sealHeight).get };
  const say = (word) => word;
  const again = new PageSigner({ api: shorter, verify: [], say, lang: () => "zh", store });
  await again.unlock({ passphrase: PASSPHRASE });
  assert.equal((await shown(again)).problem.code, "ledger-rewritten");
});

test("a meeting with another key for this officer is refused", async () => {
  const held = newOfficer(bytesToHex(seedOf("somebody else")));
  const client = serverAt(sealHeight);
  const device =
    new OfficerDevice({ client, officer: "secretary", held, keep: async () => {}, verify: [] });
  await assert.rejects(device.refresh(), { code: "other-key" });
});

test("only sealed bytes are stored; destroying overwrites and deletes them for ever", async () => {
  const store = memory();
  const vault = new Vault(store);
  const secret = "the share of trustee one";
  await vault.begin(await vault.create(PASSPHRASE), "trustee:1");
  await vault.keep(toBytes(secret));
  const sealed = store.record.bytes;
  assert.ok(!new TextDecoder("latin1").decode(sealed).includes(secret.slice(0, 9)));
  await assert.rejects(vault.create(PASSPHRASE), { code: "keyfile-exists" });

  const copy = new Vault(memory());
  await copy.restore(sealed, "trustee:1");
  await copy.unlock(PASSPHRASE);
  assert.equal(new TextDecoder().decode(copy.held), secret);

  await vault.destroy();
  assert.equal(store.record, null);
  assert.equal(store.puts.at(-1).bytes.length, sealed.length);
  assert.notDeepEqual(store.puts.at(-1).bytes, sealed);
  await assert.rejects(vault.keep(toBytes(secret)), RefusedError);
  await assert.rejects(vault.unlock(PASSPHRASE), { code: "keyfile-missing" });
});

function keyOf(name) {
  const officer = JSON.parse(LEDGER.meeting).officers.find((one) => one.id === name);
  return Buffer.from(officer.key, "hex");
}
