-- Who: asks the server for the candidate, without the Friends window that FrameXML opens on every answer. What an answer
-- means is decided in WhoSearch.

local _, ns = ...
local WhoSearch, Commands, LogBridge, Tag = ns.WhoSearch, ns.Commands, ns.LogBridge, ns.Tag

local search = WhoSearch.new()
local timer
local isOurs, isQuiet

--- The last line of an answer that comes into the chat instead of the list, as a pattern. The text may still hold the
--- client's grammar (`|4player:players;`) or be resolved.
local function numResultsPattern()
  local pattern = WHO_NUM_RESULTS:gsub("|4[^;]*;", "\1"):gsub("%%d", "\2")
  pattern = pattern:gsub("[%^%$%(%)%%%.%[%]%*%+%-%?]", "%%%0")
  return "^" .. pattern:gsub("\1", ".-"):gsub("\2", "%%d+") .. "$"
end

local function openUp()
  if not isQuiet then
    return
  end
  isQuiet = false
  FriendsFrame:RegisterEvent("WHO_LIST_UPDATE")
  SetWhoToUI(WhoFrame and WhoFrame:IsShown() and 1 or 0)
end

-- In the next frame: in this one the Friends window could still be handed the same answer.
local function openUpSoon()
  ns.after(0, function()
    if not search.asked then
      openUp()
    end
  end)
end

local function query()
  search:ask(ns.now())
  if not isQuiet then
    isQuiet = FriendsFrame:IsEventRegistered("WHO_LIST_UPDATE") and true or false
    FriendsFrame:UnregisterEvent("WHO_LIST_UPDATE")
  end
  SetWhoToUI(1)
  isOurs = true
  SendWho(WHO_TAG_NAME .. '"' .. search.asked.name .. '"')
  isOurs = false
end

local function step()
  if timer then
    timer.cancelled = true
    timer = nil
  end
  local action = search:step(ns.now())
  if action == "ask" then
    query()
    action = search:step(ns.now())
  elseif not search.asked then
    openUpSoon()
  end
  if type(action) == "number" then
    timer = ns.after(action, step)
  end
end

local function report(found)
  ns.debug("%s is %s", found.name, found.online and "online" or "offline")
  LogBridge.emit(function()
    return Tag.who({
      spinCycleId = found.spin,
      characterName = found.name,
      online = found.online,
      capturedAt = found.capturedAt,
    }, ns.db.key)
  end)
end

local function readAnswer()
  local shown, total = GetNumWhoResults()
  local names = {}
  for index = 1, shown do
    names[index] = (GetWhoInfo(index))
  end
  local found = search:answer(names, total)
  if found then
    found.capturedAt = date("!%Y-%m-%dT%H:%M:%S.000Z")
    report(found)
  end
  openUpSoon()
  step()
end

ns.on("WHO_LIST_UPDATE", readAnswer)

-- Somebody shut the who panel while our query was out: its answer comes into the chat.
ns.on("CHAT_MSG_SYSTEM", function(text)
  if text:find(numResultsPattern()) then
    readAnswer()
  end
end)

hooksecurefunc("SendWho", function()
  if isOurs then
    return
  end
  search:otherAsked(ns.now())
  openUp()
  step()
end)

Commands.define("MGM_RunWhoForSpin", 2, function(spin, name)
  search:start(Commands.id(spin), Commands.name(name), ns.now())
  step()
end)
