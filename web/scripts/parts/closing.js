// Closes an open menu or question when one presses Escape or elsewhere.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const open = event.target.closest?.("details[open][data-closes]");
  if (!open) return;
  open.open = false;
  open.querySelector("summary").focus();
});
document.addEventListener("click", (event) => {
  for (const open of document.querySelectorAll("details[open][data-closes]")) {
    if (!open.contains(event.target)) open.open = false;
  }
});
