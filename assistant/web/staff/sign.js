/* Signing in and setting a password: JSON to the account routes, so that a refusal is shown beside the form. */

// The token of a one-time link stays in the fragment: it never reaches a log, and leaves the address bar at once.
const token = decodeURIComponent(location.hash.slice(1));
if (token) history.replaceState(null, '', location.pathname + location.search);

const byLink = document.getElementById('by-link');
if (byLink) {
  const form = token ? byLink : document.getElementById('by-password');
  form.hidden = false;
}
const form = document.querySelector('form[data-sign]:not([hidden])');
const problem = form.querySelector('[role=alert]');
if (form.dataset.noToken && !token) problem.textContent = form.dataset.noToken;
form.querySelector('input').focus();
form.addEventListener('submit', (event) => {
  event.preventDefault();
  send();
});

async function send() {
  const button = form.querySelector('button');
  button.disabled = true;
  problem.textContent = form.dataset.working;
  const told = await ask();
  button.disabled = false;
  if (!told) {
    location.assign(goingTo());
    return;
  }
  problem.textContent = told;
  form.querySelector('input[type=password]').select();
}

/** '' where it worked, else what to tell. */
async function ask() {
  const fields = Object.fromEntries(new FormData(form));
  if ('token' in form.dataset) fields.token = token;
  const headers = { 'Content-Type': 'application/json', 'Accept-Language': document.documentElement.lang };
  try {
    const answer = await fetch(form.dataset.sign, { method: 'POST', headers, body: JSON.stringify(fields) });
    return answer.ok ? '' : (await answer.json()).detail;
  } catch {
    return document.body.dataset.network;
  }
}

/** Where the person wanted to go: a page of this service, or the console. */
function goingTo() {
  const wanted = new URL(new URLSearchParams(location.search).get('next') || '/staff', location.origin);
  return wanted.origin === location.origin ? wanted.pathname + wanted.search : '/staff';
}
