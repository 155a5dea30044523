// The door: class code, number, PIN.

import { fill, make } from "./dom.js";
import { sweepOldDrafts } from "./draft.js";
import { Entry } from "./entry.js";
import { endSession, keepSession, tidied } from "./session.js";
import { TalkPanel } from "./talk.js";
import { currentTurn, endTurn, minuteChoices, setMinutes, startTurn, turnInAddress } from "./turn.js";
import { currentLanguage, onLanguage, say, startLanguageSwitch } from "./words.js";

const CLASS_IN_ADDRESS = /^\/s\/([^/]{1,24})$/;
const FIELDS = ["class_code", "number", "pin"];
const boxes = FIELDS.map((id) => document.getElementById(id));
const message = document.getElementById("door_message");
const { hotlines } = JSON.parse(document.getElementById("paper").textContent);

function fillClassCode() {
  const found = CLASS_IN_ADDRESS.exec(window.location.pathname);
  const turn = currentTurn();
  if (turn) boxes[0].value = turn.class_code;
  else if (found && !boxes[0].value) boxes[0].value = decodeURIComponent(found[1]);
  (boxes[0].value ? boxes[1] : boxes[0]).focus({ preventScroll: true });
}

// In turn: the address or the button begins it, the banner says so and ends it, the class code is kept out of the way.

function takeTurnFromAddress() {
  const minutes = turnInAddress();
  const found = CLASS_IN_ADDRESS.exec(window.location.pathname);
  if (!minutes || !found) return;
  startTurn(decodeURIComponent(found[1]), minutes);
  window.history.replaceState(null, "", window.location.pathname);
}

function turnBanner(turn) {
  const choices = minuteChoices().map((minutes) =>
    make("option", { value: minutes, selected: minutes === turn.minutes }, say("turn_minutes", { minutes }))
  );
  const chosen = make("select", { id: "turn_minutes" }, choices);
  chosen.addEventListener("change", () => setMinutes(Number(chosen.value)));
  const end = () => {
    endTurn();
    drawTurn();
    boxes[0].focus();
  };
  return [
    make("p", { class: "turn-count" }, say("turn_count", { count: turn.count })),
    make("p", { class: "help" }, say("turn_note")),
    make("details", {}, [
      make("summary", {}, say("turn_settings", { class_code: turn.class_code })),
      make("div", { class: "turn-acts" }, [
        make("label", { for: "turn_minutes" }, say("turn_lock")),
        chosen,
        make("button", { type: "button", class: "link-button", onclick: end }, say("turn_end")),
      ]),
    ]),
  ];
}

function drawTurn() {
  const turn = currentTurn();
  const banner = document.getElementById("turn");
  fill(banner, turn ? turnBanner(turn) : []);
  banner.hidden = !turn;
  boxes[0].closest(".field").hidden = Boolean(turn);
  document.getElementById("turn_start").hidden = Boolean(turn);
  document.querySelector(".door h1").textContent = say(turn ? "turn_title" : "door_title");
  document.querySelector(".door .lead").textContent = say(turn ? "turn_lead" : "door_lead");
}

function beginTurn() {
  const classCode = tidied(boxes[0].value).toUpperCase();
  if (classCode) {
    startTurn(classCode, 0);
    drawTurn();
  }
  boxes[classCode ? 1 : 0].focus();
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

// The other doors are given the class code that stands here, behind the #.
function carryClassCode() {
  for (const link of document.querySelectorAll("a[data-carry]")) {
    link.addEventListener("click", () => {
      const code = tidied(boxes[0].value).toUpperCase();
      link.hash = code ? encodeURIComponent(code) : "";
    });
  }
}

function start() {
  endSession();
  sweepOldDrafts();
  takeTurnFromAddress();
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
      for (const box of boxes.slice(1)) box.value = "";
      // in turn no step back may lead to somebody's door
      if (currentTurn()) window.location.replace(session.paper);
      else window.location.assign(session.paper);
    }
  );
  document.getElementById("turn_start").addEventListener("click", beginTurn);
  onLanguage(() => {
    drawTurn();
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
  carryClassCode();
  drawTurn();
  fillClassCode();
}

window.addEventListener("pageshow", (event) => event.persisted && window.location.reload());
start();
