/* Talking to a person: the state of a hand-over in the header, and the form for a call back. */
import { html, nothing } from '../vendor/lit-html.js';

const PHONE = /^(?:0\d{8,11}|1\d{7}|\+\d{8,15})$/; // as the server reads it, without what stands between digits
const FIELDS = ['name', 'phone', 'consent'];

export const closedForm = () => ({ open: false, busy: false, errors: [], problem: null });

/** What the header says while a hand-over is open or taken, with the way back to the assistant. */
export function handoverBanner({ words, handover }, act) {
  const taken = handover?.state === 'taken';
  const live = taken || handover?.state === 'open';
  return html`
    <div id="handover" class=${live ? 'banner' : 'banner idle'}>
      <p id="staff-here" role="status">${live ? (taken ? words.staffJoined : words.staffAwaited)(handover.ticket) : ''}</p>
      ${live ? html`<button type="button" id="leave" @click=${act.leave}>${taken ? words.backToAi : words.withdraw}</button>` : nothing}
    </div>`;
}

/** The form stands below the newest answer that offers it, and stays while it is being filled in. */
export function callbackForm(state, act) {
  const { words, form, timeline, handover, language } = state;
  const offer = timeline.newestTurn.map((item) => item.message?.card).findLast((card) => card?.callback);
  if (!form.open && (!offer || handover?.callback)) return nothing;
  const days = offer?.callback_days ?? form.days;
  return html`
    <section id="callback" aria-labelledby="callback-title" lang=${language}>
      <h2 id="callback-title">${words.callback}</h2>
      ${form.open ? fields(form, days, words, act) : html`<button type="button" id="callback-open" @click=${() => act.openForm(days)}>${words.callbackOpen}</button>`}
    </section>`;
}

function fields(form, days, words, act) {
  return html`
    <form id="callback-form" novalidate aria-labelledby="callback-title" @submit=${act.sendForm}>
      ${line('name', 'text', 'name', 60, form, words, true)}
      ${line('phone', 'tel', 'tel', 40, form, words, true)}
      ${line('time', 'text', 'off', 100, form, words, false)}
      <p class="stored" id="callback-stored">${words.callbackStored(days)}</p>
      <div class="field">
        <label class="tick" for="callback-consent"><input type="checkbox" id="callback-consent" aria-required="true" aria-invalid=${form.errors.includes('consent')}
          aria-describedby="callback-stored callback-consent-error"> <span>${words.callbackFields.consent}</span></label>
        ${fieldError('consent', form, words)}
      </div>
      ${form.problem ? html`<p id="callback-problem" class="problem" role="alert"><strong>${words.failed}</strong> ${form.problem.words || words.network}</p>` : nothing}
      <div class="replies">
        <button type="submit" id="callback-send" aria-disabled=${form.busy}>${words.callbackSend}</button>
        <button type="button" id="callback-cancel" @click=${act.closeForm}>${words.eraseNo}</button>
      </div>
    </form>`;
}

function line(name, type, autocomplete, longest, form, words, required) {
  const id = `callback-${name}`;
  return html`
    <div class="field">
      <label for=${id}>${words.callbackFields[name]}</label>
      <input id=${id} type=${type} name=${name} autocomplete=${autocomplete} maxlength=${longest} aria-required=${required}
        aria-invalid=${form.errors.includes(name)} aria-describedby=${`${id}-error`}>
      ${fieldError(name, form, words)}
    </div>`;
}

function fieldError(name, form, words) {
  return html`<p class="field-error" id=${`callback-${name}-error`}>${form.errors.includes(name) ? words.callbackErrors[name] : ''}</p>`;
}

/** What the visitor can do here. `take` shows a message, `focusAfterPress` leaves a button that is about to go. */
export function handoverActs({ state, api, draw, take, begin, focusAfterPress }) {
  const element = (id) => document.getElementById(id);

  function filled() {
    const [name, phone, time] = ['name', 'phone', 'time'].map((field) => element(`callback-${field}`).value.trim());
    return { name, phone, time, consent: element('callback-consent').checked };
  }

  const acts = {
    openForm(days) {
      state.form = { ...closedForm(), open: true, days };
      draw(true);
      element('callback-name').focus();
    },

    closeForm() {
      state.form = closedForm();
      draw(true);
      (element('callback-open') ?? element('input')).focus();
    },

    async sendForm(event) {
      event.preventDefault();
      const { form } = state;
      if (form.busy) return;
      const said = filled();
      const right = { name: said.name, phone: PHONE.test(said.phone.normalize('NFKC').replace(/[\s().-]/g, '')), consent: said.consent };
      form.errors = FIELDS.filter((field) => !right[field]);
      form.problem = null;
      form.busy = !form.errors.length;
      draw(true);
      if (form.errors.length) element(`callback-${form.errors[0]}`).focus();
      else await send(form, said);
    },

    async leave() {
      focusAfterPress();
      try {
        await api.leaveHandover(state.conversation);
        const { messages, handover } = await api.readMessages(state.conversation, state.timeline.lastSeq);
        take(messages, handover);
      } catch (problem) {
        state.trouble = { problem, again: () => { state.trouble = null; acts.leave(); } };
        draw();
      }
    },
  };
  return acts;

  async function send(form, said) {
    try {
      const { message, ...handover } = await api.requestHandover(await begin(), { callback: said });
      state.form = closedForm();
      take([message], handover);
      focusAfterPress();
    } catch (problem) {
      form.problem = problem;
      form.busy = false;
      draw();
    }
  }
}
