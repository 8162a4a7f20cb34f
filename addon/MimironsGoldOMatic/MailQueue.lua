-- MailQueue: which mails are to be sent, and what became of each. Knows nothing of frames: times, money and what the
-- client said are handed in.
--
--   (named by the desktop) ──► READY ──arm, announce──► PROCESSING ──► SENT       for ever
--        ▲                    ▲   │                       │   │
--        │     login, new key │   │            it failed  │   └──────► UNKNOWN    settled in the desktop's window
--      WAITING ◄──────────────┴───┘◄──────────────────────┘
--
-- READY rows may be armed, one at a time: its form is filled in, but nothing was announced. From the announcement on the
-- row is PROCESSING and its flight decides (see Flight); there is never more than one. A withdrawn row goes at once, save
-- one whose SendMail was called: it goes if that mail fails.

local _, ns = ...
local Flight, OtherMails = ns.Flight, ns.OtherMails
local MailQueue = {}
MailQueue.__index = MailQueue
ns.MailQueue = MailQueue

--- A queue over saved data `{ rows, sent, flight }`.
function MailQueue.new(data)
  return setmetatable({ data = data, others = OtherMails.new() }, MailQueue)
end

function MailQueue:find(id)
  for index, row in ipairs(self.data.rows) do
    if row.id == id then
      return row, index
    end
  end
  return nil
end

local function remove(queue, id)
  local _, index = queue:find(id)
  if index then
    table.remove(queue.data.rows, index)
  end
end

--- The desktop wants this mail sent. `entry` is `{ id, kind, name, copper | item }`; true when that changed anything.
function MailQueue:name(entry, wall)
  if self.data.sent[entry.id] then
    return false
  end
  local row = self:find(entry.id)
  if not row then
    entry.status, entry.at = "READY", wall
    table.insert(self.data.rows, entry)
    return true
  elseif row.status == "WAITING" then
    row.name, row.copper, row.item, row.status = entry.name, entry.copper, entry.item, "READY"
    return true
  elseif row.status == "PROCESSING" and row.withdrawn then
    row.withdrawn = nil
    return true
  end
  return false
end

--- The row whose mail is announced or on its way.
function MailQueue:flying()
  return self.data.flight and self:find(self.data.flight.id)
end

--- The row that Prepare Mail would take: the wanted one if it is ready, else the first that is.
function MailQueue:nextReady(wantedId)
  local wanted = wantedId and self:find(wantedId)
  if wanted and wanted.status == "READY" then
    return wanted
  end
  for _, row in ipairs(self.data.rows) do
    if row.status == "READY" then
      return row
    end
  end
  return nil
end

function MailQueue:arm(id)
  local row = self:find(id)
  if not row or row.status ~= "READY" or self.data.flight then
    error("cannot arm " .. tostring(id), 2)
  end
  self.armed = row
end

--- Takes the arm off; the row stays READY. Gives the row whose form may be cleared.
function MailQueue:disarm()
  local row = self.armed
  self.armed = nil
  return row
end

--- Rows wait until the desktop names them again. An announced flight whose SendMail was not called must be aborted first.
function MailQueue:rest()
  self.armed = nil
  for _, row in ipairs(self.data.rows) do
    if row.status == "READY" then
      row.status = "WAITING"
    end
  end
end

--- Takes a row out: "removed", "staying" while its mail is on its way, nil when there is nothing to take.
function MailQueue:withdraw(id)
  local row = self:find(id)
  if not row or row.status == "SENT" then
    return nil
  elseif row.status == "PROCESSING" then
    row.withdrawn = true
    return "staying"
  end
  if self.armed == row then
    self.armed = nil
  end
  if self.doubt and self.doubt.id == id then
    self.doubt = nil
  end
  remove(self, id)
  return "removed"
end

--- For how many seconds a mail of ours must not be sent yet: an answer, or the money of the last one, is still to come.
function MailQueue:secondsToWait(now)
  local wait = self.others:secondsToWait(now)
  if self.owed then
    wait = math.max(wait, self.owed.since + Flight.answerSeconds - now)
  end
  return wait
end

--- The armed mail is about to be sent; the row becomes PROCESSING. Gives it.
function MailQueue:announce()
  local row = self.armed
  if not row or self.data.flight then
    error("nothing is armed", 2)
  end
  self.armed = nil
  row.status = "PROCESSING"
  self.data.flight = Flight.new(row.id)
  return row
end

