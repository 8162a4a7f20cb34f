-- LogModes: the ways in which a line can get into the chat log's file, best first. Which of them work differs between
-- clients and cannot be seen from inside: the desktop types an unanswered hello again, and each time the next way is
-- tried. "toggle" turns logging off and on, which makes the client write what it holds back; "fill" writes so much that
-- the client's block of 48 KiB is full.

local _, ns = ...
local LogModes = {}
ns.LogModes = LogModes

local MODES = {
  { transport = "system", flush = "toggle", limit = 900 },
  { transport = "system", flush = "fill", limit = 900 },
  { transport = "whisper", flush = "toggle", limit = 255 },
  { transport = "whisper", flush = "fill", limit = 255 },
  { transport = "print", flush = "toggle", limit = 900 },
  { transport = "print", flush = "fill", limit = 900 },
}

--- What the client holds back at most.
LogModes.blockBytes = 49152

-- A line's time stamp of at least 18 bytes and its CRLF.
local LINE_EXTRA = 20
local FILLER_MARK = "[mgm filler] "

--- The mode of that number; one that is no mode (an old file's) means the first.
function LogModes.get(number)
  return MODES[number] or MODES[1]
end

--- The number of the mode to try after this one.
function LogModes.after(number)
  return MODES[number] and number < #MODES and number + 1 or 1
end

--- A line that means nothing, `limit` bytes long. Numbered, since servers drop what is said again and again.
function LogModes.filler(number, limit)
  local text = FILLER_MARK .. number .. " "
  return text .. string.rep("~", limit - #text)
end

--- Whether a line is such a filler.
function LogModes.isFiller(text)
  return text:sub(1, #FILLER_MARK) == FILLER_MARK
end

--- At least how many bytes of the log a line takes.
function LogModes.loggedBytes(line)
  return #line + LINE_EXTRA
end
