/** Many articles at once: which ones, and what becomes of their topics, team and state. */

import {html, nothing} from 'lit-html';
import {icon} from 'mostik/core/dom.js';
import {known} from 'mostik/core/i18n.js';
import {codeText, fieldText} from 'mostik/kb/words.js';

/** @typedef {import('mostik/kb/room.js').Room} Room */

/** Articles one request takes. */
const PORTION = 500;
const STATES = ['published', 'draft', 'archived'];

/** Begin or end choosing. @param {Room} room */
export function toggleChoosing(room) {
  const {articles} = room.state;
  articles.chosen = articles.chosen ? null : new Set();
  room.redraw();
}

/** @param {Room} room @param {string[]} ids @param {boolean} on */
export function chooseRows(room, ids, on) {
  const chosen = new Set(room.state.articles.chosen);
  for (const id of ids) {
    if (on) chosen.add(id);
    else chosen.delete(id);
  }
  room.state.articles.chosen = chosen;
  room.redraw();
}

const listed = (/** @type {string} */ text) => text.split(',').map((one) => one.trim()).filter(Boolean);

/** @param {Room} room @param {Record<string, string>} wish filled in as it is changed */
function form({t, rights}, wish) {
  const text = (/** @type {string} */ name, /** @type {string} */ list) => html`<label class="kb-field"><span>${t(`kb.bulk.${name}`)}</span>
    <input class="field" autocomplete="off" list=${list} ?autofocus=${name === 'add'} data-testid="kb-bulk-${name}" @input=${(/** @type {Event} */ event) => (wish[name] = /** @type {HTMLInputElement} */ (event.target).value)} /></label>`;
  const choice = (/** @type {string} */ name, /** @type {string[]} */ values) => html`<label class="kb-field"><span>${t(`kb.bulk.${name}`)}</span>
    <select class="field" data-testid="kb-bulk-${name}" @change=${(/** @type {Event} */ event) => (wish[name] = /** @type {HTMLSelectElement} */ (event.target).value)}>
      <option value="">${t('kb.bulk.keep')}</option>
      ${values.map((value) => html`<option value=${value}>${t(name === 'state' ? `kb.state.${value}` : `kb.bulk.team_${value}`)}</option>`)}
    </select></label>`;
  return html`<div class="kb-bulk-form">
    ${text('add', 'kb-known-tags')} ${text('remove', 'kb-known-tags')} ${choice('teams', ['set', 'none'])} ${text('team', 'kb-known-teams')}
    ${rights.publish ? choice('state', STATES) : nothing}
  </div>`;
}

/** @param {Record<string, string>} wish @returns {Record<string, any>} the body without ids; empty: nothing is wished */
function bodyOf(wish) {
  const {add, remove, teams, team, state} = wish;
  return {
    ...(listed(add).length ? {add_tags: listed(add)} : {}),
    ...(listed(remove).length ? {remove_tags: listed(remove)} : {}),
    ...(teams === 'none' ? {team: null} : teams === 'set' || team.trim() ? {team: team.trim() || null} : {}),
    ...(state ? {state} : {}),
  };
}

/** @param {Room} room @param {any} result @returns {string} why an article stayed as it was */
function reason(room, {id, code, errors}) {
  const title = room.state.articles.rows.find((/** @type {any} */ row) => row.id === id)?.title || id;
  const [first] = errors;
  const why = first ? `${fieldText(first.field)}: ${codeText(first.code)}` : room.t(known(`ui.problem.${code}`) ? `ui.problem.${code}` : 'ui.problem.other', {detail: code});
  return `${title}: ${why}`;
}

/** @param {Room} room */
async function change(room) {
  const ids = [...room.state.articles.chosen];
  const wish = {add: '', remove: '', teams: '', team: '', state: ''};
  const sure = await room.confirm(room.t('kb.bulk.title', {n: ids.length}), {yes: room.t('kb.bulk.do'), more: form(room, wish)});
  const body = bodyOf(wish);
  if (!sure || !Object.keys(body).length) return;
  /** @type {any[]} */
  const results = [];
  try {
    for (let at = 0; at < ids.length; at += PORTION) {
      results.push(...(await room.api('POST', '/articles/bulk', {ids: ids.slice(at, at + PORTION), ...body})).items);
    }
  } catch (error) {
    room.complain(error);
  }
  const refused = results.filter((one) => one.code);
  room.state.articles.chosen = null;
  room.changed();
  if (results.length) room.toast(room.t('kb.bulk.done', {n: results.length - refused.length}));
  if (refused.length) await room.confirm(room.t('kb.bulk.refused', {n: refused.length}), {yes: room.t('kb.bulk.ok'), no: '', more: html`<ul class="kb-refused">${refused.map((one) => html`<li>${reason(room, one)}</li>`)}</ul>`});
}

/**
 * All that the filter leaves, also what is not listed yet.
 * @param {Room} room @param {string[]} ids of all rows that are listed @param {boolean} on @param {(how: string) => boolean} only
 */
async function chooseAll(room, ids, on, only) {
  const {articles} = room.state;
  if (!on || !articles.next) return chooseRows(room, on ? ids : [...articles.chosen], on);
  try {
    const {items} = await room.api('GET', '/articles/standings', {q: articles.query});
    chooseRows(room, items.filter((/** @type {any} */ one) => only(one.standing)).map((/** @type {any} */ one) => one.id), true);
  } catch (error) {
    room.complain(error);
  }
}

/** @param {Room} room @param {string[]} ids of all rows that are listed @param {(how: string) => boolean} only which are, by how they stand */
export function bulkTemplate(room, ids, only) {
  const {t, state} = room;
  const {chosen} = state.articles;
  if (!chosen) return nothing;
  const all = ids.length > 0 && ids.every((id) => chosen.has(id));
  return html`<div class="kb-bulk" data-testid="bulk-bar">
    <label class="check"><input type="checkbox" .checked=${all} @change=${() => chooseAll(room, ids, !all, only)} /><span>${t('kb.bulk.chosen', {n: chosen.size})}</span></label>
    <button class="btn btn-small btn-primary" ?disabled=${!chosen.size} data-testid="kb-bulk-change" @click=${() => change(room)}>${t('kb.bulk.change')}</button>
    <button class="icon-btn" aria-label=${t('kb.bulk.end')} @click=${() => toggleChoosing(room)}>${icon('x')}</button>
  </div>`;
}
