/** Teams: who works in them, which channels fall to them, and the scenario by which what waits finds its person. */

import {html, nothing} from 'lit-html';
import {repeat} from 'lit-html/directives/repeat.js';
import {channelText} from 'mostik/core/channels.js';
import {avatar, icon} from 'mostik/core/dom.js';
import {choice, errorsOf, form, line, several} from 'mostik/settings/form.js';
import {stepsView} from 'mostik/settings/steps.js';

const FIELDS = ['name', 'members', 'channels', 'scenario'];
/** Faces shown in a row. */
const FACES = 4;

const state = {
  teams: /** @type {any[]} */ ([]),
  people: /** @type {any[]} */ ([]),
  team: /** @type {any} */ (null),
  kept: /** @type {any} */ ({}),
  draft: /** @type {any} */ ({}),
  errors: /** @type {Record<string, string>} */ ({}),
  busy: false,
};

/** @param {any} team null: a new one @returns {Record<string, any>} what is written about it */
function fieldsOf(team) {
  const members = (team?.members ?? []).map((/** @type {any} */ one) => one.id);
  return {name: team?.name ?? '', channels: team?.channels ?? [], members, scenario: team?.scenario ?? []};
}

/** @param {any} team null: a new one */
function begin(team) {
  const draft = fieldsOf(team);
  Object.assign(state, {team, kept: draft, draft: structuredClone(draft), errors: {}, busy: false});
}

/** @param {any} room @param {string|null} id a team, `new`, or null for the list */
async function open(room, id) {
  const [teams, people] = await Promise.all([room.api.get('/teams'), room.api.get('/operators')]);
  state.teams = teams.items;
  state.people = people.items;
  if (id) begin(id === 'new' ? null : await room.api.get(`/teams/${encodeURIComponent(id)}`));
}

/** @param {string} name */
const changed = (name) => JSON.stringify(state.draft[name]) !== JSON.stringify(state.kept[name]);
const dirty = () => FIELDS.some(changed);

/** @param {any} room @returns {Promise<boolean>} */
async function leave(room) {
  if (!room.here.id || !dirty()) return true;
  const {t} = room;
  return room.ask(t('settings.unsaved'), {body: t('settings.unsaved_text'), yes: t('settings.leave'), danger: true});
}

/** Somebody else wrote the team meanwhile: what is typed here stays, what is not becomes as it is there. @param {any} room */
async function catchUp(room) {
  const team = await room.api.get(`/teams/${state.team.id}`);
  const kept = fieldsOf(team);
  const draft = Object.fromEntries(FIELDS.map((name) => [name, changed(name) ? state.draft[name] : structuredClone(kept[name])]));
  Object.assign(state, {team, kept, draft});
}

/** @param {any} room @param {() => Promise<void>} work */
async function doing(room, work) {
  state.busy = true;
  state.errors = {};
  room.redraw();
  try {
    await work();
  } catch (error) {
    state.errors = errorsOf(error, FIELDS);
    if (/** @type {any} */ (error).code === 'version') await catchUp(room).catch(room.complain);
  }
  state.busy = false;
  room.redraw();
}

/** @param {any} room */
const save = (room) =>
  doing(room, async () => {
    const {team, draft} = state;
    const body = team ? Object.fromEntries(FIELDS.filter(changed).map((name) => [name, draft[name]])) : draft;
    const row = team ? await room.api.send('PATCH', `/teams/${team.id}`, body, team.version) : await room.api.post('/teams', body);
    begin(row);
    room.toast(room.t('settings.saved'));
    if (!team) await room.go('/settings/teams');
  });

/** @param {any} room */
async function remove(room) {
  const {t} = room;
  const {team} = state;
  const others = state.teams.filter((one) => one.id !== team.id);
  const options = /** @type {[string, string][]} */ ([['', t('settings.teams.to_none')], ...others.map((one) => [one.id, one.name])]);
  let to = '';
  const body = html`<p>${t('settings.teams.delete_text')}</p>
    ${choice({name: 'heir', label: t('settings.teams.delete_to'), value: to, options, set: (value) => (to = value)})}`;
  if (!(await room.ask(t('settings.teams.delete_title', {name: team.name}), {body, yes: t('settings.teams.delete'), danger: true}))) return;
  await doing(room, async () => {
    const {conversations} = await room.api.remove(`/teams/${team.id}${to ? `?to=${encodeURIComponent(to)}` : ''}`);
    begin(null);
    room.toast(t('settings.teams.deleted', {n: conversations}));
    await room.go('/settings/teams');
  });
}

