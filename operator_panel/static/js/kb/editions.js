/** How an article stood: who wrote what when, what changed, and the way back. */

import {html, nothing} from 'lit-html';
import {repeat} from 'lit-html/directives/repeat.js';
import {avatar, icon} from 'mostik/core/dom.js';
import {date, time} from 'mostik/core/format.js';
import {act, pathOf, save} from 'mostik/kb/editor.js';
import {fieldText} from 'mostik/kb/words.js';

/** @typedef {import('mostik/kb/room.js').Room} Room */
/** @typedef {import('mostik/kb/editor.js').Edit} Edit */

const PAGE = 20;

/** Show or put away the history of the article that is open. @param {Room} room */
export async function showEditions(room) {
  const {edit} = room.state.articles;
  if (edit.editions) {
    edit.editions = null;
    room.redraw();
    return;
  }
  await save(room);
  edit.editions = {items: [], next: null, chosen: null, against: 'before', changes: null};
  await more(room, edit);
  const first = edit.row.next ? 'draft' : edit.editions?.items[0]?.number;
  if (first) await choose(room, edit, first);
}

/** @param {Room} room @param {Edit} edit */
async function more(room, edit) {
  const {editions} = edit;
  try {
    const found = await room.api('GET', `${pathOf(edit.row)}/editions`, {before: editions.next, limit: PAGE});
    Object.assign(editions, {items: [...editions.items, ...found.items], next: found.next});
  } catch (error) {
    room.complain(error);
  }
  room.redraw();
}

/** @param {Edit} edit @param {number|'draft'} chosen @returns {string} where its changes are asked for; empty: nothing before it */
function changesPath(edit, chosen) {
  if (chosen === 'draft') return `${pathOf(edit.row)}/draft/changes`;
  if (edit.editions.against === 'now') return `${pathOf(edit.row)}/editions/${chosen}/changes`;
  const older = edit.editions.items.find((/** @type {any} */ one) => one.number < chosen);
  return older ? `${pathOf(edit.row)}/editions/${older.number}/changes?against=${chosen}` : '';
}

/** @param {Room} room @param {Edit} edit @param {number|'draft'} chosen @param {'before'|'now'} [against] */
async function choose(room, edit, chosen, against = 'before') {
  const {editions} = edit;
  const last = editions.items.at(-1)?.number;
  Object.assign(editions, {chosen, against, changes: null});
  room.redraw();
  // The one before it may stand on the next page.
  if (chosen === last && editions.next) await more(room, edit);
  try {
    const path = changesPath(edit, chosen);
    const found = path ? await room.api('GET', path) : {items: null};
    if (editions.chosen === chosen && editions.against === against) editions.changes = found.items ?? 'first';
  } catch (error) {
    room.complain(error);
  }
  room.redraw();
}

/** @param {Room} room @param {Edit} edit @param {boolean} draft */
async function bringBack(room, edit, draft) {
  const {chosen} = edit.editions;
  const live = edit.row.state === 'published' && !draft;
  if (live && !(await room.confirm(room.t('kb.restore_sure', {n: chosen}), {yes: room.t('kb.do.restore')}))) return;
  if (await act(room, 'restore', {edition: chosen, draft})) room.toast(room.t(draft ? 'kb.restored_draft' : 'kb.restored_now', {n: chosen}));
}

/** @param {any} signed @param {Room} room */
function who(signed, {t}) {
  const name = signed?.name || t('kb.by_files');
  return html`${avatar({id: signed?.id || name, name}, 'avatar-20')}<span>${name}</span>`;
}

/** @param {Room} room @param {Edit} edit @param {number|'draft'} number @param {any} signed @param {string} note */
function editionRow(room, edit, number, signed, note) {
  const title = number === 'draft' ? room.t('kb.draft_row') : room.t('kb.edition_n', {n: number});
  return html`<li>
    <button class="kb-edition" aria-pressed=${String(edit.editions.chosen === number)} data-testid="kb-edition" data-number=${number} @click=${() => choose(room, edit, number)}>
      <b>${title}</b><span class="count">${note}</span>
      <span class="kb-who">${who(signed, room)}<time datetime=${signed?.at ?? ''}>${signed ? `${date(signed.at)}, ${time(signed.at)}` : ''}</time></span>
    </button>
  </li>`;
}

