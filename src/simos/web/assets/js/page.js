// What every page gains from JavaScript; nothing depends on it. A part of GOV.UK Frontend wakes where its
// data-module stands in the page.
import { Button, NotificationBanner, SkipLink } from "govuk-frontend";

const parts = {
  "govuk-button": Button,
  "govuk-notification-banner": NotificationBanner,
  "govuk-skip-link": SkipLink,
};

document.body.classList.add("js-enabled", "govuk-frontend-supported");
for (const [name, Part] of Object.entries(parts)) {
  for (const element of document.querySelectorAll(`[data-module~="${name}"]`)) new Part(element);
}

// What a part needs only once somebody reaches for it (a table's htmx) is fetched then. Until it is there, and after the
// load event, which it waits for itself, links lead to whole pages.
function fetchNeeded(event) {
  const part = event.target.closest?.("[data-brings]");
  if (part) import(part.dataset.brings);
}
addEventListener("load", () => {
  for (const reach of ["pointerover", "focusin"]) addEventListener(reach, fetchNeeded);
});

// Menus close when one goes elsewhere, by Escape or by a click.
addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && document.activeElement?.closest("details.menu[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});
addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
});
