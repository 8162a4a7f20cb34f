-- Mail: connects the queue with the client's mail. The only way to the server is SendMail, whoever calls it; it is
-- wrapped, so that a mail of ours is announced in the log, and the log written to its file, before it leaves:
--
--   Send pressed ─► ours, as armed? ─no─► goes as it is, and confirms nothing
--                        │yes
--                        ▼
--   wait for open answers ─► SENDING written and flushed ─► still the same form? ─► SendMail ─► Flight judges
--                                                                 │no: FAILED, READY again

local _, ns = ...
local MailQueue, MailForm, MailWords, Bags = ns.MailQueue, ns.MailForm, ns.MailWords, ns.Bags
local Mail = {}
ns.Mail = Mail

local FLUSH_SECONDS = 60
-- Filling the log by whispers takes minutes.
local FILL_SECONDS = 300

local isMailboxOpen = false
-- What is announced and not sent yet: { row, body, subject, recipient }.
local announced

ns.listen("LOADED", function()
  Mail.queue = MailQueue.new(ns.db.mail)
end)

-- Who owns the purse that a mail is paid from.
local function character()
  return ns.player .. "-" .. ns.realm
end

local function hasStack(row)
  return row.kind == "gift" and Bags.find(row.item) ~= nil
end

local function judge()
  local undecided = Mail.queue:undecided(ns.now())
  if not undecided then
    return
  end
  Mail.queue:seeStack(hasStack(undecided), ns.now())
  local armed = Mail.queue.armed
  local row, verdict = Mail.queue:judge(ns.now(), time())
  if not row then
    return
  end
  if verdict == "sent" and (armed == row or announced and announced.row == row) then
    -- A late answer: it had left before, and must not leave again.
    announced = nil
    MailForm.enableSend()
  end
  -- What the form still holds would go as a mail by hand, paid and never confirmed.
  MailForm.clear(row)
  MailWords.conclude(row, verdict)
end

local function judgeLater()
  ns.after(ns.Flight.answerSeconds, judge)
end

local function abort()
  announced = nil
  local row = Mail.queue:abort()
  MailForm.enableSend()
  MailForm.clear(row)
  if row.kind == "gift" and not hasStack(row) then
    Mail.queue:withdraw(row.id)
    MailWords.conclude(row, "gone")
  else
    MailWords.conclude(row, "failed")
  end
end

local function noteDisarmed(row)
  if row then
    ns.tell("MAIL", "disarmed", row)
  end
end

-- What is announced does not go: FAILED if the log says SENDING by now, else nobody has heard of it.
local function callOff()
  if Mail.queue.data.flight then
    abort()
  else
    announced = nil
    MailForm.enableSend()
    noteDisarmed(Mail.queue:disarm())
  end
end

--- Whether the announced mail could not be sent as it was announced.
local function hasChanged(mail)
  return not isMailboxOpen or not MailForm.holds(mail.row, mail.recipient)
end

-- The client's own SendMail, with the hook below behind it; whether it is us who call it.
local send
local isOurs = false

local function call(mail)
  if announced ~= mail then
    return
  elseif hasChanged(mail) then
    abort()
    return
  end
  announced = nil
  Mail.queue:call({ now = ns.now(), money = GetMoney(), cost = MailForm.cost(), character = character() })
  isOurs = true
  send(mail.recipient, mail.subject, mail.body)
  isOurs = false
  judgeLater()
end

local function announce(mail)
  if announced ~= mail then
    return
  elseif Mail.queue.armed ~= mail.row or hasChanged(mail) then
    callOff()
    return
  end
  local wait = Mail.queue:secondsToWait(ns.now())
  if wait > 0 then
    ns.after(wait, function()
      announce(mail)
    end)
    return
  end
  Mail.queue:announce()
  ns.tell("MAIL", "sending", mail.row)
  local way = ns.LogFile.mode()
  local isSlow = way.transport == "whisper" and way.flush == "fill"
  ns.after(isSlow and FILL_SECONDS or FLUSH_SECONDS, function()
    if announced == mail then
      ns.debug("the log could not be written: the mail was not sent")
      abort()
    end
  end)
  MailWords.say("SENDING", mail.row, function()
    call(mail)
  end)
