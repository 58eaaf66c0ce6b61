// The id of a record: typed once, for a new one; it is the file's name and not written in the file.

/** The control of the id; `readRecords` gives those that are taken. */
export function makeIdControl({ CMS, h, createClass, readRecords }) {
  return createClass({
    /** The id of a record that has been saved; empty for a new one. */
    known() {
      return this.props.entry?.get("slug") ?? "";
    },

    /** What is wrong with the id of a new record. */
    async isValid() {
      if (this.known()) return true;
      const { value, field } = this.props;
      const [pattern, advice] = field.get("pattern");
      const fail = (message) => ({ error: { message } });
      if (!new RegExp(pattern).test(value ?? "")) return fail(advice);
      const taken = (await readRecords()).get(value);
      return taken ? fail(`编号 ${value} 已经有了：${taken[1]}（${taken[3]}）；换一个`) : true;
    },

    render() {
      const { field, value, forID, onChange } = this.props;
      const known = this.known();
      if (known) return h("p", { className: "record-id" }, known);
      const { control } = CMS.getFieldType("string");
      const { name, label, maxlength } = field.toJS();
      const text = { name, label, maxlength, widget: "string", use_emoji_autocomplete: false };
      return h(control, { value: value ?? "", forID, onChange, field: text });
    },
  });
}
