/** Runs in a page and returns what can be seen of it: overflow, contrast and size of every piece of text, outline. */
(() => {
  const rgb = (text) => (text.match(/[\d.]+/g) ?? []).map(Number);
  const luminance = ([r = 0, g = 0, b = 0]) => {
    const [x, y, z] = [r, g, b]
      .map((value) => value / 255)
      .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const ground = (element) => {
    if (element === null) return [255, 255, 255];
    const [r, g, b, alpha = 1] = rgb(getComputedStyle(element).backgroundColor);
    return alpha === 0 ? ground(element.parentElement) : [r, g, b];
  };
  const faint = [];
  const small = [];
  let texts = 0;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const element = node.parentElement;
    const text = node.textContent.trim();
    if (!/[\p{L}\p{N}]/u.test(text) || element.getClientRects().length === 0) continue;
    texts++;
    const style = getComputedStyle(element);
    const [light, dark] = [luminance(rgb(style.color)), luminance(ground(element))].sort((a, b) => b - a);
    const contrast = (light + 0.05) / (dark + 0.05);
    if (contrast < 4.5) faint.push(`${contrast.toFixed(2)} ${style.color} ${text.slice(0, 40)}`);
    if (Number.parseFloat(style.fontSize) < 13) small.push(`${style.fontSize} ${text.slice(0, 40)}`);
  }
  const all = (selector) => [...document.querySelectorAll(selector)];
  return {
    scrollWidth: document.documentElement.scrollWidth,
    texts,
    faint,
    small,
    outline: {
      lang: document.documentElement.lang,
      title: document.title,
      article: document.querySelector("[role=article]")?.getAttribute("aria-label") ?? "",
      headings: all("h1,h2,h3").map((heading) => heading.tagName),
      namelessLinks: all("a").filter((link) => link.textContent.trim() === "").length,
      layoutTablesWithoutRole: all("table").filter((table) => table.getAttribute("role") !== "presentation")
        .length,
      images: document.images.length,
    },
  };
})();
