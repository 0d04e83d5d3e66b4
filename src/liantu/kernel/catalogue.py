"""The problems that reading a sheet can find: words for a clerk and what would be right."""

from __future__ import annotations

from liantu.kernel.problems import catalogue

# numbers
catalogue("bad-number", "error",
          "「{column}」填写的「{seen}」不是数字。",
          "{column}: {seen} is not a number.",
          "请改成数字，如 1234.5 或 3.2亿。", "Write a number such as 1234.5.")
catalogue("not-integer", "error",
          "「{column}」填写的「{seen}」不是整数。",
          "{column}: {seen} is not a whole number.",
          "请改成整数，如 120。", "Write a whole number such as 120.")
catalogue("approximate", "warning",
          "「{column}」填写的「{seen}」是约数，按所写数字读入。",
          "{column}: {seen} is approximate; read as written.",
          "如有准确数请改正。", "Give the exact figure if there is one.")
catalogue("foreign-currency", "error",
          "「{column}」填写的「{seen}」是外币。",
          "{column}: {seen} is foreign currency.",
          "请折算成人民币万元后填写。", "Convert to 万元 (RMB).")
catalogue("unit-assumed", "warning",
          "「{column}」没有写单位，按{unit}读入。",
          "{column} states no unit; read as {unit}.",
          "请在表头或表角写明单位，如「单位：万元」。", "State the unit in the header or corner.")
catalogue("unit-mismatch", "error",
          "「{column}」的单位「{unit}」不能换算为{stored}。",
          "{column}: unit {unit} cannot become {stored}.",
          "请核对该列是不是「{column}」，或改写单位。", "Check the column or its unit.")
catalogue("percent-assumed", "warning",
          "「{column}」没有写百分号，按百分数读入（{seen} 即 {seen}%）。",
          "{column} has no % sign; read as percent.",
          "请在表头写明（%）。", "Write (%) in the header.")
catalogue("share-range", "warning",
          "「{column}」为 {value}，不在 0–100% 之内。",
          "{column} is {value}, outside 0–100%.",
          "请核对数值与单位。", "Check figure and unit.")
catalogue("scale-suspect", "warning",
          "「{column}」填写的「{seen}」比同列其他数大 {times} 倍以上，可能写错了单位。",
          "{column}: {seen} is over {times} times its siblings; the unit may be wrong.",
          "请核对是不是把元写成了万元。", "Check 元 against 万元.")
catalogue("merged-number", "warning",
          "「{column}」的「{seen}」是几行合并的一个数，只记在第一行。",
          "{column}: {seen} stands in a merged cell; kept on its first row only.",
          "请取消合并，分行填写。", "Unmerge and fill each row.")
# days
catalogue("bad-date", "error",
          "「{column}」填写的「{seen}」不是日期。",
          "{column}: {seen} is not a date.",
          "请写成 2025-03-01。", "Write 2025-03-01.")
catalogue("date-incomplete", "warning",
          "「{column}」填写的「{seen}」没有写到日，按当月（年）第一天读入。",
          "{column}: {seen} lacks the day; the first day is taken.",
          "如知道具体日期请补全。", "Give the day if known.")
catalogue("bad-month", "error",
          "「{column}」填写的「{seen}」不是月份。",
          "{column}: {seen} is not a month.",
          "请写成 2025-03 或 2025年3月。", "Write 2025-03.")
catalogue("month-ambiguous", "warning",
          "「{column}」填写的「{seen}」可能是1月，也可能是10月，按1月读入。",
          "{column}: {seen} may be January or October; January is taken.",
          "请写成 2025-01 或 2025-10。", "Write 2025-01 or 2025-10.")
catalogue("cumulative-period", "info",
          "「{column}」填写的「{seen}」是累计期间，记为最后一个月。",
          "{column}: {seen} is cumulative; its last month is taken.",
          "请确认数值是累计数。", "Make sure the figures are cumulative.")
catalogue("year-missing", "error",
          "「{column}」只有月份没有年份（{seen}）。",
          "{column}: {seen} has no year.",
          "请在标题、工作表名或文件名里写明年份。", "State the year in title, sheet or file name.")
