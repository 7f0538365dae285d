// Plain data of a rule read strictly: every complaint names its place (voting/rules/reading.py).

import { isNumber, isUnseen } from "../characters.js";
import { FormatError } from "../errors.js";
import { isObject } from "../meeting/shape.js";

const LANGS = ["zh", "en"];
const CERTAINTIES = ["national", "national_mem", "local", "seed", "practice", "design"];
const MOST = 1000000; // so that a share of any number of people is exact
const ID = /^[a-z0-9-]*[a-z0-9][a-z0-9-]*$/;

/** Refuse a value that is not of its clause's own set. */
export function bad(place) {
  throw new FormatError(place, "rule-bad-value");
}

/** An object that has all of `needs` and nothing beyond `may`. */
export function table(value, place, needs, may = []) {
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

/** A whole number of at least `least`, at most a million. */
export function whole(value, place, least) {
  if (!Number.isInteger(value) || value < least || value > MOST) bad(place);
  return value;
}

/** One line of text that is not blank and hides no character. */
export function line(value, place) {
  if (typeof value !== "string" || !value.trim() || isUnseen(value)) bad(place);
  return value;
}

/** An id: a-z, 0-9 and -, with a letter or a digit; never a number. */
export function identifier(value, place) {
  if (!ID.test(line(value, place))) bad(place);
  if (isNumber(value)) throw new FormatError(place, "id-number");
  return value;
}

/** A sentence in both languages. */
export function both(value, place) {
  table(value, place, LANGS);
  return Object.fromEntries(LANGS.map((lang) => [lang, line(value[lang], `${place}.${lang}`)]));
}

/** One of these words. */
export function oneOf(...allowed) {
  return (value, place) => (allowed.includes(value) ? value : bad(place));
}

/** Some of these words, each once and in this order, those of `always` among them. */
export function someOf(allowed, always = []) {
  return (value, place) => {
    if (!Array.isArray(value)) bad(place);
    const ordered = allowed.filter((name) => value.includes(name));
    const good = value.length === ordered.length && value.every((one, i) => one === ordered[i]);
    if (!good || !always.every((name) => value.includes(name))) bad(place);
    return value;
  };
}

/** A list, every row as `read`. */
export function rows(value, place, read) {
  if (!Array.isArray(value)) bad(place);
  return value.map((one, i) => read(one, `${place}[${i}]`));
}

/** Refuse an id that stands there twice. */
export function unique(names, place) {
  if (new Set(names).size !== names.length) throw new FormatError(place, "rule-id-twice");
}

/** Refuse a denominator of nothing, and a share of more than all. */
export function share(numerator, denominator, most, place) {
  if (denominator === 0) throw new FormatError(`${place}.denominator`, "rule-zero-denominator");
  if (numerator > most) throw new FormatError(`${place}.numerator`, "rule-fraction-above-one");
}

/** The fraction of a table that has its three keys. */
export function fraction(value, place) {
  const { numerator, denominator, inclusive } = value;
  whole(numerator, `${place}.numerator`, 1);
  whole(denominator, `${place}.denominator`, 0);
  if (denominator === 0) share(numerator, denominator, denominator, place);
  if (typeof inclusive !== "boolean") bad(`${place}.inclusive`);
  share(numerator, denominator, inclusive ? denominator : denominator - 1, place);
  return { numerator, denominator, inclusive };
}

/** Refuse a source that does not say how certain it is. */
export function source(data, place) {
  if (isObject(data) && !("certainty" in data)) {
    throw new FormatError(place, "rule-source-without-certainty");
  }
  table(data, place, ["text", "certainty"]);
  oneOf(...CERTAINTIES)(data.certainty, `${place}.certainty`);
  line(data.text, `${place}.text`);
}
