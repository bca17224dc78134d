// The review page. Text of documents is only ever put in as text, never as markup.
// Offsets from the program are code points; a string is cut with points(), never with slice().
"use strict";

const $ = (id) => document.getElementById(id);
const points = (text) => Array.from(text);
const api = async (path, body) => {
  let answer;
  try {
    answer = await fetch("/api/" + path, body === undefined ? {} : {
      method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body),
    });
  } catch {
    throw new Error(W.no_answer || "no answer");
  }
  const told = await answer.json();
  if (!answer.ok) {
    const problem = new Error([told.error, told.remedy].filter(Boolean).join("; "));
    problem.status = answer.status;
    throw problem;
  }
  return told;
};
const make = (tag, attributes = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "class") element.className = value;
    else if (value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null));
  return element;
};
const fill = (element, ...children) => element.replaceChildren(...children);

let W = {};                 // words of the interface
let START = {};             // codes, cases, documents
let queue = { items: [], total: 0, last: null };
let current = null;         // the piece or document shown
let position = -1;          // its place in queue.items
let form = null;            // {mode: "amend" | "add", bounds}
let busy = false;
const decided = new Set();  // pieces decided on since the page was opened

// -- start -------------------------------------------------------------------------------------------

window.addEventListener("DOMContentLoaded", async () => {
  try {
    START = await api("start");
    W = START.words;
    $("reviewer").textContent = START.reviewer;
    prepare();
    readAddress();
    await loadQueue();
    const wanted = decodeURIComponent(location.hash.slice(1));
    if (START.blind) await (queue.items.length ? open(0) : showEmpty());
    else if (wanted) await openById(wanted);
    else await (queue.items.length ? open(0) : showEmpty());
    document.body.dataset.ready = "yes";
  } catch (error) {
    alarm(error.message);
  }
});

function prepare() {
  const options = (select, entries) => fill(select, ...entries.map(([value, label]) => make("option", { value }, label)));
  options($("f-state"), [["mine", W.mine], ["open", W.open], ["look", W.look], ["", W.all], ["accept", W.accept],
    ["reject", W.reject], ["amend", W.amend], ["unsure", W.unsure], ["add", W.add]]);
  options($("f-case"), [["", W.all], ...START.cases.map((one) => [one, one])]);
  options($("f-document"), [["", W.all], ...START.documents.map((one) => [one.id, one.title === one.id ? one.id : `${one.title} — ${one.id}`])]);
  options($("f-reviewer"), [["", W.all]]);
  $("f-code").replaceChildren(make("option", { value: "" }, W.all), ...codeGroups(true));
  $("v-code").replaceChildren(...codeGroups(false));
  for (const name of ["status", "role", "polarity"]) {
    options($("v-" + name), [["", W.none], ...START.attributes[name].map((one) => [one, W[one] || one])]);
  }
  $("filters").addEventListener("change", refilter);
  $("f-words").addEventListener("input", later(refilter, 200));
  $("filters").addEventListener("submit", (event) => { event.preventDefault(); refilter(); });
  $("more").addEventListener("click", () => loadQueue(queue.items.length));
  for (const button of document.querySelectorAll("[data-verdict]")) {
    button.addEventListener("click", () => decide(button.dataset.verdict));
  }
  $("amend").addEventListener("click", () => (form ? closeForm() : openForm("amend")));
  $("add-open").addEventListener("click", () => openForm("add"));
  $("note-open").addEventListener("click", openNote);
  $("undo").addEventListener("click", undo);
  $("next").addEventListener("click", nextThatMatters);
  $("finish").addEventListener("click", finish);
  $("form").addEventListener("submit", (event) => { event.preventDefault(); saveForm(); });
  $("form-cancel").addEventListener("click", closeForm);
  $("v-code").addEventListener("change", showAttributes);
  $("show-help").addEventListener("click", () => $("help").showModal());
  $("show-orphans").addEventListener("click", showOrphans);
  $("toggle-queue").addEventListener("click", () => drawer());
  $("picture").addEventListener("load", () => $("paper").classList.remove("waiting"));
  document.addEventListener("selectionchange", later(showSelection, 100));
  document.addEventListener("keydown", key);
}

function codeGroups(withGroups) {
  return Object.entries(START.groups).map(([group, name]) => make("optgroup", { label: name },
    ...(withGroups ? [make("option", { value: group }, `${name}: ${W.all}`)] : []),
    ...Object.entries(START.codes).filter(([, code]) => code.group === group)
      .map(([id, code]) => make("option", { value: id }, code.name))));
}

