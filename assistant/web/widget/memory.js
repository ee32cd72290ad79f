/* Where the conversation's id, token and language are kept: sessionStorage, or this page only when storage is refused. */

export function openMemory(site) {
  const key = `innovation-assistant:${site}`;
  let kept = null;
  let refused = false;
  try {
    kept = JSON.parse(sessionStorage.getItem(key));
    sessionStorage.setItem(`${key}:probe`, '1');
    sessionStorage.removeItem(`${key}:probe`);
  } catch (error) {
    refused = !(error instanceof SyntaxError);
  }

  return {
    get refused() { return refused; },

    load() {
      return kept && typeof kept.id === 'string' && typeof kept.token === 'string' ? kept : null;
    },

    save(conversation) {
      kept = conversation;
      try { sessionStorage.setItem(key, JSON.stringify(conversation)); } catch { refused = true; }
    },

    clear() {
      kept = null;
      try { sessionStorage.removeItem(key); } catch { refused = true; }
    },
  };
}
