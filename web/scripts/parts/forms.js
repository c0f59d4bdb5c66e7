// One press is one deed: the button of a form that is on its way rests until the page comes back.
document.addEventListener("submit", (event) => {
  if (event.defaultPrevented || event.target.method === "dialog") return;
  const button = event.submitter;
  if (!button) return;
  // After this moment, so that the button's own name and value are still sent.
  setTimeout(() => {
    button.setAttribute("aria-disabled", "true");
    button.classList.add("busy");
  });
});
document.addEventListener(
  "click",
  (event) => {
    if (event.target.closest?.("[aria-disabled=true]")) event.preventDefault();
  },
  true,
);
// A page that comes back out of the browser's memory has nothing on its way.
window.addEventListener("pageshow", () => {
  for (const button of document.querySelectorAll("button.busy")) {
    button.removeAttribute("aria-disabled");
    button.classList.remove("busy");
  }
});

// After a refusal, the reader begins at what is to be corrected.
document.querySelector(".errors")?.focus();

// data-print on a button: the printer's dialogue.
document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-print]")) window.print();
});
