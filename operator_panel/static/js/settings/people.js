/** The people of the desk: who they are, what they may, whether they are there. */

import {html, nothing} from 'lit-html';
import {repeat} from 'lit-html/directives/repeat.js';
import {avatar, icon} from 'mostik/core/dom.js';
import {minutesSince, now, shortTime} from 'mostik/core/format.js';
import {dirty, leavePerson, openInvite, openPerson, personView} from 'mostik/settings/person.js';

/** Who did something so many minutes ago is there now. */
const HERE = 2;
/** Teams named in a row. */
const FEW = 2;

const state = {people: /** @type {any[]} */ ([]), teams: /** @type {any[]} */ ([]), working: new Map(), q: ''};

/** @param {any} room @param {string|null} id a person, `new`, or null for the list */
async function open(room, id) {
  const [people, working, teams] = await Promise.all(['/operators', '/operators/states', '/teams'].map((path) => room.api.get(path)));
  state.people = people.items;
  state.teams = teams.items;
  state.working = new Map(working.items.map((/** @type {any} */ one) => [one.id, one]));
  if (id === 'new') openInvite(room, state.teams);
  else if (id) openPerson(room, await room.api.get(`/operators/${encodeURIComponent(id)}`), state.teams);
}

/** @param {any} person @returns {string} of `settings.people.state.` */
function stateOf(person) {
  if (person.invited_until) return Date.parse(person.invited_until) > now() ? 'invited' : 'expired';
  if (person.disabled) return 'disabled';
  return state.working.get(person.id)?.state ?? 'apart';
}

/** @type {Record<string, string>} class of the chip */
const TONES = {free: 'chip-ok', busy: 'chip-warn', invited: 'chip-bot', expired: 'chip-danger', disabled: 'chip-danger'};

/** @param {any} room @param {any} person */
function seen({t}, person) {
  if (!person.seen_at) return person.invited_until ? '' : t('settings.people.seen_never');
  return minutesSince(person.seen_at) < HERE ? t('settings.people.seen_now') : shortTime(person.seen_at);
}

/** @param {any} room @param {any} person */
function row(room, person) {
  const {t} = room;
  const teams = state.teams.filter((team) => person.teams.includes(team.id));
  const now = stateOf(person);
  return html`<li class="sp-row" data-testid="person">
    <a class="sp-who" href="/settings/people/${person.id}">${avatar(person, 'avatar-32')}<span><b>${person.name}</b>${
      person.id === room.me.id ? html` <i>${t('settings.people.you')}</i>` : nothing
    }<span>${person.email}</span></span></a>
    <span class="sp-role">${t(`shell.role_${person.role}`)}${
      person.telegram_user_id ? html`<span class="sp-telegram" title=${t('settings.people.telegram')}>${icon('brand-telegram')}<span class="listen-only">${t('settings.people.telegram')}</span></span>` : nothing
    }</span>
    <span class="sp-teams">${teams.slice(0, FEW).map((team) => html`<span class="chip">${team.name}</span>`)}${teams.length > FEW
      ? html`<span class="chip" title=${teams.slice(FEW).map((team) => team.name).join(', ')}>${t('settings.people.teams_more', {n: teams.length - FEW})}</span>`
      : nothing}</span>
    <span class="sp-state"><span class="chip ${TONES[now] ?? ''}">${t(`settings.people.state.${now}`)}</span></span>
    <span class="sp-seen">${seen(room, person)}</span>
  </li>`;
}

/** @param {any} room */
function list(room) {
  const {t} = room;
  const words = state.q.toLowerCase().split(/\s+/).filter(Boolean);
  const found = state.people.filter((one) => words.every((word) => `${one.name} ${one.email}`.toLowerCase().includes(word)));
  const columns = ['person', 'role', 'teams', 'state', 'seen'];
  return html`<div class="st-bar">
      <input class="field" type="search" aria-label=${t('settings.people.search')} placeholder=${t('settings.people.search')} .value=${state.q}
        @input=${(/** @type {any} */ event) => ((state.q = event.target.value), room.redraw())} />
      <a class="btn btn-primary" href="/settings/people/new" data-testid="people-invite">${icon('plus')}${t('settings.people.invite')}</a>
    </div>
    ${found.length
      ? html`<div class="st-card sp-list"><div class="sp-cols" aria-hidden="true">${columns.map((one) => html`<span>${t(`settings.people.col_${one}`)}</span>`)}</div>
          <ul>${repeat(found, (one) => one.id, (one) => row(room, one))}</ul></div>`
      : html`<div class="empty"><p class="empty-title">${t('settings.people.none')}</p><p>${t('settings.people.none_hint')}</p></div>`}`;
}

/** @param {any} room @param {string|null} id */
const view = (room, id) => (id ? personView(room) : list(room));

export default {open, view, leave: leavePerson, dirty};
