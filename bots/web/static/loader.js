// The button and the frame; served without its comments and indents.
(() => {
  const {src, dataset} = document.currentScript;
  const early = window.Mostik || {};
  if (early.loaded) return;
  // The server puts the channel's settings here.
  const given = '{{config}}';
  const base = src.replace(/\/loader\.js.*/, '');
  const home = new URL(base).origin;
  const page = location.origin;
  // The frame would refuse to be shown here: better no button than one that opens a broken picture.
  if (page != home && given.origins && !RegExp(given.origins).test(page)) {
    window.Mostik = () => {};
    return console.warn(`Mostik: no chat here. Add "${page}" to the origins of its channel (www. and bare are two)`);
  }
  const key = 'mostik:' + base;
  const lang = (dataset.lang || document.documentElement.lang || given.language || 'ru').slice(0, 2);
  const side = (dataset.position || given.position) == 'left' ? 'left' : 'right';
  const [title, fresh] = lang == 'ru' ? ['Чат', 'новых'] : ['Chat', 'new'];
  const heard = [];
  const told = {};
  let frame, ready, unread = 0, shown = false, mark = '';

  const sheet = new CSSStyleSheet();
  // In here !important beats the page's own.
  sheet.replaceSync(`:host{all:initial!important;direction:ltr!important;position:fixed!important;z-index:2147483647!important;bottom:24px!important;${side}:24px!important;color-scheme:light dark!important}
button{all:unset;display:grid;place-items:center;position:relative;width:60px;height:60px;border-radius:50%;background:${given.color || '#0b6b63'};color:${given.ink || '#fff'};cursor:pointer;box-shadow:0 6px 24px -4px #0c1e1b80;forced-color-adjust:none}
button:focus-visible{outline:3px solid;outline-offset:-7px}
button:before{content:"";width:28px;height:28px;background:currentColor;clip-path:path("M14 3a11 11 0 0 1 0 22 11 11 0 0 1-5-1l-6 2 2-6A11 11 0 0 1 14 3z")}
.open:before{clip-path:path("M8 10 14 16 20 10 22 12 14 20 6 12z")}
b{position:absolute;top:-3px;right:-3px;min-width:10px;padding:0 6px;border-radius:11px;background:#c42f28;color:#fff;font:600 12px/22px system-ui;text-align:center}
b:empty,.open b{display:none}
iframe{all:unset;position:fixed;bottom:100px;${side}:24px;width:384px;height:min(704px,100vh - 116px);border-radius:18px;background:light-dark(#f4f6f5,#0c1110);box-shadow:0 24px 64px -12px #0c1e1b80}
iframe:not(.open){visibility:hidden}
@media(max-width:639px){iframe{inset:0;width:100%;height:100%;border-radius:0}.open{visibility:hidden}iframe.open{visibility:visible}}
@media print{:host{display:none!important}}`);
  const host = document.createElement('mostik-widget');
  const root = host.attachShadow({mode: 'open'});
  root.adoptedStyleSheets = [sheet];
  const make = (name, id, props, parent = root) => {
    const made = parent.appendChild(Object.assign(document.createElement(name), props));
    made.dataset.testid = 'widget-' + id;
    return made;
  };
  const button = make('button', 'launcher', {type: 'button', onclick: () => (shown ? verbs.close() : verbs.open())});
  const badge = make('b', 'unread', {}, button);

  const load = () => {
    try {
      return JSON.parse(localStorage[key]);
    } catch {}
  };
  const save = (session) => {
    try {
      session ? (localStorage[key] = JSON.stringify(session)) : delete localStorage[key];
    } catch {}
  };
  const emit = (event, value) => heard.forEach(([name, call]) => name == event && call(value));
  const tell = (type, value) => ready && frame.contentWindow.postMessage({mostik: type, value}, home);
  const view = window.visualViewport;
  const draw = () => {
    button.ariaExpanded = shown;
    button.ariaLabel = title + (unread ? `, ${fresh}: ${unread}` : '');
    badge.textContent = unread > 99 ? '99+' : unread || '';
    button.className = shown ? 'open' : '';
    // What is unread stands in the title too, unless the chat is looked at; the page may change its own meanwhile.
    const bare = document.title.startsWith(mark) ? document.title.slice(mark.length) : document.title;
    mark = unread ? `(${unread}) ` : '';
    if (document.title != mark + bare) document.title = mark + bare;
    if (!frame) return;
    frame.className = button.className;
    // The keyboard of a phone takes its part of the screen.
    frame.style.cssText = innerWidth < 640 ? `height:${view.height}px;top:${view.offsetTop}px` : '';
  };
  view.onresize = view.onscroll = draw;
  const build = () => {
    frame ||= make('iframe', 'frame', {title, src: `${base}?lang=${lang}#${page}`});
  };
  const verbs = {
    open(text) {
      build();
      shown = true;
      draw();
      frame.focus();
      ready ? tell('open', text) : (told.text = text);
      emit('open');
    },
    close(back) {
      if (!shown) return;
      shown = false;
      draw();
      tell('close');
      if (back) button.focus();
      emit('close');
    },
    reset() {
      verbs.close();
      save();
      told.identify = unread = 0;
      tell('reset');
      const old = frame;
      frame = ready = null;
      setTimeout(() => old?.remove(), 300);
      draw();
    },
    on: (...pair) => heard.push(pair),
    theme: (value) => tell('theme', (told.theme = value)),
    identify: (person) => tell('identify', (told.identify = person)),
  };
  const takes = {
    ready() {
      ready = true;
      tell('start', {...told, session: load(), shown});
    },
    session: save,
    shut: () => verbs.close(1),
    unread(count) {
      unread = count;
      draw();
    },
  };
  addEventListener('message', ({origin, source, data}) => {
    if (!frame || origin != home || source != frame.contentWindow) return;
    takes[data.mostik]?.(data.value);
    emit(data.mostik, data.value);
  });
  // What another tab begins or leaves, this one follows.
  addEventListener('storage', (event) => event.key == key && (event.newValue ? tell('session', load()) : verbs.reset()));
  root.onkeydown = (event) => event.key == 'Escape' && verbs.close(1);

  window.Mostik = (verb, ...rest) => verbs[verb]?.(...rest);
  Mostik.loaded = true;
  draw();
  document.documentElement.append(host);
  early.q?.forEach((call) => Mostik(...call));
  // Who wrote before sees on the button that an answer came.
  const idle = () => setTimeout(() => load()?.token && build(), 500);
  document.readyState == 'complete' ? idle() : addEventListener('load', idle);
})();
