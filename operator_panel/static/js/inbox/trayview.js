/** The tiles of what is attached: how far each is, why one was not taken; moved by keys, by buttons, by dragging. */

import {html, nothing} from 'lit-html';
import {repeat} from 'lit-html/directives/repeat.js';
import {icon} from 'mostik/core/dom.js';
import {glyphOf, isPicture, sizeText} from 'mostik/core/files.js';
import {t} from 'mostik/core/i18n.js';
import {addressOf} from 'mostik/inbox/attachments.js';
import {drawing} from 'mostik/inbox/desk.js';
import {move, refusal, remove, tray, tryAgain} from 'mostik/inbox/tray.js';

/** @typedef {import('mostik/inbox/uploads.js').Tile} Tile */
/** @typedef {import('mostik/core/drafts.js').Mode} Mode */
/** @typedef {{conversation: string, mode: Mode, tiles: Tile[]}} Place */

/** What a dragged tile is, so that the page does not take it for a file from outside. */
const TILE = 'application/x-mostik-tile';

/** @param {string} key @returns {HTMLElement|null} */
const tileAt = (key) => document.querySelector(`.tile[data-key="${CSS.escape(key)}"]`);

/** @param {Place} place @param {Tile} tile */
function takeAway(place, tile) {
  const at = place.tiles.indexOf(tile);
  const beside = place.tiles[at + 1] ?? place.tiles[at - 1];
  remove(place.conversation, place.mode, tile);
  drawing.now();
  (beside ? tileAt(beside.key) : document.getElementById('composer-text'))?.focus();
}

/** @param {Place} place @param {Tile} tile @param {number} step */
function shift(place, tile, step) {
  move(place.conversation, place.mode, tile, place.tiles.indexOf(tile) + step);
  drawing.now();
  tileAt(tile.key)?.focus();
}

/** @param {Place} place @param {Tile} tile @returns {(event: KeyboardEvent) => void} */
const onKey = (place, tile) => (event) => {
  if (event.target !== event.currentTarget) return;
  const step = {ArrowLeft: -1, ArrowRight: 1}[event.key] ?? 0;
  if (event.key === 'Delete' || event.key === 'Backspace') takeAway(place, tile);
  else if (step && event.altKey) shift(place, tile, step);
  else if (step) tileAt(place.tiles[place.tiles.indexOf(tile) + step]?.key ?? '')?.focus();
  else return;
  event.preventDefault();
};

/** @param {Place} place @param {Tile} tile */
const dragging = (place, tile) => ({
  start: (/** @type {DragEvent} */ event) => event.dataTransfer?.setData(TILE, tile.key),
  over: (/** @type {DragEvent} */ event) => {
    if (event.dataTransfer?.types.includes(TILE)) event.preventDefault();
  },
  drop: (/** @type {DragEvent} */ event) => {
    const moved = place.tiles.find((one) => one.key === event.dataTransfer?.getData(TILE));
    if (!moved) return;
    event.preventDefault();
    move(place.conversation, place.mode, moved, place.tiles.indexOf(tile));
  },
});

/** @param {Tile} tile @returns {string} how it is with it, in words */
function stateWords(tile) {
  if (tile.state === 'failed') return tile.reason;
  return tile.state === 'ready' ? sizeText(tile.file.size) : t('ui.tray.loading', {size: sizeText(tile.file.size)});
}

/** @param {Place} place @param {Tile} tile */
function movers({conversation, mode, tiles}, tile) {
  if (tiles.length < 2) return nothing;
  const at = tiles.indexOf(tile);
  const key = (/** @type {number} */ step, /** @type {string} */ glyph, /** @type {string} */ label) => html`<button
    type="button"
    class="tile-key tile-move"
    tabindex="-1"
    aria-label=${t(label, {name: tile.file.name})}
    ?disabled=${at + step < 0 || at + step >= tiles.length}
    @click=${() => move(conversation, mode, tile, at + step)}
  >
    ${icon(glyph)}
  </button>`;
  return html`${key(-1, 'chevron-left', 'ui.tray.earlier')}${key(1, 'chevron-right', 'ui.tray.later')}`;
}

/** @param {Place} place @param {Tile} tile */
function tileTemplate(place, tile) {
  const {file, state} = tile;
  const words = stateWords(tile);
  const shown = addressOf(file) && isPicture(file.mime) && !(state === 'failed' && tile.lasting);
  const going = state === 'waiting' || state === 'uploading';
  const drag = dragging(place, tile);
  return html`<li
    class="tile tile-${state}"
    data-testid="tile"
    data-key=${tile.key}
    data-state=${state}
    tabindex="0"
    draggable="true"
    aria-label=${`${file.name}, ${words}`}
    aria-keyshortcuts="Delete Alt+ArrowLeft Alt+ArrowRight"
    @keydown=${onKey(place, tile)}
    @dragstart=${drag.start}
    @dragover=${drag.over}
    @drop=${drag.drop}
  >
    <span class="tile-face"
      >${shown ? html`<img src=${addressOf(file)} width="40" height="40" alt="" draggable="false" />` : icon(glyphOf(file.kind) || 'file-text')}</span
    >
    <span class="tile-words">
      <span class="file-name" title=${file.name}>${file.name}</span>
      ${going
        ? html`<progress max="1" .value=${tile.progress} aria-label=${t('ui.tray.progress', {name: file.name})}></progress>`
        : html`<span class="tile-state">${words}</span>`}
    </span>
    ${state === 'failed' && !tile.lasting
      ? html`<button type="button" class="link" @click=${() => tryAgain(place.conversation, place.mode, tile)}>${t('ui.retry')}</button>`
      : nothing}
    <span class="tile-keys"
      >${movers(place, tile)}<button
        type="button"
        class="tile-key"
        aria-label=${t('ui.tray.remove', {name: file.name})}
        @click=${() => takeAway(place, tile)}
      >
        ${icon('x')}
      </button></span
    >
  </li>`;
}

/** @param {string} conversation @param {Mode} mode */
export function trayTemplate(conversation, mode) {
  const tiles = tray(conversation, mode);
  if (!tiles.length) return nothing;
  const failed = tiles.some((tile) => tile.state === 'failed');
  const problem = refusal(conversation, mode) || (failed ? t('ui.tray.blocked') : '');
  return html`<div class="tray">
    <ul class="tiles" aria-label=${t('ui.tray.label')}>
      ${repeat(tiles, (tile) => tile.key, (tile) => tileTemplate({conversation, mode, tiles}, tile))}
    </ul>
    ${problem ? html`<p class="tray-problem" role="alert">${icon('triangle-alert')}${problem}</p>` : nothing}
  </div>`;
}
