/** The rest of an article: buttons under the answer, files, whom it belongs to, when it is in force. */

import {html, nothing} from 'lit-html';
import {guard} from 'lit-html/directives/guard.js';
import {live} from 'lit-html/directives/live.js';
import {repeat} from 'lit-html/directives/repeat.js';
import {icon} from 'mostik/core/dom.js';
import {sizeText} from 'mostik/core/files.js';
import {known} from 'mostik/core/i18n.js';
import {newId} from 'mostik/core/ids.js';
import {problemText} from 'mostik/core/toasts.js';
import {write} from 'mostik/kb/editor.js';
import {focusSoon, keepFocus} from 'mostik/kb/pieces.js';
import {api} from 'mostik/kb/room.js';
import {faultId, faultLine, faultsAt, flagTemplate} from 'mostik/kb/words.js';

/** @typedef {import('mostik/kb/room.js').Room} Room */
/** @typedef {import('mostik/kb/editor.js').Edit} Edit */

const BUTTONS = 6;
const FILES = 10;

/** @param {Event} event @returns {string} */
const value = (event) => /** @type {HTMLInputElement} */ (event.target).value;

/** @param {Room} room @param {Edit} edit @param {any} one @param {object} change */
function changeButton(room, edit, one, change) {
  write(room, {buttons: edit.content.buttons.map((other) => (other.key === one.key ? {...other, ...change} : other))});
}

/** @type {{rows: any[], titles: Map<string, string>, ids: Map<string, string>}} */
let called = {rows: [], titles: new Map(), ids: new Map()};

/** @param {Room} room @returns {typeof called} how each article is called in a field, by its id: its title, where no other has the same; and back */
function names(room) {
  const {rows} = room.state.articles;
  if (called.rows === rows) return called;
  const ids = new Map();
  for (const {id, title} of rows) ids.set(title, ids.has(title) ? '' : id);
  const titles = new Map(rows.map((/** @type {any} */ {id, title}) => [id, title && ids.get(title) === id ? title : id]));
  called = {rows, titles, ids};
  return called;
}

/** @param {Room} room @param {Edit} edit @param {any} one where a button leads */
function targetField(room, edit, one) {
  const {t, rights} = room;
  const place = `buttons/${one.key}.url`;
  const article = one.kind === 'article';
  // While it is written it stands as it is written.
  const typed = (/** @type {Event} */ event) => changeButton(room, edit, one, article ? {typed: value(event), value: names(room).ids.get(value(event).trim()) || value(event)} : {value: value(event)});
  return html`<input class="field" ?readonly=${!rights.edit} list=${article ? 'kb-articles' : nothing} inputmode=${article ? nothing : 'url'}
    placeholder=${t(`kb.button.${one.kind}_hint`)} aria-label=${t(`kb.button.${one.kind}_hint`)} aria-invalid=${faultsAt(edit, place).length ? 'true' : nothing}
    aria-describedby=${faultId(place)} .value=${live(article ? (one.typed ?? names(room).titles.get(one.value) ?? one.value) : one.value)} @input=${typed}
    @blur=${() => one.typed !== undefined && changeButton(room, edit, one, {typed: undefined})} />`;
}

/** @param {Room} room @param {Edit} edit @param {any} one */
function dropButton(room, edit, one) {
  const back = keepFocus('[data-testid="kb-button"]');
  write(room, {buttons: edit.content.buttons.filter((other) => other.key !== one.key)});
  back();
}

