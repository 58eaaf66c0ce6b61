// A searchable choice among the records of several kinds.

/** The control of a field that names records: `readJson("records.json")` gives them as [id, name, kind, kind's name]. */
export function makeReferenceControl({ CMS, h, createClass, readJson }) {
  let loading;

  function optionsFor(records, kinds, chosen) {
    const fit = records.filter(([, , kind]) => !kinds.length || kinds.includes(kind));
    const known = new Set(fit.map(([id]) => id));
    const options = fit.map(([id, name, , title]) => ({ value: id, label: `${name}（${title}，${id}）` }));
    const others = chosen.filter((id) => id && !known.has(id));
    return [...options, ...others.map((id) => ({ value: id, label: `${id}（没有这条记录）` }))];
  }

  return createClass({
    getInitialState() {
      return { records: [] };
    },
    componentDidMount() {
      loading ??= readJson("records.json");
      loading.then((records) => this.setState({ records }));
    },
    render() {
      const { field, value, forID, onChange } = this.props;
      const multiple = field.get("multiple") ?? false;
      const kinds = [...(field.get("kinds") ?? [])];
      const chosen = [value ?? []].flat(); // a list or one id
      const options = optionsFor(this.state.records, kinds, chosen);
      const { control } = CMS.getFieldType("select");
      const names = { name: field.get("name"), label: field.get("label"), required: false };
      const select = { ...names, widget: "select", multiple, options, dropdown_threshold: 0 };
      return h(control, { key: options.length, value, forID, onChange, field: select });
    },
  });
}
