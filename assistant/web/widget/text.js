/* Small helpers that turn values into what a person reads. Everything ends up as text nodes. */
import { html, nothing } from '../vendor/lit-html.js';

const LINK = /(https?:\/\/[^\s<>"'()[\]{}]+[^\s<>"'()[\]{}.,;:!?]|\[\d{1,2}(?:\s*,\s*\d{1,2})*\])/g;

/** An http(s) address, or '' for anything else. */
export function webAddress(value) {
  try {
    const url = new URL(String(value));
    return ['http:', 'https:'].includes(url.protocol) ? url.href : '';
  } catch {
    return '';
  }
}

/** Text with its addresses as links and its [1] marks as links to the sources. */
export function richText(text, { sourceLink = () => null, words }) {
  return String(text ?? '').split(LINK).map((part, index) => {
    if (index % 2 === 0) return part;
    if (part.startsWith('[')) return marks(part, sourceLink);
    return outside(part, part, words);
  });
}

function marks(part, sourceLink) {
  const links = part.slice(1, -1).split(',').map((n) => sourceLink(Number(n)));
  return links.includes(null) ? part : links;
}

/** A link that opens a new window, and says so. */
export function outside(address, label, words) {
  const href = webAddress(address);
  return href ? html`<a href=${href} target="_blank" rel="noopener noreferrer">${label}<span class="unseen"> (${words.newTab})</span></a>` : label;
}

export function phoneLink(phone) {
  const digits = String(phone).replace(/[^\d+]/g, '');
  return digits.length >= 3 ? html`<a href=${`tel:${digits}`}>${phone}</a>` : phone;
}

export function mailLink(address) {
  return /^[^\s@:]+@[^\s@:]+$/.test(address) ? html`<a href=${`mailto:${address}`}>${address}</a>` : address;
}

/** 'Published 2019-12 · As of 2023-12', leaving out what is not known. */
export function dated(parts) {
  const known = parts.filter(([, value]) => value !== null && value !== undefined && value !== '');
  return known.length ? known.map(([label, value], index) => html`${index ? ' · ' : nothing}<span class="fact">${label} ${value}</span>`) : nothing;
}

export function clock(createdAt, language) {
  const when = new Date(createdAt);
  if (Number.isNaN(when.getTime())) return nothing;
  const shown = when.toLocaleTimeString(language === 'ko' ? 'ko-KR' : 'en-GB', { hour: '2-digit', minute: '2-digit' });
  return html`<time datetime=${when.toISOString()}>${shown}</time>`;
}
