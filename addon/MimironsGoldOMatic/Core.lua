-- Core: the namespace that all files share, the clock and its timers, and the dispatch of the client's events and of our
-- own. Nothing here knows what the addon is for. The client has no timers of its own: a frame's OnUpdate drives ours.

local addonName, ns = ...

ns.name = addonName
ns.version = "0.1.0"
ns.icon = "Interface\\AddOns\\" .. addonName .. "\\Icon"

local frame = CreateFrame("Frame")
local timers = {}

--- Calls a listener so that its error reaches the client's error handler and nobody else.
local function guarded(listener, ...)
  local count, args = select("#", ...), { ... }
  xpcall(function()
    listener(unpack(args, 1, count))
  end, geterrorhandler())
end

local function newDispatcher(onFirst)
  local byName = {}
  local function listen(name, listener)
    if type(name) ~= "string" or type(listener) ~= "function" then
      error("a name and a function are needed", 2)
    end
    if not byName[name] then
      byName[name] = {}
      onFirst(name)
    end
    table.insert(byName[name], listener)
  end
  local function tell(name, ...)
    for _, listener in ipairs(byName[name] or {}) do
      guarded(listener, ...)
    end
  end
  return listen, tell
end

local onClientEvent, tellClientEvent = newDispatcher(function(name)
  frame:RegisterEvent(name)
end)
frame:SetScript("OnEvent", function(_, name, ...)
  tellClientEvent(name, ...)
end)

--- Listens to an event of the client: `listener(...)` gets the event's own arguments.
ns.on = onClientEvent

--- Listens to, and sends, messages among our own files.
ns.listen, ns.tell = newDispatcher(function() end)

--- Seconds on the client's steady clock.
function ns.now()
  return GetTime()
end

--- Calls back after some seconds, in the next frame at the earliest. Set `cancelled` on the result to stop it.
function ns.after(seconds, callback)
  if type(seconds) ~= "number" or type(callback) ~= "function" then
    error("seconds and a function are needed", 2)
  end
  local timer = { at = GetTime() + seconds, callback = callback }
  table.insert(timers, timer)
  return timer
end

frame:SetScript("OnUpdate", function()
  local now = GetTime()
  local due = {}
  for index = #timers, 1, -1 do
    local timer = timers[index]
    if timer.cancelled or timer.at <= now then
      table.remove(timers, index)
      if not timer.cancelled then
        table.insert(due, 1, timer)
      end
    end
  end
  -- The earliest first; among equals the one that was asked for first. table.sort alone would not keep that order.
  for index, timer in ipairs(due) do
    timer.order = index
  end
  table.sort(due, function(one, other)
    if one.at ~= other.at then
      return one.at < other.at
    end
    return one.order < other.order
  end)
  for _, timer in ipairs(due) do
    if not timer.cancelled then
      guarded(timer.callback)
    end
  end
end)

ns.on("ADDON_LOADED", function(name)
  if name == addonName then
    MimironsGoldOMaticDB = ns.Store.open(MimironsGoldOMaticDB, time())
    ns.db = MimironsGoldOMaticDB
    ns.tell("LOADED")
  end
end)

ns.on("PLAYER_LOGIN", function()
  ns.player = UnitName("player")
  ns.realm = GetRealmName()
  ns.tell("LOGIN")
end)

-- First what is still to be said, then the last word.
ns.on("PLAYER_LOGOUT", function()
  ns.tell("LEAVING")
  ns.tell("LOGOUT")
end)
