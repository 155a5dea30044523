// The warm card a child sees at once after a critical answer. It never blocks and never alarms.

import { make } from "./dom.js";
import { hotlineCards } from "./talk.js";
import { say } from "./words.js";

const STATUS_WORDS = { sending: "care_sending", waiting: "care_waiting", sent: "care_sent" };

export class CareCard {
  constructor(hotlines, onTalk, onGoOn) {
    this.state = "sending";
    this.status = make("p", { class: "care-status" });
    this.element = make("aside", { class: "care-card", "aria-label": say("care_title") }, [
      make("h2", {}, say("care_title")),
      make("p", {}, say("care_text")),
      make("p", { class: "care-calls" }, say("care_calls")),
      hotlineCards(hotlines.slice(0, 2)),
      this.status,
      make("div", { class: "button-row" }, [
        make("button", { type: "button", class: "talk-button", onclick: onTalk }, say("care_talk")),
        make("button", { type: "button", class: "main-button", onclick: onGoOn }, say("care_on")),
      ]),
    ]);
    this.show("sending");
  }

  show(state) {
    this.state = state;
    this.status.textContent = say(STATUS_WORDS[state]);
    this.status.dataset.state = state;
  }
}
