-- Store: what the addon remembers, in the one SavedVariables table. The client writes it at logout and /reload only, and
-- the player can edit it, so everything read is checked: what is not understood is left out, never guessed.
--
--   version    of this shape; files of every earlier one are brought up to it
--   key        the bridge's secret, from the last hello; nonce: of that hello
--   mode       how lines reach the log (LogModes)
--   realms     by realm name: { bangSwallowed }
--   numbers    of the last commands, oldest first
--   questions  by id: { kind, name, at, sentAt, answer, answeredAt, isReplaced }   consent that was asked for
--   said       by id: { tag, at }                                      the last word about a mail
--   mail       { rows, sent, flight, doubt, mailedAt }                 see MailQueue, MailAnswers
--   logged     { low, high, at } of LogPosition at the last logout
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
local DEFAULT_ANGLE = 200

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

--- Whether a value is a character's name in its canonical form.
function Store.isName(value)
  return type(value) == "string" and CharacterName.parse(value) == value
end

--- The value if it is nil or good, else nil.
function Store.optional(value, isGood)
  if value ~= nil and isGood(value) then
    return value
  end
  return nil
end

--- The value if it is a table, else an empty one.
function Store.tableOf(value)
  return type(value) == "table" and value or {}
end
local tableOf = Store.tableOf

--- The entries of a table that are good.
function Store.kept(entries, isGood)
  local good = {}
  for key, entry in pairs(tableOf(entries)) do
    if isGood(key, entry) then
      good[key] = entry
    end
  end
  return good
end
local kept = Store.kept

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

local function isSpan(span)
  return type(span) == "table"
    and isIndex(span.low)
    and isIndex(span.high)
    and span.low <= span.high
    and isIndex(span.at)
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
  local function isRecent(entry, at)
    return isIndex(entry.at) and isIndex(at) and wall - at <= KEPT_SECONDS and at - wall <= DAY
  end
  local function isQuestion(question)
    return type(question) == "table"
      and (question.kind == "gold" or question.kind == "gift")
      and Store.isName(question.name)
      and (question.answer == nil or ANSWERS[question.answer] == true)
      and isRecent(question, question.answeredAt or question.at)
      and (question.sentAt == nil or isIndex(question.sentAt))
      and (question.isReplaced == nil or question.isReplaced == true)
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
      return Store.isId(id) and isQuestion(question)
    end),
    said = kept(saved.said, function(id, word)
      return Store.isId(id) and type(word) == "table" and LAST_WORDS[word.tag] and isRecent(word, word.at)
    end),
    mail = ns.MailStore.open(saved.mail, wall),
    logged = isSpan(saved.logged) and { low = saved.logged.low, high = saved.logged.high, at = saved.logged.at }
      or nil,
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
