// Words that mean the same in a rule, in a meeting and in its acts (voting/rules/values.py).

export const CLASSES = ["member", "alternate", "attendee"];
export const ROLES = ["chair", "secretary", "scrutineer", "teller", "recorder"];
export const OPTIONS = ["agree", "disagree", "abstain", "defer"];

/** The gates of the room for one item, in the order in which they must be entered. */
export const ROOM_GATES = ["introduced", "discussed", "principal-last"];
