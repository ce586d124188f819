'use strict';
const data = JSON.parse(document.getElementById('data').textContent);
const $ = id => document.getElementById(id);
// Text only ever becomes text nodes and attributes: nothing of it is markup.
function el(name, props, ...children) {
  const e = document.createElement(name);
  for (const [k, v] of Object.entries(props || {})) {
    if (k.startsWith('on')) e.addEventListener(k.slice(2), v); else if (v !== undefined) e.setAttribute(k, v);
  }
  e.append(...children.filter(c => c !== undefined));
  return e;
}
const KIND = { o: ['✓', 'ok', 'o'], w: ['!', 'warning', 'w'], f: ['✗', 'failed', 'f'], d: ['~', 'damaged', 'd'], '?': ['·', 'not built', 'n'] };
const boards = data.boards, commits = data.commits, rows = data.rows;
const last = commits.length - 1;
const commitName = i => data.current ? 'current source' : commits[i][0].padStart(2, '0') + ' ' + commits[i][2];
const pill = (k, text) => el('span', { class: 'pill ' + KIND[k][2] }, el('b', { 'aria-hidden': 'true' }, KIND[k][0]), text);
const plural = (n, what) => n + ' ' + what + (n === 1 ? '' : 's');

$('title').textContent = data.title + ': ' + plural(boards.length, 'board') + (data.current ? ', current source' : ' × ' + plural(commits.length, 'commit'));
document.title = data.title + ' – build summary';
for (const k of ['f', 'w', 'o', 'd', '?']) {
  const n = rows.filter(r => r[last] === k).length;
  if (n) $('totals').append(pill(k, n + ' ' + KIND[k][1]));
  $('legend').append(pill(k, KIND[k][1]));
}
$('totals').append(el('span', { class: 'hint' }, data.current ? '' : 'at the last commit'));

// What each commit changed
function boardButtons(list, commit, k) {
  const items = list.slice(0, 60).map(b => el('button', { type: 'button', class: KIND[k][2], onclick: () => open(b, commit) }, boards[b][0]));
  if (list.length > 60) items.push(el('span', {}, 'and ' + (list.length - 60) + ' more'));
  return items;
}
let anyChange = false;
data.changes.forEach((change, i) => {
  const parts = [['broken', 'f', 'broken'], ['warns', 'w', 'now warning'], ['fixed', 'o', 'fixed'], ['new', 'o', 'first result'], ['flakes', '?', 'likely flake']]
    .filter(p => change[p[0]].length);
  if (!parts.length && !change.came.length && !change.confirmed.length) return;
  anyChange = true;
  const head = el('summary', {}, el('span', { class: 'hash' }, commits[i][1].slice(0, 10)), el('b', {}, commitName(i)));
  for (const [key, k, word] of parts) head.append(pill(k, change[key].length + ' ' + word));
  if (!parts.length && change.came.length) head.append(el('span', { class: 'hint' }, plural(change.came.length, 'new message')));
  const box = el('details', { class: 'change' }, head);
  if (change.broken.length) box.open = true;
  // Filled when it is opened first: a series may have thousands of diagnostics.
  const fill = () => {
    if (!box.open || box.dataset.full) return;
    box.dataset.full = '1';
    for (const [key, k, word] of parts) box.append(el('div', { class: 'names' }, el('span', {}, word), ...boardButtons(change[key], i, k)));
    for (const group of change.confirmed) box.append(el('div', { class: 'names' }, el('span', {}, group.label), ...boardButtons(group.boards, i, '?')));
    for (const came of change.came.slice(0, 30)) {
      const [severity, text] = data.diagnostics[came.diagnostic];
      box.append(el('pre', { class: severity, tabindex: '0' }, text));
      box.append(el('div', { class: 'names' }, el('span', {}, 'said by'), ...boardButtons(came.boards, i, severity === 'warning' ? 'w' : 'f')));
    }
    if (change.came.length > 30) box.append(el('p', { class: 'hint' }, 'and ' + (change.came.length - 30) + ' more errors and warnings'));
  };
  box.addEventListener('toggle', fill);
  fill();
  $('changes').append(box);
});
if (!anyChange) $('changes').append(el('p', { class: 'hint' }, 'No commit changed an outcome.'));

