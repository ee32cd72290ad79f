/* Launcher of the assistant. One tag on any page:
   <script src="https://HOST/widget.js" data-site="KEY" data-language="auto" async></script>
   The conversation lives in the frame; nothing of it reaches the host page. */
(() => {
  'use strict';
  const script = document.currentScript;
  const ID = 'innovation-assistant';
  const CHANNEL = `${ID}/1`;
  if (!script || !script.src || window[ID]) return;
  window[ID] = true;

  const origin = new URL(script.src).origin;
  const site = script.dataset.site || '';
  const asked = script.dataset.language || 'auto';
  const language = [asked, document.documentElement.lang, ...(navigator.languages || [])]
    .map((tag) => tag.slice(0, 2).toLowerCase()).find((tag) => tag === 'ko' || tag === 'en') || 'ko';
  const words = {
    ko: { short: '이전 상담', open: '열기', close: '닫기', unread: '읽지 않은 메시지', title: '혁신도시 이전 상담, AI가 답변합니다' },
    en: { short: 'Relocation help', open: 'open', close: 'close', unread: 'unread messages', title: 'Innovation city relocation help, AI answers' },
  }[language];
  const flag = `${ID}:open:${site}`;

  const CSS = `
:host{all:initial}
*{box-sizing:border-box}
button{position:fixed;right:20px;bottom:max(20px,env(safe-area-inset-bottom));
 z-index:2147483000;min-height:52px;padding:0 20px;border:2px solid #fff;border-radius:26px;
 background:#0b4a8f;color:#fff;font:600 16px/1.2 system-ui,'Malgun Gothic','Nanum Gothic',sans-serif;cursor:pointer}
button:hover{background:#083a72}
button:focus-visible{outline:3px solid #ffbf47;outline-offset:3px}
b{position:absolute;top:-8px;right:-4px;min-width:24px;height:24px;padding:0 6px;border-radius:12px;background:#b3261e;
 border:2px solid #fff;font-size:13px;line-height:20px;text-align:center}
[hidden]{display:none}
div{position:fixed;right:20px;bottom:88px;width:420px;max-width:calc(100vw - 40px);height:var(--height,640px);
 max-height:calc(100vh - 108px);z-index:2147483001;border-radius:12px;overflow:hidden;background:Canvas;
 border:1px solid #6b7684;box-shadow:0 8px 32px rgba(0,0,0,.28);color-scheme:light dark}
iframe{display:block;width:100%;height:100%;border:0}
@media (max-width:600px),(max-height:480px){
 div{inset:0 0 auto;top:var(--top,0);width:100%;max-width:none;height:var(--full,100dvh);max-height:none;border:0;border-radius:0}
 button[aria-expanded=true]{visibility:hidden}}
@media print{button,div{display:none}}`;

  function start() {
    const make = (tag, to) => to.appendChild(document.createElement(tag));
    const put = (to, name, value) => to.setAttribute(name, value);
    const host = make('div', document.body);
    host.id = ID;
    host.lang = language;
    put(host, 'role', 'complementary');
    put(host, 'aria-label', words.short);
    const root = host.attachShadow({ mode: 'open' });
    if ('adoptedStyleSheets' in root) {
      const sheet = new CSSStyleSheet(); // free of the host's style-src
      sheet.replaceSync(CSS);
      root.adoptedStyleSheets = [sheet];
    } else {
      make('style', root).textContent = CSS;
    }

    const button = make('button', root);
    const label = make('span', button);
    const badge = make('b', button);
    const panel = make('div', root);
    button.type = 'button';
    button.id = 'launcher';
    put(button, 'aria-controls', 'panel');
    put(badge, 'aria-hidden', 'true');
    panel.id = 'panel';
    panel.hidden = true;
    const view = window.visualViewport;
    let frame, loaded;
    let unread = 0;

    function draw() {
      const open = !panel.hidden;
      label.textContent = words.short;
      badge.textContent = unread;
      badge.hidden = open || !unread;
      put(button, 'aria-expanded', open);
      put(button, 'aria-label', `${words.short} ${open ? words.close : words.open}${unread ? `, ${words.unread} ${unread}` : ''}`);
    }

    function tell(type, value) {
      if (frame && loaded) frame.contentWindow.postMessage({ channel: CHANNEL, type, value }, origin);
    }

    function open(takeFocus) {
      panel.hidden = false;
      unread = 0;
      remember('1');
      if (!frame) {
        frame = document.createElement('iframe');
        frame.id = 'frame';
        frame.title = words.title;
        frame.referrerPolicy = 'origin';
        frame.onload = () => { loaded = true; if (!panel.hidden) tell('open', +takeFocus); };
        frame.src = `${origin}/widget?site=${encodeURIComponent(site)}&language=${language}&embed=1`;
        panel.appendChild(frame);
      } else {
        tell('open', +takeFocus);
      }
      if (takeFocus) frame.focus();
      fit();
      draw();
    }

    function close() {
      panel.hidden = true;
      remember('0');
      tell('close', 0);
      draw();
      button.focus();
    }

    function remember(value) { // without storage the panel starts closed next time
      try { sessionStorage.setItem(flag, value); } catch { /* refused */ }
    }

    const set = (name, pixels) => panel.style.setProperty(name, `${pixels}px`);

    function fit() { // stays above an on-screen keyboard
      if (!view) return;
      set('--full', view.height);
      set('--top', view.offsetTop);
    }

    button.onclick = () => (panel.hidden ? open(true) : close());
    button.onkeydown = (event) => { if (event.key === 'Escape' && !panel.hidden) close(); };
    addEventListener('message', (event) => {
      const { data } = event;
      if (!frame || event.source !== frame.contentWindow || event.origin !== origin) return;
      if (!data || data.channel !== CHANNEL || !Number.isInteger(data.value)) return;
      if (data.type === 'close') { if (!panel.hidden) close(); }
      else if (data.type === 'unread') { unread = Math.min(Math.max(data.value, 0), 99); draw(); }
      else if (data.type === 'height') set('--height', Math.min(Math.max(data.value, 480), 760));
    });
    if (view) for (const name of ['resize', 'scroll']) view.addEventListener(name, fit);

    draw();
    try { if (sessionStorage.getItem(flag) === '1') open(false); } catch { /* refused */ }
  }

  if (document.body) start();
  else document.addEventListener('DOMContentLoaded', start);
})();
