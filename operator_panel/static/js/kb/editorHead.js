/** Above the article: how it stands, in which languages, what is saved, what can be done with it. */

import {html, nothing} from 'lit-html';
import {icon} from 'mostik/core/dom.js';
import {time} from 'mostik/core/format.js';
import {menu} from 'mostik/core/menu.js';
import {standing} from 'mostik/kb/content.js';
import {showEditions} from 'mostik/kb/editions.js';
import {act, again, choose, dirty, dropDraft, pathOf} from 'mostik/kb/editor.js';
import {beforePublishing} from 'mostik/kb/effects.js';
import {answeredTemplate, askAgain} from 'mostik/kb/nowAnswered.js';
import {headTemplate} from 'mostik/kb/pieces.js';
import {fieldText, refusalText} from 'mostik/kb/words.js';

/** @typedef {import('mostik/kb/room.js').Room} Room */
/** @typedef {import('mostik/kb/editor.js').Edit} Edit */

/** What is told of an article that was published. @type {Record<string, string>} */
const PUBLISHED = {before: 'kb.published_before', over: 'kb.published_over'};

/** @param {Room} room @param {Edit} edit */
function savedTemplate({t, rights}, edit) {
  if (!rights.edit) return nothing;
  const at = edit.row && ((edit.row.next ?? edit.row).signed?.at ?? edit.row.updated_at);
  const text = edit.saving
    ? t('kb.saving')
    : edit.problem || edit.conflict
      ? t('kb.not_saved')
      : dirty(edit)
        ? t('kb.unsaved')
        : at
          ? t('kb.saved_at', {time: time(at)})
          : '';
  return html`<span class="kb-saved" role="status" data-testid="kb-saved" data-state=${edit.saving || dirty(edit) ? 'dirty' : 'saved'}>${text}</span>`;
}

/** @param {Room} room */
async function sendBack(room) {
  const comment = await room.ask(room.t('kb.send_back_why'), {yes: room.t('kb.do.send_back')});
  if (comment !== null) await act(room, 'send_back', {comment});
}

/** @param {Room} room @param {Edit} edit */
async function remove(room, edit) {
  const sure = await room.confirm(room.t('kb.remove_sure', {title: edit.content.title}), {yes: room.t('kb.do.remove'), danger: true});
  if (!sure) return;
  try {
    const {id, version} = edit.row;
    await room.api('DELETE', pathOf(edit.row), {}, {version});
    room.state.articles.edit = null;
    room.changed({article: id});
    await room.go('/kb', {replace: true});
    room.toast(room.t('kb.removed'));
  } catch (error) {
    room.complain(error);
  }
}

/** @param {Room} room @param {Edit} edit what can be done beside the main thing */
function more(room, edit) {
  const {t, rights} = room;
  const {row} = edit;
  if (!row || !rights.edit) return nothing;
  const items = [
    row.next && {label: t('kb.do.drop_draft'), mark: icon('undo-2'), run: () => dropDraft(room)},
    rights.review && rights.publish && standing(row) !== 'live' && waits(row) && {label: t('kb.do.send_back'), mark: icon('corner-down-right'), run: () => sendBack(room)},
    rights.publish && row.state !== 'archived' && {label: t('kb.do.archive'), mark: icon('archive'), run: () => act(room, 'archive')},
    rights.publish && {label: t('kb.do.remove'), mark: icon('trash-2'), run: () => remove(room, edit), apart: true},
  ];
  const shown = items.filter(Boolean);
  if (!shown.length) return nothing;
  return html`<button class="icon-btn" popovertarget="menu-article" aria-haspopup="menu" aria-expanded="false" aria-label=${t('kb.more_actions')} data-testid="kb-more">
      ${icon('ellipsis')}
    </button>
    ${menu('menu-article', t('kb.more_actions'), /** @type {any} */ (shown))}`;
}

/** @param {any} row @returns {boolean} does it wait for a reviewer */
const waits = (row) => row.state === 'review' || Boolean(row.next?.review);

