"""Going through a page by the Tab key alone."""

from playwright.async_api import Page

_PREPARE = """() => {
  const wanted = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']";
  const of = e => e.type === "radio" ? `${e.form?.action} ${e.name}` : e;
  const shown = [...document.querySelectorAll(wanted)].filter(e => !e.disabled && e.checkVisibility());
  const tabbing = window.tabbing = {wanted: new Map(shown.map(e => [of(e), e])), unmarked: new Set()};
  document.addEventListener("focusin", ({target}) => {
    tabbing.wanted.delete(of(target));
    const style = getComputedStyle(target);
    const marked = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    if (!marked) tabbing.unmarked.add(target);
  });
  document.activeElement.blur();
  return tabbing.wanted.size + 4 * document.querySelectorAll("input[type=date]").length;
}"""
_FOUND = """() => {
  const tell = (what, elements) => [...elements].slice(0, 5).map(e => `${what}: ${e.outerHTML.slice(0, 120)}`);
  return [...tell("not reached", tabbing.wanted.values()), ...tell("focus not seen", tabbing.unmarked)];
}"""
ROUND = 10
"""Keys besides one a control: boxes that scroll take one, and so does the way around the window; a day takes five."""


async def faults_by_keyboard(page: Page) -> list[str]:
    """Controls that Tab does not reach, and those on which one cannot see that it did. A group of radio buttons is one
    control, and what a closed detail hides is none.
    """
    controls = await page.evaluate(_PREPARE)
    for _ in range(controls + ROUND):
        await page.keyboard.down("Tab")  # held: a message less to the browser for each
    await page.keyboard.up("Tab")
    found: list[str] = await page.evaluate(_FOUND)
    return found
