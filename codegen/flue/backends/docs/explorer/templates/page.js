// SPDX-License-Identifier: BSD-2-Clause
// What the page does beyond links: search, folding, keys, and closed parts that open for what is in them.
'use strict';
(() => {
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const input = document.getElementById('search');
  const hits = document.getElementById('hits');
  const MOST = 12;

  // Leads to an element: whatever is closed around it opens.
  function reveal(id) {
    const element = document.getElementById(id);
    if (!element) return;
    for (let e = element; e; e = e.parentElement) if (e.tagName === 'DETAILS') e.open = true;
    element.focus({preventScroll: true});
    element.scrollIntoView({block: element.dataset.line ? 'center' : 'start'});
  }

  const named = () => decodeURIComponent(location.hash.slice(1));
  addEventListener('hashchange', () => reveal(named()));

  document.addEventListener('click', (event) => {
    const link = event.target.closest('a');
    const to = link && (link.getAttribute('href') || link.getAttribute('xlink:href') || '');
    if (to && decodeURIComponent(to.slice(1)) === named()) reveal(named());  // no hash changes
  });

  // Search: all words must occur, in the name best, else in what is said of it.
  const things = all('[data-find]').map((element) => ({
    id: element.id,
    name: element.dataset.find,
    sort: element.dataset.sort,
    also: element.dataset.also || '',
    text: () => (element.tagName === 'DT' ? element.nextElementSibling : element).textContent,
  }));

  function rank(thing, words) {
    const name = `${thing.name} ${thing.also}`.toLowerCase();
    const around = `${name} ${thing.sort}`.toLowerCase();
    if (words.length === 1 && thing.name.toLowerCase() === words[0]) return 0;
    if (words.every((w) => name.includes(w))) return name.startsWith(words[0]) ? 1 : 2;
    if (words.every((w) => around.includes(w))) return 3;
    return words.every((w) => `${around} ${thing.text().slice(0, 400).toLowerCase()}`.includes(w)) ? 4 : -1;
  }

  function search() {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    const ranked = words.length ? things.map((t) => [rank(t, words), t]).filter(([r]) => r >= 0) : [];
    ranked.sort(([r, t], [s, u]) => r - s || t.name.length - u.name.length);
    hits.replaceChildren(...ranked.slice(0, MOST).map(([, thing], i) => option(thing, i)));
    if (words.length && !ranked.length) hits.append(Object.assign(document.createElement('li'), {textContent: 'nothing found'}));
    if (ranked.length > MOST) hits.append(Object.assign(document.createElement('li'), {textContent: `and ${ranked.length - MOST} more`}));
    choose(0);
    show(words.length > 0);
  }

  function option(thing, i) {
    const item = document.createElement('li');
    const sort = document.createElement('small');
    sort.textContent = thing.sort;
    item.append(thing.name, ' ', sort);
    Object.assign(item, {id: `hit.${i}`, role: 'option'});
    item.dataset.to = thing.id;
    item.addEventListener('mousedown', (event) => { event.preventDefault(); go(item); });
    return item;
  }

  const options = () => all('[role=option]', hits);
  const chosen = () => options().findIndex((o) => o.getAttribute('aria-selected') === 'true');

  function choose(i) {
    options().forEach((o, at) => o.setAttribute('aria-selected', String(at === i)));
    input.setAttribute('aria-activedescendant', options()[i] ? options()[i].id : '');
    if (options()[i]) options()[i].scrollIntoView({block: 'nearest'});
  }

  function show(open) {
    hits.hidden = !open;
    input.setAttribute('aria-expanded', String(open));
  }

  function go(item) {
    show(false);
    input.value = '';
    input.blur();
    if (named() === item.dataset.to) reveal(item.dataset.to);
    else location.hash = item.dataset.to;
  }

  input.addEventListener('input', search);
  input.addEventListener('blur', () => show(false));
  input.addEventListener('keydown', (event) => {
    const step = {ArrowDown: 1, ArrowUp: -1}[event.key];
    const count = options().length;
    if (step && count) choose((chosen() + step + count) % count);
    else if (event.key === 'Enter' && count) go(options()[chosen()]);
    else if (event.key === 'Escape') { input.value = ''; show(false); input.blur(); }
    else return;
    event.preventDefault();
  });

  // Busy states, folded or not.
  function fold(section, folded) {
    all('.folded', section).forEach((e) => { e.hidden = !folded; });
    all('.whole', section).forEach((e) => { e.hidden = folded; });
    all('button.fold', section).forEach((b) => {
      b.setAttribute('aria-pressed', String(folded));
      b.textContent = folded ? 'busy states folded' : 'busy states shown';
    });
    begin(section.querySelector('.machine'));
  }

  // Of a machine that is wider than the window its start is seen.
  function begin(machine) {
    const start = all('svg .node', machine).find((e) => e.getClientRects().length);
    if (!start) return;
    const at = start.getBoundingClientRect();
    const window = machine.getBoundingClientRect();
    machine.scrollLeft += at.left + at.width / 2 - window.left - window.width / 2;
  }

  // The mouse drags it where there is nothing to click.
  all('.machine').forEach((machine) => {
    let from = null;
    begin(machine);
    machine.addEventListener('mousedown', (event) => {
      if (event.button || event.target.closest('a') || !event.target.closest('svg')) return;
      from = {x: event.clientX + machine.scrollLeft, y: event.clientY + machine.scrollTop};
      machine.focus({preventScroll: true});
      event.preventDefault();
    });
    addEventListener('mouseup', () => { from = null; });
    addEventListener('mousemove', (event) => {
      if (from) machine.scrollTo({left: from.x - event.clientX, top: from.y - event.clientY, behavior: 'instant'});
    });
  });

  const pressed = (button) => button.getAttribute('aria-pressed') === 'true';
  all('button.fold').forEach((b) => b.addEventListener('click', () => fold(b.closest('section'), !pressed(b))));
  all('button.fit').forEach((b) => b.addEventListener('click', () => {
    b.setAttribute('aria-pressed', String(!pressed(b)));
    b.closest('section').querySelector('.machine').classList.toggle('fitted', pressed(b));
  }));

  document.addEventListener('keydown', (event) => {
    if (event.target === input || event.ctrlKey || event.altKey || event.metaKey) return;
    const first = document.querySelector('button.fold');
    if (event.key === '/') { input.focus(); event.preventDefault(); }
    else if (event.key === 'f' && first) { const to = !pressed(first); all('section.object').forEach((s) => fold(s, to)); }
  });

  let closed = [];  // that only printing opened
  addEventListener('beforeprint', () => {
    closed = all('details:not([open])');
    closed.forEach((d) => { d.open = true; });
  });
  addEventListener('afterprint', () => closed.forEach((d) => { d.open = false; }));
  if (location.hash) reveal(named());
})();
