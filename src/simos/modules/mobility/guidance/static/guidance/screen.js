// An information panel's screen: without connection it says since when; a number older than the panel's limit is hidden,
// with connection or without. When the connection is there again the page is taken anew. Nothing depends on this.
const main = document.querySelector("[data-screen]");
const status = main.querySelector("[data-live-status]");
const lost = main.querySelector("[data-screen-lost]");
const limit = 60_000 * Number(main.dataset.screenLimit);
const ahead = (Date.parse(main.dataset.liveNow) || Date.now()) - Date.now(); // of a replayed city
const STATES = ["is-good", "is-low", "is-bad"];
const time = new Intl.DateTimeFormat(document.documentElement.lang, {
  hour: "2-digit",
  minute: "2-digit",
  timeZone: main.dataset.liveTimeZone,
});
let since;

function tell() {
  const isLost = status.classList.contains("is-lost");
  if (!isLost && since) {
    location.reload(); // what was missed meanwhile, such as a garage that closed
    return;
  }
  if (isLost) since ??= Date.now();
  lost.hidden = !isLost;
  const text = isLost ? `${lost.dataset.words} ${time.format(since + ahead)}.` : "";
  if (lost.textContent !== text) lost.textContent = text;
  for (const number of main.querySelectorAll("[data-screen-at]")) {
    const at = Number(number.dataset.liveAt ?? number.dataset.screenAt);
    if (!at || Date.now() + ahead - at < limit || number.textContent === "–") continue;
    number.textContent = "–";
    number.classList.remove(...STATES);
    const word = number.parentElement.querySelector("[data-screen-word]");
    if (!word) continue;
    word.textContent = main.dataset.screenUnknown;
    word.classList.remove(...STATES);
  }
}

new MutationObserver(tell).observe(status, { attributes: true, attributeFilter: ["class"] });
setInterval(tell, 5000);