// The matrix: only what is in view is in the page
const ROW = 26, COL = 34, NAME = 240, HEAD = 30;
const grid = $('matrix'), space = $('space');
let visible = [], focus = [0, 0], selected = null;
const found = new Map(); // of a filter's words in diagnostics
const haystack = boards.map(b => b.join(' ').toLowerCase());
function said(b, word) {
  if (!found.has(word)) found.set(word, new Set(data.diagnostics.flatMap((d, i) => d[1].toLowerCase().includes(word) ? [i] : [])));
  const hits = found.get(word);
  if (!hits.size) return false;
  for (let c = 0; c <= last; c++) {
    const cell = data.cells[b + ',' + c];
    if (cell && cell.diagnostics && cell.diagnostics.some(d => hits.has(d))) return true;
  }
  return false;
}
function filter() {
  found.clear();
  const words = $('filter').value.toLowerCase().split(/\s+/).filter(w => w);
  const bad = $('only-bad').checked;
  visible = boards.map((_, b) => b).filter(b => (!bad || /[fwd]/.test(rows[b])) && words.every(w => haystack[b].includes(w) || said(b, w)));
  $('shown').textContent = visible.length === boards.length ? '' : plural(visible.length, 'board') + ' of ' + boards.length + ' shown.';
  space.style.height = HEAD + visible.length * ROW + 'px';
  space.style.width = NAME + (last + 1) * COL + 8 + 'px';
  grid.style.height = Math.min(560, HEAD + visible.length * ROW + 18) + 'px';
  grid.setAttribute('aria-rowcount', visible.length + 1);
  grid.setAttribute('aria-colcount', last + 2);
  focus = [Math.max(0, Math.min(focus[0], visible.length - 1)), focus[1]];
  draw();
}
function isNew(b, c) {
  for (let i = c - 1; i >= 0; i--) if (rows[b][i] !== '?') return rows[b][i] !== rows[b][c] && rows[b][c] !== '?';
  return false;
}
function draw() {
  const hadFocus = grid.contains(document.activeElement) && document.activeElement !== grid;
  const r0 = Math.max(0, Math.floor(grid.scrollTop / ROW) - 4), r1 = Math.min(visible.length, r0 + Math.ceil(grid.clientHeight / ROW) + 9);
  const c0 = Math.max(0, Math.floor(grid.scrollLeft / COL) - 3), c1 = Math.min(last + 1, c0 + Math.ceil(grid.clientWidth / COL) + 6);
  const head = el('div', { class: 'head', role: 'row', 'aria-rowindex': '1' }, el('span', { class: 'name', role: 'columnheader', 'aria-colindex': '1' }, 'board'));
  for (let c = c0; c < c1; c++) {
    head.append(el('span', { class: 'col', role: 'columnheader', 'aria-colindex': c + 2, title: commitName(c), style: 'left:' + (NAME + c * COL) + 'px' }, data.current ? 'now' : commits[c][0]));
  }
  const parts = [head];
  for (let r = r0; r < r1; r++) {
    const b = visible[r];
    const row = el('div', { class: 'row', role: 'row', 'aria-rowindex': r + 2, style: 'top:' + (HEAD + r * ROW) + 'px;width:' + (NAME + (last + 1) * COL) + 'px' },
      el('span', { class: 'name', role: 'rowheader', 'aria-colindex': '1', title: boards[b].filter(x => x).join(' · ') }, boards[b][0], el('small', {}, boards[b][1])));
    for (let c = c0; c < c1; c++) {
      const [sign, word, cls] = KIND[rows[b][c]];
      const fresh = isNew(b, c);
      row.append(el('span', {
        class: 'cell ' + cls + (fresh ? ' new' : ''), role: 'gridcell', 'aria-colindex': c + 2, tabindex: r === focus[0] && c === focus[1] ? '0' : '-1',
        'aria-selected': selected && selected[0] === b && selected[1] === c ? 'true' : 'false', 'data-r': r, 'data-c': c,
        'aria-label': boards[b][0] + ', ' + commitName(c) + ': ' + word + (fresh ? ', changed here' : ''), style: 'left:' + (NAME + c * COL + 1) + 'px'
      }, sign));
    }
    parts.push(row);
  }
  space.replaceChildren(...parts);
  if (hadFocus) focusCell();
}
function focusCell() {
  const cell = space.querySelector('[data-r="' + focus[0] + '"][data-c="' + focus[1] + '"]');
  if (cell) cell.focus({ preventScroll: true });
}
function move(r, c) {
  focus = [Math.max(0, Math.min(visible.length - 1, r)), Math.max(0, Math.min(last, c))];
  const top = focus[0] * ROW, left = focus[1] * COL;
  if (top < grid.scrollTop) grid.scrollTop = top;
  if (top + ROW + HEAD > grid.scrollTop + grid.clientHeight) grid.scrollTop = top + ROW + HEAD - grid.clientHeight + 4;
  if (left < grid.scrollLeft) grid.scrollLeft = left;
  if (left + COL + NAME > grid.scrollLeft + grid.clientWidth) grid.scrollLeft = left + COL + NAME - grid.clientWidth + 4;
  draw();
  focusCell();
}
let pending = false;
grid.addEventListener('scroll', () => {
  if (!pending) { pending = true; requestAnimationFrame(() => { pending = false; draw(); }); }
});
grid.addEventListener('click', e => {
  const cell = e.target.closest('.cell');
  if (cell) { focus = [+cell.dataset.r, +cell.dataset.c]; open(visible[focus[0]], focus[1]); focusCell(); }
});
grid.addEventListener('keydown', e => {
  const page = Math.max(1, Math.floor(grid.clientHeight / ROW) - 2);
  const steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], PageUp: [-page, 0], PageDown: [page, 0] };
  if (steps[e.key]) move(focus[0] + steps[e.key][0], focus[1] + steps[e.key][1]);
  else if (e.key === 'Home') move(e.ctrlKey ? 0 : focus[0], 0);
  else if (e.key === 'End') move(e.ctrlKey ? visible.length - 1 : focus[0], last);
  else if ((e.key === 'Enter' || e.key === ' ') && visible.length) open(visible[focus[0]], focus[1]);
  else return;
  e.preventDefault();
});
function open(b, c) {
  selected = [b, c];
  const r = visible.indexOf(b);
  if (r >= 0) {
    const inside = grid.contains(document.activeElement);
    focus = [r, c];
    const top = r * ROW;
    if (top < grid.scrollTop || top + ROW + HEAD > grid.scrollTop + grid.clientHeight) grid.scrollTop = Math.max(0, top - 4 * ROW);
    draw();
    if (!inside) { $('matrix-part').scrollIntoView({ block: 'start' }); focusCell(); }
  }
  const cell = data.cells[b + ',' + c] || {}, k = rows[b][c];
  const parts = [el('h3', {}, boards[b][0]), el('p', { class: 'hint' }, pill(k, KIND[k][1] + (cell.code ? ', return code ' + cell.code : '')), ' ' + commitName(c) + ' ',
    el('span', { class: 'hash' }, commits[c][1].slice(0, 10)))];
  const facts = [boards[b][1], boards[b][2], boards[b][3]].filter(x => x).join(' · ');
  if (facts || cell.machine) parts.push(el('p', { class: 'hint' }, facts + (cell.machine ? ' — built on ' + cell.machine : '')));
  if (cell.confirmation) parts.push(el('p', {}, 'Built again: ' + cell.confirmation + '.'));
  if (cell.reason) parts.push(el('p', {}, 'Not built: ' + cell.reason));
  if (cell.damage) parts.push(el('p', {}, 'Damaged: ' + cell.damage));
  for (const d of cell.diagnostics || []) parts.push(el('pre', { class: data.diagnostics[d][0], tabindex: '0' }, data.diagnostics[d][1]));
  if (cell.log) parts.push(el('h3', {}, 'End of the log'), el('pre', { tabindex: '0' }, cell.log));
  if (!cell.diagnostics && !cell.reason && !cell.damage) parts.push(el('p', { class: 'hint' }, k === '?' ? 'There is no result.' : 'It said nothing.'));
  $('detail').replaceChildren(...parts);
  $('detail').scrollTop = 0;
}
$('filter').addEventListener('input', filter);
$('only-bad').addEventListener('change', filter);
$('filters').addEventListener('submit', e => e.preventDefault());

