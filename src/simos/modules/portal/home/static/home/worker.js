// Keeps the last public pages that were seen, so that they open without a connection. It keeps a page only if the
// server says that everybody may see it (X-SiMOS-Keep), never one of somebody who has signed in, and answers from what
// it keeps only when the server does not answer. VERSION is the server's; another version drops what was kept.
// It also shows the push messages of the inbox.
const PAGES = "simos-pages-VERSION";
const FILES = "simos-files-VERSION";
const MOST = 30;
const OFFLINE = ["/brez-povezave/", "/en/offline/", "/it/senza-rete/"];

self.addEventListener("install", (event) => {
  event.waitUntil(keepOffline().then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(dropOld().then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(request, url));
  else if (url.pathname.startsWith("/static/")) event.respondWith(file(request));
});

// A message has come (platform/messages/push.py says what is in it): told of even when no page is open.
self.addEventListener("push", (event) => {
  const said = event.data ? event.data.json() : { title: "SiMOS", address: "/" };
  const { title, body, lang, tag, address } = said;
  const options = { body, lang, tag, icon: "/static/web/icon.svg", data: { address } };
  event.waitUntil(self.registration.showNotification(title, options));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const wanted = new URL(event.notification.data.address, location.origin);
  if (wanted.origin === location.origin) event.waitUntil(self.clients.openWindow(wanted));
});

async function keepOffline() {
  const pages = await caches.open(PAGES);
  for (const address of OFFLINE) {
    const answer = await fetch(address, { credentials: "omit" });
    if (answer.ok) await pages.put(address, answer);
  }
}

async function dropOld() {
  for (const name of await caches.keys()) {
    if (name.startsWith("simos-") && name !== PAGES && name !== FILES) await caches.delete(name);
  }
}

async function page(request, url) {
  const pages = await caches.open(PAGES);
  try {
    const answer = await fetch(request);
    if (answer.ok && !answer.redirected && !url.search && answer.headers.get("X-SiMOS-Keep") === "public") {
      await pages.put(url.pathname, answer.clone());
      await forget(pages);
    }
    return answer;
  } catch (error) {
    const kept = url.search ? undefined : await pages.match(url.pathname);
    if (kept) return seen(kept);
    const language = ["en", "it"].indexOf(url.pathname.split("/")[1]) + 1;
    return (await pages.match(OFFLINE[language])) || Response.error();
  }
}

async function forget(pages) {
  const keys = (await pages.keys()).filter((each) => !OFFLINE.includes(new URL(each.url).pathname));
  for (const key of keys.slice(0, Math.max(0, keys.length - MOST))) await pages.delete(key);
}

// The page as it was, with the notice that it bears hidden for this, and the time at which it was seen.
async function seen(kept) {
  const at = new Date(kept.headers.get("Date"));
  const body = await kept.text();
  const language = (/<html[^>]* lang="([a-z]+)"/.exec(body) || [])[1] || "sl";
  const said = at.toLocaleString(language, { dateStyle: "long", timeStyle: "short" });
  const headers = new Headers(kept.headers);
  const shown = body.replace(' data-seen hidden>', " data-seen>").replace("<time data-seen-at></time>", () => `<time datetime="${at.toISOString()}">${said}</time>`);
  return new Response(shown, { status: 200, headers });
}

async function file(request) {
  const files = await caches.open(FILES);
  try {
    const answer = await fetch(request);
    if (answer.ok) await files.put(request, answer.clone());
    return answer;
  } catch (error) {
    return (await files.match(request)) || Response.error();
  }
}