catalogue("bad-year", "error",
          "「{column}」填写的「{seen}」不是年份。",
          "{column}: {seen} is not a year.",
          "请写成 2025。", "Write 2025.")
# words
catalogue("bad-flag", "error",
          "「{column}」填写的「{seen}」看不出是「是」还是「否」。",
          "{column}: {seen} is neither yes nor no.",
          "请填「是」或「否」。", "Write 是 or 否.")
catalogue("not-a-choice", "error",
          "「{column}」填写的「{seen}」不在可选项内。",
          "{column}: {seen} is not one of the choices.",
          "可选：{allowed}。", "Choices: {allowed}.")
catalogue("too-long", "error",
          "「{column}」有 {length} 个字，超过 {limit} 个字。",
          "{column} has {length} characters; at most {limit}.",
          "请缩短，或核对是否填错了列。", "Shorten it, or check the column.")
catalogue("name-note", "info",
          "「{column}」后面的注记「{note}」没有算进名称。",
          "The note {note} is not part of the name.",
          "如属状态请填到状态列。", "Put it in the status column.")
catalogue("cell-error", "error",
          "「{column}」是公式错误 {seen}。",
          "{column} holds the formula error {seen}.",
          "请改正公式，或填写数值。", "Mend the formula or type the value.")
catalogue("formula-no-value", "error",
          "「{column}」是公式，但文件里没有存计算结果（{seen}）。",
          "{column} is a formula without a stored result ({seen}).",
          "请用 Excel 或 WPS 打开、保存后再导入，或粘贴为数值。", "Open and save it in a spreadsheet, or paste as values.")
catalogue("required-missing", "error",
          "没有填写「{column}」。",
          "{column} is missing.",
          "请补填。", "Fill it in.")
catalogue("column-missing", "error",
          "表里没有「{column}」这一列，标题里也没有写明。",
          "There is no column {column}, nor does the title say it.",
          "请加上该列，或指明哪一列是「{column}」。", "Add the column or say which one it is.")
# codes
catalogue("uscc-length", "error",
          "「{column}」填写的「{seen}」有 {length} 位，应为 18 位。",
          "{column}: {seen} has {length} characters, not 18.",
          "请对照营业执照填写 18 位统一社会信用代码。", "Copy the 18 characters from the licence.")
catalogue("uscc-character", "error",
          "「{column}」填写的「{seen}」含有代码里没有的字符。",
          "{column}: {seen} has characters that no code has.",
          "请对照营业执照改正（代码不用 I、O、S、V、Z）。", "Codes never use I, O, S, V, Z.")
catalogue("uscc-check", "error",
          "「{column}」填写的「{seen}」校验位不对，一定有一位抄错了。",
          "{column}: {seen} fails its check digit.",
          "请对照营业执照改正。", "Correct it from the licence.")
catalogue("uscc-inner", "warning",
          "「{column}」填写的「{seen}」里的组织机构代码校验位不对。",
          "{column}: the organisation code inside {seen} fails its check digit.",
          "请对照营业执照核对。", "Check it against the licence.")
catalogue("uscc-fixed", "info",
          "「{column}」填写的「{seen}」已改为「{value}」（字母 O、I 改为数字 0、1）。",
          "{column}: {seen} read as {value}.",
          "请核对。", "Please check.")
catalogue("uscc-number", "error",
          "「{column}」被存成了数字「{seen}」，后面的位数已经丢失。",
          "{column} was stored as the number {seen}; digits are lost.",
          "请把该列设为文本后重新填写 18 位代码。", "Format the column as text and retype it.")
catalogue("uscc-damaged", "warning",
          "「{column}」被存成了数字「{seen}」，末几位丢失，可能是：{candidates}。",
          "{column} was stored as the number {seen}; it may be {candidates}.",
          "将按企业名称认定；认定不了的请重填，并把该列设为文本。", "The name decides; otherwise retype it as text.")
