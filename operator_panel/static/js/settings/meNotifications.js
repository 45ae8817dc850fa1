/** What one is told of and how: a table of events and ways, quiet hours, sound. */

import {html, nothing} from 'lit-html';
import {live} from 'lit-html/directives/live.js';
import {chime, prime} from 'mostik/core/ringing.js';
import {choice, errorsOf, form, line, tick} from 'mostik/settings/form.js';

const KINDS = ['new', 'reply', 'assigned', 'note', 'mention', 'followed', 'task', 'task_done', 'deadline'];
const WAYS = ['panel', 'browser', 'telegram', 'email'];
/** So long a browser may take to let a page sound. */
const HEARD_MS = 300;
const HERE = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** @typedef {{ways: Record<string, string[]>, available: string[], quiet: {begin: string, end: string}|null, time_zone: string, email_minutes: number, sound: boolean, tone: string, volume: number}} Wishes */

/** @type {Wishes} */
let kept = {ways: {}, available: [], quiet: null, time_zone: '', email_minutes: 15, sound: true, tone: 'bell', volume: 50};
const TONES = ['bell', 'drop', 'knock'];
let draft = kept;
let errors = /** @type {Record<string, string>} */ ({});
let busy = false;

/** @param {Wishes} wishes */
function take(wishes) {
  kept = wishes;
  draft = structuredClone(wishes);
  errors = {};
}

/** @param {any} room */
async function open(room) {
  take(await room.api.get('/me/notifications'));
}

/** @param {any} room */
async function save(room) {
  const {available: _, ...wishes} = draft;
  busy = true;
  room.redraw();
  try {
    take(await room.api.patch('/me/notifications', {...wishes, email_minutes: Number(wishes.email_minutes) || 0, time_zone: wishes.time_zone || (wishes.quiet ? HERE : '')}));
    room.toast(room.t('settings.saved'));
  } catch (error) {
    errors = errorsOf(error, ['quiet', 'time_zone', 'email_minutes']);
  }
  busy = false;
  room.redraw();
}

/** @param {any} room @param {Partial<Wishes>} change */
function put(room, change) {
  draft = {...draft, ...change};
  room.redraw();
}

/** @param {any} room @param {string} kind @param {string} way */
function cell(room, kind, way) {
  const on = draft.ways[kind]?.includes(way) ?? false;
  const there = draft.available.includes(way);
  const set = (/** @type {any} */ event) => {
    const rest = draft.ways[kind].filter((one) => one !== way);
    put(room, {ways: {...draft.ways, [kind]: event.target.checked ? [...rest, way] : rest}});
  };
  return html`<td><input type="checkbox" .checked=${live(on && there)} ?disabled=${!there} data-testid="notify-${kind}-${way}"
    aria-label=${`${room.t(`settings.notify.kind.${kind}`)}: ${room.t(`settings.notify.way.${way}`)}`} @change=${set} /></td>`;
}

/** @param {any} room why a way is not there for this person, and how the browser is let to notify */
function hints(room) {
  const {t} = room;
  const off = ['telegram', 'email'].filter((way) => !draft.available.includes(way));
  const asks = globalThis.Notification?.permission === 'default';
  return html`${off.map((way) => html`<p class="st-hint">${t(`settings.notify.no_${way}`)}</p>`)}
    ${asks ? html`<div><button class="btn" type="button" @click=${() => Notification.requestPermission().then(() => room.redraw())}>${t('settings.notify.allow')}</button></div>` : nothing}
    ${globalThis.Notification?.permission === 'denied' ? html`<p class="st-hint">${t('settings.notify.denied')}</p>` : nothing}`;
}

/** @param {any} room */
function sound(room) {
  const {t} = room;
  const heard = () => {
    prime();
    setTimeout(() => chime(draft) || room.toast(t('settings.notify.no_sound'), {danger: true}), HEARD_MS);
  };
  return html`${tick({name: 'sound', label: t('settings.notify.sound'), value: draft.sound, set: (value) => put(room, {sound: value})})}
    ${draft.sound
      ? html`<div class="st-pair">${choice({name: 'tone', label: t('settings.notify.tone'), value: draft.tone, options: TONES.map((tone) => [tone, t(`settings.notify.tone_${tone}`)]), set: (value) => put(room, {tone: value})})}
          <div class="st-field"><label for="me-volume">${t('settings.notify.volume')}</label><input type="range" id="me-volume" class="st-range" min="1" max="100" .value=${live(String(draft.volume))} @input=${(/** @type {any} */ event) => put(room, {volume: Number(event.target.value)})} @change=${heard} /></div></div>`
      : nothing}
    <div><button class="btn" type="button" @click=${heard}>${t('settings.notify.try_sound')}</button></div>`;
}

/** @param {any} room */
function quiet(room) {
  const {t} = room;
  const at = (/** @type {'begin'|'end'} */ name) =>
    line({name: `quiet_${name}`, type: 'time', label: t(`settings.notify.quiet_${name}`), value: draft.quiet?.[name] ?? '', set: (value) => put(room, {quiet: {begin: '22:00', end: '08:00', ...draft.quiet, [name]: value}})});
  return html`${tick({name: 'quiet', label: t('settings.notify.quiet'), hint: t('settings.notify.quiet_hint'), error: errors.quiet, value: Boolean(draft.quiet), set: (value) => put(room, {quiet: value ? {begin: '22:00', end: '08:00'} : null})})}
    ${draft.quiet
      ? html`<div class="st-pair">${at('begin')}${at('end')}
          ${line({name: 'time_zone', label: t('settings.notify.time_zone'), value: draft.time_zone || HERE, error: errors.time_zone, set: (value) => put(room, {time_zone: value.trim()})})}</div>`
      : nothing}`;
}

/** @param {any} room */
function view(room) {
  const {t} = room;
  return form({
    title: t('settings.notify.title'),
    testid: 'me-notifications',
    busy,
    quiet: JSON.stringify(draft) === JSON.stringify(kept),
    save: () => save(room),
    body: html`<div class="st-notify"><table>
        <thead><tr><th scope="col"><span class="listen-only">${t('settings.notify.event')}</span></th>${WAYS.map((way) => html`<th scope="col">${t(`settings.notify.way.${way}`)}</th>`)}</tr></thead>
        <tbody>${KINDS.map((kind) => html`<tr><th scope="row">${t(`settings.notify.kind.${kind}`)}</th>${WAYS.map((way) => cell(room, kind, way))}</tr>`)}</tbody>
      </table></div>
      ${hints(room)}${sound(room)}${quiet(room)}
      ${draft.available.includes('email')
        ? choice({name: 'email_minutes', label: t('settings.notify.email_minutes'), value: draft.email_minutes, error: errors.email_minutes, options: [...new Set([5, 15, 30, 60, 240, draft.email_minutes])].sort((a, b) => a - b).map((n) => [String(n), t('ui.wait.minutes', {n})]), set: (value) => put(room, {email_minutes: Number(value)})})
        : nothing}`,
  });
}

export default {open, view};
