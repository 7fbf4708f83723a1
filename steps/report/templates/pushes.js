"use strict";
// What the table of pushes does beyond being read: show a metric, filter, order, open.
const table = document.getElementById("pushes");
const form = document.getElementById("filters");
const heads = [...table.tHead.rows[0].cells];
const rows = [...table.querySelectorAll("tr.kind, tr.send")];
const shown = new Map(rows.map((row) => [row.id, cellsOf(row)]));
let ordered = "";
let inflated;

function cellsOf(row) {
  return [...row.cells].slice(4).map((cell) => cell.outerHTML).join("");
}

// {cells: {row: {metric: cells}}, opened: {push: what is shown when it is opened}}
function details() {
  inflated ??= (async () => {
    const packed = atob(JSON.parse(document.getElementById("details").textContent));
    const bytes = Uint8Array.from(packed, (letter) => letter.charCodeAt(0));
    const stream = new Blob([bytes]).stream();
    return new Response(stream.pipeThrough(new DecompressionStream("deflate"))).json();
  })();
  return inflated;
}

async function showMetric() {
  const { cells } = await details();
  const metric = form.metric.value;
  for (const row of rows) {
    while (row.cells.length > 4) row.deleteCell(-1);
    row.insertAdjacentHTML("beforeend", metric ? cells[row.id][metric] : shown.get(row.id));
  }
}

function matches(row) {
  return (
    (!form.verdict.value || row.querySelector(".verdict").classList.contains(form.verdict.value)) &&
    (!form.layer.value || row.dataset.layer === form.layer.value) &&
    (!form.month.value || row.dataset.month === form.month.value)
  );
}

function filter() {
  const isFiltered = ["verdict", "layer", "month"].some((name) => form[name].value);
  let sends = 0;
  for (const body of table.tBodies) {
    const below = [...body.querySelectorAll("tr.send")];
    const kind = body.querySelector("tr.kind");
    for (const send of below) {
      send.hidden = !matches(send);
      if (send.hidden) close(send);
      else sends += 1;
    }
    const isAnyBelow = below.some((send) => !send.hidden);
    if (kind) kind.hidden = !isAnyBelow && !matches(kind);
    body.classList.toggle("closed", Boolean(kind) && !isFiltered && !body.classList.contains("opened"));
  }
  say(`${sends} of ${table.querySelectorAll("tr.send").length} pushes${ordered}`);
}

function say(text) {
  document.getElementById("said").textContent = text;
}

function valueOf(row, column) {
  const cell = row.cells[column];
  const value = cell.dataset.value ?? (cell.classList.contains("effect") ? "" : cell.textContent);
  return value !== "" && !Number.isNaN(Number(value)) ? Number(value) : value;
}

function order(column) {
  const head = heads[column];
  const direction = head.getAttribute("aria-sort") === "ascending" ? -1 : 1;
  const compare = (one, other) => {
    const [a, b] = [valueOf(one, column), valueOf(other, column)];
    if (a === "" || b === "") return (a === "") - (b === "");
    return direction * (a > b ? 1 : a < b ? -1 : 0);
  };
  for (const each of heads) each.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", direction > 0 ? "ascending" : "descending");
  const bodies = [...table.tBodies].sort((one, other) => compare(one.rows[0], other.rows[0]));
  for (const body of bodies) {
    const sends = [...body.querySelectorAll("tr.send")].sort(compare);
    for (const send of sends) {
      const opened = openedBelow(send);
      body.append(send);
      if (opened) body.append(opened);
    }
    table.append(body);
  }
  ordered = `, by ${head.textContent.toLowerCase()}, ${head.getAttribute("aria-sort")}`;
  filter();
}

function openedBelow(row) {
  const next = row.nextElementSibling;
  return next && next.classList.contains("detail") ? next : null;
}

function close(row) {
  openedBelow(row)?.remove();
  row.querySelector("a").setAttribute("aria-expanded", "false");
}

async function open(row) {
  const html = (await details()).opened[row.id];
  if (openedBelow(row)) return;
  row.insertAdjacentHTML("afterend", `<tr class="detail"><td colspan="${heads.length}">${html}</td></tr>`);
  row.querySelector("a").setAttribute("aria-expanded", "true");
}

function toggleKind(row) {
  const body = row.parentElement;
  const isOpen = body.classList.toggle("opened");
  body.classList.toggle("closed", !isOpen);
  row.querySelector("button").setAttribute("aria-expanded", String(isOpen));
}

async function followLink() {
  const row = document.getElementById(location.hash.slice(1));
  if (!row || !row.matches("tr.send")) return;
  const kind = row.parentElement.querySelector("tr.kind");
  if (kind && row.parentElement.classList.contains("closed")) toggleKind(kind);
  row.hidden = false;
  await open(row);
  row.scrollIntoView();
}

function asButton(element, act) {
  const button = document.createElement("button");
  button.type = "button";
  button.append(...element.childNodes);
  button.addEventListener("click", act);
  element.append(button);
  return button;
}

heads.forEach((head, column) => asButton(head, () => order(column)));
for (const row of rows) {
  if (row.classList.contains("kind")) {
    asButton(row.cells[0], () => toggleKind(row)).setAttribute("aria-expanded", "false");
  } else {
    const link = row.querySelector("a");
    link.setAttribute("aria-expanded", "false");
    link.addEventListener("click", (event) => {
      event.preventDefault();
      if (openedBelow(row)) close(row);
      else open(row);
    });
  }
}
form.hidden = false;
form.addEventListener("change", async (event) => {
  if (event.target.name === "metric") await showMetric();
  filter();
});
form.addEventListener("submit", (event) => event.preventDefault());
window.addEventListener("hashchange", followLink);
filter();
followLink();
