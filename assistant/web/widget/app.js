/* The widget: its state, what the visitor can do, and when the server is called. */
import { render } from '../vendor/lit-html.js';
import * as api from './api.js';
import { openBridge } from './bridge.js';
import { closedForm, handoverActs } from './callback.js';
import { openMemory } from './memory.js';
import { follow } from './stream.js';
import { chooseLanguage, wordsOf } from './strings.js';
import { Timeline } from './timeline.js';
import { LIMIT, screen } from './view.js';

const SLOW_MS = 8_000;
const TYPING_MS = 6_000;

const query = new URLSearchParams(location.search);
const site = query.get('site') ?? '';
const memory = openMemory(site);
const root = document.getElementById('root');
const element = (id) => document.getElementById(id);

const state = {
  embedded: query.get('embed') === '1' && window.parent !== window,
  open: false, // always true outside a host page
  language: 'ko',
  words: wordsOf('ko'),
  conversation: null,
  timeline: new Timeline(),
  opinions: new Map(),
  starting: false,
  trouble: null, // {problem, again}: opening or deleting failed
  busy: false, // a message is on its way
  slow: false,
  quiet: false, // the log is not read out while old messages are put back
  handover: null, // {ticket, state, callback} of the last one
  form: closedForm(), // for a call back
  staffTyping: false,
  confirming: false,
  offline: false,
  used: 0, // characters in the input
};

const bridge = openBridge({ open: (takeFocus) => opened(takeFocus === 1), close: () => { state.open = false; } });
let unread = 0;
let queue = Promise.resolve(); // one message at a time, in the order pressed
let ready = null; // the promise of a conversation
let stream = null; // stops the event stream of the conversation
let typingTimer = 0;
let scrollTo = null; // 'top', 'end', or the key of the message to bring into view
let drawing = false;
let tallest = 0; // the panel grows with the conversation and does not jump back

// --- opening and starting ---------------------------------------------------------------------------------------

function opened(takeFocus) {
  state.open = true;
  unread = 0;
  bridge.tell('unread', 0);
  if (state.timeline.asked) scrollTo = 'end';
  if (ready) refresh();
  else if (!state.trouble) begin().catch(() => {});
  draw(true);
  if (takeFocus) element('input').focus();
}

/** The conversation, taken up again or newly opened; every caller waits for the same one. */
function begin() {
  ready ??= prepare(takeUp);
  return ready;
}

/** Forgets the conversation and opens another; only a message not yet sent is kept. */
function renew(note, unsent) {
  stream?.abort();
  memory.clear();
  state.conversation = null;
  state.opinions.clear();
  state.timeline.clear(unsent);
  ready = prepare(() => create(note));
  return ready;
}

async function prepare(how) {
  state.starting = true;
  state.trouble = null;
  draw();
  try {
    state.conversation = await how();
    listen();
    return state.conversation;
  } catch (problem) {
    ready = null;
    state.trouble = { problem, again: act.restart };
    throw problem;
  } finally {
    state.starting = false;
    draw();
  }
}

async function takeUp() {
  const saved = memory.load();
  if (!saved) return create();
  try {
    const { messages, handover } = await api.readMessages(saved);
    state.quiet = true;
    setTimeout(() => { state.quiet = false; draw(); }, 500);
    take(messages, handover);
    state.timeline.unsentToEnd();
    scrollTo = state.timeline.asked ? 'end' : 'top';
    return saved;
  } catch (problem) {
    if (!problem.gone) throw problem;
    return create('expired');
  }
}

async function create(note) {
  const { id, token, messages } = await api.openConversation(state.language, site);
  const conversation = { id, token, language: state.language };
  memory.save(conversation);
  state.handover = null;
  state.form = closedForm();
  if (note) state.timeline.addNote(note);
  if (memory.refused) state.timeline.addNote('storageOff');
  state.timeline.merge(messages);
  state.timeline.unsentToEnd();
  scrollTo = state.timeline.asked ? 'end' : 'top';
  return conversation;
}

