/** The list of customers: a search, a row each, the way to his conversation or what is known of him. */

import {html, nothing} from 'lit-html';
import {repeat} from 'lit-html/directives/repeat.js';
import {avatar, cap, channelBadge, icon} from 'mostik/core/dom.js';
import {date, phone, shortTime} from 'mostik/core/format.js';
import {lang} from 'mostik/core/i18n.js';
import {menu} from 'mostik/core/menu.js';
import {api, ask, columnText, complain, room, t} from 'mostik/customers/room.js';

const PAUSE = 200;
const MOST = 100;

const SORTS = ['active', 'new', 'name'];

/** @type {{q: string, sort: string, items: any[]|null, next: string|null, total: number|null, busy: boolean}} */
const own = {q: '', sort: SORTS[0], items: null, next: null, total: null, busy: false};
let asked = 0;
let waiting = 0;

/** @param {boolean} [more] the next page of what is shown */
async function load(more = false) {
  const mine = ++asked;
  own.busy = true;
  room.redraw();
  try {
    const {q, sort} = own;
    let found = {items: /** @type {any[]} */ ([]), next: more ? own.next : '', total: null};
    do {
      // A page may be empty where much was left out: the end is where no cursor is.
      found = await api.get('/customers/list', {q, sort, cursor: found.next, limit: q ? MOST : 50});
      if (mine !== asked) return;
    } while (!found.items.length && found.next);
    const shown = new Set(more ? own.items?.map(({customer}) => customer.id) : []);
    const fresh = found.items.filter(({customer}) => !shown.has(customer.id)); // whoever wrote meanwhile came up again
    own.items = more ? [...(own.items ?? []), ...fresh] : found.items;
    own.next = found.next;
    if (!more) own.total = found.total;
  } finally {
    if (mine === asked) own.busy = false;
    room.redraw();
  }
}

export const openList = () => load();

/** @param {string} q */
function search(q) {
  own.q = q.trim();
  clearTimeout(waiting);
  waiting = setTimeout(() => load().catch(complain), PAUSE);
}

/** @param {string} sort */
function sortBy(sort) {
  own.sort = sort;
  load().catch(complain);
}

/** @param {number} step walk through the rows; from the search into them @returns {boolean|void} */
export function walk(step) {
  const rows = /** @type {HTMLElement[]} */ ([...document.querySelectorAll('.cu-row-link')]);
  const active = /** @type {HTMLElement} */ (document.activeElement);
  const at = rows.indexOf(active);
  if (at < 0 && active?.id !== 'cu-search') return false;
  if (at <= 0 && step < 0) document.getElementById('cu-search')?.focus();
  else rows[Math.min(at + step, rows.length - 1)]?.focus();
  return undefined;
}

/** @param {any} one an identity @returns {string} the kind of channel it stands for */
const kindOf = (one) => room.channels.find(({name}) => name === one.channel)?.kind ?? one.channel;

/** @param {any} one an identity @returns {string} as people write it */
function valueOf(one) {
  if (one.phone) return phone(one.phone);
  return one.email ?? (one.username ? `@${one.username}` : one.external_id);
}

/** @param {any} one */
function identityTemplate(one) {
  const kind = kindOf(one);
  const sign = one.channel === 'email' ? icon('mail') : one.channel === 'phone' ? icon('phone') : channelBadge(kind, 'channel-18');
  return html`<span class="cu-identity" title=${valueOf(one)}>${sign}<span>${valueOf(one)}</span>${one.proved && (one.email || one.phone)
    ? html`<span class="cu-proved" role="img" aria-label=${t('customers.proved')} title=${t('customers.proved')}>${icon('circle-check')}</span>`
    : nothing}</span>`;
}

/** @type {Record<string, number>} */
const PLACE = {phone: 1, email: 2};

/**
 * The shop's own number says little beside a name; messengers stand first, each value once, as proved if it is.
 * @param {any} customer @returns {any[]}
 */
function shown({identities}) {
  const once = new Map();
  for (const one of identities) {
    const key = `${one.channel}:${valueOf(one)}`;
    if (one.channel !== 'user_id' && !once.get(key)?.proved) once.set(key, one);
  }
  return [...once.values()].sort((a, b) => (PLACE[a.channel] ?? 0) - (PLACE[b.channel] ?? 0));
}

/** @param {any} line what is known of a customer who never wrote */
function tell({customer}) {
  const {company, note, tags, identities, fields, created_at: at} = customer;
  const pairs = [
    ['company', company],
    ['tags', tags.join(', ')],
    ['note', note],
    ...Object.entries(fields).map(([key, value]) => [`field.${key}`, typeof value === 'boolean' ? t(value ? 'customers.yes' : 'customers.no') : value]),
  ].filter(([, value]) => value !== '');
  const number = identities.find((/** @type {any} */ one) => one.channel === 'user_id');
  ask(
    customer.name,
    html`<p class="cu-silent">${t('customers.never', {date: date(at)})}</p>
      <div class="cu-identities">${shown(customer).map(identityTemplate)}</div>
      <dl class="cu-facts">
        ${number ? html`<div><dt>${columnText('external_id')}</dt><dd>${number.external_id}</dd></div>` : nothing}
        ${pairs.map(([name, value]) => html`<div><dt>${columnText(String(name))}</dt><dd>${value}</dd></div>`)}
      </dl>`,
  );
}

