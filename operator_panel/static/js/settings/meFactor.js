/** The second factor: an app is joined by a picture, shows its first code, and spare codes are kept by the person. */

import {html, nothing} from 'lit-html';
import {date} from 'mostik/core/format.js';
import {errorsOf, form, line} from 'mostik/settings/form.js';

/** @type {{on: boolean, since: string|null, spares: number}} */
let factor = {on: false, since: null, spares: 0};
/** @type {{secret: string, address: string, picture: string}|null} shown while an app is being joined */
let begun = null;
let draft = {password: '', code: ''};
let errors = /** @type {Record<string, string>} */ ({});
let busy = false;

/** @param {any} room */
async function open(room) {
  factor = await room.api.get('/me/second_factor');
  [begun, draft, errors] = [null, {password: '', code: ''}, {}];
}

/** @param {any} room @param {() => Promise<void>} work what a refusal of names its fields */
async function tried(room, work) {
  busy = true;
  errors = {};
  room.redraw();
  await work().catch((error) => (errors = errorsOf(error, ['password', 'code'])));
  busy = false;
  room.redraw();
}

/** @param {any} room */
const begin = (room) =>
  tried(room, async () => {
    begun = await room.api.post('/me/second_factor', {password: draft.password});
    draft = {password: '', code: ''};
    setTimeout(() => document.getElementById('f-code')?.focus(), 50);
  });

/** @param {any} room */
const confirm = (room) =>
  tried(room, async () => {
    const {codes} = await room.api.post('/me/second_factor/confirm', {code: draft.code});
    await open(room);
    room.redraw();
    await room.ask(room.t('settings.me.spares'), {
      body: html`<p>${room.t('settings.me.spares_lead')}</p>
        <ol class="st-spares" data-testid="spares">${codes.map((/** @type {string} */ code) => html`<li><code>${code}</code></li>`)}</ol>`,
    });
  });

/** @param {any} room */
const off = (room) =>
  tried(room, async () => {
    await room.api.post('/me/second_factor/off', {password: draft.password});
    await open(room);
    room.toast(room.t('settings.me.factor_gone'));
  });

/** @param {any} room @param {'password'|'code'} name */
const set = (room, name) => (/** @type {string} */ value) => {
  draft = {...draft, [name]: value};
  room.redraw();
};

/** @param {any} room */
const password = (room) =>
  line({name: 'factor-password', label: room.t('settings.me.password_again'), value: draft.password, error: errors.password, type: 'password', auto: 'current-password', set: set(room, 'password')});

/** @param {any} room @param {{secret: string, address: string, picture: string}} shown */
const joining = (room, shown) => form({
  title: room.t('settings.me.factor'),
  testid: 'me-factor',
  busy,
  quiet: !draft.code.trim(),
  label: room.t('settings.me.factor_confirm'),
  save: () => confirm(room),
  more: html`<button class="btn" type="button" @click=${() => ((begun = null), room.redraw())}>${room.t('settings.cancel')}</button>`,
  body: html`<p>${room.t('settings.me.factor_scan')}</p>
    <div class="st-factor">
      <img class="st-qr" alt=${room.t('settings.me.factor_qr')} width="180" height="180" src="data:image/svg+xml,${encodeURIComponent(shown.picture)}" />
      <div>
        <p class="st-hint">${room.t('settings.me.factor_by_hand')}</p>
        <p><code class="st-secret" data-testid="factor-secret">${shown.secret.replace(/(.{4})/g, '$1 ').trim()}</code></p>
        ${line({name: 'code', label: room.t('settings.me.factor_code'), value: draft.code, error: errors.code, auto: 'one-time-code', mode: 'numeric', most: 7, set: set(room, 'code')})}
      </div>
    </div>`,
});

/** @param {any} room */
function view(room) {
  const {t} = room;
  if (begun) return joining(room, begun);
  return form({
    title: t('settings.me.factor'),
    testid: 'me-factor',
    busy,
    quiet: !draft.password,
    label: t(factor.on ? 'settings.me.factor_off' : 'settings.me.factor_on'),
    save: () => (factor.on ? off(room) : begin(room)),
    body: html`<p>${t(factor.on ? 'settings.me.factor_is_on' : 'settings.me.factor_lead', {date: factor.since ? date(factor.since) : ''})}</p>
      ${factor.on ? html`<p class="st-hint">${t('settings.me.spares_left', {n: factor.spares})}</p>` : nothing}${password(room)}`,
  });
}

export default {open, view};
