// Fields that say how many signs are left; nothing depends on it. Brought by the tags of {% load web_forms %} for them alone.
import { CharacterCount } from "govuk-frontend";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
for (const element of document.querySelectorAll('[data-module~="govuk-character-count"]')) new CharacterCount(element);
