// Before the freeze there is no paper yet: what the vote will be made of.

import { say } from "../../common/words.js";
import { note, panel } from "../parts.js";

/** The panel *votes*. */
export function votes() {
  return panel(note("", say("desk.votes.papers"), say("desk.votes.how")));
}
