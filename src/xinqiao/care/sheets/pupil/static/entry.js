// Asking to be let in, for the door and for the covered page: what to say, when to try again.

import { announce } from "./dom.js";
import { enter, enterForm } from "./session.js";
import { currentLanguage, hasWord, say } from "./words.js";

const CLOCK_LIMIT_SECONDS = 600; // longer waits are told without a running clock

// A day of the school's own calendar, such as 2026-11-25, in the reader's words, whatever zone the device is set to.
function dayWords(day) {
  const noon = new Date(day + "T12:00:00Z");
  const locale = currentLanguage() === "en" ? "en-GB" : "zh-CN";
  return noon.toLocaleDateString(locale, { weekday: "long", month: "long", day: "numeric", timeZone: "UTC" });
}

function troubleWords(answer, seconds) {
  const code = answer.body.code || String(answer.status);
  if (answer.status === 0) return say("enter_offline");
  if (code === "locked") {
    const wait = seconds > 0 && seconds <= CLOCK_LIMIT_SECONDS ? say("enter_locked_wait", { seconds }) : "";
    return say("enter_locked", { wait });
  }
  if (code === "busy") return say("enter_busy", { seconds });
  const { day, hour } = answer.body;
  if (code === "not_open" && day) return say("enter_not_open_until", { day: dayWords(day), hour });
  return hasWord("enter_" + code) ? say("enter_" + code) : say("enter_failed", { code });
}

export class Entry {
  // read: () => [classCode, number, pin], or [code] for a form about a pupil
  constructor(button, idleWord, message, read, onEntered, onAlready) {
    this.button = button;
    this.idleWord = idleWord;
    this.message = message;
    this.read = read;
    this.onEntered = onEntered;
    this.onAlready = onAlready;
    this.isAsking = false;
    this.timer = 0;
    this.redraw = null;
  }

  async send() {
    if (this.isAsking) return;
    this.isAsking = true;
    window.clearInterval(this.timer);
    this.tell(null);
    this.button.setAttribute("aria-disabled", "true");
    this.translate();
    const typed = this.read();
    const answer = await (typed.length === 1 ? enterForm(typed[0]) : enter.apply(null, typed));
    this.isAsking = false;
    this.button.removeAttribute("aria-disabled");
    this.translate();
    if (answer.session) this.onEntered(answer.session);
    else this.explain(answer);
  }

  explain(answer) {
    const code = answer.body.code;
    if (code === "already_submitted" && this.onAlready) {
      this.onAlready(answer.body);
      return;
    }
    let left = Math.ceil(Number(answer.body.retry_after) || (code === "busy" ? 5 : 0));
    const draw = () => this.tell(() => troubleWords(answer, left), code === "already_submitted");
    draw();
    announce(this.message.textContent);
    if (left <= 0 || left > CLOCK_LIMIT_SECONDS) return;
    this.timer = window.setInterval(() => {
      left -= 1;
      if (left > 0) draw();
      else if (code === "busy") this.send();
      else this.tell(null);
    }, 1000);
  }

  // words: a function, so that the language can change under it; null hides the message
  tell(words, isKind) {
    this.redraw = words;
    this.message.hidden = !words;
    this.message.classList.toggle("is-kind", Boolean(isKind));
    this.message.textContent = words ? words() : "";
  }

  translate() {
    this.button.textContent = say(this.isAsking ? "entering" : this.idleWord);
    if (this.redraw) this.message.textContent = this.redraw();
  }
}