catalogue("uscc-repaired", "warning",
          "「{column}」被存成了数字「{seen}」，按两个校验位还原为 {value}。",
          "{column} was stored as the number {seen}; its check digits give {value}.",
          "请核对，并把该列设为文本。", "Check it and format the column as text.")
catalogue("code-number", "warning",
          "「{column}」被存成了数字，15 位以后可能已经丢失（{seen}）。",
          "{column} was stored as a number; digits after the 15th may be lost.",
          "请把该列设为文本后核对。", "Format the column as text and check.")
catalogue("code-padded", "info",
          "「{column}」填写的「{seen}」补足为「{value}」。",
          "{column}: {seen} padded to {value}.",
          "请核对。", "Please check.")
# rows
catalogue("duplicate-row", "info",
          "本行与 {other} 完全相同。",
          "This row equals {other}.",
          "重复的行只记一次。", "It counts once.")
catalogue("duplicate-merged", "info",
          "本行与 {other} 说的是同一个，两行互相补充。",
          "This row and {other} are about the same thing and complete each other.",
          "请核对后合为一行。", "Please check and join them.")
catalogue("duplicate-conflict", "error",
          "本行与 {other} 是同一{key}，但「{columns}」不同。",
          "This row has the same {key} as {other} but differs in {columns}.",
          "请只保留正确的一行。", "Keep the right one only.")
catalogue("total-mismatch", "warning",
          "「{column}」合计写的是 {seen}，各行相加是 {sum}。",
          "{column}: the total says {seen}, the rows add up to {sum}.",
          "请核对有没有漏行、重复或写错的数。", "Look for missing, doubled or wrong rows.")
catalogue("total-row", "info",
          "「{seen}」行用来核对，不作为数据读入。",
          "The row {seen} is used for checking, not read as data.",
          "不用处理。", "Nothing to do.")
catalogue("note-row", "info",
          "表下的说明「{seen}」没有读入。",
          "The note {seen} below the table is not read.",
          "不用处理。", "Nothing to do.")
catalogue("heading-row", "info",
          "「{seen}」是分组标题，不作为数据读入。",
          "{seen} is a heading between rows, not data.",
          "不用处理。", "Nothing to do.")
catalogue("header-repeated", "info",
          "表头在中间又出现一次，已跳过。",
          "The header is repeated here and was passed over.",
          "不用处理。", "Nothing to do.")
# columns, sheets, files
catalogue("column-twice", "warning",
          "「{seen}」和 {other} 都像「{column}」，只读了 {other}。",
          "{seen} and {other} both look like {column}; only {other} was read.",
          "如选错了，请指明哪一列是「{column}」。", "Say which one it is if the choice is wrong.")
catalogue("sheet-hidden", "info",
          "工作表「{sheet}」是隐藏的，没有读。",
          "Sheet {sheet} is hidden and was not read.",
          "如需导入请取消隐藏。", "Unhide it to import it.")
catalogue("sheet-unread", "warning",
          "工作表「{sheet}」没有认出是哪一种表，没有读。",
          "Sheet {sheet} was not recognised and not read.",
          "请核对表头，或指明是哪一种表。", "Check the header, or name the table.")
catalogue("no-table", "error",
          "没有认出任何可以导入的表。",
          "No table was recognised.",
          "请确认表头行与列名，或指明是哪一种表。", "Check header and column names, or name the table.")
catalogue("macros-ignored", "info",
          "文件带有宏，只读了数据，宏没有运行。",
          "The file has macros; only its data was read.",
          "不用处理。", "Nothing to do.")
catalogue("read-by-second", "warning",
          "两种读法对工作表「{sheet}」的前几行读出的内容不同，已改用更稳妥的一种。",
          "Two readers differ on the first rows of {sheet}; the safer one was used.",
          "请核对前几列；最好另存为 .xlsx。", "Check the first columns; better save as .xlsx.")
catalogue("quotes-unbalanced", "warning",
          "文本里的引号不成对，按没有引号读入。",
          "Quotes in the text do not pair; read without quoting.",
          "请核对含引号的行。", "Check the rows with quotes.")
