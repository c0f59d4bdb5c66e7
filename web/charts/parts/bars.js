// One chart: bars side by side, filled for the first number and outlined for the second, so that no colour is needed.
import { BarController, BarElement, CategoryScale, Chart, Legend, LinearScale, Tooltip } from "chart.js";
import { palette } from "./palette.js";
import { read } from "./reading.js";

Chart.register(BarController, BarElement, CategoryScale, LinearScale, Legend, Tooltip);

const COLUMNS_HEIGHT = 280;
const BAR_HEIGHT = 24;
const AROUND_HEIGHT = 84;
const PAPER_WIDTH = 640;
const LINE_LENGTH = 16;

export function draw(figure) {
  const keys = figure.dataset.series.split(" ");
  const { labels, series } = read(document.getElementById(figure.dataset.of), keys);
  // A single bar shows nothing that its number does not say.
  if (labels.length < 2 || series.every(({ values }) => values.every((value) => !value))) return;
  const lying = figure.dataset.chart === "bars";
  const height = lying ? AROUND_HEIGHT + labels.length * (BAR_HEIGHT * keys.length + 10) : COLUMNS_HEIGHT;
  const canvas = document.createElement("canvas");
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", figure.dataset.label);
  figure.style.height = `${height}px`;
  figure.hidden = false;
  figure.append(canvas);

  const chart = new Chart(canvas, {
    type: "bar",
    data: { labels, datasets: series.map(({ label, values }) => ({ label, data: values })) },
    options: options(lying, series.length),
  });
  const colour = (printing) => {
    paint(chart, palette(printing));
    chart.update();
  };
  colour(false);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => colour(false));
  window.addEventListener("beforeprint", () => {
    colour(true);
    chart.resize(PAPER_WIDTH, height);
  });
  window.addEventListener("afterprint", () => {
    colour(false);
    chart.resize();
  });
}

function options(lying, count) {
  const numbers = new Intl.NumberFormat(document.documentElement.lang);
  const folded = function (value) {
    const label = this.getLabelForValue(value);
    return lying ? lines(label) : label;
  };
  return {
    animation: false,
    maintainAspectRatio: false,
    indexAxis: lying ? "y" : "x",
    scales: {
      [lying ? "y" : "x"]: { grid: { display: false }, ticks: { autoSkip: !lying, callback: folded } },
      [lying ? "x" : "y"]: { beginAtZero: true, ticks: { precision: 0, callback: (value) => numbers.format(value) } },
    },
    plugins: { legend: { display: count > 1, position: "bottom", align: "start" } },
  };
}

// On a telephone there is room for two short lines beside a bar.
function lines(label) {
  const [first, ...rest] = label.split(" ").reduce((folded, word) => {
    const last = folded.at(-1);
    const room = last !== undefined && last.length + word.length < LINE_LENGTH;
    return room ? [...folded.slice(0, -1), `${last} ${word}`] : [...folded, word];
  }, []);
  return [first, rest.join(" ")].filter(Boolean).map(cut);
}

function cut(line) {
  return line.length > LINE_LENGTH ? `${line.slice(0, LINE_LENGTH - 1)}…` : line;
}

function paint(chart, { ink, quiet, line, accent, ground }) {
  const style = getComputedStyle(document.body);
  const font = { family: style.fontFamily, size: 14 };
  chart.data.datasets.forEach((dataset, place) => {
    Object.assign(dataset, {
      backgroundColor: place ? ground : accent,
      borderColor: accent,
      borderWidth: place ? 2 : 0,
      borderSkipped: false,
    });
  });
  for (const scale of Object.values(chart.options.scales)) {
    Object.assign(scale.ticks, { color: quiet, font });
    scale.grid = { ...scale.grid, color: line };
    scale.border = { color: line };
  }
  Object.assign(chart.options.plugins.legend, { labels: { color: ink, font } });
}