const later = (what, wait) => { let timer; return (...all) => { clearTimeout(timer); timer = setTimeout(() => what(...all), wait); }; };

// -- queue -------------------------------------------------------------------------------------------

const FILTERS = ["state", "case", "code", "document", "reviewer", "words"];

function readAddress() {
  const given = new URLSearchParams(location.search);
  for (const name of FILTERS) if (given.has(name)) $("f-" + name).value = given.get(name);
}

function filters() {
  return new URLSearchParams(FILTERS.map((name) => [name, $("f-" + name).value]));
}

async function refilter() {
  history.replaceState(null, "", "/?" + filters() + location.hash);
  await guarded(async () => {
    await loadQueue();
    await (queue.items.length ? open(0) : showEmpty());
  });
}

async function loadQueue(offset = 0) {
  const asked = filters();
  asked.set("offset", offset);
  const told = await api("queue?" + asked);
  if (START.blind) {
    told.items = START.documents.map((one) => ({ id: one.id, document: one.id, title: one.title, blind: true }));
    told.total = told.items.length;
  }
  queue = { ...told, items: offset ? [...queue.items, ...told.items] : told.items };
  showQueue();
}

function showQueue() {
  $("total").textContent = `${queue.total}`;
  for (const option of $("f-state").options) {
    const count = queue.counts[option.value || "all"] || 0;
    option.textContent = `${W[option.value || "all"]} (${count})`;
  }
  const chosen = $("f-reviewer").value;
  fill($("f-reviewer"), make("option", { value: "" }, W.all), ...queue.reviewers.map((one) => make("option", { value: one }, one)));
  $("f-reviewer").value = chosen;
  fill($("items"), ...queue.items.map((item, at) => {
    const button = make("button", { "data-at": at, "aria-current": at === position ? "true" : null, lang: item.language || null },
      ...(item.blind ? [make("span", { class: "item-code" }, item.title), make("span", { class: "item-place" },
        item.id + (queue.finished.includes(item.id) ? ` · ${W.finished}` : ""))] : [
        make("span", { class: "item-code" }, make("i", { class: "dot " + item.state, title: W[item.state] }), codeName(item.code)),
        make("span", { class: "item-words" }, item.trigger),
        make("span", { class: "item-place" }, [item.document, item.label].filter(Boolean).join(" · ")),
        item.why !== "rest" ? make("span", { class: "why " + item.why }, W["why_" + item.why]) : null]));
    button.addEventListener("click", () => { drawer(false); guarded(() => open(at)); });
    return make("li", {}, button);
  }));
  $("more").hidden = queue.items.length >= queue.total;
  $("show-orphans").hidden = !queue.orphans;
  $("show-orphans").textContent = `${W.orphans} (${queue.orphans})`;
  fill($("progress"), ...queue.progress.filter((one) => one.behind).map((one) => {
    const meter = make("meter", { min: 0, max: one.behind, value: one.decided, "aria-hidden": "true" });
    const said = W.reviewed_of.replace("{n}", one.decided).replace("{all}", one.behind);
    const enough = !one.pressing && one.decided > 0;
    const rest = enough ? W.enough : W.pressing.replace("{n}", one.pressing);
    return make("li", { title: `${said}; ${rest}`, class: enough ? "enough" : "" },
      make("span", {}, one.case), meter, make("span", { class: "number" }, `${one.decided}/${one.behind}`),
      make("span", { class: "sr" }, `${said}; ${rest}`));
  }));
  $("undo").disabled = !queue.last;
}

function markCurrent() {
  for (const button of $("items").querySelectorAll("button")) {
    const here = Number(button.dataset.at) === position;
    here ? button.setAttribute("aria-current", "true") : button.removeAttribute("aria-current");
    if (here) button.scrollIntoView({ block: "nearest" });
  }
}

function drawer(wanted) {
  const opened = document.body.classList.toggle("queue-open", wanted);
  $("toggle-queue").setAttribute("aria-expanded", String(opened));
}

const codeName = (code) => (START.codes[code] ? START.codes[code].name : code);

// -- one piece ---------------------------------------------------------------------------------------

