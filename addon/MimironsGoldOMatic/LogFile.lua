-- LogFile: one line into the chat log, and all that was written into its file. The client logs what its C side says in the
-- chat (system texts, whispers), holds it back until 48 KiB are full, and tells nobody whether any of it worked; LogModes
-- lists the ways. Flushing:
--
--   toggle   logging off and on, at most once a second
--   fill     as many bytes of filler as the client can hold back
--
-- By whispers, of which one goes in 1.1 s, a whole block takes a minute and a half. There, only what is left of the block
-- is filled (see LogPosition), and while there is nothing to say the block is filled up in advance, but for a reserve: a
-- message that fits into it needs half a minute at most. Who must be sure waits for a whole block all the same.

local _, ns = ...
local LogModes, LogPosition, Pacer = ns.LogModes, ns.LogPosition, ns.Pacer
local LogFile = {}
ns.LogFile = LogFile

local FLUSH_SECONDS = 1
-- The longest loading screen of a /reload.
local RELOAD_SECONDS = 120
-- Room for a hundred and sixty stacks, and as much as whispers fill in half a minute.
local RESERVE_BYTES = 10000
-- Fillers in advance that may be lost on the way until no more are sent.
local MOST_UNHEARD = 3

-- How far the log must come, by LogPosition.low; the last filler's number; how many of them did not come back.
local fillUntil, fillers, unheard = 0, 0, 0
-- Those who must be sure that their lines are in the file: { bytes, callback }, by LogPosition.sure.
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
    if LogPosition.sure() >= waiters[index].bytes then
      table.insert(ready, 1, table.remove(waiters, index).callback)
    end
  end
  for _, callback in ipairs(ready) do
    callback()
  end
end

local function isWhisperFilling()
  return LogFile.mode().flush == "fill" and LogFile.mode().transport == "whisper"
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
  local left = LogModes.blockBytes
  while left > 0 do
    local line = nextFiller()
    LogFile.write(line)
    left = left - LogModes.loggedBytes(line)
  end
end

--- Flushes now, whatever the interval. Where only whispers could fill the block, logging is toggled all the same.
function LogFile.flushAtOnce()
  lastFlush = ns.now()
  if LogFile.mode().flush == "fill" and not isWhisperFilling() then
    fillAtOnce()
  else
    toggle()
  end
end

--- Turns logging on at a login. After a /reload the client can say that it logs while it does not: off first, which
--- is a flush like any other. Logging is off at every other login, and so it tells the two apart: after a /reload what was
--- saved is what was true a moment ago; after a login it may be older than a crash.
function LogFile.open()
  local logged = ns.db.logged
  LogFile.isReload = false
  if LoggingChat() then
    LoggingChat(false)
    lastFlush = ns.now()
    LogFile.isReload = logged ~= nil and time() - logged.at < RELOAD_SECONDS
    LogPosition.start(logged)
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
  ns.db.logged = LogPosition.save(time())
end

local function flushNow()
  if isWhisperFilling() then
    lastFlush = ns.now()
    fillUntil = LogPosition.flushedAt()
    Pacer.wake()
    return
  end
  LogFile.flushAtOnce()
  for _, waiter in ipairs(waiters) do
    waiter.bytes = 0
  end
  callWaiters()
end

--- Flushes as soon as the interval allows. `onFlushed` is called when all that is logged by now is in the file, however
--- full the client's block was.
function LogFile.flushSoon(onFlushed)
  if onFlushed then
    table.insert(waiters, { bytes = LogPosition.sure() + LogModes.blockBytes, callback = onFlushed })
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
  return isWhisperFilling() and (waiters[1] ~= nil or LogPosition.low() < fillUntil)
end

--- Goes on with the next mode.
function LogFile.useNextMode()
  ns.db.mode = LogModes.after(ns.db.mode)
  -- Who waits for what the last mode did not bring waits in vain.
  fillUntil, waiters = 0, {}
end

local function whisperFiller()
  unheard = unheard + 1
  LogFile.write(nextFiller())
end

Pacer.source(4, function()
  return LogFile.isFilling() and whisperFiller
end)

-- In advance, once a desktop reads along.
Pacer.source(5, function()
  local isWanted = isWhisperFilling() and ns.db.key and LogPosition.room() > RESERVE_BYTES
  return isWanted and unheard < MOST_UNHEARD and whisperFiller
end)

ns.listen("LOGGED", function()
  if isWhisperFilling() then
    callWaiters()
    Pacer.wake()
  end
end)

ns.on("CHAT_MSG_WHISPER", function(text, name)
  if name == ns.player and LogModes.isFiller(text) then
    unheard = 0
    Pacer.wake()
  end
end)
