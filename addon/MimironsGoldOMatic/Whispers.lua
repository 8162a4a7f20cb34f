-- Whispers: what the streamer's character whispers to others. A whisper counts as sent when the client shows its outgoing
-- copy; until then it is tried again every minute, for an hour, because the other may be in a loading screen, offline, or
-- the whisper lost in the flood.

local _, ns = ...
local Pacer, CharacterName = ns.Pacer, ns.CharacterName
local Whispers = {}
ns.Whispers = Whispers

local RETRY_SECONDS = 60
local INSIST_SECONDS = 60 * 60

-- { name, text, isWanted, onSent, dueAt, sentText }
local pending = {}

local function isDue(whisper)
  return whisper.dueAt <= ns.now()
end

local function drop(whisper)
  for index, one in ipairs(pending) do
    if one == whisper then
      table.remove(pending, index)
      return
    end
  end
end

local function send(whisper)
  whisper.sentText = whisper.text()
  whisper.dueAt = ns.now() + RETRY_SECONDS
  ns.after(RETRY_SECONDS, Pacer.wake)
  Pacer.whisper(whisper.sentText, whisper.name)
end

Pacer.source(2, function()
  for index = #pending, 1, -1 do
    local whisper = pending[index]
    if not whisper.isWanted() then
      table.remove(pending, index)
    end
  end
  for _, whisper in ipairs(pending) do
    if isDue(whisper) then
      return function()
        send(whisper)
      end
    end
  end
  return nil
end)

ns.on("CHAT_MSG_WHISPER_INFORM", function(text, receiver)
  for _, whisper in ipairs(pending) do
    if whisper.sentText == text and CharacterName.same(receiver, whisper.name) then
      drop(whisper)
      if whisper.onSent then
        whisper.onSent()
      end
      return
    end
  end
end)

--- Whispers until it was sent or `isWanted()` says no. `text()` gives the words of each attempt.
function Whispers.untilSent(name, text, isWanted, onSent)
  table.insert(pending, { name = name, text = text, isWanted = isWanted, onSent = onSent, dueAt = ns.now() })
  Pacer.wake()
end

--- Whispers one text until it was sent, for an hour.
function Whispers.insist(name, text)
  local since = ns.now()
  Whispers.untilSent(name, function()
    return text
  end, function()
    return ns.now() - since < INSIST_SECONDS
  end)
end