async function refresh() {
  const { conversation } = state;
  if (!conversation || state.busy) return;
  try {
    const { messages, handover } = await api.readMessages(conversation, state.timeline.lastSeq);
    if (conversation === state.conversation) take(messages, handover);
  } catch { /* the next message will tell */ }
}

// --- messages ---------------------------------------------------------------------------------------------------

function take(messages, handover = state.handover) {
  state.handover = handover;
  const news = state.timeline.merge(messages).filter((item) => item.sender !== 'user');
  if (news.some((item) => item.sender === 'staff')) state.staffTyping = false;
  if (news.length) {
    if (state.busy || !readingBack()) scrollTo = news[0].key;
    if (!state.open) bridge.tell('unread', unread += news.length);
  }
  draw();
}

function readingBack() {
  const box = element('scroll');
  return box.scrollHeight - box.scrollTop - box.clientHeight > 200;
}

/** Sends in turn; the bubble appears when its turn comes. */
function send(text, title) {
  queue = queue.then(() => deliver(state.timeline.addOwn(text, title)));
  return queue;
}

async function deliver(item) {
  item.state = 'sending';
  state.busy = true;
  scrollTo = 'end';
  draw();
  const slow = setTimeout(() => { state.slow = true; draw(); }, SLOW_MS);
  try {
    const { messages, outcome } = await post(await begin(), item);
    take(messages); // finds this bubble while it is still being sent
    item.state = 'sent';
    if (outcome.status === 'handoff') queue.then(refresh);
  } catch (problem) {
    item.state = 'failed';
    item.problem = problem instanceof api.Problem ? problem : new api.Problem(0);
    state.trouble = null; // the message's own Retry opens the conversation too
    scrollTo = 'end';
  } finally {
    clearTimeout(slow);
    state.busy = false;
    state.slow = false;
    draw();
  }
}

async function post(conversation, item) {
  try {
    return await api.sendMessage(conversation, item.text, item.clientId);
  } catch (problem) {
    if (!problem.gone) throw problem;
    return api.sendMessage(await renew('expired', item), item.text, item.clientId);
  }
}

function listen() {
  stream = follow(state.conversation, String(state.timeline.lastSeq || ''), hear); // resumes after the last message shown
}

function hear({ event, data }) {
  if (!data || typeof data !== 'object') return;
  const messages = data.messages ?? (data.message?.id ? [data.message] : data.id && data.sender ? [data] : []);
  if (messages.length) take(messages);
  else if (event.includes('typing')) staffTypes((data.typing ?? data.active ?? true) && (data.sender ?? data.by) === 'staff');
  else if (event === 'handover') state.handover = data;
  draw();
}

function staffTypes(typing) {
  clearTimeout(typingTimer);
  state.staffTyping = typing;
  if (typing) typingTimer = setTimeout(() => { state.staffTyping = false; draw(); }, TYPING_MS);
}

// --- what the visitor does --------------------------------------------------------------------------------------

