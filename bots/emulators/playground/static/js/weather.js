/** The weather: faults of the emulated messengers to order with one press, and how the bot's sends fare in them. */

import { html, nothing } from '../vendor/lit-html/lit-html.js';
import { Refused } from './ctl.js';
import { icon } from './icons.js';
import { clock, t } from './words.js';

const LOOK_EVERY = 1000;
const CALLS = 6;
/** How Telegram and VK call a send; VK's word for "too many requests". */
const SENDS = ['sendMessage', 'messages.send'];
const TOO_MANY = 'vk_6';
/** @type {[name: string, glyph: string, order: object][]} */
const FAULTS = [
  ['429', 'hourglass', { fault: '429', method: 'sendMessage', count: 3, retry_after: 2 }],
  ['500', 'server-crash', { fault: '500', method: 'sendMessage', count: 3 }],
  ['applied_lost', 'mail-question-mark', { fault: 'applied_lost', method: 'sendMessage', count: 1 }],
  ['duplicate_update', 'copy-plus', { fault: 'duplicate_update', count: 3 }],
  ['down', 'unplug', { fault: '500', seconds: 15 }],
];

export class Weather {
  /** @param {() => void} changed @param {import('./ctl.js').Control[]} controls Telegram's, and VK's when there is one */
  constructor(changed, controls) {
    this.changed = changed;
    this.controls = controls;
    this.shown = false;
    this.timer = 0;
    this.chosen = '';
    /** @type {number[]} */
    this.since = [];
    /** @type {any[]} */
    this.orders = [];
    /** @type {any[]} */
    this.calls = [];
  }

  toggle = async () => {
    this.shown = !this.shown;
    clearInterval(this.timer);
    this.chosen = '';
    this.changed();
    if (!this.shown) return;
    await this.#look(async () => {
      this.since = await Promise.all(this.controls.map(async (one) => (await one.get('stats')).calls));
      this.calls = [];
    });
    this.timer = window.setInterval(this.refresh, LOOK_EVERY);
    await this.refresh();
  };

  refresh = () =>
    this.#look(async () => {
      this.orders = (await Promise.all(this.controls.map((one) => one.get('faults')))).flatMap((found) => found.items);
      const calls = await Promise.all(this.controls.map((one, n) => one.get('calls', { method: SENDS[n], since: this.since[n] ?? 0 })));
      this.calls = calls.flatMap((found) => found.items).sort((a, b) => (a.at < b.at ? -1 : 1)).slice(-CALLS);
      calls.forEach(({ items }, n) => {
        if (items.length > CALLS) this.since[n] = items[items.length - CALLS].n - 1;
      });
    });

  /** Order a fault at every messenger, in its own words. @param {any} order */
  #spoil(order) {
    return Promise.all(this.controls.map((one, n) => one.post('faults', n ? inVk(order) : order)));
  }

  /** The long poll tells of an emulator that is away; here it only stops the looking. @param {() => Promise<void>} read */
  async #look(read) {
    try {
      await read();
    } catch (fault) {
      if (!(fault instanceof TypeError || fault instanceof Refused)) throw fault;
    }
    this.changed();
  }

  view() {
    if (!this.shown) return nothing;
    return html`
      <section class="weather" id="weather" aria-label=${t('weather')}>
        <div class="weather-row">
          <p>${t('weather_lead')}</p>
          <div class="faults">${FAULTS.map(([name, glyph, order]) => html`
            <button class="button" data-testid="fault" data-fault=${name} title=${t(`fault_${name}_hint`)} @click=${async () => {
              this.chosen = name;
              await this.#look(async () => void (await this.#spoil(order)));
              await this.refresh();
            }}>${icon(glyph)} ${t(`fault_${name}`)}</button>`)}</div>
        </div>
        <div class="weather-row">
          <p role="status">${this.chosen ? t(`fault_${this.chosen}_hint`) : nothing}</p>
          <div class="weather-now" data-testid="weather-now" data-orders=${this.orders.length}>${this.orders.length
            ? html`${icon('cloud-lightning')} ${this.orders.map((order) => html`<span class="order">${named(order)}</span>`)}
                <button class="button small" @click=${() => this.#look(async () => void (await Promise.all(this.controls.map((one) => one.remove('faults'))))).then(this.refresh)}>${icon('sun')} ${t('clear_sky')}</button>`
            : html`${icon('sun')} ${t('weather_clear')}`}</div>
          <div class="calls"><b>${t('calls')}</b>${this.calls.length
            ? this.calls.map((call) => html`<span class="call" data-good=${call.status === 200}>${clock(call.at)} · ${call.status ?? '…'}</span>`)
            : html`<span>${t('calls_none')}</span>`}</div>
        </div>
      </section>`;
  }
}

/** VK's words for Telegram's fault. @param {any} order */
function inVk(order) {
  return { ...order, fault: order.fault === '429' ? TOO_MANY : order.fault, ...(order.method ? { method: SENDS[1] } : {}) };
}

/** @param {any} order */
function named(order) {
  const fault = order.fault === TOO_MANY ? '429' : order.fault;
  const name = FAULTS.find(([, , one]) => /** @type {any} */ (one).fault === fault && ('seconds' in one) === ('seconds' in order))?.[0];
  const left = 'seconds' in order ? `${Math.ceil(order.seconds)} ${t('seconds')}` : `${order.count ?? ''}`;
  return `${name ? t(`fault_${name}`) : order.fault}: ${t('weather_left')} ${left}`;
}
