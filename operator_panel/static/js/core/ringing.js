/** Sound and the browser's own notifications: of all tabs of the panel one rings, and none where one looks already. */

import {noticePath, noticeWords} from 'mostik/core/notices.js';

const NAME = 'mostik-notices';
const TONES = [880, 1175];
const TONE_SECONDS = 0.12;

let leads = false;
let looksAt = '';
/** @type {Map<string, string>} what other tabs show to a person who looks */
const elsewhere = new Map();
const own = crypto.randomUUID();
const line = new BroadcastChannel(NAME);
/** @type {AudioContext|null} made at the first key or press: before it, browsers let nothing sound */
let audio = null;

line.onmessage = ({data}) => elsewhere.set(data.tab, data.looksAt);

function prime() {
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
  for (const kind of ['pointerdown', 'keydown']) addEventListener(kind, prime, {once: true, capture: true});
  addEventListener('pagehide', () => line.postMessage({tab: own, looksAt: ''}));
}

/** A short sound of two tones. @returns {boolean} could it sound */
export function chime() {
  if (audio?.state !== 'running') return false;
  TONES.forEach((tone, index) => {
    const sound = /** @type {AudioContext} */ (audio);
    const [source, volume] = [sound.createOscillator(), sound.createGain()];
    const from = sound.currentTime + index * TONE_SECONDS;
    source.frequency.value = tone;
    volume.gain.setValueAtTime(0.12, from);
    volume.gain.exponentialRampToValueAtTime(0.001, from + TONE_SECONDS * 2);
    source.connect(volume).connect(sound.destination);
    source.start(from);
    source.stop(from + TONE_SECONDS * 2);
  });
  return true;
}

/**
 * @param {import('mostik/core/notices.js').Notice} notice @param {boolean} sound
 * @param {(path: string) => void} go where a press on it leads
 */
export function ring(notice, sound, go) {
  if (!leads || !notice.ways.includes('browser')) return;
  if (notice.conversation_id && [looksAt, ...elsewhere.values()].includes(notice.conversation_id)) return;
  if (sound) chime();
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
