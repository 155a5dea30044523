// The covered page: after five quiet minutes on a shared computer, or when the ticket has run out.

import { fill, make, showFromTop } from "./dom.js";
import { Entry } from "./entry.js";
import { tidied } from "./session.js";
import { say } from "./words.js";

const USUAL_IDLE_MINUTES = 5;
const LOOK_EVERY_MS = 5000;
const SIGNS_OF_LIFE = ["pointerdown", "keydown", "wheel", "touchstart", "scroll"];

// A clock that survives sleep: it compares times, it does not count ticks.
export function watchIdleness(onIdle, minutes) {
  const idleMs = (minutes || USUAL_IDLE_MINUTES) * 60 * 1000;
  let lastSign = Date.now();
  const look = () => {
    if (Date.now() - lastSign < idleMs) return;
    lastSign = Date.now();
    onIdle();
  };
  const note = () => {
    look();
    lastSign = Date.now();
  };
  for (const sign of SIGNS_OF_LIFE) window.addEventListener(sign, note, { passive: true, capture: true });
  window.addEventListener("focus", look);
  document.addEventListener("visibilitychange", look);
  window.setInterval(look, LOOK_EVERY_MS);
}

const TITLES = { idle: "lock_title", leaving: "lock_title", expired: "lock_expired_title" };
const TEXTS = { idle: "lock_text", leaving: "lock_leaving_text", expired: "lock_expired_text" };

// reason: "idle", "expired", or "leaving" while something still has to be sent
export function drawLock(desk, reason, onEntered, onAlready) {
  const session = desk.session;
  const pin = make("input", {
    id: "lock_pin",
    class: "is-masked",
    maxlength: 24,
    autocomplete: "off",
    autocapitalize: "characters",
    spellcheck: "false",
    inputmode: "numeric",
    enterkeyhint: "go",
    "aria-describedby": "lock_help",
  });
  const message = make("p", { class: "notice", role: "alert", hidden: true });
  const go = make("button", { type: "submit", class: "main-button" }, say("lock_go"));
  const read = () => (session.informant ? [tidied(pin.value)] : [session.class_code, session.number, tidied(pin.value)]);
  const entry = new Entry(go, "lock_go", message, read, onEntered, onAlready);
  const form = make("form", { novalidate: true, autocomplete: "off" }, [
    make("div", { class: "field" }, [
      make("label", { for: "lock_pin" }, say("pin")),
      pin,
      make("p", { class: "help", id: "lock_help" }, say("lock_used_code")),
    ]),
    message,
    go,
    make("button", { type: "button", class: "link-button", onclick: () => desk.leave() }, say("lock_other")),
  ]);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (tidied(pin.value)) entry.send();
    else entry.tell(() => say("door_fill", { field: say("pin") }));
  });
  fill(desk.main, [
    make("section", { class: "sheet lock" }, [
      session.name_hint && !desk.turn ? make("p", { class: "eyebrow" }, session.name_hint) : null,
      make("h1", {}, say(TITLES[reason])),
      make("p", { class: "lead" }, say(TEXTS[reason])),
      form,
    ]),
  ]);
  showFromTop(desk.main);
  pin.focus({ preventScroll: true });
}
