// Starts the behaviours named in data-behaviour, on page load and in whatever htmx brings in.
import "./hold-still.js";
import * as confirm from "./behaviours/confirm.js";
import * as copy from "./behaviours/copy.js";
import * as countDown from "./behaviours/count-down.js";
import * as fileDrop from "./behaviours/file-drop.js";
import * as focusHere from "./behaviours/focus-here.js";
import * as fromAddress from "./behaviours/from-address.js";
import * as pollNotices from "./behaviours/poll-notices.js";
import * as print from "./behaviours/print.js";
import * as saveDraft from "./behaviours/save-draft.js";
import * as sayChanged from "./behaviours/say-changed.js";
import * as tick from "./behaviours/tick.js";
import * as typeSheet from "./behaviours/type-sheet.js";

const behaviours = {
  confirm,
  copy,
  "count-down": countDown,
  "file-drop": fileDrop,
  "focus-here": focusHere,
  "from-address": fromAddress,
  "poll-notices": pollNotices,
  print,
  "save-draft": saveDraft,
  "say-changed": sayChanged,
  tick,
  "type-sheet": typeSheet,
};
const started = new WeakSet();

function startIn(root) {
  const inside = Array.from(root.querySelectorAll("[data-behaviour]"));
  const elements = root.matches && root.matches("[data-behaviour]") ? [root, ...inside] : inside;
  for (const element of elements) {
    const behaviour = behaviours[element.dataset.behaviour];
    if (behaviour && !started.has(element)) {
      started.add(element);
      behaviour.start(element);
    }
  }
}

startIn(document);
document.addEventListener("htmx:load", (event) => startIn(event.detail.elt));
