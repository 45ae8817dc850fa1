/** The playground: two phones and the staff group, drawn at most once a frame from what the emulators say. */

import { html, nothing, render } from '../vendor/lit-html/lit-html.js';
import { telegram, vk as vkControl } from './ctl.js';
import { icon } from './icons.js';
import { Mail } from './mail.js';
import { Vk } from './messenger.js';
import { Phone } from './phone.js';
import { Staff } from './staff.js';
import { Top } from './top.js';
import { Weather } from './weather.js';
import { World } from './world.js';
import { speak, t } from './words.js';

const root = /** @type {HTMLElement} */ (document.getElementById('app'));
const options = await (await fetch('/playground/options', { cache: 'no-store' })).json();
speak(options.language);

let asked = false;
let tab = 0;

function changed() {
  if (asked) return;
  asked = true;
  // A hidden page draws nothing: frames stop there, and the first one after its return shows it all.
  requestAnimationFrame(draw);
}

const world = new World(options, changed);
const vk = options.vk ? new Vk('vk', vkControl, options.vk, options.shop, changed) : null;
const messengers = vk ? [world, vk] : [world];
const phones = [0, 1].map((slot) => new Phone(messengers, options, changed, slot));
const staff = new Staff(world, changed);
const played = () => ({ chats: phones.map((phone) => phone.items), topics: world.topics, thread: (/** @type {number} */ topic) => world.thread(topic) });
const top = new Top(options, played, changed, new Weather(changed, vk ? [telegram, vkControl] : [telegram]), new Mail(changed, options.letters));

/** The last message seen of each customer's chat. @type {Map<string, number>} */
const seen = new Map();

function draw() {
  asked = false;
  if (messengers.some((one) => !one.ready && one.online)) return;
  phones.forEach((phone, slot) => {
    const id = phone.whose;
    if (tab === slot || !seen.has(id)) seen.set(id, phone.items[phone.items.length - 1]?.message_id ?? 0);
  });
  render(page(), root);
  for (const column of [...phones, staff]) column.settle();
  document.documentElement.dataset.ready = String(messengers.every((one) => one.ready));
}

function page() {
  return html`
    ${top.view()}
    ${top.weather.view()}
    ${messengers.map((one) => one.online
      ? nothing
      : html`<div class="offline" role="alert">${icon('wifi-off')} ${t(`offline_${one.kind}`)}</div>`)}
    <main class="columns">${phones.map((phone, slot) => phone.view(tab === slot))}${staff.view(tab === 2)}</main>
    <nav class="tabs" aria-label=${t('playground')}>${[0, 1, 2].map((n) => html`
      <button aria-current=${tab === n ? 'true' : 'false'} data-testid="tab" @click=${() => { tab = n; changed(); }}>
        ${icon(n === 2 ? 'users-round' : 'user-round')}${news(n) ? html`<i class="dot" role="img" aria-label=${t('unread')}></i>` : nothing}
        <span>${n === 2 ? t('staff') : phones[n].user?.name ?? ''}</span></button>`)}</nav>`;
}

/** @param {number} n */
function news(n) {
  if (n === 2) return staff.unread() > 0;
  const last = phones[n].items[phones[n].items.length - 1];
  return !!last && last.from.is_bot && last.message_id > (seen.get(phones[n].whose) ?? 0);
}

/** A link to the bot leads here: the phone that has its messenger, else the first one, opens it. */
const link = new URLSearchParams(location.search);
const kind = link.get('to');
if (kind) {
  const slot = Math.max(0, phones.findIndex((phone) => phone.world.kind === kind));
  phones[slot].invite(kind, link.get('with') ?? '');
  tab = slot;
  history.replaceState(null, '', location.pathname);
}

addEventListener('resize', changed);
await Promise.all(messengers.map((one) => one.run()));
