-- WhoSearch: is the candidate online? Answers of /who carry no question: whose they are must be worked out, so that
-- neither somebody's own /who nor the late answer to an earlier spin decides anything.
--
--   start ──► ask ──► online / offline             a clear answer
--              ▲└──► no answer in 8 s, list cut off, disturbed by another query: asked again, ten minutes at most
--
-- Seeing the name in our answer proves that it is online. Not seeing it proves something only in a whole list that can
-- be none but ours.

local _, ns = ...
local CharacterName = ns.CharacterName
local WhoSearch = {}
WhoSearch.__index = WhoSearch
ns.WhoSearch = WhoSearch

local INTERVAL_SECONDS = 5
local ANSWER_SECONDS = 8
local LATE_SECONDS = 60
local SEARCH_SECONDS = 600
-- The server stops at 49 names, the client's list at 50: a list this long may have been cut off.
local LONGEST_LIST = 49

function WhoSearch.new()
  return setmetatable({ others = {}, lost = {} }, WhoSearch)
end

--- A new candidate; an older one is given up.
function WhoSearch:start(spin, name, now)
  self.current = { spin = spin, name = name, since = now }
end

local function forget(list, now, seconds)
  while list[1] and now - list[1].at >= seconds do
    table.remove(list, 1)
  end
end

--- What to do now: "ask", or the seconds after which to look again, or nil when there is nothing to do.
function WhoSearch:step(now)
  forget(self.others, now, ANSWER_SECONDS)
  forget(self.lost, now, LATE_SECONDS)
  if self.asked then
    local left = self.asked.at + ANSWER_SECONDS - now
    if left > 0 then
      return left
    end
    table.insert(self.lost, { name = self.asked.name, at = now })
    self.asked = nil
  end
  if self.current and now - self.current.since >= SEARCH_SECONDS then
    self.current = nil
  end
  if not self.current then
    return nil
  end
  local wait = self.lastAt and self.lastAt + INTERVAL_SECONDS - now or 0
  if self.others[1] then
    wait = math.max(wait, self.others[#self.others].at + ANSWER_SECONDS - now)
  end
  return wait > 0 and wait or "ask"
end

--- Our query was sent. Gives the name that it asked for.
function WhoSearch:ask(now)
  self.asked = { spin = self.current.spin, name = self.current.name, at = now }
  self.lastAt = now
end

--- Somebody else sent a query. Ours, if one is open, can no longer be told from it.
function WhoSearch:otherAsked(now)
  if self.asked then
    table.insert(self.others, { at = now })
    self.asked = nil
  end
  table.insert(self.others, { at = now })
  self.lastAt = now
end

local function isPlausible(names, asked)
  for _, name in ipairs(names) do
    if not CharacterName.holds(name, asked) then
      return false
    end
  end
  return true
end

local function takeLost(lost, name)
  for index, one in ipairs(lost) do
    if one.name ~= name then
      table.remove(lost, index)
      return true
    end
  end
  return false
end

--- An answer came: the names of its list, and how many there are in all. Gives `{ spin, name, online }` when it decides.
function WhoSearch:answer(names, total)
  local asked = self.asked
  if not asked then
    table.remove(self.others, 1)
    return nil
  elseif not isPlausible(names, asked.name) then
    return nil
  end
  local found = false
  for _, name in ipairs(names) do
    found = found or name == asked.name
  end
  -- An answer that we had given up may be this one.
  if not found and takeLost(self.lost, asked.name) then
    return nil
  end
  self.asked = nil
  if not self.current or self.current.spin ~= asked.spin then
    return nil
  elseif not found and (total > #names or #names >= LONGEST_LIST) then
    return nil
  end
  self.current = nil
  return { spin = asked.spin, name = asked.name, online = found }
end
