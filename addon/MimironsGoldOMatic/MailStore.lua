-- MailStore: the mail queue as it was saved, see Store. What cannot be understood of a row drops the row; what cannot be
-- understood of a mail in the air makes its row UNKNOWN, because only the streamer can tell then.

local _, ns = ...
local Store = ns.Store
local isIndex, isCount, tableOf = Store.isIndex, Store.isCount, Store.tableOf
local MailStore = {}
ns.MailStore = MailStore

-- A payout lives a day and an hour at most; its row may be looked at for another day.
local KEPT_SECONDS = 2 * 24 * 60 * 60
local MOST_SENT = 20000

local STATUSES = { WAITING = true, READY = true, PROCESSING = true, SENT = true, UNKNOWN = true }

local function isFlag(value)
  return value == true
end

local function isTime(value)
  return type(value) == "number" and value >= 0 and value < 2 ^ 53
end

local function isText(value)
  return type(value) == "string"
end

local function readItem(item)
  if
    type(item) == "table"
    and isIndex(item.bag)
    and isIndex(item.slot)
    and isCount(item.itemId)
    and isCount(item.count)
  then
    return {
      bag = item.bag,
      slot = item.slot,
      itemId = item.itemId,
      count = item.count,
      name = Store.optional(item.name, isText),
    }
  end
  return nil
end

-- A row with nothing in it but what belongs there, or nil.
local function readRow(row)
  if type(row) ~= "table" or not Store.isId(row.id) or not STATUSES[row.status] then
    return nil
  elseif not Store.isName(row.name) or not isIndex(row.at) then
    return nil
  end
  local read = { id = row.id, kind = row.kind, name = row.name, status = row.status, at = row.at }
  read.doneAt = Store.optional(row.doneAt, isIndex)
  read.withdrawn = Store.optional(row.withdrawn, isFlag)
  if row.kind == "gold" then
    read.copper = Store.optional(row.copper, isCount)
  elseif row.kind == "gift" then
    read.item = readItem(row.item)
  end
  return (read.copper or read.item) and read or nil
end

-- A flight whose every number is one, or nil.
local function readFlight(flight)
  if type(flight) ~= "table" or not Store.isId(flight.id) then
    return nil
  elseif not (isIndex(flight.successes) and isIndex(flight.losses) and isIndex(flight.rivals)) then
    return nil
  end
  local read = { id = flight.id, successes = flight.successes, losses = flight.losses, rivals = flight.rivals }
  for _, flag in ipairs({ "doubtful", "hasRival", "anyLoss", "keepsStack", "rests" }) do
    read[flag] = Store.optional(flight[flag], isFlag)
  end
  if flight.calledAt == nil then
    return read
  end
  read.calledAt, read.failedAt = Store.optional(flight.calledAt, isTime), Store.optional(flight.failedAt, isTime)
  read.cost = Store.optional(flight.cost, isCount)
  read.money, read.startMoney = Store.optional(flight.money, isIndex), Store.optional(flight.startMoney, isIndex)
  read.character = Store.optional(flight.character, isText)
  local isWhole = read.calledAt and read.cost and read.money and read.startMoney
  return isWhole and (read.failedAt or flight.failedAt == nil) and read or nil
end

local function readDoubt(saved)
  local doubt = readFlight(saved)
  if not doubt or not doubt.calledAt then
    return nil
  end
  doubt.row = readRow(saved.row)
  return doubt.row and doubt.row.id == doubt.id and doubt or nil
end

-- What was sent stays sent, whatever its row says, and also when the row is too old to be shown.
local function agree(row, sent, wall)
  if row.status == "SENT" then
    sent[row.id] = sent[row.id] or row.doneAt or wall
  elseif sent[row.id] then
    row.status, row.withdrawn = "SENT", nil
  end
  row.doneAt = sent[row.id]
end

local function readRows(saved, sent, wall)
  local rows, seen = {}, {}
  for _, one in ipairs(tableOf(saved)) do
    local row = readRow(one)
    if row and not seen[row.id] then
      seen[row.id] = true
      agree(row, sent, wall)
      if not row.doneAt or wall - row.doneAt <= KEPT_SECONDS then
        table.insert(rows, row)
      end
    end
  end
  return rows
end

--- What was saved as `mail`, as far as it makes sense. `wall` is the time of day in seconds since 1970.
function MailStore.open(saved, wall)
  local mail = tableOf(saved)
  local sent = Store.kept(mail.sent, function(id, at)
    return Store.isId(id) and isIndex(at)
  end)
  local rows = readRows(mail.rows, sent, wall)
  local flight, flying = readFlight(mail.flight), nil
  for _, row in ipairs(rows) do
    if row.status == "PROCESSING" and flight and flight.id == row.id then
      flying = flight
    elseif row.status == "PROCESSING" then
      row.status = "UNKNOWN"
    end
  end
  return {
    rows = rows,
    sent = Store.newest(sent, MOST_SENT),
    flight = flying,
    doubt = readDoubt(mail.doubt),
    mailedAt = Store.optional(mail.mailedAt, isTime),
  }
end
