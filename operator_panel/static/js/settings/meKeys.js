/** One's own keys, whether single letters work at all, and how the list of conversations looks. */

import {html} from 'lit-html';
import {keyName} from 'mostik/core/keys.js';
import {errorsOf, form} from 'mostik/settings/form.js';

const ROWS = ['two', 'dense', 'table'];
const COLUMNS = ['number', 'channel', 'team', 'priority', 'tags', 'created'];
const BARE = ['tab', 'escape', 'shift', 'control', 'alt', 'meta', 'enter', ' '];

/** @typedef {{keys: Record<string, string>, usual: Record<string, string>, letters: boolean, rows: string, columns: string[]}} Habits */

let kept = /** @type {Habits} */ ({keys: {}, usual: {}, letters: true, rows: 'two', columns: []});
let draft = kept;
let errors = /** @type {Record<string, string>} */ ({});
let busy = false;

/** @param {any} room */
async function open(room) {
  kept = await room.api.get('/me/habits');
  draft = kept;
  errors = {};
}

/** @param {any} room */
async function save(room) {
  busy = true;
  room.redraw();
  const {keys, letters, rows, columns} = draft;
  try {
    kept = await room.api.put('/me/habits', {keys, letters, rows, columns});
    draft = kept;
    errors = {};
    room.toast(room.t('settings.saved'));
  } catch (error) {
    errors = errorsOf(error, Object.keys(keys).map((does) => `keys.${does}`));
  }
  busy = false;
  room.redraw();
}

/** @param {string} key @returns {string} as people read it on their keyboard */
const written = (key) => key.split('+').map((part) => part[0].toUpperCase() + part.slice(1)).join(' ');

/** @param {any} room @param {string} does */
function line(room, does) {
  const {t} = room;
  const error = errors[`keys.${does}`];
  const set = (/** @type {string} */ key) => {
    draft = {...draft, keys: {...draft.keys, [does]: key}};
    room.redraw();
  };
  /** @param {KeyboardEvent} event */
  const press = (event) => {
    const name = keyName(event);
    if (BARE.some((key) => name.split('+').at(-1) === key)) return;
    event.preventDefault();
    event.stopPropagation();
    set(name);
  };
  const label = t(`keys.${does}`);
  return html`<div class="st-key">
    <span id="k-${does}">${label}</span>
    <input class="field st-key-field" id="f-keys.${does}" readonly aria-labelledby="k-${does}" aria-invalid=${error ? 'true' : 'false'} .value=${written(draft.keys[does])} @keydown=${press} />
    ${draft.keys[does] === draft.usual[does] ? '' : html`<button type="button" class="link" @click=${() => set(draft.usual[does])}>${t('settings.keys.usual', {key: written(draft.usual[does])})}</button>`}
    ${error ? html`<p class="st-error" role="alert">${error}</p>` : ''}
  </div>`;
}

/** @param {any} room */
function view(room) {
  const {t} = room;
  const put = (/** @type {Partial<Habits>} */ change) => {
    draft = {...draft, ...change};
    room.redraw();
  };
  const turned = (/** @type {string} */ name) => (draft.columns.includes(name) ? draft.columns.filter((one) => one !== name) : [...draft.columns, name]);
  return form({
    title: t('settings.keys.title'),
    testid: 'me-keys',
    busy,
    quiet: JSON.stringify(draft) === JSON.stringify(kept),
    save: () => save(room),
    body: html`<p class="st-hint">${t('settings.keys.lead')}</p>
      <label class="st-check"><input type="checkbox" .checked=${draft.letters} @change=${() => put({letters: !draft.letters})} />${t('settings.keys.letters')}</label>
      <div class="st-keys">${Object.keys(draft.usual).map((does) => line(room, does))}</div>
      <fieldset class="st-rows"><legend>${t('settings.keys.rows')}</legend>
        ${ROWS.map((rows) => html`<label class="st-check"><input type="radio" name="rows" .checked=${draft.rows === rows} @change=${() => put({rows})} />${t(`settings.keys.rows_${rows}`)}</label>`)}
      </fieldset>
      ${draft.rows === 'table'
        ? html`<fieldset class="st-rows"><legend>${t('settings.keys.columns')}</legend>
            ${COLUMNS.map((name) => html`<label class="st-check"><input type="checkbox" .checked=${draft.columns.includes(name)} @change=${() => put({columns: turned(name)})} />${t(`ui.column.${name}`)}</label>`)}
          </fieldset>`
        : ''}`,
  });
}

export default {open, view};