// Sizes
const PARTS = ['all', 'text', 'data', 'rodata', 'bss'];
const images = [...new Set(data.sizes.flatMap(s => Object.keys(s)))].sort((a, b) => (a !== 'u-boot') - (b !== 'u-boot') || (a < b ? -1 : 1));
const sizeAt = (b, c, image, part) => { const s = data.sizeRows[b][c]; return s >= 0 && Object.hasOwn(data.sizes[s], image) && rows[b][c] !== 'f' ? data.sizes[s][image][part] : null; };
function option(value, text) { return el('option', { value }, text); }
function series() {
  const of = $('size-of').value, image = $('size-image').value, part = +$('size-part').value;
  if (of[0] === 'b') return commits.map((_, c) => sizeAt(+of.slice(1), c, image, part));
  // Growth of an architecture: the mean of its boards' growth from each one's own first size.
  const arch = of.slice(1), first = [], sum = [], n = [];
  boards.forEach((board, b) => {
    if (board[1] !== arch) return;
    commits.forEach((_, c) => {
      const size = sizeAt(b, c, image, part);
      if (size === null) return;
      if (first[b] === undefined) first[b] = size;
      sum[c] = (sum[c] || 0) + size - first[b];
      n[c] = (n[c] || 0) + 1;
    });
  });
  return commits.map((_, c) => n[c] ? Math.round(sum[c] / n[c] * 10) / 10 : null);
}
function chart() {
  const values = series(), known = values.filter(v => v !== null), isGrowth = $('size-of').value[0] === 'a';
  const number = v => (isGrowth && v > 0 ? '+' : '') + v.toLocaleString('en');
  const table = $('size-table');
  table.replaceChildren(el('tr', {}, el('th', { scope: 'col' }, 'commit'), el('th', { scope: 'col' }, isGrowth ? 'mean growth, bytes' : 'bytes'), el('th', { scope: 'col' }, 'change')));
  let before = null;
  values.forEach((v, c) => {
    table.append(el('tr', {}, el('th', { scope: 'row' }, commitName(c)), el('td', { class: 'num' }, v === null ? '–' : number(v)),
      el('td', { class: 'num' }, v === null || before === null || v === before ? '' : (v > before ? '+' : '') + (Math.round((v - before) * 10) / 10).toLocaleString('en'))));
    if (v !== null) before = v;
  });
  if (!known.length) { $('chart').replaceChildren(el('p', { class: 'hint' }, 'No sizes are known of it.')); return; }
  const W = 1100, H = 240, L = 90, R = 20, T = 14, B = 28;
  let lo = Math.min(...known), hi = Math.max(...known);
  if (lo === hi) { lo -= 1; hi += 1; }
  const x = c => last ? L + c * (W - L - R) / last : (L + W - R) / 2, y = v => T + (hi - v) * (H - T - B) / (hi - lo);
  const NS = 'http://www.w3.org/2000/svg';
  const s = (name, props, text) => { const e = document.createElementNS(NS, name); for (const k in props) e.setAttribute(k, props[k]); if (text !== undefined) e.textContent = text; return e; };
  const svg = s('svg', { viewBox: '0 0 ' + W + ' ' + H, role: 'img', 'aria-label': 'Size by commit, from ' + number(known[0]) + ' to ' + number(known[known.length - 1]) + ' bytes; the table below has all values' });
  for (let i = 0; i <= 4; i++) {
    const v = lo + (hi - lo) * i / 4;
    svg.append(s('line', { class: 'grid', x1: L, x2: W - R, y1: y(v), y2: y(v) }), s('text', { x: L - 8, y: y(v) + 4, 'text-anchor': 'end' }, number(Math.round(v * 10) / 10)));
  }
  let path = '';
  values.forEach((v, c) => {
    if (v === null) return;
    path += (path ? 'L' : 'M') + x(c) + ' ' + y(v);
    const dot = s('circle', { cx: x(c), cy: y(v), r: commits.length > 100 ? 1.5 : 3.5 });
    dot.append(s('title', {}, commitName(c) + ': ' + number(v)));
    svg.append(dot);
    if (!data.current && (commits.length <= 30 || c % Math.ceil(commits.length / 30) === 0)) svg.append(s('text', { x: x(c), y: H - 8, 'text-anchor': 'middle' }, commits[c][0]));
  });
  svg.insertBefore(s('path', { class: 'line', d: path }), svg.querySelector('circle'));
  $('chart').replaceChildren(svg);
}
const archs = [...new Set(boards.map(b => b[1]))].filter(a => a).sort();
$('size-of').append(...archs.map(a => option('a' + a, a + ' (mean growth)')), ...boards.map((b, i) => option('b' + i, b[0])));
$('size-image').append(...images.map(i => option(i, i)));
$('size-part').append(...PARTS.map((p, i) => option(i, p)));
for (const id of ['size-of', 'size-image', 'size-part']) $(id).addEventListener('change', chart);
if (images.length) chart(); else $('chart').append(el('p', { class: 'hint' }, 'No sizes are known.'));

