-- Prepare: what the button Prepare Mail does. It takes the chosen row or the next one, looks whether its mail could be sent
-- at all, fills in the client's form and arms the row. Sending is the streamer's click.

local _, ns = ...
local Mail, MailForm, MailWords, Bags = ns.Mail, ns.MailForm, ns.MailWords, ns.Bags

-- Why a row's mail cannot be sent now; nil when it can.
local function problemOf(row)
  if row.kind == "gold" then
    return GetMoney() < row.copper + GetSendMailPrice() and "money" or nil
  end
  local found = Bags.find(row.item)
  if not found then
    return "gone"
  elseif found.isLocked then
    return "locked"
  end
  row.item.name = found.name
  return nil
end

--- Prepares the wanted row, else the first that is ready: fills in the form and arms it. Gives nil and why not: "closed",
--- "busy", "empty", "gone", "locked", or as MailForm.fill.
function Mail.prepare(wantedId)
  local queue, obstacle = Mail.queue, Mail.obstacle()
  if obstacle then
    return nil, obstacle
  end
  local row = queue:nextReady(wantedId)
  if not row then
    return nil, "empty"
  end
  Mail.disarm()
  local problem = problemOf(row)
  if problem == "gone" then
    queue:withdraw(row.id)
    MailWords.conclude(row, "gone")
  end
  if problem then
    return nil, problem
  end
  local isFilled, fault = MailForm.fill(row)
  if not isFilled then
    MailForm.clear(row)
    return nil, fault
  end
  queue:arm(row.id)
  ns.tell("MAIL", "armed", row)
  return row
end
