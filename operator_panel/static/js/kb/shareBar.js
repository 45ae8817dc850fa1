/** A share as a bar, with a tick where the threshold stands; the number beside it says the same. */

import {html, nothing, svg} from 'lit-html';

const WIDE = 60;

/** @param {number} share 0..1 @param {number|null} limit 0..1 @param {boolean} enough is it over the limit */
export function shareBar(share, limit, enough) {
  return html`<svg class="kc-bar ${enough ? 'kc-enough' : ''}" viewBox="0 0 ${WIDE} 12" aria-hidden="true">
    ${svg`<rect class="kc-track" y="4" width=${WIDE} height="4" rx="2" /><rect class="kc-fill" y="4" width=${(share * WIDE).toFixed(1)} height="4" rx="2" />`}
    ${limit === null ? nothing : svg`<line class="kc-tick" x1=${(limit * WIDE).toFixed(1)} x2=${(limit * WIDE).toFixed(1)} y1="0" y2="12" />`}
  </svg>`;
}
