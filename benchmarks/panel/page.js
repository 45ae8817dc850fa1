/** What a page tells of itself to its benchmark: when it was ready, how fast words came onto it, how long it was busy. */
(() => {
  const told = {ready: 0, came: new Map(), drawn: [], keys: [], long: 0, opened: 0, socket: 0};
  window.told = told;
  const MARK = /t=(\d+)/;
  new MutationObserver(() => {
    if (!told.ready && document.documentElement.dataset.ready === 'true') told.ready = performance.now();
  }).observe(document, {attributes: true, subtree: true, attributeFilter: ['data-ready']});
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) told.long += entry.duration;
  }).observe({type: 'longtask'});

  // From the frame that brings a word to the row that shows it.
  const Plain = window.WebSocket;
  window.WebSocket = class extends Plain {
    constructor(...given) {
      super(...given);
      this.addEventListener('message', (event) => {
        const mark = /"type": ?"message.created"/.test(event.data) && MARK.exec(event.data);
        if (mark) told.came.set(mark[1], performance.now());
        told.socket += 1;
      });
    }
  };
  const look = () => {
    const now = performance.now();
    for (const row of document.querySelectorAll('[data-testid="conv-row"]')) {
      const mark = MARK.exec(row.textContent);
      const came = mark && told.came.get(mark[1]);
      if (came === undefined || came === null) continue;
      told.drawn.push(now - came);
      told.came.delete(mark[1]);
    }
  };
  addEventListener('DOMContentLoaded', () => {
    const list = document.getElementById('list');
    if (list) new MutationObserver(look).observe(list, {childList: true, characterData: true, subtree: true});
  });

  addEventListener('keydown', (event) => {
    const from = event.timeStamp;
    const length = document.activeElement?.value?.length;
    requestAnimationFrame(function shown() {
      if (document.activeElement?.value?.length === length) requestAnimationFrame(shown);
      else told.keys.push(performance.now() - from);
    });
  }, true);

  /** When the first content was painted, ms: it is told of a little after the page has loaded. */
  window.painted = () => new Promise((resolve) => {
    new PerformanceObserver((list, watch) => {
      const [found] = list.getEntriesByName('first-contentful-paint');
      if (!found) return;
      watch.disconnect();
      resolve(found.startTime);
    }).observe({type: 'paint', buffered: true});
  });

  /** Frames of a page that does nothing, ms each. */
  window.frames60 = () => new Promise((resolve) => {
    const at = [];
    requestAnimationFrame(function frame(now) {
      at.push(now);
      if (at.length <= 60) requestAnimationFrame(frame);
      else resolve(at.slice(1).map((each, n) => each - at[n]));
    });
  });

  /** Open the n-th row; ms until its last words stand in the thread. */
  window.openRow = (n) => new Promise((resolve) => {
    const row = document.querySelectorAll('[data-testid="conv-row"]')[n];
    const id = row.dataset.id;
    const from = performance.now();
    row.click();
    requestAnimationFrame(function shown() {
      const here = location.pathname.endsWith(id) && document.querySelectorAll('[data-testid="thread"] [data-testid="msg"]').length > 5;
      if (here) resolve(performance.now() - from);
      else requestAnimationFrame(shown);
    });
  });
})();