async function open(at) {
  const item = queue.items[at];
  if (!item) return;
  position = at;
  markCurrent();
  await (item.blind ? showDocument(item.id) : openById(item.id));
}

async function openById(id) {
  current = await api("piece/" + encodeURIComponent(id));
  position = queue.items.findIndex((item) => item.id === id);
  history.replaceState(null, "", "/?" + filters() + "#" + encodeURIComponent(id));
  markCurrent();
  showPiece();
  showPage();
}

function showPiece() {
  closeForm();
  only("sheet");
  $("note").value = "";
  $("note-box").hidden = true;
  $("finish-box").hidden = true;
  $("details").hidden = false;
  $("settle").checked = false;
  $("settle-box").hidden = !current.disputed;
  for (const button of $("actions").querySelectorAll("button")) button.hidden = false;
  const code = START.codes[current.values.code] || { name: current.values.code, definition: "", close_calls: [] };
  $("code-name").textContent = code.name;
  $("code-name").title = current.values.code;
  $("place").textContent = placeOf(current);
  fill($("flags"), make("span", { class: "state " + current.state }, W[current.state]),
    ...["carried", "disputed"].filter((one) => one === "carried" ? current.anchoring === "carried" : current.disputed)
      .map((one) => make("span", { class: "flag" }, W[one])),
    ...(current.found ? [] : [make("span", { class: "flag" }, W.gone)]));
  fill($("values"), ...["organisations", "status", "role", "polarity"]
    .map((name) => [name, current.values[name]])
    .filter(([, value]) => value && value.length)
    .map(([name, value]) => pair(W[name], Array.isArray(value) ? value.join(", ") : W[value] || value)),
    ...(current.cases.length ? [pair(W.cases, current.cases.join(", "))] : []));
  $("text").lang = current.document.language || "";
  fill($("text"), ...current.passages.map((passage) => passageElement(passage, passage.number === current.here ? marks() : [])));
  $("definition").textContent = code.definition;
  fill($("close-calls"), ...code.close_calls.map((call) => make("li", {}, call)));
  fill($("stakes"), ...(current.stakes.length ? current.stakes.map((one) => make("li", {},
    make("b", {}, `${one.case} ${one.indicator}`), ` = ${one.value ?? "—"} `,
    make("span", { class: "hint" }, one.among === 1 ? W.alone : W.among.replace("{n}", one.among)))) : [make("li", {}, W.feeds_nothing)]));
  $("flips").className = "flips" + (current.flips.length ? " some" : "");
  $("flips").textContent = (current.counts ? W.without_it : W.with_it) + ": " + (current.flips.length
    ? current.flips.map((one) => `${one.case} ${one.indicator}: ${one.before ?? "—"} → ${one.after ?? "—"}`).join("; ") : W.flips_nothing);
  $("rules").textContent = current.rules.join(", ");
  fill($("cues"), ...current.cues.map((cue) => make("li", {}, make("q", {}, cue.text), ` ${W.sets} ${cue.sets}`)));
  fill($("history"), ...(current.decisions.length ? current.decisions.map((one) => make("li", {},
    make("b", {}, one.reviewer), ` ${W[one.verdict] || one.verdict}`,
    ...Object.entries(one.changed).map(([name, value]) => ` · ${W[name] || name}: ${W[value] || value}`),
    one.note ? make("q", {}, one.note) : null,
    make("time", { class: "hint", datetime: one.time }, " " + one.time.slice(0, 16).replace("T", " ")))) : [make("li", {}, W.no_history)]));
  $("announce").textContent = `${code.name}, ${W[current.state]}: ${wordsAt(current.quote)}`;
  $("piece").scrollTop = 0;
  const here = document.querySelector(".passage.here");
  if (here && here.scrollIntoView) here.scrollIntoView({ block: "nearest" });
}

const pair = (name, value) => make("div", {}, make("dt", {}, name), make("dd", {}, value));

function placeOf(piece) {
  const { document: source, place } = piece;
  return [source.title, source.symbol, source.date, place.label, place.page ? `${W.page} ${place.page}` : "", ...place.section.slice(-1)]
    .filter(Boolean).join(" · ");
}

function marks() {
  return [
    { start: current.quote[0], end: current.quote[1], kind: "quote" },
    ...current.cues.map((cue) => ({ start: cue.start, end: cue.end, kind: "cue", title: cue.sets })),
    { start: current.trigger[0], end: current.trigger[1], kind: "trigger" },
  ];
}

