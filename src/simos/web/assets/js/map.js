// Maps: features of a city over a basemap from the operator's own files, an online style, or a plain ground.
//
// <div data-map="id of the JSON"> is filled by simos.web.maps. Each feature may have a twin, an element of the page that
// tells of it: its HTML is the popup, its state class (is-good, is-low, is-bad) the feature's, also as it changes.
// Everything is in the page's list too; nothing here may be needed.
import * as maplibre from "maplibre-gl";
import { Protocol } from "pmtiles";

const FONT = ["Atkinson Hyperlegible Next"];
const STATES = ["good", "low", "bad"];
const still = matchMedia("(prefers-reduced-motion: reduce)");
const dark = matchMedia("(prefers-color-scheme: dark)");
maplibre.addProtocol("pmtiles", new Protocol({ metadata: true }).tile);

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

function graticule(step = 0.1) {
  const lines = [];
  for (let x = 12; x <= 18; x += step) lines.push([[x, 44.5], [x, 47.5]]);
  for (let y = 44.5; y <= 47.5; y += step) lines.push([[12, y], [18, y]]);
  return { type: "MultiLineString", coordinates: lines };
}

// The ground under the features, in the page's colours.
function ground(basemap) {
  const style = {
    version: 8,
    sources: {},
    layers: [{ id: "ground", type: "background", paint: { "background-color": colour("govuk-surface-background-colour") } }],
  };
  if (!basemap) {
    style.sources.graticule = { type: "geojson", data: graticule() };
    style.layers.push({
      id: "graticule",
      type: "line",
      source: "graticule",
      paint: { "line-color": colour("govuk-border-colour"), "line-width": 0.75 },
    });
    return style;
  }
  style.sources.base = { type: "vector", url: `pmtiles://${new URL(basemap, location.href).href}` };
  const border = colour("govuk-border-colour");
  const text = colour("govuk-secondary-text-colour");
  const of = (kind) => ["==", ["get", "kind"], kind];
  style.layers.push(
    { id: "land", type: "fill", source: "base", "source-layer": "areas", filter: of("municipality"), paint: { "fill-color": colour("govuk-body-background-colour") } },
    { id: "quarters", type: "line", source: "base", "source-layer": "areas", filter: of("quarter"), minzoom: 10, paint: { "line-color": border, "line-dasharray": [3, 2] } },
    { id: "borders", type: "line", source: "base", "source-layer": "areas", filter: of("municipality"), paint: { "line-color": colour("govuk-surface-border-colour"), "line-width": ["interpolate", ["linear"], ["zoom"], 6, 0.5, 12, 2] } },
    {
      id: "places",
      type: "symbol",
      source: "base",
      "source-layer": "places",
      layout: { "text-field": ["get", "name"], "text-font": FONT, "text-size": ["interpolate", ["linear"], ["zoom"], 7, 12, 14, 16], "symbol-sort-key": ["-", 0, ["coalesce", ["get", "rank"], 0]] },
      paint: { "text-color": text, "text-halo-color": colour("govuk-body-background-colour"), "text-halo-width": 1.5 },
    },
  );
  return style;
}

// A state is told by its form as well as by its colour: disc, triangle, square, ring.
function mark(state) {
  const size = 44;
  const canvas = Object.assign(document.createElement("canvas"), { width: size, height: size });
  const pen = canvas.getContext("2d");
  pen.translate(size / 2, size / 2);
  pen.beginPath();
  if (state === "bad") pen.rect(-13, -13, 26, 26);
  else if (state === "low") [[0, -17], [17, 13], [-17, 13]].forEach(([x, y], i) => (i ? pen.lineTo(x, y) : pen.moveTo(x, y)));
  else pen.arc(0, 0, 15, 0, 7);
  pen.closePath();
  pen.lineJoin = "round";
  pen.lineWidth = 8;
  pen.strokeStyle = colour("govuk-body-background-colour");
  pen.stroke();
  pen.fillStyle = state ? colour(state) : colour("govuk-brand-colour");
  pen.fill();
  return { image: pen.getImageData(0, 0, size, size), pixelRatio: 2 };
}

