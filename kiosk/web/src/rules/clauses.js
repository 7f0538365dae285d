// Every clause of a rule: the field it fills and how its value is read, and which clauses a kind
// has (voting/rules/parsing.py).

import { FormatError } from "../errors.js";
import { takeFlags, takeGroups, takeLines, takeRatio, takeScales } from "./lists.js";
import { bad, both, fraction, oneOf, someOf, source, table, whole } from "./reading.js";
import { CLASSES, OPTIONS, ROLES, ROOM_GATES } from "./values.js";

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
  "dossier",
  "complaints",
  "inspection",
  "approval",
];
const FORM = ["nominee", "post", "reasons", "strengths", "weaknesses", "relation", "signature"];
const RELATIONS = ["none", "spouse", "direct", "collateral", "affine", "other"];
const SECRECY = ["unmarked", "internal", "secret", "confidential"];
const TIES = ["fails", "none", "revote-most", "revote-majority"];
const THREE = OPTIONS.slice(0, 3);
const ENTRIES = ["void-entry", "void-ballot"];

const WRITE_IN = ["writeIn", oneOf("none", "roster", "text")];

/** By the file's key, in the order of a file: the field it fills, and how its value is read. */
const CLAUSES = {
  voters: ["voters", someOf(CLASSES, ["member"])],
  groups: ["groups", takeGroups],
  quorum: ["quorum", measure("due")],
  pass: ["passing", passing],
  deferral: ["deferral", measure("due", "present")],
  ballot: ["ballot", oneOf("choose", "each")],
  options: ["options", someOf(OPTIONS, THREE)],
  scales: ["scales", takeScales],
  "write-in": WRITE_IN,
  "unmarked-write-in": ["unmarkedWriteIn", oneOf("invalid", "abstain")],
  form: ["form", someOf(FORM, FORM)],
  relations: ["relations", someOf(RELATIONS, ["none"])],
  "thin-reasons": ["thinReasons", takeLines],
  "invalid-entry": ["invalidEntry", oneOf(...ENTRIES)],
  "blank-entry": ["blankEntry", oneOf("abstain", "invalid")],
  void: ["void", someOf(VOIDS, VOIDS)],
  ties: ["ties", oneOf(...TIES)],
  "next-round": ["nextRound", atLeast(0)],
  "rounds-limit": ["roundsLimit", atLeast(0)],
  "second-list": ["secondList", takeRatio],
  scatter: ["scatter", measure("valid", "returned", "issued")],
  objection: ["objection", measure("due", "returned")],
  flags: ["flags", takeFlags],
  "recusal-effect": ["recusalEffect", oneOf("leaves-vote", "leaves-deliberation")],
  "recusal-base": ["recusalBase", oneOf("unchanged", "reduced")],
  retry: ["retry", retry],
  visibility: ["visibility", oneOf("counts", "outcome", "withheld")],
  secrecy: ["secrecy", oneOf(...SECRECY)],
  signers: ["signers", signers(...ROLES)],
  papers: ["papers", oneOf("joined", "by-series")],
  "rate-base": ["rateBase", oneOf("valid", "returned", "issued")],
  "unknown-base": ["unknownBase", oneOf("kept", "dropped")],
  floor: ["floor", atLeast(1)],
  gates: ["gates", someOf(GATES)],
  "room-gates": ["roomGates", someOf(ROOM_GATES)],
};

/** What every kind has that is a vote in a room. */
const BALLOT = "voters quorum write-in invalid-entry blank-entry void ties recusal-effect " +
  "recusal-base retry visibility secrecy signers floor gates room-gates";
const SEATS = "pass options next-round rounds-limit";
const OWN = {
  confirmation: `${BALLOT} pass deferral options`,
  recommendation: `${BALLOT} options papers rate-base`,
  consultation: `${BALLOT} options objection rate-base`,
  contested: `${BALLOT} ${SEATS} ballot`,
  nomination: `${BALLOT} options groups papers rate-base scatter second-list`,
  election: `${BALLOT} ${SEATS} groups unmarked-write-in`,
  assessment: `${BALLOT} groups scales papers rate-base unknown-base flags`,
  named: "voters form relations thin-reasons visibility secrecy signers gates",
};
export const KINDS = Object.keys(OWN);

