/** The command menu: what can be done with the open conversation, where one can go, and what a search finds. */

import {html, nothing, render} from 'lit-html';
import {avatar, cap, icon} from 'mostik/core/dom.js';
import {shortTime} from 'mostik/core/format.js';
import {t} from 'mostik/core/i18n.js';
import {complain} from 'mostik/core/toasts.js';
import {insert} from 'mostik/inbox/composer.js';
import {api, drawing, store} from 'mostik/inbox/desk.js';
import {deeds, places} from 'mostik/inbox/commands.js';
import {openConversation} from 'mostik/inbox/navigation.js';
import {best} from 'mostik/inbox/scorer.js';
import {showMessage} from 'mostik/inbox/found.js';
import {placeOf, reason} from 'mostik/inbox/hits.js';

/**
 * @typedef {object} Command
 * @property {string} group @property {string} label @property {string} [glyph] @property {string} [keys]
 * @property {() => void} run @property {(() => void)|null} [insert] into the reply @property {unknown} [hint]
 * @property {number[]} [hits] places of what fits @property {any} [person]
 */

const PAUSE_MS = 120;
const SHOWN = 7;

let query = '';
let at = 0;
let within = false;
let asking = 0;
let turn = 0;
/** @type {Command[]} */
let remote = [];
let more = false;

/** @returns {HTMLDialogElement} made once */
function dialog() {
  const found = /** @type {HTMLDialogElement|null} */ (document.getElementById('palette'));
  if (found) return found;
  const made = document.createElement('dialog');
  made.id = 'palette';
  made.className = 'dialog palette';
  made.dataset.testid = 'palette';
  made.setAttribute('aria-label', t('ui.palette.title'));
  made.addEventListener('click', (event) => {
    if (event.target === made) made.close();
  });
  return document.body.appendChild(made);
}

/** @param {Command} one @param {number[]} hits */
const fitted = (one, hits) => ({...one, hits});

/** @returns {Command[]} what is offered at once, best first within its group */
function local() {
  const all = within ? [] : [...deeds(store.state), ...places(store.state)];
  if (!query) return all;
  const found = all.map((one) => ({one, found: best(query, one.label)})).filter(({found}) => found);
  found.sort((a, b) => (b.found?.score ?? 0) - (a.found?.score ?? 0));
  return found.slice(0, SHOWN).map(({one, found}) => fitted(one, found?.hits ?? []));
}

/** @returns {Command[]} by group, each group once */
function shown() {
  const all = [...local(), ...remote];
  const groups = [...new Set(all.map((one) => one.group))];
  return groups.flatMap((group) => all.filter((one) => one.group === group));
}

/** @param {[number, number][]} hits @returns {number[]} */
const letters = (hits) => hits.flatMap(([from, to]) => Array.from({length: to - from}, (_, index) => from + index));

/** @param {import('mostik/inbox/hits.js').Hit|undefined} hit @returns {{hits: number[], told: unknown}} marks in the name, or else why it was found */
const whyFound = (hit) => ({
  hits: hit?.where === 'name' ? letters(hit.hits) : [],
  told: hit && hit.where !== 'name' && hit.where !== 'number' ? html`${reason(hit)} · ` : nothing,
});

/** @param {any} found message */
const message = (found) => ({
  group: t('ui.palette.messages'),
  label: found.excerpt || found.files.join(', '),
  hits: letters(found.hits),
  person: found.customer,
  hint: html`${placeOf(found) ? `${placeOf(found)} · ` : ''}${found.author.kind === 'note' ? t('ui.palette.note') : found.author.name || found.customer.name} · №${found.number} · ${shortTime(found.at)}`,
  run: () => showMessage(found),
});

/** @param {any} row @param {{hits: number[], told: unknown}} why */
const conversation = (row, {hits, told}) => ({
  group: t('ui.palette.conversations'),
  label: row.customer.name,
  hits,
  person: row.customer,
  hint: html`${told}№${row.number} · ${t(`ui.stage.${row.stage}`)}`,
  run: () => openConversation(row.id),
});

/** @param {any} one customer @param {import('mostik/inbox/hits.js').Hit|undefined} hit */
const customer = (one, hit) => ({
  group: t('ui.palette.customers'),
  label: one.name,
  hits: whyFound(hit).hits,
  person: one,
  hint: hit && hit.where !== 'name' ? reason(hit) : one.company ?? '',
  async run() {
    const found = await api.get('/conversations', {customer: one.id, limit: 1}).catch(complain);
    if (found?.items[0]) openConversation(found.items[0].id);
    else location.assign(`/customers?q=${encodeURIComponent(one.name)}`);
  },
});

/** @param {any} one article */
const article = (one) => ({
  group: t('ui.palette.articles'),
  label: one.title,
  glyph: 'book-open',
  run: () => location.assign(`/kb/articles/${encodeURIComponent(one.id)}`),
  async insert() {
    const found = await api.get(`/articles/${encodeURIComponent(one.id)}`).catch(complain);
    if (found) insert(found.answer);
  },
});

