// Live regions: a page that changes while one looks at it.
//
// <main data-live-stream="/hub/live?..." data-live-from="<epoch>:<seq>"> opens an EventSource; data-live-from is the
// place in the change log at which the page was made, so that nothing between making and opening is missed.
// Each event `entity` updates, inside that region,
//   data-live-entity="urn:..." with one of
//     data-live-attribute="availableSpotNumber"   its text is the value
//     data-live-observed="availableSpotNumber"    a <time>: its text is when the value was observed
//     data-live-state="availableSpotNumber"       its text is the word of the state
//     data-live-until="availableSpotNumber"       what holds until a value comes: it is then hidden
//   Of several instances of an attribute, data-live-dataset picks one; without it the default instance.
//   data-live-full="0" data-live-few="20": at or below these the class is is-bad or is-low, above them is-good;
//   data-live-words-bad, -low, -good are the words of the state. data-live-most: a number above it, or below none, cannot
//   be, and is not shown.
// What the stream does not tell (a garage closes, a counter is found to be wrong) the page is asked for each minute: an
// element with an id and data-live-standing="..." takes on the server's content when that word has become another,
// all but what a script has put into [data-live-kept].
// A screen reader hears only what the person follows (a pressed button data-live-follow="urn:...") or has in focus,
// all of it in one sentence, at most every 20 seconds, from the region's [data-live-announce].
// One button [data-live-pause] stops and starts all regions of the page (WCAG 2.2.2): the stream is closed meanwhile, and
// goes on where it was. Scripts of a page may listen on the region to `live:entity` (detail: the entity's id).
// Nothing here may be needed to read the page.

const language = { en: "en-GB" }[document.documentElement.lang] ?? document.documentElement.lang;
const number = new Intl.NumberFormat(language, { maximumFractionDigits: 1, useGrouping: "always" });
const NOTHING = "–";
const REOPEN_AFTER = 30_000;
const REREAD_EACH = 60_000;
const FRESH = 12 * 3600_000; // a time further from the city's present than this is written with its date
const STATES = ["is-bad", "is-low", "is-good"];
const WORDS = { open: "wordsOpen", lost: "wordsLost", paused: "wordsPaused" };

function instanceOf(attribute, dataset) {
  const all = Array.isArray(attribute) ? attribute : [attribute];
  if (!all.length) return { value: null }; // the attribute was deleted
  return all.find((each) => (each?.datasetId ?? "") === dataset);
}

function valueOf(instance) {
  const value = instance.value ?? instance.languageMap?.[document.documentElement.lang] ?? instance.object;
  return value === "urn:ngsi-ld:null" || value === undefined ? null : value;
}

function written(value) {
  if (value === null) return NOTHING;
  return typeof value === "number" ? number.format(value) : String(value);
}

function stateOf(value, { liveFull, liveFew }) {
  if (typeof value !== "number" || (liveFull === undefined && liveFew === undefined)) return "";
  if (liveFull !== undefined && value <= Number(liveFull)) return "bad";
  return liveFew !== undefined && value <= Number(liveFew) ? "low" : "good";
}

class Region {
  constructor(root) {
    this.root = root;
    this.status = root.querySelector("[data-live-status]");
    this.voice = root.querySelector("[data-live-announce]");
    this.pause = 1000 * Number(this.voice?.dataset.liveEvery ?? 20);
    const clock = {
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
      timeZone: root.dataset.liveTimeZone || "Europe/Ljubljana",
    };
    this.time = new Intl.DateTimeFormat(language, clock);
    this.dated = new Intl.DateTimeFormat(language, { ...clock, day: "numeric", month: "numeric", year: "numeric" });
    this.ahead = (Date.parse(root.dataset.liveNow ?? "") || Date.now()) - Date.now(); // of a replayed city
    this.followed = new Set();
    this.unsaid = new Map();
    this.saidAt = -Infinity;
    this.lastId = root.dataset.liveFrom ?? "";
    this.collect();
    for (const button of root.querySelectorAll("[data-live-follow]")) this.offer(button);
  }

  collect() {
    this.elements = new Map();
    for (const element of this.root.querySelectorAll("[data-live-entity]")) {
      const id = element.dataset.liveEntity;
      this.elements.set(id, [...(this.elements.get(id) ?? []), element]);
    }
  }

  async reread() {
    const standing = [...this.root.querySelectorAll("[data-live-standing]")];
    if (!standing.length) return;
    const answer = await fetch(location.href).catch(() => undefined); // without connection the page stays as it is
    if (!answer?.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const element of standing) {
      const fresh = page.getElementById(element.id);
      if (!fresh || fresh.dataset.liveStanding === element.dataset.liveStanding) continue;
      const focused = element.contains(document.activeElement) && document.activeElement.getAttribute("href");
      const kept = element.querySelector("[data-live-kept]");
      if (kept) fresh.querySelector("[data-live-kept]")?.replaceWith(kept);
      element.dataset.liveStanding = fresh.dataset.liveStanding;
      element.replaceChildren(...fresh.childNodes);
      for (const button of element.querySelectorAll("[data-live-follow]")) this.offer(button);
      if (focused) [...element.querySelectorAll("a")].find((each) => each.getAttribute("href") === focused)?.focus();
    }
    this.collect();
  }

