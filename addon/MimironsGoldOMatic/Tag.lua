-- Tag: the grammar of the lines that the addon writes into the chat log, `[MGM_NAME:subject]payload #key`. Every function
-- gives a list of lines of at most `limit` bytes each; what is too long for one comes in parts.

local _, ns = ...
local Json, Utf8 = ns.Json, ns.Utf8
local Tag = {}
ns.Tag = Tag

--- The beginning of every tag.
Tag.mark = "[MGM_"

local SCHEMA_VERSION = 1
local MOST_PARTS = 999
-- Room for ":999/999" in the brackets.
local PART_ROOM = 8

local function head(name, subject, part)
  return Tag.mark .. name .. (subject and ":" .. subject or "") .. (part and ":" .. part or "") .. "]"
end

local function tail(key)
  return key and key ~= "" and " #" .. key or ""
end

-- A space at the end of a piece would meet the one before the key, and some servers make one of two.
local function nextPiece(payload, room)
  local piece = Utf8.cut(payload, room)
  local kept = piece:gsub(" +$", "")
  if kept == "" then
    return piece
  end
  return #piece == #payload and piece or kept
end

local function lines(name, subject, payload, key, limit)
  local whole = head(name, subject) .. payload .. tail(key)
  if #whole <= limit then
    return { whole }
  end
  local room = limit - #head(name, subject) - PART_ROOM - #tail(key)
  if room < 16 then
    error("no room for a tag in " .. limit .. " bytes", 3)
  end
  local pieces = {}
  while payload ~= "" do
    local piece = nextPiece(payload, room)
    table.insert(pieces, piece)
    payload = payload:sub(#piece + 1)
  end
  if #pieces > MOST_PARTS then
    error("too many parts: " .. #pieces, 3)
  end
  for index, piece in ipairs(pieces) do
    pieces[index] = head(name, subject, index .. "/" .. #pieces) .. piece .. tail(key)
  end
  return pieces
end

--- A tag without a payload; `subject` is an id, a number's digits, or nil.
function Tag.bare(name, subject, key)
  return { head(name, subject) .. tail(key) }
end

--- The answer to a hello: nobody has the key yet, so it bears none.
function Tag.hello(nonce, about, limit)
  local swallowed = about.bangSwallowed
  if swallowed == nil then
    swallowed = Json.null
  end
  local payload = Json.object({
    { "addonVersion", about.addonVersion },
    { "character", about.character },
    { "realm", about.realm },
    { "locale", about.locale },
    { "transport", about.transport },
    { "whisperFormat", about.whisperFormat },
    { "bangSwallowed", swallowed },
  })
  return lines("HELLO", nonce, payload, nil, limit)
end

--- What /who said; `capturedAt` is ISO 8601 in UTC.
function Tag.who(report, key)
  local payload = Json.object({
    { "schemaVersion", SCHEMA_VERSION },
    { "spinCycleId", report.spinCycleId },
    { "characterName", report.characterName },
    { "online", report.online },
    { "capturedAt", report.capturedAt },
  })
  return { head("WHO") .. payload .. tail(key) }
end

--- The mailable stacks of the bags, each `{ bag, slot, itemId, count }`.
function Tag.items(id, stacks, key, limit)
  return lines("ITEMS", id, Json.rows(stacks), key, limit)
end

--- One item described.
function Tag.item(id, item, key, limit)
  local payload = Json.object({
    { "name", item.name },
    { "id", item.id },
    { "count", item.count },
    { "link", item.link },
    { "texture", item.texture },
    { "bagId", item.bagId },
    { "slotId", item.slotId },
  })
  return lines("ITEM", id, payload, key, limit)
end
