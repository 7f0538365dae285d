// Freezing the meeting; afterwards its fingerprint, large, and what was frozen, to be printed.

import { h } from "../../common/dom.js";
import { askedWords, frozenContest, titleOf } from "../../common/asked.js";
import { lang, say, sayWord } from "../../common/words.js";
import { printOnly } from "../invitations.js";
import { mayPropose, stepOf } from "../model.js";
import { card, code, facts, keyed, note, panel, region, roleName } from "../parts.js";

/** The panel *freeze*. */
export function freeze(ctx) {
  return panel(
    region(
      "div",
      (view) => [view.meeting === null, stepOf(view.overview, "freeze"), view.overview.proposal],
      (_data, view) => (view.meeting === null ? before(ctx, view) : after(view)),
    ),
  );
}

function before(ctx, view) {
  const step = stepOf(view.overview, "freeze");
  return [
    note("", say("desk.freeze.means"), say("desk.freeze.who")),
    mayPropose(view.me.role, "freeze") &&
      keyed(
        say("desk.freeze.propose"),
        (e) =>
          ctx.run(e, () =>
            ctx.propose(
              "freeze",
              {},
              {
                ask: {
                  title: say("desk.freeze.ask"),
                  lines: [say("desk.final"), say("desk.freeze.means")],
                  label: say("desk.freeze.propose"),
                },
              },
            ),
          ),
        { kind: "primary.large", reason: barred(view, step) },
      ),
  ];
}

/** Why a step's act cannot be proposed now, in one line; null when it can. */
export function barred(view, step) {
  if (view.overview.proposal) return say("desk.barred.proposal");
  if (!step || step.state === "later") return say("desk.barred.later");
  if (step.ready || (step.act === null && step.missing.length === 0)) return null;
  return step.missing.length > 0
    ? say("desk.barred.missing", { what: step.missing })
    : say("desk.barred.later");
}

function after(view) {
  const sheet = summary(view);
  return [
    card(
      say("desk.freeze.fingerprint"),
      h("p.big-code", {}, code(view.overview.code)),
      h("p", {}, say("desk.freeze.compare")),
    ),
    sheet,
    h(
      "div.keys",
      {},
      keyed(say("desk.print"), () => printOnly(sheet)),
    ),
  ];
}

function summary(view) {
  const { meeting } = view;
  return h(
    "section.card.frozen",
    {},
    h("h3", {}, meeting.title),
    h("p.hint", {}, [meeting.body, meeting.number, meeting.date].filter(Boolean).join(" · ")),
    facts([
      [say("desk.number.due"), meeting.roll.due],
      [say("desk.number.alternates"), meeting.roll.alternates],
      [say("desk.number.attendees"), meeting.roll.attendees],
      [say("desk.freeze.floor"), meeting.floor],
      [say("desk.freeze.quota"), meeting.spoil_quota],
      [say("desk.freeze.slots"), meeting.slots.length],
    ]),
    h("h4", {}, say("desk.freeze.items")),
    h(
      "div.scroll",
      {},
      h(
        "table",
        {},
        h(
          "thead",
          {},
          h(
            "tr",
            {},
            ["n", "candidate", "current", "proposed"].map((one) =>
              h(one === "n" ? "th.number" : "th", { scope: "col" }, say(`desk.item.${one}`)),
            ),
          ),
        ),
        h(
          "tbody",
          {},
          meeting.items.map((item, index) =>
            h(
              "tr",
              {},
              h("td.number", {}, index + 1),
              h(
                "td",
                {},
                titleOf(item),
                askedWords(frozenContest(meeting, item)).map((line) =>
                  h("div.hint", {}, sayWord(line))),
              ),
              h("td", {}, item.current),
              h("td", {}, postsOf(item)),
            ),
          ),
        ),
      ),
    ),
    h("h4", {}, say("desk.freeze.rules")),
    h(
      "ul",
      {},
      Object.entries(meeting.rules).map(([id, rule]) => h("li", {}, rule.title?.[lang()] ?? id)),
    ),
    h("h4", {}, say("desk.freeze.people")),
    h(
      "ul",
      {},
      meeting.officers.map((one) =>
        h(
          "li",
          {},
          say("desk.officer", { role: roleName(one.role), name: one.name }),
          " ",
          h("span.hint", {}, one.key === null ? say("desk.enrol.pen") : say("desk.enrol.key")),
        ),
      ),
      h(
        "li",
        {},
        say("desk.freeze.trustees", {
          names: meeting.trustees.names,
          size: meeting.trustees.names.length,
          threshold: meeting.trustees.threshold,
        }),
      ),
    ),
  );
}

/** What somebody is proposed for, and relieved of. */
export function postsOf(item) {
  return [
    item.proposed && say("desk.item.appoint", { post: item.proposed }),
    item.removed && say("desk.item.relieve", { post: item.removed }),
  ]
    .filter(Boolean)
    .join(lang() === "zh" ? "；" : "; ");
}
