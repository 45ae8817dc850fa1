/**
 * Passing on: one conversation to a person or a team with a reason, all of one's own with a note, one shared with a
 * colleague. Who takes nothing now stands grey with his state. Fetched when asked for.
 */

import {html, nothing, render} from 'lit-html';
import {announce, avatar, icon} from 'mostik/core/dom.js';
import {t} from 'mostik/core/i18n.js';
import {complain, problemText, toast} from 'mostik/core/toasts.js';
import {api, store} from 'mostik/inbox/desk.js';

/** @typedef {import('mostik/core/store.js').Row} Row */
/** @typedef {'one'|'all'|'share'} What what is passed: this conversation, all of one's own, sight of this one */
/** @typedef {{id: string, name: string, state: string, takes: boolean, open: number, capacity: number|null}} Person */

/** Conversations of one's own that are named one by one. */
const MOST = 100;

/** @type {{what: What, row: Row|null, people: Person[], teams: {id: string, name: string}[], mine: Row[], notes: Record<string, string>, chosen: string, words: string, query: string, busy: boolean, fault: string}} */
let form;

/** @returns {HTMLDialogElement} the dialog, made once */
function place() {
  const found = document.getElementById('passing');
  if (found) return /** @type {HTMLDialogElement} */ (found);
  const made = Object.assign(document.createElement('dialog'), {id: 'passing', className: 'dialog passing-dialog'});
  made.setAttribute('aria-labelledby', 'passing-title');
  made.setAttribute('data-testid', 'passing');
  return document.body.appendChild(made);
}

/** @param {Partial<typeof form>} change */
function put(change) {
  form = {...form, ...change};
  draw();
}

/** @param {{name: string}} one */
const fits = (one) => one.name.toLocaleLowerCase().includes(form.query.trim().toLocaleLowerCase());

/** @param {Person} person @returns {string} */
function stateOf(person) {
  if (person.takes) return t('ui.passing.open', {n: person.open});
  return person.state === 'free' ? t('ui.passing.full', {n: person.open}) : t(`ui.state.${person.state}`);
}

/** @param {string} value @param {unknown} mark @param {string} name @param {string} note @param {boolean} grey */
const option = (value, mark, name, note, grey) => html`<label class="passing-option" data-grey=${grey || nothing}>
  <input type="radio" name="to" value=${value} .checked=${form.chosen === value} @change=${() => put({chosen: value, fault: ''})} />
  ${mark}<span class="passing-name">${name}</span><span class="passing-note">${note}</span>
</label>`;

function options() {
  const {row, what} = form;
  const people = form.people.filter((one) => fits(one) && one.id !== store.state.me.id && (what !== 'one' || one.id !== row?.assignee?.id));
  const teams = what === 'share' ? [] : form.teams.filter((one) => fits(one) && (what !== 'one' || one.id !== row?.team?.id));
  if (!people.length && !teams.length) return html`<p class="passing-none">${t('ui.passing.nobody')}</p>`;
  return html`${people.map((one) => option(`person:${one.id}`, avatar(one, 'avatar-20'), one.name, what === 'share' ? '' : stateOf(one), what !== 'share' && !one.takes))}
    ${teams.map((one) => option(`team:${one.id}`, icon('headset'), one.name, t('ui.passing.team'), false))}`;
}

/** Who gets it already, with a way to take it back. */
function sharedWith() {
  const ids = /** @type {any} */ (form.row)?.shared ?? [];
  if (form.what !== 'share' || !ids.length) return nothing;
  const named = (/** @type {string} */ id) => store.state.operators.find((one) => one.id === id)?.name ?? id;
  return html`<ul class="passing-shared">${ids.map(
    (/** @type {string} */ id) => html`<li>${avatar({id, name: named(id)}, 'avatar-20')}<span>${named(id)}</span>
      <button type="button" class="icon-btn" aria-label=${t('ui.passing.unshare', {name: named(id)})} @click=${() => unshare(id)}>${icon('x')}</button></li>`,
  )}</ul>`;
}

/** Of all one passes on, what is to be said of one alone. */
function noteEach() {
  if (form.what !== 'all' || !form.mine.length) return nothing;
  return html`<details class="passing-each" data-testid="passing-each"><summary>${t('ui.passing.each', {n: form.mine.length})}</summary>
    <ul>${form.mine.map(
      (row) => html`<li><label for="passing-${row.id}"><b>${row.customer.name}</b> <span>№${row.number}</span> <span class="passing-last">${row.last_message?.text ?? ''}</span></label>
        <input class="field" id="passing-${row.id}" autocomplete="off" maxlength="4000" placeholder=${t('ui.passing.note_own')} .value=${form.notes[row.id] ?? ''}
          @input=${(/** @type {any} */ event) => (form.notes[row.id] = event.target.value)} /></li>`,
    )}</ul>
  </details>`;
}

