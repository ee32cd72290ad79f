/* What the console's pages do beyond plain forms: live progress, and a list that refreshes while files are being read. */
const progress = document.querySelector('[data-events]');
if (progress) followWork(progress);
const waiting = document.querySelector('[data-refresh]');
if (waiting) setTimeout(() => refresh(waiting.id), Number(waiting.dataset.refresh) * 1000);

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

async function refresh(id) {
  const place = document.getElementById(id);
  if (place.contains(document.activeElement)) return void setTimeout(() => refresh(id), 2000);
  const answer = await fetch(location.pathname, { headers: { Accept: 'text/html' } });
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html').getElementById(id);
  place.replaceWith(document.adoptNode(fresh));
  if (fresh.dataset.refresh) setTimeout(() => refresh(id), Number(fresh.dataset.refresh) * 1000);
}
