/** How an article fares with customers, where it is used, and which other one is like it. */

import {html, nothing} from 'lit-html';
import {icon} from 'mostik/core/dom.js';
import {percent} from 'mostik/core/format.js';
import {newId} from 'mostik/core/ids.js';
import {act, dirty, look, pathOf, save, write} from 'mostik/kb/editor.js';

/** @typedef {import('mostik/kb/room.js').Room} Room */
/** @typedef {import('mostik/kb/editor.js').Edit} Edit */

/** @param {Room} room of the article that is open */
export async function loadUse(room) {
  const {edit} = room.state.articles;
  if (!edit?.row) return;
  const {id} = edit.row;
  edit.use = await room.api('GET', `${pathOf(edit.row)}/usage`).catch(() => null);
  room.redraw();
  const {twins = []} = await room.api('GET', '/kb/health').catch(() => ({}));
  edit.twins = twins
    .filter((/** @type {any} */ pair) => [pair.one.id, pair.other.id].includes(id))
    .map((/** @type {any} */ pair) => (pair.one.id === id ? pair : {...pair, other: pair.one, wording: pair.like, like: pair.wording}));
  room.redraw();
}

/** @param {Room} room @param {any} usage of a row of the list, null: not told */
export function shortUse({t}, usage) {
  if (!usage?.shown_30_days && !usage?.stale) return nothing;
  const {shown_30_days: shown, helped_share: share, stale} = usage;
  return html`<span title=${t('kb.shown_30', {n: shown})}>${icon('message-square')}${shown}</span>${share === null
      ? nothing
      : html`<span title=${t('kb.helped', {share: percent(share)})}>${icon('circle-check')}${percent(share)}</span>`}${stale
      ? html`<span class="kb-how-over" title=${t(`kb.stale.${stale}`)}>${icon('clock')}${t('kb.stale')}</span>`
      : nothing}`;
}

/** @param {Room} room @param {any} usage */
export function longUse({t}, usage) {
  if (!usage?.shown_30_days) return nothing;
  return html`<span>${t('kb.shown_30', {n: usage.shown_30_days})}</span>${usage.helped_share === null ? nothing : html`<span>${t('kb.helped', {share: percent(usage.helped_share)})}</span>`}`;
}

/** @param {Room} room @param {any} pair both answers side by side */
async function compare(room, pair) {
  const {edit} = room.state.articles;
  const other = await room.api('GET', `/articles/${encodeURIComponent(pair.other.id)}`).catch(room.complain);
  if (!other) return;
  const column = (/** @type {string} */ title, /** @type {string} */ wording, /** @type {string} */ answer) =>
    html`<div><h3>${title}</h3><p class="kb-hint">«${wording}»</p><p class="kb-bubble">${answer}</p></div>`;
  const more = html`<div class="kb-compare">
    ${column(edit.content.title, pair.wording, edit.content.answer)} ${column(other.title, pair.like, other.answer)}
  </div>`;
  if (await room.confirm(room.t('kb.twin_compare'), {yes: room.t('kb.twin_open'), no: room.t('ui.close_hint'), more})) await room.go(`/kb/articles/${encodeURIComponent(other.id)}`);
}

/**
 * The other one's wordings come here, and it is put away once customers are told this one: at once where nothing else
 * waits to be published with them.
 * @param {Room} room @param {any} pair
 */
async function unite(room, pair) {
  const {edit} = room.state.articles;
  const {id, title} = pair.other;
  if (!(await room.confirm(room.t('kb.twin_unite_sure', {title}), {yes: room.t('kb.twin_unite')}))) return;
  const whole = edit.row.state === 'published' && !edit.row.next && !dirty(edit);
  try {
    const other = await room.api('GET', `/articles/${encodeURIComponent(id)}`);
    const there = new Set(edit.content.questions.map((/** @type {any} */ one) => one.text.trim()));
    const rows = [other.title, ...other.questions].filter((text) => text && !there.has(text)).map((text) => ({key: newId(), text}));
    write(room, {questions: [...edit.content.questions, ...rows]});
    if (!(await save(room))) return;
    if (!whole) {
      room.toast(room.t('kb.twin_brought', {n: rows.length}));
      return;
    }
    if (edit.row.next && !(await act(room, 'publish'))) return;
    const gone = await room.api('POST', `/articles/${encodeURIComponent(id)}/archive`, {}, {version: other.version});
    edit.twins = edit.twins.filter((/** @type {any} */ one) => one !== pair);
    room.changed({article: id, row: gone});
    room.toast(room.t('kb.twin_united', {n: rows.length}));
    await look(room, edit);
  } catch (error) {
    room.complain(error);
  }
}

/** @param {Room} room @param {Edit} edit */
export function twinsTemplate(room, edit) {
  const {t, rights} = room;
  return (edit.twins ?? []).slice(0, 2).map(
    (/** @type {any} */ pair) => html`<div class="kb-banner kb-banner-warn" data-testid="kb-twin">
      ${icon('copy')}
      <p>${t('kb.twin', {title: pair.other.title, share: percent(pair.likeness)})}</p>
      <span class="kb-banner-do">
        <button class="link" @click=${() => compare(room, pair)}>${t('kb.twin_do_compare')}</button>
        ${rights.edit && rights.publish ? html`<button class="link" @click=${() => unite(room, pair)}>${t('kb.twin_unite')}</button>` : nothing}
      </span>
    </div>`,
  );
}

/** @param {Room} room @param {Edit} edit */
export function usedTemplate(room, edit) {
  const {t, thresholds} = room;
  const {row, use} = edit;
  if (!row || !use) return nothing;
  const card = (/** @type {string} */ glyph, /** @type {string} */ title, /** @type {unknown} */ text) =>
    html`<li class="kb-used">${icon(glyph)}<p><b>${title}</b><span>${text}</span></p></li>`;
  const off = t('kb.used_off');
  const links = use.used_in.map((/** @type {any} */ one) => html`<a class="link" href="/kb/articles/${encodeURIComponent(one.id)}">${one.title}</a> `);
  return html`<section class="kb-part" aria-labelledby="kb-used-title" data-testid="kb-used">
    <header><h2 id="kb-used-title">${t('kb.used')}</h2></header>
    <ul class="kb-used-list">
      ${card('bot', t('kb.used_bot'), !row.in_force ? off : thresholds.answer === null ? t('kb.used_exact') : t('kb.used_from', {share: percent(thresholds.answer)}))}
      ${card('sparkles', t('kb.used_suggest'), row.in_force ? t('kb.used_from', {share: percent(thresholds.suggest)}) : off)}
      ${card('corner-down-right', t('kb.used_buttons'), links.length ? links : t('kb.used_nowhere'))}
    </ul>
  </section>`;
}
