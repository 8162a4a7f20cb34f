local t = ...

local function load()
  return t.load("Utf8 Letters Reply LogModes")
end

t.test("the whispers are those of the contract, byte by byte", function()
  local ns = load()
  t.equal(#ns.Reply.question("gold", false), 222)
  t.equal(#ns.Reply.question("gold", true), 221)
  t.equal(ns.Reply.question("gold", nil):sub(-8), " !twgold")
  t.equal(ns.Reply.question("gift", nil):sub(-8), " !twgift")
  t.equal(ns.Reply.question("gift", true):sub(-7), " twgift")
  t.equal(#ns.Reply.sentText, 88)
end)

t.test("consent is the phrase and nothing else", function()
  local ns = load()
  for _, text in ipairs({ "!twgold", "twgold", "TWGOLD", " twgold ", "!TwGold", "\194\160!twgold\t" }) do
    t.equal(ns.Reply.meaning("gold", text), "ACCEPT", text)
  end
  for _, text in ipairs({ "", "!", "! twgold", "!twgold please", "!!twgold", "!twgift", "twgolds", "да", "tw\255gold", "нет" }) do
    t.equal(ns.Reply.meaning("gold", text), nil, text)
  end
  t.equal(ns.Reply.meaning("gold", string.rep("a", 5000)), nil)
end)

t.test("a gift may be declined", function()
  local ns = load()
  for _, text in ipairs({ "нет", "НЕТ", " Нет ", "no", "NO" }) do
    t.equal(ns.Reply.meaning("gift", text), "GIFT_DECLINE", text)
  end
  for _, text in ipairs({ "twgift", "!TWGIFT" }) do
    t.equal(ns.Reply.meaning("gift", text), "GIFT_ACCEPT", text)
  end
  t.equal(ns.Reply.meaning("gift", "!twgold"), nil)
end)

t.test("every way into the log comes up in turn", function()
  local ns = load()
  local seen, number = {}, 1
  for _ = 1, 6 do
    local mode = ns.LogModes.get(number)
    table.insert(seen, mode.transport .. " " .. mode.flush)
    number = ns.LogModes.after(number)
  end
  t.equal(number, 1)
  t.equal(seen, { "system toggle", "system fill", "whisper toggle", "whisper fill", "print toggle", "print fill" })
  t.equal(ns.LogModes.get(99), ns.LogModes.get(1))
  t.equal(ns.LogModes.after(99), 1)
end)

t.test("a filler fills, and is no tag", function()
  local ns = load()
  local line = ns.LogModes.filler(123456, 255)
  t.equal(#line, 255)
  t.truthy(ns.LogModes.isFiller(line))
  t.truthy(not ns.LogModes.isFiller("[MGM_READY]"))
  t.equal(ns.LogModes.loggedBytes(line), 275)
end)