async function ask() {
  turn += 1;
  const mine = turn;
  if (query.trim().length < 2) {
    remote = [];
    draw();
    return;
  }
  const where = within ? store.state.selected : null;
  const found = await api.get('/search', {q: query, conversation: where, limit: within ? 50 : SHOWN}).catch((error) => {
    if (error.status !== 422) complain(error);
  });
  if (mine !== turn || !found) return;
  const chosen = shown()[at];
  const why = found.found_in;
  const shownAbove = new Set(found.messages.map((/** @type {any} */ one) => one.id));
  // What a message shown above was found by is not said twice.
  const cases = found.conversations.filter((/** @type {any} */ one) => !shownAbove.has(why[one.id]?.message_id));
  remote = [
    ...found.messages.map(message),
    ...cases.map((/** @type {any} */ one) => conversation(one, whyFound(why[one.id]))),
    ...found.customers.map((/** @type {any} */ one) => customer(one, why[one.id])),
    ...found.articles.map(article),
  ];
  ({more} = found);
  // What came later does not move the row that is chosen.
  const next = shown().findIndex((one) => one.label === chosen?.label && one.group === chosen?.group);
  at = next >= 0 ? next : 0;
  draw();
}

/** @param {string} text */
function type(text) {
  query = text;
  at = 0;
  clearTimeout(asking);
  asking = setTimeout(ask, PAUSE_MS);
  draw();
}

/** @param {Command|undefined} one @param {boolean} [inserts] */
function choose(one, inserts = false) {
  if (!one || (inserts && !one.insert)) return;
  dialog().close();
  (inserts ? one.insert : one.run)?.();
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  const all = shown();
  const step = {ArrowDown: 1, ArrowUp: -1}[event.key];
  if (step) at = (at + step + all.length) % Math.max(1, all.length);
  else if (event.key === 'Enter') choose(all[at], event.ctrlKey || event.metaKey);
  else return;
  event.preventDefault();
  draw();
  document.getElementById(`palette-${at}`)?.scrollIntoView({block: 'nearest'});
}

/** @param {Command} one with its hits marked; offsets count letters, not units of a string */
function marked({label, hits = []}) {
  const on = new Set(hits);
  const pieces = [];
  let piece = '';
  let lit = false;
  for (const [index, letter] of [...label].entries()) {
    if (on.has(index) !== lit) {
      pieces.push(lit ? html`<mark>${piece}</mark>` : piece);
      piece = '';
      lit = on.has(index);
    }
    piece += letter;
  }
  return [...pieces, lit ? html`<mark>${piece}</mark>` : piece];
}

/** @param {Command} one @param {number} index @param {Command[]} all */
function option(one, index, all) {
  const head = index === 0 || all[index - 1].group !== one.group;
  return html`${head ? html`<li class="palette-group" role="presentation">${one.group}</li>` : nothing}<li
      id="palette-${index}"
      role="option"
      class="palette-row"
      aria-selected=${index === at ? 'true' : 'false'}
      @click=${() => choose(one)}
    >
      ${one.person ? avatar(one.person, 'avatar-20') : icon(one.glyph ?? 'corner-down-right')}
      <span class="palette-words">${marked(one)}</span>
      ${one.hint ? html`<span class="palette-hint">${one.hint}</span>` : nothing}${one.keys ? cap(one.keys) : nothing}
    </li>`;
}

/** Look in the open conversation alone, or everywhere. */
export function turnWithin() {
  within = !within;
  remote = [];
  ask();
  dialog().querySelector('input')?.focus();
}

function draw() {
  const all = shown();
  const row = store.state.selected ? store.state.rows.get(store.state.selected) : undefined;
  render(
    html`<div class="palette-top">
        ${icon('search')}<input
          role="combobox"
          aria-label=${t('ui.palette.title')}
          aria-expanded="true"
          aria-controls="palette-list"
          aria-activedescendant=${all.length ? `palette-${at}` : nothing}
          placeholder=${t('ui.palette.hint')}
          autocomplete="off"
          spellcheck="false"
          .value=${query}
          @input=${(/** @type {Event} */ event) => type(/** @type {HTMLInputElement} */ (event.target).value)}
          @keydown=${onKey}
        />
        ${row ? html`<button class="chip palette-within" aria-pressed=${within ? 'true' : 'false'} title=${t('ui.palette.within')} @click=${turnWithin}>${row.customer.name}</button>` : nothing}
        ${cap('Esc')}
      </div>
      <ul id="palette-list" role="listbox" aria-label=${t('ui.palette.title')}>
        ${all.map(option)}
      </ul>
      ${all.length ? nothing : html`<p class="palette-none" role="status">${t(query ? 'ui.palette.none' : 'ui.palette.type')}</p>`}
      ${more && query ? html`<p class="palette-none">${t('ui.palette.more')}</p>` : nothing}
      <footer class="palette-foot"><span>${t('ui.palette.parameters')}</span><span>${cap('Ctrl ↵')} ${t('ui.palette.insert')}</span></footer>`,
    dialog(),
  );
}

/** @param {string} [words] to begin with */
export function openPalette(words = '') {
  if (dialog().open) return;
  within = false;
  remote = [];
  more = false;
  type(words);
  dialog().showModal();
  dialog().querySelector('input')?.select();
  drawing.now();
}
