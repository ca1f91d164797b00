// Lets the browser keep the last pages seen. Pages work without it.
if ("serviceWorker" in navigator) navigator.serviceWorker.register("/sw.js").catch(() => {});
