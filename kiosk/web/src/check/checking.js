// What the checking device does with the two codes of a kiosk (docs/spec/sealing-seed.md,
// section 3): keep the tracker, read the opening, rebuild the ballot's bytes here, compare.
//
// Nothing is taken from the kiosk but those codes. The election is rebuilt from the frozen
// meeting, whose fingerprint stands on this page for comparison with the hall screen; that the
// credential is an active one and the tracker is marked spoiled comes from the server's public
// list and ledger.

import { sha256Hex } from "../crypto/hashing.js";
import { RefusedError, VerificationError } from "../errors.js";
import { roundElection } from "../meeting/binding.js";
import { fold } from "../meeting/fold.js";
import { decodeMeeting } from "../meeting/frozen.js";
import { decodeLedger } from "../meeting/ledger.js";
import { marksOf } from "../meeting/marks.js";
import { decodeElection } from "../protocol/election.js";
import { checkOpening, decodeOpening } from "../protocol/spoil.js";
import { get, getBytes } from "../common/api.js";
import { readingOf } from "./reading.js";

const bytesOf = (text) => new TextEncoder().encode(text);

/** The frozen meeting, its fingerprint being what the server says it is. */
export async function loadMeeting() {
  const { meeting: fingerprint } = await get("/api/state");
  if (fingerprint === null) throw new RefusedError("not-frozen");
  const meeting = decodeMeeting(await getBytes("/api/meeting"));
  if (meeting.fingerprint !== fingerprint) throw new VerificationError("meeting-mismatch");
  return meeting;
}

/**
 * The round in a slot, rebuilt from the frozen meeting; who stands in it, from the signed ledger.
 * @returns {Promise<{meeting: object, items: string[], standings: Map<string, object>,
 *   election: import("../protocol/election.js").Election}>}
 * @throws {VerificationError} `election-mismatch`
 */
export async function loadRound(meeting, slot) {
  const { rounds } = await get("/api/state");
  const round = rounds.find((one) => one.slot === slot);
  if (!round) throw new RefusedError("no-round", { slot });
  const data = await getBytes(`/api/slots/${slot}/election`);
  const contested = round.items.some((item) => meeting.items.get(item)?.contest);
  const standings = contested ? await standingsIn(meeting, slot) : new Map();
  const rebuilt = roundElection(meeting, slot, round.items, round.round, standings);
  if (sha256Hex(rebuilt) !== sha256Hex(data)) {
    throw new VerificationError("election-mismatch", { slot });
  }
  return { meeting, items: round.items, standings, election: decodeElection(data) };
}

async function standingsIn(meeting, slot) {
  const { rounds } = fold(meeting, decodeLedger(await getBytes("/api/ledger")));
  const round = rounds.get(slot);
  if (!round) throw new VerificationError("election-mismatch", { slot });
  return round.standings;
}

/**
 * Rebuild the ballot from its opening and compare it with the tracker scanned before.
 * @param {string} text of the second code
 * @param {{meeting: object, items: string[], standings: Map<string, object>, election: object}}
 *   round
 * @param {string} tracker of the first code
 * @returns {{marks: {item: string, name: string, words: string[]}[], credential: string}}
 * @throws {FormatError} no opening; `ballot-uuid`: of another vote; `spoil-tracker`: the kiosk
 *   sealed something else than it shows; `ballot-…`: it sealed what nobody would accept
 */
export function checked(text, { meeting, items, standings, election }, tracker) {
  const opening = decodeOpening(bytesOf(text), election);
  checkOpening(election, opening, tracker);
  const marks = marksOf(meeting, items, opening.choices, standings);
  const said = readingOf(meeting, items, marks, standings);
  return { marks: said, credential: opening.credential.text };
}

/** Whether a credential is on the list of those that may vote in a slot. */
export async function isActive(slot, credential) {
  return (await get(`/api/slots/${slot}/credentials`)).includes(credential);
}

/** Whether the ledger has this tracker marked as spoiled: the ballot can never be cast. */
export async function isMarked(slot, tracker) {
  const ledger = new TextDecoder().decode(await getBytes("/api/ledger"));
  return spoiledIn(ledger, slot, tracker);
}

/** The same, in the text of a ledger. */
export function spoiledIn(ledger, slot, tracker) {
  return ledger.split("\n").some((line) => {
    if (!line.includes(tracker)) return false;
    const { kind, body } = JSON.parse(line).act;
    return kind === "spoil" && body.slot === slot && body.tracker === tracker;
  });
}