// A passage with marks: cut where any mark begins or ends; every stretch carries the kinds over it.
function passageElement(passage, found) {
  const text = points(passage.text);
  const inside = found.map((mark) => ({ ...mark, start: Math.max(0, mark.start - passage.start), end: Math.min(text.length, mark.end - passage.start) }))
    .filter((mark) => mark.start < mark.end);
  const cuts = [...new Set([0, text.length, ...inside.flatMap((mark) => [mark.start, mark.end])])].sort((a, b) => a - b);
  const stretches = cuts.slice(0, -1).map((start, i) => {
    const over = inside.filter((mark) => mark.start <= start && mark.end >= cuts[i + 1]);
    const words = text.slice(start, cuts[i + 1]).join("");
    if (!over.length) return document.createTextNode(words);
    const kinds = over.map((mark) => mark.kind);
    const title = over.map((mark) => mark.title).filter(Boolean).join(", ");
    return make("mark", { class: kinds.join(" "), title: title || null }, words);
  });
  return make("p", { class: "passage " + passage.kind + (current && passage.number === current.here ? " here" : ""), "data-start": passage.start }, ...stretches);
}

function only(shown) {
  for (const id of ["sheet", "orphans", "empty"]) $(id).hidden = id !== shown;
  if (shown !== "sheet") $("page").hidden = true;
}

function showEmpty() {
  current = null;
  only("empty");
  $("empty").textContent = queue.counts.all ? W.all_done : W.nothing;
}

async function showPage() {
  const piece = current;
  $("page").hidden = !piece.has_pages;
  document.body.classList.toggle("with-page", piece.has_pages);
  if (!piece.has_pages) return;
  $("page-title").textContent = "";
  fill($("boxes"));
  $("page-problem").hidden = true;
  $("paper").classList.add("waiting");
  try {
    const told = await api(`piece/${encodeURIComponent(piece.id)}/page`);
    if (current !== piece) return;
    $("picture").src = `/api/piece/${encodeURIComponent(piece.id)}/page.png`;
    $("page-title").textContent = W.page_of.replace("{n}", told.page).replace("{all}", told.pages);
    const kinds = Object.entries(told.boxes).sort(([a], [b]) => (a === "quote" ? -1 : b === "quote" ? 1 : 0));
    fill($("boxes"), ...kinds.flatMap(([kind, all]) => all.map((box) => {
      const element = make("div", { class: "box " + kind.replace(/\d+$/, "") });
      ["left", "top", "width", "height"].forEach((side, i) => { element.style[side] = box[i] * 100 + "%"; });
      return element;
    })));
    const trigger = $("boxes").querySelector(".trigger");
    $("page-problem").hidden = Boolean(trigger);
    $("page-problem").textContent = W.boxes_missing;
    if (trigger) $("page").scrollTop = Math.max(0, trigger.offsetTop - $("page").clientHeight / 3);
  } catch (error) {
    if (current !== piece) return;
    $("paper").classList.remove("waiting");
    $("page-problem").textContent = `${W.page_failed} ${error.message}`;
    $("page-problem").hidden = false;
  }
}

// -- a whole document, for blind coding ---------------------------------------------------------------

async function showDocument(id) {
  const told = await api("document/" + encodeURI(id));
  current = { document: told.document, blindly: true, passages: told.passages };
  closeForm();
  only("sheet");
  document.body.classList.remove("with-page");
  $("page").hidden = true;
  $("code-name").textContent = told.document.title;
  $("place").textContent = told.document.id;
  fill($("flags"), make("span", { class: "flag" }, W.blind));
  fill($("values"));
  $("details").hidden = true;
  $("settle-box").hidden = true;
  for (const button of $("actions").querySelectorAll("button")) button.hidden = !["add-open", "undo"].includes(button.id);
  $("finish-box").hidden = told.finished;
  $("text").lang = told.document.language || "";
  const found = told.evidence.map((one) => ({ start: one.start, end: one.end, kind: "quote", title: codeName(one.code) }));
  fill($("text"), ...told.passages.map((passage) => passageElement(passage, found)));
}

async function finish() {
  await guarded(async () => {
    await api("finish", { document: current.document.id });
    toast(W.saved);
    await loadQueue();
    await showDocument(current.document.id);
  });
}

// -- deciding -----------------------------------------------------------------------------------------

