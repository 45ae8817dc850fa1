/** How often something was asked on each of the last days, as a line that is also told in words. */

import {html, svg} from 'lit-html';
import {t} from 'mostik/core/i18n.js';

const WIDE = 56;
const HIGH = 18;

/** @param {number[]} days how often on each, today last */
export function trendTemplate(days) {
  const most = Math.max(1, ...days);
  const step = WIDE / Math.max(1, days.length - 1);
  const points = days.map((n, place) => `${(place * step).toFixed(1)},${(HIGH - 2 - (n / most) * (HIGH - 4)).toFixed(1)}`).join(' ');
  const label = t('kb.board.trend', {n: days.length, days: days.join(', ')});
  return html`<svg class="kb-trend" viewBox="-2 0 ${WIDE + 4} ${HIGH}" role="img" aria-label=${label} data-days=${days.join(' ')}>
    <title>${label}</title>
    ${svg`<polyline points=${points} />`}
  </svg>`;
}
