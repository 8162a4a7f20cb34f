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
-- What the client says about the one in the air is MailAnswers.

local _, ns = ...
local Flight, OtherMails = ns.Flight, ns.OtherMails
local MailQueue = {}
MailQueue.__index = MailQueue
ns.MailQueue = MailQueue

--- A queue over saved data `{ rows, sent, flight, doubt, mailedAt }`; mailedAt: when anybody last sent a mail.
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

--- Rows wait until the desktop names them again, also the one in the air if its mail fails. An announced flight whose
--- SendMail was not called must be aborted first.
function MailQueue:rest()
  self.armed = nil
  if self.data.flight then
    self.data.flight.rests = true
  end
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
  remove(self, id)
  return "removed"
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

--- What the verdict makes of a row; `rests`: if its mail failed, it waits to be named again.
function MailQueue:settle(row, verdict, wall, rests)
  if verdict == "sent" then
    self.data.sent[row.id] = wall
    row.status, row.doneAt, row.withdrawn = "SENT", wall, nil
    if self.armed == row then
      self.armed = nil
    end
  elseif verdict == "unknown" then
    row.status = "UNKNOWN"
  elseif row.withdrawn then
    remove(self, row.id)
  else
    row.status = rests and "WAITING" or "READY"
  end
end

--- The announced mail does not leave after all. Gives its row; READY again, or gone when it was withdrawn.
function MailQueue:abort()
  local flight = self.data.flight
  if not flight or flight.calledAt then
    error("nothing to abort", 2)
  end
  local row = self:find(flight.id)
  self.data.flight = nil
  self:settle(row, "failed")
  return row
end