function boundsOf(collections, fallback) {
  const box = new maplibre.LngLatBounds();
  const walk = (each) => (typeof each[0] === "number" ? box.extend(each) : each.forEach(walk));
  for (const { features } of collections) for (const { geometry } of features) if (geometry) walk(geometry.coordinates);
  return box.isEmpty() ? fallback : box;
}

class MapOfPage {
  constructor(root) {
    this.root = root;
    this.told = JSON.parse(document.getElementById(root.dataset.map).textContent);
    this.frame = root.querySelector(".map__frame");
    root.hidden = false;
    this.map = new maplibre.Map({
      container: this.frame,
      style: this.style(),
      bounds: boundsOf(this.told.layers.map((layer) => layer.features), this.told.bounds),
      fitBoundsOptions: { padding: 48, maxZoom: 15 },
      attributionControl: false,
      cooperativeGestures: false,
      dragRotate: false,
      pitchWithRotate: false,
      fadeDuration: still.matches ? 0 : 200,
      locale: JSON.parse(root.dataset.mapWords),
    });
    this.map.scrollZoom.disable(); // the page scrolls; the map is enlarged by its buttons, by + and - or by two fingers
    this.map.touchZoomRotate.disableRotation();
    this.map.addControl(new maplibre.NavigationControl({ showCompass: false }));
    this.map.addControl(new maplibre.ScaleControl());
    this.map.addControl(new maplibre.AttributionControl({ compact: false }));
    this.map.on("style.load", () => this.draw());
    dark.addEventListener("change", () => root.dataset.mapStyle || this.map.setStyle(this.style()));
    this.follow();
    this.offer();
  }

  style() {
    return this.root.dataset.mapStyle || ground(this.root.dataset.mapBase);
  }

  async draw() {
    for (const state of ["", ...STATES]) {
      const { image, pixelRatio } = mark(state);
      if (!this.map.hasImage(`mark-${state || "plain"}`)) this.map.addImage(`mark-${state || "plain"}`, image, { pixelRatio });
    }
    for (const layer of this.told.layers) {
      const data = layer.address ? layer.address : this.stated(layer);
      this.map.addSource(layer.name, { type: "geojson", data, cluster: layer.clustered, clusterRadius: 40 });
      this[layer.drawn](layer.name, layer.clustered);
    }
    this.root.dataset.mapReady = "";
  }

  points(name, clustered) {
    const single = ["!", ["has", "point_count"]];
    if (clustered) {
      this.map.addLayer({ id: `${name}-many`, type: "circle", source: name, filter: ["has", "point_count"], paint: { "circle-color": colour("govuk-brand-colour"), "circle-radius": ["step", ["get", "point_count"], 16, 20, 20, 100, 26], "circle-stroke-width": 3, "circle-stroke-color": colour("govuk-body-background-colour") } });
      this.map.addLayer({ id: `${name}-count`, type: "symbol", source: name, filter: ["has", "point_count"], layout: { "text-field": ["get", "point_count"], "text-font": FONT, "text-size": 15, "text-allow-overlap": true }, paint: { "text-color": colour("govuk-inverse-text-colour") } });
      this.map.on("click", `${name}-many`, ({ features: [{ geometry }] }) => this.go(geometry.coordinates, this.map.getZoom() + 2));
    }
    this.map.addLayer({ id: name, type: "symbol", source: name, filter: single, layout: { "icon-image": ["concat", "mark-", ["get", "state"]], "icon-allow-overlap": true } });
    this.tell(name);
  }

  lines(name) {
    this.map.addLayer({ id: name, type: "line", source: name, layout: { "line-cap": "round", "line-join": "round" }, paint: { "line-color": this.byState(), "line-width": 4 } });
    this.tell(name);
  }

