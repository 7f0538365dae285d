// A trustee's device of the pages, driven as `piaojue trustee --json --yes` is: one JSON object a
// line on standard output, answers on standard input, the passphrase first.
//
//   node trustee_driver.mjs SERVER INVITATION KEYFILE
//
// The device is the page's own; only what a browser gives it is of Node: files in the place of
// IndexedDB, a token in the place of a cookie, this thread in the place of a Worker.

import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";

import { toBytes } from "../../kiosk/web/src/crypto/bytes.js";
import { randomBytes } from "../../kiosk/web/src/crypto/random.js";
import { packError } from "../../kiosk/web/src/errors.js";
import { decodeExact, encode, fields } from "../../kiosk/web/src/protocol/codec.js";
import { KeyFile } from "../../kiosk/web/src/protocol/keyfile.js";
import { patiently, refusal, sleep } from "../../kiosk/web/src/common/api.js";
import { TrusteeDevice } from "../../kiosk/web/src/tally/device.js";
import { checkShuffle, shuffleTally } from "../../kiosk/web/src/tally/mixer.js";
import { recountPart } from "../../kiosk/web/src/tally/recount.js";
import { Talk } from "../../kiosk/web/src/trustee/talk.js";

const [server, invitation, path] = process.argv.slice(2);
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const talk = new Talk();
let token = null;

talk.onEvent((event) => {
  if (event === null) return;
  const { params } = event;
  const text = event.event === "error" ? { text: JSON.stringify(params) } : {};
  process.stdout.write(`${JSON.stringify({ event: event.event, ...params, ...text })}\n`);
});

async function request(method, at, body) {
  const headers = token === null ? {} : { authorization: `Bearer ${token}` };
  const response = await fetch(server + at, { method, body, headers });
  if (!response.ok) throw await refusal(response);
  return response;
}

const client = {
  get: async (at) => (await request("GET", at)).json(),
  getBytes: async (at) => new Uint8Array(await (await request("GET", at)).arrayBuffer()),
  post: async (at, value) => (await request("POST", at, encode(value))).json(),
  postBytes: async (at, bytes) => (await request("POST", at, bytes)).json(),
};

/** The key file on one medium, with the payload that a device on the command line keeps. */
class Vault {
  held = null;
  number = 1;

  constructor(passphrase) {
    this.file = KeyFile.create(passphrase, randomBytes);
  }

  async keep(held) {
    const text = held === null ? "" : new TextDecoder().decode(held);
    writeFileSync(path, this.file.seal(encode({ token, held: text }), randomBytes));
    this.held = held;
  }

  async destroy() {
    this.file.forget();
    const { length } = readFileSync(path);
    writeFileSync(path, randomBytes(length));
    rmSync(path);
  }
}

const mix = {
  shuffle: async (raw, tally, progress) =>
    shuffleTally(raw, tally, { rand: randomBytes, progress }),
  check: async (raw, tally, body, progress) =>
    checkShuffle(raw, tally, body, { rand: randomBytes, progress }),
};

async function hear() {
  const { value } = await lines.next();
  return value ?? "";
}

try {
  const passphrase = await hear();
  const made = await client.post("/api/enrol", { code: invitation, key: null });
  token = made.token;
  const vault = new Vault(passphrase);
  await vault.keep(null);
  const [stored] = fields(
    decodeExact(KeyFile.open([readFileSync(path)], passphrase).payload, "payload"),
    "payload", "token", "held");
  if (stored !== token) throw new Error("the key file does not hold what was put in it");
  talk.tell("enrolled", { account: made.account });
  void (async () => {
    for (let line; (line = await hear()) !== ""; ) talk.answer(talk.asking?.n, line.trim());
  })();
  const device = new TrusteeDevice({
    client,
    talk,
    vault,
    rand: randomBytes,
    verify: [async (raw, ballots) => recountPart(raw, ballots, { rand: randomBytes })],
    mix,
    patiently,
    sleep,
    facts: () => ({}),
    unattended: true,
  });
  await device.run(Number(made.account.replace("trustee:", "")));
} catch (error) {
  const { code, params } = packError(error);
  if (code === "error") console.error(error);
  talk.tell("error", { code, params });
  process.exitCode = 1;
}
process.stdin.destroy();
