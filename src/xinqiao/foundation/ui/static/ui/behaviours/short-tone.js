// One short low tone for a key that is no answer; silent where the browser gives no sound.
const HERTZ = 320;
const SECONDS = 0.12;

let context = null;

export function beep() {
  const Audio = window.AudioContext || window.webkitAudioContext;
  if (!Audio) return;
  context = context || new Audio();
  context.resume().catch(() => undefined);
  const oscillator = context.createOscillator();
  const gain = context.createGain();
  oscillator.frequency.value = HERTZ;
  gain.gain.setValueAtTime(0.15, context.currentTime);
  oscillator.connect(gain).connect(context.destination);
  oscillator.start();
  oscillator.stop(context.currentTime + SECONDS);
}