/** @param {any} room @param {any} team */
function row(room, team) {
  const {t} = room;
  const {members, channels} = team;
  return html`<li class="sp-row sp-team" data-testid="team">
    <a class="sp-who" href="/settings/teams/${team.id}"><span><b>${team.name}</b></span></a>
    <span class="sp-faces"><span aria-hidden="true">${members.slice(0, FACES).map((/** @type {any} */ one) => avatar(one, 'avatar-28'))}</span>${t('settings.teams.members_n', {n: members.length})}</span>
    <span class="sp-teams">${channels.map((/** @type {string} */ name) => html`<span class="chip">${channelText(room, name)}</span>`)}</span>
  </li>`;
}

/** @param {any} room */
function list(room) {
  const {t} = room;
  const add = !room.whole ? html`<p class="st-hint">${t('settings.teams.part_only')}</p>` : html`<a class="btn btn-primary" href="/settings/teams/new" data-testid="team-new">${icon('plus')}${t('settings.teams.new')}</a>`;
  if (!state.teams.length) {
    return html`<div class="empty">${icon('headset', 'empty-icon')}<p class="empty-title">${t('settings.teams.none')}</p><p>${t('settings.teams.none_hint')}</p>${add}</div>`;
  }
  return html`<div class="st-bar">${add}</div>
    <div class="st-card sp-list"><ul>${repeat(state.teams, (one) => one.id, (one) => row(room, one))}</ul></div>`;
}

/** @param {any} room */
function one(room) {
  const {t} = room;
  const {team, teams, people, draft, errors} = state;
  const set = (/** @type {string} */ name) => (/** @type {any} */ value) => ((draft[name] = value), room.redraw());
  // Who waits for his link works here soon; who was put out may still be taken off the team.
  const able = people.filter((each) => !each.disabled || each.invited_until || draft.members.includes(each.id));
  const falls = (/** @type {string} */ name) => teams.find((each) => each.id !== team?.id && each.channels.includes(name));
  const channels = room.channels.map((/** @type {any} */ each) => {
    const other = falls(each.name);
    return [each.name, other ? t('settings.teams.channel_of', {channel: channelText(room, each.name), team: other.name}) : channelText(room, each.name)];
  });
  return html`<a class="link sp-back" href="/settings/teams">${icon('arrow-left')}${t('settings.teams.back')}</a>
    ${form({
      title: team ? team.name : t('settings.teams.new'),
      testid: 'team-form',
      busy: state.busy,
      quiet: !room.whole || (team ? !dirty() : !draft.name.trim()),
      label: team ? undefined : t('settings.teams.create'),
      save: () => save(room),
      more: !room.whole
        ? html`<p class="st-hint">${t('settings.teams.part_only')}</p>`
        : team
        ? html`<button class="btn st-danger" type="button" ?disabled=${state.busy} @click=${() => remove(room)} data-testid="team-delete">${icon('trash-2')}${t('settings.teams.delete')}</button>`
        : nothing,
      body: html`<div class="st-pair">${line({name: 'name', label: t('settings.teams.name'), value: draft.name, error: errors.name, most: 60, required: true, set: set('name')})}</div>
        ${several({name: 'members', label: t('settings.teams.members'), value: draft.members, error: errors.members, options: able.map((each) => [each.id, each.name]), set: set('members')})}
        ${several({name: 'channels', label: t('settings.teams.channels'), hint: t('settings.teams.channels_hint'), value: draft.channels, error: errors.channels, options: channels, set: set('channels')})}
        ${stepsView(t, {steps: draft.scenario, teams: teams.filter((each) => each.id !== team?.id), error: errors.scenario, set: set('scenario')})}`,
    })}`;
}

/** @param {any} room @param {string|null} id */
const view = (room, id) => (id ? one(room) : list(room));

export default {open, view, leave, dirty: () => dirty()};
