/** The weather: faults of the emulated Telegram to order with one press, and how the bot's sends fare in them. */

import { html, nothing } from '../vendor/lit-html/lit-html.js';
import { Refused, get, post, remove } from './ctl.js';
import { icon } from './icons.js';
import { clock, t } from './words.js';

const LOOK_EVERY = 1000;
const CALLS = 6;
/** @type {[name: string, glyph: string, order: object][]} */
const FAULTS = [
  ['429', 'hourglass', { fault: '429', method: 'sendMessage', count: 3, retry_after: 2 }],
  ['500', 'server-crash', { fault: '500', method: 'sendMessage', count: 3 }],
  ['applied_lost', 'mail-question-mark', { fault: 'applied_lost', method: 'sendMessage', count: 1 }],
  ['duplicate_update', 'copy-plus', { fault: 'duplicate_update', count: 3 }],
  ['down', 'unplug', { fault: '500', seconds: 15 }],
];

export class Weather {
  /** @param {() => void} changed */
  constructor(changed) {
    this.changed = changed;
    this.shown = false;
    this.timer = 0;
    this.chosen = '';
    this.since = 0;
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
      this.since = (await get('stats')).calls;
      this.calls = [];
    });
    this.timer = window.setInterval(this.refresh, LOOK_EVERY);
    await this.refresh();
  };

  refresh = () =>
    this.#look(async () => {
      this.orders = (await get('faults')).items;
      const { items } = await get('calls', { method: 'sendMessage', since: this.since });
      this.calls = items.slice(-CALLS);
      if (items.length > CALLS) this.since = this.calls[0].n - 1;
    });

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
              await this.#look(() => post('faults', order));
              await this.refresh();
            }}>${icon(glyph)} ${t(`fault_${name}`)}</button>`)}</div>
        </div>
        <div class="weather-row">
          <p role="status">${this.chosen ? t(`fault_${this.chosen}_hint`) : nothing}</p>
          <div class="weather-now" data-testid="weather-now" data-orders=${this.orders.length}>${this.orders.length
            ? html`${icon('cloud-lightning')} ${this.orders.map((order) => html`<span class="order">${named(order)}</span>`)}
                <button class="button small" @click=${() => this.#look(() => remove('faults')).then(this.refresh)}>${icon('sun')} ${t('clear_sky')}</button>`
            : html`${icon('sun')} ${t('weather_clear')}`}</div>
          <div class="calls"><b>${t('calls')}</b>${this.calls.length
            ? this.calls.map((call) => html`<span class="call" data-good=${call.status === 200}>${clock(call.at)} · ${call.status ?? '…'}</span>`)
            : html`<span>${t('calls_none')}</span>`}</div>
        </div>
      </section>`;
  }
}

/** @param {any} order */
function named(order) {
  const name = FAULTS.find(([, , one]) => /** @type {any} */ (one).fault === order.fault && ('seconds' in one) === ('seconds' in order))?.[0];
  const left = 'seconds' in order ? `${Math.ceil(order.seconds)} ${t('seconds')}` : `${order.count ?? ''}`;
  return `${name ? t(`fault_${name}`) : order.fault}: ${t('weather_left')} ${left}`;
}
