-- MailAnswers: the half of MailQueue that hears what the client says about the mail in the air, and judges it.
--
--   call ──► in the air ──judge──► sent
--                         └──────► failed, unknown ──► in doubt for a while ──► forgotten
--                                                              └──judge──► sent after all
--
-- A flight that was not judged as sent stays in doubt until no late answer can come any more: a success or its money then
-- still makes its row SENT, withdrawn or not. No other mail of ours is sent meanwhile, so its answer is nobody else's.

local _, ns = ...
local Flight, MailQueue = ns.Flight, ns.MailQueue

-- What is in doubt, as long as a late answer to it may come.
local function openDoubt(queue, now)
  local doubt = queue.data.doubt
  if doubt and (now < doubt.calledAt or now - doubt.calledAt >= Flight.lateSeconds) then
    queue.data.doubt = nil
  end
  return queue.data.doubt
end

-- The flight that an answer would be about.
local function openFlight(queue, now)
  local flight = queue.data.flight
  if flight and flight.calledAt then
    return flight
  end
  return openDoubt(queue, now)
end

--- For how many seconds a mail of ours must not be sent yet: an answer, or the money of the last one, is still to come.
function MailQueue:secondsToWait(now)
  local wait = self.others:secondsToWait(now)
  local doubt = openDoubt(self, now)
  if doubt then
    wait = math.max(wait, doubt.calledAt + Flight.lateSeconds - now)
  end
  if self.owed then
    wait = math.max(wait, self.owed.since + Flight.answerSeconds - now)
  end
  return wait
end

--- SendMail is called now. `about` is `{ now, money, cost, character }`.
function MailQueue:call(about)
  local flight = self.data.flight
  local function isAfter(at, seconds)
    return at ~= nil and about.now - at < seconds
  end
  self.data.mailedAt = about.now
  about.doubtful = isAfter(self.successAt, Flight.answerSeconds) or isAfter(self.silentAt, Flight.lateSeconds)
  Flight.call(flight, about)
  if self.owed and isAfter(self.owed.since, Flight.lateSeconds) then
    Flight.addRival(flight, self.owed.cost)
  end
  for _, other in ipairs(self.others:open(about.now)) do
    Flight.addRival(flight, other.cost)
  end
  self.owed = nil
end

--- Somebody else called SendMail: by hand, or another addon.
function MailQueue:otherSend(now, cost)
  self.data.mailedAt = now
  self.others:add(now, cost)
  local flight = openFlight(self, now)
  if flight then
    Flight.addRival(flight, cost)
  end
end

--- MAIL_SEND_SUCCESS.
function MailQueue:success(now)
  local flight = self.data.flight
  if flight and flight.calledAt then
    flight.successes = flight.successes + 1
  elseif not self.others:takeAnswer() then
    local doubt = openDoubt(self, now)
    if doubt then
      doubt.successes = doubt.successes + 1
    end
  end
  self.successAt = now
end

--- MAIL_FAILED: of any mail command, perhaps of ours.
function MailQueue:fail(now)
  local flight = self.data.flight
  if flight and flight.calledAt then
    flight.failedAt = flight.failedAt or now
  else
    self.others:fail()
  end
end

--- The row that an answer could still be about, nil when there is none.
function MailQueue:undecided(now)
  local flight = openFlight(self, now)
  return flight and (self:find(flight.id) or flight.row)
end

--- Whether the undecided gift's stack is still in its slot.
function MailQueue:seeStack(isThere, now)
  local flight = openFlight(self, now)
  if flight then
    Flight.seeStack(flight, isThere)
  end
end

--- The purse holds another sum.
function MailQueue:seeMoney(money, now)
  if self.owed then
    if self.owed.money - money == self.owed.cost then
      self.owed = nil
    else
      self.owed.money = money
    end
  end
  local flight = openFlight(self, now)
  if flight then
    Flight.seeMoney(flight, money)
  end
end

--- Judges what is in the air: the row and "sent", "failed" or "unknown"; nil while there is nothing to say.
function MailQueue:judge(now, wall)
  local flight, doubt = self.data.flight, openDoubt(self, now)
  if flight and flight.calledAt then
    local row, verdict = self:find(flight.id), Flight.verdict(flight, now)
    if not verdict then
      return nil
    end
    self.data.flight = nil
    if verdict ~= "sent" then
      -- A late answer may still come; READY, UNKNOWN or gone, the row then turns out to be sent.
      self.data.doubt, flight.row, flight.successes = flight, row, 0
    elseif flight.successes == 0 then
      -- The money told; the answer may still come, and must not be taken for the next mail's.
      self.silentAt = now
    elseif flight.losses == 0 then
      self.owed = { cost = flight.cost, money = flight.money, since = now }
    end
    self:settle(row, verdict, wall, flight.rests)
    return row, verdict
  elseif doubt and Flight.lateVerdict(doubt) then
    local row = self:find(doubt.id) or doubt.row
    self.data.doubt, self.silentAt = nil, doubt.successes == 0 and now or self.silentAt
    if flight and flight.id == doubt.id then
      self.data.flight = nil -- announced a second time, but not called yet
    end
    if row.status ~= "SENT" then
      self:settle(row, "sent", wall)
      return row, "sent"
    end
  end
  return nil
end

-- What is known at once of a mail that the last session left in the air; nil while its answer may still come. The purse
-- of the same character tells; of another one, nothing. What was saved may be older than a crash, and the mail, or others
-- that cost the same, may have been sent since: only right after a /reload do purse and refusal say anything.
local function verdictAtLogin(flight, about)
  if not flight.calledAt then
    return about.isReload and "failed" or "unknown"
  elseif Flight.isProven(flight) or flight.losses > flight.rivals then
    return "sent"
  elseif not about.isReload or about.character ~= flight.character then
    return "unknown"
  end
  Flight.resume(flight, about.money, about.now)
  Flight.seeStack(flight, about.hasStack)
  return Flight.isPaid(flight) and "sent" or nil
end

-- The doubt that the last session left behind, told what the purse holds by now.
local function resumeDoubt(queue, about)
  local doubt = openDoubt(queue, about.now)
  if doubt and about.isReload and doubt.character == about.character then
    Flight.seeMoney(doubt, about.money)
  else
    queue.data.doubt = nil
  end
end

--- After a login: all rows wait, and what the last session left in the air is judged, now or later. `about` is
--- `{ now, wall, money, character, hasStack, isReload }`. Gives row and verdict as `judge` does.
function MailQueue:login(about)
  local flight = self.data.flight
  local row = flight and self:find(flight.id)
  local verdict = row and verdictAtLogin(flight, about)
  if verdict or not row then
    self.data.flight = nil
  end
  resumeDoubt(self, about)
  local mailedAt = self.data.mailedAt
  if mailedAt and about.now >= mailedAt and about.now - mailedAt < Flight.lateSeconds then
    -- The answer to a mail of the last session, whoever sent it, must not be taken for the next one's.
    self.silentAt = about.now
  end
  if verdict then
    self:settle(row, verdict, about.wall)
  end
  self:rest()
  if verdict then
    return row, verdict
  end
  return nil
end
