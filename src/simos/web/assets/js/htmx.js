// htmx 2, for parts that change in place of the whole page; brought by the parts that gain from it. Nothing depends on it.
// No eval and no inline style, as the content security policy asks; pages are not kept in the browser's storage, for
// they may be personal.
import htmx from "htmx.org/dist/htmx.esm.js";

htmx.config.allowEval = false;
htmx.config.includeIndicatorStyles = false;
htmx.config.selfRequestsOnly = true;
htmx.config.historyCacheSize = 0;
htmx.config.refreshOnHistoryMiss = true;
htmx.config.allowScriptTags = false;
htmx.config.scrollIntoViewOnBoost = false;