/** @param {Room} room @param {Edit} edit @param {any} one @param {number} at */
function buttonTemplate(room, edit, one, at) {
  const {t, rights} = room;
  const place = `buttons/${one.key}`;
  const readonly = !rights.edit;
  return html`<li class="kb-button" data-testid="kb-button">
    <input class="field" maxlength="40" ?readonly=${readonly} placeholder=${t('kb.button_text')} aria-label=${t('kb.button_text_n', {n: at + 1})}
      aria-invalid=${faultsAt(edit, `${place}.text`).length ? 'true' : nothing} aria-describedby=${faultId(`${place}.text`)}
      .value=${live(one.text)} @input=${(/** @type {Event} */ event) => changeButton(room, edit, one, {text: value(event)})} />
    <select class="field" ?disabled=${readonly} aria-label=${t('kb.button_kind')} @change=${(/** @type {Event} */ event) => changeButton(room, edit, one, {kind: value(event), value: '', typed: undefined})}>
      ${['person', 'article', 'url'].map((kind) => html`<option value=${kind} ?selected=${one.kind === kind}>${t(`kb.button.${kind}`)}</option>`)}
    </select>
    ${one.kind === 'person'
      ? nothing
      : targetField(room, edit, one)}
    ${rights.edit
      ? html`<button class="icon-btn" aria-label=${t('kb.button_drop', {n: at + 1})} @click=${() => dropButton(room, edit, one)}>${icon('x')}</button>`
      : nothing}
    ${faultLine(edit, `${place}.text`)} ${faultLine(edit, `${place}.url`)}
  </li>`;
}

/** @param {Room} room @param {Edit} edit */
export function buttonsTemplate(room, edit) {
  const {t, rights} = room;
  const {buttons} = edit.content;
  const lost = (edit.check?.flags ?? []).filter((flag) => flag.field === 'buttons');
  const add = () => {
    write(room, {buttons: [...buttons, {key: newId(), text: '', kind: 'person', value: ''}]});
    focusSoon(() => document.querySelector('[data-testid="kb-button"]:last-child input'));
  };
  if (!buttons.length && !rights.edit) return nothing;
  return html`<section class="kb-part" aria-labelledby="kb-buttons-title">
    <header>
      <h2 id="kb-buttons-title">${t('kb.field.buttons_title')} <span class="count">${buttons.length || ''}</span></h2>
      ${rights.edit ? html`<button class="btn btn-small" ?disabled=${buttons.length >= BUTTONS} @click=${add}>${icon('plus')}${t('kb.button_add')}</button>` : nothing}
    </header>
    ${buttons.length ? html`<ul>${repeat(buttons, (one) => one.key, (one, at) => buttonTemplate(room, edit, one, at))}</ul>` : nothing}
    ${faultLine(edit, 'buttons')} ${lost.length ? html`<p class="kb-flags">${lost.map((flag) => flagTemplate(flag))}</p>` : nothing}
    <datalist id="kb-articles">${guard([room.state.articles.rows], () => room.state.articles.rows.map((/** @type {any} */ row) => html`<option value=${names(room).titles.get(row.id)}></option>`))}</datalist>
  </section>`;
}

/** @param {Room} room @param {Edit} edit @param {File} file */
async function upload(room, edit, file) {
  const tile = {key: newId(), name: file.name, share: 0, reason: ''};
  edit.uploads = [...edit.uploads, tile];
  room.redraw();
  const told = (/** @type {number} */ share) => ((tile.share = share), room.redraw());
  try {
    if (file.size > room.files.limit) throw {status: 413};
    const kept = await api.upload(file, file.name, tile.key, told, new AbortController().signal);
    edit.uploads = edit.uploads.filter((one) => one !== tile);
    if (room.state.articles.edit === edit) write(room, {files: [...edit.content.files.filter((one) => one.id !== kept.id), kept]});
  } catch (error) {
    tile.reason = fileFault(room, error);
    room.redraw();
  }
}

/** @param {Room} room @param {any} error @returns {string} why a file was not taken */
function fileFault(room, error) {
  if (error.status === 413) return room.t('ui.file_problem.file_too_big', {limit: sizeText(room.files.limit)});
  const key = `ui.file_problem.${error.body?.errors?.[0]?.code ?? ''}`;
  return known(key) ? room.t(key) : problemText(error);
}

/** @param {Room} room @param {Edit} edit @param {FileList|null|undefined} files */
function take(room, edit, files) {
  for (const file of [...(files ?? [])].slice(0, FILES - edit.content.files.length)) upload(room, edit, file);
}

