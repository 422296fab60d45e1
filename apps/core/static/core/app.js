// What server-rendered pages and htmx cannot do by themselves. Listeners sit on the document, so fragments need no set-up.

const body = document.body;

// htmx: every request carries the CSRF token; a failed one is said, not swallowed.
document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRFToken"] = body.dataset.csrf;
});
const showRequestFailed = (event) => {
  if (event.detail.elt?.matches("[data-background]")) return; // nobody asked for it: the page's own upkeep
  const notice = document.getElementById("request-failed");
  notice.hidden = false;
  notice.scrollIntoView({ block: "nearest" });
};
document.addEventListener("htmx:responseError", showRequestFailed);
document.addEventListener("htmx:sendError", showRequestFailed);
document.addEventListener("htmx:afterOnLoad", () => {
  document.getElementById("request-failed").hidden = true;
});

// form[data-confirm]: asks in its own <dialog> before it is sent. Without scripts the form is simply sent.
document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    if (!form.matches("form[data-confirm]") || event.submitter?.matches("[data-confirmed]")) return;
    event.preventDefault();
    event.stopPropagation();
    form.querySelector("dialog").showModal();
  },
  true,
);
document.addEventListener("click", (event) => {
  const dialog = event.target.closest("dialog");
  const onBackdrop = event.target.tagName === "DIALOG";
  if (dialog && (onBackdrop || event.target.closest("[data-dialog-close]"))) dialog.close();
});

// details[data-menu]: closes when the person looks elsewhere or presses Escape.
const openMenus = () => document.querySelectorAll("details[data-menu][open]");
document.addEventListener("click", (event) => {
  openMenus().forEach((menu) => menu.contains(event.target) || (menu.open = false));
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  openMenus().forEach((menu) => {
    menu.open = false;
    menu.querySelector("summary").focus();
  });
});

// form[data-autosubmit]: filters apply as soon as one is chosen.
document.addEventListener("change", (event) => {
  const form = event.target.form;
  if (form?.matches("form[data-autosubmit]") && event.target.type !== "search") form.requestSubmit();
});

// input[data-check-all="name"]: checks every box of that name in its form.
document.addEventListener("change", (event) => {
  const name = event.target.dataset?.checkAll;
  if (!name) return;
  event.target.form.querySelectorAll(`input[type=checkbox][name="${CSS.escape(name)}"]`).forEach((box) => {
    box.checked = event.target.checked;
  });
});

// form[data-warn-unsaved]: leaving with changes asks first. `data-saved` events (autosave) and sending clear it.
const unsaved = new Set();
document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (form?.matches("form[data-warn-unsaved]")) unsaved.add(form);
});
document.addEventListener("submit", (event) => unsaved.delete(event.target));
document.addEventListener("matchsvc:saved", (event) => unsaved.delete(event.target.closest("form")));
window.addEventListener("beforeunload", (event) => {
  if ([...unsaved].some((form) => form.isConnected)) event.preventDefault();
});

// Signing in again in another window renews the token; the cookie always has the present one.
document.addEventListener("submit", (event) => {
  const token = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1];
  const field = event.target.querySelector('[name="csrfmiddlewaretoken"]');
  if (token && field) field.value = token;
});

// A second click on a submit button while the answer is on its way sends nothing twice.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || form.hasAttribute("hx-post")) return;
  setTimeout(() => form.querySelectorAll("button[type=submit]").forEach((button) => (button.disabled = true)));
});
window.addEventListener("pageshow", (event) => {
  if (event.persisted) document.querySelectorAll("button:disabled[type=submit]").forEach((b) => (b.disabled = false));
});

// .field-count: how much of a text area's length is used.
const showCount = (area) => {
  const count = document.querySelector(`[data-count-for="${CSS.escape(area.id)}"]`);
  if (!count) return;
  count.textContent = `${area.value.length} / ${count.dataset.limit}`;
  count.classList.toggle("over", area.value.length > Number(count.dataset.limit));
};
const showCounts = (root) => root.querySelectorAll("textarea[id]").forEach(showCount);
document.addEventListener("input", (event) => event.target.matches("textarea[id]") && showCount(event.target));
document.addEventListener("htmx:load", (event) => showCounts(event.target));
showCounts(document);

// A row of tabs that is wider than the screen begins at the page one is on.
document.querySelectorAll(".tabs, .stats-tabs, .board-tabs, .office-nav ul").forEach((row) => {
  const current = row.querySelector("[aria-current]");
  if (current) row.scrollLeft = current.offsetLeft - row.offsetLeft - (row.clientWidth - current.offsetWidth) / 2;
});

// A form that came back with errors: the summary is read out first.
document.querySelector("[data-autofocus]")?.focus();
