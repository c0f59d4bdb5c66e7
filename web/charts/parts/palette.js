// The page's own colours; on paper always those of light.
const ON_PAPER = { ink: "#000", quiet: "#333", line: "#999", accent: "#0b6157", ground: "#fff" };

export function palette(printing) {
  if (printing) return ON_PAPER;
  const style = getComputedStyle(document.documentElement);
  const names = Object.keys(ON_PAPER);
  return Object.fromEntries(names.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
}
