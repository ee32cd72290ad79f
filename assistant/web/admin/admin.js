/* What the console's pages do beyond forms and htmx: live progress of a build. */
const menu = document.querySelector('#menu');
const isNarrow = matchMedia('(max-width: 760px)');
if (menu) foldMenu();
const progress = document.querySelector('[data-events]');
if (progress) followWork(progress);

/** On a narrow screen the menu would push the page itself out of sight. */
function foldMenu() {
  menu.open = !isNarrow.matches;
  isNarrow.addEventListener('change', () => { menu.open = !isNarrow.matches; });
}

function followWork(place) {
  const source = new EventSource(place.dataset.events);
  source.addEventListener('progress', (event) => show(JSON.parse(event.data)));
  source.addEventListener('end', (event) => {
    source.close();
    const { release, ok, kind } = JSON.parse(event.data);
    // A candidate's own page is where one goes next; what failed is told on this one.
    location.assign(ok && release && kind !== 'publish' ? `/admin/releases/${encodeURIComponent(release)}` : '/admin/releases');
  });
}

function show({ stage, done, total, file }) {
  const text = [...document.querySelector('#stages').content.querySelectorAll('[data-stage]')].find((one) => one.dataset.stage === stage)?.textContent ?? '';
  const told = document.querySelector('#stage');
  if (told.textContent !== text) told.textContent = text; // said once a stage, not once a file
  const bar = document.querySelector('#bar');
  if (total) {
    bar.max = total;
    bar.value = done;
  } else bar.removeAttribute('value');
  document.querySelector('#detail').textContent = total ? `${done}/${total} ${file}` : '';
}
