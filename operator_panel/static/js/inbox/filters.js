/** The dialog in which is chosen what the list shows; it may be kept as a view. */

import {html, nothing, render} from 'lit-html';
import {icon} from 'mostik/core/dom.js';
import {t} from 'mostik/core/i18n.js';
import {problemText, toast} from 'mostik/core/toasts.js';
import {api, boot, chief, store} from 'mostik/inbox/desk.js';
import {openView} from 'mostik/inbox/navigation.js';
import {channelTitle} from 'mostik/inbox/row.js';
import {keptViews, load} from 'mostik/inbox/views.js';

const STATUSES = ['due', 'answered', 'snoozed', 'bot', 'closed'];
const PRIORITIES = ['urgent', 'high', '', 'low'];

/** @returns {HTMLDialogElement} made once */
function dialog() {
  const found = /** @type {HTMLDialogElement|null} */ (document.getElementById('filters'));
  if (found) return found;
  const made = document.createElement('dialog');
  made.id = 'filters';
  made.className = 'dialog filters-dialog';
  made.setAttribute('aria-labelledby', 'filters-title');
  return document.body.appendChild(made);
}

/** @param {FormData} form @returns {Record<string, any>} as /conversations and /views take them */
export function told(form) {
  const all = (/** @type {string} */ name) => form.getAll(name).map(String);
  const word = (/** @type {string} */ name) => String(form.get(name) ?? '').trim();
  const one = (/** @type {string} */ name) => (word(name) ? [word(name)] : []);
  const wanted = {
    statuses: all('statuses'),
    priorities: all('priorities').map((value) => (value === 'usual' ? '' : value)),
    channels: one('channel'),
    teams: one('team'),
    assignees: one('assignee'),
    tags: word('tags').split(',').map((tag) => tag.trim()).filter(Boolean),
    key: word('value') ? word('key') : '',
    value: word('key') ? word('value') : '',
    since: word('since'),
    until: word('until'),
    days: Number(word('days')) || 0,
    unread: form.has('unread'),
  };
  return Object.fromEntries(Object.entries(wanted).filter(([, value]) => (Array.isArray(value) ? value.length : value)));
}

/** @param {string} name @param {string[]} values @param {(value: string) => string} words @param {string[]} on */
function boxes(name, values, words, on) {
  return html`<fieldset>
    <legend>${t(`ui.filters.${name}`)}</legend>
    ${values.map((value) => html`<label class="check"><input type="checkbox" name=${name} value=${value || 'usual'} .checked=${on.includes(value)} />${words(value)}</label>`)}
  </fieldset>`;
}

/** @param {string} name @param {[string, string][]} options value and words @param {string} chosen */
function choice(name, options, chosen) {
  return html`<label class="field-label">${t(`ui.filters.${name}`)}
    <select class="field" name=${name}>
      <option value="">${t('ui.filters.any')}</option>
      ${options.map(([value, words]) => html`<option value=${value} ?selected=${value === chosen}>${words}</option>`)}
    </select></label>`;
}

/** @param {string} name @param {string} value @param {string} [type] */
const line = (name, value, type = 'text') => html`<label class="field-label">${t(`ui.filters.${name}`)}<input class="field" name=${name} type=${type} .value=${value} autocomplete="off" /></label>`;

/** @param {Record<string, any>} now @param {string} fault */
function template(now, fault) {
  const {statuses = [], priorities = [], channels = [], teams = [], assignees = [], tags = [], key = '', value = '', since = '', until = '', days = 0, unread = false} = now;
  const named = (/** @type {{id: string, name: string}[]} */ rows) => rows.map((one) => /** @type {[string, string]} */ ([one.id, one.name]));
  return html`<form method="dialog" @submit=${submit}>
    <header><h2 id="filters-title">${t('ui.views.filter_title')}</h2><button type="button" class="icon-btn" data-closes aria-label=${t('ui.close_hint')}>${icon('x')}</button></header>
    ${boxes('statuses', STATUSES, (one) => t(`ui.filters.status_${one}`), statuses)}
    ${boxes('priorities', PRIORITIES, (one) => t(`ui.filters.priority_${one || 'usual'}`), priorities)}
    <div class="filters-grid">
      ${choice('channel', store.state.channels.map((one) => [one.name, channelTitle(one)]), channels[0] ?? '')}
      ${(boot.teams ?? []).length ? choice('team', [...named(boot.teams), ['none', t('ui.filters.none')]], teams[0] ?? '') : nothing}
      ${choice('assignee', [['me', t('ui.filters.me')], ['none', t('ui.filters.none')], ...named(store.state.operators)], assignees[0] ?? '')}
      ${line('tags', tags.join(', '))}
      ${(boot.fields ?? []).length ? html`${choice('key', boot.fields.map((/** @type {any} */ one) => [one.key, one.name]), key)}${line('value', value)}` : nothing}
      ${line('since', since, 'date')}${line('until', until, 'date')}${line('days', days ? String(days) : '', 'number')}
    </div>
    <label class="check"><input type="checkbox" name="unread" .checked=${unread} />${t('ui.view.unread')}</label>
    <fieldset class="filters-keep">
      <legend>${t('ui.filters.keep')}</legend>
      ${line('name', '')}
      ${chief ? html`<label class="check"><input type="checkbox" name="shared" />${t('ui.filters.shared')}</label>` : nothing}
    </fieldset>
    ${fault ? html`<p class="form-fault" role="alert">${fault}</p>` : nothing}
    <footer class="dialog-foot">
      <button class="btn" value="keep">${t('ui.filters.keep_button')}</button>
      <button class="btn btn-primary" value="show">${t('ui.filters.show')}</button>
    </footer>
  </form>`;
}

/** @param {SubmitEvent} event */
async function submit(event) {
  event.preventDefault();
  const form = new FormData(/** @type {HTMLFormElement} */ (event.target));
  const filters = told(form);
  const keep = /** @type {HTMLButtonElement|null} */ (event.submitter)?.value === 'keep';
  if (!keep) {
    dialog().close();
    await openView('all', '', '', {filters, team: ''});
    return;
  }
  try {
    const name = String(form.get('name'));
    const made = await api.post('/views', {name, narrowing: filters, shared: form.has('shared') ? 'all' : 'own'});
    await load();
    dialog().close();
    toast(t('ui.filters.kept', {name: made.name}));
    await openView(made.id, '', '', {name: made.name, team: ''});
  } catch (error) {
    const field = /** @type {any} */ (error).body?.errors?.[0];
    draw(filters, field?.field === 'name' ? t(`ui.filters.name_${field.code === 'too_many' ? 'too_many' : 'empty'}`) : problemText(error));
    if (field?.field === 'name') /** @type {HTMLElement|null} */ (dialog().querySelector('[name="name"]'))?.focus();
  }
}

/** @param {Record<string, any>} now @param {string} [fault] */
const draw = (now, fault = '') => render(template(now, fault), dialog());

/** Open it with what narrows the list at this moment. */
export function openFilters() {
  const {filters, view} = store.state;
  draw(filters ?? keptViews().find((one) => one.id === view)?.narrowing ?? {});
  dialog().showModal();
}
