// 差额 and 选举: names for seats, from who has how many votes to a decision
// (voting/rules/{contest,seats}.py).
//
// A name needs the rule's share of the base and a place within the seats. A tie at the last seat
// elects nobody there: the tied are voted on again, and then the most votes win or must pass as
// well, as the rule says. Seats that nobody won go to a next round with the best of the rest; a tie
// at that cut takes all of them along.

import { met } from "../meeting/rules.js";

/**
 * Decide the seats of one round.
 * @param {object} rule
 * @param {import("../meeting/questions.js").Standing} standing
 * @param {number} base what the rule's share is of
 * @param {Map<string, Record<string, number>>} counts by name, who was written in after those who
 *   stand; `agree` ranks
 * @returns {{decision: string, names: object[], open_seats: number, next: object | null}} as
 *   `result.json` holds them
 */
export function fillSeats(rule, standing, base, counts) {
  const mostWin = standing.why === "tie" && rule.ties === "revote-most";
  const votes = new Map([...counts].map(([name, { agree }]) => [name, agree]));
  const passing = new Map([...votes].filter(([, n]) =>
    (mostWin ? n > 0 : met(rule.passing, n, base))));
  const within = best(passing, standing.seats);
  const cut = Math.min(...[...within].map((name) => passing.get(name)));
  const tied = within.size > standing.seats
    ? [...within].filter((name) => passing.get(name) === cut)
    : [];
  const elected = [...within].filter((name) => !tied.includes(name));
  const open = standing.seats - elected.length;
  const { decision, next } = settle(rule, standing, { votes, elected, tied, open });
  const word = (name) => {
    if (elected.includes(name)) return "elected";
    if (!next?.names.includes(name)) return "out";
    return next.why === "tie" ? "tied" : "next";
  };
  const names = [...counts].map(([id, row]) => ({
    id,
    votes: votes.get(id),
    rank: rankOf(votes.values(), votes.get(id)),
    result: word(id),
    counts: row,
    rate: null,
  }));
  return { decision, names, open_seats: open, next };
}

/** The names with the most votes, and all of those that tie at the cut. */
export function best(votes, size) {
  if (size < 1 || !votes.size) return new Set();
  const counts = [...votes.values()].sort((a, b) => b - a);
  const cut = counts[Math.min(size, counts.length) - 1];
  return new Set([...votes.keys()].filter((name) => votes.get(name) >= cut));
}

/** 1 for the most; equal votes have one rank. */
export function rankOf(all, votes) {
  return 1 + [...all].filter((other) => other > votes).length;
}

/** What becomes of the seats that the ranking left. */
function settle(rule, { round }, { votes, elected, tied, open }) {
  if (!open) return { decision: "elected", next: null };
  const inOrder = (some) => [...votes.keys()].filter((name) => some(name));
  if (tied.length) {
    const names = inOrder((name) => tied.includes(name));
    return { decision: "tied_revote", next: { names, seats: open, why: "tie", round } };
  }
  const rest = new Map([...votes].filter(([name]) => !elected.includes(name)));
  if (!rest.size || (rule.roundsLimit && round >= rule.roundsLimit)) {
    return { decision: "seats_open", next: null };
  }
  const following = best(rest, open + rule.nextRound);
  const names = inOrder((name) => following.has(name));
  return { decision: "next_round", next: { names, seats: open, why: "open", round: round + 1 } };
}
