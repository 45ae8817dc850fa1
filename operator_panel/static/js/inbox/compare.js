/** Two customers side by side before they are joined: what is equal, what differs and whose value is to stand. */

import {html, nothing, render} from 'lit-html';
import {icon} from 'mostik/core/dom.js';
import {fullDate, phone, shortTime} from 'mostik/core/format.js';
import {t} from 'mostik/core/i18n.js';
import {problemText} from 'mostik/core/toasts.js';
import {path} from 'mostik/inbox/customer.js';
import {api, mayWrite} from 'mostik/inbox/desk.js';
import {fieldName, shownValue} from 'mostik/inbox/facts.js';
import {kindOf, valueOf} from 'mostik/inbox/identities.js';
import {channelName} from 'mostik/inbox/row.js';

/** Kinds of which one person has one, or may have several: both proved and none in common is told. */
const PROVED = ['email', 'phone', 'user_id'];
const PREVIEW = 3;

/** @typedef {{field: string, this: any, other: any, choices: string[], kept: string}} Difference */
/** @typedef {{mine: any, theirs: any, differences: Difference[], keep: Record<string, string>, messages: any[], busy: boolean, words: string, link: (keep: object) => Promise<void>}} View */

/** @param {any} card @param {string} kind @param {boolean} [sure] @returns {string[]} */
function contacts(card, kind, sure = false) {
  const found = card.identities.filter((/** @type {any} */ one) => one.channel === kind && (one.proved || !sure));
  return [...new Set(found.map((/** @type {any} */ one) => one.email ?? one.phone ?? one.external_id))].map((each) => phone(/** @type {string} */ (each)));
}

/** @param {any} card @param {string} kind @returns {string} each on a line; beside what is only claimed it says so */
function told(card, kind) {
  const proved = contacts(card, kind, true);
  return contacts(card, kind)
    .map((value) => (proved.includes(value) ? value : `${value} · ${t('ui.identity.claimed')}`))
    .join('\n');
}

/** @param {any} card @returns {string} */
function channels(card) {
  const found = card.identities.filter((/** @type {any} */ one) => !PROVED.includes(one.channel));
  return found.map((/** @type {any} */ one) => `${channelName(kindOf(one.channel))}: ${valueOf(one)}`).join('\n');
}

/** @param {any} card @returns {Map<string, string>} what stands in a profile, by the field's key */
function profile(card) {
  const rows = new Map([
    ['name', card.name],
    ['since', fullDate(card.created_at)],
    ['channels', channels(card)],
    ...PROVED.map((kind) => /** @type {[string, string]} */ ([kind, contacts(card, kind).join('\n')])),
    ['company', card.company ?? ''],
    ['tags', (card.tags ?? []).join(', ')],
    ['note', card.note],
  ]);
  for (const [key, value] of Object.entries(card.fields ?? {})) {
    if (value !== null) rows.set(`fields.${key}`, shownValue(`fields.${key}`, value));
  }
  return rows;
}

/** @param {any} mine @param {any} theirs @returns {string[]} kinds of which each has proved another value */
function clashes(mine, theirs) {
  return PROVED.filter((kind) => {
    const [one, other] = [contacts(mine, kind, true), contacts(theirs, kind, true)];
    return one.length && other.length && !one.some((value) => other.includes(value));
  });
}

/** @returns {HTMLDialogElement} */
function dialogOf() {
  const there = document.getElementById('compare');
  if (there) return /** @type {HTMLDialogElement} */ (there);
  const made = document.createElement('dialog');
  made.id = 'compare';
  made.className = 'dialog compare-dialog';
  made.setAttribute('aria-labelledby', 'compare-title');
  document.body.append(made);
  return made;
}

/** @param {View} view @param {Difference|undefined} difference @param {'this'|'other'} whose @param {string} text */
function cell(view, difference, whose, text) {
  if (!difference || !mayWrite) return html`<td><bdi>${text}</bdi></td>`;
  const choose = () => draw({...view, keep: {...view.keep, [difference.field]: whose}});
  return html`<td><label class="compare-choice">
      <input type="radio" name="keep-${difference.field}" value=${whose} .checked=${view.keep[difference.field] === whose} @change=${choose} />
      <bdi>${text}</bdi>
    </label></td>`;
}

