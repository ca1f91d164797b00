// Panels that change while one looks: each element with data-sign is taken anew from the page itself when the stream
// says that something has changed, or every so many seconds where there is no stream. Nothing depends on this.
const PAUSE = 2500;
const region = document.querySelector("[data-live-stream]");
const every = Number(document.querySelector("[data-signs-every]")?.dataset.signsEvery ?? 0) * 1000;
let later;

async function anew() {
  later = undefined;
  if (document.hidden) return;
  let fresh;
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" }, redirect: "error" });
    if (!answer.ok) return;
    fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  } catch {
    return; // no connection: the live bar says so
  }
  for (const element of document.querySelectorAll("[data-sign]")) {
    const other = fresh.querySelector(`[data-sign="${CSS.escape(element.dataset.sign)}"]`);
    if (other && other.innerHTML !== element.innerHTML) element.innerHTML = other.innerHTML;
  }
}

region?.addEventListener("live:entity", () => (later ??= setTimeout(anew, PAUSE)));
if (every) setInterval(anew, every);
addEventListener("visibilitychange", () => document.hidden || anew());
