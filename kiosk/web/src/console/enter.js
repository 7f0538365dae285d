// Coming in: the first time with an invitation, afterwards with one's passphrase.
//
// The passphrase locks the signing key on this machine (and, where pages come from the server, is
// also the password of the account). It stands in its two fields and nowhere else.

import { h, show } from "../common/dom.js";
import { frame } from "../common/frame.js";
import { explain, say } from "../common/words.js";
import { chosen, choice, field, keyed, note } from "./parts.js";

const LEAST = 8; // characters; the program refuses fewer

/**
 * Draw the page at which an officer comes in.
 * @param {object} signer common/signer.js
 * @param {{enrolled: boolean, account: string|null}} state what the signer says of itself
 * @param {() => Promise<void>} entered goes on
 */
export function drawEntrance(signer, state, entered) {
  const place = h("div.entrance");
  const says = h("div", { "aria-live": "assertive" });
  const first = () => show(place, enrolForm(), says, state.enrolled ? other(second) : null);
  const second = () => show(place, unlockForm(), says);
  const other = (draw) =>
    h(
      "p.turn",
      {},
      keyed(say("desk.enter.to-unlock"), () => (show(says), draw(), focusFirst()), {
        kind: "quiet",
      }),
    );
  const focusFirst = () => place.querySelector("input:not([type=radio])")?.focus();

  function enrolForm() {
    const invitation = h("input.code", {
      autocomplete: "off",
      spellcheck: "false",
      required: true,
    });
    const passphrase = secret("new-password");
    const again = secret("new-password");
    const pen = choice(
      "pen",
      say("desk.enter.signs"),
      [
        ["key", say("desk.enter.by-key"), say("desk.enter.by-key.hint")],
        ["pen", say("desk.enter.by-pen"), say("desk.enter.by-pen.hint")],
      ],
      "key",
    );
    return form(
      "enrol",
      [
        field(say("desk.enter.invitation"), invitation, say("desk.enter.invitation.hint")),
        field(say("desk.enter.passphrase"), passphrase, say("desk.enter.passphrase.hint")),
        field(say("desk.enter.again"), again),
        pen,
      ],
      async () => {
        if ([...passphrase.value].length < LEAST) return say("desk.enter.too-short");
        if (passphrase.value !== again.value) return say("desk.enter.differ");
        await signer.enrol({
          invitation: invitation.value.trim(),
          passphrase: passphrase.value,
          pen: chosen(pen, "pen") === "pen",
        });
        passphrase.value = again.value = "";
        return null;
      },
    );
  }

  function unlockForm() {
    const passphrase = secret("current-password");
    return form(
      "unlock",
      [
        state.account &&
          note("", say("desk.enter.as", { account: state.account.replace(/^officer:/, "") })),
        field(say("desk.enter.passphrase"), passphrase),
      ],
      async () => {
        await signer.unlock({ passphrase: passphrase.value });
        passphrase.value = "";
        return null;
      },
    );
  }

  /** A form; `doing` answers with what is wrong in words, null when it was done. */
  function form(id, fields, doing) {
    const button = h("button.primary.large", { type: "submit" }, say(`desk.enter.${id}`));
    return h(
      "form.card",
      {
        onsubmit: async (event) => {
          event.preventDefault();
          button.disabled = true;
          show(says, note("wait", say("desk.enter.working")));
          try {
            const wrong = await doing();
            if (wrong === null) return await entered();
            show(says, note("bad", wrong));
            button.disabled = false;
          } catch (error) {
            show(says, note("bad", explain(error)));
            button.disabled = false;
          }
        },
      },
      h("h2", {}, say(`desk.enter.${id}.title`)),
      h("p", {}, say(`desk.enter.${id}.lead`)),
      fields,
      h("div.keys", {}, button),
    );
  }

  document.body.classList.remove("console");
  frame(say("desk.title"), [place]);
  if (state.enrolled) second();
  else first();
  focusFirst();
}

/**
 * Draw, in the place of a page that could not be drawn, why, and a key that tries again.
 * @param {Error} error
 * @param {() => Promise<void>} again
 */
export function drawFailure(error, again) {
  const key = keyed(say("desk.failed.again"), again, { kind: "primary.large" });
  const why = h("div.note.bad", { role: "alert" }, h("p", {}, explain(error)));
  document.body.classList.remove("console");
  frame(say("desk.title"), [
    h(
      "div.entrance",
      {},
      h("section.card", {}, h("h2", {}, say("desk.failed.title")), why, h("div.keys", {}, key)),
    ),
  ]);
  key.focus();
}

function secret(autocomplete) {
  return h("input", { type: "password", autocomplete, required: true });
}
