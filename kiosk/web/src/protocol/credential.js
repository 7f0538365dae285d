// Tickets, credentials, and the acts that a ticket signs (docs/spec/ticket.md, version 1).
//
// A ticket is one secret token T: 128 random bits as 26 symbols. For every slot U it yields one
// private credential x, with public part x·g. On paper and in the QR code two check symbols
// follow. T is printed once and never leaves the Worker that reads it (kiosk/sealer.worker.js).
// Mirrors voting/protocol/credential.py.

import { concat, toNumber } from "../crypto/bytes.js";
import { ALPHABET, sha256Bytes } from "../crypto/hashing.js";
import { sign, verify } from "../crypto/signature.js";
import { FormatError, InputError, VerificationError } from "../errors.js";
import * as codec from "./codec.js";
import { checkSymbols, fits } from "./symbols.js";

export const QR_PREFIX = "PJ1:";
export const TOKEN_SYMBOLS = 26;
export const PRINTED_SYMBOLS = 28;
export const TICKET_ACTS = Object.freeze(["leftover", "withdraw", "query"]);

const TOKEN = new RegExp(`^[0-7][${ALPHABET}]{25}$`);
const ACT_TAG = "piaojue/ticket-act/1";

/**
 * Write 16 bytes as a token: 26 symbols without check symbols. A secret.
 * @param {Uint8Array} raw
 * @returns {string}
 */
export function tokenFromBytes(raw) {
  if (raw.length !== 16) throw new FormatError("token", "not 16 bytes");
  const n = toNumber(raw);
  let token = "";
  for (let shift = 125n; shift >= 0n; shift -= 5n) token += ALPHABET[Number((n >> shift) & 31n)];
  return token;
}

/** What is printed: 28 symbols in seven groups of four, joined by dashes. */
export function formatToken(token) {
  return (token + checkSymbols(token)).match(/..../g).join("-");
}

/**
 * Read what a person typed: any case; spaces and dashes anywhere.
 * @param {string} typed
 * @returns {string} InputError, which never holds what was typed: `token-symbol` (`position` from
 *   1), `token-length` (`length`), `token-mistyped` (the check symbols do not fit)
 */
export function parseToken(typed) {
  const symbols = [...typed].filter((symbol) => symbol !== " " && symbol !== "-");
  symbols.forEach((symbol, i) => {
    // ASCII first: toUpperCase() of a foreign letter, as ſ, could be one of ours, or two.
    if (symbol > "\x7f" || !ALPHABET.includes(symbol.toUpperCase())) {
      throw new InputError("token-symbol", { position: i + 1 });
    }
  });
  if (symbols.length !== PRINTED_SYMBOLS) {
    throw new InputError("token-length", { length: symbols.length });
  }
  return checked(symbols.join("").toUpperCase(), "token-mistyped");
}

/** The text of a ticket's QR code: 32 characters of QR's alphanumeric mode. */
export function qrPayload(token) {
  return QR_PREFIX + token + checkSymbols(token);
}

/**
 * Read the text of a scanned QR code, strictly.
 * @param {string} payload
 * @returns {string} InputError, which never holds the payload: `qr-foreign`, `qr-incomplete`,
 *   `qr-damaged`
 */
export function parseQr(payload) {
  if (payload && QR_PREFIX.startsWith(payload)) throw new InputError("qr-incomplete");
  if (!payload.startsWith(QR_PREFIX)) throw new InputError("qr-foreign");
  const symbols = payload.slice(QR_PREFIX.length);
  const ours = [...symbols].every((symbol) => ALPHABET.includes(symbol));
  if (!ours || symbols.length > PRINTED_SYMBOLS) throw new InputError("qr-damaged");
  if (symbols.length < PRINTED_SYMBOLS) throw new InputError("qr-incomplete");
  return checked(symbols, "qr-damaged");
}

/**
 * x for one slot. A secret, as the token is.
 * @returns {bigint}
 */
export function privateCredential(token, uuid, group) {
  if (!TOKEN.test(token)) throw new FormatError("token", "not 26 symbols, the first in 0..7");
  return deriveCredential(token, uuid, group);
}

