// The alarm: two tones, three times. Browsers keep it silent until the reader has clicked or typed once.
const TONES_HZ = [880, 660];
const TONE_S = 0.22;
const REPEATS = 3;

let context = null;

export function isAllowed() {
  return context !== null && context.state === "running";
}

export function isPossible() {
  return Boolean(window.AudioContext || window.webkitAudioContext);
}

// Resolves to whether sound may be heard now. A refused resume() stays pending for ever, so it is not waited for.
export async function allow() {
  if (!isPossible()) return false;
  context = context || new (window.AudioContext || window.webkitAudioContext)();
  context.resume().catch(() => undefined);
  await new Promise((resolve) => setTimeout(resolve, 150));
  return isAllowed();
}

export function play() {
  if (!isAllowed()) return false;
  for (let index = 0; index < TONES_HZ.length * REPEATS; index += 1) {
    tone(TONES_HZ[index % TONES_HZ.length], context.currentTime + index * TONE_S);
  }
  return true;
}

function tone(hertz, at) {
  const oscillator = context.createOscillator();
  const gain = context.createGain();
  oscillator.frequency.value = hertz;
  gain.gain.setValueAtTime(0.0001, at);
  gain.gain.exponentialRampToValueAtTime(0.35, at + 0.02);
  gain.gain.exponentialRampToValueAtTime(0.0001, at + TONE_S);
  oscillator.connect(gain).connect(context.destination);
  oscillator.start(at);
  oscillator.stop(at + TONE_S);
}
