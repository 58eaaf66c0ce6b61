// A searchable choice among the records of several kinds: one of them, or a list.

/** The control of a field that names records; `readRecords` gives those there are. */
export function makeReferenceControl({ CMS, h, createClass, readRecords }) {
  return createClass({
    getInitialState() {
      return { records: new Map() };
    },

    componentDidMount() {
      readRecords().then((records) => this.setState({ records }));
    },

    /** The ids that are chosen, be it a list or one. */
    read() {
      const { value } = this.props;
      return [value?.toJS?.() ?? value ?? []].flat().filter(Boolean);
    },

    label(id) {
      const record = this.state.records.get(id);
      return record ? `${record[1]}（${record[3]}）` : `${id}（没有这条记录）`;
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

    render() {
      const { field, onChange } = this.props;
      const ids = this.read();
      if (field.get("multiple")) {
        const add = (id) => id && !ids.includes(id) && onChange([...ids, id]);
        return h("div", { className: "choice" }, ids.length > 0 && this.chosen(ids), this.select("", this.options(ids), add));
      }
      const options = this.options([]);
      const known = options.some(({ value }) => value === ids[0]);
      const own = ids.length && !known ? [{ value: ids[0], label: this.label(ids[0]) }] : [];
      return this.select(ids[0] ?? "", [...options, ...own], onChange);
    },
  });
}
