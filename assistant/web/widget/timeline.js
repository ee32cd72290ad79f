/* What the visitor sees, in order: messages of the server, own messages on their way, and lines the widget adds itself. */

export class Timeline {
  items = [];
  lastSeq = 0;
  #titles = new Map();
  #count = 0;

  /** Takes messages from any answer or event, in any order and more than once; returns the items that are new. */
  merge(messages) {
    const fresh = [];
    for (const message of messages ?? []) {
      if (!message || typeof message.id === 'undefined') continue;
      for (const { payload, title } of message.buttons ?? []) this.#titles.set(payload, title);
      this.lastSeq = Math.max(this.lastSeq, message.seq ?? 0);
      const known = this.items.find((item) => item.message?.id === message.id) ?? this.#ownCopy(message);
      if (known) {
        known.message = message;
        known.state = 'sent';
      } else {
        fresh.push(this.#insert({ key: `m${message.id}`, sender: message.sender, message, state: 'sent' }));
      }
    }
    return fresh;
  }

  /** A message of the visitor before the server has it. The same clientId is used however often it is sent. */
  addOwn(text, title) {
    if (title) this.#titles.set(text, title);
    const item = { key: `o${this.#count += 1}`, sender: 'user', message: null, text, title, clientId: newId(), state: 'sending', problem: null };
    this.items.push(item);
    return item;
  }

  /** A line of the widget's own, named by its key in the word table so that it follows the language switch. */
  addNote(word) {
    this.items.push({ key: `n${this.#count += 1}`, sender: 'notice', message: null, word, state: 'sent' });
  }

  remove(item) {
    this.items = this.items.filter((other) => other !== item);
  }

  moveToEnd(item) {
    this.remove(item);
    this.items.push(item);
  }

  /** Empties the line but for one message that still has to be sent. */
  clear(unsent) {
    this.items = unsent ? [unsent] : [];
    this.lastSeq = 0;
  }

  /** What the visitor has not got through yet stands below the opening notices. */
  unsentToEnd() {
    this.items.filter((item) => item.sender === 'user' && !item.message).forEach((item) => this.moveToEnd(item));
  }

  /** Has anything been asked yet? Changing the language is not asking. */
  get asked() {
    return this.items.some((item) => item.sender === 'user' && !isSwitch(item));
  }

  /** What came after the visitor's last message: only its buttons can still be pressed. */
  get newestTurn() {
    const last = this.items.findLastIndex((item) => item.sender === 'user');
    return this.items.slice(last + 1);
  }

  /** The last AI message of each turn after a question: the one that can be rated. */
  get ratable() {
    const keys = new Set();
    let asked = false;
    let candidate = null;
    for (const item of [...this.items, { sender: 'user' }]) {
      if (item.sender === 'user') {
        if (asked && candidate) keys.add(candidate);
        candidate = null;
        asked = !isSwitch(item);
      } else if (item.sender === 'assistant') candidate = item.key;
    }
    return keys;
  }

  /** A button's payload is shown by its title, also when the history comes back from the server. */
  ownText(item, words) {
    const text = item.message?.text ?? item.text;
    const payload = item.text ?? text;
    if (words.payloads[payload]) return words.payloads[payload];
    if (item.title) return item.title;
    return this.#titles.get(text) ?? (/^\/[a-z][\w-]*(\{.*\})?$/s.test(text) ? words.chosen : text);
  }

  #ownCopy(message) {
    if (message.sender !== 'user') return undefined;
    const own = this.items.filter((item) => item.sender === 'user' && !item.message);
    return own.find((item) => item.text === message.text || item.title === message.text)
      ?? own.find((item) => item.state === 'sending'); // the server may have masked personal data in it
  }

  #insert(item) {
    let at = this.items.length;
    const later = (other) => other.message && other.message.seq > item.message.seq;
    while (at > 0 && later(this.items[at - 1])) at -= 1;
    this.items.splice(at, 0, item);
    return item;
  }
}

const isSwitch = (item) => (item.text ?? item.message?.text ?? '').startsWith('/switch_language');

function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16)); // randomUUID is missing on plain-http hosts
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
