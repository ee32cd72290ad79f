/* The HTTP side: /api/v1 as the public contract has it. Knows nothing of the screen. */

export const BASE = '/api/v1';
const PATIENCE_MS = 60_000;

/** What went wrong: an HTTP status with the server's words, or status 0 when nothing came back. */
export class Problem extends Error {
  constructor(status, { title = '', detail = '', request_id: requestId = '' } = {}) {
    super(detail || title || `HTTP ${status}`);
    this.status = status;
    this.words = detail || title;
    this.requestId = requestId;
  }

  get gone() { return this.status === 404; }

  get worthRetrying() { return this.status === 0 || this.status >= 500 || [408, 409, 425, 429].includes(this.status); }
}

async function call(method, path, { token, body } = {}) {
  const headers = { Accept: 'application/json' };
  if (token) headers.Authorization = `Bearer ${token}`;
  if (body) headers['Content-Type'] = 'application/json';
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), PATIENCE_MS);
  try {
    const answer = await fetch(BASE + path, {
      method, headers, body: body && JSON.stringify(body), signal: patience.signal, cache: 'no-store', credentials: 'omit',
    });
    if (!answer.ok) throw await problemOf(answer);
    return answer.status === 204 ? null : await answer.json();
  } catch (error) {
    throw error instanceof Problem ? error : new Problem(0);
  } finally {
    clearTimeout(timer);
  }
}

async function problemOf(answer) {
  const told = await answer.json().catch(() => null);
  const text = (value) => (typeof value === 'string' ? value : '');
  return new Problem(answer.status, {
    title: text(told?.title), detail: text(told?.detail),
    request_id: text(told?.request_id) || answer.headers.get('X-Request-ID') || '',
  });
}

export const room = (conversation) => `/conversations/${encodeURIComponent(conversation.id)}`;

export const openConversation = (language, site) => call('POST', '/conversations', { body: site ? { language, site } : { language } });

export const sendMessage = (conversation, text, clientMessageId) => call('POST', `${room(conversation)}/messages`,
  { token: conversation.token, body: { text, client_message_id: clientMessageId } });

export const readMessages = (conversation, after = 0) => call('GET', `${room(conversation)}/messages?after=${after}`, { token: conversation.token });

export const giveFeedback = (conversation, opinion) => call('POST', `${room(conversation)}/feedback`, { token: conversation.token, body: opinion });

export const requestHandover = (conversation, wish) => call('POST', `${room(conversation)}/handover`, { token: conversation.token, body: wish });

export const leaveHandover = (conversation) => call('DELETE', `${room(conversation)}/handover`, { token: conversation.token });

export const eraseConversation = (conversation) => call('DELETE', room(conversation), { token: conversation.token });

export const readPassage = (release, id) => call('GET', `/passages/${encodeURIComponent(release)}/${encodeURIComponent(id)}`);
