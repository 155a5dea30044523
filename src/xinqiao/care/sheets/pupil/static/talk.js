// "I want to talk": the panel with the help lines, there at every moment.

import { announce, fill, make } from "./dom.js";
import { pick, say } from "./words.js";

export function hotlineCards(hotlines) {
  return make(
    "ul",
    { class: "call-list" },
    hotlines.map((hotline) =>
      make("li", {}, [
        make("a", { href: "tel:" + hotline.number }, [
          make("strong", {}, hotline.number),
          make("span", { class: "call-name" }, pick(hotline.name)),
          make("span", { class: "call-purpose" }, pick(hotline.purpose)),
        ]),
      ])
    )
  );
}

const FOCUSABLE = "button:not([disabled]), a[href], input";

function keepFocusInside(panel, event) {
  const stops = Array.from(panel.querySelectorAll(FOCUSABLE));
  const first = stops[0];
  const last = stops[stops.length - 1];
  if (event.shiftKey && (document.activeElement === first || document.activeElement === panel)) {
    event.preventDefault();
    last.focus();
  } else if (!event.shiftKey && document.activeElement === last) {
    event.preventDefault();
    first.focus();
  }
}

export class TalkPanel {
  // send: () => letter, or null where nobody is signed in (the door)
  constructor(hotlines, send) {
    this.hotlines = hotlines;
    this.send = send;
    this.state = send ? "ask" : "door";
    this.opener = null;
    this.shade = null;
    this.button = document.getElementById("talk");
    this.button.addEventListener("click", () => this.open());
  }

  isOpen() {
    return Boolean(this.shade);
  }

  open() {
    if (this.shade) return;
    this.opener = document.activeElement;
    this.panel = make("section", { class: "panel", role: "dialog", "aria-modal": "true", tabindex: "-1" });
    this.panel.setAttribute("aria-labelledby", "talk-title");
    this.shade = make("div", { class: "shade" }, this.panel);
    this.shade.addEventListener("click", (event) => event.target === this.shade && this.close());
    this.shade.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.close();
      if (event.key === "Tab") keepFocusInside(this.panel, event);
    });
    this.draw();
    document.body.appendChild(this.shade);
    this.panel.focus();
  }

  close() {
    if (!this.shade) return;
    this.shade.remove();
    this.shade = null;
    if (this.state === "on_duty" || this.state === "off_duty") this.state = "ask";
    if (this.opener && document.contains(this.opener)) this.opener.focus({ preventScroll: true });
  }

  draw() {
    const text = this.state === "ask" ? "talk_text" : "talk_" + this.state;
    const canAsk = this.state === "ask";
    const helpDoor = this.state === "door" ? document.querySelector('a[href^="/s/help"]') : null;
    fill(this.panel, [
      make("h2", { id: "talk-title" }, say("talk_title")),
      make("p", { class: canAsk || this.state === "door" ? "" : "notice is-kind" }, say(text)),
      canAsk ? make("button", { type: "button", class: "main-button", onclick: () => this.ask() }, say("talk_send")) : null,
      helpDoor ? make("button", { type: "button", class: "main-button", onclick: () => helpDoor.click() }, say("help_link")) : null,
      hotlineCards(this.hotlines),
      make("button", { type: "button", class: "quiet-button", onclick: () => this.close() }, say("close")),
    ]);
  }

  ask() {
    this.show("sending");
    this.send();
  }

  // What became of the call: waiting, on_duty, off_duty.
  show(state) {
    const isNews = state !== this.state;
    this.state = state;
    this.button.dataset.state = state;
    if (isNews) announce(say("talk_" + state));
    if (!this.shade || !isNews) return;
    this.draw();
    this.panel.focus();
  }
}
