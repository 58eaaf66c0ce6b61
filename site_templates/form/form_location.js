// A point on the offline base map, with its datum, how exactly it is known and where that comes from.
import * as L from "./lib/leaflet.js";
import { once } from "./once.js";

const PRECISIONS = { village: ["村级", "1"], township: ["乡镇（街道）级", "3"], district: ["区（县、市）级", "15"] };
const DATUMS = { wgs84: "WGS-84（天地图、GPS、本图）", gcj02: "GCJ-02（高德、腾讯）", bd09: "BD-09（百度）" };
const PICKED = "在编辑表单的底图上选取";
const DECIMALS = 4; // about 10 m
const FINE_ZOOMS = [[13, "village"], [10, "township"]]; // how exact a click on the map can be, by how far it is zoomed in
const REQUIRED = { lat: "纬度", lon: "经度", crs: "坐标系", precision: "精度", uncertainty_km: "不确定半径", basis: "坐标依据" };

const readBaseMap = once(() => fetch("base.geojson").then((response) => response.json()));

function drawBase(map, data) {
  const style = ({ properties }) => ({ className: `base base--${properties.layer}`, interactive: false });
  const name = ({ properties }, latlng) => {
    const text = document.createElement("span");
    text.textContent = properties.name;
    const icon = L.divIcon({ className: "base-name", html: text, iconSize: [0, 0] });
    return L.marker(latlng, { icon, interactive: false, keyboard: false });
  };
  L.geoJSON(data, { style, pointToLayer: name }).addTo(map);
}

