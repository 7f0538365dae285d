// The tickets: made on this officer's machine and printed once, or made apart and uploaded.

import { getBytes, postBytes } from "../../common/api.js";
import { h } from "../../common/dom.js";
import { say } from "../../common/words.js";
import { stepOf } from "../model.js";
import { card, download, facts, keyed, note, panel, picker, region } from "../parts.js";
import { barred } from "./freeze.js";

/** The panel *issue*. */
export function issue(ctx) {
  const place = h("div");
  let shown = null;
  const forms = {
    update(view) {
      const step = stepOf(view.overview, "issue");
      const state = [step.state, view.me.role, barred(view, step)].join();
      if (state === shown) return;
      shown = state;
      place.replaceChildren(
        ...(step.state === "now" && view.me.role === "secretary" ? ways(ctx, view, step) : []),
      );
    },
    node: place,
  };
  return panel(
    region(
      "div",
      (view) => [stepOf(view.overview, "issue").state, view.meeting?.series],
      ([state, series]) => [
        state === "done" && note("good", say("desk.issue.done")),
        series &&
          facts(
            series.map((one) => [
              say("desk.issue.series", { id: one.id, title: one.title }),
              say("desk.sheets", { number: one.printed }),
            ]),
          ),
      ],
    ),
    forms,
  );
}

function ways(ctx, view, step) {
  const reason = barred(view, step);
  return [
    note("wait", say("desk.issue.secret")),
    ctx.signer.kind === "device" ? here(ctx, reason) : null,
    card(
      say("desk.issue.apart"),
      h("p", {}, say("desk.issue.apart.how")),
      h("pre.code", {}, `piaojue tickets ${location.protocol}//… --out piao/`),
      upload(ctx, reason),
    ),
  ].filter(Boolean);
}

function here(ctx, reason) {
  return card(
    say("desk.issue.here"),
    h("p", {}, say("desk.issue.here.how")),
    keyed(
      say("desk.issue.make"),
      (e) =>
        ctx.run(e, async () => {
          const agreed = await ctx.ask({
            title: say("desk.issue.ask"),
            lines: [say("desk.issue.once"), say("desk.issue.secret")],
            label: say("desk.issue.make"),
          });
          if (!agreed) return;
          ctx.tell(say("desk.issue.working"), "wait");
          download(
            await ctx.signer.tickets(null),
            `${say("desk.issue.file")}.pdf`,
            "application/pdf",
          );
          ctx.tell(say("desk.issue.printed"), "good");
        }),
      { kind: "primary.large", reason },
    ),
  );
}

function upload(ctx, reason) {
  const file = picker(
    say("desk.issue.public"),
    say("desk.issue.public.hint"),
    ".json,application/json",
  );
  return h(
    "div",
    {},
    file.node,
    keyed(
      say("desk.issue.upload"),
      (e) =>
        ctx.run(e, async () => {
          if (file.input.files.length === 0) return ctx.tell(say("desk.choose-file"), "bad");
          ctx.tell(say("desk.issue.uploading"), "wait");
          await postBytes("/api/tickets", new Uint8Array(await file.input.files[0].arrayBuffer()));
          ctx.tell(say("desk.issue.done"), "good");
        }),
      { reason },
    ),
  );
}

/** Fetch a PDF of the server's and hand it to the person. */
export async function savePdf(path, name) {
  download(await getBytes(path), name, "application/pdf");
}
