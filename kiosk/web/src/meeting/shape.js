// The shapes of our own messages: small checks that are put together like the messages
// (voting/meeting/shape.py).
//
// A check takes a decoded JSON value and its place, and returns the value unchanged or throws
// FormatError there. Nothing is converted, so what passed is written again as the same bytes.

import { isNumber, isUnseen, isUnseenInName } from "../characters.js";
import { FormatError } from "../errors.js";
import * as codec from "../protocol/codec.js";

const MAX_TEXT = 2_000;
const ID = /^[a-zA-Z0-9][a-zA-Z0-9._-]{0,39}$/;
const UUID22 = /^[1-9A-HJ-NP-Za-km-z]{22}$/;
const NONCE = /^[0-9a-f]{32}$/;
const SIGNATURE = /^[0-9a-f]{128}$/;
const DATE = /^2[0-9]{3}-[0-9]{2}-[0-9]{2}$/;
const TIME = /^(.{10})T(?:[01][0-9]|2[0-3])(?::[0-5][0-9]){2}Z$/;
const isId = matching(ID, "an id of ASCII letters and digits");
const isDate = matching(DATE, "a date of the years 2000 to 2999, as 2026-11-21");
const isTime = matching(TIME, "a time as 2026-11-21T09:30:05Z");

/** 64 lower-case hexadecimal digits. */
export const hex64 = codec.hex64;

/** `true` or `false`. */
export const boolean = codec.boolean;

/** A slot's or a meeting's identifier: 22 symbols of Base58. */
export const uuid22 = matching(UUID22, "22 Base58 symbols");

/** An id: 1 to 40 ASCII letters, digits, dots, dashes, underscores; never a number. */
export function identifier(value, place) {
  if (isNumber(isId(value, place))) throw new FormatError(place, "an id that is a number");
  return value;
}

/** 16 random bytes: 32 lower-case hexadecimal digits. */
export const nonce = matching(NONCE, "32 lower-case hexadecimal digits");

/** An Ed25519 signature: 128 lower-case hexadecimal digits. */
export const signature = matching(SIGNATURE, "128 lower-case hexadecimal digits");

/** A ballot's tracker: 43 symbols of Base64. */
export const tracker = codec.b64Hash;

/** A day of the calendar in the years 2000 to 2999, as 2026-11-21. */
export function date(value, place) {
  const moment = new Date(`${isDate(value, place)}T00:00:00Z`);
  if (Number.isNaN(moment.getTime()) || !moment.toISOString().startsWith(value)) {
    throw new FormatError(place, "no such day");
  }
  return value;
}

/** A second of such a day in UTC, as 2026-11-21T09:30:05Z; there is no 24:00, no 23:59:60. */
export function time(value, place) {
  date(TIME.exec(isTime(value, place))[1], place);
  return value;
}

/** A text that says something: not empty, as `prose` else. */
export function words(value, place) {
  if (value === "") throw new FormatError(place, "empty");
  return prose(value, place);
}

/** A text that may be empty: at most 2,000 characters, none of them unseen. */
export function prose(value, place) {
  codec.text(value, place, { maxLength: MAX_TEXT });
  if (isUnseen(value)) throw new FormatError(place, "has a control or format character");
  return value;
}

/** A name that tells somebody from others: as `words`, without variation selectors. */
export function name(value, place) {
  return called(words(value, place), place);
}

/** A name that may be empty. */
export function called(value, place) {
  if (isUnseenInName(prose(value, place))) {
    throw new FormatError(place, "has a variation selector");
  }
  return value;
}

/** A text with lines, as a note is. */
export function longText(value, place) {
  return codec.text(value, place, { maxLength: 20_000 });
}

/** A whole number between the two. */
export function count(low = 0, high = 100_000) {
  return (value, place) => codec.integer(value, place, { low, high });
}

/** One of these words. */
export function oneOf(...names) {
  return (value, place) => {
    if (typeof value !== "string" || !names.includes(value)) {
      throw new FormatError(place, `not one of ${names.join(", ")}`);
    }
    return value;
  };
}

/** null, or what `inner` takes. */
export function optional(inner) {
  return (value, place) => (value === null ? null : inner(value, place));
}

/** A text as `text` takes it, and what is none as `number` does. */
export function either(number, text) {
  return (value, place) => (typeof value === "string" ? text : number)(value, place);
}

/** A list, every entry as `inner`. */
export function sequence(inner, { low = 0, high = 100_000 } = {}) {
  return (value, place) => {
    codec.array(value, place, { low, high }).forEach((one, i) => inner(one, `${place}[${i}]`));
    return value;
  };
}

/** A list that is strictly ascending, so that a set has one spelling. */
export function ascending(inner) {
  const listed = sequence(inner);
  return (value, place) => {
    listed(value, place);
    if (value.some((one, i) => i > 0 && value[i - 1] >= one)) {
      throw new FormatError(place, "not strictly ascending");
    }
    return value;
  };
}

/** A list of strings or numbers, none of them twice. */
export function distinct(inner, { low = 0 } = {}) {
  const listed = sequence(inner, { low });
  return (value, place) => unique(listed(value, place), place);
}

/** An object whose keys are data. */
export function mapping(key, inner) {
  return (value, place) => {
    if (!isObject(value)) throw new FormatError(place, "not an object");
    for (const [name, entry] of Object.entries(value)) {
      key(name, `${place} key`);
      inner(entry, `${place}.${name}`);
    }
    return value;
  };
}

/** An object with exactly these fields in this order. */
export function record(checks) {
  const names = Object.keys(checks);
  return (value, place) => {
    codec.fields(value, place, ...names).forEach((entry, i) => {
      const name = names[i].replace(/\?$/, "");
      if (entry !== null || name === names[i]) checks[names[i]](entry, `${place}.${name}`);
    });
    return value;
  };
}

/** Throws FormatError when a value stands twice in the list; returns the list. */
export function unique(values, place) {
  if (new Set(values).size !== values.length) {
    throw new FormatError(place, "names something twice");
  }
  return values;
}

/** Whether a decoded JSON value is an object, and no list. */
export function isObject(value) {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

function matching(pattern, wanted) {
  return (value, place) => {
    if (typeof value !== "string" || !pattern.test(value)) {
      throw new FormatError(place, `not ${wanted}`);
    }
    return value;
  };
}
