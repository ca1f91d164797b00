// Begins Wagtail's widgets, whose own templates do it by scripts in the page, which the office's policy stops.
// What is begun is named by `data-begin`, and with what by `data-with`; only what is listed here, and choosers.
const KNOWN = new Set(["initDateChooser", "initTimeChooser", "initDateTimeChooser", "InlinePanel", "MultipleChooserPanel"]);

function begin(place) {
  const { begin: name, with: given } = place.dataset;
  place.remove(); // once only
  const what = window[name];
  if (typeof what !== "function" || !(KNOWN.has(name) || /^[A-Z][A-Za-z]*Chooser$/.test(name))) {
    throw new Error(`the office does not know how to begin ${name}`);
  }
  if (name.startsWith("init")) what(...JSON.parse(given));
  else new what(...JSON.parse(given));
}

const beginAll = (within) => within.querySelectorAll("template[data-begin]").forEach(begin);

new MutationObserver((changes) => {
  for (const change of changes) {
    for (const node of change.addedNodes) {
      if (node.nodeType !== Node.ELEMENT_NODE || !node.isConnected) continue;
      if (node.matches("template[data-begin]")) begin(node);
      else beginAll(node);
    }
  }
}).observe(document.documentElement, { childList: true, subtree: true });
beginAll(document);
