/* The server's events of one conversation, over fetch because EventSource cannot carry the bearer header. */
import { BASE, Problem, room } from './api.js';

const PAUSE_MS = [2_000, 60_000];

/** Calls `hear` with {id, event, data} for as long as the page lives, reconnecting; returns what stops it. Ends silently where there is no stream. */
export function follow(conversation, lastId, hear) {
  const stop = new AbortController();
  listen(conversation, lastId, hear, stop.signal);
  return stop;
}

async function listen(conversation, lastId, hear, signal) {
  let [pause] = PAUSE_MS;
  while (!signal.aborted) {
    try {
      for await (const event of events(conversation, lastId, signal)) {
        if (signal.aborted) return;
        [pause] = PAUSE_MS;
        lastId = event.id || lastId;
        hear(event);
      }
    } catch (problem) {
      if (problem.status >= 400 && problem.status < 500 && problem.status !== 429) return; // answers still come with each message
    }
    await new Promise((resolve) => { setTimeout(resolve, pause); });
    pause = Math.min(pause * 2, PAUSE_MS[1]);
  }
}

async function* events(conversation, lastId, signal) {
  const headers = { Accept: 'text/event-stream', Authorization: `Bearer ${conversation.token}` };
  if (lastId) headers['Last-Event-ID'] = lastId;
  const answer = await fetch(`${BASE}${room(conversation)}/events`, { headers, signal, cache: 'no-store', credentials: 'omit' });
  if (!answer.ok || !(answer.headers.get('Content-Type') ?? '').startsWith('text/event-stream')) throw new Problem(answer.ok ? 404 : answer.status);
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const blocks = (rest + value).split(/\r?\n\r?\n/);
    rest = blocks.pop();
    for (const block of blocks) {
      const event = parseEvent(block);
      if (event) yield event;
    }
  }
}

function parseEvent(block) {
  const event = { id: '', event: 'message', data: null };
  const data = [];
  for (const line of block.split(/\r?\n/)) {
    const [, field, value] = /^([^:]*)(?:: ?(.*))?$/.exec(line) ?? [];
    if (field === 'data') data.push(value ?? '');
    else if (field === 'id' || field === 'event') event[field] = value ?? '';
  }
  if (!data.length) return null;
  try {
    event.data = JSON.parse(data.join('\n'));
  } catch {
    return null;
  }
  return event;
}