/** x as Belenios 2.4 and later derive it from a private credential's text. */
export function deriveCredential(text, uuid, group) {
  const half = (number) => sha256Bytes(`derive_credential|${uuid}|${number}|${text}`);
  return toNumber(concat(half(0), half(1))) % group.order;
}

/** x·g, by which a ballot names its credential. */
export function publicCredential(secretCredential, group) {
  return group.multiplyGenerator(secretCredential);
}

/**
 * Write `public_credentials.json` in the order given, without weights.
 * @param {import("../crypto/group.js").Element[]} elements
 * @returns {Uint8Array}
 */
export function encodeCredentials(elements) {
  return codec.encode(elements.map((element) => element.text));
}

/** Sort by text; texts are ASCII, so JavaScript's order is Python's. */
export function sortedCredentials(elements) {
  return [...elements].sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0));
}

/**
 * Read `public_credentials.json`: `"x·g"` or `"x·g,WEIGHT"`, in any order.
 * @param {Uint8Array} data
 * @param {import("../crypto/group.js").Group} group
 * @returns {{element: import("../crypto/group.js").Element, weight: bigint | null}[]} FormatError;
 *   VerificationError `credential-duplicate`, `index` being the later of the two (0-based)
 */
export function decodeCredentials(data, group) {
  const place = "credentials";
  const seen = new Set();
  return codec.array(codec.decodeExact(data, place), place).map((line, index) => {
    const at = `${place}[${index}]`;
    const [text, weight, ...more] = codec.text(line, at).split(",");
    const element = group.decode(text, at);
    if (element.isIdentity) throw new FormatError(at, "the identity");
    if (weight !== undefined && (more.length > 0 || !/^[1-9][0-9]{0,39}$/.test(weight))) {
      throw new FormatError(at, "not a weight");
    }
    if (seen.has(text)) throw new VerificationError("credential-duplicate", { index });
    seen.add(text);
    return { element, weight: weight === undefined ? null : BigInt(weight) };
  });
}

/**
 * Sign an act with a slot's credential, in the form of the ballot signature.
 * @param {bigint} secretCredential
 * @param {"leftover" | "withdraw" | "query"} act
 * @param {{slot: string, meetingFingerprint: string, nonce: bigint, group: Group}} where the
 *   fingerprint as 64 hex digits; the nonce fresh and uniform: used for a second message it gives
 *   the credential away
 * @returns {import("../crypto/proofs.js").Proof}
 */
export function signTicketAct(secretCredential, act, { slot, meetingFingerprint, nonce, group }) {
  const credential = publicCredential(secretCredential, group);
  const message = actMessage(act, slot, meetingFingerprint, credential);
  return sign(group, secretCredential, ACT_TAG, message, nonce);
}

/**
 * Require that the holder of `credential` signed this act; VerificationError `ticket-act`.
 * @param {import("../crypto/group.js").Element} credential
 * @param {string} act
 * @param {{slot: string, meetingFingerprint: string, proof: Proof, group: Group}} what
 */
export function verifyTicketAct(credential, act, { slot, meetingFingerprint, proof, group }) {
  const message = actMessage(act, slot, meetingFingerprint, credential);
  try {
    verify(group, credential, ACT_TAG, message, proof);
  } catch (error) {
    if (!(error instanceof VerificationError)) throw error;
    throw new VerificationError("ticket-act", { act, slot });
  }
}

function actMessage(act, slot, meeting, credential) {
  if (!TICKET_ACTS.includes(act)) throw new FormatError("act", "not leftover, withdraw or query");
  if (credential.isIdentity) throw new FormatError("credential", "the identity");
  // Neither a uuid nor hexadecimal digits hold a "|", so the parts cannot be cut otherwise.
  const parts = [act, codec.uuid(slot, "slot"), codec.hex64(meeting, "meeting"), credential.text];
  return parts.join("|");
}

function checked(symbols, code) {
  if (!fits(symbols) || symbols[0] > "7") throw new InputError(code);
  return symbols.slice(0, TOKEN_SYMBOLS);
}
