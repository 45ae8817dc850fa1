/** Two customers side by side, field by field: what is equal, what differs, and what one person can hardly have both of. */

import {html} from 'lit-html';
import {icon} from 'mostik/core/dom.js';
import {fullDate, phone} from 'mostik/core/format.js';
import {t} from 'mostik/core/i18n.js';
import {kindOf, valueOf} from 'mostik/inbox/customer.js';

/** Kinds of which one person has one, or may have several: both proved and none in common is told. */
const PROVED = ['email', 'phone', 'user_id'];

/** @param {any} card @param {string} kind @param {boolean} [sure] @returns {string[]} */
function contacts(card, kind, sure = false) {
  const found = card.identities.filter((/** @type {any} */ one) => one.channel === kind && (one.proved || !sure));
  return [...new Set(found.map((/** @type {any} */ one) => one.email ?? one.phone ?? one.external_id))].map((each) => phone(/** @type {string} */ (each)));
}

/** @param {any} card @returns {string} */
function channels(card) {
  const found = card.identities.filter((/** @type {any} */ one) => !PROVED.includes(one.channel));
  return found.map((/** @type {any} */ one) => `${t(`ui.channel.${kindOf(one.channel)}`)}: ${valueOf(one)}`).join('\n');
}

/** @param {any} card @returns {Map<string, string>} what stands in a profile, by the field's name in words */
function profile(card) {
  const rows = new Map([
    [t('ui.compare.name'), card.name],
    [t('ui.compare.since'), fullDate(card.created_at)],
    [t('ui.compare.channels'), channels(card)],
    ...PROVED.map((kind) => /** @type {[string, string]} */ ([t(`ui.compare.${kind}`), contacts(card, kind).join('\n')])),
    [t('ui.compare.company'), card.company ?? ''],
    [t('ui.compare.tags'), (card.tags ?? []).join(', ')],
    [t('ui.compare.note'), card.note],
  ]);
  for (const [key, value] of Object.entries(card.fields ?? {})) if (value !== null) rows.set(key, String(value));
  return rows;
}

/** @param {any} mine @param {any} theirs @returns {string[]} kinds of which each has proved another value */
function clashes(mine, theirs) {
  return PROVED.filter((kind) => {
    const [one, other] = [contacts(mine, kind, true), contacts(theirs, kind, true)];
    return one.length && other.length && !one.some((value) => other.includes(value));
  });
}

/** @param {any} mine the card that stays open @param {any} theirs who may be the same */
export function compareTemplate(mine, theirs) {
  const [one, other] = [profile(mine), profile(theirs)];
  const names = [...new Set([...one.keys(), ...other.keys()])].filter((name) => one.get(name) || other.get(name));
  return html`<table class="compare" data-testid="compare">
      <caption class="listen-only">${t('ui.compare.caption')}</caption>
      <thead>
        <tr><td></td><th scope="col">${t('ui.compare.mine')}</th><th scope="col">${t('ui.compare.theirs')}</th></tr>
      </thead>
      <tbody>
        ${names.map((name) => {
          const [left, right] = [one.get(name) || '—', other.get(name) || '—'];
          return html`<tr data-state=${left === right ? 'same' : 'differs'}><th scope="row">${name}</th><td>${left}</td><td>${right}</td></tr>`;
        })}
      </tbody>
    </table>
    ${clashes(mine, theirs).map(
      (kind) => html`<p class="conflict" data-testid="clash">${icon('triangle-alert')}<span>${t(`ui.compare.clash_${kind}`)}</span></p>`,
    )}`;
}