/** @param {View} view @param {Difference} difference */
function bothTemplate(view, difference) {
  if (!difference.choices.includes('both') || !mayWrite) return nothing;
  const choose = () => draw({...view, keep: {...view.keep, [difference.field]: 'both'}});
  return html`<tr class="compare-both"><td></td><td colspan="2"><label class="compare-choice">
      <input type="radio" name="keep-${difference.field}" value="both" .checked=${view.keep[difference.field] === 'both'} @change=${choose} />
      ${t('ui.compare.both')}
    </label></td></tr>`;
}

/** @param {View} view */
function rowsTemplate(view) {
  const [one, other] = [profile(view.mine), profile(view.theirs)];
  const keys = [...new Set([...one.keys(), ...other.keys()])].filter((key) => one.get(key) || other.get(key));
  return keys.map((key) => {
    const [left, right] = [one.get(key) || '—', other.get(key) || '—'];
    const difference = view.differences.find((each) => each.field === key);
    const shown = (/** @type {any} */ card, /** @type {string} */ text) => (PROVED.includes(key) && told(card, key)) || text;
    return html`<tr data-state=${left === right ? 'same' : 'differs'} data-field=${key}>
        <th scope="row">${fieldName(key)}</th>${cell(view, difference, 'this', shown(view.mine, left))}${cell(view, difference, 'other', shown(view.theirs, right))}
      </tr>
      ${difference ? bothTemplate(view, difference) : nothing}`;
  });
}

/** @param {View} view */
async function link(view) {
  draw({...view, busy: true, words: ''});
  try {
    await view.link(view.keep);
    dialogOf().close();
  } catch (error) {
    draw({...view, busy: false, words: problemText(error)});
  }
}

/** @param {View} view */
function draw(view) {
  const {mine, theirs, differences, messages, busy, words} = view;
  const dialog = dialogOf();
  render(
    html`<header>
        <h2 id="compare-title">${t('ui.compare.title')}</h2>
        <button type="button" class="icon-btn" aria-label=${t('ui.close_hint')} @click=${() => dialog.close()}>${icon('x')}</button>
      </header>
      ${clashes(mine, theirs).map(
        (kind) => html`<p class="conflict" data-testid="clash">${icon('triangle-alert')}<span>${t(`ui.compare.clash_${kind}`)}</span></p>`,
      )}
      ${differences.length && mayWrite ? html`<p class="compare-hint">${t('ui.compare.hint')}</p>` : nothing}
      <div class="compare-rows" tabindex="0" role="group" aria-labelledby="compare-title">
        <table class="compare" data-testid="compare">
          <caption class="listen-only">${t('ui.compare.caption')}</caption>
          <thead>
            <tr><td></td><th scope="col">${t('ui.compare.mine')}</th><th scope="col">${t('ui.compare.theirs')}</th></tr>
          </thead>
          <tbody>${rowsTemplate(view)}</tbody>
        </table>
        <h3>${t('ui.compare.words')}</h3>
        ${messages.length
          ? messages.map((message) => html`<p class="preview-line"><time datetime=${message.at}>${shortTime(message.at)}</time><bdi>${message.text}</bdi></p>`)
          : html`<p class="none">${t('ui.customer.silent')}</p>`}
      </div>
      ${words ? html`<p class="field-fault" role="alert">${words}</p>` : nothing}
      <div class="compare-foot">
        <button type="button" class="btn" @click=${() => dialog.close()}>${t('ui.amend.cancel')}</button>
        ${mayWrite ? html`<button type="button" class="btn btn-primary" ?disabled=${busy} @click=${() => link(view)}>${t('ui.customer.link')}</button>` : nothing}
      </div>`,
    dialog,
  );
}

/**
 * Show who may be the same beside the open one; raises Problem when he cannot be fetched.
 * @param {any} mine the card that stays open @param {string} other id @param {(keep: object) => Promise<void>} link
 */
export async function openCompare(mine, other, link) {
  const [theirs, found, page] = await Promise.all([
    api.get(path(other)),
    api.get(`${path(mine.id)}/differences`, {other}),
    api.get(`${path(other)}/messages`, {limit: PREVIEW * 8}),
  ]);
  const messages = page.items.filter((/** @type {any} */ one) => one.text && !one.deleted_at && one.author.kind === 'customer').slice(-PREVIEW);
  const keep = Object.fromEntries(found.items.map((/** @type {Difference} */ one) => [one.field, one.kept]));
  draw({mine, theirs, differences: found.items, keep, messages, busy: false, words: '', link});
  const dialog = dialogOf();
  if (!dialog.open) dialog.showModal();
  dialog.addEventListener('close', () => render(nothing, dialog), {once: true});
}
