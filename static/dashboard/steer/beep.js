/** Two short tones, made on the spot. A browser lets a page sound only after a touch or a key. */

const TONES = [
  { at: 0, hertz: 660 },
  { at: 0.14, hertz: 880 },
];
const TONE_SECONDS = 0.12;
const LOUDNESS = 0.12;

/** @type {AudioContext | null} */
let context = null;

/** To be called from a click or a key, so that the browser allows it from then on. */
export function allowSound() {
  context ??= new AudioContext();
  if (context.state === "suspended") context.resume().catch(() => undefined);
}

export function beep() {
  if (context?.state !== "running") return;
  for (const { at, hertz } of TONES) {
    const begin = context.currentTime + at;
    const tone = new OscillatorNode(context, { frequency: hertz });
    const gain = new GainNode(context, { gain: 0 });
    gain.gain.linearRampToValueAtTime(LOUDNESS, begin + 0.01);
    gain.gain.linearRampToValueAtTime(0, begin + TONE_SECONDS);
    tone.connect(gain).connect(context.destination);
    tone.start(begin);
    tone.stop(begin + TONE_SECONDS);
  }
}
