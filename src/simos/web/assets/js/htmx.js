// htmx 2, for parts that change in place of the whole page; fetched by page.js once somebody reaches for such a part
// (data-brings). Nothing depends on it.
import "./htmx-settings.js";
import "htmx.org/dist/htmx.esm.js";
