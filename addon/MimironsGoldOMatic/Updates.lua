-- Updates: whether this addon is the newest, as the desktop found out. The addon cannot look by itself.

local _, ns = ...
local Commands, LogBridge = ns.Commands, ns.LogBridge
local Updates = {}
ns.Updates = Updates

local CODES = { current = true, newer = true, too_old = true, unreachable = true }

--- Asks the desktop to look.
function Updates.ask()
  LogBridge.tag("UPDATE_CHECK")
end

local function shortText(value)
  return type(value) == "string" and ns.Utf8.cut(value, 40) or ""
end

Commands.define("MGM_UpdateStatus", 3, function(latest, installed, code)
  if not CODES[code] then
    error("not a status", 0)
  end
  Updates.status = { latest = shortText(latest), installed = shortText(installed), code = code }
  ns.tell("UPDATE", Updates.status)
end)
