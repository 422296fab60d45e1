// Long forms (templates/sheet): chips of terms, rows of indicators, and a page that saves itself. The server decides.

const form = document.querySelector("form[data-sheet]");
const rows = document.getElementById("indicator-rows");
const saved = document.getElementById("saved");
const tagsFull = document.getElementById("tags-full");

const changed = () => form.dispatchEvent(new Event("input", { bubbles: true }));
const askForIdeas = () => form.dispatchEvent(new Event("ideas-again"));

// ---- Terms: one tap adds, another removes --------------------------------------------------------------------------
const listFor = (field) => form.querySelector(`[data-chips~="${field}"]`);
const inputsIn = (list, field) => [...list.querySelectorAll("input")].filter((input) => !field || input.name === field);

function addTerm({ addTerm: field, code, name }) {
  const list = listFor(field);
  const refused = field === "tags" && inputsIn(list, field).length >= Number(list.dataset.most);
  tagsFull.hidden = !refused;
  if (refused || inputsIn(list).some((input) => input.value === code)) return;
  const chip = document.getElementById("chip-template").content.cloneNode(true);
  Object.assign(chip.querySelector("input"), { name: field, value: code });
  chip.querySelector("[data-chip-name]").textContent = name;
  list.append(chip);
  changed();
  askForIdeas();
}

function removeChip(button) {
  const list = button.closest("[data-chips]");
  button.closest("li").remove();
  tagsFull.hidden = true;
  (list.parentElement.querySelector("input[type=search], select") ?? form).focus();
  changed();
  askForIdeas();
}

// select[data-adds="field"]: what is chosen joins the list, and the select is ready for the next.
form.addEventListener("change", (event) => {
  const field = event.target.dataset.adds;
  if (!field || !event.target.value) return;
  const { value, text } = event.target.selectedOptions[0];
  event.target.value = "";
  addTerm({ addTerm: field, code: value, name: text });
});

// ---- Indicators ----------------------------------------------------------------------------------------------------
const total = form.querySelector('[name="indicators-TOTAL_FORMS"]');
const cell = (row, name) => row.querySelector(`[name$="-${name}"]`);
const isBlank = (row) => [...row.querySelectorAll("input[type=text]")].every((input) => !input.value.trim());

function addRow() {
  const template = document.getElementById("indicator-template").innerHTML;
  rows.insertAdjacentHTML("beforeend", template.replaceAll("__prefix__", total.value));
  total.value = Number(total.value) + 1;
  return rows.lastElementChild;
}

function addIndicator(idea) {
  const free = [...rows.children].find((row) => !row.hidden && isBlank(row)) ?? addRow();
  for (const name of ["name", "comparison", "low", "high", "unit", "is_hard"]) {
    const target = cell(free, name);
    if (target) target.value = idea[name];
  }
  const folded = rows.closest("details");
  if (folded) folded.open = true;
  changed();
  askForIdeas();
}

// ---- Wiring: on the document, as fragments come and go -------------------------------------------------------------
document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if ("addTerm" in button.dataset) addTerm(button.dataset);
  else if ("removeChip" in button.dataset) removeChip(button);
  else if ("addIndicator" in button.dataset) addIndicator(button.dataset);
  else if ("addRow" in button.dataset) cell(addRow(), "name").focus();
});

rows.addEventListener("change", (event) => {
  const row = event.target.closest(".indicator-row");
  if (event.target.name.endsWith("-DELETE")) {
    row.hidden = event.target.checked;
    askForIdeas();
  }
  if (event.target.name.endsWith("-comparison")) {
    // The number typed first moves to the field that is shown now.
    const [from, to] = event.target.value === "le" ? ["low", "high"] : ["high", "low"];
    if (event.target.value !== "between" && !cell(row, to).value) {
      cell(row, to).value = cell(row, from).value;
      cell(row, from).value = "";
    }
  }
});

// Enter in the search for tags searches; it does not send the form.
document.getElementById("tag-words").addEventListener("keydown", (event) => {
  if (event.key === "Enter") event.preventDefault();
});

// ---- Counters ------------------------------------------------------------------------------------------------------
const showCount = (count) => {
  const length = document.getElementById(count.dataset.counts).value.length;
  count.textContent = `${length} / ${count.dataset.limit}`;
  count.classList.toggle("over", length > Number(count.dataset.limit));
};
const showCounts = () => form.querySelectorAll("[data-counts]").forEach(showCount);
form.addEventListener("input", showCounts);
showCounts();
form.querySelector("[data-add-row]").hidden = false;

// ---- Saving --------------------------------------------------------------------------------------------------------
// Signing in again in another window renews the token; the cookie always has the present one.
const presentToken = () => document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1];
document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRFToken"] = presentToken() ?? event.detail.headers["X-CSRFToken"];
});

let isSaving = false;
let waiting = null;
saved?.addEventListener("htmx:beforeRequest", () => (isSaving = true));
saved?.addEventListener("htmx:afterRequest", () => {
  isSaving = false;
  const submitter = waiting;
  waiting = null;
  if (submitter) setTimeout(() => form.requestSubmit(submitter)); // after the new version has been swapped in
});
saved?.addEventListener("htmx:afterSwap", () => {
  if (saved.querySelector("[data-saved]")) saved.dispatchEvent(new Event("matchsvc:saved", { bubbles: true }));
});

// A button pressed while the page is saving itself waits for that: its version would be out of date.
form.addEventListener("submit", (event) => {
  if (isSaving && event.submitter) {
    event.preventDefault();
    waiting = event.submitter;
    return;
  }
  const token = presentToken();
  if (token) form.querySelector('[name="csrfmiddlewaretoken"]').value = token;
});
