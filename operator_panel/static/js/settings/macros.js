/** Macros: what is done in a conversation by one press, step by step. */

import {html, nothing} from 'lit-html';
import {icon} from 'mostik/core/dom.js';
import {choice, line, lines} from 'mostik/settings/form.js';
import {section, variables} from 'mostik/settings/kept.js';

const DEEDS = ['reply', 'note', 'tag', 'untag', 'assign', 'team', 'priority', 'snooze', 'close'];
const PRIORITIES = ['urgent', 'high', 'normal', 'low'];
const MINUTES = [30, 60, 180, 1440, 4320, 10_080];
const MOST = 10;

/** @param {string} deed @returns {string} what a new step of it does */
const first = (deed) => ({assign: 'me', priority: 'high', snooze: '1440'})[deed] ?? '';

/** @param {any} room @param {any} state @param {any} step @param {number} index @param {(value: string) => void} set */
function value(room, state, step, index, set) {
  const {t} = room;
  const about = {name: `steps.${index}`, label: t(`settings.macros.value_${step.deed}`), value: step.value, error: state.errors[`steps.${index}`], disabled: !state.may, set};
  if (step.deed === 'close') return nothing;
  if (step.deed === 'reply' || step.deed === 'note') return html`${lines({...about, rows: 3, most: 4096})}${state.may ? variables(room, state.variables, `f-steps.${index}`, set) : nothing}`;
  if (step.deed === 'tag' || step.deed === 'untag') return line({...about, most: 40});
  /** @type {Record<string, [string, string][]>} */
  const options = {
    assign: [['me', t('settings.macros.me')], ...state.people.filter((/** @type {any} */ one) => !one.disabled).map((/** @type {any} */ one) => [one.id, one.name])],
    team: [['', t('settings.kept.team_choose')], ...state.teams.map((/** @type {any} */ one) => [one.id, one.name])],
    priority: PRIORITIES.map((name) => [name === 'normal' ? '' : name, t(`settings.macros.priority_${name}`)]),
    snooze: MINUTES.map((minutes) => [String(minutes), t(`settings.macros.snooze_${minutes}`)]),
  };
  return choice({...about, options: options[step.deed]});
}

/** @param {any} room @param {any} state @param {(steps: any[]) => void} set */
function steps(room, state, set) {
  const {t} = room;
  const all = state.draft.steps;
  const put = (/** @type {number} */ index, /** @type {any} */ step) => set(all.with(index, step));
  const move = (/** @type {number} */ index, /** @type {number} */ by) => set(all.toSpliced(index, 1).toSpliced(index + by, 0, all[index]));
  const names = DEEDS.map((deed) => /** @type {[string, string]} */ ([deed, t(`settings.macros.deed_${deed}`)]));
  return html`<fieldset class="st-field sk-steps">
    <legend>${t('settings.macros.steps')}</legend>
    ${all.map(
      (/** @type {any} */ step, /** @type {number} */ index) => html`<div class="sk-step" data-testid="macro-step">
        ${choice({name: `deed.${index}`, label: t('settings.macros.step', {n: index + 1}), value: step.deed, options: names, disabled: !state.may, set: (deed) => put(index, {deed, value: first(deed)})})}
        <div class="sk-value">${value(room, state, step, index, (text) => put(index, {...step, value: text}))}</div>
        ${state.may
          ? html`<span class="sk-move">
              <button type="button" class="icon-btn" ?disabled=${!index} aria-label=${t('settings.macros.up', {n: index + 1})} @click=${() => move(index, -1)}>${icon('arrow-up')}</button>
              <button type="button" class="icon-btn" ?disabled=${index === all.length - 1} aria-label=${t('settings.macros.down', {n: index + 1})} @click=${() => move(index, 1)}>${icon('arrow-down')}</button>
              <button type="button" class="icon-btn" aria-label=${t('settings.macros.remove', {n: index + 1})} @click=${() => set(all.toSpliced(index, 1))}>${icon('trash-2')}</button>
            </span>`
          : nothing}
      </div>`,
    )}
    ${state.may && all.length < MOST ? html`<button type="button" class="btn" data-testid="macro-add" @click=${() => set([...all, {deed: all.length ? 'close' : 'reply', value: ''}])}>${icon('plus')}${t('settings.macros.add')}</button>` : nothing}
    ${state.errors.steps ? html`<p class="st-error" role="alert">${icon('circle-alert')}${state.errors.steps}</p>` : nothing}
    <p class="st-hint">${t('settings.macros.steps_hint')}</p>
  </fieldset>`;
}

export default section({
  name: 'macros',
  fields: ['steps', ...Array.from({length: MOST}, (_, index) => `steps.${index}`)],
  blank: {steps: [{deed: 'reply', value: ''}]},
  of: (row) => ({steps: row.steps}),
  words: (room, row) => row.steps.map((/** @type {any} */ step) => room.t(`settings.macros.deed_${step.deed}`)).join(' → '),
  body: (room, state, set) => steps(room, state, set('steps')),
});
