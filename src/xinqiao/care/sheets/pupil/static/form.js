// The door of a form about a pupil: one code, typed from a slip or brought behind the # of the address.

import { sweepOldDrafts } from "./draft.js";
import { Entry } from "./entry.js";
import { endSession, keepSession, tidied } from "./session.js";
import { TalkPanel } from "./talk.js";
import { currentLanguage, onLanguage, say, startLanguageSwitch } from "./words.js";

const box = document.getElementById("pin");
const { hotlines } = JSON.parse(document.getElementById("paper").textContent);

// What stands behind the # is never sent to a server; it is taken out of the address, and so of the history, at once.
function takeCodeFromAddress() {
  const brought = tidied(decodeURIComponent(window.location.hash.slice(1)));
  if (!brought) return false;
  window.history.replaceState(null, "", window.location.pathname);
  box.value = brought;
  return true;
}

function start() {
  endSession();
  sweepOldDrafts();
  startLanguageSwitch();
  const talk = new TalkPanel(hotlines, null);
  const entry = new Entry(
    document.getElementById("enter"),
    "enter",
    document.getElementById("door_message"),
    () => [tidied(box.value)],
    (session) => {
      keepSession(Object.assign(session, { lang: session.lang || currentLanguage() }));
      box.value = "";
      window.location.replace(session.paper);
    }
  );
  onLanguage(() => {
    entry.translate();
    if (talk.isOpen()) talk.draw();
  });
  document.getElementById("door").addEventListener("submit", (event) => {
    event.preventDefault();
    box.setAttribute("aria-invalid", String(!tidied(box.value)));
    if (tidied(box.value)) entry.send();
    else entry.tell(() => say("door_fill"));
  });
  if (takeCodeFromAddress()) entry.send();
  else box.focus({ preventScroll: true });
}

window.addEventListener("pageshow", (event) => event.persisted && window.location.reload());
window.addEventListener("hashchange", () => window.location.reload());
start();
