// Who sits here in this tab: the ticket, the sitting and its pad, as long as the tab shows that pupil's page.

import { postJson } from "./sending.js";
import { inTab } from "./store.js";
import { forgetLanguage } from "./words.js";

const SESSION_KEY = "xq-session";
const RECEIPT_KEY = "xq-receipt";
const PAPER_ADDRESS = /^\/s\/paper\/[\w.-]+$/;
export const DOOR_ADDRESS = "/s/";
const FORM_ADDRESS = "/s/form";
const TEACHER_ADDRESS = "/screening/my-class/";

function readJson(key) {
  try {
    return JSON.parse(inTab.read(key));
  } catch (damaged) {
    return null;
  }
}

export function currentSession() {
  return readJson(SESSION_KEY);
}

export function keepSession(session) {
  inTab.write(SESSION_KEY, JSON.stringify(session));
}

export function endSession() {
  inTab.remove(SESSION_KEY);
  inTab.remove(RECEIPT_KEY);
}

export function keepReceipt(receipt) {
  inTab.write(RECEIPT_KEY, JSON.stringify(receipt));
}

export function currentReceipt() {
  return readJson(RECEIPT_KEY);
}

// Full-width digits and stray blanks come from Chinese keyboards.
export function tidied(typed) {
  return typed.normalize("NFKC").replace(/\s+/g, "");
}

// {status, body, session}: session only where the entry was given.
export async function enter(classCode, number, pin) {
  const answer = await postJson("/s/enter", { class_code: classCode, number, pin });
  if (answer.status !== 200) return answer;
  const given = answer.body;
  if (!given.ticket || !given.pad || !PAPER_ADDRESS.test(given.paper)) return { status: 502, body: { code: "entry" } };
  const session = Object.assign({}, given, { class_code: classCode, number });
  return { status: 200, body: given, session };
}

// A form about a pupil is entered by its code alone.
export async function enterForm(code) {
  const answer = await postJson("/s/enter-form", { code });
  if (answer.status !== 200) return answer;
  const given = answer.body;
  if (!given.ticket || !given.pad || !PAPER_ADDRESS.test(given.paper)) return { status: 502, body: { code: "entry" } };
  return { status: 200, body: given, session: given };
}

// Leaves nothing of whoever filled in a form; the class teacher comes back to the list of the class.
export function leaveForm(informant) {
  endSession();
  forgetLanguage();
  document.getElementById("main").textContent = "";
  window.location.replace(informant === "teacher" ? TEACHER_ADDRESS : FORM_ADDRESS);
}

// Leaves nothing of this pupil in the tab, and no page to come back to with the back button.
export function leaveForDoor(classCode) {
  endSession();
  forgetLanguage();
  document.getElementById("main").textContent = "";
  window.location.replace(DOOR_ADDRESS + (classCode ? encodeURIComponent(classCode) : ""));
}
