/** Voices and music: one plays at a time, at the speed chosen last, until its conversation is left. */

import {html, nothing} from 'lit-html';
import {live} from 'lit-html/directives/live.js';
import {icon} from 'mostik/core/dom.js';
import {clock, kindWord, shownAs, sizeText} from 'mostik/core/files.js';
import {lang, t} from 'mostik/core/i18n.js';
import {addressOf} from 'mostik/inbox/attachments.js';
import {store} from 'mostik/inbox/desk.js';

/** @typedef {import('mostik/core/files.js').Attachment} Attachment */
/** @typedef {{id: string, playing: boolean, at: number, total: number, speed: number, failed: boolean}} Playing seconds */

const SPEEDS = [1, 1.5, 2];
const audio = new Audio();
let speed = 1;
/** @type {Playing|null} */
let playing = null;

/** @param {Partial<Playing>} change */
function tell(change) {
  if (!playing) return;
  playing = {...playing, ...change};
  store.dispatch({type: 'player'});
}

/** A recording of a browser tells no length: what the messenger said stays. */
const total = () => (Number.isFinite(audio.duration) && audio.duration > 0 ? {total: audio.duration} : {});

audio.addEventListener('loadedmetadata', () => tell(total()));
audio.addEventListener('timeupdate', () => tell({at: audio.currentTime, ...total()}));
audio.addEventListener('play', () => tell({playing: true, failed: false}));
audio.addEventListener('pause', () => tell({playing: false}));
audio.addEventListener('ended', () => tell({playing: false, at: 0}));
audio.addEventListener('error', () => tell({playing: false, failed: true}));
store.subscribe((event) => {
  if (!playing || !['thread.open', 'thread.close'].includes(event.type)) return;
  audio.pause();
  playing = null;
});

/** @param {Attachment[]} files @returns {Playing|number|null} what is drawn of them beside the files themselves */
export function playingOf(files) {
  if (files.some((file) => file.id === playing?.id)) return playing;
  return files.some((file) => shownAs(file) === 'sound') ? speed : null;
}

/** @param {Attachment} file */
function toggle(file) {
  if (playing?.id === file.id && !playing.failed) {
    if (audio.paused) audio.play().catch(() => tell({failed: true}));
    else audio.pause();
    return;
  }
  playing = {id: file.id, playing: false, at: 0, total: file.seconds, speed, failed: false};
  audio.src = addressOf(file);
  audio.playbackRate = speed;
  audio.play().catch(() => tell({failed: true}));
}

function faster() {
  speed = SPEEDS[(SPEEDS.indexOf(speed) + 1) % SPEEDS.length];
  audio.defaultPlaybackRate = speed;
  audio.playbackRate = speed;
  if (playing) tell({speed});
  else store.dispatch({type: 'player'});
}

/** @param {Event} event */
function seek(event) {
  audio.currentTime = Number(/** @type {HTMLInputElement} */ (event.target).value);
  tell({at: audio.currentTime});
}

/** @param {Attachment} file */
export function playerTemplate(file) {
  const now = playing?.id === file.id ? playing : null;
  const length = now?.total || file.seconds;
  const at = now?.at ?? 0;
  const word = kindWord(file.kind);
  const name = file.kind === 'audio' && file.name ? file.name : word;
  const left = length ? clock(length) : sizeText(file.size);
  const rate = new Intl.NumberFormat(lang()).format(speed);
  return html`<div class="player" role="group" aria-label=${`${name}, ${left}`} data-testid="player" data-playing=${now?.playing ? 'true' : 'false'}>
    <button class="player-key" aria-label=${t(now?.playing ? 'ui.player.pause' : 'ui.player.play')} @click=${() => toggle(file)}>
      ${icon(now?.playing ? 'pause' : 'play')}
    </button>
    <div class="player-body">
      ${file.kind === 'audio' && file.name ? html`<span class="file-name">${file.name}</span>` : nothing}
      <input
        type="range"
        min="0"
        max=${length || 1}
        step="0.1"
        aria-label=${t('ui.player.place')}
        aria-valuetext=${`${clock(at)} / ${left}`}
        ?disabled=${!now || !length}
        .value=${live(String(at))}
        @input=${seek}
      />
      ${now?.failed
        ? html`<span class="player-failed" role="alert">${t('ui.player.failed')}
            <a class="link" href=${addressOf(file)} download=${file.name || word}>${t('ui.files.download_short')}</a></span>`
        : nothing}
    </div>
    <span class="player-time">${now ? `${clock(at)} / ${left}` : left}</span>
    <button class="player-speed" aria-label=${t('ui.player.speed', {speed: rate})} @click=${faster}>${rate}×</button>
  </div>`;
}