async function decide(verdict, more = {}) {
  if (!current || current.blindly) return;
  await guarded(async () => {
    const piece = current;
    await api("decide", { id: piece.id, verdict, seen: piece.mine, note: $("note").value.trim(), settle: $("settle").checked, ...more });
    toast(`${W.saved}: ${W[verdict]}`);
    await forward(piece.id, verdict);
  });
}

// After a decision the piece stays in sight in the queue, as decided, and the next open one is shown.
async function forward(id, verdict) {
  decided.add(id);
  const told = await api("queue?" + filters());
  const item = queue.items.find((one) => one.id === id);
  if (item) Object.assign(item, { state: verdict, mine: true });
  let next = queue.items.findIndex((one, at) => at > position && !decided.has(one.id));
  if (next < 0) {
    queue = told;
    position = -1;
    next = queue.items.findIndex((one) => !decided.has(one.id));
  } else {
    const { counts, progress, last, orphans, reviewers, total } = told;
    Object.assign(queue, { counts, progress, last, orphans, reviewers, total: Math.max(total, queue.items.length) });
  }
  showQueue();
  await (next >= 0 ? open(next) : showEmpty());
}

async function undo() {
  if (!queue.last) { toast(W.nothing_to_undo); return; }
  await guarded(async () => {
    const told = await api("undo", { seen: queue.last });
    toast(W.undone);
    decided.delete(told.done);
    const shown = queue.items.map((one) => one.id).includes(told.done);
    await loadQueue();
    if (current && current.blindly) await showDocument(current.document.id);
    else if (told.done && (shown || queue.items.some((one) => one.id === told.done))) {
      await openById(told.done).catch(() => (queue.items.length ? open(0) : showEmpty()));
    } else await (queue.items.length ? open(Math.max(0, Math.min(position, queue.items.length - 1))) : showEmpty());
  });
}

async function nextThatMatters() {
  await guarded(async () => {
    const after = queue.items.findIndex((one, at) => at > position && !decided.has(one.id) && one.state === "open");
    if (after >= 0) return open(after);
    await loadQueue();
    const first = queue.items.findIndex((one) => one.state === "open" && (!current || one.id !== current.id));
    return first >= 0 ? open(first) : showEmpty();
  });
}

// -- amending and adding ------------------------------------------------------------------------------

function openForm(mode) {
  if (!current || (mode === "amend" && current.blindly)) return;
  const bounds = selectedBounds();
  if (mode === "add" && !bounds) { toast(W.add_hint); return; }
  form = { mode, bounds };
  const values = mode === "amend" ? current.values : { code: $("v-code").value, organisations: (current.values || {}).organisations || [] };
  $("v-code").value = values.code || $("v-code").options[0].value;
  $("v-organisations").value = (values.organisations || []).join(", ");
  for (const name of ["status", "role", "polarity"]) $("v-" + name).value = values[name] || "";
  $("form-hint").textContent = mode === "amend" ? W.bounds_hint : "";
  $("form").hidden = false;
  $("amend").setAttribute("aria-expanded", "true");
  showAttributes();
  showSelection();
  $("v-code").focus({ preventScroll: true });
}

function closeForm() {
  form = null;
  $("form").hidden = true;
  $("amend").setAttribute("aria-expanded", "false");
}

function showAttributes() {
  const takes = (START.codes[$("v-code").value] || { attributes: [] }).attributes;
  for (const name of ["status", "role", "polarity"]) {
    const used = takes.includes(name);
    $("v-" + name).disabled = !used;
    $("v-" + name).closest("label").hidden = !used;
  }
}

function showSelection() {
  if (!form) return;
  form.bounds = selectedBounds() || form.bounds;
  $("form-words").textContent = form.bounds ? `“${wordsAt(form.bounds)}”` : "";
}

async function saveForm() {
  const takes = (START.codes[$("v-code").value] || { attributes: [] }).attributes;
  const values = {
    code: $("v-code").value,
    organisations: $("v-organisations").value.split(/[,，、]/).map((one) => one.trim()).filter(Boolean),
  };
  for (const name of ["status", "role", "polarity"]) if (takes.includes(name) && $("v-" + name).value) values[name] = $("v-" + name).value;
  const { mode, bounds } = form;
  if (mode === "amend") {
    await decide("amend", { ...values, bounds });
    return;
  }
  await guarded(async () => {
    const told = await api("add", {
      id: "", verdict: "add", document: current.document.id, text_hash: current.document.text_hash, bounds, note: $("note").value.trim(), ...values,
    });
    closeForm();
    getSelection().removeAllRanges();
    toast(`${W.saved}: ${W.add}`);
    await loadQueue();
    if (current.blindly) await showDocument(current.document.id);
    else await openById(told.done);
  });
}

