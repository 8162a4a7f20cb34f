-- Pacer: everything of ours that goes through the server goes through here, one message at a time and never two within
-- 1.1 s, so that the server's flood rule (ten messages less than a second apart) is never met.
--
-- Those who have something to send register a source; a source gives a function that sends, or nil. The first source
-- that has something is served first.

local _, ns = ...
local Pacer = {}
ns.Pacer = Pacer

local INTERVAL_SECONDS = 1.1

local sources = {}
local nextAt = 0
local timer

--- Registers a source; those of a lower `rank` are asked first.
function Pacer.source(rank, take)
  table.insert(sources, { rank = rank, take = take })
  table.sort(sources, function(one, other)
    return one.rank < other.rank
  end)
end

local function take()
  for _, source in ipairs(sources) do
    local send = source.take()
    if send then
      return send
    end
  end
  return nil
end

--- To be called when a source has something new. Sends at once if the last message is long enough ago.
function Pacer.wake()
  if timer then
    return
  end
  local left = nextAt - ns.now()
  if left > 0 then
    timer = ns.after(left, function()
      timer = nil
      Pacer.wake()
    end)
    return
  end
  local send = take()
  if send then
    nextAt = ns.now() + INTERVAL_SECONDS
    send()
    Pacer.wake()
  end
end

--- Whether something may be said right now.
function Pacer.isFree()
  return nextAt <= ns.now()
end

-- What the last session said was perhaps said a moment ago.
ns.listen("LOGIN", function()
  nextAt = ns.now() + INTERVAL_SECONDS
end)

--- Whispers at once; for sources to call.
function Pacer.whisper(text, name)
  SendChatMessage(text, "WHISPER", nil, name)
end
