local t = ...

local ID = "6f9619ff-8b86-d011-b42d-00c04fc964ff"
local OTHER_ID = "7f9619ff-8b86-d011-b42d-00c04fc964ff"
local NOW = 1775304000

local function load()
  return t.load("Utf8 Letters CharacterName Store MailStore").Store
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
    logged = { low = 5, high = 9, at = NOW },
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
  mail = openRows(row({ status = "SENT", doneAt = 1 }))
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

local WHOLE_FLIGHT = {
  id = ID,
  calledAt = 5.5,
  cost = 1030,
  money = 5,
  startMoney = 5,
  losses = 0,
  rivals = 0,
  successes = 0,
  character = "Norinn-Icecrown",
}

local function changed(table, key, value)
  local copy = {}
  for each, one in pairs(table) do
    copy[each] = one
  end
  copy[key] = value
  return copy
end

t.test("a flight with anything odd in it leaves its row unclear", function()
  local Store = load()
  for _, key in ipairs({ "calledAt", "cost", "money", "startMoney", "losses", "rivals", "successes", "failedAt", "id" }) do
    for _, value in ipairs({ "x", {}, true, -1, 0 / 0, 1 / 0 }) do
      local saved = { rows = { row({ status = "PROCESSING" }) }, flight = changed(WHOLE_FLIGHT, key, value) }
      local mail = Store.open({ mail = saved }, NOW).mail
      t.equal({ mail.rows[1].status, mail.flight }, { "UNKNOWN" }, key .. " " .. tostring(value))
      saved = { doubt = changed(changed(WHOLE_FLIGHT, "row", row()), key, value) }
      t.equal(Store.open({ mail = saved }, NOW).mail.doubt, nil, key .. " " .. tostring(value))
    end
  end
  local flags = changed(changed(WHOLE_FLIGHT, "doubtful", "yes"), "character", 5)
  local mail = Store.open({ mail = { rows = { row({ status = "PROCESSING" }) }, flight = flags } }, NOW).mail
  t.equal(mail.flight, changed(WHOLE_FLIGHT, "character", nil))
end)

t.test("a flight whose row is not in the air is forgotten, a doubt needs its row", function()
  local Store = load()
  t.equal(Store.open({ mail = { rows = { row() }, flight = WHOLE_FLIGHT } }, NOW).mail.flight, nil)
  t.equal(Store.open({ mail = { flight = WHOLE_FLIGHT } }, NOW).mail.flight, nil)
  t.equal(Store.open({ mail = { doubt = WHOLE_FLIGHT } }, NOW).mail.doubt, nil)
  local doubt = changed(WHOLE_FLIGHT, "row", row())
  t.equal(Store.open({ mail = { doubt = doubt } }, NOW).mail.doubt, doubt)
end)

t.test("a row's side notes are dropped when they are odd, not the row", function()
  for _, value in ipairs({ "x", {}, true, -5, 0.5, 0 / 0 }) do
    local mail = openRows(row({ status = "SENT", doneAt = value, withdrawn = "no" }))
    t.equal({ mail.rows[1], mail.sent[ID] }, { row({ status = "SENT", doneAt = NOW }), NOW })
    t.equal(openRows(row({ doneAt = value })).rows, { row() })
  end
  local item = { bag = 0, slot = 1, itemId = 5, count = 1, name = {} }
  t.equal(openRows(row({ kind = "gift", item = item })).rows[1].item.name, nil)
end)

t.test("an answer is remembered by the time when it was given", function()
  local Store = load()
  local question = { kind = "gold", name = "Norinn", at = NOW - 2.5 * 86400, answer = "ACCEPT", answeredAt = NOW - 86400 }
  t.truthy(Store.open({ questions = { [ID] = question } }, NOW).questions[ID])
  question.answeredAt = NOW - 2.5 * 86400
  t.equal(Store.open({ questions = { [ID] = question } }, NOW).questions[ID], nil)
end)

