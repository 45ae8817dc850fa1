/** Articles: the list on the left in its groups, and the one that is open. */

import {html, nothing} from 'lit-html';
import {guard} from 'lit-html/directives/guard.js';
import {repeat} from 'lit-html/directives/repeat.js';
import {icon} from 'mostik/core/dom.js';
import {bulkTemplate, chooseRows, toggleChoosing} from 'mostik/kb/bulk.js';
import {standing} from 'mostik/kb/content.js';
import {openArticle} from 'mostik/kb/editor.js';
import {loadUse, shortUse} from 'mostik/kb/editorUse.js';
import {editorTemplate} from 'mostik/kb/editorView.js';
import {emptyTemplate, headTemplate} from 'mostik/kb/pieces.js';
import {room as shared} from 'mostik/kb/room.js';

/** @typedef {import('mostik/kb/room.js').Room} Room */
/** @typedef {any} Article as the API shows it */

const PAGE = 100;
/** Pages that are read by themselves; the rest when asked for. */
const FOLLOW = 10;
const PAUSE = 200;
/** Articles the bot would think of, where none has the words, and how sure it must be of them. */
const LIKE = 5;
const LEAST = 0.05;

/** @type {Record<string, unknown>} */
const EMPTY = {query: '', rows: [], next: null, total: null, counts: null, loading: true, by: null, only: 'all', like: [], folded: new Set(), chosen: null, edit: null};
shared.state.articles = {...EMPTY};

let listing = new AbortController();
let pause = 0;

/** @param {Room} room @param {boolean} [more] the rest of the list, else all of it anew */
export async function loadList(room, more = false) {
  const {articles} = room.state;
  listing.abort();
  listing = new AbortController();
  const {signal} = listing;
  let rows = more ? articles.rows : [];
  let cursor = more ? articles.next : null;
  try {
    for (let page = 0; page < FOLLOW && (page === 0 || cursor); page += 1) {
      const found = await room.api('GET', '/articles', {q: articles.query, limit: PAGE, cursor}, {signal});
      rows = [...rows, ...found.items];
      cursor = found.next;
      Object.assign(articles, {rows, next: cursor, loading: false});
      room.redraw();
    }
  } catch (error) {
    if (!(error instanceof DOMException)) room.complain(error);
  }
  await loadLike(room, articles.query.trim());
}

/** Nothing has these words: what the bot would think of is shown instead. @param {Room} room @param {string} text */
async function loadLike(room, text) {
  const {articles} = room.state;
  articles.like = [];
  if (!text || articles.rows.length) return;
  const {ranked} = await room.api('POST', '/kb/match', {text, limit: LIKE}).catch(() => ({ranked: []}));
  if (articles.query.trim() !== text || articles.rows.length) return;
  articles.like = ranked.filter((/** @type {any} */ one) => one.confidence >= LEAST);
  room.redraw();
}

/** @param {Room} room */
async function loadCounts(room) {
  const counts = await room.api('GET', '/articles/counts').catch(() => null);
  if (!counts) return;
  const total = counts.draft + counts.review + counts.published;
  Object.assign(room.state.articles, {counts, total});
  room.redraw();
}

/** @param {Room} room @param {string} query */
export function search(room, query) {
  room.state.articles.query = query;
  room.redraw();
  clearTimeout(pause);
  pause = setTimeout(() => loadList(room), PAUSE);
}

/** @param {Room} room @param {{article?: string, row?: Article}} what */
export function changed(room, what) {
  const {articles} = room.state;
  const {row} = what;
  if (row && articles.rows.some((/** @type {Article} */ one) => one.id === row.id)) {
    articles.rows = articles.rows.map((/** @type {Article} */ one) => (one.id === row.id ? {...row, usage: row.usage ?? one.usage} : one));
    room.redraw();
  } else loadList(room);
  loadCounts(room);
}

/** @param {Room} room @param {Article} row */
function rowTemplate(room, row) {
  const how = standing(row);
  const {t} = room;
  const {chosen} = room.state.articles;
  const title = row.title || row.questions[0] || row.id;
  return html`<li class=${chosen ? 'kb-choosing' : ''}>
    ${chosen
      ? html`<input type="checkbox" aria-label=${title} .checked=${chosen.has(row.id)} @change=${(/** @type {Event} */ event) => chooseRows(room, [row.id], /** @type {HTMLInputElement} */ (event.target).checked)} />`
      : nothing}
    <a class="kb-row" href="/kb/articles/${encodeURIComponent(row.id)}" aria-current=${room.state.here.id === row.id ? 'true' : nothing} data-testid="kb-row" data-id=${row.id} data-state=${how}>
      <i class="kb-dot kb-dot-${how}" aria-hidden="true"></i>
      <span class="kb-row-title">${title}</span>
      <span class="kb-row-meta">${row.usage?.shown_30_days
        ? shortUse(room, row.usage)
        : html`<span>${icon('message-circle')}${t('kb.wordings', {n: row.questions.length})}</span>${shortUse(room, row.usage)}`}${how === 'live'
        ? nothing
        : html`<span class="kb-how kb-how-${how}">${t(`kb.how.${how}`)}</span>`}</span>
    </a>
  </li>`;
}

/** @param {Article[]} rows @param {string} by team or tag @returns {[string, Article[]][]} named groups, the nameless last */
function groups(rows, by) {
  /** @type {Map<string, Article[]>} */
  const found = new Map();
  for (const row of rows) {
    const name = (by === 'team' ? row.team : row.tags[0]) ?? '';
    found.set(name, [...(found.get(name) ?? []), row]);
  }
  return [...found].sort(([a], [b]) => (a === '' ? 1 : b === '' ? -1 : a.localeCompare(b)));
}