/** @returns {Person|undefined} the chosen person who takes nothing now */
const unwilling = () => form.people.find((one) => form.chosen === `person:${one.id}` && !one.takes && form.what === 'one');

function draw() {
  const {what} = form;
  const grey = unwilling();
  render(
    html`<form @submit=${submit}>
      <header><h2 id="passing-title">${t(`ui.passing.title_${what}`)}</h2>
        <button type="button" class="icon-btn" data-closes aria-label=${t('ui.close_hint')}>${icon('x')}</button></header>
      ${sharedWith()}
      <label class="listen-only" for="passing-query">${t('ui.passing.search')}</label>
      <input id="passing-query" class="field" type="search" autocomplete="off" placeholder=${t('ui.passing.search')} .value=${form.query}
        @input=${(/** @type {any} */ event) => put({query: event.target.value})} />
      <div class="passing-options" role="radiogroup" aria-label=${t('ui.passing.to')}>${options()}</div>
      ${what === 'share'
        ? nothing
        : html`<label for="passing-words">${t(what === 'all' ? 'ui.passing.note' : 'ui.passing.reason')}</label>
            <textarea id="passing-words" class="field" rows="2" maxlength=${what === 'all' ? 4000 : 500} .value=${form.words}
              @input=${(/** @type {any} */ event) => (form.words = event.target.value)}></textarea>`}
      ${noteEach()}
      ${grey ? html`<p class="passing-grey">${icon('triangle-alert')}${t('ui.passing.not_free', {name: grey.name})}</p>` : nothing}
      ${form.fault ? html`<p class="passing-fault" role="alert">${icon('circle-alert')}${form.fault}</p>` : nothing}
      <div class="passing-foot">
        <button type="button" class="btn" data-closes>${t('ui.amend.cancel')}</button>
        <button class="btn btn-primary" ?disabled=${!form.chosen || form.busy}>${t(grey ? 'ui.passing.anyway' : `ui.passing.do_${what}`)}</button>
      </div>
    </form>`,
    place(),
  );
}

/** @returns {{operator?: string, team?: string}} */
function whom() {
  const [kind, id] = form.chosen.split(/:(.*)/);
  return kind === 'team' ? {team: id} : {operator: id};
}

/** @param {string} verb @param {object} body @returns {Promise<any>} the conversation */
async function done(verb, body) {
  const conversation = await api.post(`/conversations/${encodeURIComponent(form.row?.id ?? '')}/${verb}`, body);
  store.dispatch({type: 'conversation.updated', conversation});
  return conversation;
}

/** @param {Event} event */
async function submit(event) {
  event.preventDefault();
  if (!form.chosen || form.busy) return;
  put({busy: true, fault: ''});
  const name = place().querySelector('input:checked ~ .passing-name')?.textContent ?? '';
  try {
    if (form.what === 'all') await handOver();
    else if (form.what === 'share') await done('share', whom());
    else await done('transfer', {...whom(), reason: form.words, force: Boolean(unwilling())});
    if (form.what !== 'all') announce(t(`ui.passing.done_${form.what}`, {name}));
    place().close();
  } catch (error) {
    const code = /** @type {any} */ (error)?.code;
    put({fault: code === 'not_free' ? t('ui.passing.not_free', {name}) : problemText(error)});
    if (code === 'not_free') await load();
  }
  put({busy: false});
}

async function handOver() {
  const {items} = await api.post('/me/hand_over', {...whom(), note: form.words, notes: Object.fromEntries(Object.entries(form.notes).filter(([, words]) => words.trim()))});
  const moved = items.filter((/** @type {any} */ one) => one.moved).length;
  toast(t(moved === items.length ? 'ui.passing.all_done' : 'ui.passing.all_partly', {n: moved, all: items.length}));
}

/** @param {string} id */
async function unshare(id) {
  try {
    put({row: await done('unshare', {operator: id})});
  } catch (error) {
    complain(error);
  }
}

async function load() {
  const own = form.what === 'all' ? api.get('/conversations', {filters: JSON.stringify({assignees: ['me']}), limit: MOST}) : {items: []};
  const [people, teams, mine] = await Promise.all([api.get('/operators/states'), api.get('/teams'), own]);
  put({people: people.items, teams: teams.items, mine: mine.items});
}

/** @param {What} what @param {string|null} id of the conversation, null for all of one's own */
export async function openPassing(what, id) {
  const row = id ? store.state.rows.get(id) ?? null : null;
  if (what !== 'all' && !row) return;
  form = {what, row, people: [], teams: [], mine: [], notes: {}, chosen: '', words: '', query: '', busy: false, fault: ''};
  try {
    await load();
  } catch (error) {
    complain(error);
    return;
  }
  if (!place().open) place().showModal();
  document.getElementById('passing-query')?.focus();
}
