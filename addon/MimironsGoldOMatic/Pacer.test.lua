local t = ...

local function open()
  local clock = { at = 0, timers = {}, sent = {} }
  local ns = t.load("Pacer", {
    now = function()
      return clock.at
    end,
    listen = function() end,
    after = function(seconds, callback)
      table.insert(clock.timers, { at = clock.at + seconds, callback = callback })
    end,
  })
  function clock.run(seconds)
    local goal = clock.at + seconds
    while clock.timers[1] and clock.timers[1].at <= goal do
      local timer = table.remove(clock.timers, 1)
      clock.at = timer.at
      timer.callback()
    end
    clock.at = goal
  end
  local function source(rank, mark)
    local list = {}
    ns.Pacer.source(rank, function()
      return list[1] and function()
        table.insert(clock.sent, { table.remove(list, 1) and mark, clock.at })
      end
    end)
    return list
  end
  return ns.Pacer, clock, source
end

t.test("the first goes at once, the others 1.1 s apart", function()
  local Pacer, clock, source = open()
  local list = source(1, "a")
  for index = 1, 20 do
    list[index] = true
  end
  Pacer.wake()
  Pacer.wake()
  clock.run(30)
  t.equal(#clock.sent, 20)
  for index = 2, 20 do
    t.truthy(clock.sent[index][2] - clock.sent[index - 1][2] > 1.0999)
  end
end)

t.test("a lower rank goes first, also when it comes later", function()
  local Pacer, clock, source = open()
  local late, early = source(5, "late"), source(1, "early")
  late[1], late[2] = true, true
  Pacer.wake()
  early[1] = true
  clock.run(10)
  t.equal({ clock.sent[1][1], clock.sent[2][1], clock.sent[3][1] }, { "late", "early", "late" })
end)

t.test("after a pause nothing waits", function()
  local Pacer, clock, source = open()
  local list = source(1, "a")
  list[1] = true
  Pacer.wake()
  clock.run(50)
  list[1] = true
  Pacer.wake()
  t.equal(clock.sent[2][2], 50)
end)
