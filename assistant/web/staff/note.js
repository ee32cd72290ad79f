/* The note of a call: a line for everything that was opened. What is typed into it stays in the page and is not stored. */
import { byId } from './common.js';

const KEPT = 'staff-note';
const area = byId('note');
const head = JSON.parse(byId('console').dataset.texts)['note.head'].replace('{when}', byId('console').dataset.now);
let lines = read();

function read() {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT) ?? '[]');
  } catch {
    return [];
  }
}

function keep() {
  try {
    sessionStorage.setItem(KEPT, JSON.stringify(lines)); // lines of the documents only, nothing of the caller
  } catch { /* storage is not allowed: the note lives as long as the page */ }
}

/** Write a line, once. */
export function noteDown(line) {
  if (!line || lines.includes(line)) return;
  lines.push(line);
  keep();
  area.value = `${area.value.trimEnd() || head}\n${line}`;
}

export function emptyNote() {
  lines = [];
  keep();
  area.value = '';
}

export const noteText = () => area.value;

if (lines.length) area.value = [head, ...lines].join('\n');
