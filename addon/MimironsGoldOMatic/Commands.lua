-- Commands: the global functions that the desktop types, `/run Name("id",…,number)`. Each command's number is acknowledged
-- in the log; a number that was seen before is acknowledged again and does nothing else.

local _, ns = ...
local Store, CharacterName = ns.Store, ns.CharacterName
local Commands = {}
ns.Commands = Commands

-- Above, a number would no longer be written digit by digit.
local MOST = 1e15

local function digits(number)
  return string.format("%.0f", number)
end

--- Makes a command of `arguments` leading arguments global. The action may refuse them with `error(…, 0)`: then nothing
--- is acknowledged, and the desktop sees that its command was not understood.
function Commands.define(name, arguments, act)
  _G[name] = function(...)
    local number = select(arguments + 1, ...)
    if number ~= nil and not (Store.isIndex(number) and number < MOST) then
      error(name .. ": the number is a whole number", 2)
    end
    if number == nil or not Commands.isKnown(number) then
      local args = { ... }
      local fine, problem = pcall(act, unpack(args, 1, arguments))
      if not fine then
        error(name .. ": " .. tostring(problem), 2)
      end
    end
    if number ~= nil then
      Store.remember(ns.db, number)
      ns.LogBridge.tag("ACK", digits(number))
    end
  end
end

--- Whether a command with that number was run.
function Commands.isKnown(number)
  for _, known in ipairs(ns.db.numbers) do
    if known == number then
      return true
    end
  end
  return false
end

--- The id in lower case.
function Commands.id(value)
  if not Store.isId(value) then
    error("not an id", 0)
  end
  return value:lower()
end

--- The canonical form of a character's name.
function Commands.name(value)
  local name = type(value) == "string" and CharacterName.parse(value)
  if not name then
    error("not a character's name", 0)
  end
  return name
end

--- A string of exactly so many hex digits, in lower case.
function Commands.hex(value, length)
  if type(value) ~= "string" or #value ~= length or not value:find("^%x+$") then
    error("not " .. length .. " hex digits", 0)
  end
  return value:lower()
end

--- A stack in the bags.
function Commands.item(bag, slot, itemId, count)
  if not (Store.isIndex(bag) and Store.isIndex(slot) and Store.isCount(itemId) and Store.isCount(count)) then
    error("not a stack", 0)
  end
  return { bag = bag, slot = slot, itemId = itemId, count = count }
end
