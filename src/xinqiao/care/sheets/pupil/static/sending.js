// Everything that goes to the intake: one request, the outbox of what must arrive, and handing in.

const TIMEOUT_MS = 15000;
const BACK_OFF_SECONDS = [1, 2, 4, 8, 15, 30];

// status 0: no connection, or no answer in time.
export async function postJson(path, body, ticket, keepalive) {
  const abort = new AbortController();
  const timer = window.setTimeout(() => abort.abort(), TIMEOUT_MS);
  const headers = { "Content-Type": "application/json" };
  if (ticket) headers.Authorization = "Ticket " + ticket;
  try {
    const options = { method: "POST", headers, body: JSON.stringify(body), signal: abort.signal, cache: "no-store" };
    const response = await fetch(path, Object.assign(options, { credentials: "omit", keepalive: Boolean(keepalive) }));
    return { status: response.status, body: await response.json().catch(() => ({})) };
  } catch (unreachable) {
    return { status: 0, body: {} };
  } finally {
    window.clearTimeout(timer);
  }
}

function backOffSeconds(attempt) {
  return BACK_OFF_SECONDS[Math.min(attempt, BACK_OFF_SECONDS.length - 1)];
}

// Spreads a class that was turned away together.
function jittered(seconds) {
  return seconds + Math.random() * Math.min(2, seconds / 2);
}

// Critical answers and calls for talk: kept until the intake says "saved", in the order they were made.
export class Outbox {
  constructor(readTicket, onChange, onExpired) {
    this.readTicket = readTicket;
    this.onChange = onChange;
    this.onExpired = onExpired;
    this.letters = [];
    this.attempt = 0;
    this.isPushing = false;
    this.timer = 0;
    window.addEventListener("online", () => this.push());
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.push();
    });
  }

  restore(letters) {
    this.letters = letters.map((letter) => Object.assign({}, letter, { state: "waiting" }));
    this.push();
  }

  add(path, body) {
    const letter = { path, body, state: "sending" };
    this.letters.push(letter);
    this.onChange(letter);
    this.push();
    return letter;
  }

  unsent() {
    return this.letters.map(({ path, body }) => ({ path, body }));
  }

  forget() {
    window.clearTimeout(this.timer);
    this.letters = [];
  }

  async push() {
    window.clearTimeout(this.timer);
    if (this.isPushing || !this.letters.length) return;
    this.isPushing = true;
    const failure = await this.pushRound();
    this.isPushing = false;
    for (const letter of this.letters) if (failure) this.mark(letter, "waiting");
    this.planNext(failure);
  }

  // null, or the status that makes the rest of the round pointless
  async pushRound() {
    const refused = new Set();
    for (const letter of this.letters.slice()) {
      const place = [letter.path, letter.body.scale, letter.body.item].join("|");
      // a later answer to the same item never overtakes an earlier one
      if (refused.has(place)) continue;
      const answer = await postJson(letter.path, letter.body, this.readTicket(), true);
      if (answer.status === 200 && answer.body.saved) {
        this.settle(letter, answer.body);
        continue;
      }
      if (answer.status === 0 || answer.status === 401 || answer.status >= 500) return { status: answer.status };
      this.mark(letter, "waiting");
      refused.add(place);
    }
    return null;
  }

  mark(letter, state) {
    letter.state = state;
    this.onChange(letter, null);
  }

  settle(letter, reply) {
    letter.state = "sent";
    this.letters = this.letters.filter((other) => other !== letter);
    this.attempt = 0;
    this.onChange(letter, reply);
  }

  planNext(failure) {
    if (!this.letters.length) return;
    if (failure && failure.status === 401) {
      this.onExpired();
      return;
    }
    // one that came in while the others were on their way goes at once
    const isFresh = this.letters.some((letter) => letter.state === "sending");
    const seconds = isFresh ? 0 : jittered(backOffSeconds(this.attempt));
    this.attempt = isFresh ? this.attempt : this.attempt + 1;
    this.timer = window.setTimeout(() => this.push(), seconds * 1000);
  }
}

// Hands one fixed payload in until the intake answers. onState gets {name, seconds?, code?, receipt?}.
export class Submission {
  constructor(payload, readTicket, onState) {
    this.payload = payload;
    this.readTicket = readTicket;
    this.onState = onState;
    this.attempt = 0;
    this.isSending = false;
    this.timer = 0;
    this.onOnline = () => this.send();
    window.addEventListener("online", this.onOnline);
  }

  async send() {
    if (this.isSending) return;
    this.isSending = true;
    window.clearInterval(this.timer);
    this.onState({ name: "sending" });
    const answer = await postJson("/s/submit", this.payload, this.readTicket());
    this.isSending = false;
    this.judge(answer);
  }

  judge(answer) {
    const code = answer.body.code || String(answer.status);
    if (answer.status === 200 && answer.body.receipt) this.finish({ name: "done", receipt: answer.body });
    else if (answer.status === 401) this.finish({ name: "expired" });
    else if (code === "already_submitted") this.finish({ name: "already", receipt: answer.body });
    else if (answer.status === 409) this.finish({ name: "changed" });
    else if (answer.status === 0) this.waitAndSend("offline", backOffSeconds(this.attempt));
    else if (answer.status >= 500 || answer.status === 429) {
      this.waitAndSend("busy", Number(answer.body.retry_after) || backOffSeconds(this.attempt));
    } else this.finish({ name: "refused", code });
  }

  finish(state) {
    this.stop();
    this.onState(state);
  }

  stop() {
    window.clearInterval(this.timer);
    window.removeEventListener("online", this.onOnline);
  }

  waitAndSend(name, seconds) {
    this.attempt += 1;
    let left = Math.ceil(jittered(seconds));
    this.onState({ name, seconds: left });
    this.timer = window.setInterval(() => {
      left -= 1;
      if (left > 0) this.onState({ name, seconds: left });
      else this.send();
    }, 1000);
  }
}
