// A committee member says how the class was. Who it is is asked first and stays in this page's memory alone.

import { announce, showFromTop } from "./dom.js";
import { TalkPanel } from "./talk.js";
import { chosen, drawDone, field, guardPage, Message, openFields, takeClassCode, ticked, whoIs } from "./voice.js";
import { currentLanguage, onLanguage, say, startLanguageSwitch } from "./words.js";

const { hotlines } = JSON.parse(document.getElementById("paper").textContent);
let who = null;
let week = null;
let done = null;

function dayWords(day) {
  const locale = currentLanguage() === "en" ? "en-GB" : "zh-CN";
  return new Date(day + "T12:00:00Z").toLocaleDateString(locale, { month: "long", day: "numeric", timeZone: "UTC" });
}

function drawWeek() {
  const dates = say("week_dates", { from: dayWords(week.from), until: dayWords(week.until) });
  field("week_dates").textContent = week.is_reported ? dates + " · " + say("week_again") : dates;
}

function openWeek(reply) {
  week = reply;
  field("entry").hidden = true;
  field("voice").hidden = false;
  drawWeek();
  showFromTop(document.getElementById("main"));
}

function hasWorry() {
  return chosen("worry") === "yes";
}

function showMate() {
  field("mate").hidden = !hasWorry();
  field("hurt_now").hidden = ticked("kind").indexOf("hurt") < 0;
}

function report() {
  const told = { mood: chosen("mood"), quarrels: chosen("quarrels"), load: chosen("load") };
  if (!hasWorry()) return told;
  const worry = {
    kinds: ticked("kind"),
    number: field("mate_number").value.trim(),
    who: field("mate_who").value.trim(),
    words: field("mate_words").value.trim(),
  };
  return Object.assign(told, { worry });
}

function missingFields() {
  const told = report();
  const open = [
    [told.mood, "mood"],
    [told.quarrels, "quarrels"],
    [told.load, "load"],
    [chosen("worry"), "worry"],
  ];
  if (told.worry) {
    open.push([told.worry.kinds.length, "kinds"], [told.worry.who || told.worry.number || told.worry.words, "who"]);
  }
  return openFields(open);
}

function drawReply() {
  drawDone(hotlines, done, "week_done", done.has_worry ? ["week_done_worry", "week_done_text"] : ["week_done_text"]);
}

function startEntry() {
  const entry = new Message("/s/week", field("enter"), "week_enter", field("entry_message"), openWeek);
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

function startReport() {
  const message = new Message("/s/week", field("send"), "week_send", field("voice_message"), (reply) => {
    done = Object.assign({ has_worry: hasWorry() }, reply);
    who = null;
    drawReply();
  });
  field("voice").addEventListener("change", showMate);
  field("voice").addEventListener("submit", (event) => {
    event.preventDefault();
    const missing = missingFields();
    if (!missing) {
      message.send(Object.assign({}, who, { report: report() }));
      return;
    }
    message.tell(missing);
    announce(field("voice_message").textContent);
  });
  return message;
}

function start() {
  startLanguageSwitch();
  guardPage();
  const talk = new TalkPanel(hotlines, null);
  const entry = startEntry();
  const message = startReport();
  onLanguage(() => {
    if (done) drawReply();
    else {
      entry.translate();
      message.translate();
      if (week) drawWeek();
    }
    if (talk.isOpen()) talk.draw();
  });
  takeClassCode();
}

start();
