// What an item asks when it asks more than one thing: its `contest`, and the `rosters`
// (voting/meeting/{contests,frozen_contests}.py; docs/spec/meeting.md, sections 2 and 3).
//
// A contest is names for seats (`names`), a place for names of a roster (`roster`), or subjects
// and aspects (`grid`); it stays the object of the file. A roster's number is a name's position in
// it, from 1; `spelling` is for searching alone. What is asked on a ballot: questions.js.

import { FormatError } from "../errors.js";
import { MAX_QUESTIONS } from "../protocol/election.js";
import * as shape from "./shape.js";

/** More names than this to choose among are a roster: one shuffled question. */
export const MAX_LISTED = 20;
/** The most names that are voted on one by one. */
export const MAX_NAMES = 60;
export const MAX_ROSTER = 1_500;
/** The most roster numbers that one plaintext holds; fewer where words have room beside them. */
export const MAX_PLACES = 15;
const WITH_TEXT = 10;

/** Names from outside, each allowing what stands before it. */
const WRITE_INS = ["none", "roster", "text"];

/** By kind of rule, which contests its items have; an item of another kind has none. */
const TYPES = {
  contested: ["names"],
  nomination: ["names", "roster"],
  election: ["names"],
  assessment: ["grid"],
};

const NAME = {
  id: shape.identifier,
  name: shape.name,
  current: shape.prose,
  note: shape.prose,
};
const WRITE_IN = {
  roster: shape.record({ roster: shape.identifier }),
  text: shape.record({ text: isTrue }),
};
const SHAPES = {
  names: shape.record({
    type: shape.oneOf("names"),
    seats: shape.count(1, MAX_NAMES),
    names: shape.sequence(shape.record(NAME), { low: 1, high: MAX_NAMES }),
    write_in: shape.optional((value, place) =>
      typed(WRITE_IN, shape.isObject(value) ? Object.keys(value)[0] : null, value, place)),
  }),
  roster: shape.record({
    type: shape.oneOf("roster"),
    seats: shape.count(1, MAX_PLACES),
    roster: shape.identifier,
  }),
  grid: shape.record({
    type: shape.oneOf("grid"),
    subjects: shape.sequence(
      shape.record({
        id: shape.identifier,
        name: shape.name,
        current: shape.prose,
        scale: shape.identifier,
      }),
      { low: 1 },
    ),
    aspects: shape.sequence(
      shape.record({ id: shape.identifier, title: shape.name }),
      { low: 1 },
    ),
  }),
};

/** Take a contest: an object of one of the three types. */
export function contest(value, place) {
  return typed(SHAPES, shape.isObject(value) ? value.type : null, value, place);
}

export const ROSTERS = shape.sequence(
  shape.record({
    id: shape.identifier,
    title: shape.words,
    names: shape.sequence(
      shape.record({
        name: shape.name,
        key: shape.called,
        unit: shape.prose,
        spelling: shape.prose,
      }),
      { low: 1, high: MAX_ROSTER },
    ),
  }),
);

/** Refuse an id or a name twice within a contest, and more seats than names. */
export function checkContest(value, place) {
  if (value === null || value.type === "roster") return;
  if (value.type === "grid") {
    unique(value.subjects, ["id", "name"], `${place}.subjects`);
    unique(value.aspects, ["id", "title"], `${place}.aspects`);
    return;
  }
  unique(value.names, ["id", "name"], `${place}.names`);
  if (value.seats > value.names.length) {
    throw new FormatError(`${place}.seats`, "more seats than names");
  }
}

/** Refuse a roster's id twice, and people on one that are not told apart. */
export function checkRosters(rosters, place) {
  unique(rosters, ["id"], place);
  rosters.forEach((one, i) => {
    const twice = homonym(one.names);
    if (twice !== null) {
      throw new FormatError(`${place}[${i}].names[${twice}]`, "a name that stands there already");
    }
  });
}

/**
 * The first position (from 0) of a name that is not told apart from one before it, or null. People
 * of one name are told apart by keys, which then all of them have. Nor are two labels the same.
 */
export function homonym(names) {
  const seen = new Map();
  const labels = new Set();
  for (const [i, one] of names.entries()) {
    const { name, key } = one;
    const keys = seen.get(name) ?? new Set();
    if (labels.has(labelOf(one)) || (keys.size && (!key || keys.has("")))) return i;
    seen.set(name, keys.add(key));
    labels.add(labelOf(one));
  }
  return null;
}

