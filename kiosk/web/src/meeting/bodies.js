// The bodies of the acts, kind by kind (docs/spec/ledger.md; voting/meeting/bodies.py).
//
// A body is a plain JSON object; `BODIES` gives its exact fields in their order. What an act may
// do when it comes is the fold's business, who must sign it is the ledger's.

import * as shape from "./shape.js";
import { CLASSES, ROOM_GATES } from "./rules.js";

/** Acts without a time, because it would point at a person. */
export const TIMELESS = new Set(["leftover", "withdraw", "spoil"]);

/** What the recorder enters for an item, one line each. */
const MINUTES = [
  "introducer",
  "speaker",
  "principal-last",
  "recused-out",
  "recused-in",
  "remark",
];

const { record, sequence, optional, identifier, hex64, words, uuid22, count } = shape;

const PROOF = record({ challenge: words, response: words });
const NAMED = record({
  class: shape.oneOf(...CLASSES),
  series: optional(identifier),
  line: hex64,
});
const RECUSAL = record({ item: identifier, class: shape.oneOf("member"), line: hex64 });
const GROUP = record({ group: identifier, series: identifier, count: count() });
const TICKET = record({ slot: uuid22, series: identifier, credential: hex64, proof: PROOF });
const PEN = record({ page: hex64, confirmed_by: identifier });
const INDEX = count(1, 99);
const SHUFFLES = record({ note: shape.longText, links: sequence(words, { low: 1 }) });
const STANDING = record({
  names: shape.distinct(words, { low: 1 }),
  seats: count(1, 60),
  why: shape.oneOf("tie", "open"),
  round: count(1, 99),
});

/** By kind, the check of its body: `BODIES[kind](body, place)`. */
export const BODIES = {
  freeze: record({ meeting: hex64 }),
  issue: record({
    made: shape.oneOf("apart", "server"),
    series: sequence(
      record({ id: identifier, printed: count(1), lists: shape.mapping(uuid22, hex64) }),
      { low: 1 },
    ),
  }),
  attend: NAMED,
  leave: NAMED,
  return: NAMED,
  recuse: RECUSAL,
  unrecuse: RECUSAL,
  present: GROUP,
  correct: record({
    leave: sequence(NAMED),
    attend: sequence(NAMED),
    present: sequence(GROUP),
    reason: words,
  }),
  leftover: TICKET,
  withdraw: TICKET,
  "void-series": record({ series: identifier, reason: words }),
  room: record({ item: identifier, step: shape.oneOf(...ROOM_GATES) }),
  minute: record({
    item: optional(identifier),
    what: shape.oneOf(...MINUTES),
    line: hex64,
    late: shape.boolean,
  }),
  open: record({
    slot: uuid22,
    round: count(1),
    items: shape.distinct(identifier, { low: 1 }),
    series: shape.distinct(identifier, { low: 1 }),
    standings: shape.mapping(identifier, STANDING),
    election: hex64,
    credentials: hex64,
    active: count(),
    acks: sequence(record({ trustee: INDEX, signature: shape.signature })),
  }),
  spoil: record({ slot: uuid22, tracker: shape.tracker }),
  seal: record({
    slot: uuid22,
    heads: count(),
    returned: count(),
    ballots: hex64,
    archive: hex64,
    override: shape.boolean,
  }),
  "no-objection": record({ slot: uuid22 }),
  compared: record({ slot: uuid22, checkpoint: hex64, missing: shape.ascending(INDEX) }),
  count: record({
    slot: uuid22,
    checkpoint: shape.longText,
    archive: hex64,
    proofs: hex64,
    "shuffles?": SHUFFLES,
  }),
  reading: record({
    slot: uuid22,
    nonce: shape.nonce,
    entries: sequence(count(0, 0xffff), { low: 1 }),
  }),
  certify: record({
    slot: uuid22,
    officer: identifier,
    outcome: hex64,
    pen: optional(PEN),
  }),
  release: record({ slot: uuid22 }),
  void: record({ slot: uuid22, reason: words, pen: optional(PEN) }),
  destroy: record({ trustee: INDEX }),
  close: record({ missing: shape.ascending(INDEX) }),
};
