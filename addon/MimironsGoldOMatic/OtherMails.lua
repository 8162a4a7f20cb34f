-- OtherMails: mails that somebody else sent, by hand or through another addon, and that have no answer yet. Answers carry
-- no id, so each of these may take one that looks like ours.

local _, ns = ...
local Flight = ns.Flight
local OtherMails = {}
OtherMails.__index = OtherMails
ns.OtherMails = OtherMails

function OtherMails.new()
  return setmetatable({ list = {} }, OtherMails)
end

--- Somebody else called SendMail.
function OtherMails:add(now, cost)
  table.insert(self.list, { at = now, cost = cost })
end

--- An answer came that is not ours: the oldest has it, since the server keeps the order. False when there is none.
function OtherMails:takeAnswer()
  return table.remove(self.list, 1) ~= nil
end

--- MAIL_FAILED that is not ours: the oldest did not leave, or something in the inbox went wrong, which sounds the same.
--- So it takes no answer: a late success may still come, and must not be taken for the next mail's.
function OtherMails:fail()
  for _, other in ipairs(self.list) do
    if not other.hasFailed then
      other.hasFailed = true
      return
    end
  end
end

--- Those that may still be answered, each `{ at, cost }`.
function OtherMails:open(now)
  while self.list[1] and now - self.list[1].at >= Flight.lateSeconds do
    table.remove(self.list, 1)
  end
  return self.list
end

--- For how many seconds an answer is still to be expected. What seems to have failed is not waited for, as it most likely
--- did; until no answer can come any more, the next mail has to prove itself by its money all the same.
function OtherMails:secondsToWait(now)
  local wait = 0
  for _, other in ipairs(self:open(now)) do
    if not other.hasFailed then
      wait = math.max(wait, other.at + Flight.answerSeconds - now)
    end
  end
  return wait
end
