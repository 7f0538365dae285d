// Ask a trustee's device of the pages what another program was asked: `node trustee_cases.mjs FILE`,
// one line for each difference. FILE is what tests/support/trustee_recorder.py wrote.

import { readFileSync } from "node:fs";

import { randomBytes } from "../../kiosk/web/src/crypto/random.js";
import { PiaojueError } from "../../kiosk/web/src/errors.js";
import { parseCheckpoint } from "../../kiosk/web/src/protocol/checkpoint.js";
import { decodeElection } from "../../kiosk/web/src/protocol/election.js";
import { parseChain } from "../../kiosk/web/src/protocol/mixing.js";
import { decodeTally } from "../../kiosk/web/src/protocol/tally.js";
import { decodeKeys } from "../../kiosk/web/src/tally/memory.js";
import { checkShuffle, shuffleTally } from "../../kiosk/web/src/tally/mixer.js";
import { addShuffle, agreeToChain, follow } from "../../kiosk/web/src/tally/mixing.js";
import { recountPart } from "../../kiosk/web/src/tally/recount.js";
import { answerRehearsal } from "../../kiosk/web/src/tally/rehearsal.js";
import { releaseFactors, signCheckpoint, signDestroy } from "../../kiosk/web/src/tally/release.js";
import { acknowledge, checkSealed } from "../../kiosk/web/src/tally/trustee.js";

const { texts, cases } = JSON.parse(readFileSync(process.argv[2], "utf8"));
const verify = [async (raw, ballots) => recountPart(raw, ballots, { rand: randomBytes })];
const mix = {
  shuffle: async (raw, tally) => shuffleTally(raw, tally, { rand: randomBytes }),
  check: async (raw, tally, body) => checkShuffle(raw, tally, body, { rand: randomBytes }),
};
const bytes = (digest) => Uint8Array.from(Buffer.from(texts[digest], "latin1"));
const text = (digest) => new TextDecoder().decode(bytes(digest));

const STEPS = {
  acknowledge: ([secrets, memory], { body, ...files }) =>
    acknowledge(memory, secrets, { ...read(files), body }),
  check_sealed: ([, memory], { slot, ...files }) =>
    checkSealed(memory, { ...read(files), slot }, { verify }),
  sign_checkpoint: ([secrets, memory], { box, compared }) =>
    signCheckpoint(memory, secrets, boxOf(box), { compared }),
  release_factors: ([secrets, memory], { box: given, compared, note, mixed, shuffles }) => {
    const box = boxOf(given);
    const signed = shuffles === undefined ? {} : {
      mixed: mixedOf(box, mixed),
      shuffles: bytes(shuffles),
    };
    const options = { compared, rand: randomBytes, ...signed };
    return releaseFactors(memory, secrets, box, bytes(note), options);
  },
  follow: ([, memory], { box: given, mixed, given: { owner, body, line } }) => {
    const box = boxOf(given);
    const made = { owner, body: bytes(body), line };
    return follow(memory, box, mixedOf(box, mixed), made, { mix, rand: randomBytes });
  },
  add_shuffle: ([secrets, memory], { box: given, note, mixed, compared }) => {
    const box = boxOf(given);
    const before = mixedOf(box, mixed);
    return addShuffle(memory, secrets, box, bytes(note), before, { mix, compared });
  },
  agree_to_chain: ([secrets, memory], { box: given, mixed }) => {
    const box = boxOf(given);
    return agreeToChain(memory, secrets, box, mixedOf(box, mixed));
  },
  sign_destroy: ([secrets, memory], files) => signDestroy(memory, secrets, read(files)),
  answer_rehearsal: ([secrets, memory], { rehearsal }) =>
    answerRehearsal(memory, secrets, bytes(rehearsal)),
};

for (const { step, keys, code, said, ...asked } of cases) {
  const found = await attempt(() => STEPS[step](decodeKeys(bytes(keys)), asked));
  const same = found.code === code && (said === null || found.answer?.[1] === said);
  if (!same) console.log(`${step}: ${code ?? "answered"}, here ${found.code ?? "answered"}`);
}
console.log(`asked ${cases.length}`);

async function attempt(step) {
  try {
    return { code: null, answer: await step() };
  } catch (error) {
    if (!(error instanceof PiaojueError)) throw error;
    return { code: error.code };
  }
}

function read({ meeting, ledger, archive, election, credentials, act }) {
  const files = { meeting, ledger, archive, election, credentials, act };
  const given = Object.entries(files).filter(([, digest]) => digest !== undefined);
  return Object.fromEntries(given.map(([name, digest]) => [name, bytes(digest)]));
}

function mixedOf(box, { chain, tally }) {
  const ciphertexts = decodeTally(bytes(tally), box.election);
  return { chain: parseChain(text(chain)), ciphertexts };
}

function boxOf({ election: raw, tally, checkpoint, ...box }) {
  const election = decodeElection(bytes(raw));
  return {
    ...box,
    election,
    ciphertexts: decodeTally(bytes(tally), election),
    checkpoint: parseCheckpoint(text(checkpoint)),
  };
}
