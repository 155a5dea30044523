// A pupil books an hour with the counsellor: comes in, taps a time, is done. Nothing stays on the device.

import { announce, fill, make, showFromTop } from "./dom.js";
import { TalkPanel } from "./talk.js";
import { chosen, field, guardPage, Message, openFields, takeClassCode, ticked, whoIs } from "./voice.js";
import { currentLanguage, onLanguage, say, startLanguageSwitch } from "./words.js";

const { hotlines } = JSON.parse(document.getElementById("paper").textContent);
const SAID = {
  booked: "hours_booked",
  cancelled: "hours_cancelled",
  taken: "hours_taken",
  too_many: "hours_too_many",
  waiting: "hours_waiting",
  left: "hours_left",
};
let who = null;
let shown = null;
let message = null;
let waiting = null;

// The school's own clock, as it was sent: that of the device may be wrong or of another place.
function dayWords(on) {
  const locale = currentLanguage() === "en" ? "en-GB" : "zh-CN";
  const day = { month: "long", day: "numeric", weekday: "short", timeZone: "UTC" };
  return new Date(on + "T12:00:00Z").toLocaleDateString(locale, day);
}

function timeWords(hour) {
  return dayWords(hour.at.slice(0, 10)) + " " + hour.at.slice(11) + "–" + hour.until.slice(11) + " · " + hour.room;
}

function cancel(hour) {
  message.send(Object.assign({}, who, { cancel: hour.id }));
}

function ownRow(hour) {
  return make("p", { class: "hour" }, [
    make("strong", {}, timeWords(hour)),
    make("button", { type: "button", class: "link-button", onclick: () => cancel(hour) }, say("hours_cancel")),
  ]);
}

function freeRow(hour) {
  return make("label", { class: "option" }, [
    make("input", { type: "radio", name: "slot", value: hour.id, autocomplete: "off" }),
    make("span", { class: "option-mark" }),
    make("span", { class: "option-text" }, timeWords(hour)),
  ]);
}

function draw() {
  const said = SAID[shown.said];
  field("said").hidden = !said;
  field("said").textContent = said ? say(said, { most: shown.most }) : "";
  field("own_part").hidden = !shown.own.length;
  fill(field("own_list"), shown.own.map(ownRow));
  const free = shown.free.length ? shown.free.map(freeRow) : [make("p", {}, say("hours_none"))];
  fill(field("free_list"), free);
  field("book_part").hidden = !shown.free.length;
  drawWaiting();
}

// Whoever waits sees it, changes what suits, or comes off the list; whoever does not can go on it.
function drawWaiting() {
  const waits = shown.waits;
  field("wait_title").textContent = waits ? say("hours_waits_title") : say("hours_wait_title");
  field("wait_since").hidden = !waits;
  field("wait_since").textContent = waits ? say("hours_waits_since", { day: dayWords(waits.since) }) : "";
  field("wait_leave").hidden = !waits;
  waiting.idleWord = waits ? "hours_wait_change" : "hours_wait_send";
  waiting.translate();
}

function tick(name, isTicked) {
  document.querySelectorAll('input[name="' + name + '"]').forEach((box) => (box.checked = isTicked(box.value)));
}

function takeWish(waits) {
  tick("wait_day", (day) => Boolean(waits) && waits.weekdays.includes(day));
  tick("wait_part", (part) => Boolean(waits) && waits.parts.split(" ").includes(part));
}

function show(reply) {
  shown = reply;
  field("entry").hidden = true;
  field("hours").hidden = false;
  if (shown.said === "booked") field("own_words").value = "";
  takeWish(shown.waits);
  field("wait_part").open = Boolean(shown.waits) || !shown.free.length;
  draw();
  if (!field("said").hidden) announce(field("said").textContent);
  showFromTop(document.getElementById("main"));
}

function startEntry() {
  const entry = new Message("/s/hours", field("enter"), "hours_enter", field("entry_message"), show);
  field("entry").addEventListener("submit", (event) => {
    event.preventDefault();
    who = whoIs();
    const missing = openFields([
      [who.class_code, "class_code"],
      [who.number, "number"],
      [who.pin, "pin"],
    ]);
    if (missing) entry.tell(missing);
    else entry.send(who);
  });
  return entry;
}

function startBooking() {
  message = new Message("/s/hours", field("send"), "hours_send", field("voice_message"), show);
  field("voice").addEventListener("submit", (event) => {
    event.preventDefault();
    const slot = chosen("slot");
    const missing = openFields([[slot, "hours_pick"]]);
    if (!missing) {
      message.send(Object.assign({}, who, { book: slot, reason: field("own_words").value.trim() }));
      return;
    }
    message.tell(missing);
    announce(field("voice_message").textContent);
  });
}

function startWaiting() {
  waiting = new Message("/s/hours", field("wait_send"), "hours_wait_send", field("wait_message"), show);
  field("wait_form").addEventListener("submit", (event) => {
    event.preventDefault();
    const wish = { weekdays: ticked("wait_day").join(""), parts: ticked("wait_part").join(" ") };
    waiting.send(Object.assign({}, who, { wait: true }, wish));
  });
  field("wait_leave").addEventListener("click", () => waiting.send(Object.assign({}, who, { leave: true })));
}

function start() {
  startLanguageSwitch();
  guardPage();
  const talk = new TalkPanel(hotlines, null);
  const entry = startEntry();
  startBooking();
  startWaiting();
  onLanguage(() => {
    entry.translate();
    message.translate();
    waiting.translate();
    if (shown) draw();
    if (talk.isOpen()) talk.draw();
  });
  takeClassCode();
}

start();
