// How the console signs: with the program on the officer's own machine, or in this very page.
//
// Both have one face: `state()`, `enrol({invitation, passphrase, pen})`, `unlock({passphrase})`,
// `lock()`, `propose(kind, body)`, `withdraw(act)`, `pending()`, `sign(act)`, `record()`,
// `signRecord()`, `tickets(passphrase)`.

import { deviceSigner } from "../console/signer_device.js";
import { mixer, verifiers } from "../tally/workers.js";
import * as api from "./api.js";
import { PageSigner } from "./signer_page.js";
import { lang, say } from "./words.js";

/**
 * The signer for where this page comes from.
 * @param {{mode: string}} about what `/device/about` says
 */
export function signerFor(about) {
  if (about.mode === "installed") return deviceSigner();
  return new PageSigner({ api, verify: verifiers(), mix: mixer(), say, lang });
}
