// Reads a table of figures: its labels, and the numbers of some of its columns. What is left out has no number.
export function read(table, keys) {
  const rows = [...table.querySelectorAll("tbody tr")];
  const text = (element) => element.textContent.trim();
  return {
    labels: rows.map((row) => text(row.querySelector("th"))),
    series: keys.map((key) => ({
      label: text(table.querySelector(`thead [data-key="${key}"]`)),
      values: rows.map((row) => {
        const value = row.querySelector(`td[data-key="${key}"]`).dataset.value;
        return value === "" ? null : Number(value);
      }),
    })),
  };
}
