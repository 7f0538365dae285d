// One voter after another at one kiosk: what was asked for the first touches nothing of the next.

import assert from "node:assert/strict";
import { test } from "node:test";

import { ED25519 } from "../../kiosk/web/src/crypto/group.js";
import { Acts } from "../../kiosk/web/src/kiosk/acts.js";
import { BusySign } from "../../kiosk/web/src/kiosk/busy.js";
import { Ticket } from "../../kiosk/web/src/kiosk/ticket.js";
import { makeElection } from "../../kiosk/web/src/protocol/election.js";
import { FakeWorker } from "./fake_worker.mjs";

const SLOTS = ["11111111111111111112Ae", "11111111111111111113Ae", "11111111111111111114Ae"];
const [ONE, TWO, THREE] = SLOTS.map((slot) => ({ slot, election: electionOf(slot) }));
const QR = "PJ1:4W262TBHF9ZHA62A08JXZEHXA87D";
const MEETING = { fingerprint: "5f".repeat(32), slots: SLOTS };
const READING = { screen: "reading", purpose: "vote" };

function electionOf(uuid) {
  return makeElection({
    uuid,
    name: "会议",
    description: "",
    publicKey: ED25519.multiplyGenerator(7n),
    questions: [{ question: "?", answers: ["同意", "不同意"], minimum: 1, maximum: 1 }],
  });
}

