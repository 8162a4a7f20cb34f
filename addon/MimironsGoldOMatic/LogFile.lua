-- LogFile: one line into the chat log, and all that was written into its file. The client logs what its C side says in the
-- chat (system texts, whispers), holds it back until 48 KiB are full, and tells nobody whether any of it worked; LogModes
-- lists the ways. Flushing:
--
--   toggle   logging off and on, at most once a second
--   fill     as many bytes of filler as the client can hold back; by whispers this takes a minute and more

local _, ns = ...
local LogModes, Pacer = ns.LogModes, ns.Pacer
local LogFile = {}
ns.LogFile = LogFile

local FLUSH_SECONDS = 1

-- How many bytes were logged since the login, at least; those who wait until their lines are in the file.
local loggedBytes, fillUntil, fillers = 0, 0, 0
local waiters = {}
local lastFlush, flushTimer

--- The mode in use.
function LogFile.mode()
  return LogModes.get(ns.db.mode)
end

-- A window that nobody sees, for the transport of last resort; what is added to it could only be shown by opening it.
local function printFrame()
  for index = NUM_CHAT_WINDOWS or 0, 1, -1 do
    local window = _G["ChatFrame" .. index]
    if window and not window:IsShown() then
      return window
    end
  end
  return DEFAULT_CHAT_FRAME
end

--- Says a line over the mode's transport. A whisper is not logged before it comes back.
function LogFile.write(line)
  if not LoggingChat() then
    LoggingChat(true)
  end
  local transport = LogFile.mode().transport
  if transport == "system" then
    SendSystemMessage(line)
  elseif transport == "print" then
    printFrame():AddMessage(line)
  else
    Pacer.whisper(line, ns.player)
  end
end

local function callWaiters()
  local ready = {}
  for index = #waiters, 1, -1 do
    if loggedBytes >= waiters[index].bytes then
      table.insert(ready, 1, table.remove(waiters, index).callback)
    end
  end
  for _, callback in ipairs(ready) do
    callback()
  end
end

--- Counts a line that is in the log by now.
function LogFile.noteLogged(line)
  loggedBytes = loggedBytes + LogModes.loggedBytes(line)
  if LogModes.isFiller(line) then
    callWaiters()
  end
end

local function toggle()
  LoggingChat(false)
  LoggingChat(true)
end

local function nextFiller()
  fillers = fillers + 1
  return LogModes.filler(fillers, LogFile.mode().limit)
end

local function fillAtOnce()
  local goal = loggedBytes + LogModes.blockBytes
  while loggedBytes < goal do
    local line = nextFiller()
    LogFile.write(line)
    loggedBytes = loggedBytes + LogModes.loggedBytes(line)
  end
end

--- Flushes now, whatever the interval. Where only whispers could fill the block, logging is toggled all the same.
function LogFile.flushAtOnce()
  lastFlush = ns.now()
  if LogFile.mode().flush == "fill" and LogFile.mode().transport ~= "whisper" then
    fillAtOnce()
  else
    toggle()
  end
end

--- Turns logging on at a login. After a /reload the client can say that it logs while it does not: off first, which
--- is a flush like any other.
function LogFile.open()
  if LoggingChat() then
    LoggingChat(false)
    lastFlush = ns.now()
  end
  LoggingChat(true)
end

--- Says the last line of a session, and flushes. A whisper has no time to come back: as a system text it needs none,
--- should this client log those after all.
function LogFile.writeLast(line)
  local isWhispering = LogFile.mode().transport == "whisper"
  if isWhispering then
    SendSystemMessage(line)
  end
  if not isWhispering or Pacer.isFree() then
    LogFile.write(line)
  end
  LogFile.flushAtOnce()
end

local function flushNow()
  local way = LogFile.mode()
  if way.flush == "fill" and way.transport == "whisper" then
    lastFlush = ns.now()
    fillUntil = loggedBytes + LogModes.blockBytes
    Pacer.wake()
    return
  end
  LogFile.flushAtOnce()
  for _, waiter in ipairs(waiters) do
    waiter.bytes = 0
  end
  callWaiters()
end

--- Flushes as soon as the interval allows. `onFlushed` is called when all that is logged by now is in the file.
function LogFile.flushSoon(onFlushed)
  if onFlushed then
    table.insert(waiters, { bytes = loggedBytes + LogModes.blockBytes, callback = onFlushed })
  end
  if flushTimer then
    return
  end
  local left = (lastFlush or -FLUSH_SECONDS) + FLUSH_SECONDS - ns.now()
  if left <= 0 then
    flushNow()
    return
  end
  flushTimer = ns.after(left, function()
    flushTimer = nil
    flushNow()
  end)
end

--- Whether a block is being filled by whispers.
function LogFile.isFilling()
  return LogFile.mode().transport == "whisper" and loggedBytes < fillUntil
end

--- Goes on with the next mode.
function LogFile.useNextMode()
  ns.db.mode = LogModes.after(ns.db.mode)
  fillUntil = 0
end

Pacer.source(4, function()
  return LogFile.isFilling() and function()
    LogFile.write(nextFiller())
  end
end)

-- Both copies of a whisper to oneself are logged, so both count.
local function noteFiller(text, name)
  if name == ns.player and LogModes.isFiller(text) then
    LogFile.noteLogged(text)
    Pacer.wake()
  end
end
ns.on("CHAT_MSG_WHISPER", noteFiller)
ns.on("CHAT_MSG_WHISPER_INFORM", noteFiller)