// Machines and threads
const byHash = new Map(commits.map((c, i) => [c[1], i])), byBoard = new Map(boards.map((b, i) => [b[0], i]));
const canvas = $('time'), LANE = 18, LABEL = 170;
let lanes = [], slices = [], length = 1, current = -1, run = null;
const clock = ms => { const s = Math.round(ms / 1000); return Math.floor(s / 60) + ':' + String(s % 60).padStart(2, '0'); };
// What comes before a cell's build proper: its way there and checkout, and its configuration.
const isBefore = s => s[7] === 'prepare' || s[7] === 'configure';
function load() {
  run = data.timelines[+$('run').value];
  slices = run.slices.slice().sort((a, b) => a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : a[1] - b[1] || a[4] - b[4]);
  length = Math.max(1, slices.reduce((m, s) => Math.max(m, s[5]), 1));
  lanes = [];
  const keys = new Map();
  for (const s of slices) {
    const key = s[0] + '\n' + s[1];
    if (!keys.has(key)) { keys.set(key, lanes.length); lanes.push({ machine: s[0], slot: s[1], busy: 0, cells: 0 }); }
    s.lane = keys.get(key);
    lanes[s.lane].busy += s[5] - s[4];
    lanes[s.lane].cells += s[3] && !isBefore(s) ? 1 : 0;
  }
  current = -1;
  const threads = lanes.filter(l => l.slot > 0);
  $('time-table').replaceChildren(el('tr', {}, ...['machine', 'thread', 'cells', 'building', 'idle'].map(t => el('th', { scope: 'col' }, t))),
    ...threads.map(l => el('tr', {}, el('th', { scope: 'row' }, l.machine), el('td', { class: 'num' }, String(l.slot)), el('td', { class: 'num' }, String(l.cells)),
      el('td', { class: 'num' }, clock(l.busy) + ' (' + Math.round(100 * l.busy / length) + '%)'), el('td', { class: 'num' }, clock(length - l.busy)))));
  paint();
}
const scale = () => (canvas.clientWidth - LABEL - 12) / length;
function paint() {
  if (!run) return;
  const wide = Math.min(30000, Math.max(400, $('time-scroll').clientWidth) * +$('zoom').value), high = lanes.length * (LANE + 2) + 26, dpr = wide > 12000 ? 1 : (devicePixelRatio || 1);
  canvas.style.width = wide + 'px'; canvas.style.height = high + 'px';
  canvas.width = wide * dpr; canvas.height = high * dpr;
  const g = canvas.getContext('2d'), css = getComputedStyle(document.documentElement), colour = n => css.getPropertyValue(n).trim();
  g.scale(dpr, dpr);
  g.font = '12px system-ui, sans-serif'; g.textBaseline = 'middle';
  const fills = { ok: ['--ok', '--ok-t', '✓'], warning: ['--warn', '--warn-t', '!'], failed: ['--fail', '--fail-t', '✗'] };
  const k = scale();
  lanes.forEach((l, i) => {
    const y = 4 + i * (LANE + 2);
    g.fillStyle = colour('--text');
    g.fillText(l.slot <= 1 && (i === 0 || lanes[i - 1].machine !== l.machine) ? l.machine.slice(0, 18) : '', 8, y + LANE / 2);
    g.fillStyle = colour('--dim');
    g.fillText(l.slot ? '#' + l.slot : 'set-up', LABEL - 48, y + LANE / 2);
    g.fillStyle = colour('--idle');
    g.fillRect(LABEL, y, length * k, LANE);
  });
  slices.forEach((s, i) => {
    const [fill, text, sign] = isBefore(s) ? [s[7] === 'prepare' ? '--none' : '--phase', s[7] === 'prepare' ? '--none-t' : '--text', ''] : fills[s[6]] || (s[1] ? ['--none', '--none-t', '·'] : ['--phase', '--text', '']);
    const x = LABEL + s[4] * k, y = 4 + s.lane * (LANE + 2), w = Math.max(1, (s[5] - s[4]) * k - (k * (s[5] - s[4]) > 3 ? 1 : 0));
    g.fillStyle = colour(fill);
    g.fillRect(x, y, w, LANE);
    g.fillStyle = colour(text);
    if (w > 26) { g.save(); g.beginPath(); g.rect(x, y, w, LANE); g.clip(); g.fillText((sign ? sign + ' ' : '') + (isBefore(s) ? s[7] + ' ' : '') + (s[2] || s[6]), x + 5, y + LANE / 2); g.restore(); }
    else if (w > 3) g.fillRect(x, y + LANE - 3, w, 3);
    if (i === current) { g.strokeStyle = colour('--accent'); g.lineWidth = 2; g.strokeRect(x, y, w, LANE); }
  });
  g.fillStyle = colour('--dim');
  const step = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14400].find(t => t * 1000 * k > 70) || 28800;
  for (let t = 0; t * 1000 <= length; t += step) g.fillText(clock(t * 1000), LABEL + t * 1000 * k, high - 11);
}
function tell(i) {
  current = i;
  const s = slices[i];
  if (s) $('slice').textContent = s[0] + (s[1] ? ' #' + s[1] + ': ' + s[2] + (byHash.has(s[3]) ? ', ' + commitName(byHash.get(s[3])) : '') : ':') + ' ' + (isBefore(s) ? s[7] : s[6]) + ', ' + clock(s[4]) + '–' + clock(s[5]) + ' (' + ((s[5] - s[4]) / 1000).toFixed(1) + ' s)';
}
function at(e) {
  const t = (e.offsetX - LABEL) / scale(), lane = Math.floor((e.offsetY - 4) / (LANE + 2));
  return slices.findIndex(s => s.lane === lane && s[4] <= t && t <= s[5]);
}
function openSlice() {
  const s = slices[current];
  if (s && byBoard.has(s[2]) && (byHash.has(s[3]) || data.current)) open(byBoard.get(s[2]), byHash.get(s[3]) || 0);
}
canvas.addEventListener('mousemove', e => { const i = at(e); if (i !== current && i >= 0) { tell(i); paint(); } });
canvas.addEventListener('click', e => { const i = at(e); if (i >= 0) { tell(i); openSlice(); } });
canvas.addEventListener('keydown', e => {
  const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 1, ArrowUp: -1 }[e.key];
  if (step && slices.length) {
    let i = current + step;
    if (e.key === 'ArrowDown' || e.key === 'ArrowUp') while (slices[i] && slices[current] && slices[i].lane === slices[current].lane) i += step;
    tell(Math.max(0, Math.min(slices.length - 1, i))); paint();
  } else if (e.key === 'Enter') openSlice(); else return;
  e.preventDefault();
});
$('run').append(...data.timelines.map((t, i) => option(i, new Date(t.started).toISOString().replace('T', ' ').slice(0, 16) + ' UTC')));
if (data.timelines.length) {
  $('run').value = data.timelines.length - 1;
  $('run').addEventListener('change', load);
  $('zoom').addEventListener('input', paint);
  load();
} else {
  $('time-scroll').replaceWith(el('p', { class: 'hint' }, 'No run of Buildboss has left a timeline with these results.'));
  for (const id of ['run', 'zoom']) $(id).disabled = true;
}
addEventListener('resize', () => { draw(); paint(); });
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', paint);
filter();
if (/^#cell=\d+,\d+$/.test(location.hash)) {
  const [b, c] = location.hash.slice(6).split(',').map(Number);
  if (boards[b] && commits[c]) open(b, c);
}
document.documentElement.dataset.ready = 'yes';