const act = {
  close: () => bridge.tell('close', 0),

  submit(event) {
    event.preventDefault();
    const input = element('input');
    const text = input.value.trim();
    if (!text || state.busy || lengthOf(text) > LIMIT) return;
    setDraft('');
    send(text);
    input.focus();
  },

  key(event) {
    const composing = event.isComposing || event.keyCode === 229; // the Enter that ends a Korean syllable
    if (event.key === 'Enter' && !event.shiftKey && !composing) act.submit(event);
  },

  typed() {
    const input = element('input');
    state.used = lengthOf(input.value.trim());
    input.style.height = 'auto';
    input.style.height = `${Math.min(input.scrollHeight + 2, 140)}px`;
    draw();
  },

  press({ payload, title }) {
    if (state.busy) return;
    send(payload, title);
    focusAfterPress();
  },

  person() {
    if (act.person.waiting) return;
    act.person.waiting = true;
    send('/talk_to_person').finally(() => { act.person.waiting = false; });
  },

  retry(item) {
    if (state.busy) return;
    state.timeline.moveToEnd(item);
    queue = queue.then(() => deliver(item));
    focusAfterPress();
  },

  edit(item) {
    state.timeline.remove(item);
    setDraft(item.text);
    element('input').focus();
  },

  restart() {
    begin().catch(() => {});
    element('input').focus();
  },

  switchLanguage() {
    setLanguage(state.language === 'ko' ? 'en' : 'ko');
    draw();
    if (!state.conversation) return;
    memory.save(Object.assign(state.conversation, { language: state.language }));
    send(`/switch_language{"language":"${state.language}"}`);
  },

  askErase() {
    state.confirming = !state.confirming;
    draw(true);
    if (state.confirming) element('erase-no').focus();
  },

  keep() {
    state.confirming = false;
    draw(true);
    element('erase').focus();
  },

  async erase() {
    state.confirming = false;
    state.trouble = null;
    draw(true);
    element('input').focus();
    await queue;
    try {
      if (state.conversation) await api.eraseConversation(state.conversation);
    } catch (problem) {
      if (!problem.gone) {
        state.trouble = { problem, again: act.erase };
        scrollTo = 'end';
        return draw();
      }
    }
    return renew('erased').catch(() => {});
  },

  showSource(event, target) {
    event.preventDefault();
    const details = element(target);
    details.open = true;
    details.scrollIntoView({ block: 'nearest' });
    details.querySelector('summary').focus();
  },

  async rate({ id }, helpful, reason) {
    const opinion = { helpful, reason, state: 'sending' };
    state.opinions.set(id, opinion);
    draw();
    try {
      await api.giveFeedback(state.conversation, { message_id: id, helpful, ...(reason && { reason }) });
      opinion.state = 'sent';
    } catch {
      opinion.state = 'failed';
    }
    draw();
  },
};

Object.assign(act, handoverActs({ state, api, draw, take, begin, focusAfterPress }));
const lengthOf = (text) => [...text].length; // as the server counts: code points

function setDraft(text) {
  element('input').value = text;
  act.typed();
}

/** The pressed button is about to go. A mouse goes on typing; a finger is not shown the keyboard. */
function focusAfterPress() {
  element(matchMedia('(pointer: fine)').matches ? 'input' : 'scroll').focus();
}

function setLanguage(language) {
  state.language = language;
  state.words = wordsOf(language);
  document.documentElement.lang = language;
  root.setAttribute('aria-label', state.words.name);
  document.title = `${state.words.name} · ${state.words.aiLabel}`;
}

// --- drawing ----------------------------------------------------------------------------------------------------

function draw(now = false) {
  if (now) paint();
  else if (!drawing) {
    drawing = true;
    queueMicrotask(paint);
  }
}

function paint() {
  drawing = false;
  render(screen(state, act), root);
  settleScroll();
  if (state.embedded && state.open) {
    const parts = [root.querySelector('header'), element('content'), root.querySelector('footer')];
    tallest = Math.max(tallest, parts.reduce((sum, part) => sum + part.offsetHeight, 0));
    bridge.tell('height', tallest);
  }
}

/** Shows the end, or the beginning of the newest answer when it is taller than the window. */
function settleScroll() {
  if (!scrollTo) return;
  const box = element('scroll');
  const index = state.timeline.items.findIndex((item) => item.key === scrollTo);
  const line = index < 0 ? null : box.querySelectorAll('.message')[index];
  box.scrollTop = scrollTo === 'top' ? 0 : box.scrollHeight;
  if (line) box.scrollTop = Math.min(box.scrollTop, line.offsetTop - 8);
  if (line && box.scrollHeight === box.clientHeight) line.scrollIntoView({ block: 'start' }); // a very low window scrolls as a page
  scrollTo = null;
}

document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape' || event.isComposing || event.keyCode === 229) return;
  if (state.confirming) act.keep();
  else if (state.embedded) act.close();
});
window.addEventListener('offline', () => { state.offline = true; draw(); });
window.addEventListener('online', () => { state.offline = false; draw(); refresh(); });
window.addEventListener('pagehide', () => stream?.abort());
window.addEventListener('pageshow', (event) => { if (event.persisted && state.conversation) listen(); });

setLanguage(chooseLanguage(memory.load()?.language, query.get('language'), ...(navigator.languages ?? [])));
draw(true);
if (!state.embedded) opened(true);
