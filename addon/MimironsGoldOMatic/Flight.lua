-- Flight: one mail between its SendMail and the truth about it. The client's answers carry no id, may be late, doubled,
-- missing, or belong to another mail command; the money in the purse does not lie, save that a gift costs so little that
-- a stack which is still in its slot says more. Plain data: it is saved, and goes on after a /reload.
--
--   success, and no other mail that it could belong to       sent
--   a loss of exactly amount + postage                        sent (with a success at once, else when the time is up)
--   MAIL_FAILED, and 10 s later no success and no loss        failed
--   anything else when the 10 s are up                        unknown: only the streamer can tell
--
-- A mail that is told to be sent twice would be paid twice, so every doubt ends in unknown.

local _, ns = ...
local Flight = {}
ns.Flight = Flight

--- How long an answer is waited for, and how long an unanswered mail may still get a late one.
Flight.answerSeconds = 10
Flight.lateSeconds = 30

--- A flight that is announced; SendMail was not called.
function Flight.new(id)
  return { id = id, successes = 0, losses = 0, rivals = 0 }
end

--- SendMail is being called. `doubtful`: a success may be a repeated one of an earlier mail.
function Flight.call(flight, about)
  flight.calledAt = about.now
  flight.cost = about.cost
  flight.startMoney = about.money
  flight.money = about.money
  flight.character = about.character
  flight.doubtful = about.doubtful or nil
end

--- Another mail has no answer yet: a success or a loss that fits both is no proof.
function Flight.addRival(flight, cost)
  flight.doubtful = true
  flight.hasRival = true
  if cost == flight.cost then
    flight.rivals = flight.rivals + 1
  end
end

--- The purse holds another sum.
function Flight.seeMoney(flight, money)
  local loss = flight.money - money
  flight.money = money
  if loss == flight.cost then
    flight.losses = flight.losses + 1
  end
  if loss > 0 then
    flight.anyLoss = true
  end
end

--- Whether the gift's stack is still in its slot.
function Flight.seeStack(flight, isThere)
  flight.keepsStack = isThere or nil
end

--- Whether the purse lost exactly what this mail costs.
function Flight.isPaid(flight)
  if flight.keepsStack then
    return false
  elseif flight.losses > flight.rivals then
    return true
  end
  return flight.rivals == 0 and flight.startMoney - flight.money == flight.cost
end

--- Whether the mail is proven to have left, by a success that is its own or by its money.
function Flight.isProven(flight)
  return flight.successes > 0 and (not flight.doubtful or Flight.isPaid(flight))
end

--- "sent", "failed", "unknown", or nil while it is too early to say.
function Flight.verdict(flight, now)
  if Flight.isProven(flight) then
    return "sent"
  elseif now < (flight.failedAt or flight.calledAt) + Flight.answerSeconds then
    return nil
  elseif Flight.isPaid(flight) then
    return "sent"
  elseif flight.failedAt and flight.successes == 0 and not flight.anyLoss and not flight.hasRival then
    return "failed"
  end
  return "unknown"
end

--- What came after the time was up: "sent", or nil when it still proves nothing.
function Flight.lateVerdict(flight)
  return (Flight.isProven(flight) or Flight.isPaid(flight)) and "sent" or nil
end

--- A flight that the last session left open, seen by the same character. Its time begins anew: the connection outlives
--- a /reload and may still bring the answer.
function Flight.resume(flight, money, now)
  flight.calledAt = now
  flight.failedAt = flight.failedAt and now
  Flight.seeMoney(flight, money)
end
