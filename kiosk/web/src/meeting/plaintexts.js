// The plaintext of a roster's ask: 30 bytes, and one form only for what they say
// (voting/meeting/plaintexts.py; PROTOCOL 5.5).
//
// First a place of two bytes for each name that may be given, none where there is no roster: the
// roster numbers, big-endian, strictly ascending, then zeros. Where words are allowed the rest
// holds names in GB18030, strictly ascending by their bytes, `、` between them, then zeros; else
// zeros. Numbers and words together are at most the ask's maximum. Anything else is 无效: a free
// order or a byte to spare would be a mark by which a voter shows how he voted.

import { concat, sameBytes } from "../crypto/bytes.js";
import { InputError } from "../errors.js";
import { MAX_NUMBERS } from "../protocol/election.js";
import * as gb18030 from "./gb18030.js";

const BETWEEN = "、";

/** What a name in words may hold: where all versions of GB18030 agree, and nothing unseen. */
const NAME = /^[A-Za-z\u00b7\u3400-\u4dbf\u4e00-\u9fa5\u{20000}-\u{2a6df}]+$/u;

/**
 * The 30 numbers of a ballot that gives these names.
 * @param {import("./questions.js").Ask} ask
 * @param {(number | string)[]} mark roster numbers and names in words, in any order
 * @returns {number[]}
 * @throws {InputError} `roster-mark`: a name twice, or that the ask does not have; too many.
 *   `roster-text-long`: the words do not fit. Neither tells what was chosen
 */
export function encodeRoster(ask, mark) {
  const numbers = mark.filter((one) => typeof one === "number").sort((a, b) => a - b);
  const words = mark
    .filter((one) => typeof one === "string")
    .map((one) => gb18030.encode(one.normalize("NFC")))
    .sort(compareBytes);
  const places = placesOf(ask);
  const first = numbers
    .filter((one) => one > 0 && one <= ask.answers.length)
    .flatMap((one) => [one >> 8, one & 0xff]);
  while (first.length < 2 * places) first.push(0);
  const data = concat(Uint8Array.from(first), joined(words));
  if (data.length > MAX_NUMBERS && ask.text) {
    throw new InputError("roster-text-long", { bytes: MAX_NUMBERS - 2 * places });
  }
  const made = [...data, ...new Array(Math.max(0, MAX_NUMBERS - data.length)).fill(0)];
  const wanted = [...numbers, ...words.map(gb18030.decode)];
  const read = decodeRoster(ask, made);
  if (read === null || read.length !== wanted.length || read.some((one, i) => one !== wanted[i])) {
    throw new InputError("roster-mark");
  }
  return made;
}

/**
 * What a plaintext says: the numbers ascending, then the names in words; null when it is not in the
 * one form: 无效.
 * @param {import("./questions.js").Ask} ask
 * @param {number[]} plaintext
 * @returns {(number | string)[] | null}
 */
export function decodeRoster(ask, plaintext) {
  if (plaintext.length !== MAX_NUMBERS) return null;
  const places = placesOf(ask);
  const numbers = Array.from({ length: places }, (_, i) =>
    256 * plaintext[2 * i] + plaintext[2 * i + 1]);
  const end = numbers.indexOf(0);
  const given = end < 0 ? numbers : numbers.slice(0, end);
  if (numbers.slice(given.length).some((one) => one !== 0)) return null;
  if (given.some((one, i) => one > ask.answers.length || (i > 0 && given[i - 1] >= one))) {
    return null;
  }
  const rest = plaintext.slice(2 * places);
  while (rest.at(-1) === 0) rest.pop();
  const words = ask.text ? wordsOf(Uint8Array.from(rest)) : rest.length ? null : [];
  if (words === null || given.length + words.length > ask.maximum) return null;
  return [...given, ...words];
}

/** How many names in words, of so many bytes, have room beside the numbers of an ask. */
export function roomForText(ask) {
  return ask.text ? MAX_NUMBERS - 2 * placesOf(ask) : 0;
}

function placesOf({ answers, maximum }) {
  return answers.length ? maximum : 0;
}

/** The names in words; null when they are not as `encodeRoster` writes them. */
function wordsOf(data) {
  if (!data.length) return [];
  const text = gb18030.decode(data);
  if (text === null) return null;
  const names = text.split(BETWEEN);
  if (!names.every((name) => NAME.test(name))) return null;
  const coded = names.map(gb18030.encode);
  const ascending = coded.every((one, i) => i === 0 || compareBytes(coded[i - 1], one) < 0);
  return ascending && sameBytes(joined(coded), data) ? names : null;
}

function joined(words) {
  const between = gb18030.encode(BETWEEN);
  return concat(...words.flatMap((one, i) => (i === 0 ? [one] : [between, one])));
}

function compareBytes(a, b) {
  const at = a.findIndex((one, i) => one !== b[i]);
  if (at < 0) return a.length - b.length;
  return at >= b.length ? 1 : a[at] - b[at];
}
