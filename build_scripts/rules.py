"""Every rule the data must keep: its code, severity, wording in two languages, and an example.

Codes are stable for ever. B1 YAML text · B2 fields · B3 ids and references · B4 places ·
B5 dates and numbers · B6 markup and links · B7 files · B9 personal data. A rule's check lives with the
stage that can see the fault (`yaml_text`, `decode`, `checks`); this module only words it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """What a fault does: an error stops the build, a warning and a note do not."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Language(StrEnum):
    """Languages diagnostics are written in."""

    ZH = "zh"
    EN = "en"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule; `zh`, `en` and the helps are `str.format` templates over a diagnostic's values."""

    code: str
    severity: Severity
    zh: str
    en: str
    help_zh: str
    help_en: str
    bad: str
    good: str

    def message(self, language: Language) -> str:
        """The message template in one language."""
        return self.zh if language is Language.ZH else self.en

    def help(self, language: Language) -> str:
        """The help template in one language."""
        return self.help_zh if language is Language.ZH else self.help_en


def _error(code: str, zh: str, en: str, help_zh: str, help_en: str, bad: str, good: str) -> Rule:
    return Rule(code, Severity.ERROR, zh, en, help_zh, help_en, bad, good)


def _warning(code: str, zh: str, en: str, help_zh: str, help_en: str, bad: str, good: str) -> Rule:
    return Rule(code, Severity.WARNING, zh, en, help_zh, help_en, bad, good)


def _note(code: str, zh: str, en: str, help_zh: str, help_en: str, bad: str, good: str) -> Rule:
    return Rule(code, Severity.NOTE, zh, en, help_zh, help_en, bad, good)


