// data-draft="name" on a form: what is typed stays in this tab until it is recorded, also without signal.
// Only in the tab's own memory: it ends with the tab, and with data-draft-done on the page that follows.
const KEY = "draft:";
const HELD_BACK = new Set(["idempotency_key", "case_id"]);

function typed(form) {
  return [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !HELD_BACK.has(name));
}

function fill(form, fields) {
  const left = new Map();
  for (const [name, value] of fields) left.set(name, [...(left.get(name) ?? []), value]);
  for (const control of form.elements) {
    if (!control.name || HELD_BACK.has(control.name) || control.type === "submit") continue;
    const values = left.get(control.name) ?? [];
    if (control.type === "radio" || control.type === "checkbox") control.checked = values.includes(control.value);
    else if (control.type !== "hidden" && values.length) control.value = values[0];
  }
  for (const details of form.querySelectorAll("details")) {
    const written = [...details.querySelectorAll("input:not([type=hidden]), textarea")];
    if (written.some((one) => (one.type === "checkbox" ? one.checked : one.type !== "radio" && one.value))) {
      details.open = true;
    }
  }
}

for (const done of document.querySelectorAll("[data-draft-done]")) {
  sessionStorage.removeItem(KEY + done.dataset.draftDone);
}

for (const form of document.querySelectorAll("form[data-draft]")) {
  const key = KEY + form.dataset.draft;
  const before = JSON.stringify(typed(form));
  const kept = sessionStorage.getItem(key);
  // A page that comes back from the server with what was typed knows better than the draft.
  if (kept && !form.hasAttribute("data-draft-shown")) fill(form, JSON.parse(kept));
  let waiting;
  const keep = () => {
    const now = JSON.stringify(typed(form));
    if (now === before) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, now);
  };
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(keep, 200);
  });
  window.addEventListener("pagehide", keep);
}

// Who signs out leaves nothing behind for the next person at this tablet.
document.addEventListener("submit", (event) => {
  if (!event.target.getAttribute("action")?.startsWith("/sign-out")) return;
  for (const key of Object.keys(sessionStorage)) if (key.startsWith(KEY)) sessionStorage.removeItem(key);
});