/** @param {any} line */
function rowTemplate(line) {
  const {customer, conversation_id: id, active_at: at} = line;
  const contacts = shown(customer);
  const who = html`${avatar(customer, 'avatar-34')}<span class="cu-who"><b>${customer.name}</b>${customer.company ? html`<span>${customer.company}</span>` : nothing}</span>`;
  const name = id
    ? html`<a class="cu-row-link" href="/inbox/all/${id}">${who}</a>`
    : html`<button class="cu-row-link" aria-haspopup="dialog" @click=${() => tell(line)}>${who}</button>`;
  return html`<li class="cu-row" data-testid="customer-row">
    ${name}
    <span class="cu-identities">${contacts.slice(0, 3).map(identityTemplate)}${contacts.length > 3 ? html`<span class="cu-more">+${contacts.length - 3}</span>` : nothing}</span>
    <span class="cu-tags">${customer.ban ? html`<span class="chip chip-danger">${icon('ban')}${t('customers.banned')}</span>` : nothing}${customer.tags.map((/** @type {string} */ tag) => html`<span class="chip">${tag}</span>`)}</span>
    <span class="cu-seen">${at ? html`<time datetime=${at}>${shortTime(at)}</time>` : nothing}</span>
  </li>`;
}

/** @param {Record<string, string>} query */
function download(query) {
  const link = document.createElement('a');
  link.href = `/api/v1/customers/export?${new URLSearchParams(query)}`;
  link.download = '';
  link.click();
}

function actions() {
  if (!room.rights.tables) return nothing;
  return html`<a class="btn" href="/customers/import" data-testid="customers-import">${icon('upload')}<span>${t('customers.import')}</span></a>
    <button class="btn" popovertarget="menu-export" aria-haspopup="menu" aria-expanded="false" data-testid="customers-export">${icon('download')}<span>${t('customers.export')}</span></button>
    ${menu('menu-export', t('customers.export'), [
      {label: t('customers.export_sheet'), run: () => download({delimiter: ';', bom: 'true'})},
      {label: t('customers.export_program'), run: () => download({})},
    ])}`;
}

function sortTemplate() {
  return html`<select class="cu-sort" aria-label=${t('customers.sort')} data-testid="customers-sort"
    @change=${(/** @type {Event} */ event) => sortBy(/** @type {HTMLSelectElement} */ (event.target).value)}>
    ${SORTS.map((sort) => html`<option value=${sort} ?selected=${sort === own.sort}>${t(`customers.sort.${sort}`)}</option>`)}
  </select>`;
}

function emptyTemplate() {
  const text = own.q ? t('customers.none_found') : t('customers.none');
  return html`<div class="empty" data-testid="customers-empty">${icon(own.q ? 'search' : 'user-round', 'empty-icon')}
    <p class="empty-title">${text}</p>
    <p>${own.q ? t('customers.none_found_hint') : t('customers.none_hint')}</p>
    ${!own.q && room.rights.tables ? html`<a class="btn btn-primary" href="/customers/import">${icon('upload')}${t('customers.import')}</a>` : nothing}
  </div>`;
}

const waitingTemplate = () =>
  html`<div class="skeleton" aria-hidden="true">${[1, 2, 3, 4, 5, 6].map(() => html`<div class="skeleton-row"><i></i><b></b><b></b></div>`)}</div>`;

export function listView() {
  const {items, next, busy, q, total} = own;
  return html`<header class="cu-head">
      <h1>${t('customers.title')}${q || total === null ? nothing : html`<span class="cu-total" data-testid="customers-total">${new Intl.NumberFormat(lang()).format(total)}</span>`}</h1>
      <div class="search cu-search" role="search">
        ${icon('search')}
        <input id="cu-search" type="search" maxlength="200" autocomplete="off" placeholder=${t('customers.search')} aria-label=${t('customers.search')}
          @input=${(/** @type {InputEvent} */ event) => search(/** @type {HTMLInputElement} */ (event.target).value)} />
        ${q ? nothing : cap('Ctrl K')}
      </div>
      ${sortTemplate()}
      <div class="cu-actions">${actions()}</div>
    </header>
    <div class="cu-body" aria-busy=${String(busy)}>
      ${items === null ? waitingTemplate() : items.length === 0 ? emptyTemplate() : html`
        <div class="cu-cols" aria-hidden="true"><span>${t('customers.col.who')}</span><span>${t('customers.col.contacts')}</span><span>${t('customers.col.tags')}</span><span>${t('customers.col.seen')}</span></div>
        <ul class="cu-list" aria-label=${t('customers.title')}>${repeat(items, (line) => line.customer.id, rowTemplate)}</ul>
        ${next ? html`<button class="btn cu-next" ?disabled=${busy} @click=${() => load(true).catch(complain)}>${t('customers.more')}</button>` : nothing}
        ${q && items.length >= MOST ? html`<p class="hint cu-hint">${t('customers.many')}</p>` : nothing}`}
    </div>`;
}