/** @param {{kind: string, text: string}[]} pieces @param {string} field */
function piecesTemplate(pieces, field) {
  const list = ['questions', 'tags', 'variants', 'buttons', 'files'].includes(field);
  const piece = (/** @type {{kind: string, text: string}} */ {kind, text}) => (kind === 'gone' ? html`<del>${text}</del>` : kind === 'new' ? html`<ins>${text}</ins>` : html`<span>${text}</span>`);
  return html`<p class="kb-diff ${list ? 'kb-diff-list' : ''}">${pieces.map(piece)}</p>`;
}

/** @param {Room} room @param {Edit} edit */
function changesTemplate(room, edit) {
  const {t} = room;
  const {changes, chosen} = edit.editions;
  if (changes === null) return nothing;
  if (changes === 'first') return html`<p class="kb-hint">${t('kb.first_edition')}</p>`;
  if (!changes.length) return html`<p class="kb-hint">${t(chosen === 'draft' ? 'kb.same_content' : 'kb.same_content_state')}</p>`;
  return changes.map((/** @type {any} */ one) => html`<section class="kb-change" data-testid="kb-change" data-field=${one.field}><h3>${fieldText(one.field)}</h3>${piecesTemplate(one.pieces, one.field)}</section>`);
}

/** @param {Room} room @param {Edit} edit */
function chosenTemplate(room, edit) {
  const {t, rights} = room;
  const {chosen, against} = edit.editions;
  if (chosen === null) return nothing;
  const now = chosen === edit.row.edition;
  const tab = (/** @type {'before'|'now'} */ name) =>
    html`<button role="tab" class="kb-tab" aria-selected=${String(against === name)} @click=${() => choose(room, edit, chosen, name)}>${t(`kb.against.${name}`)}</button>`;
  return html`<div class="kb-tabs">
      ${chosen === 'draft' || now ? html`<span class="kb-hint">${t(chosen === 'draft' ? 'kb.against.draft' : 'kb.against.before')}</span>` : html`<div role="tablist" aria-label=${t('kb.against')}>${['before', 'now'].map((name) => tab(/** @type {'before'} */ (name)))}</div>`}
    </div>
    ${changesTemplate(room, edit)}
    ${rights.edit && chosen !== 'draft' && !now
      ? html`<p class="kb-restore">
          <button class="btn" data-testid="kb-restore-draft" @click=${() => bringBack(room, edit, true)}>${icon('undo-2')}${t('kb.do.restore_draft')}</button>
          ${rights.publish && edit.row.state === 'published' ? html`<button class="btn" data-testid="kb-restore" @click=${() => bringBack(room, edit, false)}>${t('kb.do.restore')}</button>` : nothing}
        </p>`
      : nothing}`;
}

/** @param {Room} room @param {Edit} edit */
export function editionsTemplate(room, edit) {
  const {t} = room;
  const {items, next} = edit.editions;
  const {row} = edit;
  return html`<div class="kb-history" data-testid="kb-editions">
    <nav aria-label=${t('kb.history')}>
      <ul>
        ${row.next ? editionRow(room, edit, 'draft', row.next.signed, t(row.next.review ? 'kb.in_review_now' : 'kb.not_published_yet')) : nothing}
        ${repeat(items, (/** @type {any} */ one) => one.number, (/** @type {any} */ one) => editionRow(room, edit, one.number, one.signed, one.number === row.edition ? t('kb.now_stands') : t(`kb.state.${one.state}`)))}
      </ul>
      ${next ? html`<button class="btn btn-small kb-more" @click=${() => more(room, edit)}>${t('kb.more')}</button>` : nothing}
    </nav>
    <div class="kb-changes" aria-live="polite">${chosenTemplate(room, edit)}</div>
  </div>`;
}
