// The door: class code, number, PIN.

import { sweepOldDrafts } from "./draft.js";
import { Entry } from "./entry.js";
import { endSession, keepSession, tidied } from "./session.js";
import { TalkPanel } from "./talk.js";
import { currentLanguage, onLanguage, say, startLanguageSwitch } from "./words.js";

const CLASS_IN_ADDRESS = /^\/s\/([^/]{1,24})$/;
const FIELDS = ["class_code", "number", "pin"];
const boxes = FIELDS.map((id) => document.getElementById(id));
const message = document.getElementById("door_message");
const { hotlines } = JSON.parse(document.getElementById("paper").textContent);

function fillClassCode() {
  const found = CLASS_IN_ADDRESS.exec(window.location.pathname);
  if (found && !boxes[0].value) boxes[0].value = decodeURIComponent(found[1]);
  (boxes[0].value ? boxes[1] : boxes[0]).focus({ preventScroll: true });
}

function firstEmpty() {
  return boxes.find((box) => !tidied(box.value));
}

function setLetters(button, isOn) {
  button.setAttribute("aria-pressed", String(isOn));
  button.textContent = say(isOn ? "digits" : "letters");
  for (const box of boxes.slice(1)) box.setAttribute("inputmode", isOn ? "text" : "numeric");
}

function setShown(button, isOn) {
  button.setAttribute("aria-pressed", String(isOn));
  button.textContent = say(isOn ? "pin_hide" : "pin_show");
  boxes[2].classList.toggle("is-masked", !isOn);
}

function startToggle(id, set) {
  const button = document.getElementById(id);
  const isOn = () => button.getAttribute("aria-pressed") === "true";
  button.addEventListener("click", () => set(button, !isOn()));
  onLanguage(() => set(button, isOn()));
}

function start() {
  endSession();
  sweepOldDrafts();
  startLanguageSwitch();
  startToggle("letters", setLetters);
  startToggle("pin_toggle", setShown);
  const talk = new TalkPanel(hotlines, null);
  const entry = new Entry(
    document.getElementById("enter"),
    "enter",
    message,
    () => boxes.map((box) => tidied(box.value)),
    (session) => {
      keepSession(Object.assign(session, { lang: session.lang || currentLanguage() }));
      boxes[2].value = "";
      window.location.assign(session.paper);
    }
  );
  onLanguage(() => {
    entry.translate();
    if (talk.isOpen()) talk.draw();
  });
  document.getElementById("door").addEventListener("submit", (event) => {
    event.preventDefault();
    for (const box of boxes) box.setAttribute("aria-invalid", String(!tidied(box.value)));
    const box = firstEmpty();
    if (!box) {
      entry.send();
      return;
    }
    entry.tell(() => say("door_fill", { field: say(box.id) }));
    box.focus();
  });
  fillClassCode();
}

window.addEventListener("pageshow", (event) => event.persisted && window.location.reload());
start();
