// Which panel belongs to which entry of the line.

import { attend } from "./attend.js";
import { ceremony } from "./ceremony.js";
import { draft } from "./draft.js";
import { end } from "./end.js";
import { enrol } from "./enrol.js";
import { freeze } from "./freeze.js";
import { issue } from "./issue.js";
import { kiosks } from "./kiosks.js";
import { paper } from "./paper.js";
import { room } from "./room.js";
import { votes } from "./votes.js";

const PANELS = { draft, enrol, ceremony, freeze, issue, kiosks, attend, room, votes, paper, end };

/** The maker of the panel for an entry's id (`paper:<slot>` for a paper). */
export function panelOf(id) {
  return PANELS[id.split(":")[0]];
}
