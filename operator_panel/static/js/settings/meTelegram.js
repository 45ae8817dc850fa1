/** One's own Telegram account: linked by a one-time code that goes to the bot from there. */

import {html} from 'lit-html';
import {icon} from 'mostik/core/dom.js';
import {time} from 'mostik/core/format.js';

let linked = /** @type {number|null} */ (null);
let code = /** @type {{code: string, url: string|null, expires_at: string}|null} */ (null);
let busy = false;

/** @param {any} room */
async function open(room) {
  linked = (await room.api.get('/me')).telegram_user_id;
  code = null;
}

/** @param {any} room @param {() => Promise<void>} work */
async function doing(room, work) {
  busy = true;
  room.redraw();
  try {
    await work();
  } catch (error) {
    room.complain(error);
  }
  busy = false;
  room.redraw();
}

/** @param {any} room */
const offer = (room) => doing(room, async () => void (code = await room.api.post('/me/telegram')));

/** @param {any} room */
const check = (room) =>
  doing(room, async () => {
    linked = (await room.api.get('/me')).telegram_user_id;
    if (linked) code = null;
    else room.toast(room.t('settings.me.telegram_not_yet'), {danger: true});
  });

/** @param {any} room */
async function unlink(room) {
  const {t} = room;
  const options = {body: t('settings.me.telegram_unlink_text'), yes: t('settings.me.telegram_unlink'), danger: true};
  if (!(await room.ask(t('settings.me.telegram_unlink_title'), options))) return;
  await doing(room, async () => {
    linked = (await room.api.remove('/me/telegram')).telegram_user_id;
    room.toast(t('settings.me.telegram_unlinked'));
  });
}

/** @param {any} room */
function steps(room) {
  const {t} = room;
  return html`<p>${t('settings.me.telegram_steps')}</p>
    <p><code class="st-code" data-testid="telegram-code">/start ${code?.code}</code></p>
    <p class="st-hint">${t('settings.me.telegram_until', {time: time(code?.expires_at ?? '')})}</p>
    <div class="st-foot">
      ${code?.url ? html`<a class="btn btn-primary" href=${code.url} target="_blank" rel="noopener noreferrer">${icon('brand-telegram', 'st-brand')}${t('settings.me.telegram_open')}</a>` : ''}
      <button class="btn" ?disabled=${busy} @click=${() => check(room)} data-testid="telegram-check">${t('settings.me.telegram_check')}</button>
      <button class="btn" ?disabled=${busy} @click=${() => offer(room)}>${t('settings.me.telegram_again')}</button>
    </div>`;
}

/** @param {any} room */
function view(room) {
  const {t} = room;
  const start = html`<div class="st-foot"><button class="btn btn-primary" ?disabled=${busy} @click=${() => offer(room)} data-testid="telegram-link">${t('settings.me.telegram_link')}</button></div>`;
  return html`<section class="st-card" data-testid="me-telegram">
    <h2>${t('settings.me.telegram')}</h2>
    <p>${linked ? t('settings.me.telegram_linked', {id: linked}) : t('settings.me.telegram_lead')}</p>
    ${linked
      ? html`<div class="st-foot"><button class="btn" ?disabled=${busy} @click=${() => unlink(room)} data-testid="telegram-unlink">${t('settings.me.telegram_unlink')}</button></div>`
      : code ? steps(room) : start}
  </section>`;
}

export default {open, view};
