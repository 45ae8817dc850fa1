/** The middle pane of an article: its words from top to bottom, or its history. */

import {html, nothing} from 'lit-html';
import {live} from 'lit-html/directives/live.js';
import {avatar} from 'mostik/core/dom.js';
import {date} from 'mostik/core/format.js';
import {editionsTemplate} from 'mostik/kb/editions.js';
import {write} from 'mostik/kb/editor.js';
import {answerTemplate} from 'mostik/kb/editorAnswer.js';
import {bannersTemplate, editorHead} from 'mostik/kb/editorHead.js';
import {aboutTemplate, buttonsTemplate, filesTemplate} from 'mostik/kb/editorMore.js';
import {longUse, twinsTemplate, usedTemplate} from 'mostik/kb/editorUse.js';
import {wordingsTemplate} from 'mostik/kb/editorWordings.js';
import {faultId, faultLine, faultsAt, flagTemplate} from 'mostik/kb/words.js';

/** @typedef {import('mostik/kb/room.js').Room} Room */
/** @typedef {import('mostik/kb/editor.js').Edit} Edit */

/** @param {Room} room @param {Edit} edit */
function titleTemplate(room, edit) {
  const {t, rights} = room;
  const wrong = faultsAt(edit, 'title').length > 0;
  const flags = (edit.check?.flags ?? []).filter((flag) => flag.field === 'title');
  return html`<textarea
      class="kb-title"
      id="kb-title"
      dir="auto"
      data-testid="kb-title"
      rows="1"
      maxlength="300"
      ?readonly=${!rights.edit}
      ?autofocus=${!edit.row}
      aria-label=${t('kb.field.title')}
      aria-invalid=${wrong ? 'true' : nothing}
      aria-describedby=${wrong ? faultId('title') : nothing}
      placeholder=${t('kb.title_hint')}
      .value=${live(edit.content.title)}
      @input=${(/** @type {InputEvent} */ event) => write(room, {title: /** @type {HTMLTextAreaElement} */ (event.target).value.replace(/\n/g, ' ')})}
      @keydown=${(/** @type {KeyboardEvent} */ event) => {
        if (event.key !== 'Enter') return;
        event.preventDefault();
        document.getElementById('kb-answer')?.focus();
      }}
    ></textarea>
    ${faultLine(edit, 'title')} ${flags.length ? html`<p class="kb-flags">${flags.map((flag) => flagTemplate(flag))}</p>` : nothing}`;
}

/** @param {Room} room @param {Edit} edit */
function byline(room, edit) {
  const {t} = room;
  const {row} = edit;
  if (!row) return nothing;
  const signed = (row.next ?? row).signed;
  const name = signed?.name || t('kb.by_files');
  const at = signed?.at ?? row.updated_at;
  return html`<p class="kb-byline">
    ${avatar({id: signed?.id || name, name}, 'avatar-20')}<span>${name}</span>
    ${at ? html`<time datetime=${at}>${t('kb.changed_on', {date: date(at)})}</time>` : nothing}
    <span>${t('kb.edition_n', {n: row.edition})}</span>${longUse(room, edit.use?.usage)}<code>${row.id}</code>
  </p>`;
}

/** @param {Room} room @param {Edit} edit */
export function editorTemplate(room, edit) {
  const body = edit.editions
    ? editionsTemplate(room, edit)
    : html`${titleTemplate(room, edit)} ${byline(room, edit)} ${answerTemplate(room, edit)} ${wordingsTemplate(room, edit)}
      ${buttonsTemplate(room, edit)} ${filesTemplate(room, edit)} ${usedTemplate(room, edit)} ${aboutTemplate(room, edit)}`;
  return html`${editorHead(room, edit)}
    <article class="kb-body" data-testid="kb-article" data-id=${edit.row?.id ?? ''}>${bannersTemplate(room, edit)} ${edit.editions ? nothing : twinsTemplate(room, edit)} ${body}</article>`;
}
