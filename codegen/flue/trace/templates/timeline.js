// SPDX-License-Identifier: BSD-2-Clause
// Draws what is visible of a timeline, and goes through its events. A place is the number of an event: its time, or its turn.
'use strict';
(() => {
  const $ = (id) => document.getElementById(id);
  const data = JSON.parse($('data').textContent);
  const count = data.said.length;
  const ROW = 22, HEAD = 26, NAMES = 190, LEAST = 1, MOST_FLOWS = 400;
  const lanes = $('lanes'), view = $('view'), pen = view.getContext('2d');
  let byTurn = false, from = 0, to = 1, chosen = -1, slice = null, waiting = false;

  const place = (i) => (byTurn ? i : data.at[i]);
  const end = () => (count ? place(count - 1) : 0);
  const width = () => Math.max(lanes.clientWidth - NAMES, 50);
  const x = (p) => NAMES + (p - from) / (to - from) * width();
  const y = (track) => HEAD + track * ROW - lanes.scrollTop;
  const color = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`);

  // By track and in their order, to find what is visible, or under the pointer, without looking at all.
  const rows = data.tracks.map(() => ({slices: [], marks: [], events: []}));
  data.slices.forEach((s) => rows[s[0]].slices.push(s));
  data.marks.forEach((m) => rows[m[0]].marks.push(m[1]));
  data.track.forEach((t, i) => rows[t].events.push(i));
  const bad = new Set(data.bad);

  // The first in a sorted list for which the question is answered by yes.
  function first(list, question) {
    let low = 0, high = list.length;
    while (low < high) { const m = (low + high) >> 1; if (question(list[m])) high = m; else low = m + 1; }
    return low;
  }

  function show(a, b) {
    const whole = Math.max(end(), byTurn ? 1 : data.at[1] || 1), least = byTurn ? 4 : whole / 1e7;
    const span = Math.min(Math.max(b - a, least), whole * 1.04);
    from = Math.min(Math.max(a, -whole * 0.02), whole * 1.02 - span);
    to = from + span;
    later();
  }
  const whole = () => show(-end() * 0.02, Math.max(end() * 1.02, LEAST));
  const zoom = (by, around) => show(around - (around - from) * by, around + (to - around) * by);
  const middle = () => (chosen >= 0 ? place(chosen) : (from + to) / 2);
  const later = () => { if (!waiting) { waiting = true; requestAnimationFrame(() => { waiting = false; draw(); }); } };

  // ---- Drawing ------------------------
  function fit(text, room) {
    if (room < 14) return '';
    const most = Math.floor(room / 6.6);
    return text.length <= most ? text : most > 3 ? `${text.slice(0, most - 1)}…` : '';
  }

  function axis(front, line) {
    const rough = (to - from) / Math.max(width() / 110, 1), power = 10 ** Math.floor(Math.log10(rough));
    const step = Math.max([1, 2, 5, 10].find((n) => n * power >= rough) * power, byTurn ? 1 : 0);
    for (let n = Math.max(Math.ceil(from / step), 0); n * step <= to; n++) {
      pen.fillStyle = line; pen.fillRect(x(n * step), 0, 1, lanes.clientHeight);
      pen.fillStyle = front; pen.fillText(byTurn ? `${n * step}` : spoken(n * step, step), x(n * step) + 4, HEAD / 2);
    }
  }

  const UNITS = [[1e6, 's'], [1e3, 'ms'], [1, 'µs'], [1e-3, 'ns']];
  function spoken(us, step = us) {
    const [unit, name] = UNITS.find(([u]) => Math.max(Math.abs(us), step) >= u) || UNITS[3];
    return `${Number((us / unit).toPrecision(9))} ${name}`;
  }

  function drawTrack(track, front, mark) {
    const {slices, marks} = rows[track], top = y(track);
    for (let k = first(slices, (s) => place(s[2]) >= from), right = -1; k < slices.length && place(slices[k][1]) <= to; k++) {
      const s = slices[k], a = Math.max(x(place(s[1])), NAMES), w = Math.max(x(place(s[2])) - a - 1, 1);
      if (a + w <= right) continue;  // nothing of it is seen
      right = a + w;
      pen.fillStyle = color(s[4]); pen.fillRect(a, top + 2, w, ROW - 4);
      if (s === slice) { pen.strokeStyle = color('link'); pen.lineWidth = 2; pen.strokeRect(a, top + 2, w, ROW - 4); }
      pen.fillStyle = front; pen.fillText(fit(s[3], w - 6), a + 4, top + ROW / 2);
    }
    for (let k = first(marks, (i) => place(i) >= from), right = -1; k < marks.length && place(marks[k]) <= to; k++) {
      const at = x(place(marks[k]));
      if (at < right + 1) continue;
      right = at;
      pen.fillStyle = bad.has(marks[k]) ? color('wrong') : mark;
      pen.beginPath(); pen.moveTo(at, top + ROW - 8); pen.lineTo(at + 4, top + ROW - 1); pen.lineTo(at - 4, top + ROW - 1);
      pen.fill();
    }
  }

  function drawFlows() {
    const seen = data.flows.filter((f) => place(f[3]) >= from && place(f[2]) <= to);
    pen.strokeStyle = color('link'); pen.lineWidth = 1;
    for (const [sender, slot, sent, answered] of seen.length > MOST_FLOWS ? [] : seen) {
      for (const [at, a, b] of [[sent, sender, slot], [answered, slot, sender]]) {
        const p = x(place(at)), u = y(a) + ROW / 2, v = y(b) + ROW / 2, tip = v > u ? -4 : 4;
        pen.globalAlpha = at === chosen ? 1 : 0.3;
        pen.beginPath(); pen.moveTo(p, u); pen.lineTo(p, v); pen.lineTo(p - 3, v + tip);
        pen.moveTo(p, v); pen.lineTo(p + 3, v + tip); pen.stroke();
      }
    }
    pen.globalAlpha = 1;
  }

  function drawNames(front, back, line) {
    pen.fillStyle = back; pen.fillRect(0, 0, NAMES, lanes.clientHeight);
    let group = '';
    data.tracks.forEach(([of, name], track) => {
      const top = y(track), alone = of !== group;
      group = of;
      if (top < -ROW || top > lanes.clientHeight) return;
      pen.fillStyle = line; pen.fillRect(0, top, alone ? lanes.clientWidth : NAMES, alone ? 1 : 0.3);
      pen.fillStyle = front; pen.fillText(fit(name, NAMES - 16), 10, top + ROW / 2);
    });
    pen.fillStyle = line; pen.fillRect(NAMES - 1, 0, 1, lanes.clientHeight);
  }

  function draw() {
    const scale = devicePixelRatio || 1, w = lanes.clientWidth, h = lanes.clientHeight;
    const front = color('front'), back = color('back'), line = color('line');
    if (view.width !== Math.round(w * scale) || view.height !== Math.round(h * scale)) {
      Object.assign(view, {width: Math.round(w * scale), height: Math.round(h * scale)});
      Object.assign(view.style, {width: `${w}px`, height: `${h}px`});
    }
    $('room').style.height = `${Math.max(HEAD + rows.length * ROW, h)}px`;
    pen.setTransform(scale, 0, 0, scale, 0, 0);
    pen.font = '12px system-ui, Helvetica, Arial, sans-serif'; pen.textBaseline = 'middle';
    pen.fillStyle = back; pen.fillRect(0, 0, w, h);
    axis(color('dim'), line);
    const above = Math.max(Math.floor((lanes.scrollTop - HEAD) / ROW), 0);
    const below = Math.min(Math.ceil((lanes.scrollTop + h) / ROW), rows.length);
    for (let track = above; track < below; track++) drawTrack(track, front, color('mark'));
    drawFlows();
    if (chosen >= 0) { pen.fillStyle = color('link'); pen.fillRect(x(place(chosen)) - 1, 0, 2, h); }
    drawNames(front, back, line);
    pen.fillStyle = back; pen.fillRect(NAMES, 0, w, HEAD - 4);
    axis(color('dim'), 'transparent');
  }

  // ---- Choosing ------------------------
  const short = (i) => `${data.time[i].toFixed(data.digits)} s: ${data.said[i]}`;

  function choose(i, of = null) {
    if (i < 0 || i >= count) return;
    chosen = i;
    slice = of;
    $('said').textContent = short(i);
    $('lasts').textContent = of ? lasts(of) : '';
    const margin = (to - from) * 0.05, track = of ? of[0] : data.track[i];
    if (place(i) < from + margin || place(i) > to - margin) show(place(i) - (to - from) / 2, place(i) + (to - from) / 2);
    if (y(track) < HEAD || y(track) + ROW > lanes.clientHeight) lanes.scrollTop = track * ROW - lanes.clientHeight / 2;
    later();
  }

  function lasts([track, a, b, name, , began, ended]) {
    const over = ended ? `until ${short(b)}` : 'not over at the last record';
    const since = began ? `${spoken(data.at[b] - data.at[a])}` : 'since before the first record';
    return `${data.tracks[track][1]}: ${name}: ${since}, ${over}`;
  }

  // What is under the pointer: an event if it is near, else what lasts there.
  function at(px, py) {
    const track = Math.floor((py + lanes.scrollTop - HEAD) / ROW), p = from + (px - NAMES) / width() * (to - from);
    const row = rows[track];
    if (!row || px < NAMES || py < HEAD) return;
    const near = first(row.marks, (i) => place(i) >= p);
    const mark = [row.marks[near - 1], row.marks[near]].find((i) => i !== undefined && Math.abs(x(place(i)) - px) < 5);
    const s = row.slices.slice(0, first(row.slices, (r) => place(r[1]) > p)).pop();
    if (mark !== undefined) choose(mark);
    else if (s && place(s[2]) >= p) choose(s[1], s);
  }

  function step(by, same) {
    const list = same && chosen >= 0 ? rows[data.track[chosen]].events : null;
    if (list) choose(list[first(list, (i) => i >= chosen) + by] ?? -1);
    else choose(chosen < 0 ? (by > 0 ? 0 : count - 1) : chosen + by);
  }

  // The next event after the chosen one, from the beginning again.
  function next(question) {
    for (let n = 1; n <= count; n++) { const i = (chosen + n) % count; if (question(i)) return choose(i); }
  }

  const matches = (i, words) => words.every((w) => data.said[i].toLowerCase().includes(w));
  const words = () => $('search').value.toLowerCase().split(/\s+/).filter(Boolean);
  function search() {
    const sought = words(), hits = sought.length ? data.said.filter((_, i) => matches(i, sought)).length : 0;
    $('found').textContent = sought.length ? `${hits} found` : '';
  }

  // ---- Pointer and keys ------------------------
  let held = null;
  lanes.addEventListener('pointerdown', (e) => { if (e.offsetX < lanes.clientWidth) held = {at: e.clientX, from, to, moved: false}; });
  addEventListener('pointermove', (e) => {
    if (!held) return;
    const by = (held.at - e.clientX) / width() * (held.to - held.from);
    held.moved ||= Math.abs(held.at - e.clientX) > 3;
    if (held.moved) show(held.from + by, held.to + by);
  });
  addEventListener('pointerup', (e) => {
    const box = lanes.getBoundingClientRect();
    if (held && !held.moved) at(e.clientX - box.left, e.clientY - box.top);
    held = null;
  });
  lanes.addEventListener('wheel', (e) => {
    const sideways = e.deltaX || (e.shiftKey ? e.deltaY : 0);
    if (e.ctrlKey) zoom(1.0015 ** e.deltaY, from + (e.clientX - lanes.getBoundingClientRect().left - NAMES) / width() * (to - from));
    else if (sideways) show(from + sideways / width() * (to - from), to + sideways / width() * (to - from));
    else return;
    e.preventDefault();
  }, {passive: false});
  lanes.addEventListener('scroll', later);
  addEventListener('resize', later);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', later);

  function turns() {
    byTurn = !byTurn;
    $('turns').setAttribute('aria-pressed', String(byTurn));
    whole();
    if (chosen >= 0) choose(chosen, slice);
  }
  const does = {
    in: () => zoom(0.5, middle()), out: () => zoom(2, middle()), all: whole, turns, bad: () => next((i) => bad.has(i)),
  };
  Object.entries(does).forEach(([id, act]) => $(id).addEventListener('click', act));
  const keys = {
    '+': does.in, '=': does.in, '-': does.out, '0': whole, t: turns, f: does.bad, '/': () => $('search').focus(),
    Home: () => choose(0), End: () => choose(count - 1),
  };
  addEventListener('keydown', (e) => {
    if (e.target === $('search')) {
      if (e.key === 'Enter' && words().length) next((i) => matches(i, words()));
      else if (e.key === 'Escape') lanes.focus();
      else return;
    } else if (e.ctrlKey || e.altKey || e.metaKey) return;
    else if (e.key === 'ArrowRight' || e.key === 'ArrowLeft') step(e.key === 'ArrowRight' ? 1 : -1, e.shiftKey);
    else if (keys[e.key]) keys[e.key]();
    else return;
    e.preventDefault();
  });
  $('search').addEventListener('input', search);
  whole();
  draw();
})();
