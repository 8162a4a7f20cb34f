local t = ...

local SPIN, OTHER_SPIN = "spin-1", "spin-2"

local function open()
  return t.load("Utf8 Letters CharacterName WhoSearch").WhoSearch.new()
end

local function ask(search, now)
  t.equal(search:step(now), "ask")
  search:ask(now)
end

t.test("the exact name decides, whatever else the list holds", function()
  local search = open()
  search:start(SPIN, "Norinn", 0)
  ask(search, 0)
  t.equal(search:answer({ "Norinna", "Xnorinn", "Norinn" }, 3), { spin = SPIN, name = "Norinn", online = true })
  search:start(SPIN, "Norinn", 10)
  ask(search, 10)
  t.equal(search:answer({ "Norinna", "Xnorinn" }, 2), { spin = SPIN, name = "Norinn", online = false })
  t.equal(search:step(11), nil)
end)

t.test("an empty list says offline", function()
  local search = open()
  search:start(SPIN, "Норинн", 0)
  ask(search, 0)
  t.equal(search:answer({}, 0).online, false)
end)

t.test("a list that was cut off says nothing, unless it holds the name", function()
  local long = {}
  for index = 1, 49 do
    long[index] = "Norinn" .. string.char(96 + index % 26 + 1)
  end
  local search = open()
  search:start(SPIN, "Norinn", 0)
  ask(search, 0)
  t.equal(search:answer(long, 49), nil)
  t.equal(search:step(1), 4)
  ask(search, 5)
  t.equal(search:answer({ "Norinna" }, 80), nil)
  ask(search, 10)
  long[49] = "Norinn"
  t.equal(search:answer(long, 80).online, true)
end)

t.test("without an answer it asks again, ten minutes at most", function()
  local search = open()
  search:start(SPIN, "Norinn", 0)
  local now, asked = 0, 0
  while true do
    local action = search:step(now)
    if action == nil then
      break
    elseif action == "ask" then
      search:ask(now)
      asked = asked + 1
    else
      now = now + action
    end
  end
  t.equal(now, 600)
  t.equal(asked, 75)
end)

t.test("never two queries within five seconds", function()
  local search = open()
  search:start(SPIN, "Norinn", 0)
  ask(search, 0)
  search:answer({ "Norinn" }, 1)
  search:start(OTHER_SPIN, "Jaina", 1)
  t.equal(search:step(1), 4)
  ask(search, 5)
end)

t.test("the answer to an older spin decides nothing", function()
  local search = open()
  search:start(SPIN, "Norinn", 0)
  ask(search, 0)
  search:start(OTHER_SPIN, "Jaina", 1)
  t.equal(search:answer({}, 0), nil)
  ask(search, 5)
  t.equal(search:answer({ "Jaina" }, 1).spin, OTHER_SPIN)
end)

t.test("a list that cannot be ours is passed over", function()
  local search = open()
  search:start(SPIN, "Norinn", 0)
  ask(search, 0)
  t.equal(search:answer({ "Jaina", "Norinn" }, 2), nil)
  t.equal(search:answer({ "Norinn" }, 1).online, true)
end)

t.test("somebody's own query while ours is out: both answers are let pass, then it asks again", function()
  local search = open()
  search:start(SPIN, "Norinn", 0)
  ask(search, 0)
  search:otherAsked(1)
  t.equal(search:answer({}, 0), nil)
  t.equal(search:step(2), 7)
  t.equal(search:answer({}, 0), nil)
  t.equal(search:step(2), 4)
  ask(search, 6)
  t.equal(search:answer({ "Norinn" }, 1).online, true)
end)

t.test("somebody's own query before ours is waited for, eight seconds at most", function()
  local search = open()
  search:otherAsked(0)
  search:start(SPIN, "Norinn", 1)
  t.equal(search:step(1), 7)
  t.equal(search:step(8), "ask")
end)

t.test("somebody's own query that is answered after ours was sent does not say offline", function()
  local search = open()
  search:otherAsked(0)
  search:start(SPIN, "Norinn", 1)
  ask(search, 8)
  t.equal(search:answer({}, 0), nil)
  t.equal(search:answer({}, 0).online, false)
end)

t.test("two of somebody's own queries take two answers", function()
  local search = open()
  search:otherAsked(0)
  search:otherAsked(6)
  search:start(SPIN, "Norinn", 7)
  t.equal(search:step(7), 7)
  ask(search, 14)
  t.equal({ search:answer({}, 0), search:answer({}, 0) }, {})
  t.equal(search:answer({}, 0).online, false)
end)

t.test("a query that nobody answers is forgotten after a minute", function()
  local search = open()
  search:otherAsked(0)
  search:start(SPIN, "Norinn", 61)
  ask(search, 61)
  t.equal(search:answer({}, 0).online, false)
end)

t.test("an answer that is not about our name belongs to somebody's own query", function()
  local search = open()
  search:otherAsked(0)
  search:start(SPIN, "Norinn", 1)
  ask(search, 8)
  t.equal(search:answer({ "Jaina" }, 1), nil)
  t.equal(search:answer({}, 0).online, false)
end)

t.test("the late answer to a query that was given up does not say offline", function()
  local search = open()
  search:start(SPIN, "Norinn", 0)
  ask(search, 0)
  search:start(OTHER_SPIN, "Nor", 1)
  ask(search, 8)
  t.equal(search:answer({ "Norinn" }, 1), nil)
  t.equal(search:answer({}, 0).online, false)
end)
