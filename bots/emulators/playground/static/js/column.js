/** What a customer's phone and the staff group have in common: writing, pressing, editing, and telling how it went. */

import { html, nothing } from '../vendor/lit-html/lit-html.js';
import { attachments } from './attach.js';
import { summary } from './bubble.js';
import { Refused } from './ctl.js';
import { icon } from './icons.js';
import { Log } from './log.js';
import { t } from './words.js';

/** @typedef {import('./messenger.js').Item} Item @typedef {import('./messenger.js').Messenger} Messenger */

/** Seconds a press waits for the bot's answer; milliseconds a short and a long line stay. */
const ANSWER_WAIT = 6;
const STAYS = 4000;
const STAYS_LONG = 9000;

export class Column {
  /** @param {Messenger} world @param {() => void} changed @param {'phone'|'staff'} side */
  constructor(world, changed, side) {
    this.world = world;
    this.changed = changed;
    this.side = side;
    this.log = new Log(changed);
    this.text = '';
    /** @type {Item|null} */
    this.replyTo = null;
    /** @type {Item|null} */
    this.editing = null;
    this.busy = '';
    this.told = { words: '', bad: false };
    this.timer = 0;
    /** @type {Map<string, string>} what was begun in other chats of this column */
    this.drafts = new Map();
  }

  /** Put away what is being written in one chat and take up what was begun in another. @param {string} from @param {string} to */
  turnTo(from, to) {
    this.drafts.set(from, this.editing ? '' : this.text);
    this.replyTo = this.editing = null;
    this.write(this.drafts.get(to) ?? '');
  }

  /** Who acts, for the control API; filled in by the two kinds of column. @returns {{verb: string, who: object}} */
  actor() {
    throw new Error('a column knows who acts');
  }

  /** The element that holds this column. @returns {HTMLElement|null} */
  get root() {
    return null;
  }

  /** @returns {import('./bubble.js').Look} */
  look(/** @type {number} */ me) {
    return { me, side: this.side, api: this.world.api, busy: this.busy, press: this.press, act: this.act };
  }

  /** @param {string} words @param {boolean} [bad] @param {boolean} [long] */
  tell(words, bad = false, long = false) {
    this.told = { words, bad };
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => {
      this.told = { words: '', bad: false };
      this.changed();
    }, bad || long ? STAYS_LONG : STAYS);
    this.changed();
  }

  /** Do something at the emulator; a refusal is told in the column. @param {string} path @param {object} body */
  async attempt(path, body) {
    try {
      return await this.world.api.post(path, body);
    } catch (fault) {
      if (!(fault instanceof Refused || fault instanceof TypeError)) throw fault;
      this.tell(`${t('not_sent')}: ${fault.message}`, true);
      return null;
    }
  }

  /** @param {string} text @param {object} [more] */
  async say(text, more = {}) {
    const { verb, who } = this.actor();
    this.log.atEnd = true;
    return this.attempt(`${verb}/say`, { ...who, ...(text ? { text } : {}), ...more });
  }

  /** Send a file with what stands in the input as its caption. @param {string} kind @param {string|object} given */
  async attach(kind, given) {
    const caption = this.text.trim();
    const { replyTo } = this;
    this.write('');
    this.replyTo = null;
    const reply = replyTo ? { reply_to: replyTo.message_id } : {};
    const sent = await this.say('', { [kind]: given, ...(caption ? { caption } : {}), ...reply });
    if (!sent && !this.text) this.write(caption);
  }

  submit = async () => {
    const text = this.text.trim();
    if (!text) return;
    const { verb, who } = this.actor();
    const { replyTo, editing } = this;
    this.write('');
    this.replyTo = this.editing = null;
    this.changed();
    const sent = editing
      ? await this.attempt(`${verb}/edit`, { ...who, message_id: editing.message_id, text })
      : await this.say(text, replyTo ? { reply_to: replyTo.message_id } : {});
    if (!sent && !this.text) this.write(text);
  };

  /** @param {string} text */
  write(text) {
    this.text = text;
    // What was typed and sent within one frame was never drawn, so drawing would see nothing to clear.
    const input = this.input();
    if (input) input.value = text;
    this.changed();
  }

  /** @returns {HTMLTextAreaElement|null} */
  input() {
    return this.root?.querySelector('textarea') ?? null;
  }

  /** @type {import('./bubble.js').Look['press']} */
  press = async (item, button) => {
    const { verb, who } = this.actor();
    this.busy = `${item.message_id} ${button.data}`;
    this.changed();
    const how = button.data === null ? { text: button.text } : { data: button.data };
    const done = await this.attempt(`${verb}/press`, { ...who, message_id: item.message_id, ...how, wait: ANSWER_WAIT });
    this.busy = '';
    this.changed();
    if (!done || !('answer' in done)) return;
    if (!done.answer) this.tell(t('pressed'));
    else if (done.answer.text) this.tell(done.answer.text, false, done.answer.show_alert);
  };

  /** @type {import('./bubble.js').Look['act']} */
  act = async (verb, item) => {
    const { verb: role, who } = this.actor();
    const { message_id } = item;
    if (verb === 'react') {
      const emoji = item.reactions.includes('👍') ? '' : '👍';
      await this.attempt(`${role}/react`, { ...who, message_id, emoji });
    } else if (verb === 'delete') {
      await this.attempt(`${role}/delete`, { ...who, message_id });
    } else {
      this.replyTo = verb === 'reply' ? item : null;
      this.editing = verb === 'edit' ? item : null;
      if (verb === 'edit') this.write(item.text);
      this.changed();
      this.input()?.focus();
    }
  };

  cancel = () => {
    if (this.editing) this.write('');
    this.replyTo = this.editing = null;
    this.changed();
    this.input()?.focus();
  };

  /** @param {{label: string, tone?: string, before?: unknown}} shape */
  composer({ label, tone = '', before = nothing }) {
    const subject = this.editing ?? this.replyTo;
    return html`
      <form class="composer ${tone}" @submit=${(/** @type {Event} */ e) => { e.preventDefault(); void this.submit(); }}>
        ${subject
          ? html`<div class="subject">${icon(this.editing ? 'pencil' : 'reply')}
              <span><b>${this.editing ? t('editing') : subject.from.name}</b><span>${summary(subject)}</span></span>
              <button type="button" class="ghost" aria-label=${t('cancel')} @click=${this.cancel}>${icon('x')}</button></div>`
          : nothing}
        ${before}
        <div class="field">
          ${this.editing ? nothing : attachments(this)}
          <textarea rows="1" maxlength="4096" aria-label=${label} placeholder=${label} data-testid="${this.side}-input"
            .value=${this.text} @input=${(/** @type {any} */ e) => { this.text = e.target.value; this.changed(); }}
            @keydown=${this.#keys}></textarea>
          <button class="send" aria-label=${t('send')} data-testid="${this.side}-send" ?disabled=${!this.text.trim()}>${icon(
            this.editing ? 'check' : 'arrow-up')}</button>
        </div>
      </form>`;
  }

  #keys = (/** @type {KeyboardEvent} */ event) => {
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      void this.submit();
    }
    if (event.key === 'Escape' && (this.replyTo || this.editing)) this.cancel();
  };

  toast() {
    return html`<div class="told" role="status" ?data-bad=${this.told.bad}>${this.told.words
      ? html`<span>${this.told.words}</span>`
      : nothing}</div>`;
  }

  settle() {
    if (this.root) this.log.settle(this.root);
  }
}
