// An officer's signing device as the page sees it, where the program on this machine holds the key.
//
// The program folds the ledger itself, recomputes what an act names, and gives the words; the page
// only shows them and says yes. Nothing of a key ever comes here.

import { get, post, postForBytes } from "../common/api.js";
import { lang } from "../common/words.js";

/** The signer that talks to `piaojue officer` on this machine's loopback. */
export function deviceSigner() {
  return {
    kind: "device",
    /** → `{enrolled, unlocked, account, key_code}` */
    state: () => get("/device/state"),
    enrol: ({ invitation, passphrase, pen }) =>
      post("/device/enrol", { invitation, passphrase, pen }),
    unlock: ({ passphrase }) => post("/device/unlock", { passphrase }),
    lock: () => post("/device/lock", {}),
    /** → null, or `{act, kind, text, places, signed, mine, problem}` */
    pending: () => get(`/device/pending?lang=${lang()}`),
    propose: (kind, body) => post("/device/propose", { kind, body }),
    withdraw: (act) => post("/device/withdraw", { act }),
    sign: (act) => post("/device/sign", { act }),
    record: () => get("/device/record"),
    signRecord: () => post("/device/record/sign", {}),
    tickets: (passphrase) => postForBytes("/device/tickets", { passphrase }),
  };
}
