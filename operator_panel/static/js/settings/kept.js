/** What canned replies and macros share: whom one is for, the list by that, a form that asks before it is left. */

import {html, nothing} from 'lit-html';
import {repeat} from 'lit-html/directives/repeat.js';
import {icon} from 'mostik/core/dom.js';
import {choice, errorsOf, form, line} from 'mostik/settings/form.js';

/** @typedef {{name: 'canned'|'macros', fields: string[], blank: object, of: (row: any) => any, words: (room: any, row: any) => string, body: (room: any, state: any, set: (name: string) => (value: any) => void) => unknown}} Kind */

const PLACES = ['own', 'team', 'all'];

/** @param {Kind} kind @returns {import('mostik/settings/room.js').Section} */
export function section(kind) {
  const path = `/settings/${kind.name}`;
  const fields = ['title', 'shortcut', 'shared', 'team', ...kind.fields];
  const state = {
    rows: /** @type {any[]} */ ([]),
    teams: /** @type {any[]} */ ([]),
    people: /** @type {any[]} */ ([]),
    variables: /** @type {string[]} */ ([]),
    row: /** @type {any} */ (null),
    kept: /** @type {any} */ ({}),
    draft: /** @type {any} */ ({}),
    errors: /** @type {Record<string, string>} */ ({}),
    busy: false,
  };

  /** @param {any} row null: a new one */
  function begin(row) {
    const draft = {title: row?.title ?? '', shortcut: row?.shortcut ?? '', shared: row?.shared ?? 'own', team: row?.team?.id ?? '', ...(row ? kind.of(row) : kind.blank)};
    Object.assign(state, {row, kept: draft, draft: structuredClone(draft), errors: {}, busy: false});
  }

  /** @param {any} room @param {string|null} id */
  async function open(room, id) {
    const [found, teams, people] = await Promise.all([room.api.get(`/${kind.name}`), room.api.get('/teams'), room.api.get('/operators')]);
    Object.assign(state, {rows: found.items, variables: found.variables ?? state.variables, teams: teams.items, people: people.items});
    if (kind.name === 'macros') state.variables = (await room.api.get('/canned')).variables;
    if (id) begin(id === 'new' ? null : await room.api.get(`/${kind.name}/${encodeURIComponent(id)}`));
  }

  /** @param {string} name */
  const changed = (name) => JSON.stringify(state.draft[name]) !== JSON.stringify(state.kept[name]);
  const dirty = () => fields.some(changed);

  /** @param {any} room */
  async function leave(room) {
    if (!room.here.id || !dirty()) return true;
    return room.ask(room.t('settings.unsaved'), {body: room.t('settings.unsaved_text'), yes: room.t('settings.leave'), danger: true});
  }

  /** @param {any} room @param {() => Promise<void>} work */
  async function doing(room, work) {
    state.busy = true;
    state.errors = {};
    room.redraw();
    try {
      await work();
    } catch (error) {
      state.errors = errorsOf(error, fields);
    }
    state.busy = false;
    room.redraw();
  }

  /** @param {any} room */
  const save = (room) =>
    doing(room, async () => {
      const {row, draft} = state;
      const wanted = row ? fields.filter((name) => changed(name) || (name === 'team' && changed('shared'))) : fields;
      const body = Object.fromEntries(wanted.map((name) => [name, name === 'team' ? draft.team || null : name === 'attachments' ? draft.attachments.map((/** @type {any} */ one) => ({file_id: one.id})) : draft[name]]));
      begin(row ? await room.api.send('PATCH', `/${kind.name}/${row.id}`, body, row.version) : await room.api.post(`/${kind.name}`, body));
      room.toast(room.t('settings.saved'));
      if (!row) await room.go(path);
    });

  /** @param {any} room */
  async function remove(room) {
    const {row} = state;
    const title = room.t('settings.kept.delete_title', {title: row.title});
    if (!(await room.ask(title, {body: room.t('settings.kept.delete_text'), yes: room.t('settings.kept.delete'), danger: true}))) return;
    await doing(room, async () => {
      await room.api.remove(`/${kind.name}/${row.id}`);
      begin(null);
      await room.go(path);
    });
  }

  /** @param {any} room @param {any} row */
  const item = (room, row) => html`<li class="sp-row sk-row" data-testid="kept-row">
    <a class="sp-who" href="${path}/${row.id}"><span><b>${row.title}</b>${row.shortcut ? html` <code>/${row.shortcut}</code>` : nothing}<small>${kind.words(room, row)}</small></span></a>
    <span class="sk-used ${row.used ? '' : 'sk-unused'}">${row.used ? room.t('settings.kept.used', {n: row.used}) : room.t('settings.kept.unused')}</span>
  </li>`;

  /** @param {any} room */
  function list(room) {
    const {t} = room;
    const add = html`<a class="btn btn-primary" href="${path}/new" data-testid="kept-new">${icon('plus')}${t(kind.name === 'canned' ? 'settings.canned.new' : 'settings.macros.new')}</a>`;
    if (!state.rows.length) {
      return html`<div class="empty">${icon(kind.name === 'canned' ? 'message-square-text' : 'zap', 'empty-icon')}<p class="empty-title">${t(kind.name === 'canned' ? 'settings.canned.none' : 'settings.macros.none')}</p>
        <p>${t(kind.name === 'canned' ? 'settings.canned.none_hint' : 'settings.macros.none_hint')}</p>${add}</div>`;
    }
    const group = (/** @type {string} */ place) => {
      const rows = state.rows.filter((row) => row.shared === place);
      return rows.length ? html`<section class="st-card sp-list"><h2>${t(`settings.kept.place_${place}`)}</h2><ul>${repeat(rows, (row) => row.id, (row) => item(room, row))}</ul></section>` : nothing;
    };
    return html`<div class="st-bar">${add}</div>${PLACES.map(group)}`;
  }

  /** @param {any} room */
  function one(room) {
    const {t} = room;
    const {row, draft, errors} = state;
    const set = (/** @type {string} */ name) => (/** @type {any} */ value) => ((draft[name] = value), room.redraw());
    const may = !row || row.mine;
    const places = PLACES.filter((place) => place === 'own' || room.rights.canned_shared || place === draft.shared);
    const teams = /** @type {[string, string][]} */ ([['', t('settings.kept.team_choose')], ...state.teams.map((each) => [each.id, each.name])]);
    const body = html`<div class="st-pair">
        ${line({name: 'title', label: t('settings.kept.title'), value: draft.title, error: errors.title, most: 80, required: true, disabled: !may, set: set('title')})}
        ${line({name: 'shortcut', label: t('settings.kept.shortcut'), hint: t('settings.kept.shortcut_hint'), value: draft.shortcut, error: errors.shortcut, most: 30, disabled: !may, set: set('shortcut')})}
        ${choice({name: 'shared', label: t('settings.kept.shared'), value: draft.shared, error: errors.shared, options: places.map((place) => [place, t(`settings.kept.place_${place}`)]), disabled: !may, set: set('shared')})}
        ${draft.shared === 'team' ? choice({name: 'team', label: t('settings.kept.team'), value: draft.team, error: errors.team, options: teams, disabled: !may, set: set('team')}) : nothing}
      </div>
      ${kind.body(room, {...state, may}, set)}`;
    return html`<a class="link sp-back" href=${path}>${icon('arrow-left')}${t(kind.name === 'canned' ? 'settings.kept.back_canned' : 'settings.kept.back_macros')}</a>
      ${form({
        title: row ? row.title : t(kind.name === 'canned' ? 'settings.canned.new' : 'settings.macros.new'),
        testid: 'kept-form',
        busy: state.busy || !may,
        quiet: row ? !dirty() : !draft.title.trim(),
        save: () => save(room),
        more: row && may ? html`<button class="btn st-danger" type="button" ?disabled=${state.busy} @click=${() => remove(room)} data-testid="kept-delete">${icon('trash-2')}${t('settings.kept.delete')}</button>` : may ? nothing : html`<p class="st-hint">${t('settings.kept.not_yours', {name: row.by.name})}</p>`,
        body,
      })}`;
  }

  return {open, view: (room, id) => (id ? one(room) : list(room)), leave};
}

/**
 * Names of variables, put at the caret of a field by a press.
 * @param {any} room @param {string[]} names @param {string} field id of the text field @param {(value: string) => void} set
 */
export function variables(room, names, field, set) {
  const put = (/** @type {string} */ name) => {
    const area = /** @type {HTMLTextAreaElement} */ (document.getElementById(field));
    area.focus();
    area.setRangeText(`{{${name}}}`, area.selectionStart, area.selectionEnd, 'end');
    set(area.value);
  };
  return html`<p class="sk-variables"><span>${room.t('settings.kept.variables')}</span>${names.map(
    (name) => html`<button type="button" class="chip" title=${`{{${name}}}`} @click=${() => put(name)}>${room.t(`ui.variable.${name}`)}</button>`,
  )}</p>`;
}
