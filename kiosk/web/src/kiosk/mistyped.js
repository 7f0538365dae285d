// Which group of a typed ticket is likely wrong, from its check symbols alone.

import { ALPHABET } from "../crypto/hashing.js";
import { fits } from "../protocol/symbols.js";

const GROUP = 4;
const LOWEST = "01234567"; // a token's first symbol

/**
 * The group, from 1, in which one change or one exchange would make 28 symbols fit; null when
 * they fit already, when more is wrong, or when more than one group could be meant.
 * @param {string} symbols
 */
export function likelyGroup(symbols) {
  if (right(symbols)) return null;
  const groups = new Set([...changed(symbols), ...exchanged(symbols)]);
  return groups.size === 1 ? [...groups][0] + 1 : null;
}

function right(symbols) {
  return LOWEST.includes(symbols[0]) && fits(symbols);
}

/** Any change of one symbol is caught, so at most one change of one symbol mends it. */
function* changed(symbols) {
  for (let i = 0; i < symbols.length; i += 1) {
    for (const symbol of ALPHABET) {
      if (right(symbols.slice(0, i) + symbol + symbols.slice(i + 1))) yield Math.floor(i / GROUP);
    }
  }
}

/** Exchanged neighbours are what fingers and eyes do most. */
function* exchanged(symbols) {
  for (let i = 0; i + 1 < symbols.length; i += 1) {
    const swapped = symbols.slice(0, i) + symbols[i + 1] + symbols[i] + symbols.slice(i + 2);
    if (right(swapped)) yield Math.floor((i + 1) / GROUP);
  }
}