/** A roster's name as people see it, with the key where there is one. */
export function labelOf({ name, key }) {
  return key ? `${name}(${key})` : name;
}

/** What the contests and rosters of a meeting say about its rules. FormatError. */
export function checkContests(meeting) {
  const used = new Set();
  [...meeting.items.values()].forEach((item, i) => {
    checkItem(meeting, item, meeting.rules.get(item.rule), `meeting.items[${i}]`);
    used.add(rosterOf(item.contest));
  });
  [...meeting.rosters.keys()].forEach((roster, i) => {
    if (!used.has(roster)) {
      throw new FormatError(`meeting.rosters[${i}]`, "a roster that no item asks");
    }
  });
}

function checkItem(meeting, item, rule, place) {
  if (rule.kind === "named") {
    throw new FormatError(`${place}.rule`, "a rule of votes with a name, which are no ballots");
  }
  const asked = item.contest;
  const types = TYPES[rule.kind] ?? [null];
  if (!types.includes(asked === null ? null : asked.type)) {
    throw new FormatError(`${place}.contest`, `not what ${rule.kind} asks`);
  }
  if (asked === null) return;
  if (item.candidate) throw new FormatError(`${place}.candidate`, "a candidate beside a contest");
  if (asked.type === "grid") checkGrid(asked, rule, `${place}.contest`);
  else checkSeats(meeting, asked, rule, `${place}.contest`);
}

function checkGrid({ subjects, aspects }, rule, place) {
  const unknown = subjects.find(({ scale }) => rule.scales.every((one) => one.id !== scale));
  if (unknown) throw new FormatError(`${place}.subjects`, `${unknown.scale} is no scale`);
  if (subjects.length * aspects.length > MAX_QUESTIONS) {
    throw new FormatError(place, `more than ${MAX_QUESTIONS} cells`);
  }
}

function checkSeats(meeting, asked, rule, place) {
  const roster = rosterOf(asked);
  if (roster !== null && !meeting.rosters.has(roster)) {
    throw new FormatError(place, `no roster ${roster}`);
  }
  if (asked.type === "names") {
    checkNames(asked, rule, place);
    return;
  }
  const people = meeting.rosters.get(roster).names.length;
  if (asked.seats > Math.min(people, rule.writeIn === "text" ? WITH_TEXT : MAX_PLACES)) {
    throw new FormatError(`${place}.seats`, "more seats than can be given");
  }
}

function checkNames(asked, rule, place) {
  if (rule.kind !== "election" && asked.names.length > MAX_LISTED) {
    throw new FormatError(`${place}.names`, `more than ${MAX_LISTED} names`);
  }
  if (asked.write_in === null) return;
  const outside = outsideOf(asked);
  const more = WRITE_INS.indexOf(outside) > WRITE_INS.indexOf(rule.writeIn);
  if (rule.kind !== "election" || more) {
    throw new FormatError(`${place}.write_in`, "names from outside are not the rule's");
  }
  if (asked.seats > MAX_PLACES) {
    throw new FormatError(`${place}.seats`, `more than ${MAX_PLACES} names from outside`);
  }
}

/** How names from outside are given in a contest of names: `none`, `roster` or `text`. */
export function outsideOf({ write_in: outside }) {
  if (outside === null) return "none";
  return Object.hasOwn(outside, "roster") ? "roster" : "text";
}

/** The roster that a contest asks, for its names or for those from outside, or null. */
export function rosterOf(asked) {
  if (asked?.type === "roster") return asked.roster;
  return asked?.type === "names" ? asked.write_in?.roster ?? null : null;
}

function typed(shapes, kind, value, place) {
  if (typeof kind !== "string" || !Object.hasOwn(shapes, kind)) {
    throw new FormatError(place, `not one of ${Object.keys(shapes).join(", ")}`);
  }
  return shapes[kind](value, place);
}

function isTrue(value, place) {
  if (value !== true) throw new FormatError(place, "not true");
  return value;
}

function unique(listed, fields, place) {
  for (const field of fields) shape.unique(listed.map((one) => one[field]), place);
}