t.test("a question with a time that is none, or is to come, is left out", function()
  local Store = load()
  for _, key in ipairs({ "at", "sentAt", "answeredAt" }) do
    for _, value in ipairs({ "x", {}, -1, 0 / 0 }) do
      local question = { kind = "gold", name = "Norinn", at = NOW, answer = "ACCEPT", answeredAt = NOW }
      question[key] = value
      t.equal(Store.open({ questions = { [ID] = question } }, NOW).questions, {}, key)
    end
  end
  local future = { kind = "gold", name = "Norinn", at = NOW + 2 * 86400 }
  t.equal(Store.open({ questions = { [ID] = future } }, NOW).questions, {})
end)

local ODD = { "x", {}, { {} }, true, false, -1, 0.5, 1e300, 0 / 0, 1 / 0, "" }

local function deepCopy(value)
  if type(value) ~= "table" then
    return value
  end
  local copy = {}
  for key, one in pairs(value) do
    copy[key] = deepCopy(one)
  end
  return copy
end

-- Every path to a value of a table, as lists of keys.
local function pathsOf(value, path, found)
  for key, one in pairs(value) do
    local here = { unpack(path) }
    table.insert(here, key)
    table.insert(found, here)
    if type(one) == "table" then
      pathsOf(one, here, found)
    end
  end
  return found
end

-- What the addon does with what was saved, from the login on.
local function live(ns, db)
  local queue = ns.MailQueue.new(db.mail)
  queue:login({ now = 20, wall = NOW, money = 5, character = "Norinn-Icecrown" })
  queue:secondsToWait(21)
  queue:undecided(21)
  queue:success(21)
  queue:seeMoney(7, 22)
  queue:judge(22, NOW)
  queue:fail(23)
  queue:judge(40, NOW)
  for _, one in ipairs(deepCopy(db.mail.rows)) do
    local _ = one.name .. (one.copper and one.copper / 10000 or one.item.name or one.item.itemId + one.item.count)
    queue:withdraw(one.id)
  end
  for _, question in pairs(db.questions) do
    local _ = NOW - question.at < 5 and question.name .. question.kind
    _ = NOW - (question.answeredAt or question.at)
  end
  ns.Store.remember(db, 5)
  local logged = db.logged and db.logged.high - db.logged.low + db.logged.at
  return logged, ns.LogModes.get(db.mode).limit + math.rad(db.minimap)
end

t.test("one odd value anywhere in what was saved never stops the addon", function()
  local whole = {
    version = 1,
    key = "0123456789abcdef",
    nonce = "00112233445566778899aabbccddeeff",
    mode = 3,
    realms = { Icecrown = { bangSwallowed = true } },
    numbers = { 1, 2 },
    questions = {
      [ID] = { kind = "gift", name = "Норинн", at = NOW, sentAt = NOW, answer = "GIFT_DECLINE", answeredAt = NOW },
      [OTHER_ID] = { kind = "gift", name = "Норинн", at = NOW, isReplaced = true },
    },
    said = { [ID] = { tag = "SENDING", at = NOW } },
    mail = {
      rows = {
        row({ status = "PROCESSING" }),
        row({ id = OTHER_ID, kind = "gift", item = { bag = 0, slot = 1, itemId = 5, count = 1, name = "Cloth" } }),
        row({ id = ID:gsub("^6", "8"), status = "SENT", doneAt = NOW, withdrawn = true }),
      },
      sent = { [OTHER_ID:gsub("^7", "9")] = NOW },
      flight = changed(changed(changed(WHOLE_FLIGHT, "failedAt", 6), "doubtful", true), "calledAt", 15),
      doubt = changed(changed(WHOLE_FLIGHT, "row", row()), "calledAt", 15),
      mailedAt = 15,
    },
    logged = { low = 5, high = 9, at = NOW },
    minimap = 10,
  }
  local ns = t.load("Utf8 Letters CharacterName Flight OtherMails MailQueue MailAnswers LogModes Store MailStore")
  local paths = pathsOf(whole, {}, {})
  t.truthy(#paths > 80)
  for _, path in ipairs(paths) do
    for _, odd in ipairs(ODD) do
      local saved = deepCopy(whole)
      local at = saved
      for step = 1, #path - 1 do
        at = at[path[step]]
      end
      at[path[#path]] = odd
      local fine, problem = pcall(function()
        live(ns, ns.Store.open(saved, NOW))
      end)
      t.truthy(fine, table.concat(path, ".") .. " = " .. tostring(odd) .. ": " .. tostring(problem))
    end
  end
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
