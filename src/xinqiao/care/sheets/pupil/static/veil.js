// Hides a text from whoever reads this computer's storage without the pad, which only a right PIN brings back.
// crypto.subtle needs a secure context, so SHA-256 is written out: keystream block i = SHA-256("veil" nonce i pad).
// A fresh nonce for every write: two drafts under the same pad share no keystream. The mark tells a wrong pad.

const NONCE_BYTES = 16;
const MARK_BYTES = 8;
const STEP_BYTES = 1024; // texts are filled up to steps, so that the length tells little

function fractionalBits(primeCount, root) {
  const found = [];
  for (let n = 2; found.length < primeCount; n += 1) {
    let isPrime = true;
    for (let d = 2; d * d <= n; d += 1) if (n % d === 0) isPrime = false;
    if (!isPrime) continue;
    const value = Math.pow(n, 1 / root);
    found.push(((value - Math.floor(value)) * 0x100000000) | 0);
  }
  return found;
}

const ROUNDS = fractionalBits(64, 3);
const START = fractionalBits(8, 2);

function turn(word, bits) {
  return (word >>> bits) | (word << (32 - bits));
}

function paddedWords(bytes) {
  const length = ((bytes.length + 8) >> 6) + 1;
  const padded = new DataView(new ArrayBuffer(length * 64));
  for (let i = 0; i < bytes.length; i += 1) padded.setUint8(i, bytes[i]);
  padded.setUint8(bytes.length, 0x80);
  padded.setUint32(length * 64 - 4, bytes.length * 8);
  return padded;
}

function mixBlock(state, view, offset, schedule) {
  for (let i = 0; i < 16; i += 1) schedule[i] = view.getUint32(offset + i * 4) | 0;
  for (let i = 16; i < 64; i += 1) {
    const a = schedule[i - 15];
    const b = schedule[i - 2];
    const s0 = turn(a, 7) ^ turn(a, 18) ^ (a >>> 3);
    const s1 = turn(b, 17) ^ turn(b, 19) ^ (b >>> 10);
    schedule[i] = (schedule[i - 16] + s0 + schedule[i - 7] + s1) | 0;
  }
  let [a, b, c, d, e, f, g, h] = state;
  for (let i = 0; i < 64; i += 1) {
    const choice = (e & f) ^ (~e & g);
    const t1 = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + choice + ROUNDS[i] + schedule[i]) | 0;
    const t2 = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + t1) | 0, c, b, a, (t1 + t2) | 0];
  }
  return [a, b, c, d, e, f, g, h].map((word, i) => (word + state[i]) | 0);
}

export function sha256(bytes) {
  const view = paddedWords(bytes);
  const schedule = new Int32Array(64);
  let state = START;
  for (let offset = 0; offset < view.byteLength; offset += 64) state = mixBlock(state, view, offset, schedule);
  const digest = new DataView(new ArrayBuffer(32));
  state.forEach((word, i) => digest.setInt32(i * 4, word));
  return new Uint8Array(digest.buffer);
}

function joined(parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

const encode = (text) => new TextEncoder().encode(text);

export function toBase64(bytes) {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return window.btoa(text);
}

export function fromBase64(text) {
  const plain = window.atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

export function randomBytes(count) {
  return window.crypto.getRandomValues(new Uint8Array(count));
}

function crossed(bytes, pad, nonce) {
  const out = new Uint8Array(bytes.length);
  const counter = new DataView(new ArrayBuffer(4));
  for (let offset = 0; offset < bytes.length; offset += 32) {
    counter.setUint32(0, offset / 32);
    const stream = sha256(joined([encode("veil"), nonce, new Uint8Array(counter.buffer), pad]));
    for (let i = offset; i < Math.min(offset + 32, bytes.length); i += 1) out[i] = bytes[i] ^ stream[i - offset];
  }
  return out;
}

function markOf(pad, nonce, hidden) {
  return sha256(joined([encode("mark"), nonce, sha256(hidden), pad])).slice(0, MARK_BYTES);
}

export function hide(text, pad) {
  const bytes = encode(text);
  const filled = new Uint8Array(Math.ceil((bytes.length + 1) / STEP_BYTES) * STEP_BYTES).fill(0x20);
  filled.set(bytes);
  const nonce = randomBytes(NONCE_BYTES);
  const hidden = crossed(filled, pad, nonce);
  return toBase64(joined([nonce, markOf(pad, nonce, hidden), hidden]));
}

// The text, or null under a wrong pad or after damage.
export function reveal(veiled, pad) {
  const bytes = fromBase64(veiled);
  const nonce = bytes.slice(0, NONCE_BYTES);
  const mark = bytes.slice(NONCE_BYTES, NONCE_BYTES + MARK_BYTES);
  const hidden = bytes.slice(NONCE_BYTES + MARK_BYTES);
  const expected = markOf(pad, nonce, hidden);
  if (mark.length !== MARK_BYTES || !expected.every((byte, i) => byte === mark[i])) return null;
  return new TextDecoder().decode(crossed(hidden, pad, nonce)).trim();
}