  offer(button) {
    button.hidden = false;
    button.setAttribute("aria-pressed", String(this.followed.has(button.dataset.liveFollow)));
    button.addEventListener("click", () => {
      const id = button.dataset.liveFollow;
      const on = !this.followed.delete(id);
      if (on) this.followed.add(id);
      button.setAttribute("aria-pressed", String(on));
    });
  }

  open() {
    clearTimeout(this.later);
    if (this.source && this.source.readyState !== EventSource.CLOSED) return;
    const address = new URL(this.root.dataset.liveStream, location.href);
    if (this.lastId) address.searchParams.set("lastEventId", this.lastId); // a new source cannot send the header
    this.source = new EventSource(address);
    this.source.addEventListener("open", () => this.tell("open"));
    this.source.addEventListener("hello", (event) => (this.lastId = event.lastEventId));
    this.source.addEventListener("entity", (event) => this.take(event));
    this.source.addEventListener("bye", () => this.tell("lost"));
    this.source.addEventListener("error", () => {
      this.tell("lost");
      // The browser reconnects by itself unless the answer was an error; then this does, slowly.
      if (this.source.readyState === EventSource.CLOSED) this.later = setTimeout(() => this.open(), REOPEN_AFTER);
    });
  }

  close() {
    clearTimeout(this.later);
    this.source?.close();
  }

  tell(state) {
    if (!this.status || this.status.classList.contains(`is-${state}`)) return;
    this.status.hidden = false;
    this.status.classList.remove("is-open", "is-lost", "is-paused");
    this.status.classList.add(`is-${state}`);
    this.status.textContent = this.status.dataset[WORDS[state]];
  }

  take(event) {
    this.lastId = event.lastEventId;
    let entity;
    try {
      entity = JSON.parse(event.data);
    } catch {
      return; // a broken event changes nothing; the next one may be whole
    }
    if (entity.kind === "corrected") return; // the past, not what is shown
    this.root.dispatchEvent(new CustomEvent("live:entity", { detail: entity.id }));
    for (const element of this.elements.get(entity.id) ?? []) {
      const data = element.dataset;
      const name = data.liveAttribute ?? data.liveObserved ?? data.liveState ?? data.liveUntil;
      const attribute = entity.kind === "deleted" ? [] : entity.attributes?.[name];
      const instance = attribute && instanceOf(attribute, data.liveDataset ?? "");
      if (instance) this.show(element, instance);
    }
  }

  show(element, instance) {
    const data = element.dataset;
    const at = Date.parse(instance.observedAt ?? "");
    if (at < Number(data.liveAt ?? 0)) return; // an older value came late
    if (at) data.liveAt = String(at);
    const told = valueOf(instance);
    const value = data.liveMost !== undefined && (told < 0 || told > Number(data.liveMost)) ? null : told;
    if (data.liveUntil !== undefined) {
      element.hidden = value !== null;
      return;
    }
    const state = stateOf(value, data);
    let text = written(value);
    if (data.liveObserved !== undefined) {
      if (!at) return;
      element.dateTime = instance.observedAt;
      element.parentElement.hidden = false; // "observed at" stands there only with a time
      const far = Math.abs(Date.now() + this.ahead - at) > FRESH;
      text = (far ? this.dated : this.time).format(at);
    } else if (data.liveState !== undefined) {
      text = data[`liveWords${state.charAt(0).toUpperCase()}${state.slice(1)}`] ?? NOTHING;
    }
    element.classList.remove(...STATES);
    if (state) element.classList.add(`is-${state}`);
    if (element.textContent.trim() === text) return;
    element.textContent = text;
    if (data.liveAttribute === undefined) return;
    element.classList.remove("is-changed");
    void element.offsetWidth; // so that the mark of change starts anew
    element.classList.add("is-changed");
    this.remember(element, text);
  }

  remember(element, text) {
    const id = element.dataset.liveEntity;
    const focused = document.activeElement?.closest("[data-live-region]")?.dataset.liveRegion === id;
    if (!this.voice || !(focused || this.followed.has(id))) return;
    this.unsaid.set(element, `${element.dataset.liveName ?? ""} ${text} ${element.dataset.liveUnit ?? ""}`.trim());
    const wait = Math.max(0, this.saidAt + this.pause - performance.now());
    this.voicing ??= setTimeout(() => this.say(), wait);
  }

  say() {
    this.voicing = undefined;
    this.saidAt = performance.now();
    this.voice.textContent = [...this.unsaid.values()].join(". ");
    this.unsaid.clear();
  }
}

const regions = [...document.querySelectorAll("[data-live-stream]")].map((root) => new Region(root));
let paused = false;

function openAll() {
  if (!paused && !document.hidden) for (const region of regions) region.open();
}

function closeAll() {
  for (const region of regions) region.close();
}

for (const button of document.querySelectorAll("[data-live-pause]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    paused = !paused;
    button.setAttribute("aria-pressed", String(paused));
    if (!paused) return openAll();
    closeAll();
    for (const region of regions) region.tell("paused");
  });
}
openAll();
setInterval(() => {
  if (!paused && !document.hidden) for (const region of regions) region.reread();
}, REREAD_EACH);
addEventListener("pagehide", closeAll);
addEventListener("pageshow", (event) => event.persisted && openAll());
// A browser opens six connections to a host: pages that nobody sees leave theirs to the others, and lose nothing.
document.addEventListener("visibilitychange", () => (document.hidden ? closeAll() : openAll()));
