// A folded ledger as JSON, the same as tests/support/fold_json.py writes.

import { sha256Hex } from "../../kiosk/web/src/crypto/hashing.js";
import { encode } from "../../kiosk/web/src/protocol/codec.js";

/** The whole state; sets and what is keyed by people or credentials are sorted. */
export function stateJson(state) {
  return {
    height: state.height,
    head: state.head,
    at: state.at,
    frozen: state.frozen,
    closed: state.closed,
    lists: sorted(state.lists).map(([one, bySlot]) => [one, sorted(bySlot)]),
    people: sorted(state.people).map(([k, one]) => [k, one.cls, one.series, one.here]),
    counted: sorted(state.counted).map(([k, one]) => [k, one.cls, one.series, one.count]),
    recusals: sorted(state.recusals).map(([item, lines]) => [item, [...lines].sort()]),
    steps: sorted(state.steps),
    minutes: sorted(state.minutes),
    leftovers: sorted(state.leftovers).map(([slot, of]) => [slot, sorted(of)]),
    withdrawn: sorted(state.withdrawn).map(([slot, of]) => [slot, sorted(of)]),
    void_series: [...state.voidSeries].sort(),
    rounds: [...state.rounds.values()].map(roundJson),
    destroyed: [...state.destroyed].sort((a, b) => a - b),
    missing: state.missing,
  };
}

/** SHA-256 of the state's canonical JSON. */
export function stateDigest(state) {
  return sha256Hex(encode(stateJson(state)));
}

function sorted(map) {
  const key = ([name]) => name ?? "";
  return [...map].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

function roundJson(one) {
  const { compared } = one;
  return {
    slot: one.slot,
    number: one.number,
    state: one.state,
    rule: one.rule,
    items: one.items,
    series: one.series,
    election: one.election,
    credentials: one.credentials,
    issued_by_series: sorted(one.issuedBySeries),
    due: one.due,
    present_at_open: one.presentAtOpen,
    recused: sorted(one.recused),
    standings: Object.fromEntries(one.standings),
    groups: [sorted(one.groupsAtOpen), sorted(one.groupsAtSeal)],
    spoiled: [...one.spoiled].sort(),
    present_at_seal: one.presentAtSeal,
    heads: one.heads,
    returned: one.returned,
    ballots: one.ballots,
    sealed_archive: one.sealedArchive,
    override: one.override,
    no_objection: one.noObjection,
    compared: compared === null ? null : [compared.checkpoint, compared.missing],
    checkpoint: one.checkpoint,
    final_archive: one.finalArchive,
    proofs: one.proofs,
    ...(one.reading === null ? {} : { reading: [one.reading.nonce, one.reading.entries] }),
    signed: one.signed.map((s) => [s.officer, s.outcome, s.page, s.confirmedBy]),
    released: one.released,
    void_reason: one.voidReason,
  };
}
