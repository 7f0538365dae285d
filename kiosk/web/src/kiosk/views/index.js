// By screen: what draws it. A view has `element`, and may have `update(state)` (false: draw it
// anew), `video` (for the camera), `tick(seconds)` (an end screen's countdown), `close()`.

import { ballotView } from "./ballot.js";
import {
  castingView,
  doneView,
  leftView,
  nextView,
  noticeView,
  readingView,
  standingView,
} from "./between.js";
import { markingView, openingView, trackerView } from "./device.js";
import { choosingView, confirmingView, leavingView, sendingView } from "./leaving.js";
import { reviewView } from "./review.js";
import { coveredView, enrolView, staffCodeView, stoppedView } from "./setup.js";
import { typingView } from "./typing.js";
import { waitingView } from "./waiting.js";

export const VIEWS = {
  enrol: enrolView,
  "staff-code": staffCodeView,
  stopped: stoppedView,
  covered: coveredView,
  waiting: waitingView,
  typing: typingView,
  reading: readingView,
  ballot: ballotView,
  review: reviewView,
  casting: castingView,
  next: nextView,
  done: doneView,
  standing: standingView,
  notice: noticeView,
  tracker: trackerView,
  marking: markingView,
  opening: openingView,
  leaving: leavingView,
  choosing: choosingView,
  confirming: confirmingView,
  sending: sendingView,
  left: leftView,
};