--- SendMail is called now. `about` is `{ now, money, cost, character }`.
function MailQueue:call(about)
  local flight = self.data.flight
  local function isAfter(at, seconds)
    return at ~= nil and about.now - at < seconds
  end
  about.doubtful = isAfter(self.successAt, Flight.answerSeconds) or isAfter(self.silentAt, Flight.lateSeconds)
  Flight.call(flight, about)
  if self.owed and isAfter(self.owed.since, Flight.lateSeconds) then
    Flight.addRival(flight, self.owed.cost)
  end
  for _, other in ipairs(self.others:open(about.now)) do
    Flight.addRival(flight, other.cost)
  end
  if self.doubt then
    if about.now - self.doubt.calledAt < Flight.lateSeconds then
      Flight.addRival(flight, self.doubt.cost)
    end
    self.doubt = nil
  end
  self.owed = nil
end

--- Somebody else called SendMail: by hand, or another addon.
function MailQueue:otherSend(now, cost)
  self.others:add(now, cost)
  self.doubt = nil
  local flight = self.data.flight
  if flight and flight.calledAt then
    Flight.addRival(flight, cost)
  end
end

--- MAIL_SEND_SUCCESS.
function MailQueue:success(now)
  local flight = self.data.flight
  if flight and flight.calledAt then
    flight.successes = flight.successes + 1
  elseif not self.others:takeAnswer() and self.doubt then
    self.doubt.successes = self.doubt.successes + 1
  end
  self.successAt = now
end

--- MAIL_FAILED: of any mail command, perhaps of ours.
function MailQueue:fail(now)
  local flight = self.data.flight
  if flight and flight.calledAt then
    flight.failedAt = flight.failedAt or now
  else
    self.others:takeAnswer()
  end
end

--- The purse holds another sum.
function MailQueue:seeMoney(money)
  if self.owed then
    if self.owed.money - money == self.owed.cost then
      self.owed = nil
    else
      self.owed.money = money
    end
  end
  local flight = self.data.flight
  if flight and flight.calledAt then
    Flight.seeMoney(flight, money)
  elseif self.doubt then
    Flight.seeMoney(self.doubt, money)
  end
end

local function settle(queue, row, verdict, wall)
  if verdict == "sent" then
    queue.data.sent[row.id] = wall
    row.status, row.doneAt, row.withdrawn = "SENT", wall, nil
    if queue.armed == row then
      queue.armed = nil
    end
  elseif verdict == "unknown" then
    row.status = "UNKNOWN"
  elseif row.withdrawn then
    remove(queue, row.id)
  else
    row.status = "READY"
  end
end

--- Judges what is in the air: the row and "sent", "failed" or "unknown"; nil while there is nothing to say.
function MailQueue:judge(now, wall)
  local flight, doubt = self.data.flight, self.doubt
  if flight and flight.calledAt then
    local row, verdict = self:find(flight.id), Flight.verdict(flight, now)
    if not verdict then
      return nil
    end
    self.data.flight = nil
    if verdict ~= "sent" then
      -- A late answer may still come; READY or UNKNOWN, the row then turns out to be sent.
      self.doubt = flight
      flight.successes = 0
    elseif flight.successes == 0 then
      -- The money told; the answer may still come, and must not be taken for the next mail's.
      self.silentAt = now
    elseif flight.losses == 0 then
      self.owed = { cost = flight.cost, money = flight.money, since = now }
    end
    settle(self, row, verdict, wall)
    return row, verdict
  elseif doubt and Flight.lateVerdict(doubt) then
    local row = self:find(doubt.id)
    self.doubt, self.silentAt = nil, doubt.successes == 0 and now or self.silentAt
    if flight and flight.id == doubt.id then
      self.data.flight = nil -- announced a second time, but not called yet
    end
    if row and row.status ~= "SENT" then
      settle(self, row, "sent", wall)
      return row, "sent"
    end
  end
  return nil
end

--- The announced mail does not leave after all. Gives its row; READY again, or gone when it was withdrawn.
function MailQueue:abort()
  local flight = self.data.flight
  if not flight or flight.calledAt then
    error("nothing to abort", 2)
  end
  local row = self:find(flight.id)
  self.data.flight = nil
  settle(self, row, "failed")
  return row
end

--- After a login: judges what the last session left in the air, and lets all other rows wait. Gives row and verdict.
function MailQueue:login(money, character, wall)
  local flight = self.data.flight
  local row = flight and self:find(flight.id)
  local verdict
  if row then
    verdict = Flight.verdictAfterLogin(flight, money, character)
    settle(self, row, verdict, wall)
  end
  self.data.flight = nil
  self:rest()
  return row, verdict
end
