// The draft of one sitting on this device: veiled answers, what is still to be sent, where the pupil was.

import { onDevice } from "./store.js";
import { hide, randomBytes, reveal } from "./veil.js";

const PREFIX = "xq-draft:";
const EDITION = "1";
const KEPT_DAYS = 7;
const DAY_MS = 24 * 60 * 60 * 1000;

export function makeKey() {
  const bytes = randomBytes(16);
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

export function keepDraft(sitting, pad, content) {
  onDevice.write(PREFIX + sitting, [EDITION, Date.now(), hide(JSON.stringify(content), pad)].join("|"));
}

export function wipeDraft(sitting) {
  onDevice.remove(PREFIX + sitting);
}

function isStale(record) {
  const [edition, keptAt] = (record || "").split("|");
  const age = Date.now() - Number(keptAt);
  return edition !== EDITION || !(age <= KEPT_DAYS * DAY_MS);
}

// The content kept earlier, or null: none, too old, or not readable with this pad.
export function openDraft(sitting, pad) {
  const record = onDevice.read(PREFIX + sitting);
  if (!record || isStale(record)) return null;
  try {
    return JSON.parse(reveal(record.split("|")[2], pad));
  } catch (damaged) {
    return null;
  }
}

export function sweepOldDrafts() {
  for (const key of onDevice.keys()) {
    if (key.indexOf(PREFIX) === 0 && isStale(onDevice.read(key))) onDevice.remove(key);
  }
}
