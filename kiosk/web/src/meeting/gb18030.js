// GB18030 both ways. A page has a decoder for it and no encoder, so the table of the encoder is
// what the decoder says of every two-byte and four-byte code of the basic plane, read once; beyond
// that plane the standard counts four-byte codes on by ten in the last byte, 126 in the third.

const LEADS = [0x81, 0xfe];
const PLANE = 39_420; // four-byte codes of the basic plane: 0x81308130 to 0x8431a439
const ABOVE = 189_000; // of U+10000, counted alike
const MISSING = 0xfffd;

let table = null;

/**
 * The bytes of a text; a lone surrogate becomes a question mark, as in Python's `replace`.
 * @param {string} text
 * @returns {Uint8Array}
 */
export function encode(text) {
  table ??= readTable();
  const bytes = [];
  for (const character of text) {
    const code = character.codePointAt(0);
    if (code < 0x80) bytes.push(code);
    else if (code >= 0x10000) bytes.push(...fourBytes(code - 0x10000 + ABOVE));
    else bytes.push(...(table.get(code) ?? [0x3f]));
  }
  return Uint8Array.from(bytes);
}

/**
 * The text of bytes, or null where they are not GB18030.
 * @param {Uint8Array} bytes
 * @returns {string | null}
 */
export function decode(bytes) {
  try {
    return new TextDecoder("gb18030", { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** By code point, the bytes of every character of the basic plane beyond ASCII. */
function readTable() {
  const found = new Map();
  const four = [];
  for (let index = 0; index < PLANE; index += 1) four.push(fourBytes(index));
  const two = [];
  for (let lead = LEADS[0]; lead <= LEADS[1]; lead += 1) {
    for (let trail = 0x40; trail <= 0xfe; trail += 1) if (trail !== 0x7f) two.push([lead, trail]);
  }
  // What has two bytes comes last: it is the shorter spelling.
  for (const codes of [four, two]) enter(found, codes);
  return found;
}

/** Decode all codes at once, a line break after each. */
function enter(found, codes) {
  const bytes = Uint8Array.from(codes.flatMap((code) => [...code, 10]));
  const characters = new TextDecoder("gb18030").decode(bytes).split("\n");
  characters.forEach((character, i) => {
    const code = character.codePointAt(0);
    if ([...character].length === 1 && code !== MISSING) found.set(code, codes[i]);
  });
}

function fourBytes(index) {
  const [rest, last] = [Math.floor(index / 10), index % 10];
  const [pair, third] = [Math.floor(rest / 126), rest % 126];
  return [0x81 + Math.floor(pair / 10), 0x30 + (pair % 10), 0x81 + third, 0x30 + last];
}