/** @param {Room} room @param {Edit} edit */
function fileRows(room, edit) {
  const {t, rights} = room;
  return html`${edit.content.files.map(
    (file) => html`<li class="kb-file" data-testid="kb-file">
      ${icon(file.mime.startsWith('image/') ? 'image' : 'file-text')}<a href=${file.url} target="_blank" rel="noopener">${file.name || t('kb.file')}</a><span class="count">${sizeText(file.size)}</span>
      ${rights.edit
        ? html`<button class="icon-btn" aria-label=${t('kb.file_drop', {name: file.name})} @click=${() => write(room, {files: edit.content.files.filter((one) => one !== file)})}>${icon('x')}</button>`
        : nothing}
    </li>`,
  )}${edit.uploads.map(
    (tile) => html`<li class="kb-file">
      ${icon('file-text')}<span>${tile.name}</span>
      ${tile.reason ? html`<span class="kb-fault" role="alert">${tile.reason}</span>` : html`<progress max="1" value=${tile.share} aria-label=${tile.name}></progress>`}
      ${tile.reason
        ? html`<button class="icon-btn" aria-label=${t('kb.file_drop', {name: tile.name})} @click=${() => ((edit.uploads = edit.uploads.filter((one) => one !== tile)), room.redraw())}>${icon('x')}</button>`
        : nothing}
    </li>`,
  )}`;
}

/** @param {Room} room @param {Edit} edit */
export function filesTemplate(room, edit) {
  const {t, rights} = room;
  const {files} = edit.content;
  if (!files.length && !rights.edit) return nothing;
  const choose = (/** @type {Event} */ event) => {
    const field = /** @type {HTMLInputElement} */ (event.target);
    take(room, edit, field.files);
    field.value = '';
  };
  const onDrop = (/** @type {DragEvent} */ event) => {
    event.preventDefault();
    if (rights.edit) take(room, edit, event.dataTransfer?.files);
  };
  return html`<section class="kb-part" aria-labelledby="kb-files-title" @dragover=${(/** @type {Event} */ event) => event.preventDefault()} @drop=${onDrop}>
    <header>
      <h2 id="kb-files-title">${t('kb.field.files')} <span class="count">${files.length || ''}</span></h2>
      ${rights.edit
        ? html`<label class="btn btn-small kb-choose">${icon('paperclip')}${t('kb.file_add')}<input type="file" multiple class="listen-only" ?disabled=${files.length >= FILES} @change=${choose} /></label>`
        : nothing}
    </header>
    ${files.length || edit.uploads.length ? html`<ul>${fileRows(room, edit)}</ul>` : nothing} ${faultLine(edit, 'files')}
  </section>`;
}

