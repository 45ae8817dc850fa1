/** The frame of the widget: boots, draws once a frame, and listens to the page around it. */

import {html, nothing, render} from '../vendor/lit-html/lit-html.js';
import {closeEmoji, closeReply, composerView, fill, focusField, onComposer} from './composer.js';
import {closePhoto, dropFiles, lightbox, onFiles, watchPhotos} from './files.js';
import {barView, closeMenu, headView, onHead} from './head.js';
import * as host from './host.js';
import * as keeping from './keeping.js';
import {closeSheet, enterSheet, onLater, sheetView} from './later.js';
import {closeSigns, offer} from './message.js';
import {keepEnd, restand, standing} from './scroll.js';
import {threadView} from './thread.js';
import {current, onChange, set} from './now.js';
import {ring} from './sound.js';
import * as talk from './talk.js';
import {dye, wear} from './theme.js';
import {add, clear, onTray} from './tray.js';
import {learn, t} from './words.js';

const app = /** @type {HTMLElement} */ (document.getElementById('app'));
const root = document.documentElement;
/** @type {any} */
let config = {};
let asked = false;
let dragging = false;
/** In a window of a phone's size the frame has the whole screen. */
const full = () => host.alone || window.screen.width < 640 || outerWidth < 640;

function now() {
  asked = false;
  const state = current();
  const before = standing();
  render(
    html`${headView(state, config, full())}${barView(state)}${threadView(state, config)}
      ${state.phase === 'refused' && !state.loaded ? nothing : composerView(state, config)}${lightbox()}${sheetView(state, config)}
      ${dragging ? html`<div class="drop">${t('drop')}</div>` : nothing}`,
    app,
  );
  restand(before);
  enterSheet(app);
  watchPhotos();
  root.dataset.state = state.phase;
  root.dataset.ready = String(state.loaded);
}

/** Draw at the next frame; a frame nobody looks at may get none, and is drawn all the same. */
function draw() {
  if (asked) return;
  asked = true;
  const once = () => asked && now();
  requestAnimationFrame(once);
  setTimeout(once, 250);
}

/** @param {KeyboardEvent} event */
function escape(event) {
  if (event.key !== 'Escape' || event.isComposing) return;
  event.preventDefault();
  if (!closePhoto() && !closeSheet() && !closeMenu() && !closeEmoji() && !closeSigns() && !closeReply()) host.tell('shut');
}

/** @param {DragEvent} event */
function drag(event) {
  if (!event.dataTransfer?.types.includes('Files')) return;
  event.preventDefault();
  const over = event.type === 'dragover' || (event.type === 'dragleave' && event.relatedTarget !== null);
  if (event.type === 'drop') add(event.dataTransfer.files);
  if (over !== dragging) {
    dragging = over;
    draw();
  }
}

/** @param {string|undefined} text begins a message */
function open(text) {
  set({shown: true});
  now();
  if (text) fill(text);
  focusField(Boolean(text));
}

/** @param {any} wanted session, identify, theme, shown, text */
function start(wanted) {
  wear(wanted.theme);
  talk.start(wanted.session, wanted.identify);
  draft();
  if (wanted.shown) open(wanted.text);
}

/** What was begun before a reload is there again. */
function draft() {
  now();
  const kept = keeping.draft();
  if (kept) fill(kept);
}

const takes = {
  start,
  open,
  close: () => set({shown: false}),
  theme: (/** @type {string} */ theme) => (wear(theme), draw()),
  identify: (/** @type {any} */ person) => person && talk.identify(person),
  session: talk.follow,
  reset() {
    talk.leave();
    clear();
    dropFiles();
    fill('');
  },
};

/** @returns {any} the session of a frame opened as a page of its own */
function remembered() {
  try {
    return JSON.parse(localStorage.getItem(`mostik:${location.pathname}`) ?? 'null');
  } catch {
    return null;
  }
}

async function boot() {
  config = JSON.parse(root.dataset.config || '{}');
  await learn(config.language ?? root.lang);
  dye(config.color);
  onTray(draw, config.limits);
  for (const listen of [onComposer, onFiles, onHead, onLater]) listen(draw, now);
  talk.onWord(ring);
  offer(config.reactions);
  onChange(draw);
  addEventListener('keydown', escape);
  for (const event of ['dragover', 'dragleave', 'drop']) addEventListener(event, drag);
  for (const event of ['visibilitychange', 'focus']) document.addEventListener(event, talk.read);
  now();
  keepEnd();
  host.hear(takes);
  if (host.alone) start({session: remembered(), shown: true});
  else host.tell('ready');
}

boot();