const REVOTES = ["ties", oneOf("revote-most", "revote-majority")];

/** Where a kind allows less, or something else, than the table. */
const NARROWED = {
  confirmation: narrow("fails", OPTIONS),
  recommendation: narrow("none", OPTIONS),
  consultation: narrow("none", THREE),
  contested: { ...narrow("none", THREE), ties: REVOTES },
  nomination: {
    ties: ["ties", oneOf("none")],
    options: ["options", someOf(["agree", "abstain"], ["agree", "abstain"])],
  },
  election: { ...narrow("none", THREE), "write-in": WRITE_IN, ties: REVOTES },
  assessment: narrow("none", THREE),
  named: { signers: ["signers", signers("nominator")] },
};

const OF_KIND = Object.fromEntries(KINDS.map((kind) => {
  const own = OWN[kind].split(" ");
  const listed = Object.keys(CLAUSES).filter((key) => own.includes(key));
  return [kind, listed.map((key) => [key, ...(NARROWED[kind][key] ?? CLAUSES[key])])];
}));

/**
 * The clauses of a kind of rule, in their order.
 * @param {string} kind
 * @returns {[string, string, Function][]} the file's key, the field, and how the value is read
 */
export function clausesOf(kind) {
  return OF_KIND[kind];
}

/** Read a clause: its value, which has a source and, for a parameter, its choices and why. */
export function takeClause(parse, data, place) {
  table(data, place, ["value", "source"], ["choices", "why"]);
  const value = parse(data.value, `${place}.value`);
  source(data.source, `${place}.source`);
  if (!("choices" in data) && !("why" in data)) return value;
  table(data, place, ["value", "source", "choices", "why"]);
  if (!Array.isArray(data.choices) || data.choices.length < 2) bad(`${place}.choices`);
  const choices = data.choices.map((one, i) => parse(one, `${place}.choices[${i}]`));
  const spelled = choices.map((one) => JSON.stringify(one));
  const twice = spelled.findIndex((one, i) => spelled.indexOf(one) < i);
  if (twice >= 0) throw new FormatError(`${place}.choices[${twice}]`, "rule-choice-twice");
  if (!spelled.includes(JSON.stringify(value))) bad(`${place}.value`);
  both(data.why, `${place}.why`);
  return value;
}

function narrow(ties, options) {
  return {
    ties: ["ties", oneOf(ties)],
    "write-in": ["writeIn", oneOf("none")],
    options: ["options", someOf(options, THREE)],
  };
}

function atLeast(least) {
  return (value, place) => whole(value, place, least);
}

function measure(...bases) {
  return (value, place) => {
    table(value, place, ["numerator", "denominator", "inclusive", "base"]);
    return { ...fraction(value, place), base: oneOf(...bases)(value.base, `${place}.base`) };
  };
}

/** What makes a decision: always over half. */
function passing(value, place) {
  const share = measure("due", "present")(value, place);
  const over = 2 * share.numerator - share.denominator;
  if (over < 0 || (over === 0 && share.inclusive)) {
    throw new FormatError(place, "rule-pass-not-over-half");
  }
  return share;
}

function retry(value, place) {
  table(value, place, ["again", "bar-after"]);
  const again = oneOf("another-meeting", "any")(value.again, `${place}.again`);
  return { again, barAfter: whole(value["bar-after"], `${place}.bar-after`, 0) };
}

function signers(...roles) {
  return (value, place) => {
    if (!Array.isArray(value) || !value.length) bad(place);
    const listed = value.map((part, i) => {
      table(part, `${place}[${i}]`, ["role", "count"]);
      const role = oneOf(...roles)(part.role, `${place}[${i}].role`);
      return { role, count: whole(part.count, `${place}[${i}].count`, 1) };
    });
    if (new Set(listed.map((one) => one.role)).size !== listed.length) {
      throw new FormatError(place, "rule-role-twice");
    }
    return listed;
  };
}
