// A signature by pen: the scanned page is kept under its SHA-256, and an officer of another role
// confirms with his key that it is that person's hand.

import { postBytes } from "../../../common/api.js";
import { h, show } from "../../../common/dom.js";
import { say } from "../../../common/words.js";
import { card, code, field, keyed, officerName, picker } from "../../parts.js";

const MOST = 16 * 2 ** 20; // bytes; the server takes no more

/** @returns {{node: HTMLElement, update: (given: {view: object, paper: object}) => void}} */
export function penForm(ctx, slot) {
  const whose = h("select");
  const page = pageField();
  const node = card(
    say("desk.pen.title"),
    h("p", {}, say("desk.pen.how")),
    field(say("desk.pen.whose"), whose),
    page.node,
    h(
      "div.keys",
      {},
      keyed(
        say("desk.pen.confirm"),
        (e) =>
          ctx.run(e, async () => {
            const officer = whose.value; // the list may be another one after the upload
            const digest = await page.upload(ctx);
            if (digest === null) return;
            const pen = { page: digest, confirmed_by: ctx.view.me.officer };
            const done = await ctx.propose(
              "certify",
              { slot, officer, pen },
              {
                ask: {
                  title: say("desk.pen.ask", { name: officerName(ctx.view, officer) }),
                  lines: [
                    say("desk.pen.testify"),
                    h("p", {}, say("desk.pen.digest"), " ", code(digest.slice(0, 16))),
                  ],
                  label: say("desk.pen.confirm"),
                },
              },
            );
            if (done) page.clear();
          }),
        { kind: "primary" },
      ),
    ),
  );
  let shown = null;
  return {
    node,
    update({ view, paper }) {
      const waiting = confirmable(view, paper.round);
      node.hidden = waiting.length === 0 || Boolean(view.overview.proposal);
      const text = JSON.stringify(waiting);
      if (text === shown) return;
      shown = text;
      show(
        whose,
        waiting.map((id) => h("option", { value: id }, officerName(view, id))),
      );
    },
  };
}

/** The pen signers who are next and whom this officer may confirm. */
function confirmable(view, round) {
  const me = view.overview.officers.find((one) => one.id === view.me.officer);
  if (!round || round.state !== "counted" || !me || me.pen) return [];
  return round.next.filter((id) => {
    const one = view.overview.officers.find((officer) => officer.id === id);
    return one?.pen && one.role !== me.role && one.name !== me.name;
  });
}

/** A field for a scanned page, with a look at it and its upload. */
export function pageField() {
  const file = picker(
    say("desk.pen.page"),
    say("desk.pen.page.hint"),
    "application/pdf,image/png,image/jpeg",
  );
  const look = h("div.page-look");
  let address = null;
  file.input.addEventListener("change", () => {
    if (address) URL.revokeObjectURL(address);
    const [chosen] = file.input.files;
    address = chosen?.type.startsWith("image/") ? URL.createObjectURL(chosen) : null;
    show(look, address && h("img", { src: address, alt: say("desk.pen.page") }));
  });
  return {
    node: h("div", {}, file.node, look),
    clear() {
      file.clear();
      show(look);
    },
    /** Upload what was chosen; its SHA-256, or null when nothing was, which was said. */
    async upload(ctx) {
      const [chosen] = file.input.files;
      if (!chosen) return (ctx.tell(say("desk.choose-file"), "bad"), null);
      if (chosen.size > MOST) return (ctx.tell(say("desk.pen.too-long"), "bad"), null);
      ctx.tell(say("desk.pen.uploading"), "wait");
      const { page } = await postBytes("/api/pages", new Uint8Array(await chosen.arrayBuffer()));
      ctx.tell("");
      return page;
    },
  };
}
