// Withdrawing: a recused member takes his ticket out of one paper, a leaver out of all to come.
//
// Only a slot's public credential and a signature by its key leave the page. Who is recused from
// what is the ledger's; it knows nobody by name, so the page offers the papers from which
// somebody is recused, and the member picks his own.

import { votersOut } from "../meeting/attendance.js";
import { itemsLeft } from "../meeting/binding.js";
import { waitsFor } from "../meeting/chain.js";
import { RefusedError } from "../errors.js";
import { advance } from "../meeting/fold.js";
import { decodeLedger } from "../meeting/ledger.js";
import { ruleOf } from "../meeting/frozen.js";
import { EMPTY } from "../meeting/state.js";
import { get, getBytes, patiently } from "../common/api.js";

/**
 * The papers that could be opened now, as the console proposes them: recusal papers first, each
 * on the next slot (`propose_rounds` of voting/meeting/binding.py).
 * @returns {{slot: string, items: string[], recused: number}[]}
 */
export function proposeRounds(meeting, state) {
  const groups = new Map();
  for (const item of itemsLeft(meeting, state)) {
    if (waitsFor(meeting, state, item) !== null) continue;
    const out = [...votersOut(meeting, state, item)].sort();
    const id = `${ruleOf(meeting, item).id}|${out.join()}`;
    if (!groups.has(id)) groups.set(id, { items: [], recused: out.length });
    groups.get(id).items.push(item);
  }
  const ordered = [...groups.values()].sort((a, b) => Number(!a.recused) - Number(!b.recused));
  const slots = meeting.slots.slice(state.rounds.size);
  return ordered.slice(0, slots.length).map((group, index) => ({ slot: slots[index], ...group }));
}

/**
 * What a ticket may be withdrawn from.
 * @param {import("../meeting/frozen.js").Meeting} meeting
 * @param {import("../meeting/state.js").State} state
 * @param {{slot: string, items: string[]}|null} prepared the round that trustees are asked about
 * @param {Map<string, string>} mine the ticket's public credentials, by slot to come
 * @returns {{kind: "paper"|"all", slots: string[], items: string[]}[]} without what it has left
 */
export function choicesOf(meeting, state, prepared, mine) {
  const gone = (slot) => {
    const out = [state.leftovers.get(slot), state.withdrawn.get(slot)];
    return out.some((of) => of?.has(mine.get(slot)));
  };
  const coming = proposeRounds(meeting, state).filter((one) => one.recused > 0);
  const first = prepared && coming.every((one) => one.items.join() !== prepared.items.join());
  const bound = first && recusedFrom(meeting, state, prepared.items);
  const papers = bound ? [prepared, ...coming] : coming;
  const choices = papers
    .filter((one) => !gone(one.slot))
    .map((one) => ({ kind: "paper", slots: [one.slot], items: one.items }));
  const left = meeting.slots.slice(state.rounds.size).filter((slot) => !gone(slot));
  if (left.length) choices.push({ kind: "all", slots: left, items: [] });
  return choices;
}

function recusedFrom(meeting, state, items) {
  return items.some((item) => votersOut(meeting, state, item).size > 0);
}

/** Read the ledger and tell what this ticket may be withdrawn from. */
export async function askChoices(meeting, ticket, signal) {
  const bytes = await patiently(() => getBytes("/api/ledger"), { signal });
  const prepared = await patiently(() => get("/api/binding"), { signal });
  const state = decodeLedger(bytes).reduce((so, line) => advance(meeting, so, line.act), EMPTY);
  const mine = new Map();
  for (const slot of meeting.slots.slice(state.rounds.size)) {
    mine.set(slot, await ticket.credential(slot));
  }
  const choices = choicesOf(meeting, state, prepared, mine);
  if (!choices.length) throw new RefusedError("nothing-to-withdraw");
  return choices;
}

/**
 * Withdraw from slots, one after another; one that is withdrawn already is passed over.
 * @param {(sent: number) => void} progress
 * @param {AbortSignal} signal the session's: when it is over, no further slot is withdrawn from
 */
export async function withdraw(meeting, ticket, slots, progress, signal) {
  for (const [index, slot] of slots.entries()) {
    signal.throwIfAborted();
    try {
      await patiently(() => ticket.act("withdraw", slot, meeting.fingerprint), { signal });
    } catch (error) {
      // An answer that was lost comes back as this; nobody but the ticket could have signed it.
      if (error.code !== "credential-void") throw error;
    }
    signal.throwIfAborted();
    progress(index + 1);
  }
}
