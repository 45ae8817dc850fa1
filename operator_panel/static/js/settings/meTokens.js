/** Tokens of the API: made with a name, scopes and an end; shown once; revoked. */

import {html, nothing} from 'lit-html';
import {date} from 'mostik/core/format.js';
import {icon} from 'mostik/core/dom.js';
import {choice, errorsOf, form, line, several} from 'mostik/settings/form.js';

const AREAS = ['conversations', 'customers', 'kb', 'staff', 'channels', 'webhooks'];
const DAYS = ['30', '90', '365', ''];

/** @type {{id: string, name: string, hint: string, scopes: string[], expires_at: string|null, used_at: string|null}[]} */
let rows = [];
let draft = {name: '', scopes: /** @type {string[]} */ ([]), days: '90'};
let errors = /** @type {Record<string, string>} */ ({});
let busy = false;
let making = false;

/** @param {any} room */
async function open(room) {
  rows = (await room.api.get('/me/tokens')).items;
  [draft, errors, making] = [{name: '', scopes: [], days: '90'}, {}, false];
}

/** @param {any} room @param {string} token */
const show = (room, token) =>
  room.ask(room.t('settings.me.token_made'), {
    body: html`<p>${room.t('settings.me.token_once')}</p>
      <p class="st-secret-line"><code class="st-secret" data-testid="token">${token}</code>
        <button class="btn btn-small" type="button" @click=${() => navigator.clipboard?.writeText(token).then(() => room.toast(room.t('settings.me.copied')))}>${room.t('settings.me.copy')}</button></p>`,
  });

/** @param {any} room */
async function save(room) {
  busy = true;
  room.redraw();
  try {
    const {name, scopes, days} = draft;
    const made = await room.api.post('/me/tokens', {name, scopes, days: days ? Number(days) : null});
    await open(room);
    room.redraw();
    await show(room, made.token);
  } catch (error) {
    errors = errorsOf(error, ['name', 'scopes', 'days']);
  }
  busy = false;
  room.redraw();
}

/** @param {any} room @param {{id: string, name: string}} row */
async function revoke(room, row) {
  const {t} = room;
  if (!(await room.ask(t('settings.me.token_revoke_ask', {name: row.name}), {yes: t('settings.me.token_revoke'), danger: true, body: html`<p>${t('settings.me.token_revoke_lead')}</p>`}))) return;
  await room.api.remove(`/me/tokens/${row.id}`).then(() => open(room), room.complain);
  room.redraw();
}

/** The form opens or closes, and the focus goes on to what has come. @param {any} room @param {boolean} shown */
function turn(room, shown) {
  making = shown;
  room.redraw();
  setTimeout(() => document.getElementById(shown ? 'f-token-name' : 'token-new')?.focus(), 50);
}

/** @param {any} room */
function maker(room) {
  const {t} = room;
  const set = (/** @type {string} */ name) => (/** @type {any} */ value) => {
    draft = {...draft, [name]: value};
    room.redraw();
  };
  const options = AREAS.flatMap((area) => ['read', 'write'].map((what) => [`${area}:${what}`, t(`settings.me.scope.${area}_${what}`)]));
  return form({
    title: t('settings.me.token_new'),
    testid: 'me-token-new',
    busy,
    quiet: !draft.name.trim(),
    label: t('settings.me.token_make'),
    save: () => save(room),
    more: html`<button class="btn" type="button" @click=${() => turn(room, false)}>${t('settings.cancel')}</button>`,
    body: html`<div class="st-pair">
        ${line({name: 'token-name', label: t('settings.me.token_name'), hint: t('settings.me.token_name_hint'), value: draft.name, error: errors.name, most: 60, set: set('name')})}
        ${choice({name: 'token-days', label: t('settings.me.token_days'), value: draft.days, error: errors.days, options: DAYS.map((n) => [n, n ? t('settings.me.token_for', {n: Number(n)}) : t('settings.me.token_forever')]), set: set('days')})}
      </div>
      ${several({name: 'scopes', label: t('settings.me.token_scopes'), hint: t('settings.me.token_scopes_hint'), value: draft.scopes, error: errors.scopes, options: /** @type {[string, string][]} */ (options), set: set('scopes')})}`,
  });
}

/** @param {any} room */
function view(room) {
  const {t} = room;
  const told = (/** @type {any} */ row) =>
    [
      `…${row.hint}`,
      row.scopes.length ? row.scopes.join(', ') : t('settings.me.token_all'),
      row.expires_at ? t('settings.me.token_until', {date: date(row.expires_at)}) : t('settings.me.token_forever'),
      row.used_at ? t('settings.me.token_used', {date: date(row.used_at)}) : t('settings.me.token_unused'),
    ].join(' · ');
  return html`<section class="st-card" aria-labelledby="tokens-title" data-testid="me-tokens">
      <h2 id="tokens-title">${t('settings.me.tokens')}</h2>
      <p>${t('settings.me.tokens_lead')}</p>
      ${rows.length
        ? html`<ul class="st-rows">${rows.map(
            (row) => html`<li>
              ${icon('plug')}
              <div class="st-row-text"><b>${row.name || t('settings.me.token_nameless')}</b><span>${told(row)}</span></div>
              <button class="btn btn-small" @click=${() => revoke(room, row)}>${t('settings.me.token_revoke')}</button>
            </li>`,
          )}</ul>`
        : nothing}
      ${making ? nothing : html`<div class="st-foot"><button class="btn" id="token-new" @click=${() => turn(room, true)}>${t('settings.me.token_new')}</button></div>`}
    </section>
    ${making ? maker(room) : nothing}`;
}

export default {open, view};