/** @param {Room} room @param {string} name */
function fold(room, name) {
  const {articles} = room.state;
  const folded = new Set(articles.folded);
  if (!folded.delete(name)) folded.add(name);
  articles.folded = folded;
  room.redraw();
}

/** @param {Room} room @param {[string, Article[]]} group */
function groupTemplate(room, [name, rows]) {
  const open = !room.state.articles.folded.has(name);
  return html`<section class="kb-group">
    <h2>
      <button aria-expanded=${String(open)} @click=${() => fold(room, name)}>
        ${icon(open ? 'chevron-down' : 'chevron-right')}<span>${name || room.t('kb.group.none')}</span><span class="count">${rows.length}</span>
      </button>
    </h2>
    ${open ? html`<ul>${repeat(rows, (row) => row.id, (row) => rowTemplate(room, row))}</ul>` : nothing}
  </section>`;
}

/** @type {Record<string, (how: string) => boolean>} which rows each choice leaves */
const ONLY = {
  all: (how) => how !== 'archived',
  work: (how) => ['draft', 'next'].includes(how),
  review: (how) => how.startsWith('review'),
  published: (how) => ['live', 'next', 'review_next', 'before', 'over'].includes(how),
  archived: (how) => how === 'archived',
};

/** @param {Room} room @param {string} by */
function toolsTemplate(room, by) {
  const {t, rights} = room;
  const {articles} = room.state;
  const choice = (/** @type {'only'|'by'} */ name, /** @type {string} */ label, /** @type {string} */ now, /** @type {[string, string][]} */ options) => html`<select
    aria-label=${label}
    @change=${(/** @type {Event} */ event) => {
      articles[name] = /** @type {HTMLSelectElement} */ (event.target).value;
      room.redraw();
    }}
  >
    ${options.map(([value, word]) => html`<option value=${value} ?selected=${value === now}>${word}</option>`)}
  </select>`;
  const states = Object.keys(ONLY).map((name) => /** @type {[string, string]} */ ([name, t(`kb.only.${name}`)]));
  const ways = ['tag', 'team'].map((name) => /** @type {[string, string]} */ ([name, t(`kb.by.${name}`)]));
  return html`<div class="kb-tools">
    ${choice('only', t('kb.only'), articles.only, states)} ${choice('by', t('kb.by'), by, ways)}
    ${rights.edit
      ? html`<button class="icon-btn" aria-label=${t('kb.bulk.begin')} title=${t('kb.bulk.begin')} aria-pressed=${String(Boolean(articles.chosen))} data-testid="kb-choose" @click=${() => toggleChoosing(room)}>
          ${icon('list-checks')}
        </button>`
      : nothing}
  </div>`;
}

/** @param {Room} room */
function likeTemplate(room) {
  const {like} = room.state.articles;
  if (!like.length) return nothing;
  const row = (/** @type {any} */ one) => html`<li>
    <a class="kb-row" href="/kb/articles/${encodeURIComponent(one.article_id)}" aria-current=${room.state.here.id === one.article_id ? 'true' : nothing} data-testid="kb-like" data-id=${one.article_id}>
      <i class="kb-dot kb-dot-live" aria-hidden="true"></i><span class="kb-row-title">${one.title || one.wording}</span>
      <span class="kb-row-meta">${one.wording}</span>
    </a>
  </li>`;
  return html`<section class="kb-group" aria-label=${room.t('kb.like')}><p class="kb-none">${room.t('kb.like')}</p><ul>${like.map(row)}</ul></section>`;
}

/** @param {Room} room @param {Article[]} rows @param {string} by */
function rowsTemplate(room, rows, by) {
  const {articles} = room.state;
  const none = articles.query || articles.only !== 'all' ? 'kb.nothing_found' : 'kb.empty_base';
  return html`<div class="kb-list" data-testid="kb-list">
    ${rows.length || articles.loading ? nothing : html`<p class="kb-none">${room.t(none)}</p>`} ${likeTemplate(room)}
    ${groups(rows, by).map((group) => groupTemplate(room, group))}
    ${articles.next ? html`<button class="btn kb-more" @click=${() => loadList(room, true)}>${room.t('kb.more')}</button>` : nothing}
  </div>`;
}

/** @param {Room} room the list of the left pane; letters typed beside it do not draw its rows anew */
export function listTemplate(room) {
  const {articles, here} = room.state;
  const {rows: all, only, folded, chosen, next, loading, like} = articles;
  const by = articles.by ?? (all.some((/** @type {Article} */ row) => row.team) ? 'team' : 'tag');
  return html`${toolsTemplate(room, by)}${guard([all, only, by, folded, chosen, next, loading, like, here.id], () => {
    const rows = all.filter((/** @type {Article} */ row) => ONLY[only](standing(row)));
    return html`${rowsTemplate(room, rows, by)} ${bulkTemplate(room, rows.map((/** @type {Article} */ row) => row.id), ONLY[only])}`;
  })}`;
}

/** @param {Room} room @param {string|null} id */
export async function open(room, id) {
  if (id || location.search === '?new') {
    await openArticle(room, id);
    loadUse(room);
  } else room.state.articles.edit = null;
}

/** @param {Room} room */
export function view(room) {
  const {edit} = room.state.articles;
  if (edit) return editorTemplate(room, edit);
  return html`${headTemplate(room, nothing)}${emptyTemplate('book-open', room.t('kb.pick'), room.t('kb.pick_hint'))}`;
}
