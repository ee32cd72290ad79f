/* A live conversation: take it over, answer with suggestions, give it back, all from the keyboard. */
import { byId, isWriting, openWaiting, press, tell, toggleKeys } from './common.js';

const step = (name) => document.querySelector(`[data-step=${name}]`)?.click();
const home = () => document.querySelector('[data-home]');

function insert(text) {
  const area = byId('text');
  if (!area || !text) return;
  area.setRangeText(text, area.selectionStart, area.selectionEnd, 'end');
  area.focus();
}

const nth = (place) => insert(document.querySelectorAll('#suggestions [data-insert]')[place]?.dataset.insert);
const anywhere = {
  'Alt+T': () => step('take'), 'Alt+R': () => step('return'), 'Alt+X': () => step('close'), 'Alt+W': openWaiting,
  'Alt+S': () => location.assign('/staff'), 'Alt+1': () => nth(0), 'Alt+2': () => nth(1), 'Alt+3': () => nth(2),
};

addEventListener('keydown', (event) => {
  if (press(event, anywhere)) return;
  const keys = byId('keys');
  if (keys && !keys.hidden && event.key === 'Escape') press(event, { Escape: toggleKeys });
  else if (event.target.id === 'text') press(event, { 'Ctrl+Enter': () => byId('reply').requestSubmit() });
  else if (!isWriting(event.target)) press(event, { '?': toggleKeys, Slash: () => home()?.focus() });
});

addEventListener('click', (event) => {
  if (event.target.closest('[data-do=keys]')) toggleKeys();
  const suggestion = event.target.closest('[data-insert]');
  if (suggestion) insert(suggestion.dataset.insert);
});

document.addEventListener('htmx:afterRequest', (event) => {
  if (event.detail.elt.id !== 'reply' || !event.detail.successful) return;
  byId('text').value = '';
  byId('text').focus();
});

// Announced once and in one sentence; the log itself is no live region, or every poll would be read out.
document.addEventListener('htmx:oobAfterSwap', (event) => {
  if (event.detail.target.id === 'suggestions') tell(document.querySelector('.talk').dataset.newMessage);
});
document.addEventListener('htmx:afterSettle', (event) => {
  if (event.detail.elt.id === 'tail' || event.detail.target?.id === 'tail') byId('tail')?.previousElementSibling?.scrollIntoView({ block: 'nearest' });
});

if (home()) home().focus();
else document.querySelector('[data-step=take]')?.focus();
