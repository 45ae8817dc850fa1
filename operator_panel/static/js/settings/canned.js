/** Canned replies: texts with variables and files, for oneself, for a team or for all. */

import {html, nothing} from 'lit-html';
import {icon} from 'mostik/core/dom.js';
import {newId} from 'mostik/core/ids.js';
import {choice, lines} from 'mostik/settings/form.js';
import {section, variables} from 'mostik/settings/kept.js';

/** @param {any} room @param {any} state @param {(files: any[]) => void} set @param {FileList} chosen */
async function attach(room, state, set, chosen) {
  for (const file of chosen) {
    try {
      const kept = await room.api.upload(file, file.name, newId(), () => {}, new AbortController().signal);
      set([...state.draft.attachments, {id: kept.id, name: kept.name}]);
    } catch (error) {
      room.complain(error);
    }
  }
}

/** @param {any} room @param {any} state @param {(files: any[]) => void} set */
function files(room, state, set) {
  const {t} = room;
  const {attachments} = state.draft;
  return html`<div class="st-field">
    <span class="sk-label">${t('settings.canned.files')}</span>
    <ul class="sk-files">${attachments.map(
      (/** @type {any} */ one) => html`<li>${icon('paperclip')}<span>${one.name}</span>${state.may
        ? html`<button type="button" class="icon-btn" aria-label=${t('settings.canned.file_remove', {name: one.name})} @click=${() => set(attachments.filter((/** @type {any} */ each) => each !== one))}>${icon('x')}</button>`
        : nothing}</li>`,
    )}</ul>
    ${state.may
      ? html`<label class="btn sk-attach">${icon('paperclip')}${t('settings.canned.file_add')}<input type="file" multiple class="listen-only" data-testid="canned-file"
          @change=${(/** @type {any} */ event) => attach(room, state, set, event.target.files)} /></label>`
      : nothing}
    ${state.errors.attachments ? html`<p class="st-error" role="alert">${state.errors.attachments}</p>` : nothing}
  </div>`;
}

export default section({
  name: 'canned',
  fields: ['text', 'language', 'attachments'],
  blank: {text: '', language: '', attachments: []},
  of: ({text, language, attachments}) => ({text, language, attachments: attachments.map((/** @type {any} */ one) => ({id: one.id, name: one.name}))}),
  words: (room, row) => row.text || row.attachments.map((/** @type {any} */ one) => one.name).join(', '),
  body: (room, state, set) => html`${lines({name: 'text', label: room.t('settings.canned.text'), value: state.draft.text, error: state.errors.text, rows: 6, most: 4096, disabled: !state.may, set: set('text')})}
    ${state.may ? variables(room, state.variables, 'f-text', set('text')) : nothing}
    ${files(room, state, set('attachments'))}
    ${choice({name: 'language', label: room.t('settings.canned.language'), value: state.draft.language, error: state.errors.language, disabled: !state.may, options: [['', room.t('settings.canned.language_any')], ['ru', 'Русский'], ['en', 'English']], set: set('language')})}`,
});
