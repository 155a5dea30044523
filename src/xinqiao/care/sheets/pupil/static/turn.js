// A borrowed device that the pupils of a class use in turn. What is kept here knows a class code and a count, no pupil.

import { onDevice } from "./store.js";

const TURN_KEY = "xq-turn";
const MINUTES = [1, 2, 3, 5, 10];
const USUAL_MINUTES = 3; // ours: long enough to read a question twice, short enough for a queue
export const NEXT_AFTER_SECONDS = 45; // ours: to read the receipt and the help lines, and to copy the code

// {class_code, minutes, count}, or null where the device is one pupil's own.
export function currentTurn() {
  try {
    const kept = JSON.parse(onDevice.read(TURN_KEY));
    return kept && kept.class_code ? kept : null;
  } catch (damaged) {
    return null;
  }
}

function keep(turn) {
  onDevice.write(TURN_KEY, JSON.stringify(turn));
}

export function startTurn(classCode, minutes) {
  const known = currentTurn();
  const count = known && known.class_code === classCode ? known.count : 0;
  keep({ class_code: classCode, minutes: MINUTES.indexOf(minutes) >= 0 ? minutes : USUAL_MINUTES, count });
}

export function setMinutes(minutes) {
  const turn = currentTurn();
  if (turn) startTurn(turn.class_code, minutes);
}

export function minuteChoices() {
  return MINUTES;
}

export function endTurn() {
  onDevice.remove(TURN_KEY);
}

export function countHandedIn() {
  const turn = currentTurn();
  if (turn) keep(Object.assign({}, turn, { count: turn.count + 1 }));
}

// The minutes that the address asks for (?turn=2), USUAL_MINUTES for a bare ?turn, or 0 where it does not ask.
export function turnInAddress() {
  const asked = new URLSearchParams(window.location.search).get("turn");
  return asked === null ? 0 : Number(asked) || USUAL_MINUTES;
}
