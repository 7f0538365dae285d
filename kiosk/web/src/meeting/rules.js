// A frozen rule of voting, read as strictly as it was written, and its quorum
// (voting/rules/{values,parsing,rule,quorum}.py; docs/spec/rules.md).
//
// A meeting carries its rules whole, so that everybody decides by the frozen words and not by a
// program's book. Every clause has a value of its own set and a source with a certainty.

import { FormatError, RefusedError } from "../errors.js";
import { isObject } from "./shape.js";

export const CLASSES = ["member", "alternate", "attendee"];
export const ROLES = ["chair", "secretary", "scrutineer", "teller", "recorder"];
export const OPTIONS = ["agree", "disagree", "abstain", "defer"];

/** The gates of the room for one item, in the order in which they must be entered. */
export const ROOM_GATES = ["introduced", "discussed", "principal-last"];

const LANGS = ["zh", "en"];
const CERTAINTIES = ["national", "national_mem", "local", "seed", "practice", "design"];
const VOIDS = ["issued-exceeds-present", "returned-exceeds-issued"];
const GATES = [
  "recommended",
  "concentrated",
  "reserve-list",
  "nominated",
  "examined",
  "department-discussed",
  "consulted",
  "plenum-consulted",
  "opinions",
  "discipline",
  "audit",
  "personal-matters",
];
const SECRECY = ["unmarked", "internal", "secret", "confidential"];
const HEAD = ["id", "kind", "title", "members"];
const KINDS = ["confirmation", "recommendation"];

/** The clauses that a kind of rule lacks, by the file's keys. */
const LACKS = {
  confirmation: ["papers", "rate-base"],
  recommendation: ["pass", "deferral"],
};

/** What a tie comes to, by kind. */
const TIES = { confirmation: "fails", recommendation: "none" };

/** By the file's key: the field it fills, and how its value is read. */
const CLAUSES = {
  voters: ["voters", someOf(CLASSES, ["member"])],
  quorum: ["quorum", measure("due")],
  pass: ["passing", measure("due", "present")],
  deferral: ["deferral", measure("due", "present")],
  options: ["options", someOf(OPTIONS, OPTIONS.slice(0, 3))],
  "write-in": ["writeIn", oneOf("none")],
  "invalid-entry": ["invalidEntry", oneOf("void-entry", "void-ballot")],
  "blank-entry": ["blankEntry", oneOf("abstain", "invalid")],
  void: ["void", someOf(VOIDS, VOIDS)],
  ties: ["ties", oneOf(...Object.values(TIES))],
  "recusal-effect": ["recusalEffect", oneOf("leaves-vote", "leaves-deliberation")],
  "recusal-base": ["recusalBase", oneOf("unchanged", "reduced")],
  retry: ["retry", retry],
  visibility: ["visibility", oneOf("counts", "outcome", "withheld")],
  secrecy: ["secrecy", oneOf(...SECRECY)],
  signers: ["signers", signers],
  papers: ["papers", oneOf("joined", "by-series")],
  "rate-base": ["rateBase", oneOf("valid", "returned", "issued")],
  floor: ["floor", (value, place) => whole(value, place, 1)],
  gates: ["gates", someOf(GATES)],
  "room-gates": ["roomGates", someOf(ROOM_GATES)],
};

/**
 * Read a rule as a meeting freezes it.
 * @param {unknown} value
 * @param {string} place as `meeting.rules.<id>`
 * @returns {object} frozen: id, kind, title and members by language, and one field per clause; a
 *   recommendation decides nothing: `passing` and `deferral` are null
 * @throws {FormatError} at the place of the first fault
 */
