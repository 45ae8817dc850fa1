/** One account, or an invitation that makes one: what he is, what he gets, and how he leaves. */

import {html, nothing} from 'lit-html';
import {channelText} from 'mostik/core/channels.js';
import {icon} from 'mostik/core/dom.js';
import {fullDate, now} from 'mostik/core/format.js';
import {choice, errorsOf, form, line, several, tick} from 'mostik/settings/form.js';

const ROLES = ['operator', 'supervisor', 'observer', 'editor', 'admin'];
const LANGUAGES = /** @type {[string, string][]} */ ([['ru', 'Русский'], ['en', 'English']]);
const FIELDS = ['name', 'email', 'role', 'teams', 'team_access', 'channel_access', 'serves', 'capacity', 'rights', 'telegram_user_id', 'language'];
const NEW = {name: '', email: '', role: 'operator', teams: [], serves: true, capacity: null, rights: [], telegram_user_id: null, language: 'ru'};
const all = () => ({scope: 'all', names: []});

const state = {
  person: /** @type {any} */ (null),
  kept: /** @type {any} */ ({}),
  draft: /** @type {any} */ ({}),
  teams: /** @type {any[]} */ ([]),
  errors: /** @type {Record<string, string>} */ ({}),
  busy: false,
};

/** @param {any} person @param {any[]} teams */
function begin(person, teams) {
  const fresh = Object.fromEntries(FIELDS.map((name) => [name, person?.[name] ?? null]));
  const draft = person ? fresh : {...NEW, team_access: all(), channel_access: all()};
  Object.assign(state, {person, teams, kept: draft, draft: structuredClone(draft), errors: {}, busy: false});
}

/** @param {any} room @param {any} person @param {any[]} teams */
export const openPerson = (room, person, teams) => begin(person, teams);

/** @param {any} room @param {any[]} teams */
export function openInvite(room, teams) {
  begin(null, teams);
  state.draft.language = state.kept.language = document.documentElement.lang;
}

/** @param {string} name */
const changed = (name) => JSON.stringify(state.draft[name]) !== JSON.stringify(state.kept[name]);
/** @returns {boolean} */
export const dirty = () => FIELDS.some(changed);

/** @param {any} room @returns {Promise<boolean>} */
export async function leavePerson(room) {
  if (!room.here.id || !dirty()) return true;
  const {t} = room;
  return room.ask(t('settings.unsaved'), {body: t('settings.unsaved_text'), yes: t('settings.leave'), danger: true});
}

/** @param {any} value @returns {any} a whole number where one was written, null where nothing was */
function number(value) {
  const text = String(value ?? '').trim();
  return text === '' ? null : /^\d+$/.test(text) ? Number(text) : text;
}

/**
 * Take over the account as it is now: what is typed and was not sent stays, what is not typed becomes as it is there.
 * @param {any} row @param {string[]} [sent] fields that were sent
 */
function taken(row, sent = []) {
  const kept = Object.fromEntries(FIELDS.map((name) => [name, row[name] ?? null]));
  const stays = (/** @type {string} */ name) => changed(name) && !sent.includes(name);
  const draft = Object.fromEntries(FIELDS.map((name) => [name, stays(name) ? state.draft[name] : structuredClone(kept[name])]));
  Object.assign(state, {person: row, kept, draft});
}

/** Do something to the account; what is refused is told beside its field. @param {any} room @param {() => Promise<void>} work */
async function doing(room, work) {
  state.busy = true;
  state.errors = {};
  room.redraw();
  try {
    await work();
  } catch (error) {
    state.errors = errorsOf(error, FIELDS);
    if (/** @type {any} */ (error).code === 'version') await room.api.get(path()).then(taken, room.complain);
  }
  state.busy = false;
  room.redraw();
}

const path = (tail = '') => `/operators/${encodeURIComponent(state.person.id)}${tail}`;

/** @param {any} room @param {any} body @param {string} said */
async function change(room, body, said) {
  const row = await room.api.send('PATCH', path(), body, state.person.version);
  taken(row, Object.keys(body));
  if (row.id === room.me.id) {
    room.me.name = row.name;
    room.renamed();
  }
  room.toast(said);
}

/** @param {any} room */
const save = (room) =>
  doing(room, async () => {
    const {draft, person} = state;
    const body = Object.fromEntries(FIELDS.filter((name) => changed(name) && name !== 'language').map((name) => [name, draft[name]]));
    if (person) await change(room, body, room.t('settings.saved'));
    else {
      const {telegram_user_id: _, ...whole} = draft;
      const made = await room.api.post('/invitations', whole);
      begin(made.operator, state.teams);
      await shown(room, made);
      await room.go('/settings/people');
    }
  });

