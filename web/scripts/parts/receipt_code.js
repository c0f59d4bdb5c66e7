// data-code-from-address: the code behind the # of a receipt's QR, which no server is sent, is put into the form.
for (const form of document.querySelectorAll("form[data-code-from-address]")) {
  const code = decodeURIComponent(location.hash.slice(1));
  if (!/^[0-9A-Za-z-]{8,12}$/.test(code)) continue;
  // Out of the address, so that it stays in no history of a shared telephone.
  history.replaceState(null, "", location.pathname + location.search);
  form.elements.code.value = code;
  if (form.elements.case_number.value && !document.querySelector(".errors")) form.requestSubmit();
}
