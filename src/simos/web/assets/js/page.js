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
