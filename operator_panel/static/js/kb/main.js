/** The knowledge base's room: three panes, the table of its sections, what stands beside them. */

import {html, nothing, render} from 'lit-html';
import {Problem} from 'mostik/core/api.js';
import {perFrame, wider} from 'mostik/core/dom.js';
import {tendFrame} from 'mostik/core/frame.js';
import {go} from 'mostik/core/going.js';
import {bindKeys} from 'mostik/core/keys.js';
import {tendMenus} from 'mostik/core/menu.js';
import {tendSession} from 'mostik/core/session.js';
import {problemText, tendToasts, toastsTemplate} from 'mostik/core/toasts.js';
import {tendUnread} from 'mostik/core/unread.js';
import {changed as articlesChanged, open as openArticles, view as articlesView} from 'mostik/kb/articles.js';
import {guard, leaveArticle, save} from 'mostik/kb/editor.js';
import {open as openImport, view as importView} from 'mostik/kb/import.js';
import {aside as missesAside} from 'mostik/kb/asideMisses.js';
import {aside as repliesAside} from 'mostik/kb/asideReplies.js';
import {aside as consoleAside, changed as consoleChanged, open as openConsole} from 'mostik/kb/console.js';
import {changed as healthChanged, count as healthCount, open as openHealth, view as healthView} from 'mostik/kb/health.js';
import {leftTemplate} from 'mostik/kb/left.js';
import {changed as missesChanged, count as missesCount, open as openMisses, view as missesView} from 'mostik/kb/misses.js';
import {failedTemplate, loadingTemplate} from 'mostik/kb/pieces.js';
import {changed as repliesChanged, count as repliesCount, open as openReplies, view as repliesView} from 'mostik/kb/replies.js';
import {changed as reviewChanged, count as reviewCount, open as openReview, view as reviewView} from 'mostik/kb/review.js';
import {api, boot, room, start, tendAddresses} from 'mostik/kb/room.js';

/**
 * A section of the room, at /kb/<name>[/<id>]: `open` loads what it shows, `view` draws the middle, `count` says what
 * stands behind its name (null: nothing), `mark` draws it as a badge, `leave` may refuse to go, `changed` hears of an
 * article or a miss that changed. One without `icon` is not listed on the left.
 * @type {import('mostik/kb/room.js').Section[]}
 */
const SECTIONS = [
  {name: 'articles', icon: 'book-open', open: openArticles, view: articlesView, leave: leaveArticle, changed: articlesChanged, count: ({state}) => state.articles.total},
  {name: 'misses', icon: 'circle-dashed', open: openMisses, view: missesView, changed: missesChanged, count: missesCount, mark: true},
  {name: 'replies', icon: 'message-square', open: openReplies, view: repliesView, changed: repliesChanged, count: repliesCount},
  {name: 'review', icon: 'thumbs-up', open: openReview, view: reviewView, changed: reviewChanged, count: reviewCount},
  {name: 'health', icon: 'activity', open: openHealth, view: healthView, changed: healthChanged, count: healthCount},
  {name: 'import', open: openImport, view: importView},
];

/**
 * What stands on the right, from top to bottom: `aside` draws it, `open` loads it once, `changed` hears of changes.
 * @type {import('mostik/kb/room.js').Aside[]}
 */
const ASIDES = [{aside: consoleAside, open: openConsole, changed: consoleChanged}, {aside: missesAside}, {aside: repliesAside}];

/** @param {string} id @returns {HTMLElement} a part of the page, freed of what the server drew there meanwhile */
function part(id) {
  const place = /** @type {HTMLElement} */ (document.getElementById(id));
  place.replaceChildren();
  return place;
}

const parts = {left: part('kb-left'), centre: part('kb-centre'), aside: part('kb-aside'), bars: part('bars'), toasts: part('toasts')};

function middle() {
  const {section, error, loading} = room.state.here;
  if (error) return failedTemplate(room, problemText(error), error instanceof Problem && error.status === 404);
  return loading ? loadingTemplate(room) : section.view(room);
}

let seen = '';

/** The row of what was opened comes into sight, once. @param {string|null} id */
function showOpened(id) {
  const row = id !== seen && parts.left.querySelector('.kb-row[aria-current]');
  if (!row && id) return;
  seen = id ?? '';
  if (row) row.scrollIntoView({block: 'nearest'});
}

function draw() {
  const {here} = room.state;
  document.body.dataset.pane = here.pane;
  document.body.dataset.section = here.section.name;
  document.body.dataset.context = here.aside && ASIDES.length ? 'open' : 'closed';
  document.body.toggleAttribute('data-alone', ASIDES.length === 0);
  render(leftTemplate(room, SECTIONS), parts.left);
  render(middle(), parts.centre);
  showOpened(here.id);
  render(ASIDES.map((one) => html`<section class="kb-piece">${one.aside(room)}</section>`), parts.aside);
  render(toastsTemplate(), parts.toasts);
  render(room.state.expired ? html`<p class="bar bar-warn"><span>${room.t('kb.expired')}</span></p>` : nothing, parts.bars);
  if (!here.loading) document.documentElement.dataset.ready = 'true';
}

const schedule = perFrame(draw);
room.redraw = schedule;

/** @returns {boolean|void} leave what is innermost: the panel beside, the article */
function leave() {
  if (room.state.here.aside && !wider(1280)) room.toggleAside();
  else if (room.state.here.id) room.go('/kb');
  else return false;
  return undefined;
}

tendToasts(schedule);
tendMenus();
tendFrame(api, boot, {'[data-shows-keys]': () => keys.showModal()});
tendUnread(api);
tendSession({api, me: boot.me, onDone: room.again});
tendAddresses();
const keys = /** @type {HTMLDialogElement} */ (document.getElementById('keys'));
bindKeys([
  {on: 'g', does: 'go', run: go},
  {on: 'ctrl+k', does: 'palette', run: () => document.getElementById('kb-search')?.focus(), typing: true},
  {on: '/', does: 'search', run: () => document.getElementById('kb-search')?.focus()},
  {on: 'n', run: () => (room.rights.edit ? void room.go('/kb/articles?new') : false)},
  {on: '?', run: () => keys.showModal()},
  {on: ']', run: room.toggleAside},
  {on: 'ctrl+s', run: () => void save(room), typing: true},
  {on: 'escape', run: leave},
], boot.habits);
guard(room);
start(SECTIONS, ASIDES);
