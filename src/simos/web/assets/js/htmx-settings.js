// htmx reads its settings from the page as soon as it is loaded, which may be after the page: so they must stand there
// before. No eval and no inline style, as the content security policy asks; pages are not kept in the browser's storage,
// for they may be personal.
const settings = {
  allowEval: false,
  includeIndicatorStyles: false,
  selfRequestsOnly: true,
  historyCacheSize: 0,
  refreshOnHistoryMiss: true,
  allowScriptTags: false,
  scrollIntoViewOnBoost: false,
};
const place = document.createElement("meta");
place.name = "htmx-config";
place.content = JSON.stringify(settings);
document.head.append(place);
