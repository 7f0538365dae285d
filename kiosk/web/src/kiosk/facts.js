// What is read out of the server's answers for people to see: pure, and believed by nobody.

/**
 * In one word how things stand, for the waiting screen.
 * @param {"draft"|"frozen"|"closed"} stage
 * @param {{state: string, lastCall: boolean}[]} rounds
 * @returns {"draft"|"not-open"|"open"|"last-call"|"sealed"|"closed"}
 */
export function standingOf(stage, rounds) {
  if (stage === "draft" || stage === "closed") return stage;
  const open = rounds.filter((round) => round.state === "open");
  if (open.some((round) => round.lastCall)) return "last-call";
  if (open.length) return "open";
  return rounds.length ? "sealed" : "not-open";
}

/** The acts of a ledger, one after another; a line that is none is passed over. */
export function* actsOf(ledger) {
  for (const line of ledger.split("\n")) {
    if (!line) continue;
    try {
      yield JSON.parse(line).act;
    } catch {
      continue;
    }
  }
}

/**
 * Why a ticket is on no open paper's list.
 * @param {string} ledger its lines
 * @param {Map<string, string>} mine the ticket's public credentials, by slot
 * @returns {"leftover"|"withdrawn"|null}
 */
export function outOf(ledger, mine) {
  for (const { kind, body } of actsOf(ledger)) {
    if (kind !== "leftover" && kind !== "withdraw") continue;
    if (mine.get(body.slot) !== body.credential) continue;
    return kind === "leftover" ? "leftover" : "withdrawn";
  }
  return null;
}
