/** A short sound for an answer: two tones, made here, so that nothing is fetched for it. */

/** @type {AudioContext|null} */
let context = null;

/** @param {number} pitch Hz @param {number} at seconds from now */
function tone(pitch, at) {
  if (!context) return;
  const from = context.currentTime + at;
  const [voice, volume] = [context.createOscillator(), context.createGain()];
  voice.frequency.value = pitch;
  volume.gain.setValueAtTime(0, from);
  volume.gain.linearRampToValueAtTime(0.12, from + 0.02);
  volume.gain.exponentialRampToValueAtTime(0.001, from + 0.35);
  voice.connect(volume).connect(context.destination);
  voice.start(from);
  voice.stop(from + 0.4);
}

export function ring() {
  context ??= new AudioContext();
  tone(660, 0);
  tone(880, 0.12);
}
