// Holding the key ceremony and its rehearsal over the server: post, wait for all, go on
// (kiosk/device/ceremony.py).
//
// The server relays; `ceremony` decides. If an attempt ends (a complaint, or a device that lost its
// unfinished keys), everybody begins the next one with new seeds.
//
// `world` is what a device works with: {client, talk, rand, patiently, sleep}.

import { toBytes } from "../crypto/bytes.js";
import { RefusedError } from "../errors.js";
import * as codec from "../protocol/codec.js";
import { kindOf } from "../protocol/envelope.js";
import * as ceremony from "./ceremony.js";
import { answerRehearsal, checkRehearsal } from "./rehearsal.js";

const PAUSE = 200; // milliseconds between two looks at the server

/** Another attempt has begun. */
class NewAttempt extends Error {}

/**
 * Go through attempts until one leaves keys that everybody checked.
 * @param {object} world
 * @param {number} index this trustee, from 1
 * @param {(made: object) => Promise<void>} keep stores the keys, before the server can learn that
 *   this device has them
 */
export async function holdCeremony(world, index, keep) {
  const { talk, sleep } = world;
  for (let ended = 0; ; ) {
    const session = await takeSession(world);
    if (session.attempt === ended) {
      await sleep(PAUSE);
      continue;
    }
    ended = session.attempt;
    const { attempt, threshold, size } = session;
    talk.tell("ceremony", { attempt, threshold, size });
    try {
      await keep(await holdAttempt(world, session, index));
      return;
    } catch (error) {
      if (error instanceof NewAttempt) talk.tell("ceremony-again");
      else if (error instanceof RefusedError && error.code === "message-exists") {
        // This device began before and lost what it drew.
        await restart(world, attempt);
        talk.tell("ceremony-again");
      } else if (["ceremony-complaint", "ceremony-over"].includes(error.code)) talk.complain(error);
      else throw error;
    }
  }
}

/**
 * Show the keys to all, answer the rehearsal, and check that every set of t opens it.
 *
 * Every message is a function of what is stored, so a device that was switched off in between says
 * the same again.
 * @returns {Promise<object|null>} the new memory; null when everybody has begun another attempt:
 *   these keys were never used and are of no more use
 */
export async function holdRehearsal(world, memory, secrets) {
  const { session } = memory;
  try {
    await postAgain(world, session, "trustees", toBytes(memory.trustees));
    const [question] = await waitFor(world, session, "rehearsal", 1);
    const answer = answerRehearsal(memory, secrets, question);
    await postAgain(world, session, "rehearsal-answer", answer);
    const answers = await waitFor(world, session, "rehearsal-answer", session.size);
    return checkRehearsal(memory, question, answers);
  } catch (error) {
    if (error instanceof NewAttempt) return null;
    throw error;
  }
}

async function holdAttempt(world, session, index) {
  const { rand, talk } = world;
  const all = (step) => waitFor(world, session, step, session.size);
  let [state, message] = ceremony.begin(session, index, rand);
  await post(world, session, "commit", message);
  [state, message] = ceremony.reveal(state, await all("commit"));
  await post(world, session, "reveal", message);
  state = ceremony.compare(state, await all("reveal"));
  const code = ceremony.codeOf(state);
  const { meeting, threshold, size } = session;
  const heard = await talk.ask("code", { code, meeting: meeting.slice(0, 8), threshold, size });
  [state, message] = ceremony.deal(state, heard === "yes" ? code : heard, rand);
  await post(world, session, "shares", message);
  [state, message] = ceremony.receive(state, await all("shares"), rand);
  await post(world, session, "answer", message);
  return ceremony.finish(state, await all("answer"));
}

/** Ask for a new attempt; there may be one: another asked first, or the answer was lost. */
async function restart(world, attempt) {
  const { client, patiently } = world;
  try {
    await patiently(() => client.post(`/api/ceremony/${attempt}/restart`, {}));
  } catch (error) {
    if (error.code !== "ceremony-over") throw error;
    if ((await takeSession(world)).attempt === attempt) throw error;
  }
}

async function takeSession({ client, patiently }) {
  const value = await patiently(() => client.get("/api/ceremony"));
  const names = ["meeting", "attempt", "threshold", "size", "complete"];
  const [meeting, attempt, threshold, size] = codec.fields(value, "ceremony", ...names);
  return Object.freeze({
    meeting: codec.uuid(meeting, "ceremony.meeting"),
    attempt: codec.integer(attempt, "ceremony.attempt", { low: 1 }),
    threshold: codec.integer(threshold, "ceremony.threshold", { low: 2 }),
    size: codec.integer(size, "ceremony.size", { low: 2, high: 99 }),
  });
}

function post({ client, patiently }, session, step, message) {
  return patiently(() => client.postBytes(`/api/ceremony/${session.attempt}/${step}`, message));
}

/** Post what may have been posted before; after the freeze the server takes nothing more. */
async function postAgain(world, session, step, message) {
  try {
    await post(world, session, step, message);
  } catch (error) {
    if (error.code !== "ceremony-over") throw error;
    if ((await takeSession(world)).attempt !== session.attempt) throw new NewAttempt();
  }
}

/** Wait until so many have spoken, and say who has not; a complaint is answered at once. */
async function waitFor(world, session, step, needed) {
  const { client, talk, patiently, sleep } = world;
  const path = `/api/ceremony/${session.attempt}/${step}`;
  const everybody = Array.from({ length: session.size }, (_, i) => i + 1);
  for (let told = ""; ; ) {
    const { messages: found } = await patiently(() => client.get(path));
    const messages = Object.values(found).map((text) => toBytes(String(text)));
    if (messages.length >= needed) return messages;
    const missing = everybody.filter((i) => !Object.hasOwn(found, String(i)));
    if (needed === session.size && missing.join() !== told) {
      talk.tell("waiting", { step, missing });
      told = missing.join();
    }
    if (step === "answer" && messages.some((one) => kindOf(one) === "complaint")) return messages;
    if ((await takeSession(world)).attempt !== session.attempt) throw new NewAttempt();
    await sleep(PAUSE);
  }
}
