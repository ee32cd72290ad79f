/* The widget's screen as templates of the state. Text reaches the page only through lit-html's text and attribute parts. */
import { html, nothing } from '../vendor/lit-html.js';
import { callbackForm, handoverBanner } from './callback.js';
import { card } from './cards.js';
import { clock, dated, outside, richText, webAddress } from './text.js';

export const LIMIT = 1000;
const NEAR_LIMIT = 900;

export function screen(state, act) {
  const { words } = state;
  return html`
    ${header(state, act)}
    <div id="scroll" role="group" tabindex="0" aria-label=${words.log} aria-busy=${state.starting}>
      <div id="content">
        <div id="log" role="log" aria-live=${state.quiet ? 'off' : 'polite'} aria-relevant="additions" aria-label=${words.log}>
          ${messages(state, act)}
        </div>
        ${starters(state, act)}
        ${callbackForm(state, act)}
        <p id="typing" role="status" class=${waiting(state) ? 'typing' : 'typing idle'}>${waiting(state)}</p>
        ${state.trouble ? trouble(state) : nothing}
      </div>
    </div>
    <footer>
      <p id="offline" role="status" class=${state.offline ? 'banner' : 'banner idle'}>${state.offline ? words.offline : ''}</p>
      ${composer(state, act)}
      <p class="caution">${words.caution}</p>
    </footer>`;
}

function header(state, act) {
  const { words, embedded, confirming } = state;
  return html`
    <header>
      <div class="title">
        <div>
          <h1>${words.name}</h1>
          <p id="ai-label">${words.aiLabel}</p>
        </div>
        ${embedded ? html`<button type="button" id="close" class="icon" aria-label=${words.close} @click=${act.close}>
          <svg viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d="M5 5l14 14M19 5L5 19"></path></svg></button>` : nothing}
      </div>
      <div class="tools" role="group" aria-label=${words.tools}>
        <button type="button" id="person" @click=${act.person}>${words.person}</button>
        <button type="button" id="language" lang=${words.otherLanguage === 'English' ? 'en' : 'ko'} @click=${act.switchLanguage}>${words.otherLanguage}</button>
        <button type="button" id="erase" aria-expanded=${confirming} aria-controls="confirm" @click=${act.askErase}>${words.erase}</button>
      </div>
      <div id="confirm" role="group" aria-labelledby="confirm-question" ?hidden=${!confirming}>
        <p id="confirm-question">${words.eraseQuestion}</p>
        <button type="button" id="erase-yes" class="danger" @click=${act.erase}>${words.eraseYes}</button>
        <button type="button" id="erase-no" @click=${act.keep}>${words.eraseNo}</button>
      </div>
      ${handoverBanner(state, act)}
    </header>`;
}

function waiting({ words, starting, busy, slow, staffTyping }) {
  if (starting) return words.starting;
  if (busy) return slow ? words.typingLong : words.typing;
  return staffTyping ? words.typingStaff : '';
}

function messages(state, act) {
  const { timeline } = state;
  const newest = new Set(timeline.newestTurn);
  const ratable = timeline.ratable;
  return html`<ol class="messages">${timeline.items.map((item, index) => {
    const follows = timeline.items[index - 1]?.sender === item.sender;
    if (item.sender === 'user') return ownMessage(item, state, act, { follows });
    return received(item, state, act, { follows, pressable: newest.has(item), ratable: ratable.has(item.key) });
  })}</ol>`;
}

function meta(item, { words, language }, follows) {
  return html`<p class=${follows ? 'meta unseen' : 'meta'} lang=${language}><span class="sender">${words.senders[item.sender] ?? item.sender}</span>
    ${item.message?.created_at ? clock(item.message.created_at, language) : nothing}</p>`;
}

function ownMessage(item, state, act, { follows }) {
  const { words, language, timeline } = state;
  return html`
    <li class="message user" data-sender="user" data-state=${item.state} lang=${item.message?.language ?? language}>
      ${meta(item, state, follows)}
      <div class="bubble"><p class="text">${timeline.ownText(item, words)}</p></div>
      ${item.state === 'failed' ? failure(item, state, act) : nothing}
    </li>`;
}

function failure(item, { words, language }, act) {
  const { problem } = item;
  return html`
    <div class="problem" lang=${language}>
      <p><strong>${words.failed}</strong> ${problem.words || words.network}
        ${problem.requestId ? html`<span class="request">${words.requestId(problem.requestId)}</span>` : nothing}</p>
      ${problem.worthRetrying
        ? html`<button type="button" class="retry" @click=${() => act.retry(item)}>${words.retry}</button>`
        : html`<button type="button" class="edit" @click=${() => act.edit(item)}>${words.edit}</button>`}
    </div>`;
}

function trouble({ words, trouble: { problem, again } }) {
  return html`
    <div id="trouble" class="problem" role="alert">
      <p>${problem.words || words.network} ${problem.requestId ? html`<span class="request">${words.requestId(problem.requestId)}</span>` : nothing}</p>
      <button type="button" class="retry" @click=${again}>${words.tryAgain}</button>
    </div>`;
}