/** @param {any} room @param {{url: string, mailed: string, operator: any}} made the only time its link is seen */
async function shown(room, made) {
  const {t} = room;
  const copy = async () => {
    await navigator.clipboard?.writeText(made.url).catch(() => null);
    /** @type {HTMLInputElement} */ (document.getElementById('sp-link')).select();
    room.toast(t('settings.people.copied'));
  };
  const body = html`<p>${t(`settings.people.mailed.${made.mailed}`)}</p>
    <label for="sp-link">${t('settings.people.link', {email: made.operator.email})}</label>
    <span class="sp-link"><input class="field" id="sp-link" readonly .value=${made.url} data-testid="invitation-link" /><button class="btn" @click=${copy}>${icon('copy')}${t('settings.people.copy')}</button></span>
    <p class="st-hint">${t('settings.people.link_hint')}</p>`;
  await room.ask(t('settings.people.invited'), {body});
}

/** @param {any} room */
const again = (room) =>
  doing(room, async () => {
    const made = await room.api.post(path('/invitation'));
    begin(made.operator, state.teams);
    await shown(room, made);
  });

/**
 * Ask first, then do; afterwards the list is shown.
 * @param {any} room @param {string} what `revoke`, `delete` @param {string} tail of the account's path @param {string} [text]
 */
async function gone(room, what, tail, text = '') {
  const {t} = room;
  const {name} = state.person;
  if (!(await room.ask(t(`settings.people.${what}_title`, {name}), {body: text, yes: t(`settings.people.${what}`), danger: true}))) return;
  await doing(room, async () => {
    await room.api.remove(path(tail));
    begin(null, state.teams);
    room.toast(t(`settings.people.${what}d`));
    await room.go('/settings/people');
  });
}

/** @param {any} room */
async function disable(room) {
  const {t} = room;
  const {name} = state.person;
  const body = t('settings.people.disable_text');
  if (await room.ask(t('settings.people.disable_title', {name}), {body, yes: t('settings.people.disable'), danger: true})) {
    await doing(room, () => change(room, {disabled: true}, t('settings.people.disabled')));
  }
}

/** @param {any} room */
const sessions = (room) =>
  doing(room, async () => {
    await room.api.remove(path('/sessions'));
    room.toast(room.t('settings.people.sessions_done'));
  });

/** @param {any} room */
async function factor(room) {
  const {t} = room;
  const options = {body: t('settings.people.factor_text'), yes: t('settings.people.reset'), danger: true};
  if (!(await room.ask(t('settings.people.factor_title', {name: state.person.name}), options))) return;
  await doing(room, async () => {
    // Where there was none, nothing is left to do.
    await room.api.remove(path('/second_factor')).catch((/** @type {any} */ error) => error.code === 'not_found' || Promise.reject(error));
    room.toast(t('settings.people.factor_done'));
  });
}

/** @param {any} room @param {string} name @param {[string, string][]} options what can be chosen */
function reach(room, name, options) {
  const {t} = room;
  const {draft, errors} = state;
  const set = (/** @type {any} */ part) => ((draft[name] = {...draft[name], ...part}), room.redraw());
  const scopes = /** @type {[string, string][]} */ (['all', 'only', 'except'].map((one) => [one, t(`settings.reach.${one}`)]));
  return html`<div class="sp-reach">
    ${choice({name, label: t(`settings.people.${name}`), value: draft[name].scope, error: errors[name], options: scopes, set: (scope) => set({scope, names: scope === 'all' ? [] : draft[name].names})})}
    ${draft[name].scope === 'all' ? nothing : several({name: `${name}_names`, label: t('settings.reach.which'), value: draft[name].names, options, set: (names) => set({names})})}
  </div>`;
}

