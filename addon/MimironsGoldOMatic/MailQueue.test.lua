local t = ...

local function id(digit)
  return ("00000000-0000-4000-8000-00000000000%d"):format(digit)
end

local function open(data)
  local ns = t.load("Flight OtherMails MailQueue MailAnswers")
  return ns.MailQueue.new(data or { rows = {}, sent = {} }), ns
end

local function name(queue, digit, copper)
  return queue:name({ id = id(digit), kind = "gold", name = "Norinn", copper = copper or 1000 }, 5)
end

local function launch(queue, digit, now, money)
  queue:arm(id(digit))
  queue:announce()
  queue:call({ now = now, money = money, cost = 1030, character = "Norinn-Icecrown" })
end

local function status(queue, digit)
  local row = queue:find(id(digit))
  return row and row.status
end

t.test("an id is queued once however often it is named", function()
  local queue = open()
  t.equal(name(queue, 1), true)
  for _ = 1, 9 do
    t.equal(name(queue, 1), false)
  end
  t.equal(#queue.data.rows, 1)
  t.equal(status(queue, 1), "READY")
end)

t.test("a success that can be no other mail's is the proof", function()
  local queue = open()
  name(queue, 1)
  launch(queue, 1, 100, 5000)
  t.equal(status(queue, 1), "PROCESSING")
  t.equal(queue:judge(100, 7), nil)
  queue:success(101)
  local row, verdict = queue:judge(101, 7)
  t.equal({ row.id, verdict, row.status }, { id(1), "sent", "SENT" })
  t.equal(queue.data.sent[id(1)], 7)
  t.equal(name(queue, 1), false)
  t.equal(queue:withdraw(id(1)), nil)
  t.equal(queue.data.flight, nil)
end)

t.test("no answer, but the money went: sent", function()
  local queue = open()
  name(queue, 1)
  launch(queue, 1, 100, 5000)
  queue:seeMoney(3970, 100)
  t.equal(queue:judge(109, 7), nil)
  local _, verdict = queue:judge(110, 7)
  t.equal(verdict, "sent")
end)

t.test("no answer and no change, or another change: unclear, and never ready again by itself", function()
  for _, money in ipairs({ 5000, 4970, 3971, 6000 }) do
    local queue = open()
    name(queue, 1)
    launch(queue, 1, 100, 5000)
    queue:seeMoney(money, 100)
    local _, verdict = queue:judge(110, 7)
    t.equal(verdict, "unknown", tostring(money))
    t.equal(name(queue, 1), false)
    t.equal(status(queue, 1), "UNKNOWN")
  end
end)

t.test("the loss is seen among other changes of the purse", function()
  local queue = open()
  name(queue, 1)
  launch(queue, 1, 100, 5000)
  queue:seeMoney(5200, 100)
  queue:seeMoney(4170, 100)
  local _, verdict = queue:judge(110, 7)
  t.equal(verdict, "sent")
end)

t.test("MAIL_FAILED waits ten seconds for what it may have been about", function()
  local queue = open()
  name(queue, 1)
  launch(queue, 1, 100, 5000)
  queue:fail(103)
  t.equal(queue:judge(112, 7), nil)
  local row, verdict = queue:judge(113, 7)
  t.equal({ verdict, row.status }, { "failed", "READY" })
end)

t.test("MAIL_FAILED of another command does not undo a success", function()
  local queue = open()
  name(queue, 1)
  launch(queue, 1, 100, 5000)
  queue:fail(101)
  queue:success(104)
  local _, verdict = queue:judge(104, 7)
  t.equal(verdict, "sent")
end)

t.test("MAIL_FAILED and a loss of money: sent; a loss of another sum: unclear", function()
  for money, expected in pairs({ [3970] = "sent", [4000] = "unknown" }) do
    local queue = open()
    name(queue, 1)
    launch(queue, 1, 100, 5000)
    queue:fail(101)
    queue:seeMoney(money, 100)
    local _, verdict = queue:judge(111, 7)
    t.equal(verdict, expected)
  end
end)

t.test("a repeated success of the last mail does not confirm the next", function()
  local queue = open()
  name(queue, 1)
  name(queue, 2)
  launch(queue, 1, 100, 5000)
  queue:success(101)
  queue:judge(101, 7)
  queue:seeMoney(3970, 100)
  launch(queue, 2, 102, 3970)
  queue:success(102.5)
  t.equal(queue:judge(103, 7), nil)
  local _, verdict = queue:judge(112, 7)
  t.equal(verdict, "unknown")
end)

t.test("the money of the last mail is awaited before the next one goes", function()
  local queue = open()
  name(queue, 1)
  launch(queue, 1, 100, 5000)
  queue:success(101)
  queue:judge(101, 7)
  t.equal(queue:secondsToWait(103), 8)
  queue:seeMoney(5001, 100)
  t.equal(queue:secondsToWait(103), 8)
  queue:seeMoney(3971, 100)
  t.equal(queue:secondsToWait(103), 0)
end)

t.test("a manual mail confirms nothing, and is waited for", function()
  local queue = open()
  name(queue, 1)
  queue:otherSend(100, 1030)
  t.equal(queue:secondsToWait(101), 9)
  queue:success(102)
  t.equal(queue:secondsToWait(102), 0)
  t.equal(queue:judge(102, 7), nil)
  t.equal(status(queue, 1), "READY")
  queue:otherSend(103, 50)
  queue:fail(104)
  t.equal(queue:secondsToWait(104), 0)
end)

t.test("a manual mail of the same sum in between: one success and one loss are not enough", function()
  local queue = open()
  name(queue, 1)
  launch(queue, 1, 100, 9000)
  queue:otherSend(101, 1030)
  queue:success(102)
  queue:seeMoney(7970, 100)
  t.equal(queue:judge(103, 7), nil)
  local _, verdict = queue:judge(110, 7)
  t.equal(verdict, "unknown")
end)

t.test("a manual mail of the same sum in between: two losses are", function()
  local queue = open()
  name(queue, 1)
  launch(queue, 1, 100, 9000)
  queue:otherSend(101, 1030)
  queue:success(102)
  queue:seeMoney(7970, 100)
  queue:success(103)
  queue:seeMoney(6940, 100)
  local _, verdict = queue:judge(103, 7)
  t.equal(verdict, "sent")
end)

t.test("a manual mail that seems to have failed is a rival of the next: it may have been the inbox", function()
  local queue = open()
  queue:otherSend(100, 50)
  queue:fail(101)
  name(queue, 1)
  launch(queue, 1, 102, 9000)
  queue:success(103)
  t.equal(queue:judge(103, 7), nil)
  local _, verdict = queue:judge(113, 7)
  t.equal(verdict, "unknown")
end)

t.test("a mail unanswered until then is a rival of the next", function()
  local queue = open()
  queue:otherSend(90, 50)
  name(queue, 1)
  launch(queue, 1, 101, 9000)
  queue:success(102)
  t.equal(queue:judge(102, 7), nil)
  queue:seeMoney(7970, 100)
  local _, verdict = queue:judge(102, 7)
  t.equal(verdict, "sent")
end)

t.test("an answer that comes after the time is up still counts", function()
  for _, prove in ipairs({
    function(queue)
      queue:success(125)
    end,
    function(queue)
      queue:seeMoney(3970, 100)
    end,
  }) do
    local queue = open()
    name(queue, 1)
    launch(queue, 1, 100, 5000)
    queue:judge(110, 7)
    t.equal(status(queue, 1), "UNKNOWN")
    prove(queue)
    local row, verdict = queue:judge(125, 7)
    t.equal({ row.id, verdict }, { id(1), "sent" })
  end
end)

t.test("a late answer takes back a failure, even of a row that is announced again", function()
  local queue = open()
  name(queue, 1)
  launch(queue, 1, 100, 5000)
  queue:fail(101)
  queue:judge(111, 7)
  queue:arm(id(1))
  queue:announce()
  queue:success(112)
  local row, verdict = queue:judge(112, 7)
  t.equal({ row.status, verdict }, { "SENT", "sent" })
  t.equal(queue.data.flight, nil)
end)

t.test("an answer that is later than any answer says nothing about the last mail", function()
  for _, isFailed in ipairs({ true, false }) do
    for _, tell in ipairs({
      function(queue)
        queue:success(3700)
      end,
      function(queue)
        queue:seeMoney(3970, 3700)
      end,
      function(queue)
        queue:success(130)
      end,
    }) do
      local queue = open()
      name(queue, 1)
      launch(queue, 1, 100, 5000)
      if isFailed then
        queue:fail(101)
      end
      queue:judge(111, 7)
      tell(queue)
      t.equal(queue:judge(3700, 7), nil)
      t.equal(status(queue, 1), isFailed and "READY" or "UNKNOWN")
    end
  end
end)

t.test("after an unclear or failed mail the next waits until no answer can come any more", function()
  for _, isFailed in ipairs({ true, false }) do
    local queue = open()
    name(queue, 1)
    launch(queue, 1, 100, 9000)
    if isFailed then
      queue:fail(101)
    end
    queue:judge(111, 7)
    t.equal({ queue:secondsToWait(111), queue:secondsToWait(130) }, { 19, 0 })
  end
end)

t.test("a manual mail after an unclear one takes the next answer, but not its money", function()
  local queue = open()
  name(queue, 1)
  launch(queue, 1, 100, 9000)
  queue:judge(110, 7)
  queue:otherSend(111, 50)
  queue:success(112)
  queue:success(113)
  t.equal(queue:judge(113, 7), nil)
  queue:seeMoney(8950, 114)
  t.equal(queue:judge(114, 7), nil)
  queue:seeMoney(7920, 115)
  local _, verdict = queue:judge(115, 7)
  t.equal(verdict, "sent")
end)

t.test("a stack that is still in its slot was not mailed, whatever the purse says", function()
  local queue = open()
  name(queue, 1)
  launch(queue, 1, 100, 5000)
  queue:fail(101)
  queue:seeMoney(3970, 102)
  queue:seeStack(true, 102)
  local _, verdict = queue:judge(111, 7)
  t.equal(verdict, "unknown")
  t.equal(queue:judge(112, 7), nil)
  queue:seeStack(false, 113)
  _, verdict = queue:judge(113, 7)
  t.equal(verdict, "sent")
end)

t.test("an armed row rests, a flying one does not", function()
  local queue = open()
  name(queue, 1)
  name(queue, 2)
  queue:arm(id(1))
  queue:rest()
  t.equal({ status(queue, 1), status(queue, 2), queue.armed }, { "WAITING", "WAITING" })
  t.equal(name(queue, 1, 2000), true)
  t.equal(queue:find(id(1)).copper, 2000)
  launch(queue, 1, 100, 9000)
  queue:rest()
  t.equal(status(queue, 1), "PROCESSING")
  queue:fail(101)
  queue:judge(111, 7)
  t.equal(status(queue, 1), "WAITING")
end)

t.test("a withdrawn row is never mailed; one in the air goes if it fails", function()
  local queue = open()
  name(queue, 1)
  queue:arm(id(1))
  t.equal(queue:withdraw(id(1)), "removed")
  t.equal({ #queue.data.rows, queue.armed }, { 0 })
  name(queue, 1)
  launch(queue, 1, 100, 5000)
  t.equal(queue:withdraw(id(1)), "staying")
  queue:fail(101)
  local row, verdict = queue:judge(111, 7)
  t.equal({ row.id, verdict, #queue.data.rows }, { id(1), "failed", 0 })
  t.equal(queue:withdraw(id(1)), nil)
end)

t.test("a withdrawn mail that left all the same is sent; named again in time, it stays", function()
  local queue = open()
  name(queue, 1)
  launch(queue, 1, 100, 5000)
  queue:withdraw(id(1))
  queue:success(101)
  local row, verdict = queue:judge(101, 7)
  t.equal({ verdict, row.status, row.withdrawn }, { "sent", "SENT" })
  name(queue, 2)
  launch(queue, 2, 150, 5000)
  queue:withdraw(id(2))
  t.equal(name(queue, 2), true)
  queue:fail(151)
  queue:judge(161, 7)
  t.equal(status(queue, 2), "READY")
end)

t.test("a late answer counts though its row was withdrawn, and the id is never mailed again", function()
  for _, case in ipairs({ "unclear", "failed", "withdrawn in the air" }) do
    for _, isNamedAgain in ipairs({ true, false }) do
      local queue = open()
      name(queue, 1)
      launch(queue, 1, 100, 5000)
      if case ~= "unclear" then
        queue:fail(101)
      end
      if case == "withdrawn in the air" then
        t.equal(queue:withdraw(id(1)), "staying")
      end
      queue:judge(111, 7)
      queue:withdraw(id(1))
      t.equal(status(queue, 1), nil, case)
      if isNamedAgain then
        t.equal(name(queue, 1), true)
      end
      queue:success(112)
      local row, verdict = queue:judge(112, 7)
      t.equal({ row.id, row.status, verdict }, { id(1), "SENT", "sent" }, case)
      t.equal({ name(queue, 1), queue:nextReady() }, { false }, case)
    end
  end
end)

t.test("an announced mail can be called back", function()
  local queue = open()
  name(queue, 1)
  queue:arm(id(1))
  queue:announce()
  t.equal(queue:judge(100, 7), nil)
  t.equal(queue:abort().id, id(1))
  t.equal(status(queue, 1), "READY")
end)

t.test("misuse is an error", function()
  local queue = open()
  t.fails(queue.arm, queue, id(1))
  t.fails(queue.announce, queue)
  t.fails(queue.abort, queue)
end)

local function loginAgain(queue, ns, about)
  local again = ns.MailQueue.new(queue.data)
  local all = { now = 105, wall = 9, money = 5000, character = "Norinn-Icecrown" }
  for key, value in pairs(about or {}) do
    all[key] = value
  end
  local row, verdict = again:login(all)
  if not verdict then
    row, verdict = again:judge(115, 9)
  end
  return again, row, verdict
end

t.test("what was in the air over a login is judged by the purse and by what still comes", function()
  local cases = {
    { money = 3970, isReload = true, verdict = "sent", status = "SENT" },
    { money = 3970, verdict = "unknown", status = "UNKNOWN" },
    { money = 5000, isReload = true, verdict = "unknown", status = "UNKNOWN" },
    { money = 4000, isReload = true, verdict = "unknown", status = "UNKNOWN" },
    { money = 3970, isReload = true, character = "Jaina-Icecrown", verdict = "unknown", status = "UNKNOWN" },
    { money = 3970, isReload = true, character = "Norinn-Lordaeron", verdict = "unknown", status = "UNKNOWN" },
    { money = 3970, isReload = true, hasStack = true, verdict = "unknown", status = "UNKNOWN" },
    { money = 5000, failed = true, isReload = true, verdict = "failed", status = "WAITING" },
    { money = 5000, failed = true, verdict = "unknown", status = "UNKNOWN" },
    { money = 5000, announcedOnly = true, isReload = true, verdict = "failed", status = "WAITING" },
    { money = 5000, announcedOnly = true, verdict = "unknown", status = "UNKNOWN" },
    { money = 2940, lost = true, verdict = "sent", status = "SENT" },
  }
  for index, case in ipairs(cases) do
    local queue, ns = open()
    name(queue, 1)
    name(queue, 2)
    if case.announcedOnly then
      queue:arm(id(1))
      queue:announce()
    else
      launch(queue, 1, 100, 5000)
    end
    if case.failed then
      queue:fail(101)
    end
    if case.lost then
      queue:seeMoney(3970, 101)
    end
    local again, row, verdict = loginAgain(queue, ns, case)
    t.equal({ row.id, verdict, status(again, 1) }, { id(1), case.verdict, case.status }, "case " .. index)
    t.equal({ status(again, 2), again.data.flight }, { "WAITING" }, "case " .. index)
  end
end)

t.test("an answer that comes after a /reload still counts, to what flew and to what was in doubt", function()
  for _, judgedAt in ipairs({ 100, 111 }) do
    local queue, ns = open()
    name(queue, 1)
    launch(queue, 1, 100, 5000)
    queue:fail(101)
    queue:judge(judgedAt, 7)
    local again = ns.MailQueue.new(queue.data)
    t.equal(again:login({ now = 112, wall = 9, money = 5000, character = "Norinn-Icecrown", isReload = true }), nil)
    again:success(113)
    local row, verdict = again:judge(113, 9)
    t.equal({ row.status, verdict, again:nextReady() }, { "SENT", "sent" })
  end
end)

t.test("a doubt is another character's, or another day's, after a login: it is forgotten", function()
  for _, about in ipairs({
    { now = 112, wall = 9, money = 3970, character = "Jaina-Icecrown", isReload = true },
    { now = 112, wall = 9, money = 3970, character = "Norinn-Icecrown" },
    { now = 140, wall = 9, money = 3970, character = "Norinn-Icecrown", isReload = true },
    { now = 5, wall = 9, money = 3970, character = "Norinn-Icecrown", isReload = true },
  }) do
    local queue, ns = open()
    name(queue, 1)
    launch(queue, 1, 100, 5000)
    queue:fail(101)
    queue:judge(111, 7)
    local again = ns.MailQueue.new(queue.data)
    again:login(about)
    t.equal({ again:judge(about.now, 9), status(again, 1) }, { nil, "WAITING" })
  end
end)

t.test("an answer right after a login is not taken for the next mail's", function()
  local queue = open()
  queue:otherSend(98, 1030)
  queue = open(queue.data)
  queue:login({ now = 100, wall = 9, money = 9000, character = "Norinn-Icecrown" })
  name(queue, 1)
  launch(queue, 1, 102, 9000)
  queue:success(103)
  t.equal(queue:judge(103, 7), nil)
  queue:seeMoney(7970, 104)
  local _, verdict = queue:judge(104, 7)
  t.equal(verdict, "sent")
end)

t.test("the wanted row is prepared if it is ready, else the first", function()
  local queue = open()
  t.equal(queue:nextReady(), nil)
  name(queue, 1)
  name(queue, 2)
  t.equal(queue:nextReady(id(2)).id, id(2))
  t.equal(queue:nextReady(id(3)).id, id(1))
  queue:arm(id(1))
  t.equal(queue:disarm().id, id(1))
  t.equal(queue:disarm(), nil)
end)