/** The control of a place's point; `frame` is [[south, west], [north, east]] of the city. */
export function makeLocationControl({ h, createClass, frame, local }) {
  return createClass({
    getInitialState() {
      return { candidates: null, query: "" };
    },

    componentDidMount() {
      this.map = L.map(this.canvas, { attributionControl: false, zoomControl: false, scrollWheelZoom: false, zoomSnap: 0.5, maxZoom: 16 }).fitBounds(frame);
      L.control.zoom({ zoomInTitle: "放大", zoomOutTitle: "缩小" }).addTo(this.map);
      this.map.on("click", ({ latlng }) => this.pick(latlng));
      this.map.on("movestart", ({ originalEvent }) => { this.isMoved ||= Boolean(originalEvent); });
      this.watcher = new ResizeObserver(() => this.fit());
      this.watcher.observe(this.canvas);
      readBaseMap().then((data) => this.map && drawBase(this.map, data), console.warn); // points can be picked without it
      this.drawPoint();
    },

    componentDidUpdate() {
      this.drawPoint();
    },

    componentWillUnmount() {
      this.watcher.disconnect();
      this.map.remove();
      this.map = null;
    },

    /** The value as a plain object. */
    read() {
      const { value } = this.props;
      return value?.toJS?.() ?? value ?? {};
    },

    set(changes) {
      const value = { ...this.read(), ...changes };
      this.props.onChange(Object.values(value).some((text) => text) ? value : null);
    },

    pick({ lat, lng }) {
      this.isMoved = true;
      const { basis } = this.read();
      const zoom = this.map.getZoom();
      const [, precision] = FINE_ZOOMS.find(([least]) => zoom >= least) ?? [0, "district"];
      const point = { lat: lat.toFixed(DECIMALS), lon: lng.toFixed(DECIMALS), crs: "wgs84" };
      this.set({ ...point, precision, uncertainty_km: PRECISIONS[precision][1], basis: basis || PICKED });
    },

    /** Another precision has another usual radius. */
    setPrecision(precision) {
      this.set({ precision, uncertainty_km: PRECISIONS[precision]?.[1] ?? "" });
    },

    /** Show the point, or the whole city, once the map has its size; not after the editor has moved it. */
    fit() {
      if (!this.map) return;
      this.map.invalidateSize();
      if (this.isMoved) return;
      if (this.point) this.map.setView(this.point.at, 11, { animate: false });
      else this.map.fitBounds(frame, { animate: false });
    },

    drawPoint() {
      const { lat, lon, uncertainty_km } = this.read();
      this.point?.remove();
      this.point = null;
      if (!this.map || !(Math.abs(lat) <= 90) || !(Math.abs(lon) <= 180) || lat === "" || lon === "") return;
      const circle = L.circle([lat, lon], { radius: 1000 * (Number(uncertainty_km) || 0), className: "point-circle", interactive: false });
      const dot = L.circleMarker([lat, lon], { radius: 7, className: "point-dot", interactive: false });
      this.point = L.layerGroup([circle, dot]).addTo(this.map);
      this.point.at = [lat, lon];
    },

    async locate() {
      const { query } = this.state;
      if (!query.trim()) return;
      const response = await fetch(`/api/locate?name=${encodeURIComponent(query)}`);
      this.setState({ candidates: response.ok ? await response.json() : [] });
    },

    choose({ label, ...location }) {
      this.set(location);
      this.setState({ candidates: null });
      if (location.lat) this.map.setView([location.lat, location.lon], 12);
    },

    /** What is still to fill in; the point as a whole may be left out. */
    isValid() {
      const value = this.read();
      if (!Object.values(value).some((text) => text)) return true;
      const lacking = Object.keys(REQUIRED).filter((name) => !value[name]);
      if (!lacking.length) return true;
      return { error: { message: `坐标还缺：${lacking.map((name) => REQUIRED[name]).join("、")}；不知道坐标就清除` } };
    },

    input(name, label, extra = {}) {
      const id = `${this.props.forID}-${name}`;
      const change = (event) => this.set({ [name]: event.target.value });
      const box = h("input", { id, type: "text", value: this.read()[name] ?? "", onChange: change, ...extra });
      return h("p", { key: name, className: `point-field point-field--${name}` }, h("label", { htmlFor: id }, label), box);
    },

    select(name, label, choices, onChange = (value) => this.set({ [name]: value })) {
      const id = `${this.props.forID}-${name}`;
      const options = [["", "（未填）"], ...Object.entries(choices)].map(([value, text]) => h("option", { key: value, value }, text));
      const change = (event) => onChange(event.target.value);
      const box = h("select", { id, value: this.read()[name] ?? "", onChange: change }, options);
      return h("p", { key: name, className: `point-field point-field--${name}` }, h("label", { htmlFor: id }, label), box);
    },

    search() {
      const id = `${this.props.forID}-search`;
      const enter = (event) => {
        if (event.key !== "Enter") return;
        event.preventDefault();
        this.locate();
      };
      const change = (event) => this.setState({ query: event.target.value });
      const box = h("input", { id, type: "search", value: this.state.query, onChange: change, onKeyDown: enter, placeholder: "如 滕头村" });
      const found = this.state.candidates?.map((candidate) =>
        h("li", { key: candidate.label }, h("button", { type: "button", disabled: !candidate.lat, onClick: () => this.choose(candidate) }, candidate.label)));
      return h("div", { className: "point-search" },
        h("label", { htmlFor: id }, "按地名找"), box, h("button", { type: "button", onClick: () => this.locate() }, "查找"),
        found && h("ul", { role: "list" }, found.length ? found : h("li", {}, "名录里没有相近的地名")));
    },

    render() {
      const precisions = Object.fromEntries(Object.entries(PRECISIONS).map(([value, [label]]) => [value, label]));
      return h("div", { className: "point" },
        local && this.search(),
        h("div", { className: "point-map", ref: (element) => { this.canvas = element; }, role: "application", "aria-label": "底图：点击选取位置；也可以在下面填写经纬度" }),
        h("p", { className: "point-hint" }, "在图上点一下选取位置（示意图）；放大以后再点，位置更细。不知道就不填，不要猜。"),
        h("div", { className: "point-fields" },
          this.input("lat", "纬度", { inputMode: "decimal" }),
          this.input("lon", "经度", { inputMode: "decimal" }),
          this.select("crs", "坐标系", DATUMS),
          this.select("precision", "精度", precisions, (value) => this.setPrecision(value)),
          this.input("uncertainty_km", "不确定半径（公里）", { inputMode: "decimal" }),
          this.input("basis", "坐标依据")),
        h("button", { type: "button", className: "point-clear", onClick: () => this.props.onChange(null) }, "清除坐标"));
    },
  });
}
