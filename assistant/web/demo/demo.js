/* Shows the demonstration page in one language: ?language=ko|en, or the browser's. Without this script both are shown. */
(() => {
  'use strict';
  const tags = [new URLSearchParams(location.search).get('language'), ...(navigator.languages || [])];
  const language = tags.map((tag) => String(tag).slice(0, 2)).find((tag) => tag === 'ko' || tag === 'en') || 'ko';
  document.documentElement.lang = language;
  document.documentElement.classList.add(`only-${language}`);
  document.title = document.title.split(' · ')[language === 'ko' ? 0 : 1];
})();
