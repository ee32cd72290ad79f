/* Cards: land, incentives, comparison, eligibility, contact. Rows are typed by the server; plain dicts are shown key by key. */
import { html, nothing } from '../vendor/lit-html.js';
import { dated, mailLink, outside, phoneLink, richText, webAddress } from './text.js';

const HEADINGS = ['title', 'name', 'label'];
const FRAME = new Set(['id', 'kind', 'type', 'fields', 'source', 'as_of', 'status', 'note', 'url', 'phone', 'email', 'demo', 'language',
  'source_url', 'source_title', 'publisher', 'release', 'passage_id', 'document_id', 'n']);

export function card(data, words) {
  const rows = (Array.isArray(data.rows) ? data.rows : []).map(readRow);
  if (!rows.length && !data.title) return nothing;
  const tabular = data.type === 'comparison' && rows.length > 1 && rows.every((row) => row.title && row.fields.length);
  return html`
    <div class="card" role="group" data-card=${data.type ?? 'card'} aria-label=${data.title || words.item}>
      ${data.title ? html`<h2>${data.title}</h2>` : nothing}
      ${data.demo ? demoTag(words) : nothing}
      ${data.ticket ? html`<p class="ticket">${words.keysOf.ticket} <strong>${data.ticket}</strong></p>` : nothing}
      ${tabular ? comparison(data, rows, words) : html`<ul class="rows">${rows.map((row) => html`<li class="row">${rowBody(row, words)}</li>`)}</ul>`}
      ${data.note ? html`<p class="note">${richText(data.note, { words })}</p>` : nothing}
    </div>`;
}

function readRow(raw) {
  if (raw === null || typeof raw !== 'object') return { raw: {}, title: String(raw ?? ''), fields: [] };
  const heading = HEADINGS.find((key) => typeof raw[key] === 'string' && raw[key] && !(key === 'label' && 'value' in raw));
  let fields = [];
  if (Array.isArray(raw.fields)) fields = raw.fields.filter(Boolean).map((field) => ({ label: field.label ?? field.key ?? '', value: 'value' in field ? field.value : field.text, parts: field.parts }));
  else if ('label' in raw && 'value' in raw) fields = [{ label: raw.label, value: raw.value }];
  else fields = Object.entries(raw).filter(([key]) => key !== heading && !FRAME.has(key)).map(([key, value]) => ({ key, value }));
  return { raw, title: heading ? raw[heading] : '', fields: fields.filter(({ value }) => value !== undefined && value !== '') };
}

function rowBody(row, words) {
  const { raw } = row;
  return html`
    ${row.title || raw.status || raw.demo ? html`<div class="row-head">
      ${row.title ? html`<h3 class="row-title">${row.title}</h3>` : nothing}${statusTag(raw.status, words)}${raw.demo ? demoTag(words) : nothing}</div>` : nothing}
    ${row.fields.length ? html`<dl>${row.fields.map((field) => html`<div><dt>${fieldLabel(field, words)}</dt><dd>${shown(field.value, words)}</dd></div>`)}</dl>` : nothing}
    ${contacts(raw, words)}
    ${raw.note ? html`<p class="note">${richText(raw.note, { words })}</p>` : nothing}
    ${provenance(raw, words)}`;
}

