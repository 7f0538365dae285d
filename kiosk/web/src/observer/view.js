// The observer's page, section by section. A field that somebody is typing in is never redrawn.

import { code80bits } from "../crypto/hashing.js";
import { VerificationError } from "../errors.js";
import { askedWords, titleOf } from "../common/asked.js";
import { announce, h, show } from "../common/dom.js";
import { frame } from "../common/frame.js";
import { explain, lang, say, sayWord } from "../common/words.js";
import { comparison, find } from "./tools.js";

/** Make the page: `draw` builds it in the language of now, `show` brings in what is new. */
export function drawing() {
  let known = { observed: null, hall: null, ledger: null, error: null };
  let parts = null;

  function fill() {
    const { observed, hall, ledger, error } = known;
    show(parts.error, error && h("p.note.bad", { role: "alert" }, told(error)));
    if (observed === null) return;
    show(parts.code, fingerprint(observed));
    show(parts.ledger, ledgerTable(ledger));
    show(parts.rounds, observed.rounds.map((one) => round(one, paperOf(hall, one.slot))));
    parts.compare.expect(observed.code);
    parts.find.expect(trackersOf(hall));
    show(parts.record, record(observed));
  }

  return {
    draw() {
      parts = {
        error: h("div"),
        code: h("div"),
        compare: comparison(),
        ledger: h("div"),
        rounds: h("div.rounds"),
        find: find(),
        record: h("div"),
      };
      frame(say("observer.title"), [
        parts.error,
        section("observer.fingerprint", parts.code, parts.compare.node),
        section("observer.trackers", parts.find.node),
        section("observer.rounds", parts.rounds),
        section("observer.ledger", parts.ledger),
        section("observer.record", parts.record),
      ]);
      fill();
    },
    show(news) {
      if (news.error && !known.error) announce(told(news.error), { urgent: true });
      const before = JSON.stringify(known);
      known = { ...known, ...news };
      if (parts && JSON.stringify(known) !== before) fill();
    },
  };
}

/** A finding says besides what to do: here nobody can mend anything. */
function told(error) {
  const stop = error instanceof VerificationError ? ` ${say("observer.stop")}` : "";
  return `${explain(error)}${stop}`;
}

function section(title, ...content) {
  return h("section.card", {}, h("h2", {}, say(title)), content);
}

function fingerprint({ code, stage }) {
  return [
    code
      ? h("p.code.big", { tabindex: "0" }, code)
      : h("p.note.wait", {}, say("observer.not-frozen")),
    h("p.hint", {}, say(stage === "closed" ? "observer.closed" : "observer.fingerprint.what")),
  ];
}

function ledgerTable(ledger) {
  if (!ledger || ledger.height === 0) return h("p", {}, say("observer.no-ledger"));
  return [
    h("p", {}, say("observer.ledger.what", { height: ledger.height })),
    h("p.code", {}, code80bits(ledger.head)),
    h(
      "ul.acts",
      {},
      ledger.counts.map(([kind, count]) =>
        h("li", {}, h("span", {}, say(`observer.act.${kind}`)), h("strong", {}, String(count))),
      ),
    ),
  ];
}

function paperOf(hall, slot) {
  return hall?.papers.find((one) => one.slot === slot) ?? null;
}

/** What a paper asks, and once it was released the customary words. */
function asked({ items, announcement }) {
  return [
    h(
      "ol.asked",
      {},
      items.map((one) =>
        h(
          "li",
          { value: one.n },
          titleOf(one),
          askedWords(one.contest).map((line) => h("div.hint", {}, sayWord(line))),
        ),
      ),
    ),
    announcement?.[lang()].map((line) => h("p", {}, line)),
  ];
}

function round(one, paper) {
  const rows = ["election", "credentials", "ballots", "archive", "final"].filter(
    (name) => one[name],
  );
  return h(
    "details.round",
    {},
    h(
      "summary",
      {},
      h("strong", {}, say("screen.paper", { number: one.number })),
      h("span", {}, say(`screen.state.${one.state}`)),
      one.checkpoint_code &&
        h("span", {}, say("screen.checkpoint"), " ", h("span.code", {}, one.checkpoint_code)),
    ),
    paper && asked(paper),
    h(
      "dl.digests",
      {},
      h("dt", {}, say("observer.slot")),
      h("dd.code", {}, one.slot),
      rows.map((name) => [
        h("dt", {}, say(`observer.digest.${name}`)),
        h("dd.code", {}, one[name]),
      ]),
    ),
  );
}

function record({ record }) {
  const word = record.complete ? "complete" : record.closed ? "unsigned" : "not-yet";
  return [
    h("p", {}, say(`observer.record.${word}`)),
    record.digest && [h("p", {}, say("screen.record")), h("p.code", {}, record.digest)],
    record.open &&
      h(
        "p",
        {},
        h(
          "a.key.primary",
          { href: "/api/record.zip", download: "record.zip" },
          say("observer.download"),
        ),
      ),
    record.complete && !record.open && h("p.note", {}, say("observer.record.kept")),
    h("h3", {}, say("observer.how")),
    h(
      "ol",
      {},
      ["1", "2", "3"].map((n) => h("li", {}, say(`observer.how.${n}`))),
    ),
    h("p.code", {}, "piaojue verify record.zip"),
  ];
}

function trackersOf(hall) {
  return (hall?.papers ?? []).flatMap(({ number, trackers }) =>
    (trackers ?? []).map((tracker) => ({ number, tracker })),
  );
}
