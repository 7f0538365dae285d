// Which characters our texts may hold, and which ids may be a key: by tables that are written down
// (voting/characters.py, which says why; a test compares the two).
//
// The tables of a runtime grow with its version of Unicode, so nothing here asks it what a
// character is: a page takes exactly what its server froze.

/** Code points that no text holds, first and last of each range. */
export const UNSEEN = [
  [0x0000, 0x001f], // controls
  [0x007f, 0x009f],
  [0x00ad, 0x00ad], // soft hyphen
  [0x034f, 0x034f], // combining grapheme joiner
  [0x0600, 0x0605], // Arabic format characters
  [0x061c, 0x061c],
  [0x06dd, 0x06dd],
  [0x070f, 0x070f],
  [0x0890, 0x0891],
  [0x08e2, 0x08e2],
  [0x115f, 0x1160], // Hangul fillers
  [0x17b4, 0x17b5], // Khmer inherent vowels
  [0x180e, 0x180e],
  [0x200b, 0x200f], // zero width, direction
  [0x2028, 0x202e], // separators, direction
  [0x2060, 0x206f],
  [0x2800, 0x2800], // empty Braille cell
  [0x3164, 0x3164], // Hangul fillers
  [0xd800, 0xf8ff], // surrogates, private use
  [0xfdd0, 0xfdef], // noncharacters
  [0xfeff, 0xfeff],
  [0xffa0, 0xffa0],
  [0xfff0, 0xfffb],
  [0xfffe, 0xffff],
  [0x110bd, 0x110bd], // Kaithi number signs
  [0x110cd, 0x110cd],
  [0x13430, 0x1343f], // Egyptian format characters
  [0x1bca0, 0x1bca3], // shorthand, music
  [0x1d173, 0x1d17a],
  [0x1fffe, 0x1ffff],
  [0x2fffe, 0x2ffff],
  [0x3fffe, 0xe00ff], // noncharacters, unassigned planes, tags
  [0xe01f0, 0x10ffff], // the rest of plane 14, private use
];

/** Variation selectors: no name holds them. */
export const SELECTORS = [
  [0x180b, 0x180d], // Mongolian
  [0x180f, 0x180f],
  [0xfe00, 0xfe0f],
  [0xe0100, 0xe01ef],
];

const ANY_UNSEEN = anyOf(UNSEEN);
const ANY_IN_NAMES = anyOf([...UNSEEN, ...SELECTORS]);
const NUMBER = /^(?:0|[1-9][0-9]*)$/;

/** Whether a text holds a character that no text holds. */
export function isUnseen(text) {
  return ANY_UNSEEN.test(text);
}

/** Whether a text holds a character that no name holds. */
export function isUnseenInName(text) {
  return ANY_IN_NAMES.test(text);
}

/**
 * Whether an id is written as a number, as `5` or `2026`. An object puts such keys first, in the
 * order of their numbers, and would be written as other bytes than those that were read.
 */
export function isNumber(ident) {
  return NUMBER.test(ident);
}

function anyOf(ranges) {
  const point = (number) => `\\u{${number.toString(16)}}`;
  const listed = ranges.map(([first, last]) => `${point(first)}-${point(last)}`);
  return new RegExp(`[${listed.join("")}]`, "u");
}
