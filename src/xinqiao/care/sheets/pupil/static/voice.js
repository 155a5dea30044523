// What a pupil says of their own accord: one message, sent until it has arrived, and nothing left on the device.

import { announce, fill, make, showFromTop } from "./dom.js";
import { makeKey } from "./draft.js";
import { watchIdleness } from "./lock.js";
import { postJson } from "./sending.js";
import { tidied } from "./session.js";
import { hotlineCards } from "./talk.js";
import { currentLanguage, forgetLanguage, hasWord, say } from "./words.js";

const QUIET_MINUTES = 3;
const TRY_AGAIN_SECONDS = [3, 5, 10, 20, 30];
const DOOR = "/s/";

export function field(id) {
  return document.getElementById(id);
}

// The chosen code of a group of choices; "" where nothing is chosen.
export function chosen(name) {
  const box = document.querySelector('input[name="' + name + '"]:checked');
  return box ? box.value : "";
}

export function ticked(name) {
  return Array.from(document.querySelectorAll('input[name="' + name + '"]:checked'), (box) => box.value);
}

export function whoIs() {
  return { class_code: tidied(field("class_code").value), number: tidied(field("number").value), pin: tidied(field("pin").value) };
}

// The class code may come behind the # of the address, from the door; it is taken out of the address at once.
export function takeClassCode() {
  const brought = tidied(decodeURIComponent(window.location.hash.slice(1))).slice(0, 8);
  if (!window.location.hash) return;
  window.history.replaceState(null, "", window.location.pathname);
  field("class_code").value = brought;
}

export function leave() {
  for (const form of document.querySelectorAll("form")) form.reset();
  forgetLanguage();
  document.getElementById("main").textContent = "";
  window.location.replace(DOOR);
}

// A shared computer: empties itself after quiet minutes, when the page is left, and when one comes back to it.
// onLeave: what is done instead of leaving at once, after so many quiet minutes or by the button.
export function guardPage(onLeave, quietMinutes) {
  watchIdleness(onLeave || leave, quietMinutes || QUIET_MINUTES);
  field("leave").addEventListener("click", onLeave || leave);
  for (const button of document.querySelectorAll(".main-button")) button.disabled = false; // nothing is sent before this runs
  window.addEventListener("pagehide", () => {
    for (const form of document.querySelectorAll("form")) form.reset();
  });
  window.addEventListener("pageshow", (event) => event.persisted && window.location.reload());
}

function troubleWords(answer, seconds) {
  const code = answer.body.code || String(answer.status);
  if (answer.status === 0) return say("send_offline");
  if (code === "locked") return say("send_locked", { minutes: Math.max(1, Math.ceil(seconds / 60)) });
  if (answer.status >= 500) return say("send_busy");
  return hasWord("send_" + code) ? say("send_" + code) : say("send_failed", { code });
}

export class Message {
  // button and note: where sending is started, and where it is said how it goes; onDone: (reply) => …
  constructor(path, button, idleWord, note, onDone) {
    Object.assign(this, { path, button, idleWord, note, onDone });
    this.key = "";
    this.text = "";
    this.attempt = 0;
    this.isSending = false;
    this.timer = 0;
    this.redraw = null;
    window.addEventListener("online", () => this.timer && this.push());
  }

  // The same words go under the same key, however often they are sent.
  send(content) {
    if (this.isSending) return;
    const text = JSON.stringify(content);
    if (text !== this.text) this.key = makeKey();
    this.text = text;
    this.attempt = 0;
    this.push();
  }

  async push() {
    if (this.isSending) return;
    window.clearTimeout(this.timer);
    this.timer = 0;
    this.isSending = true;
    this.button.setAttribute("aria-disabled", "true");
    this.translate();
    const answer = await postJson(this.path, Object.assign({ key: this.key }, JSON.parse(this.text)), "", true);
    this.isSending = false;
    this.button.removeAttribute("aria-disabled");
    this.judge(answer);
    this.translate();
  }

  judge(answer) {
    if (answer.status === 200) {
      this.tell(null);
      this.onDone(answer.body);
      return;
    }
    const seconds = Number(answer.body.retry_after) || 0;
    this.tell(() => troubleWords(answer, seconds));
    announce(this.note.textContent);
    if (answer.status !== 0 && answer.status < 500) return;
    const wait = TRY_AGAIN_SECONDS[Math.min(this.attempt, TRY_AGAIN_SECONDS.length - 1)];
    this.attempt += 1;
    this.timer = window.setTimeout(() => this.push(), wait * 1000);
  }

  tell(words) {
    this.redraw = words;
    this.note.hidden = !words;
    this.note.textContent = words ? words() : "";
  }

  translate() {
    this.button.textContent = say(this.isSending ? "send_sending" : this.idleWord);
    if (this.redraw) this.note.textContent = this.redraw();
  }
}

export function momentWords(at) {
  const locale = currentLanguage() === "en" ? "en-GB" : "zh-CN";
  return new Date(at).toLocaleString(locale, { month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit" });
}

// What stands instead of the form once it has arrived: nothing of what was written.
export function drawDone(hotlines, reply, title, texts) {
  for (const form of document.querySelectorAll("form")) form.reset();
  const main = document.getElementById("main");
  fill(main, [
    make("section", { class: "sheet done" }, [
      make("h1", {}, say(title)),
      ...texts.map((word) => make("p", { class: "lead" }, say(word))),
      make("p", { class: "receipt" }, [
        make("span", { class: "receipt-label" }, say("receipt_label")),
        make("strong", { class: "receipt-code" }, reply.receipt),
        make("span", { class: "receipt-at" }, reply.at ? momentWords(reply.at) : ""),
      ]),
      hotlineCards(hotlines),
      make("button", { type: "button", class: "main-button", id: "leave", onclick: leave }, say("done_leave")),
    ]),
  ]);
  showFromTop(main);
}

// What is still open, as a message; fields: [[is it there, word of its name], …]
export function openFields(fields) {
  const missing = fields.filter(([isThere]) => !isThere).map(([, word]) => say(word));
  return missing.length ? () => say("send_fill", { field: missing.join(currentLanguage() === "en" ? ", " : "、") }) : null;
}