/** @param {any} room */
function fields(room) {
  const {t} = room;
  const {draft, errors, teams, person} = state;
  const set = (/** @type {string} */ name) => (/** @type {any} */ value) => ((draft[name] = value), room.redraw());
  const field = (/** @type {string} */ name, more = {}) => ({name, label: t(`settings.people.${name}`), value: draft[name], error: errors[name], set: set(name), ...more});
  const named = /** @type {[string, string][]} */ (teams.map((team) => [team.id, team.name]));
  return html`<div class="st-pair">
      ${line(field('email', {type: 'email', most: 254, required: true}))}
      ${line(field('name', {hint: person ? '' : t('settings.people.invite_name_hint')}))}
      ${choice(field('role', {hint: t('settings.people.role_hint'), options: ROLES.map((one) => [one, t(`shell.role_${one}`)])}))}
      ${person
        ? line(field('telegram_user_id', {label: t('settings.people.telegram_id'), hint: t('settings.people.telegram_hint'), mode: 'numeric', set: (/** @type {any} */ value) => set('telegram_user_id')(number(value))}))
        : choice(field('language', {options: LANGUAGES}))}
    </div>
    <h3>${t('settings.people.work')}</h3>
    <div class="st-pair">
      ${tick(field('serves', {hint: t('settings.people.serves_hint')}))}
      ${line(field('capacity', {hint: t('settings.people.capacity_hint'), mode: 'numeric', most: 4, set: (/** @type {any} */ value) => set('capacity')(number(value))}))}
    </div>
    ${['operator', 'supervisor'].includes(draft.role)
      ? tick(field('rights', {label: t('settings.people.deletes'), hint: t('settings.people.deletes_hint'), value: draft.rights?.includes('delete'), set: (/** @type {boolean} */ given) => set('rights')(given ? ['delete'] : [])}))
      : nothing}
    ${several(field('teams', {options: named, empty: t('settings.people.no_teams')}))}
    <h3>${t('settings.people.reach')}</h3>
    <p class="st-hint">${t('settings.people.reach_lead')}</p>
    <div class="st-pair">
      ${reach(room, 'team_access', [...named, ['none', t('settings.people.team_none')]])}
      ${reach(room, 'channel_access', room.channels.map((/** @type {any} */ one) => [one.name, channelText(room, one.name)]))}
    </div>`;
}

/** @param {any} room */
function waiting(room) {
  const {t} = room;
  const until = state.person.invited_until;
  const key = Date.parse(until) > now() ? 'settings.people.waits' : 'settings.people.waits_old';
  return html`<section class="st-card"><h2>${t('settings.people.invite_title')}</h2><p>${t(key, {date: fullDate(until)})}</p>
    <div class="st-foot">
      <button class="btn" ?disabled=${state.busy} @click=${() => again(room)} data-testid="invite-again">${t('settings.people.again')}</button>
      <button class="btn" ?disabled=${state.busy} @click=${() => gone(room, 'revoke', '/invitation')} data-testid="invite-revoke">${t('settings.people.revoke')}</button>
    </div></section>`;
}

/** @param {any} room */
function leaving(room) {
  const {t} = room;
  const {disabled} = state.person;
  const enable = () => doing(room, () => change(room, {disabled: false}, t('settings.people.enabled')));
  return html`<section class="st-card"><h2>${t('settings.people.leaving')}</h2><p>${t(`settings.people.${disabled ? 'disabled' : 'enabled'}_now`)}</p>
    <div class="st-foot">
      ${disabled
        ? html`<button class="btn" ?disabled=${state.busy} @click=${enable} data-testid="person-enable">${t('settings.people.enable')}</button>`
        : html`<button class="btn" ?disabled=${state.busy} @click=${() => disable(room)} data-testid="person-disable">${t('settings.people.disable')}</button>`}
      <button class="btn" ?disabled=${state.busy} @click=${() => sessions(room)} data-testid="person-sessions">${t('settings.people.sessions')}</button>
      <button class="btn" ?disabled=${state.busy} @click=${() => factor(room)} data-testid="person-factor">${t('settings.people.factor')}</button>
      <button class="btn st-danger" ?disabled=${state.busy} @click=${() => gone(room, 'delete', '', t('settings.people.delete_text'))} data-testid="person-delete">${icon('trash-2')}${t('settings.people.delete')}</button>
    </div></section>`;
}

/** @param {any} room */
export function personView(room) {
  const {t} = room;
  const {person} = state;
  const after = person && (person.invited_until ? waiting(room) : leaving(room));
  return html`<a class="link sp-back" href="/settings/people">${icon('arrow-left')}${t('settings.people.back')}</a>
    ${form({
      title: person ? person.name : t('settings.people.invite_title'),
      testid: 'person-form',
      busy: state.busy,
      quiet: person ? !dirty() : !state.draft.email,
      label: person ? undefined : t('settings.people.invite_send'),
      save: () => save(room),
      body: fields(room),
    })}
    ${after ?? nothing}`;
}
