-- LogBridge: the order in which messages go into the log.
--
--   emit ──────► news ────┐
--                         ├─► written, line by line ─► flushed (LogFile) ─► onFlushed
--   emitRepeats ► repeats ┘   (a whispered line: when it came back)
--        ▲                                      │
--        └── put off for a while ◄── a whisper that did not come back, three times
--
-- News go before repeats. A message is built only when it is written: a repeat then says what is true by then, and one
-- that the mode's change caught half-written is written again from its beginning. No news is dropped: whispers may be
-- held back for minutes (a mute, a lag), and what was said in vain waits longer each time, so that others get their turn.

local _, ns = ...
local LogFile, Tag, Pacer = ns.LogFile, ns.Tag, ns.Pacer
local LogBridge = {}
ns.LogBridge = LogBridge

local ECHO_SECONDS = 5
local MOST_TRIES = 3
-- How long a message that was said in vain is put off, the first time and at most.
local PUT_OFF_SECONDS, LONGEST_PUT_OFF_SECONDS = 10, 300

-- Messages { build, onFlushed, dueAt, putOff }.
local news, repeats = {}, {}
-- The message whose lines are being whispered: { message, from, lines, index, tries, sentAt }.
local current

local function nextDue(list)
  for index, message in ipairs(list) do
    if not message.dueAt or message.dueAt <= ns.now() then
      return index
    end
  end
  return nil
end

local function takeFrom(list)
  local index = nextDue(list)
  while index do
    local message = table.remove(list, index)
    local lines = message.build(LogFile.mode().limit)
    if lines then
      return message, lines
    end
    index = nextDue(list)
  end
  return nil
end

local function takeNext()
  local message, lines = takeFrom(news)
  if not message then
    message, lines = takeFrom(repeats)
  end
  return message, lines
end

local function writeAllNow()
  local message, lines = takeNext()
  while message do
    for _, line in ipairs(lines) do
      LogFile.write(line)
    end
    LogFile.flushSoon(message.onFlushed)
    message, lines = takeNext()
  end
end

local function pump()
  if LogFile.mode().transport == "whisper" then
    Pacer.wake()
  else
    writeAllNow()
  end
end

local function putOff(message, list)
  message.putOff = math.min(message.putOff and message.putOff * 2 or PUT_OFF_SECONDS, LONGEST_PUT_OFF_SECONDS)
  message.dueAt = ns.now() + message.putOff
  table.insert(list, message)
  ns.after(message.putOff, Pacer.wake)
end

-- A whisper that does not come back is lost; the whole message is put off after the last try, for a part alone means
-- nothing.
local function checkEcho()
  if not (current and current.sentAt) or ns.now() - current.sentAt < ECHO_SECONDS then
    return
  elseif current.tries < MOST_TRIES then
    current.sentAt = nil
  else
    ns.debug("a line for the log did not come back")
    putOff(current.message, current.from)
    current = nil
  end
end

local function whisperLine()
  current.sentAt = ns.now()
  current.tries = current.tries + 1
  ns.after(ECHO_SECONDS, Pacer.wake)
  LogFile.write(current.lines[current.index])
end

local function sourceOf(list)
  return function()
    if LogFile.mode().transport ~= "whisper" then
      return nil
    end
    checkEcho()
    if not current then
      local message, lines = takeFrom(list)
      current = message and { message = message, from = list, lines = lines, index = 1, tries = 0 }
    end
    return current and not current.sentAt and whisperLine or nil
  end
end

Pacer.source(1, sourceOf(news))
Pacer.source(3, sourceOf(repeats))

local function head(line)
  return line:match("^%[MGM_[^%]]*%]")
end

ns.on("CHAT_MSG_WHISPER", function(text, sender)
  local line = current and current.sentAt and current.lines[current.index]
  -- The server may have touched a line's spaces; its brackets tell which it is.
  if sender ~= ns.player or not line or head(text) ~= head(line) then
    return
  end
  local whispered = current
  whispered.index, whispered.tries, whispered.sentAt = whispered.index + 1, 0, nil
  if whispered.index > #whispered.lines then
    current = nil
    LogFile.flushSoon(whispered.message.onFlushed)
  end
  Pacer.wake()
end)

--- Writes a message as soon as possible. `build(limit)` gives its lines, or nil when there is nothing to say any more;
--- `onFlushed` is called when they are in the file.
function LogBridge.emit(build, onFlushed)
  table.insert(news, { build = build, onFlushed = onFlushed })
  pump()
end

--- Writes messages when there are no news. Those of an earlier call that were not written yet are among them again.
function LogBridge.emitRepeats(builders)
  while repeats[1] do
    table.remove(repeats)
  end
  for _, build in ipairs(builders) do
    table.insert(repeats, { build = build })
  end
  pump()
end

--- Writes a bare tag with the key that holds when it is written.
function LogBridge.tag(name, subject, onFlushed)
  ns.debug("-> %s %s", name, subject or "")
  LogBridge.emit(function()
    return Tag.bare(name, subject, ns.db.key)
  end, onFlushed)
end

--- Goes on with the next mode: the one in use brings nothing into the file.
function LogBridge.tryNextMode()
  if current then
    table.insert(current.from, 1, current.message)
    current = nil
  end
  for _, list in ipairs({ news, repeats }) do
    for _, message in ipairs(list) do
      message.dueAt, message.putOff = nil, nil
    end
  end
  LogFile.useNextMode()
  ns.debug("log: %s, %s", LogFile.mode().transport, LogFile.mode().flush)
end

ns.listen("LOGIN", function()
  LogFile.open()
  LogBridge.tag("READY")
end)

ns.listen("LOGOUT", function()
  -- The last chance: written out whatever the interval.
  LogFile.writeLast(Tag.bare("BYE", nil, ns.db.key)[1])
end)
