// What browser_sealing.py measures: the sealing Worker as the kiosk uses it, from the page's side.
// The same file runs in Node, without a Worker, for comparison.

import { randomBytes } from "../../kiosk/web/src/crypto/random.js";
import { ED25519 } from "../../kiosk/web/src/crypto/group.js";
import { freshScalars } from "../../kiosk/web/src/crypto/hashing.js";
import { Sealer } from "../../kiosk/web/src/kiosk/sealer.js";
import { Sealing } from "../../kiosk/web/src/kiosk/sealing.js";
import { sealBallot } from "../../kiosk/web/src/protocol/ballot.js";
import { verifyBallots } from "../../kiosk/web/src/protocol/box.js";
import { decodeElection, makeElection } from "../../kiosk/web/src/protocol/election.js";

const SLOT = "11111111111111111112Ae";
const TICKET = { scanned: "PJ1:4W262TBHF9ZHA62A08JXZEHXA87D" };
const ROUNDS = 10;
const ANSWERS = ["优秀", "称职", "基本称职", "不称职", "不了解"];

function electionOf(items, answers = 3) {
  const question = { question: "是否同意？", answers: ANSWERS.slice(0, answers) };
  return makeElection({
    uuid: SLOT,
    name: "会议",
    description: "",
    publicKey: ED25519.multiplyGenerator(freshScalars(randomBytes, ED25519)()),
    questions: Array(items).fill({ ...question, minimum: 1, maximum: 1 }),
  });
}

function choicesOf(items, round, answers = 3) {
  const chosen = (i) => (i + round) % answers;
  return Array.from({ length: items }, (_, i) =>
    Array.from({ length: answers }, (_, j) => Number(chosen(i) === j)));
}

async function timed(work) {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** Milliseconds: tables; then, ten times each, preparing, sealing what is prepared, both at once. */
async function sealing(sealer, items, answers = 3) {
  const tables = await timed(() => sealer.load([electionOf(items, answers)]));
  await sealer.ticket(TICKET);
  const times = { tables: [tables], prepare: [], prepared: [], unprepared: [] };
  for (let round = 0; round < ROUNDS; round++) {
    const marked = { slot: SLOT, choices: choicesOf(items, round, answers) };
    await sealer.drop(SLOT);
    times.prepare.push(await timed(() => sealer.ready(SLOT)));
    times.prepared.push(await timed(() => sealer.seal(marked)));
    await sealer.drop(SLOT);
    times.unprepared.push(await timed(() => sealer.seal(marked)));
  }
  return times;
}

/** Milliseconds for a ballot of so many items, of `number` of them verified together. */
export function verifying(items, number) {
  const election = decodeElection(electionOf(items));
  const draw = freshScalars(randomBytes, ED25519);
  const ballots = Array.from({ length: number }, (_, i) => {
    const random = { seed: randomBytes(32), signatureNonce: draw() };
    return sealBallot(election, draw(), choicesOf(items, i), random).data;
  });
  const start = performance.now();
  verifyBallots(election, ballots, { rand: randomBytes });
  return (performance.now() - start) / number;
}

/** In a page: by number of items and answers, the times of a fresh Worker. */
export async function inPage(listed) {
  const found = {};
  for (const [items, answers] of listed) {
    const start = () => new Worker("/sealer.worker.js", { type: "module" });
    found[`${items} x ${answers}`] = await sealing(new Sealer(start), items, answers);
  }
  return found;
}

/** Without a Worker nobody goes on with what is prepared. */
function preparedAtOnce(sealing) {
  const ready = sealing.ready.bind(sealing);
  sealing.ready = (slot) => {
    ready(slot);
    while (sealing.prepareMore(slot));
  };
  return sealing;
}

if (globalThis.process?.argv?.[2] === "--node") {
  const found = {};
  for (const items of process.argv.slice(3)) {
    found[`${items} x 3`] = await sealing(preparedAtOnce(new Sealing(randomBytes)), Number(items));
  }
  console.log(JSON.stringify(found));
}
