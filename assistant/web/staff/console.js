/* The look-up: one search box, results that are chosen with the arrow keys, facts that are copied with one key. */
import { byId, copy, isWriting, openWaiting, press, tell, toggleKeys } from './common.js';
import { addPlaces, openComparison, emptyTray } from './tray.js';
import { emptyNote, noteDown, noteText } from './note.js';

const box = byId('q');
const results = byId('results');
const card = byId('card');
const texts = JSON.parse(byId('console').dataset.texts);
let chosen = -1;
let shown = ''; // kind and id of the card that is shown or on its way
let searched = null; // what the texts were last searched for

box.dataset.home = '';
const options = () => [...results.querySelectorAll('[role=option]')];
const fact = () => byId('fact');

function choose(place) {
  const all = options();
  if (!all.length) return;
  chosen = (place + all.length) % all.length;
  all.forEach((option, index) => option.setAttribute('aria-selected', String(index === chosen)));
  box.setAttribute('aria-activedescendant', all[chosen].id);
  all[chosen].scrollIntoView({ block: 'nearest' });
  show(all[chosen].dataset.kind, all[chosen].dataset.id);
}

async function show(kind, id) {
  const wanted = `${kind}/${id}`;
  if (wanted === shown && fact()) return;
  shown = wanted;
  const path = id.split('/').map(encodeURIComponent).join('/');
  await window.htmx.ajax('GET', `/staff/card/${kind}/${path}?q=${encodeURIComponent(box.value.slice(0, 300))}`, { target: '#card', source: '#card' });
}

/** Go to the facts, where single keys act; they are written into the note of the call. */
async function enter(kind, id) {
  await show(kind, id);
  card.focus({ preventScroll: true }); // or a long card would be scrolled to its middle
  const { top } = card.getBoundingClientRect();
  if (top < 0 || top > innerHeight / 2) card.scrollIntoView({ block: 'start' });
  noteFact();
}

function noteFact() {
  if (fact()) noteDown(fact().dataset.note);
}

function back() {
  box.focus();
  box.select();
}

async function copyFact(language) {
  const text = byId(`copy-${language}`)?.textContent;
  if (!text) return;
  noteFact(); // at once: the clipboard takes its time, and another card may lie there by then
  const done = await copy(text);
  tell(done ? texts[`copied.${language}`] : texts['copy.failed'], !done);
}

function add() {
  if (!fact()) return;
  tell(addPlaces(JSON.parse(fact().dataset.places), texts));
}

function flag() {
  const form = byId('flag');
  if (!form) return;
  form.hidden = !form.hidden;
  card.querySelector('[data-do=flag]').setAttribute('aria-expanded', String(!form.hidden));
  if (form.hidden) card.focus();
  else byId('flag-comment').focus();
}

async function copyNote() {
  const done = await copy(noteText());
  tell(done ? texts['note.copied'] : texts['copy.failed'], !done);
}

function newCall() {
  emptyNote();
  emptyTray();
  box.value = '';
  window.htmx.trigger(box, 'kind');
  tell(texts['note.cleared']);
  back();
}

function nextKind() {
  const kinds = [...document.querySelectorAll('input[name=kind]')];
  const now = kinds.findIndex((kind) => kind.checked);
  kinds[(now + 1) % kinds.length].checked = true;
  window.htmx.trigger(box, 'kind');
}

function nth(place) {
  const option = options()[place];
  if (!option) return;
  choose(place);
  enter(option.dataset.kind, option.dataset.id);
}

const actions = { 'copy-ko': () => copyFact('ko'), 'copy-en': () => copyFact('en'), add, flag, keys: toggleKeys, compare: () => tell(openComparison(texts)), 'copy-note': copyNote, 'new-call': newCall };
const anywhere = {
  'Alt+C': actions['copy-ko'], 'Alt+E': actions['copy-en'], 'Alt+F': flag, 'Alt+V': actions.compare, 'Alt+N': copyNote, 'Alt+Shift+N': newCall,
  'Alt+Equal': add, 'Alt+Shift+Equal': add, 'Alt+NumpadAdd': add, 'Alt+K': nextKind, 'Alt+W': openWaiting, 'Alt+S': back, 'Alt+Slash': back,
};
const onCard = {
  C: actions['copy-ko'], E: actions['copy-en'], F: flag, Equal: add, 'Shift+Equal': add, NumpadAdd: add, Slash: back, NumpadDivide: back, Escape: back, '?': toggleKeys,
  O: () => card.querySelector('.facts-of a[href]')?.click(),
};
const inBox = {
  ArrowDown: () => choose(chosen + 1), ArrowUp: () => choose(chosen - 1), Escape: () => { box.value = ''; window.htmx.trigger(box, 'kind'); },
};
for (let digit = 1; digit <= 9; digit += 1) {
  anywhere[`Alt+${digit}`] = () => nth(digit - 1);
  onCard[`${digit}`] = () => nth(digit - 1);
}

addEventListener('keydown', (event) => {
  if (press(event, anywhere)) return;
  const keys = byId('keys');
  if (!keys.hidden && event.key === 'Escape') press(event, { Escape: toggleKeys });
  else if (event.target === box) pressInBox(event);
  else if (byId('flag')?.contains(event.target)) press(event, { Escape: flag, 'Ctrl+Enter': () => byId('flag').requestSubmit() });
  else if (!isWriting(event.target)) press(event, event.target.closest('#card') || event.key === '?' || event.key === 'Escape' || event.key === '/' ? onCard : {});
  else press(event, { Escape: back });
});

function pressInBox(event) {
  if (event.key === '?' && !box.value) press(event, { '?': toggleKeys });
  else if (event.key === 'Enter' && !event.isComposing && options()[chosen]) {
    event.preventDefault();
    const { kind, id } = options()[chosen].dataset;
    enter(kind, id);
  } else press(event, inBox);
}

addEventListener('click', (event) => {
  const named = event.target.closest('[data-do]');
  const opened = event.target.closest('[data-kind][data-id]:not(#fact)');
  if (named) actions[named.dataset.do]?.();
  else if (opened) enter(opened.dataset.kind, opened.dataset.id);
});

// What was chosen among older results is not meant any more once something else is typed.
box.addEventListener('input', () => {
  options()[chosen]?.setAttribute('aria-selected', 'false');
  chosen = -1;
  box.removeAttribute('aria-activedescendant');
});
document.querySelectorAll('input[name=kind]').forEach((kind) => kind.addEventListener('change', () => window.htmx.trigger(box, 'kind')));

// Enter comes before the suggestions of the last letters, which must not take the place of the search.
document.addEventListener('htmx:confirm', (event) => {
  const { elt, triggeringEvent } = event.detail;
  if (elt.id === 'search') searched = box.value;
  if (elt === box && triggeringEvent?.type !== 'kind' && box.value === searched) event.preventDefault();
  if (elt === box && box.value !== searched) searched = null;
});
document.addEventListener('htmx:afterSwap', (event) => {
  if (event.detail.target !== results) return;
  options().forEach((option, index) => { option.id = `option-${index}`; });
  chosen = -1;
  box.removeAttribute('aria-activedescendant');
  box.setAttribute('aria-expanded', String(options().length > 0));
  // After a full search the first hit is shown at once; while typing nothing is chosen before an arrow key.
  if (event.detail.requestConfig.path === '/staff/search') choose(0);
});
document.addEventListener('htmx:afterRequest', (event) => {
  if (event.detail.elt.id === 'flag' && event.detail.successful) flag();
});

box.focus();
if (box.value) window.htmx.trigger(byId('search'), 'submit');
