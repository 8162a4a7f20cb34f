local t = ...

local ID = "6f9619ff-8b86-d011-b42d-00c04fc964ff"
local OTHER_ID = "7f9619ff-8b86-d011-b42d-00c04fc964ff"
local NOW = 1775304000

local function load()
  return t.load("Utf8 Letters CharacterName Store").Store
end

local function row(changes)
  local made = { id = ID, kind = "gold", name = "Norinn", copper = 1000, status = "READY", at = NOW }
  for key, value in pairs(changes or {}) do
    made[key] = value
  end
  return made
end

local function openRows(...)
  return load().open({ version = 1, mail = { rows = { ... } } }, NOW).mail
end

t.test("nothing saved is an empty store", function()
  local Store = load()
  local empty = Store.open(nil, NOW)
  t.equal(empty, Store.open("nonsense", NOW))
  t.equal(empty, Store.open({ mail = 5, realms = "x", numbers = { "a" }, minimap = "y", mode = 0.5 }, NOW))
  t.equal({ empty.version, empty.mode, empty.key, #empty.mail.rows }, { 1, 1, nil, 0 })
end)

t.test("what was saved comes back, and what was opened is saved unchanged", function()
  local Store = load()
  local saved = {
    version = 1,
    key = "0123456789abcdef",
    nonce = "00112233445566778899aabbccddeeff",
    mode = 3,
    realms = { Icecrown = { bangSwallowed = true } },
    numbers = { 1, 2 },
    questions = { [ID] = { kind = "gift", name = "Норинн", at = NOW, answer = "GIFT_DECLINE" } },
    said = { [ID] = { tag = "SENDING", at = NOW } },
    mail = { rows = { row() }, sent = { [OTHER_ID] = NOW } },
    minimap = 10,
  }
  t.equal(Store.open(saved, NOW), saved)
end)

t.test("a file without a version is of version 0, one of a later version is read as far as it is understood", function()
  local Store = load()
  t.equal(Store.open({ key = "0123456789abcdef" }, NOW).key, "0123456789abcdef")
  local later = Store.open({ version = 7, key = "0123456789abcdef", more = {} }, NOW)
  t.equal({ later.version, later.key, later.more }, { 1, "0123456789abcdef" })
end)

t.test("a row that makes no sense is left out", function()
  for _, changes in ipairs({
    { id = "x" },
    { name = "norinn" },
    { name = 5 },
    { copper = 0 },
    { copper = 1.5 },
    { status = "GONE" },
    { kind = "other" },
    { at = "now" },
    { kind = "gift" },
    { kind = "gift", item = { bag = 0, slot = 1, itemId = 0, count = 1 } },
  }) do
    t.equal(openRows(row(changes)).rows, {})
  end
  t.equal(#openRows(5, row(), row()).rows, 1)
  t.equal(#openRows(row(), row()).rows, 1)
  t.equal(#openRows(row({ kind = "gift", item = { bag = 0, slot = 1, itemId = 5, count = 1 } })).rows, 1)
end)

t.test("a sent id stays sent, whatever its row says", function()
  local mail = load().open({ mail = { rows = { row() }, sent = { [ID] = NOW } } }, NOW).mail
  t.equal(mail.rows[1].status, "SENT")
  mail = openRows(row({ status = "SENT", doneAt = NOW }))
  t.equal(mail.sent[ID], NOW)
  mail = load().open({ mail = { rows = { row({ status = "SENT", doneAt = 1 }) }, sent = { [ID] = 1 } } }, NOW).mail
  t.equal({ #mail.rows, mail.sent[ID] }, { 0, 1 })
end)

t.test("a row in the air whose flight is lost is unclear", function()
  t.equal(openRows(row({ status = "PROCESSING" })).rows[1].status, "UNKNOWN")
  local broken = { id = ID, calledAt = 5, cost = "x" }
  local mail = load().open({ mail = { rows = { row({ status = "PROCESSING" }) }, flight = broken } }, NOW).mail
  t.equal({ mail.rows[1].status, mail.flight }, { "UNKNOWN" })
  local whole = { id = ID, calledAt = 5, cost = 1030, money = 5, startMoney = 5, losses = 0, rivals = 0, successes = 0 }
  mail = load().open({ mail = { rows = { row({ status = "PROCESSING" }) }, flight = whole } }, NOW).mail
  t.equal({ mail.rows[1].status, mail.flight }, { "PROCESSING", whole })
end)

t.test("what is older than two days is forgotten, what was sent is not", function()
  local Store = load()
  local old = NOW - 3 * 86400
  local store = Store.open({
    questions = { [ID] = { kind = "gold", name = "Norinn", at = old } },
    said = { [ID] = { tag = "CONFIRM", at = old } },
    mail = { sent = { [ID] = old } },
  }, NOW)
  t.equal({ next(store.questions), next(store.said), store.mail.sent[ID] }, { nil, nil, old })
end)

t.test("a number is new once; the last thousand are remembered", function()
  local Store = load()
  local db = Store.open(nil, NOW)
  for number = 1, 1200 do
    t.equal(Store.remember(db, number), true)
    t.equal(Store.remember(db, number), false)
  end
  t.equal({ #db.numbers, db.numbers[1] }, { 1000, 201 })
  for number = 1201, 1300 do
    table.insert(db.numbers, number)
  end
  t.equal(#Store.open(db, NOW).numbers, 1000)
end)

t.test("of too many entries the newest stay", function()
  local Store = load()
  t.equal(Store.newest({ a = 1, b = 3, c = 2 }, 2), { b = 3, c = 2 })
end)
