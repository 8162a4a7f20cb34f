-- WhoSearch: is the candidate online? Answers of /who carry no question: whose they are must be worked out, so that
-- neither somebody's own /who nor the late answer to an earlier spin decides anything.
--
--   start ──► ask ──► online / offline             a clear answer
--              ▲└──► no answer in 8 s, list cut off, disturbed by another query: asked again, ten minutes at most
--
-- Seeing the name in our answer proves that it is online. Not seeing it proves something only in a whole list that can
-- be none but ours: every other query without an answer, somebody's own or one of an earlier spin, may be the one that is
-- answered so late, and one answer is given away for each of them.

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
  return setmetatable({ unanswered = {} }, WhoSearch)
end

--- A new candidate; an older one is given up.
function WhoSearch:start(spin, name, now)
  self.current = { spin = spin, name = name, since = now }
end

-- Queries that may still be answered, oldest first: `{ at, spin }`, without a spin when it was somebody else's.
local function giveUp(search, now)
  table.insert(search.unanswered, { at = now, spin = search.asked.spin })
  search.asked = nil
end

local function forget(list, now)
  while list[1] and now - list[1].at >= LATE_SECONDS do
    table.remove(list, 1)
  end
end

-- When somebody else's last query was sent, of those that are not answered.
local function otherAt(search)
  for index = #search.unanswered, 1, -1 do
    if not search.unanswered[index].spin then
      return search.unanswered[index].at
    end
  end
  return nil
end

--- What to do now: "ask", or the seconds after which to look again, or nil when there is nothing to do.
function WhoSearch:step(now)
  forget(self.unanswered, now)
  if self.asked then
    local left = self.asked.at + ANSWER_SECONDS - now
    if left > 0 then
      return left
    end
    giveUp(self, now)
  end
  if self.current and now - self.current.since >= SEARCH_SECONDS then
    self.current = nil
  end
  if not self.current then
    return nil
  end
  local wait = self.lastAt and self.lastAt + INTERVAL_SECONDS - now or 0
  local other = otherAt(self)
  if other then
    wait = math.max(wait, other + ANSWER_SECONDS - now)
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
    giveUp(self, now)
  end
  table.insert(self.unanswered, { at = now })
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

-- Gives an answer away to the oldest query of another spin or person. False when there is none.
local function giveAway(search, spin)
  for index, query in ipairs(search.unanswered) do
    if query.spin ~= spin then
      table.remove(search.unanswered, index)
      return true
    end
  end
  return false
end

--- An answer came: the names of its list, and how many there are in all. Gives `{ spin, name, online }` when it decides.
function WhoSearch:answer(names, total)
  local asked = self.asked
  if not asked then
    table.remove(self.unanswered, 1)
    return nil
  elseif not isPlausible(names, asked.name) then
    giveAway(self, asked.spin)
    return nil
  end
  local found = false
  for _, name in ipairs(names) do
    found = found or name == asked.name
  end
  if not found and giveAway(self, asked.spin) then
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
