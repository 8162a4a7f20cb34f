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

--- Those that may still be answered, each `{ at, cost }`.
function OtherMails:open(now)
  while self.list[1] and now - self.list[1].at >= Flight.lateSeconds do
    table.remove(self.list, 1)
  end
  return self.list
end

--- For how many seconds an answer is still to be expected.
function OtherMails:secondsToWait(now)
  local last = self:open(now)[#self.list]
  return last and math.max(0, last.at + Flight.answerSeconds - now) or 0
end
