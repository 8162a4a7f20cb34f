local t = ...

local function load()
  return t.load("Utf8 Letters CharacterName")
end

t.test("a name is read as the golden file says", function()
  local ns = load()
  local rows = t.golden("character-names.tsv", ns.Utf8, "# == NFC ==")
  t.truthy(#rows > 100, "rows")
  for _, row in ipairs(rows) do
    local name, reason = ns.CharacterName.parse(row[1])
    t.equal(name or "!" .. reason, row[2], string.format("%q", row[1]))
  end
end)

t.test("a canonical name reads as itself", function()
  local ns = load()
  for _, row in ipairs(t.golden("character-names.tsv", ns.Utf8, "# == NFC ==")) do
    if row[2]:sub(1, 1) ~= "!" then
      t.equal((ns.CharacterName.parse(row[2])), row[2])
    end
  end
end)

t.test("bytes that are no UTF-8 are no letters", function()
  local ns = load()
  for _, text in ipairs({ "Nor\255inn", "ab\208", "\192\128ab", "\237\160\128ab", "\244\144\128\128ab" }) do
    local name, reason = ns.CharacterName.parse(text)
    t.equal({ name = name, reason = reason }, { reason = "letters" }, string.format("%q", text))
  end
end)

t.test("two spellings name one character, a part of a name does not", function()
  local ns = load()
  t.truthy(ns.CharacterName.same("НОРИНН", "норинн"))
  t.truthy(not ns.CharacterName.same("Norinn", "Norin"))
  t.truthy(not ns.CharacterName.same(nil, nil))
  t.truthy(ns.CharacterName.holds("Кнорин", "Нор"))
  t.truthy(not ns.CharacterName.holds("Jaina", "Нор"))
  t.fails(ns.CharacterName.parse, 5)
end)

t.test("code points survive being taken apart and put together", function()
  local ns = load()
  for _, code in ipairs({ 0, 0x7F, 0x80, 0x7FF, 0x800, 0xFFFF, 0x10000, 0x10FFFF, 0x451 }) do
    t.equal(ns.Utf8.codePoints(ns.Utf8.encode(code)), { code })
  end
end)

t.test("a cut never halves a character", function()
  local ns = load()
  local text = "aёж€😀"
  for limit = 0, #text do
    local cut = ns.Utf8.cut(text, limit)
    t.equal(ns.Utf8.repair(cut), cut, "limit " .. limit)
    t.truthy(#cut <= limit and #cut > limit - 4, "limit " .. limit)
  end
end)
