/* What every page of the console shares: the status line, problems of requests, keys, and quiet when nobody is there. */

const ATTENDED_FOR = 60 * 1000; // ms after a key or the pointer; what a page asks for by itself later is no use of the session
const SHOWN = 8000; // ms that a confirmation stays; a problem stays until something else is told
let usedAt = Date.now();
let hiding = 0;

export const byId = (id) => document.getElementById(id);

/** Say something once, on screen and to screen readers. */
export function tell(text, isProblem = false) {
  const line = byId('status');
  line.className = `status ${isProblem ? 'problem' : 'done'}`;
  line.textContent = '';
  clearTimeout(hiding);
  requestAnimationFrame(() => { line.textContent = text; });
  if (!isProblem) hiding = setTimeout(() => { line.textContent = ''; }, SHOWN);
}

/** Put a text on the clipboard; false where the browser does not allow it. */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyOldWay(text);
  }
}

/** Without https there is no clipboard object: a selection is copied instead. */
function copyOldWay(text) {
  const before = document.activeElement;
  const area = document.createElement('textarea');
  area.value = text;
  document.body.append(area);
  area.select();
  const done = document.execCommand('copy');
  area.remove();
  before?.focus();
  return done;
}

export const isWriting = (element) => element?.matches?.('input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]') ?? false;

/** The name of a key press that does not depend on the keyboard's language: 'Alt+C', 'Escape', '?'. */
export function named(event) {
  if (event.key === '?' && !event.altKey && !event.ctrlKey && !event.metaKey) return '?';
  const base = event.code.replace(/^(Key|Digit|Numpad(?=\d))/, '') || event.key;
  const modifiers = [event.ctrlKey || event.metaKey ? 'Ctrl' : '', event.altKey ? 'Alt' : '', event.shiftKey ? 'Shift' : ''];
  return [...modifiers.filter(Boolean), base].join('+');
}

/** Run the action of a key press, if it has one. */
export function press(event, actions) {
  const action = actions[named(event)];
  if (!action || event.isComposing) return false;
  event.preventDefault();
  action();
  return true;
}

export function toggleKeys() {
  const keys = byId('keys');
  if (!keys) return;
  keys.hidden = !keys.hidden;
  document.querySelectorAll('[data-do=keys][aria-expanded]').forEach((button) => button.setAttribute('aria-expanded', String(!keys.hidden)));
  if (keys.hidden) document.querySelector('[data-home]')?.focus();
  else keys.focus();
}

/** The conversation that waits longest, else the list. */
export function openWaiting() {
  const first = document.querySelector('#queue a[data-state=open]') ?? document.querySelector('#queue a');
  location.assign(first?.href ?? '/staff/queue');
}

for (const kind of ['keydown', 'pointerdown']) addEventListener(kind, () => { usedAt = Date.now(); }, { passive: true, capture: true });

document.addEventListener('htmx:configRequest', (event) => {
  if (Date.now() - usedAt < ATTENDED_FOR) event.detail.headers['X-Attended'] = '1';
});
document.addEventListener('htmx:responseError', (event) => {
  const request = event.detail.xhr;
  if (request.getResponseHeader('HX-Redirect')) return;
  let told = '';
  try {
    told = JSON.parse(request.responseText).detail;
  } catch { /* not a problem document: the general sentence serves */ }
  tell(told || document.body.dataset.network, true);
});
document.addEventListener('htmx:sendError', () => tell(document.body.dataset.network, true));
