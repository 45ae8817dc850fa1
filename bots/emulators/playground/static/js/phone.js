/** A customer's phone: the private chat with the bot as Telegram shows it, or with the community as VK does. */

import { html, nothing } from '../vendor/lit-html/lit-html.js';
import { Column } from './column.js';
import { icon } from './icons.js';
import { menu } from './menu.js';
import { hue, initials } from './text.js';
import { samples, t } from './words.js';

/** What VK's own button says beside its words. */
const VK_START = '{"command":"start"}';
const CHOSEN = 'playground.messengers';

export class Phone extends Column {
  /**
   * @param {import('./messenger.js').Messenger[]} messengers Telegram, and VK when the demo has it
   * @param {any} options @param {() => void} changed @param {number} slot 0 or 1
   */
  constructor(messengers, options, changed, slot) {
    // Where there are two messengers, each phone begins with its own.
    const wanted = JSON.parse(localStorage.getItem(CHOSEN) ?? '[]')[slot] ?? messengers[slot % messengers.length].kind;
    super(messengers.find((one) => one.kind === wanted) ?? messengers[0], changed, 'phone');
    this.messengers = messengers;
    this.options = options;
    this.slot = slot;
    this.naming = false;
    this.inside = false;
    /** What a link that opened this phone carries; null: none did. @type {string|null} */
    this.invitation = null;
  }

  /** Open a link to the bot in this phone: its button begins with what the link carries. @param {string} kind @param {string} invitation */
  invite(kind, invitation) {
    const messenger = this.messengers.find((one) => one.kind === kind);
    if (!messenger) return;
    this.#turnOver(messenger);
    this.invitation = invitation;
  }

  /** Whose chat is shown: messenger and account. */
  get whose() {
    return `${this.world.kind} ${this.world.phones[this.slot] ?? 0}`;
  }

  get root() {
    return /** @type {HTMLElement|null} */ (document.getElementById(`phone-${this.slot}`));
  }

  get user() {
    return this.world.users.get(this.world.phones[this.slot]);
  }

  get items() {
    return this.world.chats.get(this.world.phones[this.slot]) ?? [];
  }

  actor() {
    return { verb: 'user', who: { user: this.user?.id, ...this.world.account } };
  }

  /** @param {string} text @param {object} [more] */
  async say(text, more = {}) {
    if (!this.inside) return super.say(text, more);
    this.log.atEnd = true;
    const sent = await this.attempt('operator/say', { ...this.actor().who, ...(text ? { text } : {}), ...more });
    if (sent) this.#outside();
    return sent;
  }

  /** @param {boolean} shown */
  view(shown) {
    const user = this.user;
    const items = this.items;
    const chat = html`${items.length
      ? this.log.view(this.whose, items, { label: t('chat_with'), testid: 'phone-thread', look: this.look(user?.id ?? 0) })
      : this.#empty()}`;
    return html`
      <section class="column phone" id="phone-${this.slot}" data-testid="phone" data-user=${user?.id ?? ''} data-messenger=${this.world.kind} ?data-shown=${shown}
        aria-label="${t('phone')} ${this.slot + 1}: ${user?.name ?? ''}">
        ${this.naming ? this.#newName() : this.#owner()}
        <div class="device">
          <header class="chat-head">
            <span class="avatar brand" aria-hidden="true">${this.#face()}</span>
            <div><h2>${this.world.bot.name}</h2><small>${t(this.#inVk ? 'community' : 'bot')}</small></div>
            ${menu(t('more'), this.#choices())}
          </header>
          <div class="chat">${chat}${this.toast()}</div>
          ${user?.blocked ? this.#blocked() : this.#bottom(items)}
        </div>
      </section>`;
  }