// The selection in code points into the document, or null. Selections count UTF-16 units: converted here.
function selectedBounds() {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  if (!$("text").contains(range.startContainer) || !$("text").contains(range.endContainer)) return null;
  const start = offsetOf(range.startContainer, range.startOffset);
  const end = offsetOf(range.endContainer, range.endOffset);
  return start !== null && end !== null && start < end ? [start, end] : null;
}

function offsetOf(node, offset) {
  const passages = [...$("text").querySelectorAll(".passage")];
  const inside = (node.nodeType === Node.TEXT_NODE ? node.parentElement : node).closest(".passage");
  const passage = inside || passages[Math.min(offset, passages.length - 1)];
  if (!passage) return null;
  const before = document.createRange();
  before.selectNodeContents(passage);
  if (inside) before.setEnd(node, offset);
  else before.collapse(offset < passages.length);
  return Number(passage.dataset.start) + points(before.toString()).length;
}

function wordsAt([start, end]) {
  return current.passages.map((passage) => points(passage.text).slice(Math.max(0, start - passage.start), Math.max(0, end - passage.start)).join(""))
    .filter(Boolean).join(" ");
}

function openNote() {
  $("note-box").hidden = false;
  $("note").focus();
}

// -- orphans, messages, keys ---------------------------------------------------------------------------

async function showOrphans() {
  drawer(false);
  await guarded(async () => {
    const all = await api("orphans");
    current = null;
    only("orphans");
    fill($("orphan-list"), ...all.map((one) => make("li", {},
      make("p", {}, make("b", {}, `${one.reviewer}: ${W[one.verdict] || one.verdict}`), ` ${codeName(one.code)} · ${one.document} · ${W[one.reason]}`),
      make("blockquote", {}, one.quote),
      one.nearest ? make("p", { class: "hint" }, `${W.nearest} ${one.label}: ${one.nearest}`) : null)));
  });
}

async function guarded(what) {
  if (busy) return;
  busy = true;
  try {
    $("alarm").hidden = true;
    await what();
  } catch (error) {
    alarm(`${W.not_saved || ""} ${error.message}`.trim());
    if ([404, 409].includes(error.status) && !START.blind) {  // something changed elsewhere: show how it is now
      await loadQueue().catch(() => {});
      await (current ? openById(current.id) : open(0)).catch(() => (queue.items.length ? open(0) : showEmpty()));
    }
  } finally {
    busy = false;
  }
}

let toasting;
function toast(text) {
  $("toast").textContent = text;
  $("toast").hidden = false;
  clearTimeout(toasting);
  toasting = setTimeout(() => { $("toast").hidden = true; }, 2500);
}

function alarm(text) {
  $("alarm").textContent = text;
  $("alarm").hidden = false;
}

function key(event) {
  const typing = event.target.closest("input, textarea, select");
  if (event.key === "Escape") {
    if (form) closeForm();
    $("alarm").hidden = true;
    drawer(false);
    if (typing) typing.blur();
    return;
  }
  if (event.target.id === "note" && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    event.target.blur();
    return;
  }
  if (form && event.key === "Enter" && event.target.tagName === "SELECT") {
    event.preventDefault();
    saveForm();
    return;
  }
  if (typing || event.ctrlKey || event.metaKey || event.altKey || $("help").open) return;
  const act = {
    a: () => decide("accept"), r: () => decide("reject"), u: () => decide("unsure"),
    e: () => (form ? closeForm() : openForm("amend")), m: openNote, z: undo, n: () => openForm("add"), g: nextThatMatters,
    j: () => guarded(() => step(1)), k: () => guarded(() => step(-1)),
    "/": () => { drawer(true); $("f-words").focus(); }, "?": () => $("help").showModal(),
  }[event.key];
  if (act) {
    event.preventDefault();
    act();
  }
}

async function step(by) {
  const at = position + by;
  if (at >= queue.items.length && queue.items.length < queue.total) await loadQueue(queue.items.length);
  if (at >= 0 && at < queue.items.length) await open(at);
}
