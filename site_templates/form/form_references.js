// A searchable choice among the records of several kinds: one of them, or a list.

/** The control of a field that names records; `readRecords` gives those there are. */
export function makeReferenceControl({ CMS, h, createClass, readRecords }) {
  return createClass({
    getInitialState() {
      return { records: new Map(), trouble: "" };
    },

    componentDidMount() {
      readRecords().then((records) => this.setState({ records }), ({ message }) => this.setState({ trouble: message }));
    },

    /** The ids that are chosen, be it a list or one. */
    read() {
      const { value } = this.props;
      return [value?.toJS?.() ?? value ?? []].flat().filter(Boolean);
    },

    label(id) {
      const record = this.state.records.get(id);
      if (record) return `${record[1]}（${record[3]}）`;
      return this.state.trouble ? id : `${id}（没有这条记录）`;
    },

    /** What can still be chosen; without a list, the one that is chosen too. */
    options(without) {
      const kinds = [...(this.props.field.get("kinds") ?? [])];
      const fit = [...this.state.records.values()].filter(([id, , kind]) => !without.includes(id) && (!kinds.length || kinds.includes(kind)));
      return fit.map(([id, name, , title]) => ({ value: id, label: `${name}（${title}，${id}）` }));
    },

    select(value, options, onChange) {
      const { field, forID } = this.props;
      const { control } = CMS.getFieldType("select");
      const names = { name: field.get("name"), label: field.get("label"), required: false };
      const select = { ...names, widget: "select", options, dropdown_threshold: 0 };
      return h(control, { key: `${options.length}`, value, forID, onChange, field: select });
    },

    chosen(ids) {
      const remove = (id) => this.props.onChange(ids.filter((other) => other !== id));
      const items = ids.map((id) => h("li", { key: id }, this.label(id),
        h("button", { type: "button", "aria-label": `移除 ${this.label(id)}`, onClick: () => remove(id) }, "×")));
      return h("ul", { key: "chosen", className: "chosen", role: "list" }, items);
    },

    several(ids) {
      const add = (id) => id && !ids.includes(id) && this.props.onChange([...ids, id]);
      return [ids.length > 0 && this.chosen(ids), this.select("", this.options(ids), add)];
    },

    single([id = ""]) {
      const options = this.options([]);
      const known = options.some(({ value }) => value === id);
      const own = id && !known ? [{ value: id, label: this.label(id) }] : [];
      return this.select(id, [...options, ...own], this.props.onChange);
    },

    render() {
      const { trouble } = this.state;
      const choice = this.props.field.get("multiple") ? this.several(this.read()) : this.single(this.read());
      return h("div", { className: "choice" }, trouble && h("p", { key: "trouble", role: "alert" }, trouble), choice);
    },
  });
}