_ALL = (
    # -- B1: the text of a file -------------------------------------------------------------
    _error(
        "B101",
        "YAML 语法错误：{reason}",
        "YAML syntax error: {reason}",
        "检查这一行及上一行的缩进、引号和冒号。",
        "Check the indentation, quotes and colons of this line and the one above.",
        "name: [滕头区域",
        "name: 滕头区域",
    ),
    _error(
        "B102",
        "文件为空，或只有注释",
        "the file is empty or holds only comments",
        "至少写出 name 等必填字段。",
        "Write at least the required fields, such as name.",
        "# 待补",
        "name: 滕头区域",
    ),
    _error(
        "B103",
        "此处应为“字段: 值”的映射，实为{got_zh}",
        "a mapping of `field: value` belongs here, got {got_en}",
        "每行写一个字段，如 name: 滕头区域。",
        "Write one field a line, such as `name: 滕头区域`.",
        "- 滕头区域",
        "name: 滕头区域",
    ),
    _error(
        "B104",
        "字段 {key} 重复，第一次出现在第 {first} 行",
        "duplicate key `{key}`, first given on line {first}",
        "两处只留一处。",
        "Keep one of the two.",
        "name: 甲\nname: 乙",
        "name: 甲",
    ),
    _error(
        "B105",
        "不允许使用锚点、别名、合并键或标签：{token}",
        "anchors, aliases, merge keys and tags are not allowed: {token}",
        "把内容直接写出来；以 & * ! 开头的文字请加引号。",
        "Write the content out; put text that begins with & * ! in quotes.",
        "name: &a 滕头",
        'name: "&a 滕头"',
    ),
    _error(
        "B106",
        "缩进用了制表符（Tab）",
        "indentation uses a tab",
        "改用空格，每级两个。",
        "Use spaces, two a level.",
        "place:\n\tdistrict: fenghua",
        "place:\n  district: fenghua",
    ),
    _error(
        "B107",
        "用了全角冒号“：”，程序认不出字段",
        "a full-width colon `：` is used, so no field can be read",
        "改成半角冒号加一个空格：{suggestion}",
        "Type an ASCII colon and a space: {suggestion}",
        "name：滕头区域",
        "name: 滕头区域",
    ),
    _error(
        "B108",
        "值里含有“冒号加空格”，必须加引号",
        "the value holds a colon and a space and must be quoted",
        "写成 {suggestion}",
        "Write {suggestion}",
        "summary: 地址: 一号",
        'summary: "地址: 一号"',
    ),
    _note(
        "B109",
        "文件开头有字节顺序标记（BOM），已忽略",
        "the file starts with a byte order mark, which was ignored",
        "保存为“UTF-8（无 BOM）”。",
        "Save as UTF-8 without BOM.",
        "（BOM）name: 甲",
        "name: 甲",
    ),
    _error(
        "B110",
        "文件不是 UTF-8 编码，像是 {encoding}",
        "the file is not UTF-8, it looks like {encoding}",
        "在编辑器里另存为 UTF-8。",
        "Save it as UTF-8 in your editor.",
        "（GBK 编码的文件）",
        "（UTF-8 编码的文件）",
    ),
    _error(
        "B111",
        "文件里有不可见的控制字符 {codepoint}",
        "the file holds the control character {codepoint}",
        "删除这个字符。",
        "Delete that character.",
        "name: 甲\\u0007",
        "name: 甲",
    ),
    _error(
        "B112",
        "文件有 {size} KB，超过 {limit} KB 的上限",
        "the file is {size} KB, over the limit of {limit} KB",
        "一个文件只放一条记录；大段文字另存到 content/。",
        "One record a file; long texts belong in content/.",
        "（1.5 MB 的文件）",
        "（小于 1 MB 的文件）",
    ),
    _error(
        "B113",
        "嵌套超过 {limit} 层",
        "nested more than {limit} levels deep",
        "记录的字段不会有这么多层，检查缩进和括号。",
        "No record nests so deep; check indentation and brackets.",
        "parts: [[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]",
        "parts:\n  - name: 第一部分",
    ),
    _error(
        "B114",
        "一个文件里有多个 YAML 文档（---）",
        "the file holds more than one YAML document (---)",
        "一个文件只放一条记录，拆成多个文件。",
        "One record a file: split it.",
        "name: 甲\n---\nname: 乙",
        "name: 甲",
    ),
    _error(
        "B115",
        "字段 {key} 没有值",
        "field `{key}` has no value",
        "填上值，或删除这一行。",
        "Fill it in or delete the line.",
        "summary:",
        "summary: 奉化区试点片区。",
    ),
    # -- B2: fields -------------------------------------------------------------------------
    _error(
        "B201",
        "缺少必填字段 {field}（{title}）",
        "missing required field `{field}` ({title})",
        "补上一行 {field}: …",
        "Add a line `{field}: …`",
        "（没有 name）",
        "name: 滕头区域",
    ),
    _error(
        "B202",
        "没有名为 {field} 的字段{hint_zh}",
        "unknown field `{field}`{hint_en}",
        "可用字段：{known}",
        "Known fields: {known}",
        "sumary: 奉化区试点片区。",
        "summary: 奉化区试点片区。",
    ),
    _error(
        "B203",
        "此处应为{want_zh}，实为{got_zh}",
        "expected {want_en}, got {got_en}",
        "{help_zh}",
        "{help_en}",
        "name:\n  - 滕头",
        "name: 滕头",
    ),
    _error(
        "B204",
        "“{got}”不在可选值之中{hint_zh}",
        "`{got}` is not one of the allowed values{hint_en}",
        "可选：{allowed}",
        "Choose from: {allowed}",
        "precision: town",
        "precision: township",
    ),
    _error(
        "B205",
        "文字不能为空",
        "the text must not be empty",
        "填上内容，或删除这一行。",
        "Fill it in or delete the line.",
        'name: "  "',
        "name: 滕头区域",
    ),
    _error(
        "B206",
        "文字有 {length} 个字符，超过 {limit} 个的上限",
        "the text has {length} characters, over the limit of {limit}",
        "缩短，或拆成几条。",
        "Shorten it or split it.",
        "name: （两百字的名称）",
        "name: 滕头区域",
    ),
    _error(
        "B207",
        "“{got}”不是布尔值",
        "`{got}` is not a boolean",
        "只能写 true 或 false。",
        "Write true or false.",
        "change: yes",
        "change: true",
    ),
    _error(
        "B208",
        "至少要有 {least} 项",
        "at least {least} item(s) must be given",
        "补上，或删除整个字段。",
        "Add them, or delete the whole field.",
        "sources: []",
        "sources: [jigsaw-2016]",
    ),
    _error(
        "B209",
        "{reason_zh}",
        "{reason_en}",
        "{help_zh}",
        "{help_en}",
        "stops:\n  - basis: editorial",
        "stops:\n  - record: tengtou\n    basis: editorial\n    reason: 主题相近",
    ),
    # -- B3: ids and references -------------------------------------------------------------
    _error(
        "B301",
        "文件名“{stem}”不能作编号",
        "the file name `{stem}` cannot be an id",
        "只用小写字母、数字和连字符，如 tengtou.yml。",
        "Use lower-case letters, digits and hyphens only, such as tengtou.yml.",
        "belts/areas/滕头 1.yml",
        "belts/areas/tengtou.yml",
    ),
    _error(
        "B302",
        "编号 {id} 已被 {other} 使用",
        "id `{id}` is already used by {other}",
        "编号在全站唯一，请换一个。",
        "Ids are unique in the whole site: choose another.",
        "belts/areas/tengtou.yml 与 belts/alliances/tengtou.yml",
        "belts/areas/tengtou.yml 与 belts/alliances/tengtou-alliance.yml",
    ),
    _error(
        "B303",
        "没有编号为 {id} 的{kinds_zh}{hint_zh}",
        "there is no {kinds_en} with id `{id}`{hint_en}",
        "检查拼写；可用 belts list 查看全部编号。",
        "Check the spelling; `belts list` shows every id.",
        "record: tengtuo",
        "record: tengtou",
    ),
    _error(
        "B304",
        "引用了草稿 {id}，公开页面上会是死链",
        "`{id}` is a draft; the public page would hold a dead link",
        "先发布它（删除 status: draft），或去掉引用。",
        "Publish it first (delete `status: draft`) or drop the reference.",
        "record: draft-area",
        "record: tengtou",
    ),
    _error(
        "B305",
        "同一条记录有两个文件：{other}",
        "the same record has two files: {other}",
        "只留 .yml 的一个。",
        "Keep the .yml one only.",
        "tengtou.yml 与 tengtou.yaml",
        "tengtou.yml",
    ),
    _error(
        "B306",
        "文件不在任何一类记录的文件夹里",
        "the file is in no record folder",
        "记录放在 {folders} 之一。",
        "Records belong in one of {folders}.",
        "belts/area/tengtou.yml",
        "belts/areas/tengtou.yml",
    ),
    _error(
        "B307",
        "两个来源用了同一个网址：{other}",
        "two sources share one address: {other}",
        "合并成一个来源。",
        "Merge them into one source.",
        "url: https://example.org/a （两处）",
        "url: https://example.org/a （一处）",
    ),
    _error(
        "B308",
        "同一列表里重复引用了 {id}",
        "`{id}` is listed twice",
        "只留一处。",
        "Keep one.",
        "programmes: [dangjian-plus, dangjian-plus]",
        "programmes: [dangjian-plus]",
    ),
    _error(
        "B309",
        "没有编号为 {id} 的区（县、市）{hint_zh}",
        "there is no district `{id}`{hint_en}",
        "可选：{allowed}",
        "Choose from: {allowed}",
        "district: fenhua",
        "district: fenghua",
    ),
    _error(
        "B310",
        "{district}没有名为“{name}”的乡镇（街道）{hint_zh}",
        "{district} has no township named `{name}`{hint_en}",
        "按统计用区划名录的写法填写。",
        "Use the name in the gazetteer.",
        "township: 西邬街道",
        "township: 西坞街道",
    ),
    _error(
        "B311",
        "名录里没有代码 {gazetteer_code}，或它不叫“{name}”{hint_zh}",
        "the gazetteer has no code {gazetteer_code} named `{name}`{hint_en}",
        "核对代码，或删除 code 一行。",
        "Check the code or delete the line.",
        'code: "330213005999"',
        'code: "330213005208"',
    ),
    # -- B4: places -------------------------------------------------------------------------
    _error(
        "B401",
        "纬度 {lat}、经度 {lon} 像是写反了",
        "latitude {lat} and longitude {lon} look swapped",
        "写成 lat: {lon}，lon: {lat}。",
        "Write lat: {lon}, lon: {lat}.",
        "lat: 121.3896\nlon: 29.7097",
        "lat: 29.7097\nlon: 121.3896",
    ),
    _error(
        "B402",
        "坐标 {lat}, {lon} 不在本市范围（{frame}）内",
        "the point {lat}, {lon} is outside the city's frame ({frame})",
        "核对经纬度；本市纬度在前两个数之间，经度在后两个数之间。",
        "Check the latitude and longitude.",
        "lat: 0\nlon: 0",
        "lat: 29.7097\nlon: 121.3896",
    ),
    _warning(
        "B403",
        "坐标不在{district}的边界内，相距约 {distance} 公里",
        "the point is about {distance} km outside {district}",
        "核对坐标、坐标系或所属区（县、市）。",
        "Check the point, its crs or its district.",
        "district: cixi（坐标在奉化）",
        "district: fenghua",
    ),
    _error(
        "B404",
        "“{got}”不是合法的{what_zh}，应在 {low} 到 {high} 之间",
        "`{got}` is not a valid {what_en}, which runs from {low} to {high}",
        "写成十进制度数，如 29.7097。",
        "Write decimal degrees, such as 29.7097.",
        "lat: 91",
        "lat: 29.7097",
    ),
    _error(
        "B405",
        "精度为 {precision} 的位置必须写明{field_zh}",
        "a place of {precision} precision must name its {field_en}",
        "补上 {field_en}: …，或降低精度。",
        "Add `{field_en}: …` or lower the precision.",
        "precision: township（没有 township）",
        "township: 西坞街道\nlocation:\n  precision: township",
    ),
    # -- B5: dates and numbers --------------------------------------------------------------
    _error(
        "B501",
        "“{got}”不是可识别的日期",
        "`{got}` is not a date",
        "{suggestion_zh}",
        "{suggestion_en}",
        "as_of: 2026/2/3",
        "as_of: 2026-02-03",
    ),
    _error(
        "B502",
        "日期 {got} 不存在",
        "the date {got} does not exist",
        "核对月份和日子。",
        "Check the month and day.",
        "as_of: 2026-02-30",
        "as_of: 2026-02-28",
    ),
    _error(
        "B503",
        "年份 {got} 超出 1900—2100",
        "the year {got} is outside 1900–2100",
        "核对年份。",
        "Check the year.",
        "as_of: 2206",
        "as_of: 2026",
    ),
    _error(
        "B504",
        "“{got}”不是可识别的数",
        "`{got}` is not a number",
        "写阿拉伯数字，可带 > ≥ 约 近 逾 超 前缀，万 亿 及 余 多 后缀；{suggestion_zh}",
        "Write digits, optionally with > ≥ 约 近 逾 超 before, 万 亿 and 余 多 after; {suggestion_en}",
        "value: 1e3",
        "value: 1000",
    ),
    _error(
        "B505",
        "数字 {got} 有前导零",
        "the number {got} has a leading zero",
        "去掉前面的 0。",
        "Drop the leading zero.",
        "value: 010",
        "value: 10",
    ),
    _error(
        "B506",
        "“{got}”把单位写进了数值",
        "`{got}` has its unit inside the value",
        "拆成 value: {number} 和 unit: {unit}",
        "Split it into `value: {number}` and `unit: {unit}`",
        "value: 12.5公顷",
        "value: 12.5\nunit: 公顷",
    ),
    _error(
        "B507",
        "百分比 {got} 超过 100",
        "the percentage {got} is over 100",
        "核对数值；若为增减幅度，加一行 change: true。",
        "Check it; if it is a rate of change, add `change: true`.",
        'value: 120\nunit: "%"',
        'value: 12\nunit: "%"',
    ),
    _warning(
        "B508",
        "数据日期 {as_of} 晚于来源日期 {source_date}",
        "the figure's date {as_of} is later than its source's date {source_date}",
        "核对年份；预计数请标 kind: forecast 或 target。",
        "Check the year; mark a forecast or target as such.",
        "as_of: 2024（来源为 2022 年）",
        "as_of: 2022",
    ),
    _error(
        "B509",
        "起始日期 {start} 晚于结束日期 {end}",
        "the period starts ({start}) after it ends ({end})",
        "把两个日期对调。",
        "Swap the two dates.",
        "period: 2018/2016",
        "period: 2016/2018",
    ),
    # -- B6: markup and links ---------------------------------------------------------------
    _error(
        "B601",
        "网址“{got}”不是 http(s) 地址",
        "`{got}` is not an http(s) address",
        "写完整的 https:// 地址。",
        "Write a full https:// address.",
        "url: javascript:alert(1)",
        "url: https://www.example.org/",
    ),
    _error(
        "B602",
        "正文里有不允许的标记 {markup}",
        "markup that is not allowed: {markup}",
        "正文只用 Markdown 的段落、强调、列表和链接。",
        "Use Markdown paragraphs, emphasis, lists and links only.",
        "body: <script>alert(1)</script>",
        "body: 正文 **重点**",
    ),
    # -- B7: files --------------------------------------------------------------------------
    _error(
        "B701",
        "找不到文件 {file}",
        "file {file} does not exist",
        "路径相对于 belts/ 文件夹，用 / 分隔。",
        "Paths are relative to belts/ and use `/`.",
        "track: tracks/none.geojson",
        "track: tracks/tengtou.geojson",
    ),
    _error(
        "B702",
        "路径“{file}”越出了 belts/ 文件夹",
        "the path `{file}` leaves the belts/ folder",
        "只能用 belts/ 之内的相对路径。",
        "Use a relative path inside belts/.",
        "track: ../../etc/passwd",
        "track: tracks/tengtou.geojson",
    ),
    _error(
        "B703",
        "{file} 无法读作 {format}：{reason}",
        "{file} cannot be read as {format}: {reason}",
        "重新导出该文件。",
        "Export the file again.",
        "（截断的 GeoJSON）",
        "（完整的 GeoJSON）",
    ),
    # -- B9: personal data ------------------------------------------------------------------
    _error(
        "B901",
        "疑似身份证号 {masked}",
        "this looks like an identity card number: {masked}",
        "删除它；本站不收录任何个人信息。",
        "Delete it: nothing personal is published here.",
        "note: 11010519491231002X",
        "note: （删除）",
    ),
    _error(
        "B902",
        "疑似手机号 {masked}",
        "this looks like a mobile number: {masked}",
        "删除它，或改用单位的固定电话。",
        "Delete it, or give the office's landline.",
        "note: 13800138000",
        "note: 0574-12345678",
    ),
)

RULES: dict[str, Rule] = {rule.code: rule for rule in _ALL}