function comparison(data, rows, words) {
  const label = (field) => fieldLabel(field, words);
  const labels = [...new Set(rows.flatMap((row) => row.fields.map(label)))];
  const cell = (row, name) => {
    const field = row.fields.find((each) => label(each) === name);
    if (!field) return words.noValue;
    return Array.isArray(field.parts) && field.parts.length ? field.parts.map((part) => statement(part, words)) : shown(field.value, words);
  };
  const apart = rows.every((row) => row.fields.every((field) => field.parts)); // each value bears its own source
  return html`
    <div class="table" role="group" tabindex="0" aria-label=${data.title || words.item}>
      <table>
        <thead><tr><th scope="col">${words.item}</th>${rows.map((row) => html`<th scope="col">${row.title} ${statusTag(row.raw.status, words)}${row.raw.demo ? demoTag(words) : nothing}</th>`)}</tr></thead>
        <tbody>
          ${labels.map((name) => html`<tr><th scope="row">${name}</th>${rows.map((row) => html`<td>${cell(row, name)}</td>`)}</tr>`)}
          ${rows.some(({ raw }) => raw.note || raw.phone || raw.email || raw.url) ? html`<tr><th scope="row">${words.note}</th>${rows.map(({ raw }) => html`<td>${raw.note ?? nothing}${contacts(raw, words)}</td>`)}</tr>` : nothing}
          ${apart ? nothing : html`<tr><th scope="row">${words.source}</th>${rows.map(({ raw }) => html`<td>${provenance(raw, words)}</td>`)}</tr>`}
        </tbody>
      </table>
    </div>
    ${downloads(data.downloads, words)}`;
}

/** One value of a cell with its date, age and source. */
function statement({ value, dated: when, source, url }, words) {
  const from = source ? outside(url, source, words) : '';
  return html`
    <p>${shown(value, words)}</p>
    ${when || source ? html`<p class="provenance">${when || nothing}${when && source ? ' · ' : nothing}${from}</p>` : nothing}`;
}

/** Links to the table as a file and as a page to print; only to this site. */
function downloads(links, words) {
  const here = [[links?.csv, words.tableFile], [links?.print, words.printPage]].filter(([path]) => /^\/(?![\/\\])/.test(path ?? ''));
  return here.length ? html`<p class="contacts">${here.map(([path, label]) => html`
    <a href=${path} target="_blank" rel="noopener">${label}<span class="unseen"> (${words.newTab})</span></a>`)}</p>` : nothing;
}

function contacts(raw, words) {
  const parts = [
    raw.phone ? html`<span>${words.phone} ${phoneLink(raw.phone)}</span>` : null,
    raw.email ? html`<span>${words.email} ${mailLink(String(raw.email))}</span>` : null,
    webAddress(raw.url) ? outside(raw.url, words.link, words) : null,
  ].filter(Boolean);
  return parts.length ? html`<p class="contacts">${parts}</p>` : nothing;
}

function provenance(raw, words) {
  const told = raw.source;
  const name = typeof told === 'object' && told ? told.title ?? told.name ?? told.publisher : told ?? raw.source_title ?? raw.publisher;
  const address = webAddress((typeof told === 'object' && told?.url) || raw.source_url);
  const label = webAddress(name) ? outside(name, name, words) : name;
  return html`<p class="provenance">${dated([
    [words.source, name && address ? outside(address, name, words) : label],
    [words.asOf, raw.as_of ?? told?.as_of],
  ])}</p>`;
}

function statusTag(status, words) {
  return status ? html`<span class="tag" data-status=${status}>${words.statuses[status] ?? status}</span>` : nothing;
}

function demoTag(words) {
  return html`<span class="tag" data-status="demo">${words.demo}</span>`;
}

function fieldLabel({ label, key }, words) {
  if (label) return label;
  const plain = String(key ?? '').replaceAll('_', ' ');
  return words.keysOf[key] ?? plain.charAt(0).toUpperCase() + plain.slice(1);
}

function shown(value, words) {
  if (value === null || value === undefined || value === '') return words.noValue;
  if (value === true) return words.yes;
  if (value === false) return words.no;
  if (typeof value === 'number') return Math.abs(value) >= 10_000 ? value.toLocaleString() : String(value);
  if (Array.isArray(value)) return value.map((each, index) => html`${index ? ', ' : nothing}${shown(each, words)}`);
  if (typeof value === 'object') return Object.entries(value).map(([key, each], index) => html`${index ? ', ' : nothing}${fieldLabel({ key }, words)} ${shown(each, words)}`);
  return richText(value, { words });
}
