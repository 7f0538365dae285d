// The sentences that people read, from the one catalogue that reports and command line use.
//
// The server (or the program on this device) gives all sentences of one language as id → text
// with bare {placeholders}. Pages hold ids and numbers, never sentences. A parameter may be a
// list, which is joined with the language's comma, or `{word, params}`, another sentence.

import {
  ConflictError,
  InputError,
  RefusedError,
  UnavailableError,
  UnsupportedError,
  VerificationError,
} from "../errors.js";

const COMMA = { zh: "、", en: ", " };
const HTML_LANG = { zh: "zh-Hans", en: "en" };
const KEPT = "piaojue-language";

// The nearest family's sentence stands in for a code that has none.
const FAMILIES = [
  [UnsupportedError, "unsupported"],
  [InputError, "bad-input"],
  [RefusedError, "refused"],
  [ConflictError, "conflict"],
  [UnavailableError, "unavailable"],
  [VerificationError, "invalid"],
];

let current = "zh";
let asked = null; // what stands for the call that asked for a language last
let sentences = {};
const loaded = new Map(); // by language: a page whose server is away can still change back

/** The two languages, Chinese first. */
export const LANGS = ["zh", "en"];

/** The language in use, `"zh"` or `"en"`. */
export function lang() {
  return current;
}

/** What this browser was last set to; a choice of language tells nothing about a ballot. */
export function keptLang() {
  return localStorage.getItem(KEPT) === "en" ? "en" : "zh";
}

/**
 * Fetch all sentences of a language and use it from now on; unless another one was asked for
 * meanwhile: what comes late changes nothing under the eyes of whoever stands there by then.
 * @param {"zh"|"en"} wanted
 * @param {{keep?: boolean}} options keep: remember it in this browser
 * @throws {UnavailableError} `server-silent`
 */
export async function loadWords(wanted, { keep = false } = {}) {
  const mine = (asked = {});
  if (!loaded.has(wanted)) loaded.set(wanted, await fetched(wanted));
  if (mine !== asked) return;
  sentences = loaded.get(wanted);
  current = wanted;
  document.documentElement.lang = HTML_LANG[wanted];
  if (keep) localStorage.setItem(KEPT, wanted);
}

async function fetched(wanted) {
  try {
    const response = await fetch(`/words/${wanted}.json`);
    if (response.ok) return await response.json();
  } catch {
    // as if it had answered with an error
  }
  throw new UnavailableError("server-silent");
}

/** Whether there is a sentence with this id. */
export function has(id) {
  return Object.hasOwn(sentences, id);
}

/**
 * The sentence with this id, its placeholders filled.
 * @param {string} id
 * @param {Object<string, unknown>} params numbers, texts, lists, or `{word, params}`
 * @throws {Error} no such id, or nothing given for a placeholder: a fault of the program
 */
export function say(id, params = {}) {
  if (!has(id)) throw new Error(`no sentence ${id}`);
  return sentences[id].replace(/\{(\w+)\}/g, (_, name) => {
    if (!Object.hasOwn(params, name)) throw new Error(`${id} wants ${name}`);
    return shown(params[name]);
  });
}

/** A `{word, params}` from the server as its sentence. */
export function sayWord({ word, params }) {
  return say(word, params);
}

/** Parts joined with the language's comma. */
export function listed(parts) {
  return parts.map(shown).join(COMMA[current]);
}

/**
 * One line that says what is wrong and what to do next.
 * @param {unknown} error a PiaojueError, or anything thrown: what nobody meant becomes
 *   `error.error`, and tells nothing of its text
 */
export function explain(error) {
  const code = typeof error?.code === "string" ? error.code : "internal";
  const params = { code, ...(error?.params ?? {}) };
  const family = FAMILIES.find(([kind]) => error instanceof kind)?.[1] ?? "error";
  for (const id of [`error.${code}`, `error.${family}`, "error.error"]) {
    if (!has(id)) continue;
    try {
      return say(id, params);
    } catch {
      continue; // raised with fewer params than the sentence names
    }
  }
  return code;
}

function shown(value) {
  if (Array.isArray(value)) return listed(value);
  if (value !== null && typeof value === "object") return sayWord(value);
  return String(value);
}