/** @param {Room} room @param {Edit} edit the one main thing */
function mainButton(room, edit) {
  const {t, rights} = room;
  if (!rights.edit) return nothing;
  const {row} = edit;
  const verb = rights.publish ? 'publish' : 'review';
  const news = !row || row.state !== 'published' || row.next || dirty(edit);
  const label = verb === 'review' ? 'kb.do.review' : row?.state === 'published' ? 'kb.do.update' : row?.state === 'archived' ? 'kb.do.unarchive' : 'kb.do.publish';
  const asked = verb === 'review' && row && waits(row) && !dirty(edit);
  return html`<button class="btn btn-primary" ?disabled=${!news || asked || edit.acting} aria-busy=${String(Boolean(edit.acting))} data-testid="kb-publish" @click=${() => publish(room, verb)}>
    ${asked ? t('kb.in_review') : t(label)}
  </button>`;
}

/** @param {Room} room @param {string} verb */
async function publish(room, verb) {
  const {edit} = room.state.articles;
  if (!edit.row && !edit.content.title.trim() && !edit.content.questions.length) {
    edit.errors = new Map([['title', ['required']]]);
    room.redraw();
    return;
  }
  if (edit.acting) return;
  edit.acting = true;
  room.redraw();
  const done = (verb !== 'publish' || (await beforePublishing(room))) && (await act(room, verb));
  edit.acting = false;
  room.redraw();
  if (!done) return;
  room.toast(room.t(verb === 'review' ? 'kb.sent_to_review' : PUBLISHED[standing(edit.row)] ?? 'kb.published'));
  if (verb === 'publish') await askAgain(room, edit.row.id);
}

/** @param {Room} room @param {Edit} edit */
export function editorHead(room, edit) {
  const {t} = room;
  const {row} = edit;
  const how = row ? standing(row) : 'draft';
  const group = edit.content.team || edit.content.tags[0];
  const title = html`${group ? html`<span class="kb-crumb">${group}</span><span aria-hidden="true">/</span>` : nothing}
    <span class="chip kb-chip-${how}" data-testid="kb-state" data-state=${how}>${t(`kb.how.${how}`)}</span>`;
  const actions = html`${savedTemplate(room, edit)}
    ${row
      ? html`<button class="icon-btn" aria-label=${t('kb.history')} title=${t('kb.history')} aria-pressed=${String(Boolean(edit.editions))} data-testid="kb-history" @click=${() => showEditions(room)}>
          ${icon('history')}
        </button>`
      : nothing}
    ${more(room, edit)} ${mainButton(room, edit)}`;
  return headTemplate(room, title, actions);
}

/** @param {Room} room @param {Edit} edit what stands in the way, and what to do about it */
export function bannersTemplate(room, edit) {
  const {t} = room;
  const {conflict, problem, row, restored} = edit;
  const comment = row && (row.next?.comment || row.comment);
  return html`${answeredTemplate(room, row?.id)}
    ${conflict
      ? html`<div class="kb-banner kb-banner-warn" role="alert" data-testid="kb-conflict">
          ${icon('triangle-alert')}
          <p>${t('kb.conflict', {name: (row.next ?? row).signed?.name ?? '', fields: conflict.crossed.map(fieldText).join(', ')})}</p>
          <span class="kb-banner-do">
            <button class="link" @click=${() => choose(room, 'mine')}>${t('kb.conflict_mine')}</button>
            <button class="link" @click=${() => choose(room, 'theirs')}>${t('kb.conflict_theirs')}</button>
          </span>
        </div>`
      : nothing}
    ${problem ? html`<div class="kb-banner kb-banner-danger" role="alert" data-testid="kb-problem">${icon('circle-alert')}<p>${refusalText(problem)}</p></div>` : nothing}
    ${restored && !conflict
      ? html`<div class="kb-banner" role="status">
          ${icon('rotate-ccw')}
          <p>${t('kb.restored')}</p>
          <span class="kb-banner-do"><button class="link" @click=${() => forget(room, edit)}>${t('kb.restored_forget')}</button></span>
        </div>`
      : nothing}
    ${comment ? html`<div class="kb-banner kb-banner-warn" data-testid="kb-comment">${icon('message-square')}<p>${t('kb.comment', {text: comment})}</p></div>` : nothing}`;
}

/** @param {Room} room @param {Edit} edit what came back from this browser is not wanted */
function forget(room, edit) {
  if (edit.row) again(room, edit, edit.row);
  else Object.assign(edit, {content: structuredClone(edit.base), restored: false});
  room.redraw();
}
