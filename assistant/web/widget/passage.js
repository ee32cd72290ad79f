/* The page a citation opens: the passage exactly as it was quoted, and where it comes from. */
import { html, nothing, render } from '../vendor/lit-html.js';
import { readPassage } from './api.js';
import { chooseLanguage, wordsOf } from './strings.js';
import { outside, webAddress } from './text.js';

const query = new URLSearchParams(location.search);
const release = query.get('release') ?? '';
const id = query.get('id') ?? '';
const language = chooseLanguage(query.get('language'), ...(navigator.languages ?? []));
const words = wordsOf(language);

function page(body) {
  return html`
    <header><h1>${words.passageTitle}</h1></header>
    <main id="passage">${body}</main>`;
}

function article(found) {
  const facts = [
    [words.document, found.title], [words.section, found.section], [words.publisher, found.publisher],
    [words.published, found.published_on], [words.asOf, found.as_of], [words.file, found.source_name], [words.release, found.release ?? release],
  ].filter(([, value]) => value);
  const address = webAddress(found.url ?? found.source_url);
  const warnings = [found.warnings ?? []].flat().map((warning) => (typeof warning === 'string' ? warning : warning?.text ?? warning?.message ?? '')).filter(Boolean);
  return html`
    <article>
      <h2 lang=${found.language ?? nothing}>${found.title ?? words.document}</h2>
      ${found.section ? html`<p class="section" lang=${found.language ?? nothing}>${found.section}</p>` : nothing}
      ${warnings.length ? html`<section class="problem" aria-label=${words.warnings}><strong>${words.warnings}</strong><ul>${warnings.map((warning) => html`<li>${warning}</li>`)}</ul></section>` : nothing}
      <blockquote id="passage-text" lang=${found.language ?? nothing} aria-label=${words.passageText}>${found.text ?? found.quote ?? ''}</blockquote>
      <p class="note">${words.passageNote}</p>
      <dl id="passage-facts">${facts.map(([label, value]) => html`<div><dt>${label}</dt><dd>${value}</dd></div>`)}
        ${address ? html`<div><dt>${words.original}</dt><dd>${outside(address, address, words)}</dd></div>` : nothing}</dl>
    </article>`;
}

/** The answer may hold the passage flat, or beside its document. */
const flat = (answer) => ({ ...answer?.document, ...answer, ...answer?.passage });

async function show() {
  const root = document.getElementById('root');
  document.documentElement.lang = language;
  document.title = words.passageTitle;
  if (!release || !id) return render(page(html`<p role="alert">${words.passageMissing}</p>`), root);
  render(page(html`<p role="status">${words.passageLoading}</p>`), root);
  try {
    const found = flat(await readPassage(release, id));
    if (typeof found.title === 'string') document.title = `${found.title} · ${words.passageTitle}`;
    return render(page(article(found)), root);
  } catch (problem) {
    return render(page(html`<p role="alert">${problem.gone ? words.passageMissing : problem.words || words.passageFailed}</p>`), root);
  }
}

show();
