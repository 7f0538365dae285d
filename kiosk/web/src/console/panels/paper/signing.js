// Certifying in the rule's order, by key or by pen; then the release of the counts, and the forms.

import { titleOf } from "../../../common/asked.js";
import { h } from "../../../common/dom.js";
import { say, sayWord } from "../../../common/words.js";
import { mayPropose } from "../../model.js";
import { card, keyed, note, officerName, panel, region } from "../../parts.js";
import { savePdf } from "../issue.js";
import { penForm } from "./pen.js";

/** The part *signing* of a paper. */
export function signing(ctx, slot) {
  return panel(
    region(
      "div",
      () => slot,
      () =>
        card(
          say("desk.forms"),
          h("p", {}, say("desk.forms.how")),
          h(
            "div.keys",
            {},
            keyed(say("desk.forms.get"), (e) =>
              ctx.run(e, () =>
                savePdf(
                  `/api/slots/${slot}/forms.pdf`,
                  `${say("desk.forms.file")}-${slot.slice(0, 8)}.pdf`,
                ),
              ),
            ),
          ),
        ),
    ),
    region(
      "div",
      ({ view, paper }) => [paper.round, view.me, Boolean(view.overview.proposal)],
      ([round], { view }) => round && drawSigners(ctx, view, round),
    ),
    penForm(ctx, slot),
    region(
      "div",
      ({ view, paper }) => [
        paper.round?.released,
        paper.round?.rule,
        paper.round?.following,
        paper.steps.release,
        view.me.role,
        view.overview.proposal,
      ],
      (_data, { view, paper }) => paper.round && drawRelease(ctx, view, paper),
    ),
  );
}

function drawSigners(ctx, view, round) {
  const rule = view.meeting?.rules[round.rule];
  const order = rule ? signersOf(view.meeting, rule) : [];
  const signed = new Map(round.signed.map((one) => [one.officer, one]));
  const mine = round.next.includes(view.me.officer) && own(view)?.pen === false;
  return card(
    say("desk.certify.title"),
    h(
      "ol.signers",
      {},
      order.map((one) => {
        const has = signed.get(one.id);
        const state = has ? "signed" : round.next.includes(one.id) ? "next" : "open";
        return h(
          `li.${state}`,
          {},
          h("span.mark", { "aria-hidden": "true" }, has ? "✓" : ""),
          h(
            "span",
            {},
            officerName(view, one.id),
            " ",
            h("span.hint", {}, signerState(one, has, state)),
          ),
        );
      }),
    ),
    round.state === "certified" && note("good", say("desk.certify.done")),
    mine &&
      h(
        "div.keys",
        {},
        keyed(
          say("desk.certify.key"),
          (e) =>
            ctx.run(e, () =>
              ctx.propose("certify", { slot: round.slot, officer: view.me.officer, pen: null }),
            ),
          {
            kind: "primary.large",
            reason: view.overview.proposal ? say("desk.barred.proposal") : null,
          },
        ),
      ),
  );
}

function signerState(officer, has, state) {
  if (has) return say(has.page ? "desk.certify.by-pen" : "desk.certify.by-key");
  const how = say(officer.key === null ? "desk.enrol.pen" : "desk.enrol.key");
  return state === "next" ? say("desk.certify.next", { how }) : how;
}

/** The officers whom a rule asks to sign, in its order. */
function signersOf(meeting, rule) {
  return rule.signers.value.flatMap(({ role, count }) =>
    meeting.officers.filter((one) => one.role === role).slice(0, count),
  );
}

function own(view) {
  return view.overview.officers.find((one) => one.id === view.me.officer);
}

function drawRelease(ctx, view, { round, steps }) {
  const visibility = view.meeting?.rules[round.rule]?.visibility.value;
  if (round.released) return note("good", say("desk.release.done"));
  if (!steps.release || !["counted", "certified"].includes(round.state)) return null;
  const items = round.following.map((id) => titleOf(view.items[id]));
  return card(
    say("desk.release.title"),
    visibility && h("p", {}, say(`desk.release.${visibility}`)),
    items.length > 0 &&
      note("wait", say("desk.release.next", { items }), say("desk.release.next.how")),
    mayPropose(view.me.role, "release") &&
      h("div.keys", {}, releaseKey(ctx, view, round, steps.release, items)),
  );
}

/** The key that releases; where a next round is still to come it says that there is none. */
function releaseKey(ctx, view, { slot }, step, items) {
  const last = items.length > 0;
  const word = last ? "desk.release.last" : "desk.release";
  const ask = {
    title: say(`${word}.ask`),
    lines: [
      last && say("desk.release.last.means", { items }),
      say("desk.final"),
      say("desk.release.means"),
    ].filter(Boolean),
    label: say(word),
    danger: last,
  };
  const press = (e) =>
    ctx.run(e, () => ctx.propose("release", last ? { slot, last } : { slot }, { ask }));
  return keyed(say(word), press, {
    kind: last ? "" : "primary",
    reason: releaseBarred(view, step, last),
  });
}

function releaseBarred(view, step, last) {
  if (view.overview.proposal) return say("desk.barred.proposal");
  if (step.state === "later") return say("desk.barred.later");
  return !last && step.missing.length > 0 ? sayWord(step.missing[0]) : null;
}
