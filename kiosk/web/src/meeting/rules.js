// A frozen rule of voting, read as strictly as it was written, and its quorum
// (voting/rules/{rule,quorum,fraction}.py; docs/spec/rules.md).
//
// A meeting carries its rules whole, so that everybody decides by the frozen words and not by a
// program's book. Every clause has a value of its own set and a source with a certainty: what each
// may be stands in rules/clauses.js.

import { FormatError, RefusedError } from "../errors.js";
import { KINDS, clausesOf, takeClause } from "../rules/clauses.js";
import { checkFlags } from "../rules/lists.js";
import { bad, both, identifier, oneOf, table } from "../rules/reading.js";
import { isObject } from "./shape.js";

export { CLASSES, OPTIONS, ROLES, ROOM_GATES } from "../rules/values.js";

const HEAD = ["id", "kind", "title", "members"];

/** What stands in the place of a clause that the rule's kind lacks. */
const LACKED = {
  groups: [],
  quorum: { numerator: 1, denominator: 1, inclusive: true, base: "due" },
  passing: null,
  deferral: null,
  ballot: "choose",
  options: [],
  scales: [],
  writeIn: "none",
  unmarkedWriteIn: "invalid",
  form: [],
  relations: [],
  thinReasons: [],
  invalidEntry: "void-entry",
  blankEntry: "abstain",
  void: [],
  ties: "none",
  nextRound: 1,
  roundsLimit: 0,
  secondList: { names: 1, per: 1 },
  scatter: null,
  objection: null,
  flags: [],
  recusalEffect: "leaves-vote",
  recusalBase: "unchanged",
  retry: { again: "any", barAfter: 0 },
  floor: 1,
  roomGates: [],
  papers: "joined",
  rateBase: "valid",
  unknownBase: "kept",
};

/**
 * Read a rule as a meeting freezes it.
 * @param {unknown} value
 * @param {string} place as `meeting.rules.<id>`
 * @returns {object} frozen: id, kind, title and members by language, `superseded` (likewise, or
 *   null), and one field per clause; where nothing is decided, `passing` and `deferral` are null
 * @throws {FormatError} at the place of the first fault
 */
export function parseRule(value, place) {
  if (!isObject(value)) bad(place);
  if (!Object.hasOwn(value, "kind")) throw new FormatError(`${place}.kind`, "rule-missing-key");
  const kind = oneOf(...KINDS)(value.kind, `${place}.kind`);
  const clauses = clausesOf(kind);
  table(value, place, [...HEAD, ...clauses.map(([key]) => key)], ["superseded"]);
  const rule = { ...LACKED };
  for (const [key, field, parse] of clauses) {
    rule[field] = takeClause(parse, value[key], `${place}.${key}`);
  }
  if ("flags" in value) checkFlags(rule.scales, rule.flags, `${place}.flags.value`);
  const superseded = value.superseded ?? null;
  return Object.freeze({
    id: identifier(value.id, `${place}.id`),
    kind,
    title: both(value.title, `${place}.title`),
    members: both(value.members, `${place}.members`),
    superseded: superseded === null ? null : both(superseded, `${place}.superseded`),
    ...rule,
  });
}

/** A scale of an assessment, by its id. */
export function scaleOf(rule, id) {
  return rule.scales.find((one) => one.id === id);
}

/** The base that stands for *due* when `recused` members leave the vote. */
export function baseDue(rule, due, recused = 0) {
  const leaves = rule.recusalEffect === "leaves-vote" && rule.recusalBase === "reduced";
  return leaves ? due - recused : due;
}

/** Whether `count` of `base` reaches the fraction; integers only. */
export function met({ numerator, denominator, inclusive }, count, base) {
  const have = BigInt(denominator) * BigInt(count);
  const want = BigInt(numerator) * BigInt(base);
  return inclusive ? have >= want : have > want;
}

/** The smallest count that meets the fraction of `base`. */
export function needed({ numerator, denominator, inclusive }, base) {
  const want = BigInt(numerator) * BigInt(base);
  const of = BigInt(denominator);
  return Number(inclusive ? (want + of - 1n) / of : want / of + 1n);
}

/**
 * How many more must be present for the rule's quorum; 0 when it is met.
 * @param {object} rule
 * @param {{due: number, present: number, recused: number}} numbers
 * @throws {RefusedError} `empty-roll`, `present-exceeds-due`
 */
export function evaluateQuorum(rule, { due, present, recused }) {
  const base = baseDue(rule, due, recused);
  if (base < 1) throw new RefusedError("empty-roll");
  const inRoom = rule.recusalEffect === "leaves-vote" ? due - recused : due;
  if (present > inRoom) throw new RefusedError("present-exceeds-due", { present, due: inRoom });
  return met(rule.quorum, present, base) ? 0 : needed(rule.quorum, base) - present;
}
