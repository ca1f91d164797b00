// What forms gain from JavaScript; nothing depends on it. Brought by the tags of {% load web_forms %};
// what counts signs, half of all, is in counts.js.
import { Checkboxes, ErrorSummary, Radios } from "govuk-frontend";

const parts = {
  "govuk-checkboxes": Checkboxes,
  "govuk-error-summary": ErrorSummary,
  "govuk-radios": Radios,
};

document.body.classList.add("js-enabled", "govuk-frontend-supported");
for (const [name, Part] of Object.entries(parts)) {
  for (const element of document.querySelectorAll(`[data-module~="${name}"]`)) new Part(element);
}