  get #inVk() {
    return this.world.kind === 'vk';
  }

  #face() {
    return this.#inVk ? initials(this.world.bot.name) : icon('bot');
  }

  #messengers() {
    if (this.messengers.length < 2) return html`<small>${t('phone_lead')}</small>`;
    return html`<div class="switch" role="group" aria-label=${t('messenger')}>${this.messengers.map((one) => html`
      <button aria-pressed=${one === this.world} data-testid="messenger" data-messenger=${one.kind}
        @click=${() => this.#turnOver(one)}>${t(`name_${one.kind}`)}</button>`)}</div>`;
  }

  /** @param {import('./messenger.js').Messenger} messenger */
  #turnOver(messenger) {
    const before = this.whose;
    this.world = messenger;
    this.invitation = null;
    this.inside = false;
    const chosen = JSON.parse(localStorage.getItem(CHOSEN) ?? '[]');
    // A hole would be read back as null, which names no messenger: the phone then begins as at first.
    chosen[this.slot] = messenger.kind;
    localStorage.setItem(CHOSEN, JSON.stringify(chosen));
    this.turnTo(before, this.whose);
  }

  #owner() {
    const users = [...this.world.users.values()];
    const other = this.world.phones[1 - this.slot];
    const name = this.user?.name ?? '';
    return html`<div class="owner"><span class="avatar small ${hue(name)}" aria-hidden="true">${initials(name || '?')}</span>
      <select aria-label=${t('whose_phone')} @change=${this.#switched}>
        ${users.map((one) => html`<option value=${one.id} ?disabled=${one.id === other} .selected=${one.id === this.user?.id}>${one.name}</option>`)}
        <option value="new">＋ ${t('new_customer')}</option>
      </select>${this.#messengers()}</div>`;
  }

  #switched = async (/** @type {any} */ event) => {
    const { value } = event.target;
    if (value === 'new') {
      this.naming = true;
      this.changed();
      this.root?.querySelector('input')?.focus();
    } else {
      this.turnTo(this.whose, `${this.world.kind} ${value}`);
      await this.world.putInPhone(this.slot, Number(value));
    }
  };

  #newName() {
    return html`<form class="owner" @submit=${this.#named}
        @keydown=${(/** @type {KeyboardEvent} */ e) => e.key === 'Escape' && this.#stopNaming()}>
      <input required maxlength="60" aria-label=${t('new_name')} placeholder=${t('new_name')}>
      <button class="button small">${t('add')}</button>
      <button type="button" class="ghost" aria-label=${t('cancel')} @click=${this.#stopNaming}>${icon('x')}</button>
    </form>`;
  }

  #named = async (/** @type {any} */ event) => {
    event.preventDefault();
    const name = event.target.querySelector('input').value.trim();
    if (name) {
      this.turnTo(this.whose, '');
      await this.world.newCustomer(this.slot, name);
    }
    this.#stopNaming();
  };

  #stopNaming = () => {
    this.naming = false;
    this.changed();
  };

  #choices() {
    const { who } = this.actor();
    const contact = { glyph: 'user-round', words: t('send_contact'), run: () => this.say('', { contact: { own: true } }) };
    const blocked = this.user?.blocked;
    const block = {
      glyph: 'ban',
      words: this.#word(blocked ? 'unblock' : 'block'),
      bad: !blocked,
      run: () => this.attempt(blocked ? 'user/unblock' : 'user/block', who),
    };
    return blocked ? [block] : this.#inVk ? [...this.#vkChoices(who), block] : [contact, block];
  }

  /** @param {object} who */
  #vkChoices(who) {
    const read = { glyph: 'check', words: t('read_all'), run: () => this.attempt('user/read', who) };
    const human = {
      glyph: 'user-round',
      words: t('answer_inside'),
      run: () => {
        this.inside = true;
        this.changed();
        this.input()?.focus();
      },
    };
    return this.items.length ? [read, human] : [];
  }

  /** A word as the messenger of this phone has it. @param {string} key */
  #word(key) {
    return t(this.#inVk ? `${key}_vk` : key);
  }

  #insideLine() {
    return html`<div class="subject">${icon('user-round')}<span><b>${t('answer_inside')}</b><span>${t('answer_inside_hint')}</span></span>
      <button type="button" class="ghost" aria-label=${t('cancel')} @click=${this.#outside}>${icon('x')}</button></div>`;
  }

  #outside = () => {
    this.inside = false;
    this.changed();
    this.input()?.focus();
  };

  #empty() {
    return html`<div class="empty">
      <span class="avatar brand big" aria-hidden="true">${this.#face()}</span>
      <b>${t('empty_chat')}</b><p>${this.#word('empty_chat_hint')}</p>
      <div class="chips column-chips">${this.#questions()}</div>
    </div>`;
  }

  #questions() {
    const given = this.options.questions;
    return (given.length ? given : samples()).map(
      (/** @type {string} */ words) => html`<button type="button" class="chip" @click=${() => this.say(words)}>${words}</button>`,
    );
  }

  #blocked() {
    return html`<div class="shut"><span>${icon('ban')} ${this.#word('blocked')}</span>
      <button class="button" @click=${() => this.attempt('user/unblock', this.actor().who)}>${this.#word('unblock')}</button></div>`;
  }

  #start = async () => {
    const invitation = this.invitation ?? '';
    this.invitation = null;
    if (this.#inVk) await this.say(t('start_vk'), { payload: VK_START, ...(invitation ? { ref: invitation } : {}) });
    else await this.say(`/start ${invitation}`.trim());
  };

  /** @param {import('./world.js').Item[]} items */
  #bottom(items) {
    const chips = html`<div class="chips" role="group" aria-label=${t('questions')} @wheel=${sideways}>${this.#questions()}</div>`;
    const keys = items.findLast((item) => item.from.is_bot && !item.deleted && ['reply', 'remove'].includes(item.keyboard ?? ''));
    return html`
      ${items.length && this.invitation === null
        ? nothing
        : html`<button class="start" @click=${this.#start}>${this.#word('start')}</button>`}
      ${this.inside
        ? html`${this.composer({ label: t('answer_inside'), tone: 'note', before: this.#insideLine() })}`
        : this.composer({ label: t('message'), before: items.length ? chips : nothing })}
      ${keys?.keyboard === 'reply'
        ? html`<div class="reply-keys">${keys.buttons.map((row) => html`<div class="keyboard-row">${row.map((button) => html`
            <button class="key" data-testid="phone-button" @click=${() => this.press(keys, button)}>${button.text}</button>`)}</div>`)}</div>`
        : nothing}`;
  }
}

/** A wheel turns up and down; the questions stand side by side. @param {WheelEvent} event */
function sideways(event) {
  const row = /** @type {HTMLElement} */ (event.currentTarget);
  if (event.deltaX || row.scrollWidth <= row.clientWidth) return;
  event.preventDefault();
  row.scrollLeft += event.deltaY;
}