end

hooksecurefunc("SendMail", function()
  if not isOurs then
    Mail.queue:otherSend(ns.now(), MailForm.cost())
  end
end)

send = SendMail
SendMail = function(recipient, subject, body, ...)
  local armed, flying = Mail.queue.armed, announced and announced.row or Mail.queue:flying()
  if flying and MailForm.holds(flying, recipient) then
    -- One in flight: a second press changes nothing.
    ns.tell("MAIL", "again", flying)
    return
  elseif announced then
    send(recipient, subject, body, ...)
    callOff()
    return
  elseif armed and MailForm.holds(armed, recipient) then
    announced = { row = armed, recipient = recipient, subject = subject, body = body }
    announce(announced)
    return
  elseif armed then
    noteDisarmed(Mail.queue:disarm())
  end
  return send(recipient, subject, body, ...)
end

--- Why no mail can be prepared now: "closed" or "busy"; nil when one can.
function Mail.obstacle()
  if not isMailboxOpen then
    return "closed"
  elseif Mail.queue.data.flight or announced or Mail.queue:secondsToWait(ns.now()) > 0 then
    return "busy"
  end
  return nil
end

--- Takes the arm off whatever is armed, and clears its form.
function Mail.disarm()
  local row = Mail.queue.armed
  if announced and not Mail.queue.data.flight then
    callOff()
  end
  noteDisarmed(Mail.queue:disarm())
  if row then
    MailForm.clear(row)
  end
end

--- Takes a row out of the queue (see MailQueue.withdraw). A mail that is announced only is called back.
function Mail.withdraw(id)
  local queue = Mail.queue
  local flight = queue.data.flight
  if queue.armed and queue.armed.id == id then
    Mail.disarm()
  elseif announced and flight and flight.id == id then
    abort()
  end
  local word = ns.db.said[id]
  local outcome = queue:withdraw(id)
  if outcome == "removed" and word and word.tag == "SENDING" then
    -- Settled by the streamer: it must not be asked about again.
    ns.db.said[id] = nil
  end
  ns.tell("MAIL", "withdrawn")
end

--- Puts a mail into the queue, or makes its row ready.
function Mail.name(entry)
  if Mail.queue:name(entry, time()) then
    ns.tell("MAIL", "named", entry)
  end
end

function Mail.isMailboxOpen()
  return isMailboxOpen
end

ns.listen("LOGIN", function()
  local flying = Mail.queue:flying()
  local row, verdict = Mail.queue:login({
    now = ns.now(),
    wall = time(),
    money = GetMoney(),
    character = character(),
    hasStack = flying and hasStack(flying),
    isReload = ns.LogFile.isReload,
  })
  if row then
    MailWords.conclude(row, verdict)
  end
  judgeLater()
end)

-- A mail that is announced only does not leave any more, which nobody knows better than we do now.
ns.listen("LEAVING", function()
  if announced then
    callOff()
  end
end)

ns.listen("OTHER_KEY", function()
  if announced and Mail.queue.data.flight then
    abort()
  end
  Mail.disarm()
  Mail.queue:rest()
  ns.tell("MAIL", "waiting")
end)

ns.on("MAIL_SHOW", function()
  isMailboxOpen = true
  ns.tell("MAILBOX", true)
end)

ns.on("MAIL_CLOSED", function()
  isMailboxOpen = false
  if announced and Mail.queue.data.flight then
    abort()
  end
  Mail.disarm()
  ns.tell("MAILBOX", false)
end)

ns.on("MAIL_SEND_SUCCESS", function()
  Mail.queue:success(ns.now())
  judge()
  -- The client has emptied the form by now, whosever mail it was.
  Mail.disarm()
  MailForm.releaseKeyboard()
end)

ns.on("MAIL_FAILED", function()
  Mail.queue:fail(ns.now())
  judgeLater()
end)

ns.on("PLAYER_MONEY", function()
  Mail.queue:seeMoney(GetMoney(), ns.now())
  judge()
end)

-- A gift's stack leaves its slot after the money has left the purse.
ns.on("BAG_UPDATE", judge)
