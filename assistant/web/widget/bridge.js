/* The frame's end of the line to the host page. Only open, close, unread and height pass, with a number; never a word of the conversation. */

const CHANNEL = 'innovation-assistant/1';
const HEARD = ['open', 'close'];

/** `on` gets {open(takeFocus), close()}. The host's origin is the one the browser attests on its first 'open'. */
export function openBridge(on) {
  let origin = null;
  const expected = location.ancestorOrigins?.[0];

  window.addEventListener('message', (event) => {
    const { data } = event;
    if (window.parent === window || event.source !== window.parent || event.origin === 'null') return;
    if (expected && event.origin !== expected) return;
    if (origin && event.origin !== origin) return;
    if (!data || data.channel !== CHANNEL || !HEARD.includes(data.type) || !Number.isInteger(data.value)) return;
    origin = event.origin;
    on[data.type](data.value);
  });

  return {
    tell(type, value) {
      if (origin) window.parent.postMessage({ channel: CHANNEL, type, value: Math.round(value) }, origin);
    },
  };
}
