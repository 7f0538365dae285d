// The tablets: which are enrolled, awake and busy, how long the vote will take, and more of them.

import { post } from "../../common/api.js";
import { h } from "../../common/dom.js";
import { say } from "../../common/words.js";
import { showInvitations } from "../invitations.js";
import { card, code, facts, keyed, note, panel, region } from "../parts.js";

const MOST = 99;

/** The panel *kiosks*. */
export function kiosks(ctx) {
  return panel(
    region("div", (view) => view.overview.estimate, estimateFacts),
    region(
      "div",
      (view) => [view.overview.kiosks, view.me.role],
      ([list, role]) => [
        card(
          say("desk.kiosks.list"),
          list.some((one) => one.enrolled) &&
            buildsDiffer(list) &&
            note("bad", say("desk.kiosks.builds-differ")),
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
                  ["kiosk", "state", "build", "again"].map((one) =>
                    h("th", { scope: "col" }, say(`desk.kiosks.column.${one}`)),
                  ),
                ),
              ),
              h(
                "tbody",
                {},
                list.map((one) =>
                  h(
                    "tr",
                    {},
                    h("td", {}, kioskName(one.account)),
                    h("td", {}, kioskState(one)),
                    h("td", {}, one.build ? code(one.build.slice(0, 12)) : ""),
                    h(
                      "td",
                      {},
                      role === "secretary" &&
                        keyed(
                          say(one.enrolled ? "desk.kiosks.again" : "desk.kiosks.invite"),
                          (e) => ctx.run(e, () => invite(ctx, one.account, one.enrolled)),
                          { key: one.account },
                        ),
                    ),
                  ),
                ),
              ),
            ),
          ),
          role === "secretary" &&
            h(
              "div.keys",
              {},
              keyed(say("desk.kiosks.more"), (e) =>
                ctx.run(e, () => invite(ctx, nextKiosk(list), false)),
              ),
            ),
        ),
      ],
    ),
  );
}

/** Voters, items, tablets and the minutes they will take, with advice. */
export function estimateFacts(estimate) {
  if (!estimate) return null;
  const { voters, items, kiosks: tablets, minutes, advised } = estimate;
  return [
    facts([
      [say("desk.estimate.voters"), voters],
      [say("desk.estimate.items"), items],
      [say("desk.estimate.kiosks"), tablets],
      [say("desk.estimate.minutes"), say("desk.estimate.about", { minutes })],
      [say("desk.estimate.advised"), advised, tablets < advised ? "bad" : "good"],
    ]),
    tablets < advised && note("wait", say("desk.estimate.more", { kiosks: tablets, advised })),
  ];
}

/** A tablet as people call it. */
export function kioskName(account) {
  return say("desk.kiosks.name", { number: account.split(":")[1] });
}

function kioskState(one) {
  if (one.busy) return h("span.tag.wait", {}, say("desk.kiosks.busy"));
  if (one.seen) return h("span.tag.good", {}, say("desk.kiosks.seen"));
  if (one.enrolled) return h("span.tag.bad", {}, say("desk.kiosks.silent"));
  return h("span.tag", {}, one.invited ? say("desk.kiosks.invited") : say("desk.kiosks.none"));
}

function buildsDiffer(list) {
  return new Set(list.filter((one) => one.seen && one.build).map((one) => one.build)).size > 1;
}

function nextKiosk(list) {
  const taken = new Set(list.map((one) => Number(one.account.split(":")[1])));
  for (let number = 1; number <= MOST; number += 1)
    if (!taken.has(number)) return `kiosk:${number}`;
  return `kiosk:${MOST}`;
}

async function invite(ctx, account, enrolled) {
  const agreed =
    !enrolled ||
    (await ctx.ask({
      title: say("desk.kiosks.again.title", { name: kioskName(account) }),
      lines: [say("desk.kiosks.again.ends")],
      label: say("desk.kiosks.again"),
      danger: true,
    }));
  if (!agreed) return;
  const answer = await post("/api/invitations", { account });
  await showInvitations([{ name: kioskName(account), code: answer.code }]);
}