export function parseRule(value, place) {
  const kind = KINDS.includes(value?.kind) ? value.kind : KINDS[0];
  const clauses = Object.entries(CLAUSES).filter(([key]) => !LACKS[kind].includes(key));
  table(value, place, [...HEAD, ...clauses.map(([key]) => key)]);
  oneOf(...KINDS)(value.kind, `${place}.kind`);
  const rule = { passing: null, deferral: null, papers: "joined", rateBase: "valid" };
  for (const [key, [field, parse]] of clauses) {
    rule[field] = clause(parse, value[key], `${place}.${key}`);
  }
  if (rule.ties !== TIES[kind]) bad(`${place}.ties.value`);
  const id = line(value.id, `${place}.id`);
  if (!/^[a-z0-9-]*[a-z0-9][a-z0-9-]*$/.test(id)) bad(`${place}.id`);
  return Object.freeze({
    id,
    kind,
    title: both(value.title, `${place}.title`),
    members: both(value.members, `${place}.members`),
    ...rule,
  });
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

function clause(parse, data, place) {
  table(data, place, ["value", "source"], ["choices", "why"]);
  const value = parse(data.value, `${place}.value`);
  source(data.source, `${place}.source`);
  if (!("choices" in data) && !("why" in data)) return value;
  table(data, place, ["value", "source", "choices", "why"]);
  if (!Array.isArray(data.choices) || data.choices.length < 2) bad(`${place}.choices`);
  const choices = data.choices.map((one, i) => parse(one, `${place}.choices[${i}]`));
  const spelled = JSON.stringify(value);
  if (!choices.some((one) => JSON.stringify(one) === spelled)) bad(`${place}.value`);
  both(data.why, `${place}.why`);
  return value;
}

function source(data, place) {
  if (isObject(data) && !("certainty" in data)) {
    throw new FormatError(place, "rule-source-without-certainty");
  }
  table(data, place, ["text", "certainty"]);
  oneOf(...CERTAINTIES)(data.certainty, `${place}.certainty`);
  line(data.text, `${place}.text`);
}

function table(value, place, needs, may = []) {
  if (!isObject(value)) bad(place);
  for (const key of Object.keys(value)) {
    if (!needs.includes(key) && !may.includes(key)) {
      throw new FormatError(`${place}.${key}`, "rule-unknown-key");
    }
  }
  for (const key of needs) {
    if (!Object.hasOwn(value, key)) throw new FormatError(`${place}.${key}`, "rule-missing-key");
  }
  return value;
}

function whole(value, place, least) {
  if (!Number.isInteger(value) || value < least) bad(place);
  return value;
}

function line(value, place) {
  if (typeof value !== "string" || !value.trim() || value.includes("\n")) bad(place);
  return value;
}

function both(value, place) {
  table(value, place, LANGS);
  return Object.fromEntries(LANGS.map((lang) => [lang, line(value[lang], `${place}.${lang}`)]));
}

function oneOf(...allowed) {
  return (value, place) => (allowed.includes(value) ? value : bad(place));
}

function someOf(allowed, always = []) {
  return (value, place) => {
    if (!Array.isArray(value)) bad(place);
    const ordered = allowed.filter((name) => value.includes(name));
    const good = value.length === ordered.length && value.every((one, i) => one === ordered[i]);
    if (!good || !always.every((name) => value.includes(name))) bad(place);
    return value;
  };
}

function measure(...bases) {
  return (value, place) => {
    table(value, place, ["numerator", "denominator", "inclusive", "base"]);
    const { numerator, denominator, inclusive } = value;
    whole(numerator, `${place}.numerator`, 1);
    whole(denominator, `${place}.denominator`, 0);
    if (denominator === 0) {
      throw new FormatError(`${place}.denominator`, "rule-zero-denominator");
    }
    if (typeof inclusive !== "boolean") bad(`${place}.inclusive`);
    if (numerator > denominator || (numerator === denominator && !inclusive)) {
      throw new FormatError(`${place}.numerator`, "rule-fraction-above-one");
    }
    const base = oneOf(...bases)(value.base, `${place}.base`);
    return { numerator, denominator, inclusive, base };
  };
}

function retry(value, place) {
  table(value, place, ["again", "bar-after"]);
  const again = oneOf("another-meeting", "any")(value.again, `${place}.again`);
  return { again, barAfter: whole(value["bar-after"], `${place}.bar-after`, 0) };
}

function signers(value, place) {
  if (!Array.isArray(value) || !value.length) bad(place);
  const listed = value.map((part, i) => {
    table(part, `${place}[${i}]`, ["role", "count"]);
    const role = oneOf(...ROLES)(part.role, `${place}[${i}].role`);
    return { role, count: whole(part.count, `${place}[${i}].count`, 1) };
  });
  if (new Set(listed.map((one) => one.role)).size !== listed.length) {
    throw new FormatError(place, "rule-role-twice");
  }
  return listed;
}

function bad(place) {
  throw new FormatError(place, "rule-bad-value");
}
