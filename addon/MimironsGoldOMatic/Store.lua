-- Store: what the addon remembers, in the one SavedVariables table. The client writes it at logout and /reload only, and
-- the player can edit it, so everything read is checked: what is not understood is left out, never guessed.
--
--   version    of this shape; files of every earlier one are brought up to it
--   key        the bridge's secret, from the last hello; nonce: of that hello
--   mode       how lines reach the log (LogModes)
--   realms     by realm name: { bangSwallowed }
--   numbers    of the last commands, oldest first
--   questions  by id: { kind, name, at, sentAt, answer }     consent that was asked for
--   said       by id: { tag, at }                            the last word about a mail
--   mail       { rows, sent, flight }                        see MailQueue
--   minimap    where the button sits, in degrees

local _, ns = ...
local CharacterName = ns.CharacterName
local Store = {}
ns.Store = Store

local VERSION = 1
local DAY = 24 * 60 * 60
-- A payout lives a day and an hour at most.
local KEPT_SECONDS = 2 * DAY
local MOST_NUMBERS = 1000
local MOST_SENT = 20000
local DEFAULT_ANGLE = 200

local STATUSES = { WAITING = true, READY = true, PROCESSING = true, SENT = true, UNKNOWN = true }
local ANSWERS = { ACCEPT = true, GIFT_ACCEPT = true, GIFT_DECLINE = true }
local LAST_WORDS = { SENDING = true, FAILED = true, CONFIRM = true, GIFT_SENT = true }

--- How to bring a file of that version one version further.
Store.migrations = {
  -- Version 0 is a file that bears no number: nothing was ever released with one, so its fields are taken as they are.
  [0] = function(saved)
    return saved
  end,
}

--- Whether a value is an id: 8-4-4-4-12 hex digits.
function Store.isId(value)
  return type(value) == "string"
    and value:find("^%x%x%x%x%x%x%x%x%-%x%x%x%x%-%x%x%x%x%-%x%x%x%x%-%x%x%x%x%x%x%x%x%x%x%x%x$") ~= nil
end

local function isIndex(value)
  return type(value) == "number" and value >= 0 and value % 1 == 0 and value < 2 ^ 53
end

local function isCount(value)
  return isIndex(value) and value > 0
end
Store.isIndex, Store.isCount = isIndex, isCount

local function isName(value)
  return type(value) == "string" and CharacterName.parse(value) == value
end

local function tableOf(value)
  return type(value) == "table" and value or {}
end

local function kept(entries, isGood)
  local good = {}
  for key, entry in pairs(tableOf(entries)) do
    if isGood(key, entry) then
      good[key] = entry
    end
  end
  return good
end

local function isItem(item)
  return type(item) == "table"
    and isIndex(item.bag)
    and isIndex(item.slot)
    and isCount(item.itemId)
    and isCount(item.count)
end

local function isRow(row)
  if type(row) ~= "table" or not Store.isId(row.id) or not STATUSES[row.status] then
    return false
  elseif not isName(row.name) or not isIndex(row.at) then
    return false
  end
  return row.kind == "gold" and isCount(row.copper) or row.kind == "gift" and isItem(row.item)
end

local function openMail(saved, wall)
  local mail = tableOf(saved)
  local rows, seen = {}, {}
  for _, row in ipairs(tableOf(mail.rows)) do
    local isOld = isRow(row) and row.status == "SENT" and wall - (row.doneAt or 0) > KEPT_SECONDS
    if isRow(row) and not isOld and not seen[row.id] then
      seen[row.id] = true
      table.insert(rows, row)
    end
  end
  local sent = kept(mail.sent, function(id, at)
    return Store.isId(id) and isIndex(at)
  end)
  for _, row in ipairs(rows) do
    if row.status == "SENT" then
      sent[row.id] = sent[row.id] or row.doneAt or wall
    elseif sent[row.id] then
      row.status, row.doneAt = "SENT", sent[row.id]
    end
  end
  local flight = mail.flight
  local flying = type(flight) == "table" and flight.id
  for _, row in ipairs(rows) do
    -- A row in the air of whose flight nothing is known: nobody but the streamer can tell.
    if row.status == "PROCESSING" and row.id ~= flying then
      row.status = "UNKNOWN"
    end
  end
  local isWhole = flying and isCount(flight.cost) and isIndex(flight.money) and isIndex(flight.startMoney)
  if flying and flight.calledAt and not isWhole then
    flight = nil
    for _, row in ipairs(rows) do
      if row.id == flying and row.status == "PROCESSING" then
        row.status = "UNKNOWN"
      end
    end
  end
  return { rows = rows, sent = Store.newest(sent, MOST_SENT), flight = flying and flight or nil }
end

--- The entries with the highest values, at most `most` of them.
function Store.newest(entries, most)
  local keys = {}
  for key in pairs(entries) do
    table.insert(keys, key)
  end
  if #keys <= most then
    return entries
  end
  table.sort(keys, function(one, other)
    return entries[one] > entries[other]
  end)
  local newest = {}
  for index = 1, most do
    newest[keys[index]] = entries[keys[index]]
  end
  return newest
end

local function newestNumbers(saved)
  local all = {}
  for _, number in ipairs(tableOf(saved)) do
    if isIndex(number) then
      table.insert(all, number)
    end
  end
  local last = {}
  for index = math.max(1, #all - MOST_NUMBERS + 1), #all do
    table.insert(last, all[index])
  end
  return last
end

--- What was saved, as this version understands it. `wall` is the time of day in seconds since 1970.
function Store.open(saved, wall)
  saved = tableOf(saved)
  local version = isIndex(saved.version) and saved.version or 0
  for from = version, VERSION - 1 do
    saved = Store.migrations[from](saved)
  end
  local function isRecent(entry)
    return type(entry) == "table" and isIndex(entry.at) and wall - entry.at <= KEPT_SECONDS
  end
  local isKey = type(saved.key) == "string" and saved.key:find("^%x+$") and #saved.key == 16
  local isNonce = type(saved.nonce) == "string" and saved.nonce:find("^%x+$") and #saved.nonce == 32
  return {
    version = VERSION,
    key = isKey and saved.key or nil,
    nonce = isNonce and saved.nonce or nil,
    mode = isCount(saved.mode) and saved.mode or 1,
    realms = kept(saved.realms, function(realm, about)
      return type(realm) == "string" and type(about) == "table" and type(about.bangSwallowed) == "boolean"
    end),
    numbers = newestNumbers(saved.numbers),
    questions = kept(saved.questions, function(id, question)
      local isKind = isRecent(question) and (question.kind == "gold" or question.kind == "gift")
      local isAnswer = isKind and (question.answer == nil or ANSWERS[question.answer])
      return isAnswer and Store.isId(id) and isName(question.name)
    end),
    said = kept(saved.said, function(id, word)
      return isRecent(word) and Store.isId(id) and LAST_WORDS[word.tag]
    end),
    mail = openMail(saved.mail, wall),
    minimap = type(saved.minimap) == "number" and saved.minimap == saved.minimap and saved.minimap % 360 or DEFAULT_ANGLE,
  }
end

--- Remembers a command's number; false when it was remembered already.
function Store.remember(db, number)
  for _, known in ipairs(db.numbers) do
    if known == number then
      return false
    end
  end
  table.insert(db.numbers, number)
  if #db.numbers > MOST_NUMBERS then
    table.remove(db.numbers, 1)
  end
  return true
end
