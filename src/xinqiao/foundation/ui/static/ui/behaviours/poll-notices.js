// Asks the server for urgent notices, shows them in red, sounds, and says when they can no longer reach this page.
import { released } from "../hold-still.js";
import * as sound from "./two-tone.js";

const MAX_SECONDS = 15;
const REPLY_MS = 8000;
const SOUND_AGAIN_MS = 30000;

export function start(element) {
  new Watch(element).begin();
}

class Watch {
  constructor(element) {
    this.element = element;
    this.words = element.dataset;
    this.pageTitle = document.title;
    this.waiting = [];
    this.known = null;
    this.soundedAt = -Infinity;
    this.lostSince = null;
    this.isAsking = false;
    this.isTitleRed = false;
  }

  part(name) {
    return this.element.querySelector(`[data-part=${name}]`);
  }

  begin() {
    this.part("enable").addEventListener("click", () => this.allowSound(true));
    for (const gesture of ["click", "keydown"]) { // at the end of a press: what hides then moves nothing under a finger
      document.addEventListener(gesture, () => this.allowSound(false), { once: true });
    }
    document.addEventListener("visibilitychange", () => document.hidden || this.ask());
    window.addEventListener("online", () => this.ask());
    this.tick(Math.min(Number(this.words.seconds) || MAX_SECONDS, MAX_SECONDS) * 1000);
    setInterval(() => this.flashTitle(), 1000);
    this.allowSound(false);
    this.ask();
  }

  tick(everyMs) {
    try {
      this.worker = new Worker(new URL("./ticker.js", import.meta.url));
      this.worker.onmessage = () => this.ask();
      this.worker.onerror = () => setInterval(() => this.ask(), everyMs);
      this.worker.postMessage(everyMs);
    } catch {
      setInterval(() => this.ask(), everyMs);
    }
  }

  async ask() {
    if (this.isAsking) return;
    this.isAsking = true;
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), REPLY_MS);
    try {
      const reply = await fetch(this.words.url, {
        headers: { Accept: "application/json", "X-Requested-With": "XMLHttpRequest" },
        credentials: "same-origin", cache: "no-store", redirect: "manual", signal: stop.signal,
      });
      await this.take(reply);
    } catch {
      await this.lose(this.words.wordsLost);
    } finally {
      clearTimeout(timer);
      this.isAsking = false;
    }
  }

  async take(reply) {
    if (reply.status === 401 || reply.type === "opaqueredirect") return this.lose(this.words.wordsSignedOut);
    if (reply.status === 403) return this.lose(this.words.wordsForbidden);
    if (!reply.ok) return this.lose(this.words.wordsLost);
    const feed = await reply.json();
    await released();
    this.lostSince = null;
    this.part("lost").hidden = true;
    this.show(feed.notices);
  }

  async lose(words) {
    await released();
    this.lostSince = this.lostSince || new Date();
    const time = this.lostSince.toTimeString().slice(0, 5);
    this.say(this.part("lost").querySelector("span"), words.replace("{time}", time));
    this.part("lost").hidden = false;
  }

  show(notices) {
    this.waiting = notices.filter((notice) => !notice.is_acknowledged);
    this.showRows(this.part("list"));
    const words = this.waiting.length === 1 ? this.words.wordsWaitingOne : this.words.wordsWaiting;
    const headline = words.replace("{count}", this.waiting.length);
    this.say(this.part("headline").querySelector("strong"), headline);
    this.part("red").hidden = this.waiting.length === 0;
    const before = this.known || new Set();
    const fresh = this.waiting.some((notice) => !before.has(notice.id));
    const hasChanged = this.known !== null && (fresh || before.size !== this.waiting.length);
    this.known = new Set(this.waiting.map((notice) => notice.id));
    if (hasChanged) document.dispatchEvent(new CustomEvent("xq-notices-changed"));
    const isTimeAgain = performance.now() - this.soundedAt > SOUND_AGAIN_MS;
    if (this.waiting.length && (fresh || isTimeAgain)) this.sound();
    this.flashTitle();
  }

  // A row that stands already stays the same element: a finger or the keyboard may be on it.
  showRows(list) {
    const standing = new Map(Array.from(list.children, (item) => [item.dataset.notice, item]));
    const rows = this.waiting.map((notice) => this.fill(standing.get(String(notice.id)) || this.row(notice), notice));
    for (const item of standing.values()) if (!rows.includes(item)) item.remove();
    rows.forEach((item, place) => {
      if (list.children[place] !== item) list.insertBefore(item, list.children[place] || null);
    });
  }

  row(notice) {
    const item = document.createElement("li");
    item.dataset.notice = notice.id;
    item.append(document.createElement("a"), document.createElement("span"));
    return item;
  }

  fill(item, notice) {
    const [link, left] = item.children;
    link.href = notice.url;
    this.say(link, notice.title);
    left.hidden = !Number.isFinite(notice.minutes_left);
    const words = notice.minutes_left < 0 ? this.words.wordsOverdue : this.words.wordsLeft;
    this.say(left, left.hidden ? "" : words.replace("{count}", Math.abs(notice.minutes_left)));
    return item;
  }

  // A live region speaks on every change, so it is changed only when the words are others.
  say(place, words) {
    if (place.textContent !== words) place.textContent = words;
  }

  sound() {
    if (sound.play()) this.soundedAt = performance.now();
    else this.showSoundRow();
  }

  async allowSound(isAsked) {
    const allowed = await sound.allow();
    await released();
    this.showSoundRow();
    if (allowed && (isAsked || this.waiting.length)) this.sound();
  }

  showSoundRow() {
    this.part("sound").hidden = sound.isAllowed();
  }

  flashTitle() {
    this.isTitleRed = this.waiting.length > 0 && !this.isTitleRed;
    const words = this.words.wordsTitle.replace("{count}", this.waiting.length);
    document.title = this.isTitleRed ? words : this.pageTitle;
  }
}
