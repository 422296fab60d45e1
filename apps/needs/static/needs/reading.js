// The need form's panels of elements and clarity: where htmx and plain check boxes do not reach.

// A gap leads to the field that closes it, also where the field is folded away.
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-focuses]");
  const field = link && document.getElementById(link.dataset.focuses);
  if (!field) return;
  event.preventDefault();
  const folded = field.closest("details");
  if (folded) folded.open = true;
  field.scrollIntoView({ block: "center" });
  (field.matches("fieldset") ? field.querySelector("input:not([type=hidden]), select, textarea") : field)?.focus();
});

// Enter in the line for a new element adds it; it does not send the form.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.target.id !== "element-new-text" || event.isComposing) return;
  event.preventDefault();
  document.getElementById("element-add").click();
});

// What was unfolded stays unfolded when the panel is written anew.
document.addEventListener("htmx:oobBeforeSwap", (event) => {
  const { target, fragment } = event.detail;
  if (target.querySelector(".clarity-others[open]")) fragment.querySelector(".clarity-others")?.setAttribute("open", "");
});
