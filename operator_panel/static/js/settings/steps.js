/** A team's scenario: whom each step asks, for how long, and how it chooses among many. */

import {html, nothing} from 'lit-html';
import {icon} from 'mostik/core/dom.js';
import {choice, line} from 'mostik/settings/form.js';

const TO = ['responsible', 'team', 'second_line', 'queue'];
const WAYS = ['manual', 'round_robin', 'least_busy', 'sticky'];
/** Steps of a scenario at most. */
const MOST = 10;

/** @typedef {{to: string, minutes: number, way: string, team: string|null}} Step */
/** @typedef {(key: string, values?: Record<string, unknown>) => string} Say */

/** @param {any[]} list @param {number} from @param {number} to @returns {any[]} */
function moved(list, from, to) {
  const next = [...list];
  next.splice(to, 0, ...next.splice(from, 1));
  return next;
}

/**
 * @param {Say} t
 * @param {{steps: Step[], teams: {id: string, name: string}[], error?: string, set: (steps: Step[]) => void}} scenario
 */
export function stepsView(t, {steps, teams, error, set}) {
  const changed = (/** @type {number} */ at, /** @type {Partial<Step>} */ part) => set(steps.map((one, place) => (place === at ? {...one, ...part} : one)));
  const to = (/** @type {number} */ at, /** @type {string} */ value) =>
    changed(at, {to: value, team: value === 'second_line' ? teams[0]?.id ?? null : null, ...(value === 'queue' && {minutes: 0})});
  const targets = TO.filter((one) => one !== 'second_line' || teams.length);
  const act = (/** @type {string} */ glyph, /** @type {string} */ label, /** @type {() => void} */ run, /** @type {boolean} */ off) =>
    html`<button class="icon-btn" type="button" aria-label=${label} title=${label} ?disabled=${off} @click=${run}>${icon(glyph)}</button>`;
  const one = (/** @type {Step} */ step, /** @type {number} */ at) => {
    const many = step.to === 'team' || step.to === 'second_line';
    const ways = /** @type {[string, string][]} */ (WAYS.map((name) => [name, t(`settings.teams.way.${name}`)]));
    return html`<li class="sp-step" data-testid="step">
      ${choice({name: `to_${at}`, label: t('settings.teams.step'), value: step.to, set: (value) => to(at, value), options: targets.map((name) => [name, t(`settings.teams.to.${name}`)])})}
      ${step.to === 'second_line'
        ? choice({name: `team_${at}`, label: t('settings.teams.second'), value: step.team ?? '', options: teams.map((team) => [team.id, team.name]), set: (team) => changed(at, {team})})
        : nothing}
      ${many ? choice({name: `way_${at}`, label: t('settings.teams.way'), value: step.way, options: ways, set: (way) => changed(at, {way})}) : nothing}
      ${step.to === 'queue'
        ? nothing
        : line({name: `minutes_${at}`, label: t('settings.teams.minutes'), value: step.minutes || '', place: t('settings.teams.minutes_none'), mode: 'numeric', most: 5, set: (value) => changed(at, {minutes: Number(value.replace(/\D/g, '')) || 0})})}
      <span class="sp-step-acts">
        ${act('arrow-up', t('settings.teams.up'), () => set(moved(steps, at, at - 1)), at === 0)}
        ${act('arrow-down', t('settings.teams.down'), () => set(moved(steps, at, at + 1)), at === steps.length - 1)}
        ${act('x', t('settings.teams.drop'), () => set(steps.filter((_, place) => place !== at)), false)}
      </span>
    </li>`;
  };
  const add = () => set([...steps, {to: 'team', minutes: 5, way: 'least_busy', team: null}]);
  return html`<h3>${t('settings.teams.scenario')}</h3>
    <p class="st-hint">${t(steps.length ? 'settings.teams.scenario_hint' : 'settings.teams.scenario_none')}</p>
    ${steps.length ? html`<ol class="sp-steps">${steps.map(one)}</ol>` : nothing}
    ${error ? html`<p class="st-error" role="alert">${icon('circle-alert')}${error}</p>` : nothing}
    <div class="st-foot"><button class="btn" type="button" ?disabled=${steps.length >= MOST} @click=${add} data-testid="step-add">${icon('plus')}${t('settings.teams.add_step')}</button></div>`;
}
