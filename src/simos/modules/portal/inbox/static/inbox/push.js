// Turns push messages on in this browser, and off. The page works without it: browsers can be turned off by a form.
const place = document.querySelector("[data-push]");
const offer = place?.querySelector("[data-push-turn-on]");
const refused = place?.querySelector("[data-push-refused]");

if (place && "serviceWorker" in navigator && "PushManager" in window && "Notification" in window) start();

async function start() {
  const worker = await navigator.serviceWorker.register("/sw.js").catch(() => null);
  if (!worker) return;
  place.querySelector("[data-push-impossible]").hidden = true;
  const subscription = await worker.pushManager.getSubscription();
  const own = subscription && place.querySelector(`[data-push-endpoint="${await digest(subscription.endpoint)}"]`);
  if (own) {
    own.querySelector("[data-push-own]").hidden = false;
    own.querySelector("form").addEventListener("submit", (event) => turnOff(event, subscription));
  } else if (Notification.permission === "denied") {
    refused.hidden = false;
  } else {
    offer.hidden = false;
    offer.querySelector("[data-push-form]").addEventListener("submit", (event) => turnOn(event, worker, subscription));
  }
}

async function turnOn(event, worker, old) {
  event.preventDefault();
  const form = event.target;
  try {
    if ((await Notification.requestPermission()) !== "granted") throw new Error("not granted");
    await old?.unsubscribe(); // it may be bound to another key
    const options = { userVisibleOnly: true, applicationServerKey: bytes(place.dataset.push) };
    const made = (await (await navigator.serviceWorker.ready).pushManager.subscribe(options)).toJSON();
    form.elements.endpoint.value = made.endpoint;
    form.elements.p256dh.value = made.keys.p256dh;
    form.elements.auth.value = made.keys.auth;
    form.submit();
  } catch {
    refused.hidden = false;
  }
}

async function turnOff(event, subscription) {
  event.preventDefault();
  const form = event.target;
  await subscription.unsubscribe().catch(() => {});
  const wish = document.createElement("input");
  Object.assign(wish, { type: "hidden", name: "do", value: "remove" });
  form.append(wish);
  form.submit();
}

function bytes(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
}

async function digest(text) {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return [...new Uint8Array(hash)].map((each) => each.toString(16).padStart(2, "0")).join("");
}
