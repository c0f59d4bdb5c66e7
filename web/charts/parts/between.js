// The two days are asked for only where the period is from one day to another.
for (const menu of document.querySelectorAll("select[data-opens]")) {
  const opened = document.getElementById(menu.dataset.opens);
  const follow = () => {
    opened.hidden = menu.value !== menu.dataset.opens;
  };
  menu.addEventListener("change", follow);
  // Also when the browser filled the form in again by itself.
  window.addEventListener("pageshow", follow);
  follow();
}
