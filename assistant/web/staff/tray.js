/* Places put aside to be compared. Kept for this tab, so that a look at a conversation does not lose them. */
import { byId } from './common.js';

const KEPT = 'staff-tray';
const MOST = 5;
let places = read();

function read() {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT) ?? '[]');
  } catch {
    return []; // storage is not allowed: the tray lives as long as the page
  }
}

function keep(now) {
  places = now;
  try {
    sessionStorage.setItem(KEPT, JSON.stringify(now));
  } catch { /* as above */ }
  draw();
}

/** Add districts (pairs of id and name); returns what to say. */
export function addPlaces(found, texts) {
  if (!found.length) return texts['tray.not_a_place'];
  const fresh = found.filter(([id]) => !places.some(([known]) => known === id));
  if (places.length + fresh.length > MOST) return texts['tray.full'];
  keep([...places, ...fresh]);
  return texts['tray.added'].replace('{name}', found.map(([, name]) => name).join(', '));
}

export const emptyTray = () => keep([]);

/** Open the comparison in a new window; returns what to say where there is nothing to compare. */
export function openComparison(texts) {
  if (places.length < 2) return texts['tray.few'];
  const query = new URLSearchParams({ places: places.map(([id]) => id).join(','), language: document.documentElement.lang });
  window.open(`${byId('console').dataset.comparison}?${query}`, '_blank', 'noopener');
  return '';
}

function draw() {
  const { texts } = byId('console').dataset;
  const remove = JSON.parse(texts)['tray.remove'];
  byId('tray').replaceChildren(...places.map(([id, name]) => {
    const item = document.createElement('li');
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = '×';
    button.setAttribute('aria-label', remove.replace('{name}', name));
    button.addEventListener('click', () => keep(places.filter(([known]) => known !== id)));
    item.append(name, button);
    return item;
  }));
  byId('tray-empty').hidden = places.length > 0;
}

draw();