/** Let everything happen that waits for nothing but its turn. */
async function settled() {
  for (let i = 0; i < 20; i += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** A server whose answers the test gives, one after another. */
function serving(t) {
  const asked = [];
  t.mock.method(globalThis, "fetch", (path, { body }) => {
    const value = body && JSON.parse(new TextDecoder().decode(body));
    return new Promise((resolve) => {
      const answer = (said = {}, status = 200) => resolve(Response.json(said, { status }));
      asked.push({ path, value, answer });
    });
  });
  return asked;
}

/** The acts of a kiosk without its page: what they send is kept, the screen is the test's. */
function kiosk(t) {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const workers = [];
  globalThis.Worker = class extends FakeWorker {
    constructor() {
      super();
      workers.push(this);
    }
  };
  t.after(() => delete globalThis.Worker);
  const papers = []; // answers to come: functions
  const app = {
    state: { screen: "waiting" },
    sent: [],
    room: {
      meeting: MEETING,
      rounds: [{ slot: SLOTS[0], state: "open" }],
      refresh: async () => {},
      papers: () => new Promise((resolve) => papers.push(resolve)),
      papersOf: async (_, open) => open.map((one) => ({ ...one, counted: null })),
    },
    send: (event) => app.sent.push(event),
  };
  const acts = new Acts(app);
  const enter = (state) => {
    const before = app.state;
    app.state = state;
    acts.entered(before, state);
  };
  const wipe = () => {
    app.state = { screen: "waiting" };
    acts.drop();
  };
  const loads = () => workers.at(-1).calls.filter((call) => call === "load").length;
  return { app, acts, enter, wipe, papers, workers, loads };
}

test("who withdraws is gone: his next slots are not withdrawn by the ticket that comes next", async (t) => {
  const asked = serving(t);
  const { app, acts, enter, wipe } = kiosk(t);
  await acts.take({ scanned: QR });
  enter({ screen: "sending", choices: [{ slots: SLOTS }], choice: 0, sent: 0 });
  await settled();
  assert.deepEqual(asked.map(({ value }) => value.slot), [SLOTS[0]]);

  wipe();
  assert.equal(await acts.take({ scanned: QR }), null);
  app.sent.length = 0;
  asked[0].answer();
  await settled();

  assert.equal(asked.length, 1);
  assert.deepEqual(app.sent, []);
});

test("who stays withdraws from every slot, in order; what counted before is passed over", async (t) => {
  const asked = serving(t);
  const { app, acts, enter } = kiosk(t);
  await acts.take({ scanned: QR });
  enter({ screen: "sending", choices: [{ slots: SLOTS }], choice: 0, sent: 0 });
  for (const [index, slot] of SLOTS.entries()) {
    await settled();
    assert.deepEqual([asked.length, asked[index].value.slot], [index + 1, slot]);
    if (index === 1) asked[index].answer({ code: "credential-void", params: {} }, 409);
    else asked[index].answer();
  }
  await settled();

  assert.deepEqual(app.sent.map(({ type }) => type), ["read", "progress", "progress", "progress", "left"]);
});

test("a ticket that is no longer held signs nothing, and what it signed is not sent", async (t) => {
  const asked = serving(t);
  const signed = [];
  const sealer = {
    held: null,
    ticket: async () => void (sealer.held = {}),
    credential: async () => "c",
    sign: () => new Promise((resolve) => signed.push(resolve)),
  };
  const [first, next] = [new Ticket(sealer), new Ticket(sealer)];
  await assert.rejects(first.act("query", SLOTS[0], "m"), { code: "no-ticket-read" });
  await first.read({ scanned: QR });
  const between = first.act("withdraw", SLOTS[0], "m");
  await next.read({ scanned: QR });
  signed[0]({ credential: "c", proof: {} });
  await assert.rejects(between, { code: "no-ticket-read" });
  await assert.rejects(first.act("withdraw", SLOTS[1], "m"), { code: "no-ticket-read" });
  await assert.rejects(first.credential(SLOTS[1]), { code: "no-ticket-read" });

  assert.deepEqual([signed.length, asked.length], [1, 0]);
  assert.equal(await next.credential(SLOTS[0]), "c");
});

test("papers that come after their voter has gone are not loaded over those of the next", async (t) => {
  const { app, acts, enter, wipe, papers, loads } = kiosk(t);
  await acts.take({ scanned: QR });
  enter(READING);
  await settled();
  wipe();
  await acts.take({ scanned: QR });
  enter(READING);
  await settled();
  papers[1]([ONE, TWO]);
  await settled();
  assert.deepEqual(app.sent.at(-1).papers.map(({ slot }) => slot), SLOTS.slice(0, 2));
  assert.equal(loads(), 1);

  papers[0]([ONE]);
  await settled();
  assert.equal(loads(), 1);
  assert.deepEqual(app.sent.map(({ type }) => type), ["read", "read", "admitted"]);
});

test("what was foreseen while nobody was there is not loaded once somebody is", async (t) => {
  const { app, acts, enter, papers, loads } = kiosk(t);
  const foreseen = acts.foresee();
  await acts.take({ scanned: QR });
  enter(READING);
  await settled();
  papers[1]([ONE, TWO]);
  await settled();
  assert.equal(app.sent.at(-1).type, "admitted");

  papers[0]([ONE]);
  await foreseen;
  assert.equal(loads(), 1);
});

test("papers whose loading was broken off by a wipe are loaded again", async (t) => {
  const { acts, enter, wipe, papers, workers } = kiosk(t);
  const admit = async (answer, silent = false) => {
    await acts.take({ scanned: QR });
    enter(READING);
    await settled();
    workers.at(-1).silent = silent;
    papers.shift()(answer);
    await settled();
  };
  await admit([ONE, TWO]);
  wipe();
  await admit([THREE], true);
  wipe();
  await admit([ONE, TWO]);

  for (const { slot } of [ONE, TWO]) await acts.sealer.seal({ slot, choices: [[1, 0]] });
});

test("a Worker that broke is said to who scans, and the next scan is taken", async (t) => {
  const { app, acts, workers } = kiosk(t);
  workers[0].silent = true;
  const scanned = acts.take({ scanned: QR });
  workers[0].listeners.error({});
  assert.equal((await scanned).code, "sealer-broken");
  assert.equal((await acts.take({ scanned: QR })).code, "sealer-broken");
  assert.deepEqual(app.sent, []);

  t.mock.timers.tick(2000);
  assert.equal(await acts.take({ scanned: QR }), null);
  assert.deepEqual(app.sent, [{ type: "read" }]);
});

test("one word about a ballot is under way at a time, and the last one comes last", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const asked = serving(t);
  const words = () => asked.map(({ value }) => value.busy);
  const sign = new BusySign();
  sign.set(false);
  sign.set(true);
  await settled();
  assert.deepEqual(words(), [false]);

  asked[0].answer({}, 503);
  await settled();
  assert.deepEqual(words(), [false, true]);
  sign.set(false);
  sign.set(true);
  asked[1].answer();
  await settled();
  assert.deepEqual(words(), [false, true]);
});

test("a ballot on the screen is told again, for a server that began anew; none is not", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const asked = serving(t);
  const words = () => asked.map(({ value }) => value.busy);
  const sign = new BusySign();
  sign.set(true);
  for (const status of [200, 409]) {
    asked.at(-1).answer({ code: "x" }, status);
    await settled();
    t.mock.timers.tick(20_000);
  }
  assert.deepEqual(words(), [true, true, true]);

  sign.set(false);
  asked[2].answer();
  await settled();
  asked[3].answer({ code: "x" }, 403);
  await settled();
  t.mock.timers.tick(60_000);
  assert.deepEqual(words(), [true, true, true, false]);
  sign.set(false); // it was refused: the next change says it again
  assert.deepEqual(words(), [true, true, true, false, false]);
});
