// Leftover tickets, scanned before the opening: each is void for this paper, or for all papers that
// are still to be opened, and for nothing else.
//
// A ticket's token is read here, signs one act for each slot, and is dropped; it is never sent. An
// undrawn ticket stands for nobody, so this page learns no person's secret.

import { ED25519 } from "../../../crypto/group.js";
import { freshScalars } from "../../../crypto/hashing.js";
import { post } from "../../../common/api.js";
import { h } from "../../../common/dom.js";
import { Camera, TypedScanner, plain } from "../../../common/scan.js";
import { explain, say } from "../../../common/words.js";
import {
  QR_PREFIX,
  parseQr,
  parseToken,
  privateCredential,
  publicCredential,
  signTicketAct,
} from "../../../protocol/credential.js";
import { proofJson } from "../../../protocol/values.js";
import { field, keyed, note } from "../../parts.js";

const PASSED = new Set(["credential-void", "slot-opened"]);
const SCANS = new Set(["secretary", "scrutineer"]);

/** @returns {{node: HTMLElement, update: (given: {view: object, paper: object}) => void}} */
export function leftovers(ctx, slot) {
  const typed = h("input.code", { autocomplete: "off", spellcheck: "false" });
  const others = h("input", { type: "checkbox", checked: true });
  const whether = h("label.option", {}, others, h("span", {}, say("desk.leftovers.all")));
  const said = h("div", { "aria-live": "polite" });
  const picture = cameraPart((text) => take(text));
  let done = 0;
  let waiting = Promise.resolve();

  /** One after another, however quickly they are scanned. */
  function take(text) {
    typed.value = "";
    waiting = waiting.then(() => voidOne(text));
  }

  async function voidOne(text) {
    try {
      const slots = others.checked ? ctx.view.overview.papers.map((one) => one.slot) : [slot];
      await voidTicket(text, slots, ctx.view.overview.fingerprint);
      done += 1;
      said.replaceChildren(note("good", say("desk.leftovers.done", { number: done })));
    } catch (error) {
      said.replaceChildren(note("bad", explain(error)));
    }
    await ctx.refresh();
  }

  const scanner = new TypedScanner(
    (text) => node.isConnected && node.offsetParent !== null && take(text),
  );
  const node = h(
    "details.card.more.leftovers",
    {},
    h("summary", {}, h("b", {}, say("desk.leftovers.title"))),
    h("p", {}, say("desk.leftovers.how")),
    whether,
    h(
      "form",
      { onsubmit: (event) => (event.preventDefault(), typed.value.trim() && take(typed.value)) },
      field(say("desk.leftovers.scan"), typed, say("desk.leftovers.hint")),
      h("div.keys", {}, h("button", { type: "submit" }, say("desk.leftovers.void")), picture.key),
    ),
    picture.node,
    said,
  );
  node.addEventListener("toggle", () => node.open || picture.stop());
  let begun = false;
  return {
    node,
    update({ view, paper }) {
      node.hidden =
        paper.round !== null ||
        !SCANS.has(view.me.role) ||
        !paper.steps.leftovers ||
        paper.steps.leftovers.state === "later";
      whether.hidden = view.overview.papers.length < 2;
      if (node.hidden) picture.stop();
      if (!begun && !node.hidden) {
        begun = true;
        node.open = paper.steps.leftovers.missing.length > 0;
      }
    },
    close() {
      scanner.close();
      picture.stop();
    },
  };
}

/**
 * Sign and send the voiding of one ticket. A slot in which it is void already, or that was opened
 * since this page looked, is passed over; only where none is left is that an error.
 */
async function voidTicket(text, slots, meetingFingerprint) {
  const read = plain(text);
  const token = read.startsWith(QR_PREFIX) ? parseQr(read) : parseToken(read);
  let voided = 0;
  let passed = null;
  for (const slot of slots) {
    const secret = privateCredential(token, slot, ED25519);
    const nonce = freshScalars((n) => crypto.getRandomValues(new Uint8Array(n)), ED25519)();
    const proof = signTicketAct(secret, "leftover", {
      slot,
      meetingFingerprint,
      nonce,
      group: ED25519,
    });
    const credential = publicCredential(secret, ED25519).text;
    try {
      await post("/api/ticket-acts", {
        act: "leftover",
        slot,
        credential,
        proof: proofJson(proof),
      });
      voided += 1;
    } catch (error) {
      if (!PASSED.has(error.code)) throw error;
      passed ??= error;
    }
  }
  if (voided === 0) throw passed;
}

function cameraPart(read) {
  const video = h("video.camera", {
    autoplay: true,
    muted: true,
    playsinline: true,
    "aria-label": say("desk.leftovers.picture"),
  });
  const trouble = h("p.hint");
  const node = h("div", { hidden: true }, video, trouble);
  const camera = new Camera(read, {
    facing: "environment",
    trouble: (kind) => (trouble.textContent = kind ? say(`desk.camera.${kind}`) : ""),
  });
  const key = keyed(say("desk.leftovers.camera"), () => (node.hidden ? start() : stop()), {
    kind: "quiet",
  });
  function start() {
    node.hidden = false;
    key.textContent = say("desk.leftovers.camera.stop");
    camera.start(video);
  }
  function stop() {
    if (node.hidden) return;
    node.hidden = true;
    key.textContent = say("desk.leftovers.camera");
    camera.stop();
  }
  return { node, key, stop };
}
