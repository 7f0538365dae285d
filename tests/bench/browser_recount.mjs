// What browser_recount.py measures: a sealed box read, verified and added up as a trustee's page
// does it, by as many Workers as such a page starts.

import { recount } from "../../kiosk/web/src/tally/recount.js";
import { verifiers } from "../../kiosk/web/src/tally/workers.js";

/** Seconds for the box at this address, with its number of Workers and ballots. */
export async function recounted(address) {
  const bytes = new Uint8Array(await (await fetch(address)).arrayBuffer());
  const verify = verifiers();
  const start = performance.now();
  const { archive } = await recount(bytes, { verify });
  return [(performance.now() - start) / 1000, verify.length, archive.ballots.length];
}
