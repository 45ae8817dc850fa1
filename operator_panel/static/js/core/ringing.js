/** Sound and the browser's own notifications: of all tabs of the panel one rings, and none where one looks already. */

import {noticePath, noticeWords} from 'mostik/core/notices.js';

const NAME = 'mostik-notices';
/** What sounds one after another: pitch in Hz, how long each, the wave. @type {Record<string, {pitches: number[], seconds: number, wave: OscillatorType}>} */
const TONES = {
  bell: {pitches: [880, 1175], seconds: 0.12, wave: 'sine'},
  drop: {pitches: [1400, 1050, 700], seconds: 0.06, wave: 'sine'},
  knock: {pitches: [180, 180], seconds: 0.1, wave: 'triangle'},
};
/** The loudest gain, at a volume of 100. */
const LOUDEST = 0.24;

let leads = false;
let looksAt = '';
/** @type {Map<string, string>} what other tabs show to a person who looks */
const elsewhere = new Map();
const own = crypto.randomUUID();
const line = new BroadcastChannel(NAME);
/** @type {AudioContext|null} made at the first key or press: before it, browsers let nothing sound */
let audio = null;

line.onmessage = ({data}) => elsewhere.set(data.tab, data.looksAt);

/** Let the page sound: called at a key or a press of a person. */
export function prime() {
  audio ??= new AudioContext();
  audio.resume().catch(() => {});
}

/** @param {string} conversation '' for none: what the person has before his eyes in this tab */
export function looking(conversation) {
  const now = document.hasFocus() ? conversation : '';
  if (now === looksAt) return;
  looksAt = now;
  line.postMessage({tab: own, looksAt});
}

/** Take part in choosing the tab that rings; the next one takes over when it is closed. */
export function tendRinging() {
  navigator.locks?.request(NAME, () => {
    leads = true;
    return new Promise(() => {});
  });
  // This comes with the first sign of a person: the press that it came with is over.
  if (navigator.userActivation?.hasBeenActive) prime();
  for (const kind of ['pointerdown', 'keydown']) addEventListener(kind, prime, {once: true, capture: true});
  addEventListener('pagehide', () => line.postMessage({tab: own, looksAt: ''}));
}

/** @typedef {{sound: boolean, tone?: string, volume?: number}} Wishes */

/** A short sound. @param {Wishes} wishes @returns {boolean} could it sound */
export function chime({tone = 'bell', volume = 50}) {
  if (audio?.state !== 'running') return false;
  const {pitches, seconds, wave} = TONES[tone] ?? TONES.bell;
  pitches.forEach((pitch, index) => {
    const sound = /** @type {AudioContext} */ (audio);
    const [source, gain] = [sound.createOscillator(), sound.createGain()];
    const from = sound.currentTime + index * seconds;
    source.type = wave;
    source.frequency.value = pitch;
    gain.gain.setValueAtTime((LOUDEST * volume) / 100, from);
    gain.gain.exponentialRampToValueAtTime(0.0005, from + seconds * 2);
    source.connect(gain).connect(sound.destination);
    source.start(from);
    source.stop(from + seconds * 2);
  });
  return true;
}

/**
 * @param {import('mostik/core/notices.js').Notice} notice @param {Wishes} wishes
 * @param {(path: string) => void} go where a press on it leads
 */
export function ring(notice, wishes, go) {
  if (!leads || !notice.ways.includes('browser')) return;
  if (notice.conversation_id && [looksAt, ...elsewhere.values()].includes(notice.conversation_id)) return;
  if (wishes.sound) chime(wishes);
  document.documentElement.dataset.rang = notice.id;
  if (globalThis.Notification?.permission !== 'granted' || document.hasFocus()) return;
  // What a customer wrote is only text there: nothing of it is markup.
  const shown = new Notification(noticeWords(notice), {body: notice.text, tag: notice.conversation_id ?? notice.id, silent: true});
  shown.onclick = () => {
    focus();
    shown.close();
    go(noticePath(notice));
  };
}

/** @param {number} count on the application's own sign, where the system has one */
export function mark(count) {
  const done = count ? navigator.setAppBadge?.(count) : navigator.clearAppBadge?.();
  done?.catch(() => {});
}