function received(item, state, act, { follows, pressable, ratable }) {
  const { words, language } = state;
  const { message } = item;
  if (!message) return html`<li class="message notice" data-sender="notice" lang=${language}><div class="bubble"><p class="text">${words[item.word]}</p></div></li>`;
  const sources = message.sources ?? [];
  const sourceLink = (n) => {
    if (!sources.some((source) => source.n === n)) return null;
    const target = sourceId(item, n);
    return html`<a class="mark" href=${`#${target}`} aria-label=${words.sourceMark(n)} @click=${(event) => act.showSource(event, target)}>[${n}]</a>`;
  };
  return html`
    <li class=${`message ${item.sender}`} data-sender=${item.sender} data-message=${message.id} lang=${message.language ?? language}>
      ${meta(item, state, follows)}
      <div class="bubble">
        ${message.text ? html`<p class="text">${richText(message.text, { sourceLink, words })}</p>` : nothing}
        ${message.card ? card(message.card, words) : nothing}
        ${sources.length ? sourceList(item, sources, state) : nothing}
      </div>
      ${pressable && message.buttons?.length ? replies(message.buttons, state, act) : nothing}
      ${ratable ? rating(message, state, act) : nothing}
    </li>`;
}

const sourceId = (item, n) => `source-${item.key}-${n}`;

function sourceList(item, sources, { words, language }) {
  return html`
    <div class="sources" role="group" aria-label=${words.sources(sources.length)}>
      <p class="sources-title" lang=${language}>${words.sources(sources.length)}</p>
      <ol>${sources.map((source) => html`
        <li>
          <details class="source" id=${sourceId(item, source.n)} data-source=${source.n}>
            <summary><span class="number">[${source.n}]</span> <span>${source.title}${source.section ? html` <span class="section">${source.section}</span>` : nothing}</span></summary>
            <div class="source-body">
              ${source.quote ? html`<blockquote>${source.quote}</blockquote>` : nothing}
              <p class="facts" lang=${language}>${dated([[words.publisher, source.publisher], [words.published, source.published_on], [words.asOf, source.as_of]])}</p>
              <p class="links" lang=${language}>
                ${source.release && source.passage_id ? html`<a class="passage" href=${passageAddress(source, language)} target="_blank" rel="noopener">${words.passage}<span class="unseen"> (${words.newTab})</span></a>` : nothing}
                ${webAddress(source.url) ? outside(source.url, words.original, words) : nothing}
              </p>
            </div>
          </details>
        </li>`)}</ol>
    </div>`;
}

function passageAddress({ release, passage_id: id }, language) {
  return `/passage?${new URLSearchParams({ release, id, language })}`;
}

function replies(buttons, { words, busy, language }, act) {
  return html`
    <div class="replies" role="group" aria-label=${words.replies}>
      ${buttons.map((button) => html`<button type="button" class="reply" data-payload=${button.payload} aria-disabled=${busy} @click=${() => act.press(button)}>${button.title}</button>`)}
    </div>`;
}

function rating(message, { words, opinions, language }, act) {
  const opinion = opinions.get(message.id) ?? {};
  const choice = (helpful, name, label) => html`<button type="button" class=${name} aria-pressed=${opinion.helpful === helpful} @click=${() => act.rate(message, helpful)}>${label}</button>`;
  return html`
    <div class="rating" role="group" aria-label=${words.feedback} lang=${language}>
      ${choice(true, 'helpful', words.helpful)}${choice(false, 'not-helpful', words.notHelpful)}
      ${opinion.helpful === false && !opinion.reason && opinion.state !== 'failed' ? html`
        <div class="reasons" role="group" aria-label=${words.why}><p>${words.why}</p>
          ${Object.entries(words.reasons).map(([reason, label]) => html`<button type="button" data-reason=${reason} @click=${() => act.rate(message, false, reason)}>${label}</button>`)}
        </div>` : nothing}
      ${opinion.state === 'sent' && (opinion.helpful || opinion.reason) ? html`<p class="thanks">${words.thanks}</p>` : nothing}
      ${opinion.state === 'failed' ? html`<p class="thanks">${words.feedbackFailed}</p>` : nothing}
    </div>`;
}

function starters({ words, timeline, starting, trouble, busy, language }, act) {
  if (timeline.asked || starting || trouble) return nothing;
  return html`
    <section id="starters" aria-labelledby="starters-title" lang=${language}>
      <h2 id="starters-title">${words.starters}</h2>
      ${words.starterQuestions.map((question) => html`<button type="button" class="starter" aria-disabled=${busy} @click=${() => act.press({ payload: question })}>${question}</button>`)}
    </section>`;
}

function composer({ words, used, busy }, act) {
  const over = used - LIMIT;
  return html`
    <form id="composer" aria-label=${words.input} @submit=${act.submit}>
      <label for="input" class="unseen">${words.input}</label>
      <textarea id="input" rows="1" autocomplete="off" enterkeyhint="send" placeholder=${words.placeholder} aria-describedby="count keys"
        aria-invalid=${over > 0} @input=${act.typed} @keydown=${act.key}></textarea>
      <button type="submit" id="send" aria-disabled=${busy || used === 0 || over > 0}>${words.send}</button>
      <p id="count" class=${over > 0 ? 'over' : ''}>${used >= NEAR_LIMIT ? words.count(used, LIMIT) : ''}${over > 0 ? ` · ${words.tooLong(over)}` : ''}</p>
      <p id="keys" class="unseen">${words.keys}</p>
    </form>`;
}
