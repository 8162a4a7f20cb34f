-- Debug: the last things that happened, for the debug window. Never the key, never a nonce, never a whisper's text.

local _, ns = ...
local Debug = { lines = {} }
ns.Debug = Debug

local MOST_LINES = 200

--- Notes one line; arguments as for string.format.
function ns.debug(pattern, ...)
  table.insert(Debug.lines, date("%H:%M:%S ") .. string.format(pattern, ...))
  if #Debug.lines > MOST_LINES then
    table.remove(Debug.lines, 1)
  end
  ns.tell("DEBUG")
end
