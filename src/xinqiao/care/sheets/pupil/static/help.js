// A pupil calls for someone.

import { announce } from "./dom.js";
import { TalkPanel } from "./talk.js";
import { chosen, drawDone, field, guardPage, Message, openFields, takeClassCode, whoIs } from "./voice.js";
import { onLanguage, startLanguageSwitch } from "./words.js";

const { hotlines } = JSON.parse(document.getElementById("paper").textContent);
let done = null;

function content() {
  return Object.assign(whoIs(), {
    about: chosen("about"),
    soon: chosen("soon"),
    is_hurt: field("is_hurt").checked,
    where: field("where").value.trim(),
    words: field("own_words").value.trim(),
  });
}

function drawReply() {
  const texts = [done.on_duty ? "help_done_on_duty" : "help_done_off_duty", "help_stay"];
  drawDone(hotlines, done, "help_done", texts);
}

function start() {
  startLanguageSwitch();
  guardPage();
  const talk = new TalkPanel(hotlines, null);
  const message = new Message("/s/call", field("send"), "help_send", field("voice_message"), (reply) => {
    done = reply;
    drawReply();
  });
  onLanguage(() => {
    if (done) drawReply();
    else message.translate();
    if (talk.isOpen()) talk.draw();
  });
  field("voice").addEventListener("submit", (event) => {
    event.preventDefault();
    const said = content();
    const missing = openFields([
      [said.about, "about"],
      [said.soon, "soon"],
      [said.class_code, "class_code"],
      [said.number, "number"],
      [said.pin, "pin"],
    ]);
    if (!missing) {
      message.send(said);
      return;
    }
    message.tell(missing);
    announce(field("voice_message").textContent);
  });
  takeClassCode();
}

start();