/** @param {string|null} iso @returns {string} as a field of local time takes it */
function localTime(iso) {
  if (!iso) return '';
  const date = new Date(iso);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** @param {Room} room @param {Edit} edit @param {'valid_from'|'valid_until'} name */
function timeField(room, edit, name) {
  const change = (/** @type {Event} */ event) => write(room, {[name]: value(event) ? new Date(value(event)).toISOString() : null});
  return html`<div class="kb-field">
    <label for="kb-${name}">${room.t(`kb.field.${name}`)}</label>
    <input class="field" type="datetime-local" id="kb-${name}" ?readonly=${!room.rights.edit} aria-invalid=${faultsAt(edit, name).length ? 'true' : nothing}
      aria-describedby="kb-zone ${faultId(name)}" .value=${localTime(edit.content[name])} @change=${change} />
    ${faultLine(edit, name)}
  </div>`;
}

/** @param {Room} room @param {Edit} edit @param {HTMLInputElement} field */
function addTags(room, edit, field) {
  const found = field.value.split(',').map((tag) => tag.trim()).filter(Boolean);
  if (!found.length) return;
  field.value = '';
  write(room, {tags: [...new Set([...edit.content.tags, ...found])]});
}

/** @param {Room} room @param {Edit} edit */
function tagsField(room, edit) {
  const {t, rights} = room;
  const {tags} = edit.content;
  const onKey = (/** @type {KeyboardEvent} */ event) => {
    const field = /** @type {HTMLInputElement} */ (event.target);
    if (event.key === 'Enter' || event.key === ',') {
      event.preventDefault();
      addTags(room, edit, field);
    } else if (event.key === 'Backspace' && !field.value && tags.length) write(room, {tags: tags.slice(0, -1)});
  };
  return html`<div class="kb-field kb-field-wide">
    <label for="kb-tags">${t('kb.field.tags')}</label>
    <div class="field kb-tags">
      ${tags.map(
        (tag) => html`<span class="chip">${tag}${rights.edit
          ? html`<button aria-label=${t('kb.tag_drop', {tag})} @click=${() => write(room, {tags: tags.filter((one) => one !== tag)})}>${icon('x')}</button>`
          : nothing}</span>`,
      )}
      ${rights.edit
        ? html`<input id="kb-tags" maxlength="40" list="kb-known-tags" autocomplete="off" placeholder=${tags.length ? '' : t('kb.tags_hint')} @keydown=${onKey}
            @blur=${(/** @type {Event} */ event) => addTags(room, edit, /** @type {HTMLInputElement} */ (event.target))} />`
        : html`<input id="kb-tags" class="listen-only" readonly .value=${tags.join(', ')} />`}
    </div>
    ${faultLine(edit, 'tags')}
  </div>`;
}

/** @param {Room} room @param {string} name @returns {string[]} values other articles have */
export function knownValues(room, name) {
  const found = room.state.articles.rows.flatMap((/** @type {any} */ row) => (name === 'tags' ? row.tags : row.team ? [row.team] : []));
  return [...new Set(/** @type {string[]} */ (found))].sort((a, b) => a.localeCompare(b));
}

/** @param {Room} room @param {Edit} edit */
export function aboutTemplate(room, edit) {
  const {t, rights} = room;
  const {content} = edit;
  const names = new Intl.DisplayNames(room.lang, {type: 'language'});
  const langs = [...new Set(['ru', 'en', content.lang].filter(Boolean))];
  return html`<section class="kb-part kb-about" aria-labelledby="kb-about-title">
    <header><h2 id="kb-about-title">${t('kb.about')}</h2></header>
    <div class="kb-fields">
      ${tagsField(room, edit)}
      <div class="kb-field">
        <label for="kb-team">${t('kb.field.team')}</label>
        <input class="field" id="kb-team" maxlength="64" list="kb-known-teams" autocomplete="off" ?readonly=${!rights.edit} placeholder=${t('kb.team_hint')}
          .value=${live(content.team)} @input=${(/** @type {Event} */ event) => write(room, {team: value(event)})} />
        ${faultLine(edit, 'team')}
      </div>
      <div class="kb-field">
        <label for="kb-lang">${t('kb.field.lang')}</label>
        <select class="field" id="kb-lang" ?disabled=${!rights.edit} @change=${(/** @type {Event} */ event) => write(room, {lang: value(event)})}>
          ${['', ...langs].map((lang) => html`<option value=${lang} ?selected=${content.lang === lang}>${lang ? names.of(lang) : t('kb.any_language')}</option>`)}
        </select>
        ${faultLine(edit, 'lang')}
      </div>
      ${timeField(room, edit, 'valid_from')} ${timeField(room, edit, 'valid_until')}
      <p class="kb-zone" id="kb-zone">${t('kb.zone', {zone: Intl.DateTimeFormat().resolvedOptions().timeZone})}</p>
    </div>
    ${guard([room.state.articles.rows], () => html`<datalist id="kb-known-tags">${knownValues(room, 'tags').map((tag) => html`<option value=${tag}></option>`)}</datalist>
      <datalist id="kb-known-teams">${knownValues(room, 'team').map((team) => html`<option value=${team}></option>`)}</datalist>`)}
  </section>`;
}
