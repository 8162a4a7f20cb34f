local t = ...

local ID = "6f9619ff-8b86-d011-b42d-00c04fc964ff"
local KEY = "0123456789abcdef"

local function load()
  return t.load("Utf8 Json Tag")
end

--- The golden lines of a system line's place that stand for themselves: what the addon would write.
t.test("tags are written as the golden lines have them", function()
  local ns = load()
  local lines = {}
  for _, row in ipairs(t.golden("chat-lines.tsv", ns.Utf8)) do
    local said = row[1] == "known" and row[2]:match("^4/4 12:00:01%.000  (.*)$")
    if said then
      lines[said] = row[3]
    end
  end
  local written = {
    ns.Tag.bare("ACCEPT", ID, KEY),
    ns.Tag.bare("CONFIRM", ID, KEY),
    ns.Tag.bare("SENDING", ID, KEY),
    ns.Tag.bare("FAILED", ID, KEY),
    ns.Tag.bare("GIFT_ACCEPT", ID, KEY),
    ns.Tag.bare("GIFT_DECLINE", ID, KEY),
    ns.Tag.bare("GIFT_SENT", ID, KEY),
    ns.Tag.bare("READY", nil, KEY),
    ns.Tag.bare("BYE", nil, KEY),
    ns.Tag.bare("UPDATE_CHECK", nil, KEY),
    ns.Tag.bare("ACK", "1775304001", KEY),
    ns.Tag.who({
      spinCycleId = "a0eebc99-9c0b-5ef8-bb6d-6bb9bd380a11",
      characterName = "Норинн",
      online = true,
      capturedAt = "2026-04-04T12:00:01.000Z",
    }, KEY),
    ns.Tag.items(ID, { { 0, 1, 33470, 20 }, { 4, 16, 40752, 1 } }, KEY, 255),
    ns.Tag.items(ID, {}, KEY, 255),
    ns.Tag.item(ID, {
      name = "Ткань льда",
      id = 33470,
      count = 20,
      link = "|Hitem:33470|h[x]|h",
      texture = "Interface\\Icons\\INV",
      bagId = 0,
      slotId = 1,
    }, KEY, 900),
  }
  for _, one in ipairs(written) do
    t.equal(#one, 1)
    t.equal(lines[one[1]], "tag", one[1])
  end
  local hello = ns.Tag.hello("00112233445566778899aabbccddeeff", {
    addonVersion = "1.0.0",
    character = "Norinn",
    realm = "Icecrown",
    locale = "enUS",
    transport = "whisper",
    whisperFormat = "%s whispers: ",
  }, 900)
  t.equal(lines[hello[1]], "hello", hello[1])
end)

t.test("without a key a tag bears none", function()
  local ns = load()
  t.equal(ns.Tag.bare("READY", nil, nil), { "[MGM_READY]" })
  t.equal(ns.Tag.bare("READY", nil, ""), { "[MGM_READY]" })
end)

t.test("what is too long comes in parts that give it back", function()
  local ns = load()
  local stacks = {}
  for index = 1, 100 do
    stacks[index] = { 4, index, 40000 + index, 20 }
  end
  local whole = ns.Json.rows(stacks)
  local parts = ns.Tag.items(ID, stacks, KEY, 255)
  local joined = {}
  for index, line in ipairs(parts) do
    t.truthy(#line <= 255, "length")
    local place, piece = line:match("^%[MGM_ITEMS:" .. ID:gsub("%-", "%%-") .. ":([%d/]+)%](.*) #" .. KEY .. "$")
    t.equal(place, index .. "/" .. #parts)
    joined[index] = piece
  end
  t.equal(table.concat(joined), whole)
  t.truthy(#parts < 20, "few parts")
end)

t.test("no part ends in a space or in half a character, and no two spaces meet", function()
  local ns = load()
  for length = 1, 60 do
    local name = string.rep("ё  ", length)
    for _, line in ipairs(ns.Tag.item(ID, {
      name = name,
      id = 1,
      count = 1,
      link = name,
      texture = "",
      bagId = 0,
      slotId = 1,
    }, KEY, 255)) do
      t.truthy(#line <= 255)
      t.truthy(not line:find("  "), line)
      t.equal(ns.Utf8.repair(line), line)
    end
  end
end)

t.test("a line has room for what it must hold, or the caller is told", function()
  local ns = load()
  t.fails(ns.Tag.items, ID, { { 1, 1, 1, 1 }, { 1, 1, 1, 1 } }, KEY, 70)
  local many = {}
  for index = 1, 20000 do
    many[index] = { 4, 1, 99999, 20 }
  end
  t.fails(ns.Tag.items, ID, many, KEY, 255)
end)

t.test("a JSON string holds nothing that the game or JSON would take for more than text", function()
  local ns = load()
  local everything = {}
  for byte = 0, 255 do
    everything[byte + 1] = string.char(byte)
  end
  local text = ns.Json.string(table.concat(everything) .. '"]]--\\')
  t.equal(text:find("[%c|\127]"), nil)
  t.equal(ns.Utf8.repair(text), text)
  t.equal(ns.Json.string("a|b"), '"a\\u007cb"')
  t.equal(ns.Json.string("a   b"), '"a \\u0020 b"')
  t.equal(ns.Json.string('\\"'), '"\\\\\\""')
end)

t.test("only what JSON can say is written", function()
  local ns = load()
  t.fails(ns.Json.rows, { { 1.5 } })
  t.fails(ns.Json.rows, { { -1 } })
  t.fails(ns.Json.rows, { { 0 / 0 } })
  t.fails(ns.Json.object, { { "a", {} } })
  t.equal(ns.Json.object({ { "a", ns.Json.null }, { "b", false }, { "c", 2 ^ 52 } }), '{"a":null,"b":false,"c":4503599627370496}')
end)