  areas(name) {
    this.map.addLayer({ id: name, type: "fill", source: name, paint: { "fill-color": this.byState(), "fill-opacity": 0.25 } });
    this.map.addLayer({ id: `${name}-edge`, type: "line", source: name, paint: { "line-color": this.byState(), "line-width": 2 } });
    this.tell(name);
  }

  byState() {
    return ["match", ["get", "state"], ...STATES.flatMap((state) => [state, colour(state)]), colour("govuk-brand-colour")];
  }

  tell(name) {
    this.map.on("click", name, ({ features: [{ properties }], lngLat }) => this.popup(properties, lngLat));
    this.map.on("mouseenter", name, () => (this.map.getCanvas().style.cursor = "pointer"));
    this.map.on("mouseleave", name, () => (this.map.getCanvas().style.cursor = ""));
  }

  // The twin's own HTML. What live.js keeps up to date there is taken anew with each change.
  popup({ twin, title }, place) {
    this.open?.remove();
    const box = document.createElement("div");
    const fill = () => {
      const source = document.getElementById(twin);
      if (!source) return (box.textContent = title);
      const copy = source.cloneNode(true);
      for (const each of [copy, ...copy.querySelectorAll("[id]")]) each.removeAttribute("id");
      copy.querySelectorAll(".map-show, .follow").forEach((each) => each.remove());
      box.replaceChildren(...(copy.matches("tr") ? [...copy.cells].flatMap((cell) => [...cell.childNodes, document.createElement("br")]) : copy.childNodes));
    };
    fill();
    this.open = new maplibre.Popup({ maxWidth: "18rem", focusAfterOpen: true }).setLngLat(place).setDOMContent(box).addTo(this.map);
    this.open.refill = fill;
  }

  go(center, zoom) {
    this.map[still.matches ? "jumpTo" : "flyTo"]({ center, zoom });
  }

  stated(layer) {
    for (const { properties } of layer.features.features) {
      const twin = properties.twin && document.getElementById(properties.twin);
      const found = twin?.querySelector("[data-live-state], [data-live-attribute]");
      const state = found && STATES.find((each) => found.classList.contains(`is-${each}`));
      if (found) properties.state = state ?? "plain";
    }
    return layer.features;
  }

  // The list changes by live.js; the map follows the list, at most once a second.
  follow() {
    const twins = this.told.layers.flatMap((layer) => layer.features.features).map(({ properties }) => document.getElementById(properties.twin));
    const observer = new MutationObserver(() => {
      this.later ??= setTimeout(() => {
        this.later = undefined;
        for (const layer of this.told.layers) if (!layer.address) this.map.getSource(layer.name)?.setData(this.stated(layer));
        if (this.open?.isOpen()) this.open.refill();
      }, 1000);
    });
    for (const twin of twins) if (twin) observer.observe(twin, { subtree: true, childList: true, attributes: true, attributeFilter: ["class"] });
  }

  // Each thing of the list gains a way to its place on the map.
  offer() {
    for (const { properties, geometry } of this.told.layers.flatMap((layer) => layer.features.features)) {
      const place = document.getElementById(properties.twin)?.querySelector("[data-map-show]");
      if (!place || geometry.type !== "Point") continue;
      const button = Object.assign(document.createElement("button"), { type: "button", className: "map-show", textContent: this.root.dataset.mapShow });
      button.setAttribute("aria-label", `${this.root.dataset.mapShow}: ${properties.title}`);
      button.addEventListener("click", () => {
        this.root.scrollIntoView({ block: "nearest", behavior: still.matches ? "auto" : "smooth" });
        this.go(geometry.coordinates, Math.max(15, this.map.getZoom()));
        this.popup(properties, geometry.coordinates);
      });
      place.append(button);
    }
  }
}

function begin(root) {
  maplibre.setWorkerUrl(new URL(root.dataset.mapWorker, location.href).href);
  try {
    return new MapOfPage(root);
  } catch (error) {
    root.hidden = true; // no WebGL: the list is the page
    console.info(`no map: ${error.message}`);
  }
}

for (const root of document.querySelectorAll("[data-map]")) begin(root);
